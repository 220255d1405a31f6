import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Backup } from '../model/verify.ts';

/** Made again by the browser itself and large; a copy without them restores the login. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'Cache',
  'Code Cache',
  'GPUCache',
  'DawnGraphiteCache',
  'DawnWebGPUCache',
  'GrShaderCache',
  'GraphiteDawnCache',
  'ShaderCache',
  'GPUPersistentCache',
  'BrowserMetrics',
  'Crashpad',
]);
/** Chromium nests seven deep, and a profile of a busy bot holds about 5,000 files. */
const MAX_DEPTH = 32;
const MAX_FILES = 200_000;
const CHUNK = 1024 * 1024;
/** A browser needs 2.2 MB for its own start on a full disk (measured); the rest is for what it writes during two runs. */
export const SPARE_BYTES = 16 * 1024 * 1024;

/** Why no copy could be made; the profile was not touched. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

interface Source {
  readonly name: string;
  readonly status: Awaited<ReturnType<typeof fs.lstat>>;
}

async function sources(profile: string): Promise<Source[]> {
  const found: Source[] = [];
  const walk = async (name: string, depth: number): Promise<void> => {
    for (const entry of (await fs.readdir(join(profile, name))).sort()) {
      const path = name === '' ? entry : `${name}/${entry}`;
      const status = await fs.lstat(join(profile, path));
      // Links (the Singleton marks), sockets and FIFOs carry no login.
      if (!status.isFile() && !status.isDirectory()) continue;
      if (status.isDirectory() && LEFT_OUT.has(entry)) continue;
      found.push({ name: path, status });
      if (found.length > MAX_FILES) throw new BackupError(`the profile holds more than ${MAX_FILES} files`);
      if (!status.isDirectory()) continue;
      if (depth >= MAX_DEPTH) throw new BackupError(`${path} is nested deeper than ${MAX_DEPTH} directories`);
      await walk(path, depth + 1);
    }
  };
  await walk('', 0);
  return found;
}

/** Are two files the same, byte for byte? */
async function same(a: string, b: string): Promise<boolean> {
  const [one, other] = await Promise.all([fs.open(a, 'r'), fs.open(b, 'r')]);
  try {
    const [left, right] = [Buffer.alloc(CHUNK), Buffer.alloc(CHUNK)];
    for (let at = 0; ; ) {
      const [x, y] = await Promise.all([one.read(left, 0, CHUNK, at), other.read(right, 0, CHUNK, at)]);
      if (x.bytesRead !== y.bytesRead) return false;
      if (x.bytesRead === 0) return true;
      if (!left.subarray(0, x.bytesRead).equals(right.subarray(0, y.bytesRead))) return false;
      at += x.bytesRead;
    }
  } finally {
    await Promise.all([one.close(), other.close()]);
  }
}

async function copyOne(from: string, to: string, status: Source['status']): Promise<void> {
  // A reflink where the file system can (btrfs, xfs): no space, no time.
  await fs.copyFile(from, to, constants.COPYFILE_FICLONE | constants.COPYFILE_EXCL);
  const handle = await fs.open(to, 'r+');
  try {
    await handle.sync();
    await handle.chmod(Number(status.mode) & 0o777);
    await keepOwner(handle, status);
    await handle.utimes(status.atime, status.mtime);
  } finally {
    await handle.close();
  }
}

/** Only root can give files away; everybody else owns what they copied anyway. */
async function keepOwner(handle: fs.FileHandle, status: Source['status']): Promise<void> {
  if (process.getuid?.() === 0) await handle.chown(Number(status.uid), Number(status.gid));
}

function reasonOf(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM') {
    return `${path ?? 'a file'} may not be read by the user that runs the doctor; the bot's browser, run as this user, cannot read it either and would show a QR code. Give the files back to the bot's user (chown -R) first`;
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'the disk is full';
  if (code === 'EROFS') return 'the file system is read-only';
  return message;
}

/** The name never matches `session*`, so that no bot takes it for a session. */
export function backupName(session: string, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:]/g, '').replace(/\..*/, 'Z');
  return join(dirname(session), `.wa-doctor-backup-${time}`);
}

/**
 * Copy a profile that no browser has open, and compare every byte of the copy. It lies beside the profile, readable by its owner only,
 * and holds the profile under its own name.
 * @throws BackupError with the reason in plain words; nothing is left behind.
 */
export async function makeBackup(session: string, now: number): Promise<Backup> {
  const path = backupName(session, now);
  try {
    const files = await sources(session);
    const bytes = files.reduce((sum, { status }) => sum + (status.isFile() ? Number(status.size) : 0), 0);
    const { bavail, bsize } = await fs.statfs(dirname(session));
    if (bavail * bsize < bytes + SPARE_BYTES) {
      const mega = (count: number) => (count / 1e6).toFixed(1);
      throw new BackupError(
        `the copy needs ${mega(bytes)} MB and the browser ${mega(SPARE_BYTES)} MB more, ${mega(bavail * bsize)} MB are free where the session lies`,
      );
    }
    const copy = join(path, basename(session));
    await fs.mkdir(path, { mode: 0o700 });
    await fs.mkdir(copy, { mode: 0o700 });
    for (const { name, status } of files) {
      if (status.isDirectory()) await fs.mkdir(join(copy, name), { mode: 0o700 });
      else await copyOne(join(session, name), join(copy, name), status);
    }
    for (const { name, status } of files) {
      if (status.isFile() && !(await same(join(session, name), join(copy, name)))) {
        throw new BackupError(`${name} changed while it was copied: something still writes to the profile`);
      }
    }
    await finishDirectories(session, copy, files);
    return { path, bytes, files: files.filter(({ status }) => status.isFile()).length, kept: true };
  } catch (error) {
    await removeBackup(path);
    throw error instanceof BackupError ? error : new BackupError(reasonOf(error));
  }
}

/** Owners and modes of directories come last: a read-only directory could not be filled. */
async function finishDirectories(session: string, copy: string, files: readonly Source[]): Promise<void> {
  const own = { name: '.', status: await fs.lstat(session) };
  for (const { name, status } of [...files.filter(({ status }) => status.isDirectory()), own].reverse()) {
    const handle = await fs.open(join(copy, name), 'r');
    try {
      await handle.sync();
      await handle.chmod(Number(status.mode) & 0o777);
      await keepOwner(handle, status);
    } finally {
      await handle.close();
    }
  }
}

/** Remove a copy that is no longer needed. */
export async function removeBackup(path: string): Promise<void> {
  await fs.rm(path, { recursive: true, force: true, maxRetries: 3 });
}
