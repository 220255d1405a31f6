import type { AbsolutePath } from '../model/path.ts';

export type EntryKind = 'file' | 'directory' | 'link' | 'other';

/** Read-only view of the machine that the analysis of commands needs; made from a Reader, memoised. Never throws. */
export interface World {
  /** Kind of an existing entry (links not followed), `null` when nothing is there, `'unknown'` when it could not be looked at. */
  kind(path: AbsolutePath): EntryKind | 'unknown' | null;
  /** Names in a directory, sorted; `null` when it cannot be listed. */
  names(path: AbsolutePath): readonly string[] | null;
  /** Text of a regular file of at most a few MiB; `null` when it cannot be read. */
  text(path: AbsolutePath): string | null;
  /** Where a link leads (links followed to the end); `null` when it leads nowhere. */
  resolve(path: AbsolutePath): AbsolutePath | null;
  /** Is the path tracked by git (in the index of the repository that holds it)? Absent: not known to be. */
  tracked?(path: AbsolutePath): boolean | 'unknown';
}
