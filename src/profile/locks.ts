import { type AbsolutePath, resolvePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';

/** The links by which Chromium claims a profile (chrome/browser/process_singleton_posix.cc). Windows has `lockfile` instead. */
export const SINGLETON_NAMES = ['SingletonLock', 'SingletonSocket', 'SingletonCookie'] as const;

/** What the Singleton links say. They are made at the start, removed by a clean close, and left behind by a hard kill. */
export interface SingletonMarks {
  /** Those that exist, whatever they are. */
  readonly present: readonly AbsolutePath[];
  /** Is `SingletonLock` there? It alone decides whether a browser starts. */
  readonly locked: boolean;
  /** Host and process id in `SingletonLock`; `null` without a lock, and when it says something else. */
  readonly claim: { readonly host: string; readonly pid: number } | null;
  /** Why the links could not be read, or `null`. */
  readonly unreadable: string | null;
}

/** Host names are at most 64 characters on Linux (HOST_NAME_MAX) and 255 elsewhere. */
const MAX_CLAIM = 300;

/** Splits `HOST-PID` at the last hyphen, as Chromium does: host names hold hyphens too. */
export function parseClaim(text: string): { host: string; pid: number } | null {
  if (text.length > MAX_CLAIM) return null;
  const cut = text.lastIndexOf('-');
  const digits = text.slice(cut + 1);
  if (cut <= 0 || !/^\d{1,10}$/.test(digits)) return null;
  const pid = Number(digits);
  return pid > 0 ? { host: text.slice(0, cut), pid } : null;
}

/** Read the Singleton links of a user data directory. They are never followed. */
export function readSingleton(reader: Reader, profile: AbsolutePath): SingletonMarks {
  const present: AbsolutePath[] = [];
  let locked = false;
  let claim: SingletonMarks['claim'] = null;
  let unreadable: string | null = null;
  for (const name of SINGLETON_NAMES) {
    const path = resolvePath(profile, name);
    const status = reader.status(path);
    if (!status.ok) {
      if (status.failure.kind !== 'missing') unreadable = `${name}: ${status.failure.reason}`;
      continue;
    }
    present.push(path);
    if (name !== 'SingletonLock') continue;
    locked = true;
    const link = status.value.kind === 'link' ? reader.link(path) : null;
    if (link?.ok === true) claim = parseClaim(link.value);
  }
  return { present, locked, claim, unreadable };
}
