import { type AbsolutePath, absolutePath, resolvePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import type { BrowserProcess, FileLock, Owners } from '../profile/owner.ts';

/** How the machine is looked at; decides which of its names is the right one. */
export interface OwnersOptions {
  /** `true`: this machine. `false`: the one below `--root`, or the one that a process (`--pid`) sees. */
  readonly live: boolean;
  /** Environment of the examined process: Docker and Kubernetes set `HOSTNAME` to the container's name. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** Names of Chromium's programs: chromium, chromium-browser, chrome, google-chrome, chrome-headless-shell, headless_shell, msedge, brave. */
const BROWSER_NAME = /chrom|headless_shell|msedge|brave|opera|vivaldi/i;
/** Adopt processes whose parent has ended. `systemd --user` and init are reapers; a node at pid 1 is the bot itself. */
const REAPER =
  /^(systemd|init|tini|dumb-init|docker-init|catatonit|s6-svscan|runsvdir|supervisord|containerd-shim.*|conmon|launchd)$/;
const COMMAND_LIMIT = 256 * 1024;
const LOCKS_LIMIT = 8 * 1024 * 1024;
/** A browser with many tabs has a few thousand open files. */
const FD_LIMIT = 65_536;
const DELETED = ' (deleted)';

/**
 * One line of /proc/locks (proc_locks(5)): `1: POSIX  ADVISORY  WRITE 1234 fe:00:5678 0 EOF`.
 * A line with `->` is a process that waits for the lock above; it holds nothing.
 */
export function parseLockLine(line: string): FileLock | null {
  const match = /^\d+: (?:POSIX|OFDLCK|FLOCK) +\w+ +\w+ +(-?\d+) ([0-9a-f]+):([0-9a-f]+):(\d+) /.exec(line);
  if (match === null) return null;
  const pid = Number(match[1]);
  return {
    pid: pid > 0 ? pid : null,
    major: Number.parseInt(match[2] ?? '', 16),
    minor: Number.parseInt(match[3] ?? '', 16),
    inode: Number(match[4]),
  };
}

/** The words of /proc/PID/cmdline. Chromium's children join theirs with spaces: they set a process title. */
export function commandWords(text: string): string[] {
  const words = text.split('\0').filter((word) => word !== '');
  return words.length === 1 && / --[a-z]/.test(words[0] ?? '') ? (words[0] ?? '').split(/ (?=--[a-z])/) : words;
}

function flag(words: readonly string[], name: string): string | null {
  const prefix = `--${name}=`;
  // The last one wins in Chromium; the first word is the program.
  const found = words.slice(1).findLast((word) => word.startsWith(prefix));
  return found === undefined ? null : found.slice(prefix.length);
}

function text(reader: Reader, path: string, limit: number): string | null {
  const result = reader.text(absolutePath(path), limit);
  return result.ok ? result.value : null;
}

/** Fields of /proc/PID/stat: the name in brackets may hold spaces and brackets. */
function parseStat(stat: string): { name: string; parent: number } | null {
  const open = stat.indexOf('(');
  const close = stat.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const parent = Number(stat.slice(close + 2).split(' ')[1]);
  return Number.isInteger(parent) ? { name: stat.slice(open + 1, close), parent } : null;
}

function hostnameOf(reader: Reader, options: OwnersOptions): string | null {
  const etc = text(reader, '/etc/hostname', 4096)?.trim();
  // Below a root, /proc belongs to that machine only if it was saved with it. Seen through a process it is the doctor's own name.
  const kernel = text(reader, '/proc/sys/kernel/hostname', 4096)?.trim();
  const said = options.live ? [kernel, etc] : [options.env?.['HOSTNAME'], etc, kernel];
  return said.find((name) => name !== undefined && name !== '') ?? null;
}

function userDataDirOf(reader: Reader, pid: number, words: readonly string[]): AbsolutePath | null {
  const said = flag(words, 'user-data-dir');
  if (said === null || said === '') return null;
  let path = said;
  if (!path.startsWith('/')) {
    const cwd = reader.link(absolutePath(`/proc/${pid}/cwd`));
    if (!cwd.ok || !cwd.value.startsWith('/')) return null;
    path = resolvePath(absolutePath(cwd.value), path);
  }
  const resolved = reader.resolve(path);
  return resolved.ok ? resolved.value.resolved : absolutePath(path);
}

function openFiles(reader: Reader, pid: number): { locks: string[]; deleted: string[] } | null {
  const directory = absolutePath(`/proc/${pid}/fd`);
  const listed = reader.list(directory, FD_LIMIT);
  if (!listed.ok) return null;
  const locks: string[] = [];
  const deleted: string[] = [];
  for (const { name } of listed.value) {
    const link = reader.link(resolvePath(directory, name));
    if (!link.ok || !link.value.startsWith('/')) continue;
    if (link.value.endsWith(DELETED)) deleted.push(link.value.slice(0, -DELETED.length));
    else if (link.value.endsWith('/LOCK')) locks.push(link.value);
  }
  return { locks, deleted };
}

/**
 * Read which browsers run on the machine under examination, what they hold, and which files are locked. Never throws; what cannot be
 * seen is said in `blind` and `hidden`.
 */
export function readOwners(reader: Reader, options: OwnersOptions): Owners {
  const hostname = hostnameOf(reader, options);
  const listed = reader.list(absolutePath('/proc'));
  const pids = new Set(
    listed.ok
      ? listed.value
          .map(({ name }) => name)
          .filter((name) => /^\d+$/.test(name))
          .map(Number)
      : [],
  );
  if (pids.size === 0) {
    const blind = 'the processes of the machine under examination cannot be seen from here (its /proc lists none)';
    return { hostname, blind, pids, browsers: [], locks: [], hidden: 0 };
  }
  const ownFiles = reader.link(absolutePath('/proc/self/ns/mnt'));
  const names = new Map<number, string>();
  const nameOf = (pid: number): string => {
    const known = names.get(pid) ?? parseStat(text(reader, `/proc/${pid}/stat`, 4096) ?? '')?.name ?? '';
    names.set(pid, known);
    return known;
  };
  const browsers: BrowserProcess[] = [];
  let hidden = 0;
  for (const pid of pids) {
    const words = commandWords(text(reader, `/proc/${pid}/cmdline`, COMMAND_LIMIT) ?? '');
    const program = (words[0] ?? '').split('/').pop() ?? '';
    // Scripts and shells that only mention the flag are not browsers, but a renamed browser is: it takes the flag as a word of its own.
    if (!BROWSER_NAME.test(program) && flag(words, 'user-data-dir') === null) continue;
    const main = !words.slice(1).some((word) => word.startsWith('--type='));
    const parent = parseStat(text(reader, `/proc/${pid}/stat`, 4096) ?? '')?.parent ?? 0;
    const files = reader.link(absolutePath(`/proc/${pid}/ns/mnt`));
    const open = openFiles(reader, pid);
    if (open === null) hidden += 1;
    browsers.push({
      pid,
      parent,
      userDataDir: userDataDirOf(reader, pid, words),
      main,
      sameFiles: !ownFiles.ok || !files.ok || ownFiles.value === files.value,
      orphan: main && (parent === 1 || parent === 0 || REAPER.test(nameOf(parent))) && !isRuntime(nameOf(parent)),
      openLocks: open?.locks ?? [],
      deleted: open?.deleted ?? [],
    });
  }
  const locks = (text(reader, '/proc/locks', LOCKS_LIMIT) ?? '')
    .split('\n')
    .map(parseLockLine)
    .filter((lock): lock is FileLock => lock !== null);
  return { hostname, blind: null, pids, browsers, locks, hidden };
}

/** A bot may be process 1 of its container; its browser is then no orphan. */
function isRuntime(name: string): boolean {
  return /^(node|MainThread|bun|deno|python[\d.]*|java|PM2.*)/.test(name);
}
