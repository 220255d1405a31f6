import type { AbsolutePath } from './path.ts';

/** Why something could not be read. `missing` is an observation; every other kind means "could not look". */
export interface ReadFailure {
  readonly kind:
    | 'missing'
    | 'denied'
    | 'not-a-file'
    | 'not-a-directory'
    | 'too-large'
    | 'outside-root'
    | 'stalled'
    | 'link-loop'
    | 'changed'
    | 'unsupported'
    | 'io';
  readonly path: AbsolutePath;
  /** One plain sentence for people, without a final full stop. */
  readonly reason: string;
}

export type ReadResult<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ReadFailure };

export type FileKind = 'file' | 'directory' | 'link' | 'fifo' | 'socket' | 'device' | 'other';

/** What `lstat` says of one name. Times are milliseconds since the epoch. */
export interface FileStatus {
  readonly kind: FileKind;
  readonly size: number;
  /** Permission bits only (`0o7777`). */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly device: number;
  readonly inode: number;
  readonly mtime: number;
  readonly ctime: number;
  readonly birthtime: number;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
}

/** Where a path really leads once every link is followed. */
export interface ResolvedPath {
  /** Links of the nearest existing ancestor followed, the missing rest appended. */
  readonly resolved: AbsolutePath;
  /** Does the whole path exist? */
  readonly exists: boolean;
  /** The deepest directory or file on the way that exists, links followed. */
  readonly existing: AbsolutePath;
}

/** Free space where a path lives: `statfs(2)` on the nearest existing ancestor. */
export interface SpaceStatus {
  readonly bytesTotal: number;
  readonly bytesFree: number;
  readonly inodesTotal: number;
  readonly inodesFree: number;
  /** Magic number of the super block (linux/magic.h). */
  readonly type: number;
}

/** An open regular file for reading in pieces. Always close it. */
export interface OpenFile {
  readonly size: number;
  /** Up to `length` bytes from `offset`; shorter only at the end of the file. */
  read(offset: number, length: number): Uint8Array;
  /**
   * Fill `target` from `offset`; the number of bytes, smaller only at the end of the file. Absent where it brings nothing.
   * For large files: memory that is touched for the first time costs ten times as much as the read (measured: 3.7 ms a MB).
   */
  readInto?(target: Uint8Array, offset: number): number;
  close(): void;
}

/**
 * The only way in which the pure parts see the machine. Implemented by `src/facts`.
 * Every promise about safe reading is kept in here: `lstat` before `open`, only regular files are opened (without following a link
 * at the last step), links are resolved inside the root, network file systems are touched only by a child process that can be
 * killed, sizes and counts are limited. No method throws; each failure has a reason.
 * All paths are paths of the machine under examination.
 */
export interface Reader {
  /** `lstat`: the last component is not followed, links before it are (inside the root). */
  status(path: AbsolutePath): ReadResult<FileStatus>;
  /** Names in a directory, sorted by code unit. At most `limit` (default 100,000). */
  list(path: AbsolutePath, limit?: number): ReadResult<DirectoryEntry[]>;
  /** A regular file (links followed inside the root) of at most `limit` bytes (default 8 MiB), decoded as UTF-8. */
  text(path: AbsolutePath, limit?: number): ReadResult<string>;
  bytes(path: AbsolutePath, limit?: number): ReadResult<Uint8Array>;
  /**
   * Look at many small files of one directory (names that {@link Reader.list} has just called files) cheaply: at most `limit` bytes of
   * each, in one buffer that is used again, so that `visit` must not keep them. `whole` is false where the file holds more.
   * Absent where only the other methods are safe (network file systems).
   */
  scan?(
    directory: AbsolutePath,
    names: readonly string[],
    limit: number,
    visit: (name: string, piece: ReadResult<{ readonly bytes: Uint8Array; readonly whole: boolean }>) => void,
  ): ReadResult<null>;
  /** A regular file, opened read-only, for reading in pieces. Links are refused here. */
  open(path: AbsolutePath): ReadResult<OpenFile>;
  /** The text of a symbolic link. */
  link(path: AbsolutePath): ReadResult<string>;
  /** Follow every link of `path` (absolute; may hold `..`, `//`), inside the root, as the kernel does. Fails only on loops, refused places and denied directories. */
  resolve(path: string): ReadResult<ResolvedPath>;
  space(path: AbsolutePath): ReadResult<SpaceStatus>;
  /** Can the user that runs the doctor write there (`access(2)`)? */
  writable(path: AbsolutePath): ReadResult<boolean>;
  /** The kernel's id of the mount that covers an existing path (`mnt_id` in fdinfo), or `null` where it cannot be had. */
  mountId(path: AbsolutePath): number | null;
}
