import type { StopSignal } from './stop.ts';

/** What a program that stands before node does with a signal that reaches it. */
export interface ProgramRule {
  /** Hands the signal to the next program of the chain, and ends after that one has ended. */
  readonly forwards: ReadonlySet<StopSignal>;
  /** The signal that the next one gets, where it is another. */
  readonly as?: StopSignal;
  /** The next one and everything that it started get it (pm2's treekill). */
  readonly toAll?: boolean;
  /** Seconds after which it kills, where it has a grace period of its own. */
  readonly grace?: number;
}

const TERM: ReadonlySet<StopSignal> = new Set(['SIGTERM', 'SIGINT']);
const ALL: ReadonlySet<StopSignal> = new Set(['SIGTERM', 'SIGINT', 'SIGHUP']);
const NOTHING: ReadonlySet<StopSignal> = new Set();

const row = (names: readonly string[], rule: ProgramRule) => names.map((name) => [name, rule] as const);

/**
 * Programs by name. Measured here: npm 11.19 and its shells (dash 0.5.12 ends without telling its child, bash 5.2 and busybox 1.35 are
 * replaced by it), tini 0.19 as docker-init, pm2-runtime 6 (SIGTERM becomes SIGINT for the whole tree). From their own source or manual:
 * dumb-init(1), catatonit, s6-overlay, yarn 1 (util/signal-handler.js), pnpm (npm-lifecycle), cross-env (src/index.js), dotenv-cli.
 */
export const PROGRAMS: ReadonlyMap<string, ProgramRule> = new Map([
  ...row(['tini', 'tini-static', 'docker-init', 'catatonit', 'init', 's6-svscan', 's6-overlay'], { forwards: ALL }),
  // To its whole group: node may get it too, but the container ends with the next program, so that one decides (measured).
  ...row(['dumb-init'], { forwards: ALL }),
  ...row(['npm', 'npx', 'yarn', 'yarnpkg', 'pnpm', 'pnpx'], { forwards: TERM }),
  ...row(['cross-env', 'env-cmd', 'dotenv', 'dotenvx'], { forwards: TERM }),
  ...row(['sh', 'bash', 'ash', 'dash', 'zsh'], { forwards: NOTHING }),
  ...row(['pm2', 'pm2-runtime', 'pm2-docker'], { forwards: TERM, as: 'SIGINT', toAll: true, grace: 1.6 }),
  ...row(['supervisord'], { forwards: ALL, as: 'SIGTERM', grace: 10 }),
]);

/** Programs that run JavaScript. tsx and ts-node are node itself, or hand signals on to it. */
export const RUNTIMES: ReadonlySet<string> = new Set(['node', 'nodejs', 'bun', 'deno', 'tsx', 'ts-node']);

/** Programs that are made to be process 1. */
export const INITS: ReadonlySet<string> = new Set([
  'tini',
  'tini-static',
  'docker-init',
  'dumb-init',
  'catatonit',
  's6-svscan',
  's6-overlay',
  'init',
]);
