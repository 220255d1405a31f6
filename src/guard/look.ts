// biome-ignore lint/style/noRestrictedImports: the guard speaks in the words of the doctor's own checks, which are pure
import damagedStore from '../checks/profile/damaged-store.ts';
// biome-ignore lint/style/noRestrictedImports: the guard speaks in the words of the doctor's own checks, which are pure
import liveOwner from '../checks/profile/live-owner.ts';
// biome-ignore lint/style/noRestrictedImports: the guard speaks in the words of the doctor's own checks, which are pure
import sessionIncomplete from '../checks/profile/session-incomplete.ts';
// biome-ignore lint/style/noRestrictedImports: the guard speaks in the words of the doctor's own checks, which are pure
import staleLock from '../checks/profile/stale-lock.ts';
import { networkMountPoints } from '../facts/network-mounts.ts';
import { readOwners } from '../facts/owners.ts';
import { createReader } from '../facts/reader.ts';
import type { CheckResult } from '../model/check.ts';
import { type Durability, SURVIVAL_LEVELS } from '../model/mount.ts';
import { absolutePath, isInside } from '../model/path.ts';
import type { Profile } from '../model/profile.ts';
import type { Reader } from '../model/reader.ts';
import { storyOf } from '../model/words.ts';
import { contextOf, platformOf } from '../mounts/context.ts';
import { mountIndex } from '../mounts/covering.ts';
import { gatherPlatformEvidence } from '../mounts/evidence.ts';
import { judge } from '../mounts/judge.ts';
import { parseMountinfo } from '../mounts/mountinfo.ts';
import { inspectProfile } from '../profile/inspect.ts';
import type { SessionProblem, SessionReport } from './types.ts';

const TABLE = absolutePath('/proc/self/mountinfo');
const TABLE_LIMIT = 64 * 1024 * 1024;

function environment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
}

/** What the mount table says of the place. */
function storageProblems(reader: Reader, path: string): { judged: Durability | null; problems: SessionProblem[] } {
  const table = reader.bytes(TABLE, TABLE_LIMIT);
  if (!table.ok) {
    const message = `Whether ${path} survives could not be told: ${table.failure.reason}.`;
    return { judged: null, problems: [{ code: 'WA101', level: 'notice', message, fix: [] }] };
  }
  const index = mountIndex(parseMountinfo(table.value, TABLE, 'live'));
  const os =
    process.platform === 'linux' || process.platform === 'darwin' || process.platform === 'win32'
      ? process.platform
      : 'other';
  const context = contextOf(index, gatherPlatformEvidence(reader, environment(), index, os));
  const judged = judge(reader, context, path, true);
  const platform = platformOf(context);
  const problems: SessionProblem[] = [];
  const lost = SURVIVAL_LEVELS.find((level) => level !== 'nodeLoss' && judged.survives[level] === false);
  if (lost !== undefined) {
    const [reason] = judged.reasons;
    problems.push({
      code: 'WA101',
      level: 'error',
      message: `The login in ${path} will not last: it ${storyOf(judged, platform)}${reason === undefined ? '' : ` (${reason.text})`}.`,
      fix: ['Mount a volume or a directory of the host at the data path, or set dataPath to a directory below one.'],
    });
  }
  if (judged.writable === false) {
    problems.push({
      code: 'WA106',
      level: 'error',
      message: `${path} cannot be written by this user (uid ${process.getuid?.() ?? 'unknown'}); Chromium then says, misleadingly, that the browser is already running.`,
      fix: ['Give the directory to the user that runs the bot (chown), or run the bot as its owner.'],
    });
  }
  if (judged.chromiumFit === 'no') {
    problems.push({
      code: 'WA104',
      level: 'error',
      message: `${path} is on ${judged.mount?.fstype ?? 'a file system'} that cannot hold a Chromium profile.`,
      fix: ['Keep the session on a local disk or a block volume.'],
    });
  }
  return { judged, problems };
}

/** The findings of one of the doctor's own checks, in its words. */
function inWordsOf(code: string, { findings, unknown = [] }: CheckResult): SessionProblem[] {
  return [
    ...findings.map((finding): SessionProblem => {
      const level = finding.severity === 'info' ? 'notice' : 'error';
      return { code, level, message: finding.message, fix: finding.remediation?.steps ?? [] };
    }),
    ...unknown.map(
      (reason): SessionProblem => ({ code, level: 'notice', message: `Could not be told: ${reason}.`, fix: [] }),
    ),
  ];
}

function profileProblems(profile: Profile, mustExist: boolean): SessionProblem[] {
  const { path, state } = profile;
  if (state === 'missing') {
    const message = `There is no session in ${path}: the bot will show a QR code.`;
    const fix = mustExist
      ? ['Look where the session was before: another dataPath, client id, working directory or volume.']
      : ['Scan the QR code once, and wait two minutes before you stop the bot.'];
    return [{ code: 'WA501', level: mustExist ? 'error' : 'notice', message, fix }];
  }
  const facts = { profiles: [profile] };
  const first: SessionProblem[] = [
    ...inWordsOf(damagedStore.code, damagedStore.run(facts)),
    ...inWordsOf(staleLock.code, staleLock.run(facts)),
    ...inWordsOf(liveOwner.code, liveOwner.run(facts)),
  ];
  if (profile.owner.state === 'live' && !first.some(({ code }) => code === liveOwner.code)) {
    first.push({
      code: liveOwner.code,
      level: 'error',
      message: `A browser (process ${profile.owner.pid ?? 'unknown'}) is already running on ${path}: this start fails.`,
      fix: ['Stop the other bot first; only one browser can own a profile.'],
    });
  }
  const incomplete = inWordsOf(sessionIncomplete.code, sessionIncomplete.run(facts)).map((problem) => ({
    ...problem,
    level: state === 'never-linked' && !mustExist ? ('notice' as const) : problem.level,
  }));
  return [...first, ...incomplete];
}

/** Look at a session directory of this machine. */
export async function lookAt(path: string, kind: 'local' | 'remote', mustExist: boolean): Promise<SessionReport> {
  const at = absolutePath(path);
  const network = networkMountPoints(null);
  const reader = createReader();
  const { judged, problems } = storageProblems(reader, path);
  const report = { path, survives: judged?.survives ?? null, writable: judged?.writable ?? ('unknown' as const) };
  if (kind === 'remote') {
    // The store holds the login; only a directory that cannot be written is a fault.
    const kept = problems.filter(({ code }) => code === 'WA106');
    return { ...report, ok: kept.length === 0, state: 'unknown', problems: kept };
  }
  if ([...network].some((point) => isInside(at, absolutePath(point)))) {
    const message = `${path} is on a network file system: the files in it were not looked at, because that could hang.`;
    const all = [...problems, { code: 'WA104', level: 'notice' as const, message, fix: [] }];
    return { ...report, ok: all.every(({ level }) => level !== 'error'), state: 'unknown', problems: all };
  }
  const owners = readOwners(reader, { live: true, env: environment() });
  const profile = await inspectProfile(reader, owners, at, { depth: 'quick', now: Date.now() });
  const all = [...problems, ...profileProblems(profile, mustExist)];
  return { ...report, ok: all.every(({ level }) => level !== 'error'), state: profile.state, problems: all };
}
