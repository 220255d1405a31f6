import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';

/** Sessions of one pattern that are looked at: REST wrappers hold hundreds, and the audit is quick. `inspect` shows all. */
const MOST = 50;

/** `session-<id>` as a pattern for one name. */
function pattern(part: string): RegExp {
  const pieces = part.split(/<[^<>]*>/).map((piece) => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.+')}$`);
}

/**
 * The directories that a session path with parts known only at run time (`/data/session-<id>`) stands for on this machine, sorted; the
 * path itself where it has no such part, or where nothing of that form is there.
 */
export function storedSessions(reader: Reader, path: AbsolutePath): AbsolutePath[] {
  if (!path.includes('<')) return [path];
  let found: string[] = [''];
  for (const part of path.split('/').slice(1)) {
    if (!part.includes('<')) {
      found = found.map((directory) => `${directory}/${part}`);
      continue;
    }
    const fits = pattern(part);
    found = found.flatMap((directory) => {
      const listed = reader.list(absolutePath(directory === '' ? '/' : directory));
      const names = listed.ok ? listed.value.filter(({ name, kind }) => kind === 'directory' && fits.test(name)) : [];
      return names.map(({ name }) => `${directory}/${name}`);
    });
    if (found.length > MOST) found = found.slice(0, MOST);
  }
  const there = found.map((directory) => absolutePath(directory)).filter((directory) => reader.status(directory).ok);
  return there.length > 0 ? there : [path];
}
