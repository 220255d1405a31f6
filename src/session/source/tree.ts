import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import type { Reader, ReadFailure } from '../../model/reader.ts';
import { setsEnvironment } from './env-marks.ts';
import { directoryIgnores } from './ignored.ts';
import { importTails, lastPart, tailsOf } from './import-tails.ts';
import { entriesOf, isRecord, LIBRARY, type Manifest, readManifest } from './manifest.ts';
import { buildModule, type SourceModule } from './module.ts';
import { loadParser, SOURCE_LIMIT, sourceEnding } from './parse.ts';
import { type Alias, applyAlias, joinRelative, makeAlias, typescriptAliases } from './paths.ts';
import { walkSources } from './walk.ts';

/** Where an import leads. */
export type ImportTarget =
  | { readonly kind: 'source' | 'json'; readonly file: string }
  /** A package or a module of node itself; `library`: it is whatsapp-web.js under whatever name. */
  | { readonly kind: 'package'; readonly name: string; readonly library: boolean }
  | { readonly kind: 'unresolved'; readonly specifier: string };

/** The source of one project, parsed on demand. Nothing of it is executed. */
export interface SourceTree {
  readonly reader: Reader;
  readonly root: AbsolutePath;
  /** Every source file that the walk found, relative to the root. */
  readonly files: readonly string[];
  /** By directory relative to the root. */
  readonly manifests: ReadonlyMap<string, Manifest>;
  /** What could not be looked at or understood, in plain words; grows while files are loaded. */
  readonly problems: readonly string[];
  /** A parsed file, memoised; `null` (and a problem) when it cannot be read or parsed. */
  load(file: string): SourceModule | null;
  /** A JSON file of the project, `undefined` when it cannot be read. */
  json(file: string): unknown;
  /** Where `specifier`, written in `from`, leads. */
  resolve(from: string, specifier: string): ImportTarget;
  /** The nearest directory at or above a file that holds a package.json; `''` when none does. */
  packageOf(file: string): string;
  /** The files whose bytes hold one of the texts. Costs one read of every file; parses nothing. */
  filesHolding(texts: readonly string[]): string[];
  /** The files that may import `file`, by the last component of what they import. Costs nothing beyond {@link libraryFiles}. */
  importCandidates(file: string): string[];
  /** The files that name whatsapp-web.js (or an alias of it). One reading of every file. */
  libraryFiles(): string[];
  /** The files that give a variable of the environment a value. Costs nothing beyond {@link libraryFiles}. */
  environmentFiles(): readonly string[];
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.json'];
const JSON_LIMIT = 4 * 1024 * 1024;
/** `import './x.js'` in TypeScript means `x.ts`. */
const WRITTEN_AS: Readonly<Record<string, readonly string[]>> = {
  '.js': ['.ts', '.tsx', '.jsx'],
  '.mjs': ['.mts'],
  '.cjs': ['.cts'],
  '.jsx': ['.tsx'],
};
/** Modules of node itself. */
const BUILTIN = new Set(
  'assert async_hooks buffer child_process cluster console constants crypto dgram diagnostics_channel dns domain events fs http http2 https inspector module net os path perf_hooks process punycode querystring readline repl stream string_decoder sys timers tls trace_events tty url util v8 vm wasi worker_threads zlib'.split(
    ' ',
  ),
);
/** Conditions of `exports` and `imports` maps, in the order in which source is most likely found. */
const CONDITIONS = ['source', 'types', 'development', 'node', 'import', 'module', 'require', 'default'];

/** Open the source of the project at `root` (absolute, on the machine under examination). Never throws. */
export async function openSource(
  reader: Reader,
  root: AbsolutePath,
): Promise<{ readonly ok: true; readonly tree: SourceTree } | { readonly ok: false; readonly reason: string }> {
  const parser = await loadParser();
  if (!parser.ok) return parser;
  const { parse } = parser;
  const ignored = await directoryIgnores(reader, root);
  let walk = walkSources(reader, root, { ignored });
  const problems = new Set(walk.problems);
  const modules = new Map<string, SourceModule | null>();
  const jsons = new Map<string, unknown>();
  const kinds = new Map<string, string | null>();

  const manifests = new Map<string, Manifest>();
  const readManifests = (directories: readonly string[]): void => {
    for (const directory of directories) {
      if (manifests.has(directory)) continue;
      const manifest = readManifest(reader, root, directory);
      if (typeof manifest === 'string') {
        problems.add(`${directory === '' ? '' : `${directory}/`}package.json could not be read: ${manifest}`);
      } else if (manifest !== null) manifests.set(directory, manifest);
    }
  };
  readManifests(walk.packages);

  /** Names by which the library is imported anywhere in the project. */
  const libraryNames = new Set([LIBRARY]);
  const workspaces = new Map<string, Manifest>();
  for (const manifest of manifests.values()) {
    for (const name of manifest.libraries.keys()) libraryNames.add(name);
    if (manifest.name !== null) workspaces.set(manifest.name, manifest);
  }

  let aliases: readonly Alias[] | null = null;
  const allAliases = (): readonly Alias[] => {
    aliases ??= [
      ...walk.typescriptRoots.flatMap((directory) => typescriptAliases(reader, root, directory)),
      ...[...manifests.values()].flatMap(({ directory, aliases: own }) =>
        [...own].flatMap(([name, target]) => [
          ...makeAlias(directory, name, target, directory),
          ...makeAlias(directory, `${name}/*`, `${target}/*`, directory),
        ]),
      ),
    ].sort((a, b) => b.scope.length - a.scope.length || b.prefix.length - a.prefix.length);
    return aliases;
  };

  const kindOf = (path: string): string | null => {
    const known = kinds.get(path);
    if (known !== undefined) return known;
    const resolved = reader.resolve(`${root}/${path}`);
    let kind: string | null = null;
    if (resolved.ok && resolved.value.exists) {
      const status = reader.status(resolved.value.resolved);
      if (status.ok) kind = status.value.kind;
    }
    kinds.set(path, kind);
    return kind;
  };

  /** The file that a path without or with an ending means, relative to the root. */
  const fileAt = (path: string | null, depth = 0): string | null => {
    if (path === null || depth > 3) return null;
    if (path !== '' && kindOf(path) === 'file') return path;
    const dot = path.lastIndexOf('.');
    for (const written of WRITTEN_AS[dot === -1 ? '' : path.slice(dot)] ?? []) {
      const candidate = path.slice(0, dot) + written;
      if (kindOf(candidate) === 'file') return candidate;
    }
    if (path !== '') {
      for (const extension of EXTENSIONS) if (kindOf(path + extension) === 'file') return path + extension;
    }
    if (path !== '' && kindOf(path) !== 'directory') return null;
    const manifest = manifests.get(path);
    if (manifest?.main != null) {
      const main = joinRelative(path, manifest.main);
      const found = main === path ? null : fileAt(main, depth + 1);
      if (found !== null) return found;
    }
    const index = path === '' ? 'index' : `${path}/index`;
    for (const extension of EXTENSIONS) if (kindOf(index + extension) === 'file') return index + extension;
    return null;
  };

  const targetOf = (file: string): ImportTarget => {
    // A copy of the library inside the project is the library.
    const manifest = manifests.get(packageOf(file));
    if (manifest?.name === LIBRARY || (manifest?.name ?? '').endsWith(`/${LIBRARY}`)) {
      return { kind: 'package', name: LIBRARY, library: true };
    }
    return { kind: file.endsWith('.json') ? 'json' : 'source', file };
  };

  const packageOf = (file: string): string => {
    let at = file;
    for (;;) {
      const slash = at.lastIndexOf('/');
      at = slash === -1 ? '' : at.slice(0, slash);
      if (at === '' || manifests.has(at)) return at;
    }
  };

  /** The first file that a map of `imports` or `exports` leads to. */
  const mapped = (directory: string, map: unknown, key: string): string | null => {
    for (const [pattern, value] of entriesOf(map)) {
      const [alias] = makeAlias(directory, pattern, '*', '');
      if (alias === undefined) continue;
      const star = pattern.indexOf('*');
      if (star === -1 ? pattern !== key : applyAlias({ ...alias, targets: ['*'] }, key).length === 0) continue;
      const middle = star === -1 ? '' : key.slice(star, key.length - (pattern.length - star - 1));
      const target = conditional(value);
      if (target === null) continue;
      const found = fileAt(
        joinRelative(
          directory,
          target.replaceAll('*', () => middle),
        ),
      );
      if (found !== null) return found;
    }
    return null;
  };

  const workspaceFile = (manifest: Manifest, subpath: string): string | null => {
    const { directory, exports, main } = manifest;
    const key = subpath === '' ? '.' : `./${subpath}`;
    const map =
      isRecord(exports) && Object.keys(exports).some((name) => name.startsWith('.')) ? exports : { '.': exports };
    const tries = [
      () => mapped(directory, map, key),
      () => (subpath === '' ? null : fileAt(joinRelative(directory, subpath))),
      () => (subpath === '' ? null : fileAt(joinRelative(directory, `src/${subpath}`))),
      () => (subpath === '' && main !== null ? fileAt(joinRelative(directory, main)) : null),
      // Built entry points name files that are not there before the build.
      () => (subpath === '' ? fileAt(joinRelative(directory, 'src/index')) : null),
      () => (subpath === '' ? fileAt(joinRelative(directory, 'index')) : null),
    ];
    for (const attempt of tries) {
      const found = attempt();
      if (found !== null) return found;
    }
    return null;
  };

  const resolve = (from: string, written: string): ImportTarget => {
    const specifier = written.replace(/^file:(\/\/)?/, '');
    const here = from.includes('/') ? from.slice(0, from.lastIndexOf('/')) : '';
    if (specifier.startsWith('.')) {
      const file = fileAt(joinRelative(here, specifier));
      return file === null ? { kind: 'unresolved', specifier } : targetOf(file);
    }
    if (specifier.startsWith('#')) {
      const directory = packageOf(from);
      const file = mapped(directory, manifests.get(directory)?.imports, specifier);
      return file === null ? (aliased(from, specifier) ?? { kind: 'unresolved', specifier }) : targetOf(file);
    }
    if (specifier.startsWith('node:')) return { kind: 'package', name: specifier.slice(5), library: false };
    const [, name = specifier] = /^(@[^/]+\/[^/]+|[^/]+)/.exec(specifier) ?? [];
    if (libraryNames.has(name) || name.endsWith(`/${LIBRARY}`)) return { kind: 'package', name, library: true };
    const found = aliased(from, specifier);
    if (found !== null) return found;
    const workspace = workspaces.get(name);
    if (workspace !== undefined) {
      const file = workspaceFile(workspace, specifier.slice(name.length + 1));
      if (file !== null) return targetOf(file);
    }
    return guessed(from, name, specifier) ?? { kind: 'package', name: specifier, library: false };
  };

  /** A bare name that no package.json declares: bundlers and path plug-ins look in the project. */
  const guessed = (from: string, name: string, specifier: string): ImportTarget | null => {
    const directory = packageOf(from);
    if (BUILTIN.has(name) || manifests.get(directory)?.dependencies.has(name) === true) return null;
    if (manifests.get('')?.dependencies.has(name) === true) return null;
    const path = specifier.replace(/^[@~]\//, '');
    for (const base of path === specifier ? [directory, `${directory}/src`] : [`${directory}/src`, directory]) {
      const file = fileAt(joinRelative('', `${base}/${path}`));
      if (file !== null && file !== from) return targetOf(file);
    }
    return null;
  };

  const aliased = (from: string, specifier: string): ImportTarget | null => {
    for (const alias of allAliases()) {
      if (alias.scope !== '' && !from.startsWith(`${alias.scope}/`)) continue;
      for (const candidate of applyAlias(alias, specifier)) {
        const file = fileAt(candidate);
        if (file !== null) return targetOf(file);
      }
    }
    return null;
  };

  const holdsAny = (bytes: Uint8Array, needles: readonly Buffer[]): boolean => {
    const view = asBuffer(bytes);
    return needles.some((needle) => view.includes(needle));
  };

  /** Hand every file of the walk to `look`, one directory after the other. */
  const eachFile = (look: (file: string, bytes: Uint8Array) => void): void => {
    const unread = (file: string, { kind, reason }: ReadFailure): void => {
      if (kind !== 'missing') problems.add(`${file} could not be read: ${reason}`);
    };
    for (const [directory, names] of walk.byDirectory) {
      const prefix = directory === '' ? '' : `${directory}/`;
      const scanned = reader.scan?.(absolutePath(`${root}/${directory}`), names, SOURCE_LIMIT, (name, piece) => {
        if (piece.ok) look(prefix + name, piece.value.bytes);
        else unread(prefix + name, piece.failure);
      });
      if (scanned?.ok === true) continue;
      for (const name of names) {
        const read = reader.bytes(absolutePath(`${root}/${prefix}${name}`));
        if (read.ok) look(prefix + name, read.value);
        else unread(prefix + name, read.failure);
      }
    }
  };

  const filesHolding = (texts: readonly string[]): string[] => {
    const needles = texts.map((text) => Buffer.from(text));
    const found: string[] = [];
    eachFile((file, bytes) => {
      if (holdsAny(bytes, needles)) found.push(file);
    });
    return found;
  };

  /** Files by the last component of what they import, filled by the same reading that looks for the library. */
  const importers = new Map<string, string[]>();
  const setters: string[] = [];
  const searchLibrary = (): string[] => {
    const needles = [...libraryNames].map((name) => Buffer.from(name));
    const found: string[] = [];
    importers.clear();
    setters.length = 0;
    eachFile((file, bytes) => {
      const view = asBuffer(bytes);
      if (needles.some((needle) => view.includes(needle))) found.push(file);
      if (setsEnvironment(view)) setters.push(file);
      for (const tail of importTails(view)) {
        const known = importers.get(tail);
        if (known === undefined) importers.set(tail, [file]);
        else known.push(file);
      }
    });
    return found;
  };

  let library: string[] | null = null;
  const tree: SourceTree = {
    reader,
    root,
    get files() {
      return walk.files;
    },
    manifests,
    get problems() {
      return [...problems];
    },
    load(file) {
      const known = modules.get(file);
      if (known !== undefined) return known;
      modules.set(file, null);
      const read = reader.text(absolutePath(`${root}/${file}`), SOURCE_LIMIT);
      const parsed = read.ok ? parse(file, read.value) : { ok: false as const, reason: read.failure.reason };
      if (!parsed.ok || !read.ok) {
        problems.add(`${file} was skipped: ${parsed.ok ? 'it could not be read' : parsed.reason}`);
        return null;
      }
      const built = buildModule(file, read.value, parsed.program);
      modules.set(file, built);
      return built;
    },
    json(file) {
      if (jsons.has(file)) return jsons.get(file);
      const read = reader.text(absolutePath(`${root}/${file}`), JSON_LIMIT);
      let value: unknown;
      try {
        value = read.ok ? JSON.parse(read.value.replace(/^\uFEFF/, '')) : undefined;
      } catch {
        value = undefined;
      }
      jsons.set(file, value);
      return value;
    },
    resolve,
    packageOf,
    filesHolding,
    importCandidates(file) {
      tree.libraryFiles();
      const own = manifests.get(packageOf(file))?.name ?? null;
      const tails = new Set([...tailsOf(file), ...(own === null ? [] : [lastPart(own)])]);
      return [...new Set([...tails].flatMap((tail) => importers.get(tail) ?? []))].sort();
    },
    environmentFiles() {
      tree.libraryFiles();
      return setters;
    },
    libraryFiles() {
      if (library !== null) return library;
      library = searchLibrary();
      if (library.length === 0 && walk.outputs.length > 0) {
        // Only what tools have built is here: better that than nothing.
        walk = walkSources(reader, root, { ignored, outputs: true });
        readManifests(walk.packages);
        library = searchLibrary();
      }
      return library;
    },
  };
  return { ok: true, tree };
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function conditional(value: unknown, depth = 0): string | null {
  if (typeof value === 'string') return value;
  if (depth > 8) return null;
  if (Array.isArray(value)) return conditional(value[0], depth + 1);
  if (!isRecord(value)) return null;
  for (const condition of CONDITIONS) {
    if (Object.hasOwn(value, condition)) {
      const found = conditional(value[condition], depth + 1);
      if (found !== null && !/\.d\.[cm]?ts$/.test(found)) return found;
    }
  }
  return null;
}

/** Is this the name of a file that the loader can parse? */
export function isSourceFile(file: string): boolean {
  return sourceEnding(file) !== null;
}
