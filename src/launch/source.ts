/** Reading the project's files for launches: relative names, limits, and a reason for everything that could not be read. */
import type { AbsolutePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import { directoryOf, type Tree, under, walkTree } from './tree.ts';

/**
 * Largest file that is parsed. The largest deployment file of the real bots is 9 kB; Kubernetes itself refuses objects over 1.5 MB.
 */
const FILE_LIMIT = 1024 * 1024;

/** The project as the parsers of launches see it. */
export interface Project {
  readonly reader: Reader;
  readonly root: AbsolutePath;
  readonly tree: Tree;
  /** Package roots (relative) that hold the bot. */
  readonly packages: readonly string[];
  /** Add a reason why something could not be looked at. */
  problem(text: string): void;
  /** Text of a file relative to the project; a failure other than "missing" becomes a problem. */
  text(path: string): string | null;
  exists(path: string): boolean;
  /** The nearest directory at or above `path` that is a package of its own (its package.json has dependencies or scripts). */
  packageOf(path: string): string | null;
  isDirectory(path: string): boolean;
}

/** Open a project for the parsers. */
export function openProject(
  reader: Reader,
  root: AbsolutePath,
  packages: readonly string[],
  problems: Set<string>,
  tree: Tree = walkTree(reader, root),
): Project {
  for (const problem of tree.problems) problems.add(problem);
  const texts = new Map<string, string | null>();
  const kindOf = (path: string): string | null => {
    const resolved = reader.resolve(under(root, path));
    if (!resolved.ok || !resolved.value.exists) return null;
    const status = reader.status(resolved.value.resolved);
    return status.ok ? status.value.kind : null;
  };
  const manifests = new Set(tree.files.filter((file) => file.name === 'package.json').map((file) => file.directory));
  const isPackage = new Map<string, boolean>();
  const project: Project = {
    reader,
    root,
    tree,
    packages,
    problem: (text) => problems.add(text),
    text(path) {
      const known = texts.get(path);
      if (known !== undefined) return known;
      const read = reader.text(under(root, path), FILE_LIMIT);
      if (!read.ok && read.failure.kind !== 'missing') problems.add(`${path}: ${read.failure.reason}`);
      const text = read.ok ? read.value : null;
      texts.set(path, text);
      return text;
    },
    exists: (path) => kindOf(path) !== null,
    isDirectory: (path) => kindOf(path) === 'directory',
    packageOf(path) {
      for (let at = path; ; at = directoryOf(at)) {
        if (manifests.has(at)) {
          let own = isPackage.get(at);
          if (own === undefined) {
            // A package.json with nothing but `type` only says how node reads a directory.
            own =
              packages.includes(at) ||
              /"(dependencies|scripts)"\s*:/.test(
                project.text(at === '' ? 'package.json' : `${at}/package.json`) ?? '',
              );
            isPackage.set(at, own);
          }
          if (own) return at;
        }
        if (at === '') return null;
      }
    },
  };
  return project;
}

/** The number of the line (from 1) on which the character at `offset` stands. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
