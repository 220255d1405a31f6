import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  opendirSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  type Stats,
  statfsSync,
} from 'node:fs';
import type { DirectoryEntry, FileKind, FileStatus, SpaceStatus } from '../model/reader.ts';

/** What identifies a file between `lstat` and `open`. */
export interface FileIdentity {
  readonly device: number;
  readonly inode: number;
}

/**
 * The few calls that touch the disk, on real paths whose links are already followed. They throw errno errors; the Reader turns those
 * into reasons. Two implementations: this process, and a child that can be killed.
 */
export interface Disk {
  lstat(path: string): FileStatus;
  readlink(path: string): string;
  /** At most `limit` entries, unsorted, and whether there were more. */
  readdir(path: string, limit: number): { entries: DirectoryEntry[]; more: boolean };
  /** Up to `length` bytes of a regular file from `offset`. Fails with `ESTALE` when the name now means another file. */
  read(path: string, identity: FileIdentity, offset: number, length: number): Uint8Array;
  statfs(path: string): SpaceStatus;
  writable(path: string): boolean;
  mountId(path: string): number | null;
}

interface KindSource {
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
  isFIFO(): boolean;
  isSocket(): boolean;
  isBlockDevice(): boolean;
  isCharacterDevice(): boolean;
}

function kindOf(source: KindSource): FileKind {
  if (source.isFile()) return 'file';
  if (source.isDirectory()) return 'directory';
  if (source.isSymbolicLink()) return 'link';
  if (source.isFIFO()) return 'fifo';
  if (source.isSocket()) return 'socket';
  return source.isBlockDevice() || source.isCharacterDevice() ? 'device' : 'other';
}

function statusOf(stats: Stats): FileStatus {
  return {
    kind: kindOf(stats),
    size: stats.size,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    device: stats.dev,
    inode: stats.ino,
    mtime: stats.mtimeMs,
    ctime: stats.ctimeMs,
    birthtime: stats.birthtimeMs,
  };
}

/** An error that looks like one of the kernel's. */
export function errnoError(code: string, path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}

/** O_NONBLOCK: a FIFO that took the file's place after `lstat` must not hold the doctor. */
const SAFE_OPEN = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/** Not among Node's constants; the same on every Linux architecture that Node supports (asm-generic/fcntl.h). */
const O_PATH = 0o10000000;

/**
 * Files of /proc do not say how long they are, and the limit may be far above what they hold: they are read into one buffer that is used
 * again, and copied out (a fresh buffer of this size for each of 80 processes cost 20 ms). Room beyond is made as it is needed.
 * A file that says that it is as long as wanted is read in one piece (5 MB in pieces: 75 ms instead of 20).
 */
const FIRST_PIECE = 256 * 1024;
let scratch: Buffer | null = null;

function fill(fd: number, buffer: Buffer, from: number, offset: number): number {
  let filled = from;
  while (filled < buffer.length) {
    const count = readSync(fd, buffer, filled, buffer.length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}

function readAt(fd: number, offset: number, length: number): Uint8Array {
  if (length <= FIRST_PIECE || fstatSync(fd).size - offset >= length) {
    const buffer = Buffer.allocUnsafe(length);
    const filled = fill(fd, buffer, 0, offset);
    return filled === length ? buffer : buffer.subarray(0, filled);
  }
  scratch ??= Buffer.allocUnsafeSlow(FIRST_PIECE);
  let buffer = scratch;
  let filled = fill(fd, buffer, 0, offset);
  while (filled === buffer.length && filled < length) {
    const larger = Buffer.allocUnsafe(Math.min(length, buffer.length * 2));
    buffer.copy(larger, 0, 0, filled);
    buffer = larger;
    filled = fill(fd, buffer, filled, offset);
  }
  return buffer === scratch ? Uint8Array.prototype.slice.call(buffer, 0, filled) : buffer.subarray(0, filled);
}

/** Opens a regular file that is still the one that `identity` names. The caller closes it. */
export function openChecked(path: string, identity: FileIdentity): number {
  const fd = openSync(path, SAFE_OPEN);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.dev !== identity.device || stats.ino !== identity.inode) {
      throw errnoError('ESTALE', path);
    }
    return fd;
  } catch (error) {
    closeSync(fd);
    throw error;
  }
}

/** The disk, touched by this process. */
export const localDisk: Disk = {
  lstat: (path) => statusOf(lstatSync(path)),

  readlink: (path) => readlinkSync(path),

  readdir(path, limit) {
    // The default reads 32 entries a call; a directory of sources holds more.
    const directory = opendirSync(path, { bufferSize: 512 });
    const entries: DirectoryEntry[] = [];
    try {
      for (let entry = directory.readSync(); entry !== null; entry = directory.readSync()) {
        if (entries.length >= limit) return { entries, more: true };
        entries.push({ name: entry.name, kind: kindOf(entry) });
      }
    } finally {
      directory.closeSync();
    }
    return { entries, more: false };
  },

  read(path, identity, offset, length) {
    const fd = openChecked(path, identity);
    try {
      return readAt(fd, offset, length);
    } finally {
      closeSync(fd);
    }
  },

  statfs(path) {
    const stats = statfsSync(path);
    return {
      bytesTotal: stats.blocks * stats.bsize,
      bytesFree: stats.bavail * stats.bsize,
      inodesTotal: stats.files,
      inodesFree: stats.ffree,
      type: stats.type,
    };
  },

  writable(path) {
    try {
      accessSync(path, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  },

  mountId(path) {
    // O_PATH opens the name and not the file: nothing is read, no device is woken, and a bound file tells its own mount (open(2)).
    const fd = openSync(path, O_PATH | constants.O_NOFOLLOW);
    try {
      const match = /^mnt_id:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1'));
      return match?.[1] === undefined ? null : Number(match[1]);
    } finally {
      closeSync(fd);
    }
  },
};

/** Reads a part of an already open file; see {@link Disk.read}. */
export function readOpen(fd: number, offset: number, length: number): Uint8Array {
  return readAt(fd, offset, length);
}

/** Reads a part of an already open file into `target`; returns how many bytes there were. */
export function readOpenInto(fd: number, target: Uint8Array, offset: number): number {
  let filled = 0;
  while (filled < target.length) {
    const count = readSync(fd, target, filled, target.length - filled, offset + filled);
    if (count === 0) break;
    filled += count;
  }
  return filled;
}
