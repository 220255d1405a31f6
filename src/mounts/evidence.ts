import type { Mount, Platform } from '../model/mount.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import { covering, type MountIndex } from './covering.ts';
import { diskName } from './devices.ts';
import { fileSystemType } from './fstypes.ts';
import {
  PLATFORM_FILES,
  PLATFORM_VARIABLE_PREFIXES,
  PLATFORM_VARIABLES,
  PLATFORMS,
  type PlatformRow,
  type Sign,
} from './platforms.ts';

/** What a disk says of itself in sysfs. */
export interface DiskEvidence {
  /** `/sys/block/NAME/device/model`. */
  readonly model?: string | null;
  /** `/sys/block/loopN/loop/backing_file`: a path of the machine that set the loop device up. */
  readonly backingFile?: string | null;
  /** Disks below a device-mapper or RAID device. */
  readonly slaves?: readonly string[];
}

/**
 * Everything that the rules look at beside the mount table. Plain data: it can be written to a facts file and read back.
 * What is absent was not observed; that is not the same as not being there.
 */
export interface PlatformEvidence {
  readonly os: 'linux' | 'darwin' | 'win32' | 'other';
  /** Variables of the process whose paths are judged. Only those that a rule reads. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables of process 1. */
  readonly proc1Env: Readonly<Record<string, string>>;
  /** Of the files that were looked for, those that exist. */
  readonly files: readonly string[];
  readonly osrelease: string | null;
  readonly procVersion: string | null;
  /** What /run/systemd/container and /run/host/container-manager say. */
  readonly managers: readonly string[];
  /** By disk name: `nvme0n1`. */
  readonly sysBlock: Readonly<Record<string, DiskEvidence>>;
  /** A platform that a file of the project names (`heroku` for a Procfile): a kind of `PLATFORMS`. For declared tables. */
  readonly stated?: string | null;
  /** Who says so, where it is the user and not a file of the project: that outweighs what the mounts look like. */
  readonly statedBy?: string | null;
  /** How the engine says that the container was made; absent: not known. Compose hands its volumes on, `run` does not. */
  readonly madeBy?: 'compose' | 'run';
}

/** Nothing was observed. */
export const NO_EVIDENCE: PlatformEvidence = {
  os: 'linux',
  env: {},
  proc1Env: {},
  files: [],
  osrelease: null,
  procVersion: null,
  managers: [],
  sysBlock: {},
};

/** Azure puts this file on disks that do not survive a move of the machine. */
export const DATA_LOSS_WARNING = 'DATALOSS_WARNING_README.txt';

const MANAGER_FILES = ['/run/systemd/container', '/run/host/container-manager'] as const;

/** A table may name thousands of devices; a machine with more than this has told enough. */
const MAX_DISKS = 64;
const MAX_MOUNTS = 1000;

const diskMounts = (index: MountIndex): Mount[] =>
  index.lines.ofTypes((fstype) => ['disk', 'image'].includes(fileSystemType(fstype, '').nature), MAX_MOUNTS);

/** Only the variables that a rule reads: an environment is full of secrets. */
export function relevantEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of PLATFORM_VARIABLES) {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    if (value !== undefined) kept[name] = value;
  }
  for (const name of Object.keys(env)) {
    const value = env[name];
    if (value !== undefined && PLATFORM_VARIABLE_PREFIXES.some((prefix) => name.startsWith(prefix))) kept[name] = value;
  }
  return kept;
}

function parseEnvironment(text: string): Record<string, string> {
  const variables: Record<string, string> = {};
  for (const entry of text.split('\0')) {
    const equals = entry.indexOf('=');
    if (equals > 0)
      Object.defineProperty(variables, entry.slice(0, equals), { value: entry.slice(equals + 1), enumerable: true });
  }
  return variables;
}

function diskEvidence(reader: Reader, index: MountIndex): Record<string, DiskEvidence> {
  const text = (path: string): string | null => {
    const read = reader.text(absolutePath(path), 4096);
    return read.ok ? read.value.trim() : null;
  };
  const found = new Map<string, DiskEvidence>();
  const queue: string[] = [];
  const seen = new Set<string>();
  for (const mount of diskMounts(index)) {
    const disk = diskName(mount.source);
    if (disk && !seen.has(disk) && seen.size < MAX_DISKS) {
      seen.add(disk);
      queue.push(disk);
    }
  }
  for (let disk = queue.shift(); disk !== undefined; disk = queue.shift()) {
    let name = disk;
    if (disk.startsWith('mapper/')) {
      // /dev/mapper/NAME is a link to ../dm-N.
      const link = reader.link(absolutePath(`/dev/${disk}`));
      const target = link.ok ? diskName(`/dev/${link.value.slice(link.value.lastIndexOf('/') + 1)}`) : null;
      if (!target) continue;
      name = target;
    }
    const directory = reader.list(absolutePath(`/sys/block/${name}/slaves`), 64);
    const slaves = directory.ok ? directory.value.map((entry) => diskName(`/dev/${entry.name}`) ?? entry.name) : [];
    for (const slave of slaves) {
      if (seen.has(slave) || seen.size >= MAX_DISKS) continue;
      seen.add(slave);
      queue.push(slave);
    }
    const model = text(`/sys/block/${name}/device/model`);
    const backingFile = name.startsWith('loop') ? text(`/sys/block/${name}/loop/backing_file`) : null;
    if (model === null && backingFile === null && slaves.length === 0) continue;
    found.set(disk, { model, backingFile, slaves });
  }
  return Object.fromEntries(found);
}

/** Files that the rules look for: fixed ones, and a warning at the root of each disk. */
export function platformFiles(index: MountIndex): string[] {
  const files = [...PLATFORM_FILES];
  for (const mount of diskMounts(index)) {
    if (diskName(mount.source) && mount.mountPoint !== '/') files.push(`${mount.mountPoint}/${DATA_LOSS_WARNING}`);
  }
  for (const mount of index.lines.ofTypes((fstype) => fstype === 'overlay', 100)) {
    const upper = /(?:^|,)upperdir=([^,]*)/.exec(mount.superOptions)?.[1];
    if (mount.mountPoint !== '/' && upper?.startsWith('/')) files.push(upper);
  }
  return files;
}

/**
 * Look at the machine through the Reader.
 *
 * @param env the environment of the process whose paths are judged; only variables that a rule reads are kept
 */
export function gatherPlatformEvidence(
  reader: Reader,
  env: Readonly<Record<string, string | undefined>>,
  index: MountIndex,
  os: PlatformEvidence['os'] = 'linux',
): PlatformEvidence {
  const text = (path: string): string | null => {
    const read = reader.text(absolutePath(path), 64 * 1024);
    return read.ok ? read.value : null;
  };
  if (os !== 'linux') return { ...NO_EVIDENCE, os, env: relevantEnvironment(env) };
  const managers = MANAGER_FILES.map((path) => text(path)?.trim() ?? '').filter((manager) => manager !== '');
  return {
    os,
    env: relevantEnvironment(env),
    proc1Env: relevantEnvironment(parseEnvironment(text('/proc/1/environ') ?? '')),
    files: platformFiles(index).filter((path) => reader.status(absolutePath(path)).ok),
    osrelease: text('/proc/sys/kernel/osrelease')?.trim() ?? null,
    procVersion: text('/proc/version')?.trim() ?? null,
    managers,
    sysBlock: diskEvidence(reader, index),
  };
}

const at = (index: MountIndex, path: string): Mount | null => covering(index, path as AbsolutePath);

function value(variables: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}

/** The evidence that a sign holds, in words, or `null`. */
export function signHolds(sign: Sign, evidence: PlatformEvidence, index: MountIndex): string | null {
  const root = index.root;
  if ('env' in sign) {
    const found = value(evidence.env, sign.env);
    return found !== undefined && (sign.is?.test(found) ?? true) ? `${sign.env} is set` : null;
  }
  if ('envPrefix' in sign) {
    const name = Object.keys(evidence.env).find((key) => key.startsWith(sign.envPrefix));
    return name ? `${name} is set` : null;
  }
  if ('proc1' in sign) {
    const found = value(evidence.proc1Env, sign.proc1);
    return found !== undefined && (sign.is?.test(found) ?? true) ? `process 1 has ${sign.proc1}=${found}` : null;
  }
  if ('file' in sign) {
    return evidence.files.includes(sign.file) && !(sign.without && evidence.files.includes(sign.without))
      ? `${sign.file} exists`
      : null;
  }
  if ('osrelease' in sign) {
    return evidence.osrelease && sign.osrelease.test(evidence.osrelease) ? `kernel ${evidence.osrelease}` : null;
  }
  if ('version' in sign) {
    return evidence.procVersion && sign.version.test(evidence.procVersion)
      ? `/proc/version: ${evidence.procVersion}`
      : null;
  }
  if ('manager' in sign) {
    const found = evidence.managers.find((manager) => sign.manager.test(manager));
    return found ? `the container manager is ${found}` : null;
  }
  if ('rootType' in sign) {
    return root && root.fstype === sign.rootType && (sign.source?.test(root.source) ?? true)
      ? `/ is ${root.fstype} from ${root.source}`
      : null;
  }
  if ('mountType' in sign) {
    const found = index.lines
      .ofTypes((fstype) => fstype === sign.mountType, MAX_MOUNTS)
      .find(
        (mount) =>
          (sign.source?.test(mount.source) ?? true) &&
          (sign.options?.test(mount.superOptions) ?? true) &&
          (sign.under === undefined || mount.mountPoint.startsWith(sign.under)),
      );
    return found ? `${found.mountPoint} is ${found.fstype} from ${found.source}` : null;
  }
  if ('rootOptions' in sign) {
    const match = root ? sign.rootOptions.exec(root.superOptions) : null;
    return match ? `/ has ${shortened(match[0])}` : null;
  }
  for (const point of sign.at) {
    const mount = point === '/' ? root : at(index, point);
    if (mount && mount.mountPoint === point && sign.mountRoot.test(mount.root))
      return `${point} is ${shortened(mount.root)}`;
  }
  return null;
}

const shortened = (text: string): string => (text.length > 64 ? `${text.slice(0, 64)}…` : text);

function readsTable(sign: Sign): boolean {
  return 'rootType' in sign || 'mountType' in sign || 'rootOptions' in sign || 'mountRoot' in sign;
}

/** A platform whose signs hold, with the evidence. */
export interface Recognised {
  readonly row: PlatformRow;
  readonly evidence: string;
  /** Known by undocumented variables only. */
  readonly hint: boolean;
  /** Known by the mounts themselves, not by variables or files alone. */
  readonly mounted: boolean;
}

/** Every row of the table whose signs hold, in the order of the table. */
export function recognise(evidence: PlatformEvidence, index: MountIndex): Recognised[] {
  const found: Recognised[] = [];
  for (const row of PLATFORMS) {
    if (row.kind === evidence.stated) {
      const says = evidence.statedBy == null ? 'the project is made for' : `${evidence.statedBy} declares`;
      found.push({ row, evidence: `${says} ${row.name}`, hint: false, mounted: false });
      continue;
    }
    if (row.unless?.some((sign) => signHolds(sign, evidence, index) !== null)) continue;
    const held = row.signs.flatMap((sign) => {
      const text = signHolds(sign, evidence, index);
      return text === null ? [] : [{ text, hint: 'hint' in sign && sign.hint === true, mounted: readsTable(sign) }];
    });
    const [first] = held;
    if (!first) continue;
    found.push({
      row,
      evidence: first.text,
      hint: held.every((sign) => sign.hint),
      mounted: held.some((sign) => sign.mounted),
    });
  }
  return found;
}

/** For reports without a machine: a platform of which nothing is known. */
export const UNKNOWN_PLATFORM: Platform = { kinds: [], evidence: [] };
