import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readlinkSync, unlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { readOwners } from '../facts/owners.ts';
import { createReader } from '../facts/reader.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Profile } from '../model/profile.ts';
import { shellWord } from '../model/profile-words.ts';
import { inspectProfile } from '../profile/inspect.ts';
import { parseClaim } from '../profile/locks.ts';
import { type Backup, backUp, syncDirectory, writeUndo } from './backup.ts';
import { planRepair, type RepairAction, type RepairPlan } from './plan.ts';

export interface RepairOptions {
  readonly now: number;
  readonly ownerGone: string | null;
  /** `false`: only say what would be done. */
  readonly apply: boolean;
}

/** What a repair did or would do. */
export interface RepairResult {
  readonly profile: AbsolutePath;
  /** `failed`: it began and an error came; what was done is in `done`, the backup is whole. */
  readonly outcome: 'planned' | 'done' | 'nothing' | 'refused' | 'failed';
  readonly reason: string | null;
  readonly before: Profile;
  /** `planned`: what it would be. `done`, `failed`: what it is now. */
  readonly after: Profile | null;
  readonly actions: readonly RepairAction[];
  /** How many of the actions were done. */
  readonly done: number;
  readonly remains: readonly string[];
  readonly backup: Backup | null;
  /** Shell command that brings the old state back. */
  readonly undo: readonly string[];
}

function sameActions(a: readonly RepairAction[], b: readonly RepairAction[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** @throws Error when the file is not what was planned for */
function cut(path: string, size: number, keep: number): void {
  const fd = openSync(path, constants.O_RDWR | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = fstatSync(fd);
    if (!stats.isFile() || stats.size !== size) throw new Error(`${path} changed since it was looked at`);
    ftruncateSync(fd, keep);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  syncDirectory(dirname(path));
}

/** @throws Error when the lock names another host than planned */
function removeLock(host: string, paths: readonly string[]): void {
  const lock = paths.find((path) => path.endsWith('/SingletonLock'));
  if (lock !== undefined && parseClaim(readlinkSync(lock))?.host !== host) {
    throw new Error(`${lock} changed since it was looked at`);
  }
  // The lock itself goes last: as long as it is there, no browser starts.
  for (const path of [...paths].sort((a, b) => Number(a === lock) - Number(b === lock))) unlinkSync(path);
  const [first] = paths;
  if (first !== undefined) syncDirectory(dirname(first));
}

function perform(action: RepairAction): void {
  if (action.kind === 'cut-log') cut(action.path, action.size, action.keep);
  else removeLock(action.host, action.paths);
}

function filesOf(actions: readonly RepairAction[]): string[] {
  return actions.flatMap((action) => (action.kind === 'cut-log' ? [action.path] : action.paths));
}

function messageOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EACCES' || code === 'EPERM')
    return 'this user may not write there; run it as the user that owns the profile';
  if (code === 'ENOSPC') return 'the disk is full';
  return error instanceof Error ? error.message : String(error);
}

/**
 * Repair the profile of a session on this machine, or say how it would be repaired. The only function that writes into a profile.
 * With `apply`: a verified backup first, then a second look at owners and files, then the cuts, each flushed to the disk, then a look
 * at the result. Never throws.
 */
export async function repair(path: AbsolutePath, options: RepairOptions): Promise<RepairResult> {
  const reader = createReader();
  const resolved = reader.resolve(path);
  const profile = resolved.ok ? resolved.value.resolved : path;
  // A fresh reader each time: it remembers directories, and these may change while we wait for the copy.
  const plan = (): Promise<RepairPlan> => {
    const now = createReader();
    return planRepair(now, readOwners(now, { live: true }), profile, options);
  };
  const first = await plan();
  const base = { profile: path, before: first.before, done: 0, backup: null, undo: [], remains: [] } as const;
  if (first.kind !== 'planned') {
    return { ...base, outcome: first.kind, reason: first.reason, after: null, actions: [] };
  }
  const { actions, remains } = first;
  if (!options.apply) return { ...base, outcome: 'planned', reason: null, after: first.after, actions, remains };

  let backup: Backup;
  let undo: string[];
  try {
    backup = backUp(profile, options.now);
    undo = [`sh ${shellWord(writeUndo(backup, profile, filesOf(actions)))}`];
  } catch (error) {
    return {
      ...base,
      outcome: 'refused',
      reason: `no backup could be made: ${messageOf(error)}`,
      after: null,
      actions,
      remains,
    };
  }
  const second = await plan();
  if (second.kind !== 'planned' || !sameActions(second.actions, actions)) {
    const reason = second.kind === 'planned' ? 'the profile changed while the backup was made' : second.reason;
    return { ...base, outcome: 'refused', reason, after: null, actions, backup, remains };
  }
  let done = 0;
  let reason: string | null = null;
  try {
    for (const action of actions) {
      perform(action);
      done += 1;
    }
  } catch (error) {
    reason = messageOf(error);
  }
  const fresh = createReader();
  const after = await inspectProfile(fresh, readOwners(fresh, { live: true }), absolutePath(profile), {
    depth: 'full',
    now: options.now,
  });
  return {
    ...base,
    outcome: reason === null ? 'done' : 'failed',
    reason,
    after,
    actions,
    done,
    backup,
    undo,
    remains,
  };
}
