import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import type { DirectoryEntry, Reader } from '../../model/reader.ts';
import { sourceEnding } from './parse.ts';

/** Directories that hold no source of the project, whatever their content. */
const NEVER = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  '.git',
  '.hg',
  '.svn',
  '.cache',
  '.yarn',
  '.pnpm-store',
  '.npm',
  '.venv',
  'venv',
  '__pycache__',
  '.wwebjs_auth',
  '.wwebjs_cache',
  '.idea',
  '.vscode',
]);
/** Directories that tools write: walked only where nothing else in the project names the library. */
const BUILD_OUTPUT = new Set([
  'dist',
  'build',
  'out',
  '.next',
  '.nuxt',
  '.output',
  '.svelte-kit',
  '.turbo',
  '.parcel-cache',
  '.serverless',
  '.vercel',
  'coverage',
  '.nyc_output',
]);
/** The largest public bot repository that was seen holds 4,000 source files. */
const FILE_LIMIT = 50_000;
const DIRECTORY_LIMIT = 20_000;
const DEPTH_LIMIT = 40;

export interface Walk {
  /** Source files relative to the root, sorted by code unit within each directory, parents first. */
  readonly files: readonly string[];
  /** The same by directory: names only. */
  readonly byDirectory: ReadonlyMap<string, readonly string[]>;
  /** Directories (relative, `''` for the root) that hold a package.json. */
  readonly packages: readonly string[];
  /** Directories that hold a tsconfig.json or jsconfig.json. */
  readonly typescriptRoots: readonly string[];
  /** Build output directories that were left out. */
  readonly outputs: readonly string[];
  /** What could not be looked at, in plain words. */
  readonly problems: readonly string[];
}

export interface WalkOptions {
  /** Walk build output too. */
  readonly outputs?: boolean;
  /** Says of a directory (relative) that version control ignores it. */
  readonly ignored?: (directory: string) => boolean;
}

/** A Chromium profile, which holds thousands of files and no source. */
function isProfile(entries: readonly DirectoryEntry[]): boolean {
  return entries.some(({ name }) => name === 'Local State') && entries.some(({ name }) => name === 'Default');
}

/** The source files below `root`. Links to directories are not followed. Never throws. */
export function walkSources(reader: Reader, root: AbsolutePath, options: WalkOptions = {}): Walk {
  const files: string[] = [];
  const byDirectory = new Map<string, string[]>();
  const packages: string[] = [];
  const typescriptRoots: string[] = [];
  const outputs: string[] = [];
  const problems: string[] = [];
  const queue: { directory: string; depth: number }[] = [{ directory: '', depth: 0 }];
  let directories = 0;
  for (let index = 0; index < queue.length; index++) {
    const { directory, depth } = queue[index] as { directory: string; depth: number };
    if (++directories > DIRECTORY_LIMIT) {
      problems.push(`the project holds more than ${DIRECTORY_LIMIT} directories; the rest was not searched`);
      break;
    }
    const listed = reader.list(absolutePath(`${root}/${directory}`));
    if (!listed.ok) {
      problems.push(`${directory === '' ? 'the project' : directory} could not be listed: ${listed.failure.reason}`);
      continue;
    }
    if (isProfile(listed.value)) continue;
    const prefix = directory === '' ? '' : `${directory}/`;
    for (const { name, kind } of listed.value) {
      const path = prefix + name;
      if (kind === 'directory') {
        if (NEVER.has(name)) continue;
        if (BUILD_OUTPUT.has(name) && options.outputs !== true) {
          outputs.push(path);
          continue;
        }
        if (depth >= DEPTH_LIMIT) {
          problems.push(`${path} lies deeper than ${DEPTH_LIMIT} directories and was not searched`);
          continue;
        }
        if (options.ignored?.(path) === true) continue;
        queue.push({ directory: path, depth: depth + 1 });
      } else if (kind === 'file') {
        if (name === 'package.json') packages.push(directory);
        else if (name === 'tsconfig.json' || name === 'jsconfig.json') typescriptRoots.push(directory);
        else if (sourceEnding(name) !== null) {
          if (files.length >= FILE_LIMIT) {
            problems.push(`the project holds more than ${FILE_LIMIT} source files; the rest was not searched`);
            return { files, byDirectory, packages, typescriptRoots, outputs, problems };
          }
          files.push(path);
          const known = byDirectory.get(directory);
          if (known === undefined) byDirectory.set(directory, [name]);
          else known.push(name);
        }
      }
    }
  }
  return { files, byDirectory, packages, typescriptRoots, outputs, problems };
}
