import { type AbsolutePath, resolvePath } from '../model/path.ts';
import type { Store } from '../model/profile.ts';
import type { Reader } from '../model/reader.ts';
import { loadCrc32c } from './crc32c.ts';
import { INDEXED_DB_DIRECTORY, noDatabases, readIndexedDb, WHATSAPP_LEVELDB } from './indexeddb.ts';
import { listDatabase } from './leveldb/files.ts';
import type { LevelDbStore } from './leveldb/store.ts';
import { NEVER_OPENED, type Openings, openingsOf, type PastLogs, readPastLogs, tracesOf } from './leveldb/trace.ts';
import { nothingRead, readLocalStorage } from './local-storage.ts';
import { readSqliteIndexedDb, readSqliteLocalStorage, type SqliteStore, WHATSAPP_SQLITE } from './sqlite/stores.ts';
import type {
  Depth,
  IndexedDbReading,
  LocalStorageReading,
  StoreReading,
  StoreTrace,
  TornLog,
} from './store-reading.ts';

export type * from './store-reading.ts';

/**
 * Read the databases of a Chromium profile (a user data directory) without a browser, without writing, without taking a lock.
 *
 * A store may be kept by either of two engines, LevelDB or SQLite. Where both are there, the one that was written last is read and both
 * are listed.
 *
 * @param reader  the machine under examination
 * @param profile the user data directory: the one that holds `Default/`
 * @param depth   how much to verify
 * @returns what was found; never throws, every failure is a problem of a store or a reason
 */
export async function readStores(reader: Reader, profile: AbsolutePath, depth: Depth): Promise<StoreReading> {
  const crc32c = await loadCrc32c(depth === 'full' ? bytesToRead(reader, profile) : 0);
  const otherOrigins = originsBeside(reader, profile);
  const localStorage = readLocalStorage(reader, profile, depth, crc32c);
  const local = choose(localStorage, await readSqliteLocalStorage(reader, profile, depth));
  const { lastWid = false, noiseInfo = false } = local.reading?.whatsapp ?? {};
  const keysSuffice = depth === 'quick' && lastWid && noiseInfo;
  const indexedDb = readIndexedDb(reader, profile, depth, crc32c, otherOrigins, keysSuffice);
  const indexed = choose(indexedDb, await readSqliteIndexedDb(reader, profile, depth, otherOrigins));
  return {
    stores: [...local.stores, ...indexed.stores],
    localStorage: local.reading ?? nothingRead(null, whyNothing(localStorage)),
    indexedDb: indexed.reading ?? noDatabases(null, whyNothing(indexedDb), otherOrigins),
    traces: [...past(reader, localStorage, indexedDb), ...local.traces, ...indexed.traces],
    tornLogs: [...tornLogs(localStorage), ...tornLogs(indexedDb)],
    inUse: local.inUse || indexed.inUse,
  };
}

interface Chosen<T> {
  readonly reading: T | null;
  readonly stores: readonly Store[];
  readonly traces: readonly StoreTrace[];
  readonly inUse: boolean;
}

/** Of the two engines of one store, the one that a browser wrote last. */
function choose<T>(levelDb: LevelDbStore<T>, sqlite: SqliteStore<T> | null): Chosen<T> {
  const { store, taken, inUse } = levelDb;
  if (sqlite === null) return { reading: taken, stores: [store], traces: emptyTrace(levelDb), inUse };
  if (store.state === 'missing') return { ...sqlite, stores: [sqlite.store] };
  const both: StoreTrace = {
    store: store.name,
    kind: 'both-engines',
    text: 'it is stored twice, as LevelDB and as SQLite: a browser uses one of them, and hides or deletes the other',
    file: '.',
  };
  const traces = [...emptyTrace(levelDb), ...sqlite.traces, both];
  const newer = sqlite.written > lastWritten(levelDb);
  return {
    reading: newer ? sqlite.reading : taken,
    stores: newer ? [sqlite.store, store] : [store, sqlite.store],
    traces,
    inUse: inUse || sqlite.inUse,
  };
}

function lastWritten({ reading }: LevelDbStore<unknown>): number {
  let last = 0;
  for (const { name, mtime } of reading?.files.byName.values() ?? []) if (name !== 'LOCK') last = Math.max(last, mtime);
  return last;
}

/** A database that is whole and never held anything, or lost everything in a way that cannot be seen. */
function emptyTrace({ store, reading }: LevelDbStore<unknown>): StoreTrace[] {
  if (store.state !== 'ok' || reading === null || reading.holdsRecords) return [];
  const counted = reading.version?.lastSequence ?? 0;
  const text =
    counted > 0
      ? `it is whole and empty, although its manifest counts ${counted} changes: its records are gone`
      : 'it is whole and empty: either nothing was ever stored, or its only log was emptied, which cannot be told apart';
  return [{ store: store.name, kind: 'empty', text, file: '.' }];
}

/** In one run the two stores are opened within moments; a slow page opens IndexedDB later, never much earlier. */
const SAME_RUN_MS = 30_000;

/**
 * What `LOG` and `LOG.old` of both stores tell. "Made anew" needs evidence that the profile is older:
 * for Local Storage, which every run opens, that IndexedDB was opened in a run before; for IndexedDB, which a page may open late or not
 * at all, that it was made in the last run although Local Storage, opened before, already names an account.
 */
function past(
  reader: Reader,
  localStorage: LevelDbStore<LocalStorageReading>,
  indexedDb: LevelDbStore<IndexedDbReading>,
): StoreTrace[] {
  const [local, indexed] = [localStorage, indexedDb].map(({ reading, store }) => {
    const logs = reading === null ? { last: null, previous: null } : readPastLogs(reader, reading);
    return { store: store.name, logs, openings: reading === null ? NEVER_OPENED : openingsOf(reading, logs) };
  }) as [Opened, Opened];
  const [first, second] = [local.openings, indexed.openings];
  const localIsYounger = first.last !== null && second.previous !== null && second.previous < first.last;
  const indexedIsYounger =
    first.last !== null &&
    first.previous !== null &&
    second.last !== null &&
    second.last > first.last - SAME_RUN_MS &&
    localStorage.taken?.whatsapp.lastWid === true;
  return [
    ...tracesOf(local.store, local.logs, first, localIsYounger),
    ...tracesOf(indexed.store, indexed.logs, second, indexedIsYounger),
  ];
}

interface Opened {
  readonly store: string;
  readonly logs: PastLogs;
  readonly openings: Openings;
}

function whyNothing({ store }: LevelDbStore<unknown>): string {
  return store.problems[0]?.text ?? 'there is no such store';
}

function tornLogs({ store, reading, inUse }: LevelDbStore<unknown>): TornLog[] {
  if (reading === null || inUse) return [];
  return reading.damagedLogs.map(({ file, scan, current }) => ({
    store: store.name,
    path: file.path,
    size: scan.size,
    goodLength: scan.goodLength,
    kind: scan.problems[0]?.kind ?? 'torn-log',
    recordsBefore: scan.recordsBefore,
    recordsBehind: scan.recordsBehind,
    current,
  }));
}

/** Origins other than WhatsApp Web that have an IndexedDB here, as Chromium names them: `https_example.com_0`. */
function originsBeside(reader: Reader, profile: AbsolutePath): string[] {
  const listed = reader.list(resolvePath(profile, INDEXED_DB_DIRECTORY), 1_000);
  if (!listed.ok) return [];
  const origins = new Set<string>();
  for (const { name, kind } of listed.value) {
    const origin = name.replace(/\.indexeddb\.(?:leveldb|blob)$/, '');
    if (kind === 'directory' && origin !== WHATSAPP_SQLITE) origins.add(origin);
  }
  return [...origins];
}

/** Bytes in the database that may be large, for the choice of means. */
function bytesToRead(reader: Reader, profile: AbsolutePath): number {
  const files = listDatabase(reader, resolvePath(profile, `${INDEXED_DB_DIRECTORY}/${WHATSAPP_LEVELDB}`));
  return 'bytes' in files ? files.bytes : 0;
}
