import type { AbsolutePath } from '../../model/path.ts';
import { resolvePath } from '../../model/path.ts';
import type { DirectoryEntry, Reader, ReadFailure, ReadResult } from '../../model/reader.ts';

/** Names in the directory of one database; a browser keeps a few hundred at most. */
const MAX_FILES = 50_000;

/** Largest piece for which the shared buffer is used. */
const MAX_SHARED = 256 * 1024;

/** A file of a database, as it was when the directory was listed. */
export interface DatabaseFile {
  readonly name: string;
  readonly path: AbsolutePath;
  readonly size: number;
  readonly mtime: number;
  readonly inode: number;
}

/** What stands in the directory of a database. */
export interface DatabaseFiles {
  readonly directory: AbsolutePath;
  readonly byName: ReadonlyMap<string, DatabaseFile>;
  /** Names that are there and are no regular files, or whose status cannot be had. */
  readonly odd: readonly { readonly name: string; readonly reason: string }[];
  /** Bytes of all regular files. */
  readonly bytes: number;
}

/** Numbers of the files that match `NNNNNN.suffix`, ascending. */
export function numbersOf(files: DatabaseFiles, suffix: string): number[] {
  const numbers: number[] = [];
  for (const name of files.byName.keys()) {
    const match = /^(\d{1,15})\.([a-z]+)$/.exec(name);
    if (match?.[2] === suffix) numbers.push(Number(match[1]));
  }
  return numbers.sort((a, b) => a - b);
}

/** `7` → `000007`, as LevelDB names files. */
export function numbered(number: number): string {
  return String(number).padStart(6, '0');
}

/** List a database directory with the status of each file. */
export function listDatabase(reader: Reader, directory: AbsolutePath): DatabaseFiles | ReadFailure {
  const listed = reader.list(directory, MAX_FILES);
  if (!listed.ok) return listed.failure;
  const byName = new Map<string, DatabaseFile>();
  const odd: { name: string; reason: string }[] = [];
  let bytes = 0;
  for (const entry of listed.value) {
    if (entry.kind === 'directory') continue;
    const file = statusOf(reader, directory, entry);
    if ('reason' in file) odd.push(file);
    else {
      byName.set(file.name, file);
      bytes += file.size;
    }
  }
  return { directory, byName, odd, bytes };
}

function statusOf(
  reader: Reader,
  directory: AbsolutePath,
  entry: DirectoryEntry,
): DatabaseFile | { name: string; reason: string } {
  const { name } = entry;
  if (entry.kind !== 'file') return { name, reason: `is a ${entry.kind}, not a file` };
  const path = resolvePath(directory, name);
  const status = reader.status(path);
  if (!status.ok) return { name, reason: status.failure.reason };
  const { size, mtime, inode, kind } = status.value;
  return kind === 'file' ? { name, path, size, mtime, inode } : { name, reason: `is a ${kind}, not a file` };
}

/**
 * Did a browser change the database since it was listed? Names of all files, and size and time of those that are written to:
 * tables are written once, under a new name.
 */
export function changedSince(reader: Reader, before: DatabaseFiles): boolean {
  const listed = reader.list(before.directory, MAX_FILES);
  if (!listed.ok) return true;
  let seen = 0;
  for (const { name, kind } of listed.value) {
    if (kind !== 'file' || !holdsData(name)) continue;
    const old = before.byName.get(name);
    if (old === undefined) return true;
    seen++;
    if (TABLE.test(name)) continue;
    const status = reader.status(old.path);
    if (!status.ok) return true;
    const { size, mtime, inode } = status.value;
    if (size !== old.size || mtime !== old.mtime || inode !== old.inode) return true;
  }
  let had = 0;
  for (const name of before.byName.keys()) if (holdsData(name)) had++;
  return seen !== had;
}

const TABLE = /\.(?:ldb|sst)$/;

function holdsData(name: string): boolean {
  return name !== 'LOG' && name !== 'LOG.old' && name !== 'LOCK';
}

/** An open file whose reads never throw. */
export interface GuardedFile {
  readonly size: number;
  /** Up to `length` bytes from `offset`; a new array that the caller may keep. */
  read(offset: number, length: number): Uint8Array;
  /** The same, in a buffer that the next call uses again. */
  readShared(offset: number, length: number): Uint8Array;
  close(): void;
  /** Why a read failed: then what was read is no evidence of damage. `null`: none failed. */
  readonly failure: string | null;
}

/** One buffer for all files: the reader is synchronous, and memory touched for the first time is dear. */
let shared = new Uint8Array(0);

/** Open a file of a database for reading in pieces. A failed read gives no bytes and sets `failure`. */
export function openGuarded(reader: Reader, path: AbsolutePath): ReadResult<GuardedFile> {
  const opened = reader.open(path);
  if (!opened.ok) return opened;
  const file = opened.value;
  let failure: string | null = null;
  const guarded = (read: () => Uint8Array): Uint8Array => {
    try {
      return read();
    } catch (error) {
      failure ??= `reading stopped: ${(error as { code?: unknown }).code ?? 'no reason given'}`;
      return new Uint8Array(0);
    }
  };
  const read = (offset: number, length: number) =>
    guarded(() => {
      const data = file.read(offset, length);
      // A plain array: views of a Buffer cost three times as much.
      return new Uint8Array(data.buffer, data.byteOffset, data.length);
    });
  return {
    ok: true,
    value: {
      size: file.size,
      get failure() {
        return failure;
      },
      read,
      readShared(offset, length) {
        if (file.readInto === undefined || length > MAX_SHARED) return read(offset, length);
        if (shared.length < length) shared = new Uint8Array(length);
        const target = shared.subarray(0, length);
        return guarded(() => target.subarray(0, file.readInto?.(target, offset) ?? 0));
      },
      close: () => file.close(),
    },
  };
}
