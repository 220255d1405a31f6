import type { AbsolutePath } from '../../model/path.ts';
import { resolvePath } from '../../model/path.ts';
import type { DirectoryEntry, Reader, ReadFailure } from '../../model/reader.ts';

/** Names in the directory of one database; a browser keeps a few hundred at most. */
const MAX_FILES = 50_000;

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
 * Did anything that a reader depends on change between two listings: files that appeared, vanished, grew or were written?
 * `LOG` and `LOCK` do not count: they hold no data.
 */
export function changedBetween(before: DatabaseFiles, after: DatabaseFiles): boolean {
  const counts = (name: string) => name !== 'LOG' && name !== 'LOG.old' && name !== 'LOCK';
  let matched = 0;
  for (const [name, file] of after.byName) {
    if (!counts(name)) continue;
    const old = before.byName.get(name);
    if (old === undefined || old.size !== file.size || old.mtime !== file.mtime || old.inode !== file.inode)
      return true;
    matched++;
  }
  let had = 0;
  for (const name of before.byName.keys()) if (counts(name)) had++;
  return had !== matched;
}
