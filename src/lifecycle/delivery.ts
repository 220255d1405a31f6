import type { Launch, StopOutcome } from '../model/launch.ts';
import type { BotProcess, StopSignal } from './stop.ts';

/** Who gets the signal first, and whether it reaches node. */
export type Delivery =
  | {
      readonly to: 'node';
      readonly steps: readonly string[];
      readonly contained: boolean;
      readonly killsAfter: number | null;
    }
  | { readonly to: 'other'; readonly steps: readonly string[]; readonly browser: StopOutcome['browser'] };

/** Launches whose processes live in a pid namespace of their own. */
const CONTAINED: ReadonlySet<Launch['kind']> = new Set(['dockerfile', 'compose', 'kubernetes']);

/** What a stop is called where it happens. */
const STOPPED_BY: Readonly<Record<string, string>> = {
  docker: '`docker stop`',
  kubernetes: 'the kubelet',
  pm2: '`pm2 stop`',
  systemd: '`systemctl stop`',
  supervisor: '`supervisorctl stop`',
};

/**
 * Small init programs, and whether they hand a signal to the first child only or to its whole process group.
 * dumb-init(1), tini's README, catatonit's README.
 */
const INITS: ReadonlySet<string> = new Set(['tini', 'docker-init', 'dumb-init', 'catatonit', 's6-overlay', 'init']);
const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'ash', 'dash', '/bin/sh', '/bin/bash', '/bin/ash']);
const PACKAGE_MANAGERS: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm', 'npx']);
const RUNTIMES: ReadonlySet<string> = new Set(['node', 'nodejs', 'bun', 'tsx', 'ts-node']);

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}

/** The processes from the first to node; the init that an engine adds stands first. */
function chainOf({ chain, stop }: Launch): string[] {
  const programs = (chain ?? (stop.pid1 === null ? [] : [stop.pid1])).map(nameOf);
  return stop.init === true && !INITS.has(programs[0] ?? '') ? ['docker-init', ...programs] : programs;
}

function kills(contained: boolean, grace: number | null): string {
  const when = grace === null ? 'when the grace period is over' : `after ${grace} s`;
  return contained ? `${when} the engine kills everything in the container, the browser too` : `${when} it is killed`;
}

/**
 * Follow a signal from whoever stops the launch to node.
 * Facts: process 1 of a pid namespace ignores signals that it has no handler for (pid_namespaces(7)); npm 11 hands SIGTERM to its
 * shell, which ends without telling node (measured with dash); a Ctrl-C reaches the whole foreground process group, but not Chromium,
 * which puppeteer starts in a group of its own.
 */
export function deliver(launch: Launch, signal: StopSignal, bot: BotProcess): Delivery {
  const contained = CONTAINED.has(launch.kind) || launch.platform !== undefined;
  const grace = launch.stop.timeoutSeconds;
  const by = STOPPED_BY[launch.stop.supervisor ?? ''] ?? 'whoever stops it';
  const programs = chainOf(launch);
  const [first = 'node', ...rest] = programs;

  if (signal === 'SIGKILL') {
    if (contained)
      return { to: 'other', browser: 'killed', steps: ['SIGKILL ends every process of the container at once'] };
    if (RUNTIMES.has(first)) return { to: 'node', steps: [], contained, killsAfter: null };
    return { to: 'other', browser: 'orphaned', steps: [`SIGKILL ends \`${first}\`; node and the browser stay behind`] };
  }
  const start = `${by} sends ${signal} to \`${first}\`${contained ? ' (PID 1)' : ''}`;
  // A terminal sends SIGINT to the whole group, npm and shells included.
  if (signal === 'SIGINT' && !contained && launch.stop.supervisor === null) {
    return {
      to: 'node',
      steps: ['Ctrl-C sends SIGINT to every process of the terminal, node included'],
      contained,
      killsAfter: null,
    };
  }
  if (launch.kind === 'systemd') {
    return {
      to: 'node',
      steps: [`${by} sends ${signal} to every process of the service`],
      contained,
      killsAfter: grace,
    };
  }
  if (RUNTIMES.has(first)) {
    const deaf = contained && bot.handlers[signal] === 'none' && bot.puppeteerListens[signal] === false;
    if (!deaf) return { to: 'node', steps: [start], contained, killsAfter: grace };
    const steps = [
      start,
      'nothing in node listens for it, and the kernel does not end PID 1 without a handler',
      kills(contained, grace),
    ];
    return { to: 'other', browser: 'killed', steps };
  }
  if (INITS.has(first)) {
    const [next = 'node'] = rest;
    if (RUNTIMES.has(next)) {
      return { to: 'node', steps: [start, `\`${first}\` hands it to \`${next}\``], contained, killsAfter: grace };
    }
    if (first === 'dumb-init') {
      return {
        to: 'node',
        steps: [start, '`dumb-init` hands it to the whole process group, node included'],
        contained,
        killsAfter: grace,
      };
    }
    return throughWrapper(next, [start, `\`${first}\` hands it to \`${next}\``], contained);
  }
  if (SHELLS.has(first)) {
    if (contained) {
      const steps = [start, `\`${first}\` as PID 1 ignores it and tells nobody`, kills(contained, grace)];
      return { to: 'other', browser: 'killed', steps };
    }
    return { to: 'other', browser: 'orphaned', steps: [start, `\`${first}\` ends; node and the browser stay behind`] };
  }
  if (PACKAGE_MANAGERS.has(first)) return throughWrapper(first, [start], contained);
  if (programs.length === 0) return { to: 'node', steps: [start], contained, killsAfter: grace };
  return { to: 'other', browser: 'unknown', steps: [start, `what \`${first}\` does with it is not known`] };
}

/** npm, yarn or a shell that ends by itself and does not tell node. */
function throughWrapper(program: string, steps: readonly string[], contained: boolean): Delivery {
  const lost = `\`${program}\` ends without telling node`;
  if (contained) {
    return {
      to: 'other',
      browser: 'killed',
      steps: [...steps, lost, 'the container ends, and with it everything in it is killed'],
    };
  }
  return { to: 'other', browser: 'orphaned', steps: [...steps, lost, 'node and the browser stay behind'] };
}
