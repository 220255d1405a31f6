import { type AbsolutePath, resolvePath } from '../model/path.ts';
import type { FileStatus, Reader } from '../model/reader.ts';

/** One file or directory of a profile. */
export interface ProfileEntry {
  /** Relative to the user data directory; `''` is the directory itself. */
  readonly name: string;
  readonly status: FileStatus;
}

export interface ProfileTree {
  /** What carries or decides the login: the directory, its marks, both databases. In the order of names. */
  readonly login: readonly ProfileEntry[];
  /** Bytes of everything but caches, and of caches; `null`: not walked, or the walk stopped at its limit. */
  readonly bytes: { readonly state: number; readonly cache: number } | null;
  readonly gaps: readonly string[];
}

/**
 * Directories whose content the browser makes again by itself. Deleting them keeps a login (whatsapp-web.js issue 1986), except that
 * CacheStorage mirrors three of its keys, so advice never names that one.
 */
const CACHES: ReadonlySet<string> = new Set([
  'Cache',
  'Code Cache',
  'GPUCache',
  'DawnCache',
  'DawnGraphiteCache',
  'DawnWebGPUCache',
  'GrShaderCache',
  'GraphiteDawnCache',
  'ShaderCache',
  'GPUPersistentCache',
  'Media Cache',
  'Application Cache',
  'CacheStorage',
  'ScriptCache',
  'component_crx_cache',
  'extensions_crx_cache',
  'BrowserMetrics',
  'Crashpad',
  'Crash Reports',
]);

/** Directories with the login, and the files beside them that a start needs to write. */
const LOGIN_TREES = ['Default/Local Storage', 'Default/IndexedDB', 'Default/LocalStorage'] as const;
const LOGIN_FILES = [
  '',
  'Default',
  'Local State',
  'Last Version',
  'Variations',
  'DevToolsActivePort',
  'Default/Preferences',
] as const;
const LOGIN_NAMES: ReadonlySet<string> = new Set(LOGIN_FILES);

/** A profile of a busy bot holds about 5,000 files, most of them cache. */
const MAX_ENTRIES = 200_000;
/** Chromium nests seven deep. */
const MAX_DEPTH = 32;

function isLogin(name: string): boolean {
  return LOGIN_NAMES.has(name) || LOGIN_TREES.some((tree) => name === tree || name.startsWith(`${tree}/`));
}

/**
 * Walk a profile with `lstat` only; links are counted, never followed.
 * @param everything also measure what is not part of the login (sizes); otherwise only the login is looked at
 */
export function walkProfile(reader: Reader, profile: AbsolutePath, everything: boolean): ProfileTree {
  const login: ProfileEntry[] = [];
  const gaps: string[] = [];
  const bytes = { state: 0, cache: 0 };
  let complete = everything;
  let entries = 0;
  const open: { name: string; depth: number; cache: boolean }[] = [];

  const visit = (name: string, depth: number, inCache: boolean): void => {
    const status = reader.status(name === '' ? profile : resolvePath(profile, name));
    if (!status.ok) {
      // A browser that runs deletes files all the time.
      if (status.failure.kind !== 'missing') gaps.push(`${name}: ${status.failure.reason}`);
      return;
    }
    const { kind, size } = status.value;
    if (isLogin(name)) login.push({ name, status: status.value });
    const cache = inCache || (kind === 'directory' && CACHES.has(name.slice(name.lastIndexOf('/') + 1)));
    if (kind === 'file') bytes[cache ? 'cache' : 'state'] += size;
    if (kind !== 'directory') return;
    if (depth < MAX_DEPTH) open.push({ name, depth, cache });
    else {
      gaps.push(`${name}: nested deeper than ${MAX_DEPTH} directories`);
      complete = false;
    }
  };

  if (everything) visit('', 0, false);
  else {
    for (const name of LOGIN_FILES) visit(name, 0, false);
    open.length = 0;
    for (const name of LOGIN_TREES) visit(name, 0, false);
  }
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const listed = reader.list(at.name === '' ? profile : resolvePath(profile, at.name));
    if (!listed.ok) {
      gaps.push(`${at.name === '' ? '.' : at.name}: ${listed.failure.reason}`);
      complete = false;
      continue;
    }
    entries += listed.value.length;
    if (entries > MAX_ENTRIES) {
      gaps.push(`it holds more than ${MAX_ENTRIES} files; the rest was not looked at`);
      complete = false;
      break;
    }
    for (const { name } of listed.value) {
      visit(at.name === '' ? name : `${at.name}/${name}`, at.depth + 1, at.cache);
    }
  }
  login.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { login, bytes: complete ? bytes : null, gaps };
}

/** When the login's files were first made and last written. Milliseconds since the epoch; `null` without files. */
export function timesOf(login: readonly ProfileEntry[]): { bornAt: number | null; lastUsed: number | null } {
  const files = login.filter(({ status }) => status.kind === 'file');
  // A directory's own times change with `chmod -R` and with our own backups beside it; a file's mtime only when it is written.
  const written = files.map(({ status }) => status.mtime);
  const births = login.map(({ status }) => status.birthtime).filter((time) => time > 0);
  const earliest = Math.min(...written, ...births);
  const latest = Math.max(...written);
  return {
    bornAt: Number.isFinite(earliest) ? Math.floor(earliest) : null,
    lastUsed: Number.isFinite(latest) ? Math.floor(latest) : null,
  };
}
