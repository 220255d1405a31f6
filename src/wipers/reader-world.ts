import { type AbsolutePath, parentOf } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import type { EntryKind, World } from './world.ts';

/** Largest file that is read to follow it: scripts are far smaller. */
const TEXT_LIMIT = 2 * 1024 * 1024;

function memo<T>(make: (path: AbsolutePath) => T): (path: AbsolutePath) => T {
  const known = new Map<AbsolutePath, T>();
  return (path) => {
    const before = known.get(path);
    if (before !== undefined || known.has(path)) return before as T;
    const made = make(path);
    known.set(path, made);
    return made;
  };
}

/**
 * The world as a Reader shows it, remembered: every path is looked at once.
 * @param tracked what git's index says; absent: nothing is taken to be tracked
 */
export function createWorld(reader: Reader, tracked?: (path: AbsolutePath) => boolean | 'unknown'): World {
  const kind = memo((path): EntryKind | 'unknown' | null => {
    // Nothing is below what is not there: the forty files of a stand-in profile cost one look at the disk, not forty.
    if (path !== '/' && kind(parentOf(path)) === null) return null;
    const status = reader.status(path);
    if (!status.ok) return status.failure.kind === 'missing' ? null : 'unknown';
    const { kind: found } = status.value;
    return found === 'file' || found === 'directory' || found === 'link' ? found : 'other';
  });
  return {
    kind,
    names: memo((path) => {
      const list = reader.list(path);
      return list.ok ? list.value.map(({ name }) => name) : null;
    }),
    text: memo((path) => {
      const text = reader.text(path, TEXT_LIMIT);
      return text.ok ? text.value : null;
    }),
    resolve: memo((path) => {
      const found = reader.resolve(path);
      return found.ok && found.value.exists ? found.value.resolved : null;
    }),
    ...(tracked === undefined ? {} : { tracked }),
  };
}
