import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { OwnEngine } from '../../launch/support/docker-engine.ts';

/** One way of starting and stopping a bot, and the launch and signal by which the doctor predicts it. */
export interface Stop {
  readonly name: string;
  /** Beginning of the id of the launch that stands for it in `path --json`. */
  readonly launch: string;
  readonly signal: 'SIGTERM' | 'SIGINT' | 'SIGKILL';
  readonly needsEngine: boolean;
  start(directory: string, dataPath: string, modules: string, engine: OwnEngine | null): Promise<Running>;
}

export interface Running {
  /** Sends what the supervisor sends, and returns when the supervisor would be done. */
  stop(): Promise<void>;
  /** Ends everything that is left of it, except for the browser. */
  cleanUp(): void;
}

/** Supervisors of the matrix kill after this time, where they do (the files of the bot say so too). */
const GRACE_MS = 3_000;
const PM2_MS = 1_600;

function children(pid: number): number[] {
  const found: number[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      if (Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === pid) found.push(Number(name));
    } catch {
      // Gone meanwhile.
    }
  }
  return found;
}

/** A process and all that it started, from the top. */
export function treeOf(pid: number): number[] {
  return [pid, ...children(pid).flatMap(treeOf)];
}

export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already.
  }
}

async function endOf(child: ChildProcess, limitMs: number): Promise<boolean> {
  const over = () => child.exitCode !== null || child.signalCode !== null;
  for (const start = Date.now(); Date.now() - start < limitMs && !over(); ) await delay(20);
  return over();
}

function startChild(command: string, args: readonly string[], directory: string): { child: ChildProcess; pid: number } {
  const child = spawn(command, args, { cwd: directory, stdio: ['ignore', 'ignore', 'inherit'], detached: true });
  if (child.pid === undefined) throw new Error(`${command} did not start`);
  return { child, pid: child.pid };
}

/** What is left of a tree whose top may be gone already. */
function remembered(pid: number): () => void {
  const all = treeOf(pid).filter((one) => {
    try {
      return !readFileSync(`/proc/${one}/cmdline`, 'utf8').includes('--user-data-dir');
    } catch {
      return false;
    }
  });
  return () => {
    for (const one of all) kill(one, 'SIGKILL');
  };
}

function onMachine(
  name: string,
  launch: string,
  signal: Stop['signal'],
  command: readonly [string, ...string[]],
  stop: (pid: number, child: ChildProcess) => Promise<void>,
): Stop {
  return {
    name,
    launch,
    signal,
    needsEngine: false,
    async start(directory) {
      const [program, ...args] = command;
      const { child, pid } = startChild(program, args, directory);
      let rest = () => {};
      return {
        async stop() {
          rest = remembered(pid);
          await stop(pid, child);
        },
        cleanUp() {
          rest();
          kill(pid, 'SIGKILL');
        },
      };
    },
  };
}

const NODE = ['node', 'index.js'] as const;

/** As supervisord does it: to the process alone, and a kill of the process alone after `stopwaitsecs`. */
function toNode(signal: Stop['signal']): Stop {
  return onMachine(`${signal} of node`, 'supervisor:', signal, NODE, async (pid, child) => {
    kill(pid, signal);
    if (!(await endOf(child, GRACE_MS))) kill(pid, 'SIGKILL');
    await endOf(child, 1_000);
  });
}

/** The children of every process before the process itself (pm2, lib/TreeKill.js: killAll). */
function treeKill(pid: number, signal: NodeJS.Signals): void {
  const order = treeOf(pid).sort((a, b) => a - b);
  const done = new Set<number>();
  for (const one of order) {
    for (const target of [...children(one), one]) {
      if (done.has(target)) continue;
      done.add(target);
      kill(target, signal);
    }
  }
}

/**
 * An image whose `/sbin` is a directory of its own: the engine puts its init there, which the host's system, bound over `/usr`, would
 * hide.
 */
export function importBotImage(engine: OwnEngine): void {
  const root = join(engine.base, 'bot-image');
  for (const name of ['proc', 'sys', 'dev', 'tmp', 'usr', 'etc', 'run', 'root', 'sbin', 'opt'])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of ['bin', 'lib', 'lib64']) symlinkSync(`usr/${name}`, join(root, name));
  execFileSync('tar', ['-C', root, '-cf', join(engine.base, 'bot-image.tar'), '.']);
  engine.docker('import', join(engine.base, 'bot-image.tar'), 'bot:latest');
}

function inContainer(name: string, service: string, options: readonly string[], command: readonly string[]): Stop {
  return {
    name,
    launch: `compose:compose.yml#${service}`,
    signal: 'SIGTERM',
    needsEngine: true,
    async start(directory, dataPath, modules, engine) {
      if (engine === null) throw new Error('no engine');
      const container = `bot-${service}-${Date.now()}`;
      // What is installed beside the bots.
      const beside = join(dirname(directory), 'node_modules');
      engine.docker(
        ...[
          'run',
          '-d',
          ...(existsSync(beside) ? ['-v', `${beside}:${beside}:ro`] : []),
          '--name',
          container,
          '--network=host',
          '-w',
          directory,
        ],
        ...['-v', '/usr:/usr:ro', '-v', '/etc:/etc:ro', '-v', `${modules}:${modules}:ro`],
        ...['-v', `${directory}:${directory}:ro`, '-v', `${dataPath}:${dataPath}`, ...options],
        ...['bot:latest', ...command],
      );
      return {
        async stop() {
          engine.docker('stop', '-t', String(GRACE_MS / 1000), container);
        },
        cleanUp() {
          engine.docker('rm', '-f', container);
        },
      };
    },
  };
}

export const STOPS: readonly Stop[] = [
  toNode('SIGTERM'),
  toNode('SIGINT'),
  toNode('SIGKILL'),
  onMachine('SIGTERM of npm start', 'npm:start', 'SIGTERM', ['npm', 'start'], async (pid, child) => {
    kill(pid, 'SIGTERM');
    await endOf(child, GRACE_MS);
  }),
  onMachine('pm2 stop', 'pm2:', 'SIGINT', NODE, async (pid, child) => {
    treeKill(pid, 'SIGINT');
    if (!(await endOf(child, PM2_MS))) treeKill(pid, 'SIGKILL');
    await endOf(child, 1_000);
  }),
  onMachine('systemctl stop', 'systemd:', 'SIGTERM', NODE, async (pid, child) => {
    // KillMode=control-group: every process of the service at once, and the rest of them after TimeoutStopSec.
    const all = treeOf(pid);
    for (const one of all) kill(one, 'SIGTERM');
    await endOf(child, GRACE_MS);
    for (const start = Date.now(); Date.now() - start < GRACE_MS && all.some(isAlive); ) await delay(50);
    for (const one of all) kill(one, 'SIGKILL');
  }),
  inContainer('docker stop', 'plain', [], ['node', 'index.js']),
  inContainer('docker stop, --init', 'init', ['--init'], ['node', 'index.js']),
  inContainer('docker stop, npm start', 'npm', [], ['npm', 'start']),
];

export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch {
    return false;
  }
}
