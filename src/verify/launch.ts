import { existsSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Profile } from '../model/profile.ts';
import { SINGLETON_NAMES } from '../profile/locks.ts';
import type { RunUser } from './run-process.ts';

/**
 * The user that the browser must run as. Root that tests another user's bot becomes that user: a file of root in the profile would
 * lock the bot out of it.
 */
export function userOf({ permissions }: Profile, session: string): RunUser | null {
  if (process.getuid?.() !== 0) return null;
  const { expectedUid, gid } = permissions;
  if (expectedUid !== null) return expectedUid === 0 ? null : { uid: expectedUid, gid: gid ?? expectedUid };
  // A session that is still to be made belongs to whoever owns the place where it is made.
  let at = dirname(session);
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  const owner = statSync(at);
  return owner.uid === 0 ? null : { uid: owner.uid, gid: owner.gid };
}

/** Chromium refuses to run as root with its sandbox. */
export function argsFor(args: readonly string[], user: RunUser | null): string[] {
  const root = process.getuid?.() === 0 && user === null;
  return root && !args.includes('--no-sandbox') ? [...args, '--no-sandbox'] : [...args];
}

/** Remove the marks of a browser on a host that is gone for good; only while they still name that host. */
export function removeForeignLock(session: string, profile: Profile, ownerGone: string | null): void {
  const { owner } = profile;
  if (owner.state !== 'stale-foreign' || owner.host === null || owner.host !== ownerGone) return;
  for (const name of SINGLETON_NAMES) {
    try {
      unlinkSync(join(session, name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}
