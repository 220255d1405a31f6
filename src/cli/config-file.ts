import { resolve } from 'node:path';
import type { JsonNode, Place } from '../core/document/json.ts';
import type { Machine } from '../facts/machine.ts';
import { createReader } from '../facts/reader.ts';
import { UsageError } from '../model/errors.ts';
import { absolutePath, isInside } from '../model/path.ts';
import type { Settings } from '../model/policy.ts';
import type { Reader, ReadResult } from '../model/reader.ts';
import type { Host } from './host.ts';

/** In this order; more than one of them is a mistake that must not go unnoticed. */
const NAMES = ['wa-doctor.config.json', '.wa-doctor.json'] as const;
/** The key of package.json. */
const KEY = 'wa-doctor';

/** A thousand suppressions with long reasons stay below 300 kB. */
const CONFIG_LIMIT = 1024 * 1024;
const MANIFEST_LIMIT = 8 * 1024 * 1024;

export interface LoadedConfig {
  /** As it is called in messages; `null`: there is none. */
  readonly file: string | null;
  readonly settings: Settings;
}

export const NO_CONFIG: LoadedConfig = { file: null, settings: {} };

interface Source {
  /** In messages. */
  readonly name: string;
  readonly text: string;
  /** Where in the file the config stands; `null`: it is the file. */
  readonly key: string | null;
}

function textOf(name: string, read: ReadResult<string>): string {
  if (!read.ok) throw new UsageError(`${name}: ${read.failure.reason}`);
  return read.value;
}

/** Does package.json hold a config? Only the text is looked at: most have none, and parsing costs. */
function manifestSource(reader: Reader, project: string): Source | null {
  const manifest = reader.text(absolutePath(`${project}/package.json`), MANIFEST_LIMIT);
  if (!manifest.ok || !/"wa-doctor"\s{0,100}:\s{0,100}\{/.test(manifest.value)) return null;
  return { name: 'package.json', text: manifest.value, key: KEY };
}

/** A link may stand for a file of the project, not for one of the machine. */
function checkLink(reader: Reader, project: string, name: string): void {
  const root = reader.resolve(project);
  const target = reader.resolve(`${project}/${name}`);
  if (root.ok && target.ok && isInside(target.value.resolved, root.value.resolved)) return;
  throw new UsageError(`${name}: it is a link that leads out of the project`);
}

function findSources({ reader, project }: Machine): Source[] {
  const files = NAMES.flatMap((name): Source[] => {
    const path = absolutePath(`${project}/${name}`);
    const status = reader.status(path);
    if (!status.ok && status.failure.kind === 'missing') return [];
    if (status.ok && status.value.kind === 'link') checkLink(reader, project, name);
    return [{ name, text: textOf(name, reader.text(path, CONFIG_LIMIT)), key: null }];
  });
  const manifest = manifestSource(reader, project);
  return manifest === null ? files : [...files, manifest];
}

function fault(name: string, { line, column }: Place, reason: string): UsageError {
  return new UsageError(`${name}:${line}:${column}: ${reason}`);
}

/** The config in a source, or `null` where package.json turns out to hold none. */
async function readSource(source: Source, project: string): Promise<LoadedConfig | null> {
  // Most projects have no config file: what reads one is loaded only for those that do.
  const { configNode, readConfig } = await import('./config-read.ts');
  const parsed = configNode(source.text, source.key);
  if (!parsed.ok) throw fault(source.name, parsed.at, `it is not JSON: ${parsed.reason}`);
  const node: JsonNode | null = parsed.node;
  if (node === null) return null;
  const settings = readConfig(node, source.name, project);
  if (!settings.ok) throw fault(source.name, settings.at, settings.reason);
  const file = source.key === null ? source.name : `${source.name}#${source.key}`;
  return { file, settings: settings.value };
}

/**
 * The config file in force: the one that `--config` names (a file of the machine that runs the doctor), else the one in the project
 * under examination. `--no-config`: none.
 * @throws UsageError when it cannot be read, is not valid (with the place), or when there are two.
 */
export async function loadConfig(
  wanted: string | false | undefined,
  machine: Machine,
  host: Host,
): Promise<LoadedConfig> {
  if (wanted === false) return NO_CONFIG;
  if (wanted !== undefined) return loadNamedConfig(wanted, machine.project, host);
  const found: LoadedConfig[] = [];
  for (const source of findSources(machine)) {
    const config = await readSource(source, machine.project);
    if (config !== null) found.push(config);
  }
  const [first, second] = found;
  if (first !== undefined && second !== undefined)
    throw new UsageError(`${first.file} and ${second.file} both configure wa-doctor: keep one of them`);
  return first ?? NO_CONFIG;
}

/** `--config FILE`. @throws UsageError */
export async function loadNamedConfig(wanted: string, project: string, host: Host): Promise<LoadedConfig> {
  const path = absolutePath(resolve(host.cwd, wanted));
  const text = textOf(`--config ${wanted}`, createReader().text(path, MANIFEST_LIMIT));
  const key = /(^|\/)package\.json$/.test(wanted) ? KEY : null;
  const config = await readSource({ name: wanted, text, key }, project);
  if (config === null) throw new UsageError(`--config ${wanted}: it has no "${KEY}"`);
  return config;
}
