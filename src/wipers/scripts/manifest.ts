import type { AbsolutePath } from '../../model/path.ts';
import { absolutePath, parentOf } from '../../model/path.ts';
import { expandBraces } from '../paths.ts';
import { walkGlob } from '../shell/glob-walk.ts';
import type { Run } from '../shell/shell.ts';

/** Packages of one workspace that are looked at. */
const MEMBER_LIMIT = 1_000;

/** What the analysis needs of a package.json. */
export interface Manifest {
  readonly directory: AbsolutePath;
  readonly name: string | null;
  readonly scripts: ReadonlyMap<string, string>;
  readonly workspaces: readonly string[];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

/** Read the text of a package.json. `null` when it is not JSON or not an object. */
export function readManifest(text: string, directory: AbsolutePath): Manifest | null {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
  if (!isRecord(json)) return null;
  const scripts = new Map<string, string>();
  if (isRecord(json['scripts'])) {
    for (const [name, command] of Object.entries(json['scripts']))
      if (typeof command === 'string') scripts.set(name, command);
  }
  const declared = json['workspaces'];
  return {
    directory,
    name: typeof json['name'] === 'string' ? json['name'] : null,
    scripts,
    workspaces: isRecord(declared) ? strings(declared['packages']) : strings(declared),
  };
}

const CACHE = new WeakMap<object, Map<AbsolutePath, Manifest | null>>();

/** The package.json in a directory; remembered for the world it was read from. */
export function manifestAt(run: Run, directory: AbsolutePath): Manifest | null {
  const { world } = run.models;
  let known = CACHE.get(world);
  if (known === undefined) {
    known = new Map();
    CACHE.set(world, known);
  }
  const before = known.get(directory);
  if (before !== undefined) return before;
  const text = world.text(absolutePath(`${directory}/package.json`));
  const made = text === null ? null : readManifest(text, directory);
  known.set(directory, made);
  return made;
}

/** The package that a command in this directory belongs to: as npm, upward from it. */
export function nearestManifest(run: Run, directory: AbsolutePath): Manifest | null {
  for (let at = directory; ; at = parentOf(at)) {
    const manifest = manifestAt(run, at);
    if (manifest !== null) return manifest;
    if (at === '/') return null;
  }
}

/** `packages:` of pnpm-workspace.yaml and lerna.json, read by line: only plain lists of strings are used there. */
function otherWorkspaces(run: Run, directory: AbsolutePath): string[] {
  const found: string[] = [];
  const pnpm = run.models.world.text(absolutePath(`${directory}/pnpm-workspace.yaml`));
  if (pnpm !== null) {
    let inside = false;
    for (const line of pnpm.split('\n').slice(0, 500)) {
      if (/^\S/.test(line)) inside = /^packages\s*:/.test(line);
      const item = /^\s*-\s*['"]?([^'"#]+?)['"]?\s*(?:#.*)?$/.exec(line);
      if (inside && item !== null) found.push(item[1] ?? '');
    }
  }
  const lerna = run.models.world.text(absolutePath(`${directory}/lerna.json`));
  if (lerna !== null) {
    try {
      const json: unknown = JSON.parse(lerna);
      found.push(
        ...(isRecord(json) ? (json['packages'] === undefined ? ['packages/*'] : strings(json['packages'])) : []),
      );
    } catch {
      // A lerna.json that is not JSON names no packages.
    }
  }
  return found;
}

/** The member packages of a workspace, sorted by directory. */
export function workspacesOf(run: Run, root: Manifest): Manifest[] {
  const patterns = [...root.workspaces, ...otherWorkspaces(run, root.directory)];
  const members = new Map<AbsolutePath, Manifest>();
  for (const pattern of patterns.filter((text) => !text.startsWith('!'))) {
    for (const choice of expandBraces(pattern)) {
      const found = walkGlob(run.tree, root.directory, choice.replace(/^\.\//, ''), {
        dot: false,
        extended: true,
        globstar: true,
        globstarDot: false,
        step: () => run.step(0.2),
      });
      for (const path of found.slice(0, MEMBER_LIMIT)) {
        if (path.includes('node_modules')) continue;
        const manifest = manifestAt(run, absolutePath(`${root.directory}/${path}`));
        if (manifest !== null) members.set(manifest.directory, manifest);
      }
    }
  }
  return [...members.values()].sort((a, b) => (a.directory < b.directory ? -1 : 1));
}
