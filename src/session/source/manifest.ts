import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import type { Reader } from '../../model/reader.ts';

/** A package.json as far as source analysis needs it. */
export interface Manifest {
  /** Its directory, relative to the project. */
  readonly directory: string;
  readonly name: string | null;
  readonly main: string | null;
  /** Names under which the source may import whatsapp-web.js, and the ranges. */
  readonly libraries: ReadonlyMap<string, string>;
  readonly imports: unknown;
  readonly exports: unknown;
  /** `_moduleAliases` of the module-alias package. */
  readonly aliases: ReadonlyMap<string, string>;
  readonly workspaces: boolean;
  /** Every package that it declares to need. */
  readonly dependencies: ReadonlySet<string>;
}

export const LIBRARY = 'whatsapp-web.js';

/** A manifest larger than this is not hand-written. */
const MANIFEST_LIMIT = 1024 * 1024;
/** Longer ranges are not addresses. */
const RANGE_LIMIT = 500;
const DEPENDENCY_KEYS = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'];

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The own entries of a value that should be an object. */
export function entriesOf(value: unknown): [string, unknown][] {
  return isRecord(value) ? Object.entries(value) : [];
}

/** Does this name, or this range of another name, install whatsapp-web.js or a fork that keeps its name? */
function isLibrary(name: string, range: string): boolean {
  if (name === LIBRARY || name.endsWith(`/${LIBRARY}`)) return true;
  if (range.length > RANGE_LIMIT) return false;
  return (
    /^npm:(@[^/@]+\/)?whatsapp-web\.js(@|$)/.test(range) ||
    /^(github:|git\+|git:|https?:|git@|[\w-]+\/).*\bwhatsapp-web\.js(\.git)?([#/].*)?$/.test(range)
  );
}

/** Read a package.json; a reason when it is there and cannot be read, `null` when it is missing. */
export function readManifest(reader: Reader, root: AbsolutePath, directory: string): Manifest | string | null {
  const path = absolutePath(`${root}/${directory}/package.json`);
  const read = reader.text(path, MANIFEST_LIMIT);
  if (!read.ok) return read.failure.kind === 'missing' ? null : read.failure.reason;
  let json: unknown;
  try {
    json = JSON.parse(read.value.replace(/^\uFEFF/, ''));
  } catch {
    return 'it is not valid JSON';
  }
  if (!isRecord(json)) return 'it does not hold an object';
  const libraries = new Map<string, string>();
  const dependencies = new Set<string>();
  for (const key of DEPENDENCY_KEYS) {
    for (const [name, range] of entriesOf(json[key])) {
      dependencies.add(name);
      if (typeof range === 'string' && isLibrary(name, range) && !libraries.has(name)) libraries.set(name, range);
    }
  }
  const aliases = new Map<string, string>();
  for (const [alias, target] of entriesOf(json['_moduleAliases'])) {
    if (typeof target === 'string') aliases.set(alias, target);
  }
  return {
    directory,
    name: typeof json['name'] === 'string' ? json['name'] : null,
    main: typeof json['main'] === 'string' ? json['main'] : null,
    libraries,
    imports: json['imports'],
    exports: json['exports'],
    aliases,
    workspaces: json['workspaces'] !== undefined,
    dependencies,
  };
}
