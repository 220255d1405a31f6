import { type AbsolutePath, baseName, resolvePath } from '../model/path.ts';
import type { Profile } from '../model/profile.ts';
import type { Reader } from '../model/reader.ts';

/** Where a profile lies, and what its name says. */
export interface FoundProfile {
  readonly path: AbsolutePath;
  readonly kind: Profile['kind'];
  /** `null`: no client id (`session`), or the name says nothing. */
  readonly clientId: string | null;
}

/** What a path given by the user holds. */
export interface Discovery {
  readonly kind: 'profile' | 'data-path' | 'project' | 'nothing';
  readonly profiles: readonly FoundProfile[];
  /** Names of RemoteAuth's temporary directories and zips beside the profiles. */
  readonly leftovers: readonly AbsolutePath[];
  readonly gaps: readonly string[];
}

/** Default `dataPath` of LocalAuth and RemoteAuth (whatsapp-web.js 1.34.7). */
export const DEFAULT_DATA_PATH = '.wwebjs_auth';
/** LocalAuth: `session` or `session-<clientId>`; a client id is `[-_\w]+`. Wrappers start every directory of this form. */
const LOCAL = /^session(?:-(.+))?$/;
/** RemoteAuth: `RemoteAuth` or `RemoteAuth-<clientId>`. */
const REMOTE = /^RemoteAuth(?:-(.+))?$/;
const REMOTE_LEFTOVER = /^(?:wwebjs_temp_session(?:_.*)?|RemoteAuth(?:-.*)?\.zip)$/;
/** Names that only a Chromium user data directory holds at its top. */
const PROFILE_NAMES = ['Local State', 'Last Version', 'SingletonLock', 'Variations'] as const;

/** What the name of a directory says of the profile in it. */
export function describeName(path: AbsolutePath): FoundProfile {
  const name = baseName(path);
  const local = LOCAL.exec(name);
  if (local !== null) return { path, kind: 'LocalAuth', clientId: local[1] ?? null };
  const remote = REMOTE.exec(name);
  if (remote !== null && !name.endsWith('.zip')) return { path, kind: 'RemoteAuth', clientId: remote[1] ?? null };
  return { path, kind: 'other', clientId: null };
}

function isDirectory(reader: Reader, path: AbsolutePath): boolean {
  const real = reader.resolve(path);
  const status = real.ok ? reader.status(real.value.resolved) : real;
  return status.ok && status.value.kind === 'directory';
}

function exists(reader: Reader, path: AbsolutePath): boolean {
  return reader.status(path).ok;
}

function looksLikeProfile(reader: Reader, path: AbsolutePath): boolean {
  return (
    isDirectory(reader, resolvePath(path, 'Default')) ||
    PROFILE_NAMES.some((name) => exists(reader, resolvePath(path, name)))
  );
}

function inDataPath(reader: Reader, path: AbsolutePath): Discovery {
  const listed = reader.list(path);
  if (!listed.ok) {
    const gaps = listed.failure.kind === 'missing' ? [] : [`${path}: ${listed.failure.reason}`];
    return { kind: 'nothing', profiles: [], leftovers: [], gaps };
  }
  const profiles: FoundProfile[] = [];
  const leftovers: AbsolutePath[] = [];
  for (const { name, kind } of listed.value) {
    const child = resolvePath(path, name);
    if (REMOTE_LEFTOVER.test(name)) leftovers.push(child);
    else if (LOCAL.test(name) || REMOTE.test(name)) {
      // A file `session.json` or `session` is no profile; a link to a directory is one.
      if (kind === 'directory' || (kind === 'link' && isDirectory(reader, child))) profiles.push(describeName(child));
    }
  }
  return { kind: profiles.length + leftovers.length > 0 ? 'data-path' : 'nothing', profiles, leftovers, gaps: [] };
}

/**
 * Find the profiles that a path means: the path is a profile if it holds `Default/` (or another name that only a profile holds), a
 * data path if it holds `session*` or `RemoteAuth*`, else a project, of which the default data path is looked at. A path of the form
 * of a session that is not there is a profile that is missing.
 * Profiles come in the order of their names by code unit; commands number them from 1 in this order.
 */
export function discoverProfiles(reader: Reader, path: AbsolutePath): Discovery {
  if (looksLikeProfile(reader, path))
    return { kind: 'profile', profiles: [describeName(path)], leftovers: [], gaps: [] };
  const below = inDataPath(reader, path);
  if (below.kind === 'data-path' || below.gaps.length > 0) return below;
  const standard = inDataPath(reader, resolvePath(path, DEFAULT_DATA_PATH));
  const named = describeName(path);
  if (standard.kind === 'nothing' && named.kind !== 'other') {
    return { kind: 'profile', profiles: [named], leftovers: [], gaps: [] };
  }
  return { ...standard, kind: isDirectory(reader, path) ? 'project' : 'nothing' };
}
