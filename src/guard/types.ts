import type { Answer } from '../model/answer.ts';
import type { Survival } from '../model/mount.ts';
import type { ProfileState } from '../model/profile.ts';

/** A whatsapp-web.js client, as far as the guard needs it. */
export interface GuardedClient {
  destroy(): Promise<unknown>;
  initialize?(...args: never[]): Promise<unknown>;
}

export type GuardedClients = GuardedClient | readonly GuardedClient[] | (() => Iterable<GuardedClient>);

export interface ShutdownOptions {
  /** Default: SIGINT, SIGTERM, SIGHUP, SIGQUIT, and SIGBREAK on Windows. */
  readonly signals?: readonly NodeJS.Signals[];
  /** Milliseconds that closing may take before the browser is told more firmly. Default 8000: less than Docker's 10 s. */
  readonly deadlineMs?: number;
  /** End the process when everything is closed. Default `true`. */
  readonly exit?: boolean;
  /** Exit code after a stop that was asked for. Default 0. */
  readonly exitCode?: number;
  /** Close the browser on an uncaught exception too, and end with code 1. Default `false`. */
  readonly crashes?: boolean;
  /** Own work before the browser is closed (stop taking messages); waited for within the deadline. */
  readonly before?: () => unknown;
  /** Where to say what happens; `null`: nowhere. Default: standard error. */
  readonly log?: ((line: string) => void) | null;
}

/** What {@link gracefulShutdown} gives back. */
export interface Shutdown {
  /** Close every client now, without ending the process. `true`: every browser closed by itself and wrote everything. */
  close(): Promise<boolean>;
  /** Give the signals back. */
  release(): void;
}

/** What a session is looked at by: the client, its data path, or both of its parts. */
export type SessionTarget = GuardedClient | string | { readonly dataPath?: string; readonly clientId?: string };

export interface SessionProblem {
  /** The check of the doctor that says the same: `wa-doctor explain WA101`. */
  readonly code: string;
  /** `error`: the login will be lost, or the start fails. `notice`: worth knowing. */
  readonly level: 'error' | 'notice';
  readonly message: string;
  /** What to do, step by step. */
  readonly fix: readonly string[];
}

export interface SessionReport {
  /** No problem of level `error`. */
  readonly ok: boolean;
  /** The directory that holds, or will hold, the login; `null`: it could not be told. */
  readonly path: string | null;
  readonly state: ProfileState;
  /** Does the directory survive a restart of the process, of the container, a new container, a reboot, the loss of the machine? */
  readonly survives: Survival | null;
  readonly writable: Answer;
  readonly problems: readonly SessionProblem[];
}

export interface SessionOptions {
  /**
   * What to do about problems. `warn` (default): say them on standard error. `throw`: reject with a {@link SessionError}.
   * `exit`: say them and end the process with code 78 (EX_CONFIG). A function: it gets the report.
   */
  readonly onProblem?: 'warn' | 'throw' | 'exit' | ((report: SessionReport) => void);
  /** Is a missing session an error (the bot was linked before)? Default `false`: a first start shows a QR code. */
  readonly mustExist?: boolean;
  readonly log?: ((line: string) => void) | null;
}
