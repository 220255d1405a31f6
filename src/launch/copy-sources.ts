/** What one source of a COPY brings into the image. */
import { type AbsolutePath, resolvePath } from '../model/path.ts';
import type { Project } from './source.ts';
import { inProject, under } from './tree.ts';
import type { Placement } from './world.ts';

const MATCH_LIMIT = 500;

/** `*` and `?` of a file name, without regular expressions. Linear in practice: names are short. */
export function matches(name: string, pattern: string): boolean {
  let at = 0;
  let in_ = 0;
  let star = -1;
  let mark = 0;
  while (at < name.length) {
    if (in_ < pattern.length && (pattern[in_] === '?' || pattern[in_] === name[at])) {
      at += 1;
      in_ += 1;
    } else if (in_ < pattern.length && pattern[in_] === '*') {
      star = in_;
      mark = at;
      in_ += 1;
    } else if (star >= 0) {
      in_ = star + 1;
      mark += 1;
      at = mark;
    } else {
      return false;
    }
  }
  while (pattern[in_] === '*') in_ += 1;
  return in_ === pattern.length;
}

function globbed(project: Project, pattern: string): string[] {
  let found = [''];
  for (const part of pattern.split('/')) {
    if (!/[*?[]/.test(part)) {
      found = found.map((path) => (path === '' ? part : `${path}/${part}`));
      continue;
    }
    const next: string[] = [];
    for (const path of found) {
      const listed = project.reader.list(under(project.root, path));
      if (!listed.ok) continue;
      for (const entry of listed.value) {
        if (matches(entry.name, part)) next.push(path === '' ? entry.name : `${path}/${entry.name}`);
        if (next.length > MATCH_LIMIT) return next;
      }
    }
    found = next;
  }
  return found;
}

/**
 * The placements that `COPY source target` makes.
 *
 * @param context build context, relative to the project
 * @param directory is the target a directory?
 */
export function copySources(
  project: Project,
  context: string,
  source: string,
  target: AbsolutePath,
  directory: boolean,
): readonly Placement[] {
  // BuildKit keeps a source inside its context: `..` above it is the context itself.
  const below = source
    .replace(/^\/+/, '')
    .split('/')
    .reduce<string[]>((parts, part) => {
      if (part === '..') parts.pop();
      else parts.push(part);
      return parts;
    }, []);
  const path = inProject(context, below.join('/'));
  if (path === null) return [];
  const sources = /[*?[]/.test(path) ? globbed(project, path) : [path];
  return sources.map((from) => {
    const name = from.slice(from.lastIndexOf('/') + 1);
    // A directory's content is copied, a file keeps its name in a directory.
    const isFile = project.exists(from) ? !project.isDirectory(from) : /\.[a-z]+$/i.test(name);
    return { from, at: isFile && (directory || sources.length > 1) ? resolvePath(target, name) : target };
  });
}
