/** Compose files with what they include and extend, merged. */
import { parseDotenv } from '../env-file.ts';
import type { Project } from '../source.ts';
import { directoryOf, inProject } from '../tree.ts';
import { type Fields, fields, items, parseYaml, scalar, type YamlDocument } from '../yaml.ts';
import { interpolateTree, isUnset } from './interpolate.ts';
import { mergeServices, readService, type Service } from './service.ts';
import type { ProjectName } from './volumes.ts';

/** The largest compose file of the real bots has 3 kB. */
const SIZE_LIMIT = 128 * 1024;
const FILE_LIMIT = 30;
const SERVICE_LIMIT = 500;

/** A compose project: what `docker compose -f a -f b config` would print, as far as the doctor needs it. */
export interface ComposeProject {
  readonly files: readonly string[];
  readonly services: ReadonlyMap<string, Service>;
  /** Top-level volumes: interpolated, and as written. */
  readonly volumes: ReadonlyMap<string, { readonly value: Fields | null; readonly raw: Fields | null }>;
  readonly name: ProjectName;
  readonly notes: readonly string[];
}

interface ParsedFile {
  readonly path: string;
  readonly raw: Fields;
  readonly document: YamlDocument;
}

/** Docker's rule for project names made from a directory (compose-go, NormalizeProjectName). */
function projectName(directory: string): string {
  return (
    directory
      .toLowerCase()
      .replace(/[^a-z0-9_-]/g, '')
      .replace(/^[_-]+/, '') || 'project'
  );
}

/** Loads compose files of one project; files are parsed once. */
export class ComposeLoader {
  readonly project: Project;
  readonly #parsed = new Map<string, ParsedFile | null>();

  constructor(project: Project) {
    this.project = project;
  }

  async file(path: string): Promise<ParsedFile | null> {
    const known = this.#parsed.get(path);
    if (known !== undefined) return known;
    const text = this.project.text(path);
    let parsed: ParsedFile | null = null;
    if (text !== null) {
      const result = await parseYaml(text, SIZE_LIMIT);
      if (!result.ok) this.project.problem(`${path}: ${result.reason}`);
      else {
        const [document] = result.documents;
        const raw = fields(document?.value);
        if (document !== undefined && raw !== null) parsed = { path, raw: topLevel(raw), document };
      }
    }
    this.#parsed.set(path, parsed);
    return parsed;
  }

  /** Does every service of the file say what it runs, so that the file can stand alone? */
  async standsAlone(path: string): Promise<boolean> {
    const parsed = await this.file(path);
    const services = Object.values(fields(parsed?.raw['services']) ?? {}).map(fields);
    return (
      services.length > 0 &&
      services.every(
        (service) => service !== null && ('image' in service || 'build' in service || 'extends' in service),
      )
    );
  }

  /** Variables for interpolation: the `.env` beside the first file. */
  async variables(directory: string): Promise<Map<string, string>> {
    const path = directory === '' ? '.env' : `${directory}/.env`;
    const text = this.project.text(path);
    if (text === null) return new Map();
    const parsed = await parseDotenv(text);
    if (parsed.ok) return new Map(parsed.values);
    this.project.problem(`${path}: ${parsed.reason}`);
    return new Map();
  }

  /** Load files that are used together, the first is the base. */
  async load(paths: readonly string[]): Promise<ComposeProject | null> {
    const [first] = paths;
    if (first === undefined) return null;
    const directory = directoryOf(first);
    const variables = await this.variables(directory);
    const services = new Map<string, Service>();
    const volumes = new Map<string, { value: Fields | null; raw: Fields | null }>();
    const notes: string[] = [];
    const state: LoadState = { services, volumes, notes, seen: new Set(), name: null };
    for (const path of paths) await this.merge(path, directory, variables, state, 0);
    if (services.size === 0) return null;
    const fixed =
      state.name !== null && !isUnset(state.name) ? state.name : (variables.get('COMPOSE_PROJECT_NAME') ?? null);
    const folder = directory === '' ? (this.project.root.split('/').at(-1) ?? '') : (directory.split('/').at(-1) ?? '');
    return {
      files: paths,
      services,
      volumes,
      name: fixed === null ? { name: projectName(folder), fixed: false } : { name: fixed, fixed: true },
      notes,
    };
  }

  async merge(
    path: string,
    directory: string,
    variables: ReadonlyMap<string, string>,
    state: LoadState,
    depth: number,
  ): Promise<void> {
    if (state.seen.has(path)) {
      this.project.problem(`${path}: compose files include each other in a circle`);
      return;
    }
    if (state.seen.size >= FILE_LIMIT || depth > 10) {
      this.project.problem(`${path}: more than ${FILE_LIMIT} compose files include each other; the rest was not read`);
      return;
    }
    state.seen.add(path);
    const parsed = await this.file(path);
    if (parsed === null) return;
    const value = fields(interpolateTree(parsed.raw, variables)) ?? {};
    for (const item of items(value['include'])) await this.include(item, path, directory, variables, state, depth);
    state.name = scalar(value['name']) ?? state.name;
    const rawVolumes = fields(parsed.raw['volumes']) ?? {};
    for (const [name, volume] of Object.entries(fields(value['volumes']) ?? {})) {
      state.volumes.set(name, { value: fields(volume), raw: fields(rawVolumes[name]) });
    }
    for (const name of Object.keys(fields(value['services']) ?? {}).slice(0, SERVICE_LIMIT)) {
      const service = await this.service(path, name, directory, variables, []);
      if (service === null) continue;
      const under = state.services.get(name);
      state.services.set(name, under === undefined ? service : mergeServices(under, service));
    }
    if (depth === 0) state.seen.delete(path);
  }

  async include(
    item: unknown,
    from: string,
    directory: string,
    variables: ReadonlyMap<string, string>,
    state: LoadState,
    depth: number,
  ): Promise<void> {
    const record = fields(item);
    const paths =
      record === null
        ? [scalar(item)]
        : Array.isArray(record['path'])
          ? record['path'].map(scalar)
          : [scalar(record['path'])];
    for (const written of paths) {
      if (written === null) continue;
      const path = /^[a-z]+:\/\/|^oci:|^\//.test(written) ? null : inProject(directory, written);
      if (path === null || !this.project.exists(path)) {
        state.notes.push(`${from} includes ${written}, which is not in the tree`);
        continue;
      }
      const own = scalar(record?.['project_directory']);
      const below = own === null ? directoryOf(path) : (inProject(directory, own) ?? directory);
      await this.merge(path, below, new Map([...(await this.variables(below)), ...variables]), state, depth + 1);
    }
  }

  /** One service of a file with what it extends. */
  async service(
    path: string,
    name: string,
    directory: string,
    variables: ReadonlyMap<string, string>,
    chain: readonly string[],
  ): Promise<Service | null> {
    const key = `${path}#${name}`;
    if (chain.includes(key) || chain.length > 10) {
      this.project.problem(`${path}: service ${name} extends itself`);
      return null;
    }
    const parsed = await this.file(path);
    const raw = fields(fields(parsed?.raw['services'])?.[name]);
    if (parsed === null || raw === null) return null;
    const value = fields(interpolateTree(raw, variables)) ?? {};
    const line = parsed.document.lineOf(['services', name]) ?? parsed.document.lineOf([name]);
    const service = readService(value, path, line === null ? null : Math.max(1, line - 1), directory);
    const lined = {
      ...service,
      volumes: service.volumes.map((volume, index) => ({
        ...volume,
        line: parsed.document.lineOf(['services', name, 'volumes', index]) ?? volume.line,
      })),
    };
    const parent = fields(value['extends']);
    const parentName = parent === null ? scalar(value['extends']) : scalar(parent['service']);
    if (parentName === null) return lined;
    const written = scalar(parent?.['file']);
    const file = written === null ? path : inProject(directory, written);
    if (file === null || (written !== null && !this.project.exists(file))) {
      this.project.problem(`${path}: service ${name} extends ${written}, which is not in the tree`);
      return lined;
    }
    const below = written === null ? directory : directoryOf(file);
    const base = await this.service(file, parentName, below, variables, [...chain, key]);
    return base === null ? lined : mergeServices(base, lined);
  }
}

interface LoadState {
  readonly services: Map<string, Service>;
  readonly volumes: Map<string, { value: Fields | null; raw: Fields | null }>;
  readonly notes: string[];
  readonly seen: Set<string>;
  name: string | null;
}

const TOP_LEVEL = new Set([
  'version',
  'services',
  'volumes',
  'networks',
  'configs',
  'secrets',
  'name',
  'include',
  'models',
]);

/** Files of the first format (before `services:`) list the services at the top. */
function topLevel(raw: Fields): Fields {
  if ('services' in raw || 'include' in raw) return raw;
  const services = Object.entries(raw).filter(
    ([name, value]) =>
      !TOP_LEVEL.has(name) &&
      !name.startsWith('x-') &&
      fields(value) !== null &&
      ('image' in (value as object) || 'build' in (value as object)),
  );
  return services.length === 0 ? raw : { ...raw, services: Object.fromEntries(services) };
}
