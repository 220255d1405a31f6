import type { RunEvent, StopKind, StopName, VerifyRun } from '../model/verify.ts';
import type { ClientValues, FromRun, LaunchOptions } from './run/protocol.ts';
import type { RunProcess } from './run-process.ts';

/**
 * Local Storage reaches the file about 5 s after a write (measured: kills at 4.5 s lost it 9 of 10 times, at 5.5 s never), so no
 * hard stop comes earlier than this after `ready`.
 */
export const MIN_SETTLE_MS = 6_000;
/** WhatsApp may end a link right after the page is ready; the last run is watched this long. */
const WATCH_MS = 250;

export const STOP_NAMES: Readonly<Record<StopKind, StopName>> = {
  destroy: 'destroy',
  sigterm: 'SIGTERM',
  sigint: 'SIGINT',
  sigkill: 'SIGKILL',
};

export interface RunPlan extends LaunchOptions {
  readonly n: number;
  readonly session: string;
  readonly client: ClientValues;
  readonly stop: StopKind;
  readonly timeoutMs: number;
  readonly settleMs: number;
  /** The last run is watched a little longer. */
  readonly last: boolean;
  readonly pair: boolean;
  readonly signal: AbortSignal;
  onEvent(event: RunEvent): void;
  onQr(text: string): void;
  /** Waits until a new link is on disk (`--pair`). */
  onDisk(): Promise<void>;
}

type Outcome = Pick<VerifyRun, 'outcome' | 'error'>;

/** The page went elsewhere while the library was still starting in it; another start finds out where to. */
const NAVIGATED = /Execution context was destroyed|detached Frame|Cannot find context|Target closed|Session closed/i;

/** Errors of Chromium and puppeteer in the words of someone who has to do something. */
export function explain(text: string): string {
  const first =
    text
      .split('\n')
      .find((line) => line.trim() !== '')
      ?.trim() ?? 'it failed without a reason';
  const table: readonly (readonly [RegExp, string])[] = [
    [
      /net::ERR_NAME_NOT_RESOLVED|net::ERR_INTERNET_DISCONNECTED/,
      'web.whatsapp.com cannot be reached: no network or no name service here',
    ],
    [/net::ERR_(PROXY|TUNNEL)/, 'web.whatsapp.com cannot be reached through the proxy'],
    [/net::ERR_CERT/, 'the certificate of web.whatsapp.com is not accepted here'],
    [/net::ERR_/, 'web.whatsapp.com cannot be reached'],
    [/auth timeout/, 'the page of WhatsApp Web did not come up in time'],
    [
      /No usable sandbox|Running as root without --no-sandbox|setuid sandbox/i,
      'the browser has no usable sandbox here: add --browser-arg=--no-sandbox, as the bot does',
    ],
    [
      /already running|ProcessSingleton|profile appears to be in use|SingletonLock/i,
      'the browser could not claim the profile: another browser has it open, or the directory cannot be written',
    ],
    [/error while loading shared libraries|cannot open shared object/i, 'the browser lacks system libraries'],
    [/ENOSPC/, 'the disk is full'],
    [/EROFS/, 'the file system is read-only'],
    [/EACCES|EPERM/, 'this user may not write there'],
  ];
  const known = table.find(([pattern]) => pattern.test(text));
  return known === undefined ? first : `${known[1]} (${first})`;
}

/** What ends the waiting of a run. */
class Progress {
  readonly events: RunEvent[] = [];
  readonly #plan: RunPlan;
  readonly #start = Date.now();
  #decide: (outcome: Outcome) => void = () => {};
  readonly decided = new Promise<Outcome>((resolve) => {
    this.#decide = resolve;
  });
  /** The link was ended, or the browser died, after `ready`. */
  after: Outcome | null = null;
  /** The browser or the process of the run ended without being told to. */
  died = false;
  /** It was told to end; what ends now is expected. */
  ending = false;
  #ready = false;
  #alarm: () => void = () => {};
  readonly alarm = new Promise<void>((resolve) => {
    this.#alarm = resolve;
  });

  constructor(plan: RunPlan) {
    this.#plan = plan;
  }

  settle(outcome: Outcome): void {
    if (this.#ready) {
      this.after ??= outcome;
      this.#alarm();
      return;
    }
    this.#ready = outcome.outcome === 'ready';
    this.#decide(outcome);
  }

  hear(message: FromRun): void {
    if (message.type === 'event') this.#event(message.name, message.at, message.detail);
    else if (message.type === 'failed') {
      if (!this.#ready) this.settle({ outcome: 'failed', error: explain(message.text) });
    } else if (message.type === 'browser-gone') this.gone('the browser');
  }

  /** After `ready` the next run tells what that did to the session. */
  gone(what: string): void {
    if (this.ending) return;
    this.died = true;
    if (this.#ready) this.#alarm();
    else this.settle({ outcome: 'failed', error: `${what} ended by itself` });
  }

  #event(name: string, at: number, detail: string | null): void {
    const event = { name, ms: Math.max(0, at - this.#start) };
    if (name !== 'stray-error' && this.events.length < 200) {
      this.events.push(event);
      this.#plan.onEvent(event);
    }
    if (name === 'ready') this.settle({ outcome: 'ready', error: null });
    else if (name === 'qr') this.#qr(detail);
    else if (name === 'logged-out') this.settle({ outcome: 'logged-out', error: 'LOGOUT' });
    else if (name === 'auth_failure') this.settle({ outcome: 'logged-out', error: 'the library reports auth_failure' });
    else if (name === 'disconnected') this.#disconnected(detail);
  }

  #qr(detail: string | null): void {
    if (this.#plan.pair && !this.#ready) {
      if (detail !== null) this.#plan.onQr(detail);
      return;
    }
    this.settle({ outcome: 'qr', error: 'a QR code was shown' });
  }

  #disconnected(detail: string | null): void {
    const ended = detail === null || detail === 'LOGOUT' || detail.startsWith('UNPAIRED');
    this.settle(
      ended
        ? { outcome: 'logged-out', error: detail ?? 'disconnected' }
        : { outcome: 'failed', error: `WhatsApp ended the connection: ${detail}` },
    );
  }
}

function sleep(ms: number, ...early: Promise<unknown>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  return Promise.race([late, ...early]).then(() => clearTimeout(timer));
}

/** Run, wait for what decides, stop. The browser is gone afterwards, whatever happened. */
export async function oneRun(process: RunProcess, plan: RunPlan): Promise<VerifyRun> {
  const progress = new Progress(plan);
  const abort = () => progress.settle({ outcome: 'interrupted', error: 'interrupted' });
  const interrupted = new Promise<void>((resolve) =>
    plan.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  plan.signal.addEventListener('abort', abort, { once: true });
  const timer = setTimeout(
    () => progress.settle({ outcome: 'timeout', error: `the session was not ready within ${plan.timeoutMs / 1000} s` }),
    plan.timeoutMs,
  );
  void process.gone.then(() => progress.gone('the process of the run'));
  let clean = false;
  let outcome: Outcome = { outcome: 'failed', error: 'it did not start' };
  try {
    if (plan.signal.aborted) abort();
    else {
      process.start(
        {
          type: 'start-client',
          session: plan.session,
          browser: plan.browser,
          args: plan.args,
          headless: plan.headless,
          client: plan.client,
          timeoutMs: plan.timeoutMs,
          showQr: plan.pair,
        },
        (message) => progress.hear(message),
      );
    }
    outcome = await progress.decided;
    clearTimeout(timer);
    if (outcome.outcome === 'ready') {
      const hard = plan.stop === 'sigkill';
      if (plan.pair) await plan.onDisk();
      await sleep(settleOf(plan, hard), progress.alarm, interrupted);
      if (hard && !plan.signal.aborted && progress.after === null) {
        progress.ending = true;
        await process.kill();
        return { ...ended(plan, progress, outcome), clean: false };
      }
    }
  } finally {
    clearTimeout(timer);
    plan.signal.removeEventListener('abort', abort);
    progress.ending = true;
    const how = plan.signal.aborted || plan.stop === 'sigkill' ? 'destroy' : plan.stop;
    clean = await process.stop(how);
  }
  return { ...ended(plan, progress, outcome), clean: clean && !progress.died };
}

function settleOf(plan: RunPlan, hard: boolean): number {
  if (hard) return Math.max(MIN_SETTLE_MS, plan.settleMs);
  return Math.max(plan.last ? WATCH_MS : 0, plan.settleMs);
}

function ended(plan: RunPlan, progress: Progress, outcome: Outcome): Omit<VerifyRun, 'clean'> {
  // Interrupted after `ready` is interrupted: the stop was not the one that was asked for.
  const final = plan.signal.aborted
    ? { outcome: 'interrupted' as const, error: 'interrupted' }
    : (progress.after ?? outcome);
  return {
    n: plan.n,
    stop: STOP_NAMES[plan.stop],
    events: progress.events,
    outcome: final.outcome,
    error: final.error,
  };
}

/** Did the page go elsewhere before the library could listen? Then the run is made again: the next start tells. */
export function worthAnotherTry({ outcome, error }: VerifyRun): boolean {
  return outcome === 'failed' && error !== null && NAVIGATED.test(error);
}
