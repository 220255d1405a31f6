import type { Profile } from './profile.ts';

export type VerifyVerdict = 'survived' | 'lost' | 'not-linked' | 'refused' | 'inconclusive';

/** How a run is ended. `sigkill` ends the browser and its process hard; every other way closes the browser cleanly. */
export type StopKind = 'destroy' | 'sigterm' | 'sigint' | 'sigkill';

/** The same as the contract writes it. */
export type StopName = 'destroy' | 'SIGTERM' | 'SIGINT' | 'SIGKILL';

/** Something that the library or the browser said, in milliseconds from the start of its run. */
export interface RunEvent {
  readonly name: string;
  readonly ms: number;
}

/** One start and stop of the bot's library and browser on the session, in its own process. */
export interface VerifyRun {
  readonly n: number;
  readonly stop: StopName;
  readonly events: readonly RunEvent[];
  /** Did the browser end by itself, so that what it held is on disk? `false` for a hard stop. */
  readonly clean: boolean;
  /** How far the run came. */
  readonly outcome: 'ready' | 'qr' | 'logged-out' | 'failed' | 'timeout' | 'interrupted';
  /** Why it came no further, in plain words; `null` after `ready`. */
  readonly error: string | null;
}

/** The copy that is made of a linked profile before a browser opens it. */
export interface Backup {
  readonly path: string;
  readonly bytes: number;
  readonly files: number;
  /** Removed after `survived`, kept otherwise. */
  readonly kept: boolean;
}

/** Parts of the profile that tell what a loss looks like on disk. */
export type ProfileSummary = Pick<Profile, 'state' | 'evidence' | 'lastExit' | 'stores'>;

/** `wa-doctor/verify@1`. */
export interface VerifyResult {
  readonly schema: 'wa-doctor/verify@1';
  readonly mode: 'live' | 'canary';
  readonly verdict: VerifyVerdict;
  /** One or two sentences: why this verdict. */
  readonly reason: string;
  /** What to do now, if anything. */
  readonly advice: readonly string[];
  /** The session directory; in canary mode the directory beside which the canary sat. */
  readonly session: string;
  readonly browser: { readonly path: string; readonly version: string | null } | null;
  readonly library: { readonly version: string; readonly from: string } | null;
  readonly runs: readonly VerifyRun[];
  /** The run that found the session gone. */
  readonly lostAt: number | null;
  readonly profile: { readonly before: ProfileSummary | null; readonly after: ProfileSummary | null };
  readonly backup: Backup | null;
  /** Milliseconds. */
  readonly timings: { readonly inspect: number; readonly backup: number; readonly runs: number };
}

export type CanaryAnswer = 'kept' | 'lost' | 'unknown';

/** Where a canary sat: a new host name is a new container, a new boot id a new boot, a new device or inode other storage. */
export interface CanaryPlace {
  readonly host: string;
  readonly bootId: string | null;
  readonly device: number;
  readonly inode: number;
}

/** `wa-doctor/canary@1`. */
export interface CanaryResult {
  readonly schema: 'wa-doctor/canary@1';
  readonly step: 'cycle' | 'plant' | 'check';
  readonly verdict: 'survived' | 'lost' | 'planted' | 'inconclusive';
  readonly reason: string;
  readonly advice: readonly string[];
  /** The directory on whose storage the canary sits: the data path of the bot. */
  readonly dataPath: string;
  readonly sentinel: CanaryAnswer;
  /** Empty when no browser took part. */
  readonly stores: readonly { readonly name: 'Local Storage' | 'IndexedDB'; readonly answer: CanaryAnswer }[];
  readonly browser: { readonly path: string; readonly version: string | null } | null;
  readonly planted: CanaryPlace | null;
  readonly now: CanaryPlace | null;
  readonly timings: { readonly plant: number; readonly check: number };
}

/** What `audit --verify` found out; both `null` when it was not asked for. */
export interface VerifyFact {
  readonly live: VerifyResult | null;
  readonly canary: CanaryResult | null;
}
