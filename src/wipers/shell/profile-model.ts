import type { Answer } from '../../model/answer.ts';
import type { AbsolutePath } from '../../model/path.ts';
import { absolutePath, baseName, isInside, parentOf } from '../../model/path.ts';
import type { SessionTarget, TargetVerdict } from '../effect.ts';
import type { EntryKind, World } from '../world.ts';
import type { Entry, Tree } from './tree.ts';

/** Stores without which a profile is not linked any more (measured: knowledge/profile.md, RemoteAuth's `requiredDirs`). */
const LOGIN_STORES = ['Default/IndexedDB', 'Default/Local Storage'] as const;
/** Directories of a profile that Chromium fills again by itself. */
const CACHES: ReadonlySet<string> = new Set([
  'Cache',
  'Code Cache',
  'GPUCache',
  'CacheStorage',
  'ScriptCache',
  'GrShaderCache',
  'ShaderCache',
  'DawnCache',
  'DawnGraphiteCache',
  'DawnWebGPUCache',
  'GraphiteDawnCache',
  'component_crx_cache',
  'extensions_crx_cache',
  'BrowserMetrics',
  'Crashpad',
  'Crash Reports',
  'blob_storage',
]);
const LOCKS = /^(?:Singleton.*|lockfile|DevToolsActivePort|RunningChromeVersion)$/;
/** Files that no login depends on. */
const SPARE = /^(?:LOG|LOG\.old|LOCK|chrome_debug\.log|.*\.pma|.*\.tmp|.*\.lock)$/;
const PROFILE_NAME = /^(?:session|RemoteAuth)(?:-.*)?$/;
/** Files of one profile that are compared; more are not looked at. */
const FILE_LIMIT = 20_000;

/** What a small linked profile holds (Chromium 156 under whatsapp-web.js 1.34.7). */
const PROFILE_FILES = [
  'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/000003.log',
  'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/000005.ldb',
  'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/CURRENT',
  'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/LOCK',
  'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/LOG',
  'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/MANIFEST-000001',
  'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.blob/1/00/3',
  'Default/Local Storage/leveldb/000003.log',
  'Default/Local Storage/leveldb/000005.ldb',
  'Default/Local Storage/leveldb/CURRENT',
  'Default/Local Storage/leveldb/LOCK',
  'Default/Local Storage/leveldb/LOG',
  'Default/Local Storage/leveldb/MANIFEST-000001',
  'Default/Session Storage/000003.log',
  'Default/Session Storage/CURRENT',
  'Default/Session Storage/MANIFEST-000001',
  'Default/Service Worker/CacheStorage/4a5b/index.txt',
  'Default/Service Worker/Database/000003.log',
  'Default/Service Worker/ScriptCache/2cc80dabc69f58b6_0',
  'Default/Cache/Cache_Data/data_0',
  'Default/Code Cache/js/index',
  'Default/GPUCache/data_0',
  'Default/Cookies',
  'Default/Cookies-journal',
  'Default/History',
  'Default/Login Data',
  'Default/Network Persistent State',
  'Default/Preferences',
  'Default/Web Data',
  'Default/Extensions/abc/1.0_0/background.js',
  'Default/Extensions/abc/1.0_0/manifest.json',
  'Default/blob_storage/4d3c/.keep',
  'Default/shared_proto_db/000003.log',
  'DevToolsActivePort',
  'First Run',
  'Last Version',
  'Local State',
  'Variations',
  'SingletonCookie',
  'SingletonLock',
  'SingletonSocket',
] as const;

function hasProfile(world: World, path: AbsolutePath): boolean {
  return world.kind(absolutePath(`${path}/Default`)) === 'directory';
}

/** Profiles that exist at or in a session directory. */
export function profilesAt(world: World, path: AbsolutePath): AbsolutePath[] {
  if (hasProfile(world, path)) return [path];
  const found: AbsolutePath[] = [];
  for (const name of world.names(path) ?? []) {
    const inner = absolutePath(`${path}/${name}`);
    if (PROFILE_NAME.test(name) && (world.names(inner)?.length ?? 0) > 0) found.push(inner);
  }
  return found;
}

/** Where profiles would be that do not exist yet: in a data path under the two names LocalAuth gives, else the path itself. */
function expectedProfiles(path: AbsolutePath): AbsolutePath[] {
  const name = baseName(path);
  const inDataPath =
    name.startsWith('session-') || (name === 'session' && baseName(parentOf(path)).startsWith('.wwebjs'));
  return inDataPath ? [path] : [absolutePath(`${path}/session`), absolutePath(`${path}/session-main`)];
}

export interface SessionModel {
  readonly target: SessionTarget;
  readonly profiles: readonly ProfileModel[];
}

interface ProfileModel {
  readonly path: AbsolutePath;
  /** Groups of files; when one group is wholly gone the login is. */
  readonly stores: readonly (readonly AbsolutePath[])[];
  /** Further files whose loss is damage. */
  readonly others: readonly AbsolutePath[];
}

/** The world with a stand-in profile in every session directory that holds none, and what to look at afterwards. */
export interface SessionModels {
  readonly world: World;
  readonly sessions: readonly SessionModel[];
}

function filesUnder(world: World, path: AbsolutePath): AbsolutePath[] {
  const files: AbsolutePath[] = [];
  const queue: AbsolutePath[] = [path];
  for (let at = queue.pop(); at !== undefined && files.length < FILE_LIMIT; at = queue.pop()) {
    for (const name of world.names(at) ?? []) {
      const inner = absolutePath(`${at}/${name}`);
      if (world.kind(inner) === 'directory') queue.push(inner);
      else files.push(inner);
    }
  }
  return files.sort();
}

function isSpare(file: AbsolutePath, profile: AbsolutePath): boolean {
  const parts = file.slice(profile.length + 1).split('/');
  const name = parts.at(-1) ?? '';
  return (parts.length === 1 && LOCKS.test(name)) || SPARE.test(name) || parts.some((part) => CACHES.has(part));
}

function profileModel(world: World, path: AbsolutePath): ProfileModel {
  const files = filesUnder(world, path).filter((file) => !isSpare(file, path));
  const stores = LOGIN_STORES.map((store) => files.filter((file) => file.startsWith(`${path}/${store}/`))).filter(
    (store) => store.length > 0,
  );
  const login = new Set(stores.flat());
  const others = files.filter((file) => !login.has(file));
  return login.size > 0 ? { path, stores, others } : { path, stores: others.length > 0 ? [others] : [], others: [] };
}

/** Prepare the world for judging commands against these sessions. Do it once for many commands. */
export function plantSessions(world: World, targets: readonly SessionTarget[]): SessionModels {
  const planted = new Map<AbsolutePath, Set<string>>();
  const files = new Set<AbsolutePath>();
  const plant = (file: AbsolutePath): void => {
    files.add(file);
    for (let at = file; at !== '/'; at = parentOf(at)) {
      const names = planted.get(parentOf(at));
      if (names === undefined) planted.set(parentOf(at), new Set([baseName(at)]));
      else names.add(baseName(at));
    }
  };
  const where: { target: SessionTarget; profiles: AbsolutePath[] }[] = [];
  for (const target of targets) {
    const real = world.resolve(target.path) ?? target.path;
    const existing = profilesAt(world, real);
    const profiles = existing.length > 0 ? existing : expectedProfiles(real);
    if (existing.length === 0) {
      for (const profile of profiles) for (const file of PROFILE_FILES) plant(absolutePath(`${profile}/${file}`));
    }
    where.push({ target, profiles });
  }
  const names = new Map<AbsolutePath, readonly string[] | null>();
  const mixed: World = {
    kind(path): EntryKind | 'unknown' | null {
      if (files.has(path)) return 'file';
      const kind = world.kind(path);
      return planted.has(path) && (kind === null || kind === 'unknown') ? 'directory' : kind;
    },
    names(path) {
      const known = names.get(path);
      if (known !== undefined) return known;
      const extra = planted.get(path);
      const real = world.names(path);
      const list = extra === undefined ? real : [...new Set([...(real ?? []), ...extra])].sort();
      names.set(path, list);
      return list;
    },
    text: (path) => world.text(path),
    resolve: (path) => (planted.has(path) || files.has(path) ? path : world.resolve(path)),
    ...(world.tracked === undefined ? {} : { tracked: world.tracked.bind(world) }),
  };
  return {
    world: mixed,
    sessions: where.map(({ target, profiles }) => ({
      target,
      profiles: profiles.map((path) => profileModel(mixed, path)),
    })),
  };
}

type Fate = 'kept' | 'gone' | 'doubtful';

function fateOf(tree: Tree, path: AbsolutePath): { fate: Fate; doubt: string | null } {
  const { entry, doubt } = tree.find(path);
  if (!isOriginal(entry, path)) return { fate: 'gone', doubt };
  return { fate: doubt === null ? 'kept' : 'doubtful', doubt };
}

function isOriginal(entry: Entry | null, path: AbsolutePath): boolean {
  return entry !== null && entry.kind !== 'directory' && entry.origin === path && entry.intact;
}

/**
 * What is left of a session once a command has run on the model.
 * @param touched paths that were removed, moved or doubted; without one that is related nothing is compared
 */
export function judgeSession(tree: Tree, model: SessionModel, touched: readonly AbsolutePath[]): TargetVerdict {
  const { target } = model;
  const near = touched.filter((path) =>
    model.profiles.some((profile) => isInside(path, profile.path) || isInside(profile.path, path)),
  );
  if (near.length === 0) return { target, deleted: false, partial: false, reason: null };
  let deleted: Answer = false;
  let partial = false;
  let reason: string | null = null;
  for (const { path, stores, others } of model.profiles) {
    // Most commands touch a profile wholly or not at all.
    if (!near.some((at) => isInside(at, path) || isInside(path, at))) continue;
    if (stores.length > 0 && tree.find(path).entry === null) {
      deleted = true;
      continue;
    }
    for (const store of stores) {
      const fates = store.map((file) => fateOf(tree, file));
      const gone = fates.filter(({ fate }) => fate === 'gone').length;
      const doubtful = fates.find(({ fate }) => fate === 'doubtful');
      if (gone === store.length) deleted = true;
      else if (gone > 0) partial = true;
      if (doubtful !== undefined && deleted !== true) {
        deleted = 'unknown';
        reason ??= doubtful.doubt;
      }
    }
    const rest = others.map((file) => fateOf(tree, file));
    partial ||= rest.some(({ fate }) => fate === 'gone');
    const doubtful = rest.find(({ fate }) => fate === 'doubtful');
    if (doubtful !== undefined && deleted === false && !partial) {
      deleted = 'unknown';
      reason ??= doubtful.doubt;
    }
  }
  if (deleted === true) return { target, deleted, partial: false, reason: null };
  if (deleted === 'unknown') return { target, deleted, partial, reason };
  const [first] = near;
  const what = first === undefined ? '' : baseName(first);
  return {
    target,
    deleted,
    partial,
    reason: partial
      ? `removes files of the profile (${what}) but not the whole login`
      : `touches ${what} only: locks, caches or files that Chromium makes again; the login stays`,
  };
}
