import type { Confidence } from './answer.ts';
import type { AbsolutePath } from './path.ts';

export type ProfileState = 'linked' | 'never-linked' | 'logged-out' | 'incomplete' | 'missing' | 'unknown';

export type OwnerState = 'free' | 'live' | 'stale-foreign' | 'stale-local' | 'unknown';

export interface StoreProblem {
  readonly file: string;
  /** Stable kebab-case name: `torn-log`, `bad-crc`, `missing-manifest`, `zero-tail`. */
  readonly kind: string;
  readonly text: string;
  readonly offset: number | null;
}

/** One database of the profile. */
export interface Store {
  /** `Local Storage`, `IndexedDB`. */
  readonly name: string;
  readonly engine: 'leveldb' | 'sqlite';
  readonly path: string;
  readonly state: 'ok' | 'damaged' | 'missing' | 'unknown';
  readonly bytes: number;
  readonly problems: readonly StoreProblem[];
  /** Were all blocks verified, or only names, manifests and log tails? */
  readonly depth: 'quick' | 'full';
}

/** What the Chromium profile in a session directory says, without a browser. */
export interface Profile {
  readonly path: AbsolutePath;
  readonly kind: 'LocalAuth' | 'RemoteAuth' | 'other';
  readonly clientId: string | null;
  readonly state: ProfileState;
  readonly confidence: Confidence;
  /** The evidence for `state`, one plain sentence each. */
  readonly evidence: readonly string[];
  /** Masked: `•••11`. */
  readonly account: string | null;
  /** Milliseconds since the epoch of the last write that a browser made. */
  readonly lastUsed: number | null;
  readonly bornAt: number | null;
  /** Whole days between `lastUsed` and the moment of looking; 0 while a browser runs on it. */
  readonly idleDays: number | null;
  readonly browser: {
    /** Of the browser that last started on the profile. */
    readonly lastVersion: string | null;
    /** The browser that will start on it next, where that can be told without running it. */
    readonly next: { readonly version: string; readonly from: string } | null;
  };
  /** Versions of the stores' formats; `known` is the highest that the measured browsers read (a higher one makes them delete it). */
  readonly schemas: readonly { readonly store: string; readonly found: number; readonly known: number }[];
  /** What the stores tell of their past: a database that was made anew, records that a browser dropped. */
  readonly traces: readonly { readonly store: string; readonly kind: string; readonly text: string }[];
  /** Logs that `wa-doctor repair` can heal: everything behind `goodLength` is not a record. */
  readonly tornLogs: readonly { readonly path: AbsolutePath; readonly size: number; readonly goodLength: number }[];
  /** What could not be looked at, and why. */
  readonly gaps: readonly string[];
  readonly owner: {
    readonly state: OwnerState;
    readonly host: string | null;
    readonly pid: number | null;
    readonly reason: string;
    /** Deleted profile files that a live browser still holds. */
    readonly deletedFiles: number;
    /** Does a live browser run without the bot that started it? */
    readonly orphan: boolean;
    /** Is there a `SingletonLock`, whoever left it? */
    readonly lock: boolean;
  };
  readonly lastExit: 'clean' | 'unclean' | 'running' | 'unknown';
  readonly crashStreak: number | null;
  readonly stores: readonly Store[];
  readonly bytes: { readonly state: number; readonly cache: number } | null;
  readonly permissions: {
    readonly mode: string | null;
    readonly uid: number | null;
    readonly gid: number | null;
    readonly mixedOwners: boolean;
    /** The user that most of the login's files belong to, so the one that the browser ran as. */
    readonly expectedUid: number | null;
    /** Files of the login that this user cannot read or write: a browser then shows a QR code and no error (measured, 40 of 40). */
    readonly odd: readonly { readonly path: string; readonly uid: number; readonly mode: string }[];
    /** Can users outside the owner and group read the login? Group: can the group? Seen along the path from `/`. */
    readonly readableBy: 'owner' | 'group' | 'everyone' | 'unknown';
  };
}
