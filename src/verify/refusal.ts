import type { Profile } from '../model/profile.ts';

/** Why a profile is not opened, and what to do about it. */
export interface Refusal {
  readonly reason: string;
  readonly advice: readonly string[];
}

export interface RefusalInput {
  readonly profile: Profile;
  /** Host named by `--owner-gone`: the user says that it is gone for good. */
  readonly ownerGone: string | null;
  /** User that runs the doctor; `null` where there are no users. */
  readonly uid: number | null;
}

/**
 * May a browser be started on this profile? Pure. Refused when a live or unknowable owner holds it, when a lock of another host is on
 * it, when another user's browser wrote it, and when it is not LocalAuth's.
 */
export function refusalOf({ profile, ownerGone, uid }: RefusalInput): Refusal | null {
  const { owner, permissions, path } = profile;
  if (owner.state === 'live') {
    const who = owner.pid === null ? 'a browser' : `the browser with process id ${owner.pid}`;
    return {
      reason: `${who} has this profile open (${owner.reason}); a second one would damage it`,
      advice: owner.orphan
        ? [`The bot that started it is gone: end process ${owner.pid} (kill ${owner.pid}), then run this again.`]
        : ['Stop the bot that uses this session, then run this again.'],
    };
  }
  if (owner.state === 'unknown') {
    return {
      reason: `it cannot be told whether a browser has this profile open: ${owner.reason}`,
      advice: ['Run this where the bot runs, as the user that it runs as, after stopping the bot.'],
    };
  }
  if (owner.state === 'stale-foreign' && (ownerGone === null || ownerGone !== owner.host)) {
    const host = owner.host ?? 'HOST';
    const wrong = ownerGone === null ? '' : ` (--owner-gone names ${ownerGone})`;
    return {
      reason: `the profile is locked by a browser on another host, ${host}, and whether it still runs cannot be seen from here${wrong}`,
      advice: [
        `If ${host} is a container or machine that no longer exists, run this again with: --owner-gone ${host}`,
        'Otherwise stop the bot there first; a clean stop removes the lock.',
      ],
    };
  }
  if (profile.kind === 'RemoteAuth') {
    return {
      reason: `${path} belongs to RemoteAuth, which deletes it and restores it from its store at every start; a restart of this directory proves nothing`,
      advice: ['Look at what the store holds instead: wa-doctor audit (WA207).'],
    };
  }
  const user = permissions.expectedUid;
  if (uid !== null && uid !== 0 && user !== null && user !== uid) {
    return {
      reason: `the profile belongs to user ${user}, this is user ${uid}; a browser of another user leaves files behind that the bot cannot use`,
      advice: [`Run this as the bot's user: sudo -u '#${user}' wa-doctor verify …`],
    };
  }
  return null;
}
