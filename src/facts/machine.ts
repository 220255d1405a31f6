import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Target } from '../model/check.ts';
import { UsageError } from '../model/errors.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Setting } from '../model/policy.ts';
import type { Reader } from '../model/reader.ts';
import type { EngineContainer } from './container.ts';
import { networkMountPoints } from './network-mounts.ts';
import { findBotProcesses, processRootReader } from './processes.ts';
import { createReader } from './reader.ts';

/** What the user said about the machine to look at. */
export interface MachineOptions {
  readonly root: string | null;
  readonly mountinfo: string | null;
  readonly pid: number | null;
  readonly container: string | null;
  readonly target: Target;
  /** As typed; `null`: the working directory. */
  readonly project: string | null;
  readonly sessions: readonly string[];
  /** Environment and working directory of the doctor itself; used only when this machine is examined. */
  readonly ownEnv: Readonly<Record<string, string | undefined>>;
  readonly ownCwd: string;
  readonly now: number;
  readonly clock: () => number;
}

/** What the config file or a flag says of the deployment, each with the place where it stands. */
export interface Declared {
  /** The launch that is the deployed one, in words or by id. */
  readonly deploy: Setting<string> | null;
  /** A platform's kind. */
  readonly platform: Setting<string> | null;
  /** Who names the session directories of {@link Machine.sessions}; `null`: nobody. */
  readonly sessionBy: string | null;
}

/** The machine under examination, as the facts see it. */
export interface Machine {
  readonly reader: Reader;
  /** The environment of the examined process or machine. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the examined environment comes from, for evidence. */
  readonly envOrigin: string;
  readonly project: AbsolutePath;
  /** Mount table given by hand. */
  readonly mountinfo: Uint8Array | null;
  readonly mountinfoName: string | null;
  /** Is this the machine that runs the doctor, so that its kernel and processes may be asked? */
  readonly live: boolean;
  readonly pid: number | null;
  /** The container that the user named, as its engine describes it. */
  readonly container: EngineContainer | null;
  readonly os: NodeJS.Platform;
  readonly target: Target;
  readonly sessions: readonly string[];
  /** What the user says of the deployment because it cannot be seen. */
  readonly declared: Declared;
  readonly now: number;
  readonly clock: () => number;
  close(): void;
}

/** `NAME=value` records separated by NUL, as in `/proc/PID/environ`. */
export function parseEnviron(bytes: Uint8Array): Record<string, string> {
  const env: Record<string, string> = Object.create(null);
  for (const record of new TextDecoder().decode(bytes).split('\0')) {
    const equals = record.indexOf('=');
    if (equals > 0) env[record.slice(0, equals)] = record.slice(equals + 1);
  }
  return env;
}

function environOf(reader: Reader, path: string): Record<string, string> {
  const result = reader.bytes(absolutePath(path), 4 * 1024 * 1024);
  return result.ok ? parseEnviron(result.value) : {};
}

function directoryOf(option: string, path: string): string {
  try {
    if (!statSync(path).isDirectory()) throw new UsageError(`${option} ${path}: it is not a directory`);
    return realpathSync(path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(
      `${option} ${path}: ${(error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such directory' : 'it cannot be read'}`,
    );
  }
}

function ownEnvironment(env: MachineOptions['ownEnv']): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** The project's place in the examined machine. Below a root a relative path starts at that root's `/`. */
function projectPath(options: MachineOptions, root: string | null): AbsolutePath {
  const typed = options.project ?? (root === null ? options.ownCwd : '/');
  if (root === null) return absolutePath(resolve(options.ownCwd, typed));
  const below = absolutePath(`/${typed}`);
  // `--root DIR DIR/app`: people type the path that their shell completes.
  const real = absolutePath(resolve(options.ownCwd, typed));
  return real === root || real.startsWith(`${root}/`) ? absolutePath(`/${real.slice(root.length)}`) : below;
}

async function inspected(name: string): Promise<EngineContainer> {
  const { inspectContainer } = await import('./container.ts');
  const result = await inspectContainer(name);
  if (!result.ok) throw new UsageError(`--container ${name}: ${result.reason}`);
  return result.container;
}

/** The project of a process: the one that the user names (as the process sees it), else the package that it runs, else its directory. */
function processProject(options: MachineOptions, pid: number): AbsolutePath {
  if (options.project !== null) return absolutePath(options.project);
  const proc = createReader();
  const { launches } = findBotProcesses({
    proc,
    rootOf: processRootReader,
    project: null,
    reader: proc,
    packages: [],
    pid,
  });
  const [launch] = launches;
  return launch?.packageAt ?? launch?.cwd ?? absolutePath('/');
}

/**
 * Open the machine that the options name.
 * @throws UsageError when a directory, file or process that was named is not there.
 */
export async function openMachine(options: MachineOptions): Promise<Machine> {
  const root = options.root === null ? null : directoryOf('--root', resolve(options.ownCwd, options.root));
  const container = options.container === null ? null : await inspected(options.container);
  if (container !== null && container.pid === null && options.project === null) {
    throw new UsageError(
      `--container ${options.container}: it does not run, so its files cannot be seen; start it, or name the project too: wa-doctor audit PROJECT --container ${options.container}`,
    );
  }
  const pid = options.pid ?? container?.pid ?? null;
  if (options.pid !== null) directoryOf('--pid', `/proc/${options.pid}`);
  // The dot makes the kernel follow /proc/PID/root, a link that cannot be followed by its text.
  const processRoot = pid === null ? null : `/proc/${pid}/root/.`;

  const networkMounts = networkMountPoints(pid);
  const networkDisk = networkMounts.size === 0 ? null : (await import('./network-disk.ts')).createNetworkDisk();
  const reader = createReader({
    root: root ?? processRoot ?? '/',
    self: pid,
    networkMounts,
    networkDisk,
  });

  let mountinfo: Uint8Array | null = null;
  if (options.mountinfo !== null) {
    const file = createReader().bytes(absolutePath(resolve(options.ownCwd, options.mountinfo)), 64 * 1024 * 1024);
    if (!file.ok) throw new UsageError(`--mountinfo ${options.mountinfo}: ${file.failure.reason}`);
    mountinfo = file.value;
  }
  const live = root === null;
  const foreign = root !== null || pid !== null;
  return {
    reader,
    env: foreign ? environOf(reader, '/proc/self/environ') : ownEnvironment(options.ownEnv),
    envOrigin: foreign ? '/proc/self/environ' : 'environment',
    project:
      pid === null || options.project?.startsWith('/') === false
        ? projectPath(options, root)
        : processProject(options, pid),
    mountinfo,
    mountinfoName: options.mountinfo,
    live,
    pid,
    container,
    os: root === null ? process.platform : 'linux',
    target: options.target,
    sessions: options.sessions,
    declared: { deploy: null, platform: null, sessionBy: null },
    now: options.now,
    clock: options.clock,
    close: () => networkDisk?.close(),
  };
}
