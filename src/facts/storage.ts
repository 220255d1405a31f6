import type { Launch } from '../model/launch.ts';
import type { Durability, MountTable, Platform } from '../model/mount.ts';
import { type AbsolutePath, absolutePath, parentOf } from '../model/path.ts';
import { type Context, contextOf, platformOf } from '../mounts/context.ts';
import { mountIndex } from '../mounts/covering.ts';
import { durabilityOf } from '../mounts/durability.ts';
import { gatherPlatformEvidence, NO_EVIDENCE, type PlatformEvidence } from '../mounts/evidence.ts';
import { judge } from '../mounts/judge.ts';
import { parseMountinfo } from '../mounts/mountinfo.ts';
import { recommendDataPath } from '../mounts/recommend.ts';
import { declaredPlatformTable } from './declared-platform.ts';
import type { Machine } from './machine.ts';

/** A node of 5,000 pods shows 20,000 lines, about 7 MB. */
const TABLE_LIMIT = 64 * 1024 * 1024;
const OWN_TABLE = absolutePath('/proc/self/mountinfo');

/** The machine's mount table with everything that the rules look at, read once. */
export interface Storage {
  readonly context: Context;
  readonly table: MountTable;
  readonly platform: Platform;
  /** Judge a path of the machine; absolute, as typed. */
  judge(path: string): Durability;
  /** Best verified data path for a project, or `null`. */
  recommend(project: AbsolutePath): AbsolutePath | null;
}

const known = new WeakMap<Machine, Storage | string>();

function osOf(platform: NodeJS.Platform): PlatformEvidence['os'] {
  return platform === 'linux' || platform === 'darwin' || platform === 'win32' ? platform : 'other';
}

function readStorage(machine: Machine): Storage | string {
  const { reader, env } = machine;
  let table: MountTable;
  if (machine.mountinfo !== null) {
    table = parseMountinfo(machine.mountinfo, machine.mountinfoName ?? 'mountinfo', 'file');
  } else {
    const bytes = reader.bytes(OWN_TABLE, TABLE_LIMIT);
    if (!bytes.ok) return `the mount table ${OWN_TABLE} could not be read: ${bytes.failure.reason}`;
    table = parseMountinfo(bytes.value, OWN_TABLE, 'live');
  }
  // A table given by hand is another machine's, unless a root directory for it was given too: nothing here is evidence for it.
  const bare = machine.mountinfo !== null && machine.live && machine.pid === null;
  const index = mountIndex(table);
  const seen = bare ? NO_EVIDENCE : gatherPlatformEvidence(reader, env, index, osOf(machine.os));
  const evidence = { ...seen, ...statedBy(machine), ...madeBy(machine) };
  const context = contextOf(index, evidence);
  const asks = machine.live && machine.mountinfo === null;
  const at = (path: string) => (bare ? durabilityOf(context, path) : judge(reader, context, path, asks));
  return {
    context,
    table,
    platform: platformOf(context),
    judge: at,
    recommend: (project) =>
      recommendDataPath({
        context,
        project,
        home: env['HOME']?.startsWith('/') === true ? absolutePath(env['HOME']) : null,
        judge: at,
        usable(point) {
          const status = reader.status(point);
          return bare || (status.ok && status.value.kind === 'directory');
        },
      }),
  };
}

/**
 * The storage of the machine under examination.
 * @throws Error with the reason when its mount table cannot be read.
 */
export function storageOf(machine: Machine): Storage {
  let storage = known.get(machine);
  if (storage === undefined) {
    storage = readStorage(machine);
    known.set(machine, storage);
  }
  if (typeof storage === 'string') throw new Error(storage);
  return storage;
}

/** Launches that run on the machine itself, not in a container of their own. */
const ON_THE_MACHINE: ReadonlySet<Launch['kind']> = new Set([
  'npm',
  'pm2',
  'systemd',
  'supervisor',
  'procfile',
  'process',
]);

const platformTables = new WeakMap<Machine, MountTable>();

/** What is mounted on the platform that the user declares for a repository; `null`: none is declared. */
function platformTable(machine: Machine): MountTable | null {
  const { platform } = machine.declared;
  if (platform === null) return null;
  let table = platformTables.get(machine);
  if (table === undefined) {
    table = declaredPlatformTable(platform.value, platform.by);
    platformTables.set(machine, table);
  }
  return table;
}

/** The declared platform of a repository; `null`: none is declared. */
export function statedPlatform(machine: Machine): Platform | null {
  const table = platformTable(machine);
  return table === null ? null : platformOf(contextOfTable(machine, table, null));
}

const declaredContexts = new WeakMap<MountTable, Context>();

/** The platform that the user declares, as evidence. */
function statedBy({ declared }: Machine): Partial<PlatformEvidence> {
  return declared.platform === null ? {} : { stated: declared.platform.value, statedBy: declared.platform.by };
}

/** How the container that the user named was made, as its engine says. */
function madeBy({ container }: Machine): Partial<PlatformEvidence> {
  return container === null ? {} : { madeBy: container.compose === null ? 'run' : 'compose' };
}

function contextOfTable(machine: Machine, table: MountTable, launch: Launch | null): Context {
  let context = declaredContexts.get(table);
  if (context === undefined) {
    const seen = launch?.kind === 'process' ? launch.env : {};
    const stated = launch?.platform ?? null;
    context = contextOf(mountIndex(table), {
      ...NO_EVIDENCE,
      env: seen,
      stated,
      ...statedBy(machine),
      ...madeBy(machine),
    });
    declaredContexts.set(table, context);
  }
  return context;
}

/**
 * Judge a path as a launch sees it: on the table that it declares or brings, else on the machine's own.
 * `null`: nothing says what is mounted there.
 */
export function judgeFor(machine: Machine, launch: Launch | null, path: AbsolutePath): Durability | null {
  if (launch !== null && launch.mounts !== null) {
    return durabilityOf(contextOfTable(machine, launch.mounts, launch), path);
  }
  if (machine.target === 'repo') {
    const table = platformTable(machine);
    return table === null ? null : durabilityOf(contextOfTable(machine, table, null), path);
  }
  if (launch !== null && !ON_THE_MACHINE.has(launch.kind)) return null;
  return storageOf(machine).judge(path);
}

/** A verified data path for a launch: on its own table, else on the machine. */
export function recommendFor(machine: Machine, launch: Launch | null): AbsolutePath | null {
  if (launch !== null && launch.mounts !== null) {
    const project = launch.packageAt ?? launch.cwd;
    return recommendDataPath({ context: contextOfTable(machine, launch.mounts, launch), project, home: launch.home });
  }
  if (machine.target === 'repo' || (launch !== null && !ON_THE_MACHINE.has(launch.kind))) return null;
  return storageOf(machine).recommend(machine.project);
}

/** The deepest directory on the way to a path that exists. */
export function nearestExisting(machine: Machine, path: AbsolutePath): AbsolutePath {
  const resolved = machine.reader.resolve(path);
  return resolved.ok ? resolved.value.existing : parentOf(path);
}

/**
 * Does the machine's Reader show the file system in which a launch runs? Not for containers: the same path is another directory there.
 */
export function isVisible(machine: Machine, launch: Launch | null): boolean {
  if (launch === null || launch.mounts === null) return true;
  if (launch.kind !== 'process' || launch.pid === null) return false;
  if (machine.pid !== null) return machine.pid === launch.pid;
  const own = machine.reader.link(absolutePath('/proc/self/ns/mnt'));
  const its = machine.reader.link(absolutePath(`/proc/${launch.pid}/ns/mnt`));
  return own.ok && its.ok && own.value === its.value;
}
