import { dirname } from 'node:path';
import type { Profile } from '../model/profile.ts';
import type { Backup, RunEvent, StopKind, VerifyResult, VerifyRun } from '../model/verify.ts';
import { adviceAfter } from './advice.ts';
import { BackupError, makeBackup, removeBackup } from './backup.ts';
import { installCommand } from './install-browser.ts';
import { argsFor, removeForeignLock, userOf } from './launch.ts';
import { lastingOwner, lookAt, realPath, summaryOf } from './look.ts';
import { oneRun, type RunPlan, worthAnotherTry } from './one-run.ts';
import { refusalOf } from './refusal.ts';
import type { ClientValues, Loaded } from './run/protocol.ts';
import { RunProcess, type RunUser } from './run-process.ts';
import { judge } from './verdict.ts';

export interface VerifyOptions {
  /** Directory of the bot: its library, puppeteer and configuration are used. */
  readonly project: string;
  /** The session directory: `<dataPath>/session[-<clientId>]`. */
  readonly session: string;
  /** Browser named by the user or the bot; `null`: look for one. */
  readonly browser: string | null;
  readonly browserArgs: readonly string[];
  readonly headless: boolean | 'shell';
  /** The bot's own options of the Client; default: none. */
  readonly client?: ClientValues;
  /** Restarts to make; one more run than this. */
  readonly cycles: number;
  readonly stop: StopKind;
  readonly timeoutMs: number;
  readonly settleMs: number;
  /** Link a phone in the first run. */
  readonly pair: boolean;
  readonly backup: boolean;
  /** A host that the user says is gone for good. */
  readonly ownerGone: string | null;
  readonly signal: AbortSignal;
  /** Asked once, before the first browser starts. */
  confirm(profile: Profile): Promise<boolean>;
  progress(step: VerifyStep): void;
  /** The text of a QR code to show (`pair`). */
  showQr(text: string): void;
  /** Tests do to the storage what a restart does. */
  betweenRuns?(after: number): Promise<void> | void;
  readonly runEntry?: string;
}

export type VerifyStep =
  | { readonly kind: 'backup'; readonly path: string }
  | { readonly kind: 'run'; readonly n: number; readonly of: number }
  | { readonly kind: 'event'; readonly n: number; readonly event: RunEvent }
  | { readonly kind: 'stopping'; readonly n: number }
  | { readonly kind: 'settling'; readonly n: number };

/** How long a new link may take to be seen on disk: Local Storage follows within 6 s, a first synchronisation takes longer. */
const ON_DISK_LIMIT_MS = 20_000;
const ON_DISK_POLL_MS = 500;

interface Timer {
  inspect: number;
  backup: number;
  runs: number;
}

type Known = Omit<VerifyResult, 'verdict' | 'reason' | 'advice' | 'timings'>;
type Ending = Pick<VerifyResult, 'verdict' | 'reason' | 'advice'>;

/**
 * Start the bot's own library and browser on the real session, stop them, and start them again in a new process: is the session still
 * linked? Never throws for what a machine can do to it; the verdict is `inconclusive` then.
 *
 * Before the first browser starts nothing is written. No browser is left behind, and the profile is closed cleanly whatever happens,
 * unless a hard stop was asked for.
 */
export async function verifyLive(options: VerifyOptions): Promise<VerifyResult> {
  const session = realPath(options.session);
  const spent: Timer = { inspect: 0, backup: 0, runs: 0 };
  const timed = async <T>(part: keyof Timer, work: () => Promise<T>): Promise<T> => {
    const start = performance.now();
    try {
      return await work();
    } finally {
      spent[part] += performance.now() - start;
    }
  };
  const known: { -readonly [Key in keyof Known]: Known[Key] } = {
    schema: 'wa-doctor/verify@1',
    mode: 'live',
    session,
    browser: null,
    library: null,
    runs: [],
    lostAt: null,
    profile: { before: null, after: null },
    backup: null,
  };
  const end = (ending: Ending): VerifyResult => ({
    ...known,
    ...ending,
    timings: { inspect: Math.round(spent.inspect), backup: Math.round(spent.backup), runs: Math.round(spent.runs) },
  });
  const inconclusive = (reason: string, advice: readonly string[] = []): VerifyResult =>
    end({ verdict: 'inconclusive', reason, advice });

  const before = await timed('inspect', () => lookAt(session, Date.now()));
  known.profile = { before: summaryOf(before), after: null };
  const refusal = refusalOf({ profile: before, ownerGone: options.ownerGone, uid: process.getuid?.() ?? null });
  if (refusal !== null) return end({ verdict: 'refused', ...refusal });
  if (before.state === 'missing' && !options.pair) {
    return end({
      verdict: 'not-linked',
      reason: `there is no session to test: ${before.evidence[0] ?? `${session} holds no profile`}`,
      advice: [
        'Link a phone and test the session in one go: wa-doctor verify --pair',
        'If it was linked before, wa-doctor audit says what deletes it.',
      ],
    });
  }

  const user = userOf(before, session);
  const newProcess = () =>
    new RunProcess({
      project: options.project,
      near: dirname(session),
      need: 'client',
      browser: options.browser,
      user,
      ...(options.runEntry === undefined ? {} : { entry: options.runEntry }),
    });
  // It loads the library while the user reads and the copy is made, and touches nothing until it is told to.
  let next: RunProcess | null = newProcess();
  try {
    if (!(await options.confirm(before))) {
      return end({
        verdict: 'refused',
        reason: 'it was not confirmed, so nothing was started',
        advice: ['Answer yes, or pass --yes.'],
      });
    }
    if (options.signal.aborted) return inconclusive('it was interrupted before anything was started');
    // The copy is made while the library loads. Of a profile without a login too, as far as can be seen: that is an inference.
    const precious = before.state !== 'never-linked' && before.state !== 'logged-out';
    const wanted = options.backup && before.state !== 'missing';
    const copying = wanted ? timed('backup', () => copyOf(session)) : Promise.resolve(null);
    const found = await next.loaded.catch((error: Error) => error.message);
    const copied = await copying;
    const backup = copied?.backup ?? null;
    known.backup = backup;
    const discard = async (): Promise<void> => {
      if (backup === null) return;
      await removeBackup(backup.path);
      known.backup = { ...backup, kept: false };
    };
    if (typeof found === 'string') {
      await discard();
      return inconclusive(found);
    }
    const loaded: Loaded = found;
    known.library = loaded.library;
    if (loaded.browser === null) {
      await discard();
      return inconclusive(`no browser was found (looked at ${loaded.looked.join(', ')})`, [
        `Install one: ${installCommand()}`,
        'Or name the one that the bot uses: --browser PATH',
      ]);
    }
    known.browser = { path: loaded.browser, version: null };
    if (copied !== null && copied.backup === null && precious) {
      return end({
        verdict: 'refused',
        reason: `no copy of the profile could be made before opening it: ${copied.reason}`,
        advice: ['Make the copy by hand and pass --no-backup, or remove what hinders it.'],
      });
    }
    if (backup !== null) options.progress({ kind: 'backup', path: backup.path });

    // The user took their time: somebody may have started the bot meanwhile.
    const now = await timed('inspect', () => lookAt(session, Date.now()));
    const late = refusalOf({ profile: now, ownerGone: options.ownerGone, uid: process.getuid?.() ?? null });
    if (late !== null || options.signal.aborted) {
      await discard();
      return late === null
        ? inconclusive('it was interrupted before anything was started')
        : end({ verdict: 'refused', ...late });
    }
    try {
      removeForeignLock(session, now, options.ownerGone);
    } catch (error) {
      await discard();
      return inconclusive(
        `the lock of ${options.ownerGone ?? 'the other host'} could not be removed: ${(error as Error).message}`,
      );
    }

    const runs: VerifyRun[] = [];
    const count = options.cycles + 1;
    let opened = false;
    let linkSeen = false;
    let intruder: string | null = null;
    await timed('runs', async () => {
      for (let n = 1, tries = 1; n <= count; ) {
        const process: RunProcess = next ?? newProcess();
        next = null;
        options.progress({ kind: 'run', n, of: count });
        const run = await oneRun(
          process,
          planOf(options, n, count, loaded.browser ?? '', user, session, () => {
            linkSeen = true;
          }),
        );
        opened ||= process.browserPid !== null;
        known.browser = {
          path: loaded.browser ?? '',
          version: process.browserVersion ?? known.browser?.version ?? null,
        };
        if (worthAnotherTry(run) && tries < 3 && !options.signal.aborted) {
          tries += 1;
          continue;
        }
        runs.push(run);
        if (run.outcome !== 'ready' || n === count) return;
        await options.betweenRuns?.(n);
        n += 1;
        tries = 1;
        // A supervisor may have started the bot in the gap.
        intruder = await timed('inspect', () => lastingOwner(session));
        if (intruder !== null) return;
      }
    });
    known.runs = runs;

    const after = await timed('inspect', () => lookAt(session, Date.now()));
    known.profile = { before: summaryOf(before), after: summaryOf(after) };
    if (intruder !== null) {
      return inconclusive(`run ${runs.length} was ready, then the bot came back before the next one: ${intruder}`, [
        'Stop the bot and whatever starts it again (pm2, systemd, a restart policy), then run this again.',
        ...adviceAfter({ judged: { verdict: 'inconclusive', reason: '', lostAt: null }, runs, before, after, backup }),
      ]);
    }
    const judged = judge({
      runs,
      wanted: count,
      pair: options.pair,
      before: before.state === 'linked' || !linkSeen ? before.state : 'linked',
      after: after.state,
    });
    known.lostAt = judged.lostAt;
    const neverReady = !precious && runs[0]?.outcome !== 'ready';
    if (judged.verdict === 'survived' || !opened || neverReady) await discard();
    return end({
      verdict: judged.verdict,
      reason: judged.reason,
      advice: adviceAfter({ judged, runs, before, after, backup: known.backup }),
    });
  } finally {
    // Nothing was started in it.
    if (next !== null) await next.kill();
  }
}

/** A copy, or the reason why there is none. */
async function copyOf(session: string): Promise<{ backup: Backup } | { backup: null; reason: string }> {
  try {
    return { backup: await makeBackup(session, Date.now()) };
  } catch (error) {
    if (error instanceof BackupError) return { backup: null, reason: error.message };
    throw error;
  }
}

function planOf(
  options: VerifyOptions,
  n: number,
  wanted: number,
  browser: string,
  user: RunUser | null,
  session: string,
  onLink: () => void,
): RunPlan {
  const pair = options.pair && n === 1;
  return {
    n,
    session,
    browser,
    args: argsFor(options.browserArgs, user),
    headless: options.headless,
    client: options.client ?? {},
    // Nothing starts after the last run, so it need not end hard.
    stop: options.stop === 'sigkill' && n === wanted ? 'destroy' : options.stop,
    timeoutMs: options.timeoutMs,
    settleMs: options.settleMs,
    last: n === wanted,
    pair,
    signal: options.signal,
    onEvent: (event) => options.progress({ kind: 'event', n, event }),
    onQr: (text) => options.showQr(text),
    onDisk: async () => {
      options.progress({ kind: 'settling', n });
      const limit = Date.now() + ON_DISK_LIMIT_MS;
      while (Date.now() < limit && !options.signal.aborted) {
        if ((await lookAt(session, Date.now())).state === 'linked') {
          onLink();
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, ON_DISK_POLL_MS));
      }
    },
  };
}
