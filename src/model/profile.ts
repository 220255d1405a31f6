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
  readonly browser: { readonly lastVersion: string | null };
  readonly owner: {
    readonly state: OwnerState;
    readonly host: string | null;
    readonly pid: number | null;
    readonly reason: string;
    /** Deleted profile files that a live browser still holds. */
    readonly deletedFiles: number;
    readonly orphan: boolean;
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
    /** Files of the profile whose owner or mode differs in a way that loses a session. */
    readonly odd: readonly { readonly path: string; readonly uid: number; readonly mode: string }[];
  };
}
