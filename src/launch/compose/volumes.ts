/** `volumes:` and `tmpfs:` of a service, short and long, and the top-level `volumes:`. */
import type { LaunchVolume } from '../../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import { type DeclaredEngine, declaredMount } from '../../mounts/declare.ts';
import type { ContainerMount } from '../container.ts';
import { inProject } from '../tree.ts';
import { type Fields, fields, items, scalar } from '../yaml.ts';
import { isUnset, unsetNames, written } from './interpolate.ts';

export interface ServiceVolume {
  readonly type: 'bind' | 'volume' | 'tmpfs' | 'other';
  /** As written; `null`: anonymous. */
  readonly source: string | null;
  readonly target: string;
  readonly readOnly: boolean;
  readonly subpath: string | null;
  /** The project's file or directory that a bind shows; `null`: none, or outside of the project. */
  readonly shows: string | null;
  readonly file: string;
  readonly line: number | null;
}

/** A source that compose takes for a path: `.wwebjs_auth` is one, because it starts with a dot (compose-go, format/volume.go). */
function isPath(source: string): boolean {
  return /^[./~]|^\\\\|^[A-Za-z]:[\\/]/.test(source);
}

function shown(source: string, directory: string): string | null {
  return source.startsWith('.') && !isUnset(source) ? inProject(directory, source) : null;
}

/** `source:target:mode` with Windows drives. */
function splitShort(text: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] !== ':') continue;
    const drive = at - from === 1 && /[A-Za-z]/.test(text[from] ?? '') && /[\\/]/.test(text[at + 1] ?? '');
    if (drive) continue;
    parts.push(text.slice(from, at));
    from = at + 1;
  }
  parts.push(text.slice(from));
  return parts;
}

function shortVolume(text: string, file: string, line: number | null, directory: string): ServiceVolume | null {
  const parts = splitShort(text.trim());
  const [first = '', second] = parts;
  const mode = parts[2] ?? '';
  if (second === undefined || (parts.length === 2 && /^(ro|rw|z|Z)$/.test(second) && first.startsWith('/'))) {
    return { type: 'volume', source: null, target: first, readOnly: false, subpath: null, shows: null, file, line };
  }
  // A source that is a variable set nowhere: a path far more often than a volume's name, and neither dies with the container.
  const path = isPath(first) || isUnset(first);
  return {
    type: path ? 'bind' : 'volume',
    source: first,
    target: second,
    readOnly: mode.split(',').includes('ro'),
    subpath: null,
    shows: path ? shown(first, directory) : null,
    file,
    line,
  };
}

function longVolume(value: Fields, file: string, line: number | null, directory: string): ServiceVolume | null {
  const target = scalar(value['target']) ?? scalar(value['dst']) ?? scalar(value['destination']);
  if (target === null) return null;
  const source = scalar(value['source']) ?? scalar(value['src']);
  const type = scalar(value['type']) ?? 'volume';
  return {
    type: type === 'bind' || type === 'volume' || type === 'tmpfs' ? type : 'other',
    source,
    target,
    readOnly: value['read_only'] === true || value['readonly'] === true,
    subpath: scalar(fields(value['volume'])?.['subpath']),
    shows:
      type === 'bind' && source !== null
        ? (shown(source, directory) ??
          (/^[\w-]/.test(source) && !isUnset(source) ? inProject(directory, source) : null))
        : null,
    file,
    line,
  };
}

/** The volumes of a service. */
export function serviceVolumes(value: unknown, file: string, line: number | null, directory: string): ServiceVolume[] {
  return items(value)
    .slice(0, 500)
    .map((item) => {
      const record = fields(item);
      if (record !== null) return longVolume(record, file, line, directory);
      const text = scalar(item);
      return text === null ? null : shortVolume(text, file, line, directory);
    })
    .filter((volume) => volume !== null);
}

export function tmpfsVolumes(value: unknown, file: string, line: number | null): ServiceVolume[] {
  return (Array.isArray(value) ? value : [value])
    .map(scalar)
    .filter((text) => text !== null)
    .map((text) => ({
      type: 'tmpfs',
      source: null,
      target: text.split(':')[0] ?? text,
      readOnly: false,
      subpath: null,
      shows: null,
      file,
      line,
    }));
}

/** What names a project's volumes: its name, and where that comes from. */
export interface ProjectName {
  readonly name: string;
  /** Does it stay the same in another directory? */
  readonly fixed: boolean;
}

/** Variables that change from deploy to deploy. */
const PER_DEPLOY = /sha|commit|build|version|tag|release|date|time|stamp|rand|uuid|deploy_?id|run_?id|branch|pr_/i;

interface Named {
  readonly realName: string;
  readonly stable: LaunchVolume['stable'];
  readonly reason: string | null;
}

/** The engine's name of a named volume, and whether the next deploy finds it. */
function named(source: string, declared: Fields | null, project: ProjectName, rawName: string | null): Named {
  const name = scalar(declared?.['name']) ?? scalar(fields(declared?.['external'])?.['name']);
  const external = declared?.['external'] === true || fields(declared?.['external']) !== null;
  if (name !== null) {
    const variables = [
      ...unsetNames(name),
      ...[...(rawName ?? '').matchAll(/\$\{?(\w+)/g)].map((match) => match[1] ?? ''),
    ];
    const changing = variables.find((variable) => PER_DEPLOY.test(variable));
    if (changing !== undefined) {
      return {
        realName: written(name),
        stable: false,
        reason: `its name holds ${changing}, which changes with each deploy`,
      };
    }
    if (isUnset(name))
      return {
        realName: written(name),
        stable: 'unknown',
        reason: `its name depends on ${unsetNames(name).join(', ')}, which is set nowhere in the project`,
      };
    return { realName: name, stable: true, reason: null };
  }
  if (external) return { realName: source, stable: true, reason: null };
  const realName = `${project.name}_${source}`;
  if (project.fixed) return { realName, stable: true, reason: null };
  return {
    realName,
    stable: 'unknown',
    reason: `its real name, ${realName}, starts with the name of the directory that compose runs in: a checkout elsewhere gets an empty volume`,
  };
}

/** A volume whose driver options mount something else than a directory of the engine. */
function driven(
  declared: Fields | null,
): { kind: 'bind' | 'tmpfs' | 'network'; fstype: string; device: string } | null {
  const options = fields(declared?.['driver_opts']);
  const type = scalar(options?.['type']);
  const device = scalar(options?.['device']) ?? scalar(options?.['mountpoint']) ?? '';
  const o = scalar(options?.['o']) ?? '';
  if (type === 'tmpfs') return { kind: 'tmpfs', fstype: 'tmpfs', device };
  if (/\bbind\b/.test(o) || type === 'none') return { kind: 'bind', fstype: '', device };
  if (type !== null && /^(nfs4?|cifs|smb3|smbfs)$/.test(type)) {
    return {
      kind: 'network',
      fstype: type === 'nfs' ? 'nfs4' : type,
      device: device.replace(/^:/, `${/addr=([^,]+)/.exec(o)?.[1] ?? 'server'}:`),
    };
  }
  const driver = scalar(declared?.['driver']);
  if (driver !== null && /nfs|netshare/i.test(driver))
    return { kind: 'network', fstype: 'nfs4', device: device || 'server:/volume' };
  if (driver !== null && /cifs|smb/i.test(driver))
    return { kind: 'network', fstype: 'cifs', device: device || '//server/volume' };
  if (driver !== null && /sshfs|s3|rclone|gcs/i.test(driver))
    return {
      kind: 'network',
      fstype: `fuse.${driver.replace(/^.*\//, '').split(':')[0] ?? 'fuse'}`,
      device: device || driver,
    };
  return null;
}

/** The host directory of a bind as evidence; relative ones are meant from the checkout, wherever it lies. */
function hostDirectory(volume: ServiceVolume): string {
  const source = volume.source ?? '';
  if (isUnset(source)) return written(source).replace(/[^\w./-]+/g, '') || 'host';
  if (volume.shows !== null) return volume.shows === '' ? 'checkout' : volume.shows;
  if (source.startsWith('~')) return `home${source.slice(1)}`;
  if (/^[A-Za-z]:[\\/]/.test(source)) return source.replace(/^([A-Za-z]):/, '$1').replace(/\\/g, '/');
  return source.startsWith('/') ? source : source.replace(/^(\.\.?\/)+/, '') || 'host';
}

/**
 * The mount that a service's volume becomes.
 *
 * @param declared the top-level entry of a named volume, interpolated
 * @param raw the same before interpolation
 */
export function volumeMount(
  volume: ServiceVolume,
  engine: DeclaredEngine,
  declared: Fields | null,
  raw: Fields | null,
  project: ProjectName,
): ContainerMount | null {
  if (!volume.target.startsWith('/') || isUnset(volume.target)) return null;
  const at: AbsolutePath = absolutePath(volume.target);
  const base = { at, file: volume.file, line: volume.line };
  const readOnly = volume.readOnly;
  const subPath = volume.subpath === null ? {} : { subPath: volume.subpath };
  if (volume.type === 'tmpfs') {
    return {
      mount: declaredMount({ kind: 'tmpfs', engine, at }),
      volume: {
        ...base,
        kind: 'tmpfs',
        name: null,
        realName: null,
        stable: false,
        reason: 'memory, emptied when the container stops',
      },
      shows: null,
    };
  }
  if (volume.type === 'bind') {
    return {
      mount: declaredMount({ kind: 'bind', engine, at, source: hostDirectory(volume), readOnly }),
      volume: { ...base, kind: 'bind', name: written(volume.source ?? ''), realName: null, stable: true, reason: null },
      shows: volume.shows,
    };
  }
  if (volume.type === 'other') return null;
  if (volume.source === null || volume.source === '') {
    return {
      mount: declaredMount({ kind: 'anonymous-volume', engine, at }),
      volume: {
        ...base,
        kind: 'anonymous',
        name: null,
        realName: null,
        stable: false,
        reason: 'a volume without a name belongs to one container',
      },
      shows: null,
    };
  }
  const { realName, stable, reason } = named(volume.source, declared, project, scalar(raw?.['name']));
  const launchVolume: LaunchVolume = { ...base, kind: 'named', name: volume.source, realName, stable, reason };
  const special = driven(declared);
  if (special?.kind === 'network') {
    return {
      mount: declaredMount({
        kind: 'named-volume',
        engine,
        at,
        fstype: special.fstype,
        source: special.device,
        readOnly,
        ...subPath,
      }),
      volume: launchVolume,
      shows: null,
    };
  }
  if (special?.kind === 'tmpfs') {
    return {
      mount: declaredMount({ kind: 'tmpfs', engine, at }),
      volume: { ...launchVolume, kind: 'tmpfs', stable: false, reason: 'its driver options make it a tmpfs' },
      shows: null,
    };
  }
  if (special?.kind === 'bind') {
    const source = isUnset(special.device) ? 'host' : special.device;
    return {
      mount: declaredMount({ kind: 'bind', engine, at, source: source === '' ? 'host' : source, readOnly }),
      volume: { ...launchVolume, kind: 'bind', stable: true, reason: null },
      shows: null,
    };
  }
  return {
    mount: declaredMount({ kind: 'named-volume', engine, at, name: realName, readOnly, ...subPath }),
    volume: launchVolume,
    shows: null,
  };
}
