import type { AbsolutePath } from '../model/path.ts';
import type { Store } from '../model/profile.ts';

/** How much is read. `quick`: names, manifests, log tails. `full`: every block of every file is verified. */
export type Depth = 'quick' | 'full';

/** Whether what a store says is all of it. */
export type Readability =
  /** Everything that a browser would see was seen. */
  | 'whole'
  /** Some files or records could not be read: absence of a name proves nothing. */
  | 'partial'
  /** Nothing could be read. */
  | 'none';

/** The number of records in an object store. `exact: false` means "at least", because counting stops at a limit. */
export interface RecordCount {
  readonly count: number;
  readonly exact: boolean;
}

export interface OriginKeys {
  /** `https://web.whatsapp.com` */
  readonly origin: string;
  /** Names of the keys, sorted by code unit; at most `MAX_NAMES`. Names only: values never leave the reader. */
  readonly keys: readonly string[];
  /** All keys, also those beyond `MAX_NAMES`. */
  readonly count: number;
}

/** The account number of a linked session, never in full. */
export interface MaskedAccount {
  /** `•••11` */
  readonly masked: string;
  /** Printed only when the user asks for it (`--show-account`). */
  readonly lastFour: string;
}

export interface LocalStorageReading {
  readonly engine: 'leveldb' | 'sqlite' | null;
  readonly readability: Readability;
  /** Why `readability` is not `whole`; else `null`. */
  readonly reason: string | null;
  /** The `VERSION` record (Chromium 156 knows 1). `null`: no such record, or it could not be read. */
  readonly schemaVersion: number | null;
  /** The highest schema version that the measured browsers understand; a higher one makes them delete the store. */
  readonly knownSchemaVersion: number;
  readonly origins: readonly OriginKeys[];
  /** What the origin `https://web.whatsapp.com` holds. */
  readonly whatsapp: {
    readonly keys: number;
    readonly lastWid: boolean;
    readonly noiseInfo: boolean;
    readonly noiseInfoIv: boolean;
    /** Names of the salts found: `WAWebEncKeySalt`, `WebEncKeySalt`. */
    readonly salts: readonly string[];
    readonly account: MaskedAccount | null;
  };
}

export interface ObjectStoreNames {
  readonly name: string;
  /** `null`: not counted at this depth. */
  readonly records: RecordCount | null;
}

export interface DatabaseNames {
  readonly name: string;
  readonly stores: readonly ObjectStoreNames[];
}

export interface IndexedDbReading {
  readonly engine: 'leveldb' | 'sqlite' | null;
  readonly readability: Readability;
  readonly reason: string | null;
  /** LevelDB: the `SchemaVersion` record (Chromium 156 knows 5). SQLite: that of the databases' meta tables. */
  readonly schemaVersion: number | null;
  readonly knownSchemaVersion: number;
  /** Databases of `https://web.whatsapp.com`, sorted by name by code unit. */
  readonly databases: readonly DatabaseNames[];
  /** Directory names of other origins beside it, not read. */
  readonly otherOrigins: readonly string[];
}

/** A log whose end (or middle) is not what a browser wrote. Facts for `repair`, which truncates to `goodLength`. */
export interface TornLog {
  /** `Local Storage` or `IndexedDB`: equals `Store.name`. */
  readonly store: string;
  readonly path: AbsolutePath;
  readonly size: number;
  /** Bytes up to the end of the last complete record before the damage. */
  readonly goodLength: number;
  readonly kind: 'torn-log' | 'zero-tail' | 'stray-bytes' | 'bad-crc' | 'bad-record';
  /** Complete records before and behind the damage. Truncation loses those behind it. */
  readonly recordsBefore: number;
  readonly recordsBehind: number;
  /** Is this the newest live log of the database, to which a browser would append? */
  readonly current: boolean;
}

/** Something that tells how a store came to be as it is. */
export interface StoreTrace {
  readonly store: string;
  /**
   * `recreated`: the database was made anew although the profile is older: LOG begins "Creating DB … since it was missing",
   * there is no LOG.old and numbering starts again (a browser deleted a damaged store).
   * `created-once`: the same marks, without anything that says the profile is older; normal for a new profile.
   * `dropped-records`: a LOG says that a browser dropped bytes of a torn log.
   * `both-engines`: the same origin is stored as LevelDB and as SQLite; a browser deletes or hides one of them.
   * `empty`: the store is whole and holds no record at all.
   * `unmerged-wal`: committed changes stand in the write-ahead log of a SQLite file only (they were read; a browser was killed).
   */
  readonly kind: 'recreated' | 'created-once' | 'dropped-records' | 'both-engines' | 'empty' | 'unmerged-wal';
  readonly text: string;
  readonly file: string;
}

/** Everything that the databases of a profile say. */
export interface StoreReading {
  readonly stores: readonly Store[];
  readonly localStorage: LocalStorageReading;
  readonly indexedDb: IndexedDbReading;
  readonly traces: readonly StoreTrace[];
  readonly tornLogs: readonly TornLog[];
  /** Files changed while they were read, three times in a row: a browser is writing. Nothing is then called damaged. */
  readonly inUse: boolean;
}

/** Names listed per origin or database; further ones are only counted. */
export const MAX_NAMES = 10_000;
