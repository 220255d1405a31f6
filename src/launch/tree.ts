/** What a launch may be declared in, found by one bounded walk over the names of the project. */
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';

/** Deployment files lie near the top; the deepest of the 53 real bots (corpus/bots) had them two levels down. */
const MAX_DEPTH = 7;
const MAX_DIRECTORIES = 4_000;
/** YAML and shell files beyond this many are not opened. */
export const MAX_FILES = 5_000;

/** Directories that hold no deployment of their own: installed, built, or a description of somebody's editor. */
const SKIPPED = new Set([
  'node_modules',
  'bower_components',
  'vendor',
  'dist',
  'out',
  '.git',
  '.next',
  '.nuxt',
  '.turbo',
  '.cache',
  '.yarn',
  '.pnpm-store',
  'coverage',
  '__tests__',
  '__fixtures__',
  'fixtures',
  'test',
  'tests',
  'spec',
  'examples',
  'example',
  '.vscode',
  '.idea',
  '.wwebjs_auth',
  '.wwebjs_cache',
]);
/** Hidden directories that do hold deployments. */
const HIDDEN_WANTED = new Set([
  '.docker',
  '.do',
  '.deploy',
  '.k8s',
  '.kube',
  '.platform',
  '.github',
  '.gitlab',
  '.systemd',
]);

/** One file of the project, by its path relative to the project. */
export interface TreeFile {
  readonly path: string;
  readonly name: string;
  /** The directory, relative to the project; `''` for the project itself. */
  readonly directory: string;
}

export interface Tree {
  readonly files: readonly TreeFile[];
  readonly problems: readonly string[];
  /** A development container: it mounts the workspace and deploys nothing. */
  readonly devContainers: readonly string[];
}

/** Join two paths relative to the project; collapses `.` and `..`. `null` when the result lies outside of the project. */
export function inProject(directory: string, path: string): string | null {
  const parts = directory === '' ? [] : directory.split('/');
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else {
      parts.push(part);
    }
  }
  return parts.join('/');
}

/** The real place of a path relative to the project. */
export function under(root: AbsolutePath, path: string): AbsolutePath {
  return path === '' ? root : absolutePath(`${root}/${path}`);
}

export function directoryOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}

/** Walk the project breadth first; links to directories are not followed. Never throws. */
export function walkTree(reader: Reader, root: AbsolutePath): Tree {
  const files: TreeFile[] = [];
  const problems: string[] = [];
  const devContainers: string[] = [];
  let level = [''];
  let directories = 0;
  for (let depth = 0; depth <= MAX_DEPTH && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const directory of level) {
      directories += 1;
      if (directories > MAX_DIRECTORIES) {
        problems.push(`only the first ${MAX_DIRECTORIES} directories were searched for deployment files`);
        return { files, problems, devContainers };
      }
      const listed = reader.list(under(root, directory));
      if (!listed.ok) {
        if (listed.failure.kind !== 'missing') problems.push(`${directory || '.'}: ${listed.failure.reason}`);
        continue;
      }
      for (const entry of listed.value) {
        const path = directory === '' ? entry.name : `${directory}/${entry.name}`;
        if (entry.kind === 'file' || entry.kind === 'link') {
          files.push({ path, name: entry.name, directory });
        } else if (entry.kind === 'directory') {
          if (entry.name === '.devcontainer') devContainers.push(path);
          if (SKIPPED.has(entry.name)) continue;
          if (entry.name.startsWith('.') && !HIDDEN_WANTED.has(entry.name)) continue;
          next.push(path);
        }
      }
    }
    level = next;
  }
  return { files, problems, devContainers };
}
