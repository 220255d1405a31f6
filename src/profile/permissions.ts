import { type AbsolutePath, parentOf } from '../model/path.ts';
import type { Profile } from '../model/profile.ts';
import type { FileStatus, Reader } from '../model/reader.ts';
import type { ProfileEntry } from './sizes.ts';

const ROOT = 0;
/** Files listed one by one; the rest is the same story. */
const MAX_ODD = 50;

export function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

type Permissions = Profile['permissions'];

/** The bits that a class of users needs: directories must be entered and written, files read and written. */
function needed(status: FileStatus): number {
  return status.kind === 'directory' ? 0o7 : 0o6;
}

/** May the user with this id use the file as a browser does? Groups other than the file's own owner are not known, so not counted. */
function usable(status: FileStatus, uid: number, gid: number | null): boolean {
  if (uid === ROOT) return true;
  const want = needed(status);
  const bits = status.uid === uid ? status.mode >> 6 : status.gid === gid ? status.mode >> 3 : status.mode;
  return (bits & want) === want;
}

/** The user that most files of the login belong to; root only when all are root's. */
function expectedUser(login: readonly ProfileEntry[]): { uid: number; gid: number } | null {
  const counts = new Map<number, { count: number; gid: number }>();
  for (const { status } of login) {
    const known = counts.get(status.uid);
    counts.set(status.uid, { count: (known?.count ?? 0) + 1, gid: known?.gid ?? status.gid });
  }
  const users = [...counts].filter(([uid]) => uid !== ROOT);
  const candidates = users.length > 0 ? users : [...counts];
  candidates.sort(([a, x], [b, y]) => y.count - x.count || a - b);
  const [first] = candidates;
  return first === undefined ? null : { uid: first[0], gid: first[1].gid };
}

/**
 * Who beside the owner can read a database of the login: all directories down to it must let them through.
 * `profile` has its links followed.
 */
function readableBy(reader: Reader, profile: AbsolutePath, login: readonly ProfileEntry[]): Permissions['readableBy'] {
  let reach = 0o77;
  for (let at = profile; at !== '/'; at = parentOf(at)) {
    const status = reader.status(at);
    if (!status.ok) return 'unknown';
    reach &= entering(status.value);
  }
  if (reach === 0) return 'owner';
  const directories = new Map<string, number>([['', reach]]);
  let open = 0;
  for (const { name, status } of login) {
    const cut = name.lastIndexOf('/');
    const above = directories.get(cut < 0 ? '' : name.slice(0, cut)) ?? reach;
    if (status.kind === 'directory') directories.set(name, above & entering(status));
    const database =
      name.startsWith('Default/Local Storage/') ||
      name.startsWith('Default/IndexedDB/') ||
      name === 'Default/LocalStorage';
    if (database && status.kind === 'file' && status.size > 0) open |= above & reading(status);
  }
  if ((open & 0o7) !== 0) return 'everyone';
  return (open & 0o70) === 0 ? 'owner' : 'group';
}

function entering(status: FileStatus): number {
  return ((status.mode & 0o10) === 0 ? 0 : 0o70) | ((status.mode & 0o1) === 0 ? 0 : 0o7);
}

function reading(status: FileStatus): number {
  return ((status.mode & 0o40) === 0 ? 0 : 0o70) | ((status.mode & 0o4) === 0 ? 0 : 0o7);
}

/**
 * Owners and modes of the login's files.
 * One file of another owner is enough: a browser that cannot write a log of IndexedDB or Local Storage shows a QR code without an
 * error (measured as uid 1234: 40 of 40, the session came back after chown).
 */
export function judgePermissions(reader: Reader, profile: AbsolutePath, login: readonly ProfileEntry[]): Permissions {
  const own = login.find(({ name }) => name === '')?.status ?? null;
  const files = login.filter(({ status }) => status.kind === 'file' || status.kind === 'directory');
  const expected = expectedUser(files);
  const odd: { path: string; uid: number; mode: string }[] = [];
  if (expected !== null) {
    for (const { name, status } of files) {
      if (odd.length >= MAX_ODD) break;
      // Read-only for its own owner: root may write it all the same, but then root is who runs the browser.
      if (!usable(status, expected.uid, expected.gid)) {
        odd.push({ path: name === '' ? '.' : name, uid: status.uid, mode: octal(status.mode) });
      }
    }
  }
  return {
    mode: own === null ? null : octal(own.mode),
    uid: own?.uid ?? null,
    gid: own?.gid ?? null,
    mixedOwners: new Set(files.map(({ status }) => status.uid)).size > 1,
    expectedUid: expected?.uid ?? null,
    odd,
    readableBy: own === null ? 'unknown' : readableBy(reader, profile, files),
  };
}
