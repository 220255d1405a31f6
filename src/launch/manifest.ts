/** package.json as launches need it. */
import type { Project } from './source.ts';

export interface Manifest {
  readonly name: string | null;
  readonly main: string | null;
  readonly scripts: ReadonlyMap<string, string>;
  readonly dependencies: ReadonlySet<string>;
}

function strings(value: unknown): Map<string, string> {
  const map = new Map<string, string>();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return map;
  for (const [name, text] of Object.entries(value)) if (typeof text === 'string') map.set(name, text);
  return map;
}

/** Every script asks for its manifest: each is parsed once a project. */
const known = new WeakMap<Project, Map<string, Manifest | null>>();

/** The package.json of a directory of the project; `null` when there is none or it is not JSON (which is a problem). */
export function readManifest(project: Project, directory: string): Manifest | null {
  const manifests = known.get(project) ?? new Map<string, Manifest | null>();
  known.set(project, manifests);
  let manifest = manifests.get(directory);
  if (manifest === undefined) {
    manifest = parseManifest(project, directory);
    manifests.set(directory, manifest);
  }
  return manifest;
}

function parseManifest(project: Project, directory: string): Manifest | null {
  const path = directory === '' ? 'package.json' : `${directory}/package.json`;
  const text = project.text(path);
  if (text === null) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    project.problem(`${path}: it is not valid JSON`);
    return null;
  }
  if (typeof parsed !== 'object' || parsed === null) return null;
  const { name, main, scripts, dependencies, devDependencies } = parsed as Record<string, unknown>;
  return {
    name: typeof name === 'string' ? name : null,
    main: typeof main === 'string' ? main : null,
    scripts: strings(scripts),
    dependencies: new Set([...strings(dependencies).keys(), ...strings(devDependencies).keys()]),
  };
}
