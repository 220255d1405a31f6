import type { Answer } from '../../model/answer.ts';
import { type AbsolutePath, absolutePath, relativeTo } from '../../model/path.ts';
import type { Reader } from '../../model/reader.ts';
import { readIndex } from './index-file.ts';
import type { Repository } from './repository.ts';

/** What the index says is tracked. */
export interface Tracked {
  /** Is the path itself, or anything below it, in the index? */
  holds(path: AbsolutePath): Answer;
  /** The first tracked path at or below a path, relative to the work tree. */
  first(path: AbsolutePath): string | null;
  /** Why `holds` is unknown, or `null`. */
  readonly problem: string | null;
}

/** The index of the Linux kernel takes 10 MB. */
const INDEX_LIMIT = 64 * 1024 * 1024;

/** Read the index (and the shared index that it names). A repository without one tracks nothing. Never throws. */
export function readTracked(reader: Reader, repository: Repository): Tracked {
  const { hashBytes } = repository.config;
  const read = reader.bytes(absolutePath(`${repository.directory}/index`), INDEX_LIMIT);
  if (!read.ok) return read.failure.kind === 'missing' ? tracked(repository, [], null) : unknown(read.failure.reason);
  const index = readIndex(read.value, hashBytes);
  if (!index.ok) return unknown(index.reason);
  if (index.shared === null) return tracked(repository, index.paths, null);
  const base = reader.bytes(absolutePath(`${repository.directory}/sharedindex.${index.shared}`), INDEX_LIMIT);
  const shared = base.ok ? readIndex(base.value, hashBytes) : null;
  if (shared?.ok !== true) return unknown('the shared part of the git index could not be read');
  return tracked(
    repository,
    [...index.paths, ...shared.paths].filter((path) => path !== ''),
    null,
  );
}

function unknown(problem: string): Tracked {
  return { holds: () => 'unknown', first: () => null, problem };
}

function tracked(repository: Repository, paths: readonly string[], problem: string | null): Tracked {
  const sorted = [...paths].sort();
  const first = (path: AbsolutePath): string | null => {
    const relative = relativeTo(path, repository.top);
    if (relative === null) return null;
    if (relative === '') return sorted[0] ?? null;
    for (const wanted of [relative, `${relative}/`]) {
      let low = 0;
      let high = sorted.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((sorted[middle] ?? '') < wanted) low = middle + 1;
        else high = middle;
      }
      const found = sorted[low];
      if (found !== undefined && (found === relative || found.startsWith(`${relative}/`))) return found;
    }
    // A sparse index holds whole directories.
    for (let slash = relative.indexOf('/'); slash > 0; slash = relative.indexOf('/', slash + 1)) {
      if (sorted.includes(relative.slice(0, slash + 1))) return relative.slice(0, slash + 1);
    }
    return null;
  };
  return { holds: (path) => first(path) !== null, first, problem };
}
