import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fsyncSync,
  futimesSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A copy of a profile beside it. It is a credential like the profile itself. */
export interface Backup {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

/** Made again by the browser; not worth the space of a backup. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'Cache',
  'Code Cache',
  'GPUCache',
  'DawnWebGPUCache',
  'DawnGraphiteCache',
  'GPUPersistentCache',
]);
const CHUNK = 1024 * 1024;
/** The copy's directory inside the backup. */
const COPY = 'profile';
/** Space that must be left after the copy. */
const RESERVE = 16 * 1024 * 1024;

/** Directories first, then what is in them. Links are named, not followed; FIFOs, sockets and devices are left out. */
function* walk(root: string): Generator<{ name: string; stats: Stats }> {
  const open = [''];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const stats = lstatSync(join(root, at));
    yield { name: at, stats };
    if (!stats.isDirectory()) continue;
    for (const name of readdirSync(join(root, at)).sort().reverse()) {
      const child = at === '' ? name : `${at}/${name}`;
      const kind = lstatSync(join(root, child));
      if (kind.isDirectory() && LEFT_OUT.has(name)) continue;
      if (kind.isDirectory() || kind.isFile() || kind.isSymbolicLink()) open.push(child);
    }
  }
}

function pieces(fd: number, buffer: Buffer, at: number): number {
  let filled = 0;
  while (filled < buffer.length) {
    const count = readSync(fd, buffer, filled, buffer.length - filled, at + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function copyFile(from: string, to: string, stats: Stats): number {
  const source = openSync(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const target = openSync(to, 'wx+', 0o600);
    try {
      const buffer = Buffer.allocUnsafe(CHUNK);
      let at = 0;
      for (let count = pieces(source, buffer, at); count > 0; count = pieces(source, buffer, at)) {
        for (let done = 0; done < count; ) done += writeSync(target, buffer, done, count - done, at + done);
        at += count;
      }
      fsyncSync(target);
      compare(source, target, from);
      if (process.getuid?.() === 0) fchownSync(target, stats.uid, stats.gid);
      fchmodSync(target, stats.mode & 0o7777);
      futimesSync(target, stats.atimeMs / 1000, stats.mtimeMs / 1000);
      return at;
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

/** @throws Error when the copy differs from its source */
function compare(source: number, target: number, name: string): void {
  const left = Buffer.allocUnsafe(CHUNK);
  const right = Buffer.allocUnsafe(CHUNK);
  for (let at = 0; ; at += CHUNK) {
    const read = pieces(source, left, at);
    const copied = pieces(target, right, at);
    if (read !== copied || !left.subarray(0, read).equals(right.subarray(0, copied))) {
      throw new Error(`the copy of ${name} differs from it`);
    }
    if (read < CHUNK) return;
  }
}

export function syncDirectory(path: string): void {
  const fd = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** `20261125T100005Z`: sorts by time and needs no quoting. */
function stamp(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/**
 * Copy a profile without its caches to `.wa-doctor-backup-<time>` beside it, flush it, and compare every byte.
 * The name never begins with `session`, because wrappers start every directory that does.
 * @throws Error when there is not enough space, or a copy differs; nothing of the profile was changed then
 */
export function backUp(profile: string, now: number): Backup {
  const parent = dirname(profile);
  const needed = [...walk(profile)].reduce((sum, { stats }) => sum + (stats.isFile() ? stats.size + 4096 : 4096), 0);
  const space = statfsSync(parent);
  if (space.bavail * space.bsize < needed + RESERVE) {
    throw new Error(
      `a backup needs ${needed + RESERVE} bytes in ${parent}, and ${space.bavail * space.bsize} are free`,
    );
  }
  const path = freshDirectory(join(parent, `.wa-doctor-backup-${stamp(now)}`));
  const root = join(path, COPY);
  let files = 0;
  let bytes = 0;
  const directories: { to: string; stats: Stats }[] = [];
  for (const { name, stats } of walk(profile)) {
    const from = join(profile, name);
    const to = join(root, name);
    if (stats.isDirectory()) {
      mkdirSync(to, { mode: 0o700 });
      directories.push({ to, stats });
    } else if (stats.isSymbolicLink()) {
      symlinkSync(readlinkSync(from), to);
      if (process.getuid?.() === 0) lchownSync(to, stats.uid, stats.gid);
    } else {
      bytes += copyFile(from, to, stats);
      files += 1;
    }
  }
  for (const { to, stats } of directories.reverse()) {
    syncDirectory(to);
    if (process.getuid?.() === 0) lchownSync(to, stats.uid, stats.gid);
    chmodSync(to, stats.mode & 0o7777);
  }
  syncDirectory(path);
  syncDirectory(parent);
  return { path, files, bytes };
}

function freshDirectory(wanted: string): string {
  for (let n = 1; ; n++) {
    const path = n === 1 ? wanted : `${wanted}-${n}`;
    try {
      mkdirSync(path, { mode: 0o700 });
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || n >= 100) throw error;
    }
  }
}

/**
 * Write `undo.sh` into a backup: it copies the given files of the profile back. A file and not printed commands, because the name of a
 * session is often a phone number, which is never printed.
 */
export function writeUndo(backup: Backup, profile: string, files: readonly string[]): string {
  const lines = files.map(
    (file) => `cp -pP "$here"/${quoted(`${COPY}/${file.slice(profile.length + 1)}`)} ${quoted(file)}`,
  );
  const script = join(backup.path, 'undo.sh');
  const text = `#!/bin/sh\n# Brings back what wa-doctor repair changed. Run it only while no browser uses the profile.\nset -e\nhere=$(dirname -- "$0")\n${lines.join('\n')}\n`;
  writeFileSync(script, text, { mode: 0o700, flag: 'wx', flush: true });
  syncDirectory(backup.path);
  return script;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
