import { type AbsolutePath, isInside, resolvePath } from '../model/path.ts';
import type { Profile } from '../model/profile.ts';
import type { Reader } from '../model/reader.ts';
import type { SingletonMarks } from './locks.ts';

/** A process that is, or belongs to, a Chromium browser. */
export interface BrowserProcess {
  readonly pid: number;
  readonly parent: number;
  /** `--user-data-dir`, absolute, links followed; `null`: not given. */
  readonly userDataDir: AbsolutePath | null;
  /** The browser itself (no `--type=`), not one of its helpers. */
  readonly main: boolean;
  /** Does it see the same files under the same names as the doctor (mount namespace)? */
  readonly sameFiles: boolean;
  /** Started by a process that has ended: its parent is a process reaper. */
  readonly orphan: boolean;
  /** `LOCK` files that it holds open, as the kernel names them. */
  readonly openLocks: readonly string[];
  /** Files that it holds open although they were deleted, without the kernel's ` (deleted)`. */
  readonly deleted: readonly string[];
}

/** A lock that some process holds, from /proc/locks. `pid` is `null` when the kernel does not name it. */
export interface FileLock {
  readonly pid: number | null;
  readonly major: number;
  readonly minor: number;
  readonly inode: number;
}

/**
 * What the machine under examination says about running browsers: plain data, read once for any number of profiles
 * (`readOwners` in src/facts/owners.ts).
 */
export interface Owners {
  /** Its name, as Chromium would write it into a lock; `null`: cannot be told. */
  readonly hostname: string | null;
  /** Why its processes cannot be seen, or `null`. */
  readonly blind: string | null;
  readonly pids: ReadonlySet<number>;
  readonly browsers: readonly BrowserProcess[];
  readonly locks: readonly FileLock[];
  /** Browsers whose open files may not be listed (they belong to another user). */
  readonly hidden: number;
}

/**
 * Files on which a running Chromium holds a POSIX lock from its start on (seen in /proc/locks of Chromium 156): LevelDB's `LOCK` and
 * SQLite databases. A browser without Singleton links (chrome-headless-shell) holds them too.
 */
const LOCKED_FILES = [
  'Default/Local Storage/leveldb/LOCK',
  'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/LOCK',
  'Default/LocalStorage',
  'Default/Session Storage/LOCK',
  'Default/Site Characteristics Database/LOCK',
  'Default/Sync Data/LevelDB/LOCK',
  'Default/shared_proto_db/LOCK',
  'Default/shared_proto_db/metadata/LOCK',
  'Default/Extension State/LOCK',
  'Default/History',
  'Default/Web Data',
  'Default/Cookies',
] as const;

/** Splits a `st_dev` as Linux packs it (gnu_dev_major, gnu_dev_minor). */
function splitDevice(device: number): { major: number; minor: number } {
  const low = device % 2 ** 32;
  return { major: Math.floor(low / 256) % 4096, minor: (low % 256) + Math.floor(low / 2 ** 20) * 256 };
}

/** Locks on files of this profile. */
function lockHolders(reader: Reader, profile: AbsolutePath, owners: Owners): FileLock[] {
  if (owners.locks.length === 0) return [];
  const byInode = new Map<number, FileLock[]>();
  for (const lock of owners.locks) byInode.set(lock.inode, [...(byInode.get(lock.inode) ?? []), lock]);
  const found: FileLock[] = [];
  for (const name of LOCKED_FILES) {
    const status = reader.status(resolvePath(profile, name));
    if (!status.ok || status.value.kind !== 'file') continue;
    const { major, minor } = splitDevice(status.value.device);
    // Inode numbers repeat between file systems, so the device must agree. Where the kernel shows another device than lstat does
    // (btrfs, overlay), the open files of the browser decide.
    for (const lock of byInode.get(status.value.inode) ?? []) {
      if (lock.major === major && lock.minor === minor) found.push(lock);
    }
  }
  return found;
}

type Owner = Profile['owner'];

/**
 * Who owns a profile, strongest evidence first.
 * @param path  the user data directory, links followed
 * @param marks its Singleton links (`readSingleton`)
 */
export function judgeOwner(reader: Reader, path: AbsolutePath, marks: SingletonMarks, owners: Owners): Owner {
  const here = owners.browsers.filter(({ sameFiles }) => sameFiles);
  const deleted = here.flatMap(({ pid, deleted }) =>
    deleted.filter((file) => file.startsWith(`${path}/`)).map((file) => ({ pid, file })),
  );
  // A compaction deletes tables that are still open for a moment; LOCK and MANIFEST go only when the directory goes.
  const uprooted = deleted.filter(({ file }) => /\/(LOCK|MANIFEST-\d+)$/.test(file));

  const main = here.find((browser) => browser.main && browser.userDataDir === path);
  const holder = lockHolders(reader, path, owners)[0];
  const opener = here.find(({ openLocks }) => openLocks.some((file) => isInsideText(file, path)));
  const pid =
    main?.pid ??
    mainOf(owners, holder?.pid ?? null) ??
    mainOf(owners, opener?.pid ?? null) ??
    mainOf(owners, uprooted[0]?.pid ?? null);
  const base = { host: marks.claim?.host ?? null, pid: marks.claim?.pid ?? null, lock: marks.locked };

  if (main !== undefined || holder !== undefined || opener !== undefined || uprooted.length > 0) {
    const browser = owners.browsers.find((one) => one.pid === pid);
    const reason =
      main !== undefined
        ? `process ${main.pid} runs with --user-data-dir on this profile`
        : holder !== undefined
          ? `${holder.pid === null ? 'a process that cannot be seen from here' : `process ${holder.pid}`} holds the lock of one of its databases (/proc/locks)`
          : opener !== undefined
            ? `process ${opener.pid} has the lock file of one of its databases open`
            : `process ${uprooted[0]?.pid ?? '?'} holds files of this profile that were deleted`;
    return {
      ...base,
      state: 'live',
      pid: pid ?? holder?.pid ?? base.pid,
      host: owners.hostname ?? base.host,
      reason,
      deletedFiles: uprooted.length > 0 ? deleted.length : 0,
      orphan: browser?.orphan ?? false,
    };
  }
  return { ...base, ...unclaimed(marks, owners), deletedFiles: 0, orphan: false };
}

function isInsideText(file: string, directory: AbsolutePath): boolean {
  return isInside(file as AbsolutePath, directory);
}

/** The browser that a helper process belongs to. */
function mainOf(owners: Owners, pid: number | null): number | null {
  let at = pid;
  // Renderer, zygote, browser: three generations; ten is a guard against a circle in a made-up /proc.
  for (let step = 0; at !== null && step < 10; step++) {
    const process = owners.browsers.find((browser) => browser.pid === at);
    if (process === undefined) return step === 0 ? pid : null;
    if (process.main) return process.pid;
    at = process.parent;
  }
  return pid;
}

/** The state when nothing that can be seen uses the profile: the lock decides. */
function unclaimed(marks: SingletonMarks, owners: Owners): Pick<Owner, 'state' | 'reason'> {
  if (marks.unreadable !== null) return { state: 'unknown', reason: `its lock cannot be read (${marks.unreadable})` };
  if (!marks.locked) {
    return owners.blind === null
      ? { state: 'free', reason: 'there is no lock and no process here uses it' }
      : { state: 'unknown', reason: `there is no lock, but ${owners.blind}` };
  }
  const { claim } = marks;
  if (claim === null) {
    return {
      state: 'unknown',
      reason: 'SingletonLock is not a link of the form HOST-PID, so it does not say whose it is',
    };
  }
  const named = `the lock names process ${claim.pid} on host ${claim.host}`;
  if (owners.hostname === null)
    return { state: 'unknown', reason: `${named}, and the name of this host cannot be told` };
  if (claim.host !== owners.hostname) {
    return {
      state: 'stale-foreign',
      reason: `${named}, this host is ${owners.hostname}, and ${
        owners.blind === null ? 'no process here uses the profile' : owners.blind
      }; Chromium refuses to start (exit code 21) until the lock is gone`,
    };
  }
  if (owners.blind !== null) return { state: 'unknown', reason: `${named}, and ${owners.blind}` };
  const alive = owners.pids.has(claim.pid);
  return {
    state: 'stale-local',
    reason: `${named}, this host; ${
      alive ? 'that process runs, but not on this profile' : 'that process is gone'
    }. Chromium replaces such a lock by itself`,
  };
}
