import { absolutePath } from '../../model/path.ts';
import { hasGlob, type MatchOptions, matchesName, unquoteGlob } from '../paths.ts';
import type { Entry, Tree } from './tree.ts';

/** Matches of one pattern; more are cut off. */
const MATCH_LIMIT = 20_000;

export interface WalkOptions extends MatchOptions {
  /** `**` stands for any number of directories. */
  readonly globstar: boolean;
  /** `**` does not go into directories that begin with a dot. */
  readonly globstarDot: boolean;
  /** Looked-at entries are counted here; false stops the walk. */
  readonly step: () => boolean;
}

/**
 * Paths that a glob names in the model, sorted.
 * @param base absolute directory for relative patterns
 * @returns the matches, written as the pattern was (`./a/*` → `./a/x`)
 */
export function walkGlob(tree: Tree, base: string, pattern: string, options: WalkOptions): string[] {
  const rooted = pattern.startsWith('/');
  const parts = pattern.split('/');
  const directoriesOnly = parts.at(-1) === '' && parts.length > 1;
  if (directoriesOnly) parts.pop();
  const found = new Set<string>();

  const visit = (shown: string, full: string, index: number): void => {
    if (found.size >= MATCH_LIMIT || !options.step()) return;
    const part = parts[index];
    if (part === undefined) {
      const { entry } = tree.find(full, directoriesOnly);
      if (entry !== null && (!directoriesOnly || entry.kind === 'directory')) {
        found.add(directoriesOnly ? `${shown}/` : shown);
      }
      return;
    }
    const join = (name: string): string => (index === 0 ? name : `${shown}/${name}`);
    if (part === '' || part === '.' || part === '..') {
      visit(join(part), part === '' ? full : `${full}/${part}`, index + 1);
      return;
    }
    if (part === '**' && options.globstar) {
      if (index === parts.length - 1) {
        everything(shown, full, index);
        return;
      }
      visitRest(shown, full, index);
      return;
    }
    if (!hasGlob(part, options.extended)) {
      const name = unquoteGlob(part);
      visit(join(name), `${full}/${name}`, index + 1);
      return;
    }
    const entry = directory(full);
    if (entry === null) return;
    const last = index === parts.length - 1;
    for (const name of tree.names(entry)) {
      if (!matchesName(part, name, options)) continue;
      if (!last && directory(`${full}/${name}`) === null) continue;
      visit(join(name), `${full}/${name}`, index + 1);
    }
  };

  const directory = (full: string): Entry | null => {
    const { entry } = tree.find(full, true);
    return entry !== null && entry.kind === 'directory' ? entry : null;
  };

  /** Directories below `full` into which `**` goes. */
  const below = (full: string): string[] => {
    const entry = directory(full);
    if (entry === null) return [];
    return tree.names(entry).filter((name) => {
      if (name.startsWith('.') && !options.globstarDot) return false;
      return tree.child(entry, name)?.kind === 'directory';
    });
  };

  // Without a first component to join to, `**` must not leave a slash in front of what it finds.
  const visitRest = (shown: string, full: string, index: number, depth = 0): void => {
    if (depth > 64 || found.size >= MATCH_LIMIT || !options.step()) return;
    visitTail(shown, full, index + 1, depth === 0 && index === 0);
    for (const name of below(full)) {
      const inner = depth === 0 && index === 0 ? name : `${shown}/${name}`;
      visitRest(inner, `${full}/${name}`, index, depth + 1);
    }
  };

  const visitTail = (shown: string, full: string, index: number, bare: boolean): void => {
    if (!bare) {
      visit(shown, full, index);
      return;
    }
    const rest = walkGlob(tree, full, parts.slice(index).join('/') + (directoriesOnly ? '/' : ''), options);
    for (const match of rest) found.add(match);
  };

  const everything = (shown: string, full: string, index: number, depth = 0): void => {
    if (depth > 64 || found.size >= MATCH_LIMIT || !options.step()) return;
    const entry = directory(full);
    if (entry === null) return;
    if (depth > 0 || index > 0) found.add(directoriesOnly ? `${shown}/` : shown);
    for (const name of tree.names(entry)) {
      if (name.startsWith('.') && !options.globstarDot) continue;
      const inner = depth === 0 && index === 0 ? name : `${shown}/${name}`;
      const child = tree.child(entry, name);
      if (child?.kind === 'directory') everything(inner, `${full}/${name}`, index, depth + 1);
      else if (!directoriesOnly) found.add(inner);
    }
  };

  visit('', rooted ? '/' : absolutePath(base), 0);
  return [...found].sort();
}
