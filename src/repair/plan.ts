import type { AbsolutePath } from '../model/path.ts';
import type { Profile } from '../model/profile.ts';
import type { Reader } from '../model/reader.ts';
import { inspect } from '../profile/inspect.ts';
import { readSingleton } from '../profile/locks.ts';
import type { Owners } from '../profile/owner.ts';
import { cutReader } from './cut-reader.ts';

/** Cut a log back to the end of its last good record. */
export interface CutLog {
  readonly kind: 'cut-log';
  readonly path: AbsolutePath;
  /** Bytes now, and bytes that stay: `from keep to size` goes. */
  readonly size: number;
  readonly keep: number;
  /** What the bytes are that go, and how many whole records are among them. */
  readonly what: string;
  readonly recordsLost: number;
}

/** Remove the Singleton links of a host that the user named as gone. */
export interface RemoveLock {
  readonly kind: 'remove-lock';
  readonly host: string;
  readonly paths: readonly AbsolutePath[];
}

export type RepairAction = CutLog | RemoveLock;

/** What a repair would do, and what the profile would then be. */
export type RepairPlan =
  | { readonly kind: 'refused'; readonly reason: string; readonly before: Profile }
  | { readonly kind: 'nothing'; readonly reason: string; readonly before: Profile }
  | {
      readonly kind: 'planned';
      readonly before: Profile;
      readonly after: Profile;
      readonly actions: readonly RepairAction[];
      /** Damage that stays, in plain words. */
      readonly remains: readonly string[];
    };

export interface PlanOptions {
  readonly now: number;
  /** The host that the user says is gone, as it stands in the lock. */
  readonly ownerGone: string | null;
}

/** Why nothing may be changed while things are as they are, or `null`. */
function obstacle(profile: Profile, ownerGone: string | null): string | null {
  const { owner } = profile;
  if (owner.state === 'live')
    return `a browser may be using the profile: ${owner.reason}. Stop the bot and wait until its browser has closed`;
  if (owner.state === 'unknown') return `it cannot be told whether a browser uses the profile: ${owner.reason}`;
  if (owner.state === 'stale-foreign') {
    if (ownerGone === null) {
      return `${owner.reason}. If that host is gone for good, say so with --owner-gone ${owner.host ?? 'HOST'}`;
    }
    if (ownerGone !== owner.host) return `the lock names host ${owner.host ?? '?'}, not ${ownerGone}`;
  }
  return null;
}

const CUT: Readonly<Record<string, string>> = {
  'torn-log': 'a record that was not written to its end',
  'zero-tail': 'zeros behind the last record, as a power cut leaves them',
  'stray-bytes': 'bytes that are no record',
  'bad-crc': 'a record whose checksum does not fit, and what follows',
  'bad-record': 'a record that makes no sense, and what follows',
};

/**
 * Plan the repair of one profile. Reads only. The only damage that is healed is a torn log (18 of 18, profile.md section B10); a lock
 * goes only when the user names its host. Refuses while anything may own the profile, and when cutting would lose a login that a
 * browser can still read.
 */
export async function planRepair(
  reader: Reader,
  owners: Owners,
  path: AbsolutePath,
  { now, ownerGone }: PlanOptions,
): Promise<RepairPlan> {
  const { profile: before, reading } = await inspect(reader, owners, path, { depth: 'full', now });
  const refuse = (reason: string): RepairPlan => ({ kind: 'refused', reason, before });
  if (before.state === 'missing') return refuse(`there is no profile: ${before.evidence[0] ?? path}`);
  const blocked = obstacle(before, ownerGone);
  if (blocked !== null) return refuse(blocked);
  if (reading?.inUse === true)
    return refuse('files changed while they were read, so something is writing to the profile');

  const actions: RepairAction[] = [];
  for (const log of reading?.tornLogs ?? []) {
    if (log.goodLength >= log.size) continue;
    actions.push({
      kind: 'cut-log',
      path: log.path,
      size: log.size,
      keep: log.goodLength,
      what: CUT[log.kind] ?? 'what is no record',
      recordsLost: log.recordsBehind,
    });
  }
  const lengths = new Map(
    actions.flatMap((action) => (action.kind === 'cut-log' ? [[action.path, action.keep] as const] : [])),
  );
  const { profile: after } = await inspect(cutReader(reader, lengths), owners, path, { depth: 'full', now });
  if (before.state === 'linked' && after.state !== 'linked') {
    return refuse(
      `cutting ${[...lengths.keys()].join(' and ')} would lose the login, which a browser can still read now. Copy the whole directory away before you do anything`,
    );
  }
  if (before.owner.state === 'stale-foreign' && before.owner.host !== null) {
    const real = reader.resolve(path);
    const { present } = readSingleton(reader, real.ok ? real.value.resolved : path);
    actions.push({ kind: 'remove-lock', host: before.owner.host, paths: present });
  }
  const remains = after.stores
    .filter(({ state }) => state === 'damaged')
    .map(({ name, problems }) => `${name}: ${problems[0]?.text ?? 'damaged'}`);
  if (actions.length === 0) {
    const reason =
      remains.length > 0
        ? `the damage is not a torn log, and nothing else can be healed (${remains.join('; ')}). Restore both stores from a backup, or link again`
        : 'no log is torn and no lock of another host is left';
    return { kind: 'nothing', reason, before };
  }
  return { kind: 'planned', before, after, actions, remains };
}
