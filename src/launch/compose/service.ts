/** One service of a compose file, with every path made relative to the project. */
import type { CommandText } from '../command.ts';
import { bytes, seconds } from '../quantities.ts';
import { inProject } from '../tree.ts';
import { splitWords } from '../words.ts';
import { type Fields, fields, items, scalar, whole } from '../yaml.ts';
import { isUnset } from './interpolate.ts';
import { type ServiceVolume, serviceVolumes, tmpfsVolumes } from './volumes.ts';

export interface ServiceBuild {
  /** Relative to the project; `null`: outside of it, or an address. */
  readonly context: string | null;
  /** As written. */
  readonly written: string;
  readonly dockerfile: string | null;
  readonly inline: string | null;
  readonly target: string | null;
  readonly args: ReadonlyMap<string, string>;
}

export interface EnvFileUse {
  /** Relative to the project; `null`: outside of it or not known. */
  readonly path: string | null;
  readonly written: string;
  readonly required: boolean;
  /** `raw`: no quotes, as docker run reads it. */
  readonly raw: boolean;
}

/** What a file says about a service; `undefined` where it says nothing, so that files can be laid over each other. */
export interface Service {
  readonly file: string;
  readonly line: number | null;
  readonly image?: string;
  readonly build?: ServiceBuild;
  readonly command?: CommandText | null;
  readonly entrypoint?: CommandText | null;
  readonly workdir?: string;
  readonly user?: string;
  readonly environment: ReadonlyMap<string, string | null>;
  readonly envFiles: readonly EnvFileUse[];
  readonly volumes: readonly ServiceVolume[];
  readonly replicas?: number;
  readonly startFirst?: boolean;
  readonly stopSignal?: string;
  readonly stopSeconds?: number;
  readonly init?: boolean;
  readonly readOnly?: boolean;
  readonly shmBytes?: number;
  readonly pids?: number;
  readonly memoryBytes?: number;
  readonly hostname?: string;
  readonly containerName?: string;
  readonly profiles: readonly string[];
}

/** `environment:` as a mapping or as a list of `NAME=value`; `null`: taken over from the shell. */
export function environmentOf(value: unknown): Map<string, string | null> {
  const map = new Map<string, string | null>();
  const record = fields(value);
  if (record !== null) {
    for (const [name, item] of Object.entries(record)) map.set(name, scalar(item));
  }
  for (const item of items(value)) {
    const text = scalar(item);
    if (text === null) continue;
    const equals = text.indexOf('=');
    if (equals < 0) map.set(text.trim(), null);
    else map.set(text.slice(0, equals).trim(), text.slice(equals + 1));
  }
  return map;
}

/** `command:` and `entrypoint:`; text is split into words, no shell is added. `null`: cleared or the image's own. */
export function commandText(value: unknown): CommandText | null {
  if (Array.isArray(value)) return { words: value.map((item) => scalar(item) ?? '') };
  const text = scalar(value);
  return text === null || text.trim() === '' ? null : { words: splitWords(text) };
}

function buildOf(value: unknown, directory: string): ServiceBuild | undefined {
  const record = fields(value);
  const context = record === null ? scalar(value) : (scalar(record['context']) ?? '.');
  if (context === null) return undefined;
  const local =
    !/^[a-z][a-z0-9+.-]*:\/\/|^git@|^github\.com\//i.test(context) &&
    !context.startsWith('/') &&
    !context.startsWith('~') &&
    !isUnset(context);
  const args = new Map<string, string>();
  for (const [name, text] of environmentOf(record?.['args'])) if (text !== null && !isUnset(text)) args.set(name, text);
  return {
    context: local ? inProject(directory, context) : null,
    written: context,
    dockerfile: scalar(record?.['dockerfile']),
    inline: scalar(record?.['dockerfile_inline']),
    target: scalar(record?.['target']),
    args,
  };
}

function envFilesOf(value: unknown, directory: string): EnvFileUse[] {
  const list = Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
  return list.flatMap((item): EnvFileUse[] => {
    const record = fields(item);
    const path = record === null ? scalar(item) : scalar(record['path']);
    if (path === null) return [];
    return [
      {
        path: isUnset(path) || path.startsWith('/') ? null : inProject(directory, path),
        written: path,
        required: record?.['required'] !== false,
        raw: record?.['format'] === 'raw',
      },
    ];
  });
}

const present = <T>(value: T | null | undefined): value is T => value !== null && value !== undefined;

/**
 * Read a service.
 *
 * @param value the interpolated mapping
 * @param directory the project directory of the file: relative paths start there
 */
export function readService(value: Fields, file: string, line: number | null, directory: string): Service {
  const deploy = fields(value['deploy']);
  const limits = fields(fields(deploy?.['resources'])?.['limits']);
  const replicas = whole(deploy?.['replicas']) ?? whole(value['scale']);
  const build = buildOf(value['build'], directory);
  const memory = bytes(scalar(value['mem_limit'])) ?? bytes(scalar(limits?.['memory']));
  const pids = whole(value['pids_limit']) ?? whole(limits?.['pids']);
  const text = (key: string): string | undefined => scalar(value[key]) ?? undefined;
  const stop = seconds(scalar(value['stop_grace_period']));
  const shm = bytes(scalar(value['shm_size']));
  const order = scalar(fields(deploy?.['update_config'])?.['order']);
  const image = text('image');
  const workdir = text('working_dir');
  const user = text('user');
  const signal = text('stop_signal');
  const hostname = text('hostname');
  const container = text('container_name');
  return {
    file,
    line,
    environment: environmentOf(value['environment']),
    envFiles: envFilesOf(value['env_file'], directory),
    volumes: [...serviceVolumes(value['volumes'], file, line, directory), ...tmpfsVolumes(value['tmpfs'], file, line)],
    profiles: items(value['profiles']).map(scalar).filter(present),
    ...(image === undefined ? {} : { image }),
    ...(build === undefined ? {} : { build }),
    ...('command' in value ? { command: commandText(value['command']) } : {}),
    ...('entrypoint' in value ? { entrypoint: commandText(value['entrypoint']) } : {}),
    ...(workdir === undefined ? {} : { workdir }),
    ...(user === undefined ? {} : { user }),
    ...(present(replicas) ? { replicas } : {}),
    ...(order === null ? {} : { startFirst: order === 'start-first' }),
    ...(signal === undefined ? {} : { stopSignal: signal }),
    ...(present(stop) ? { stopSeconds: stop } : {}),
    ...(typeof value['init'] === 'boolean' ? { init: value['init'] } : {}),
    ...(typeof value['read_only'] === 'boolean' ? { readOnly: value['read_only'] } : {}),
    ...(present(shm) ? { shmBytes: shm } : {}),
    ...(present(pids) ? { pids } : {}),
    ...(present(memory) ? { memoryBytes: memory } : {}),
    ...(hostname === undefined ? {} : { hostname }),
    ...(container === undefined ? {} : { containerName: container }),
  };
}

/** Lay `over` on `under` as compose merges two files: mappings by key, volumes by target, commands replaced. */
export function mergeServices(under: Service, over: Service): Service {
  const targets = new Set(over.volumes.map((volume) => volume.target));
  return {
    ...under,
    ...over,
    line: over.line ?? under.line,
    environment: new Map([...under.environment, ...over.environment]),
    envFiles: [...under.envFiles, ...over.envFiles],
    volumes: [...under.volumes.filter((volume) => !targets.has(volume.target)), ...over.volumes],
    profiles: [...new Set([...under.profiles, ...over.profiles])],
    ...(under.build !== undefined && over.build !== undefined
      ? {
          build: {
            ...under.build,
            ...over.build,
            target: over.build.target ?? under.build.target,
            dockerfile: over.build.dockerfile ?? under.build.dockerfile,
            args: new Map([...under.build.args, ...over.build.args]),
          },
        }
      : {}),
  };
}
