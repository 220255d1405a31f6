import type { Launch, StopOutcome } from '../model/launch.ts';
import { INITS, PROGRAMS, RUNTIMES } from './programs.ts';
import type { StopSignal } from './stop.ts';

/** Who gets the signal, and whether it reaches node. */
export type Delivery =
  | {
      readonly to: 'node';
      /** The signal that node gets: a program on the way may send another. */
      readonly signal: StopSignal;
      readonly steps: readonly string[];
      /** Node is process 1 of its container, for which the kernel has no default action. */
      readonly first: boolean;
      /** The browser's own processes get the signal too. */
      readonly browserToo: boolean;
      /** Seconds until SIGKILL; `null`: nobody kills. */
      readonly killsAfter: number | null;
    }
  | { readonly to: 'other'; readonly steps: readonly string[]; readonly browser: StopOutcome['browser'] };

const CONTAINER_KINDS: ReadonlySet<Launch['kind']> = new Set(['dockerfile', 'compose', 'kubernetes']);
const ENGINES: ReadonlySet<string> = new Set(['docker', 'podman', 'kubernetes']);

/** Does the launch run in a pid namespace of its own, which ends with its first process? */
export function isContained({ kind, platform, stop }: Launch): boolean {
  return CONTAINER_KINDS.has(kind) || platform !== undefined || ENGINES.has(stop.supervisor ?? '');
}

/** What a stop is called where it happens. */
const STOPPED_BY: Readonly<Record<string, string>> = {
  docker: '`docker stop`',
  podman: '`podman stop`',
  kubernetes: 'the kubelet',
  pm2: '`pm2 stop`',
  systemd: '`systemctl stop`',
  supervisor: '`supervisorctl stop`',
  heroku: 'the dyno manager',
  render: 'Render',
  railway: 'Railway',
  fly: 'Fly',
};

/** Platforms that send the signal to every process (devcenter.heroku.com, dyno shutdown). */
const TO_ALL: ReadonlySet<string> = new Set(['heroku']);

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}

/** The processes from the first to node; the init that an engine adds stands first. */
function chainOf(launch: Launch): string[] {
  const { chain, stop, kind } = launch;
  const programs = (chain ?? (stop.pid1 === null ? [] : [stop.pid1])).map(nameOf);
  // pm2 signals the application itself; what started pm2 is gone or does not take part.
  if (stop.supervisor === 'pm2') return programs.slice(programs.lastIndexOf('pm2') + 1);
  // A live process outside of a container: everything above it goes back to the machine's first process.
  if (kind === 'process' && !isContained(launch)) return programs.slice(-1);
  return stop.init === true && !INITS.has(programs[0] ?? '') ? ['docker-init', ...programs] : programs;
}

/** `after 10 s it is killed`. */
export function killedAfter(grace: number | null, contained: boolean): string {
  const when = grace === null ? 'when the grace period is over' : `after ${grace} s`;
  return contained ? `${when} everything in the container is killed, the browser too` : `${when} it is killed`;
}

/** Does the signal go to every process of the launch, the browser's included? */
function reachesAll({ kind, stop, platform }: Launch): boolean {
  if (stop.reaches !== undefined) return stop.reaches === 'all';
  // Of a running process the defaults of its supervisor are assumed: KillMode=control-group, treekill.
  if (kind === 'process') return stop.supervisor === 'systemd' || stop.supervisor === 'pm2';
  return platform !== undefined && TO_ALL.has(platform);
}

/** Everything that the walk along the chain needs to know. */
interface Way {
  readonly contained: boolean;
  readonly grace: number | null;
}

/**
 * Follow a signal from whoever stops the launch to node.
 * Facts: process 1 of a pid namespace ignores signals that it has no handler for (pid_namespaces(7)); a Ctrl-C reaches the whole
 * foreground process group, but not Chromium, which puppeteer starts in a group of its own.
 */
export function deliver(launch: Launch, signal: StopSignal): Delivery {
  const contained = isContained(launch);
  const grace = launch.stop.timeoutSeconds;
  const by = STOPPED_BY[launch.stop.supervisor ?? ''] ?? 'whoever stops it';
  const programs = chainOf(launch);
  const [first = 'node'] = programs;
  const way = { contained, grace };

  if (signal === 'SIGKILL') return killed(launch, first, way);
  if (reachesAll(launch)) {
    const steps = [`${by} sends ${signal} to every process, those of the browser included`];
    return { to: 'node', signal, steps, first: contained, browserToo: true, killsAfter: grace };
  }
  // A terminal sends SIGINT to the whole group, npm and shells included.
  if (signal === 'SIGINT' && !contained && launch.stop.supervisor === null && launch.kind !== 'process') {
    const steps = ['Ctrl-C sends SIGINT to every process of the terminal, node included'];
    return { to: 'node', signal, steps, first: false, browserToo: false, killsAfter: null };
  }
  return walk(programs, signal, `${by} sends ${signal} to \`${first}\`${contained ? ' (PID 1)' : ''}`, way);
}

/** SIGKILL: nobody is asked. */
function killed(launch: Launch, first: string, { contained, grace }: Way): Delivery {
  if (contained)
    return { to: 'other', browser: 'killed', steps: ['SIGKILL ends every process of the container at once'] };
  if (reachesAll(launch)) {
    return { to: 'other', browser: 'killed', steps: ['SIGKILL ends every process of it at once, the browser too'] };
  }
  if (RUNTIMES.has(first)) {
    return { to: 'node', signal: 'SIGKILL', steps: [], first: false, browserToo: false, killsAfter: grace };
  }
  return { to: 'other', browser: 'orphaned', steps: [`SIGKILL ends \`${first}\`; node and the browser stay behind`] };
}

function walk(programs: readonly string[], sent: StopSignal, start: string, way: Way): Delivery {
  const steps = [start];
  let signal = sent;
  let { grace } = way;
  for (const [index, name] of programs.entries()) {
    const first = way.contained && index === 0;
    if (RUNTIMES.has(name)) return { to: 'node', signal, steps, first, browserToo: false, killsAfter: grace };
    const rule = PROGRAMS.get(name);
    const next = programs[index + 1] ?? 'node';
    if (rule === undefined)
      return { to: 'other', steps: [...steps, `what \`${name}\` does with it is not known`], browser: 'unknown' };
    if (!rule.forwards.has(signal)) return dropped(name, first, index > 0, steps, { ...way, grace });
    signal = rule.as ?? signal;
    grace = rule.grace ?? grace;
    if (rule.toAll === true) {
      steps.push(`\`${name}\` sends ${signal} to \`${next}\` and to every process below it, the browser included`);
      return { to: 'node', signal, steps, first: false, browserToo: true, killsAfter: grace };
    }
    steps.push(`\`${name}\` hands it to \`${next}\``);
  }
  return {
    to: 'node',
    signal,
    steps,
    first: way.contained && programs.length === 0,
    browserToo: false,
    killsAfter: grace,
  };
}

/** A shell, or another program that tells nobody. */
function dropped(name: string, first: boolean, told: boolean, steps: readonly string[], way: Way): Delivery {
  if (first) {
    const ignored = `\`${name}\` as PID 1 ignores it and tells nobody`;
    return { to: 'other', browser: 'killed', steps: [...steps, ignored, killedAfter(way.grace, true)] };
  }
  const ends = `\`${name}\` ends without telling node${told ? ', and what stands above it ends too' : ''}`;
  if (way.contained) {
    const over = 'the container ends, and with it everything in it is killed';
    return { to: 'other', browser: 'killed', steps: [...steps, ends, over] };
  }
  return { to: 'other', browser: 'orphaned', steps: [...steps, ends, 'node and the browser stay behind'] };
}
