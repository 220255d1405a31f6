import { type AbsolutePath, resolvePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import { loadCrc32c } from './crc32c.ts';
import { INDEXED_DB_DIRECTORY, noDatabases, readIndexedDb, WHATSAPP_LEVELDB } from './indexeddb.ts';
import { listDatabase } from './leveldb/files.ts';
import type { LevelDbStore } from './leveldb/store.ts';
import { nothingRead, readLocalStorage } from './local-storage.ts';
import type { Depth, StoreReading, TornLog } from './store-reading.ts';

export type * from './store-reading.ts';

/**
 * Read the databases of a Chromium profile (a user data directory) without a browser, without writing, without taking a lock.
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
  const indexedDb = readIndexedDb(reader, profile, depth, crc32c, otherOrigins);
  return {
    stores: [localStorage.store, indexedDb.store],
    localStorage: localStorage.taken ?? nothingRead(null, whyNothing(localStorage)),
    indexedDb: indexedDb.taken ?? noDatabases(null, whyNothing(indexedDb), otherOrigins),
    traces: [],
    tornLogs: [...tornLogs(localStorage), ...tornLogs(indexedDb)],
    inUse: localStorage.inUse || indexedDb.inUse,
  };
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

/** Origins other than WhatsApp Web that have an IndexedDB here. */
function originsBeside(reader: Reader, profile: AbsolutePath): string[] {
  const listed = reader.list(resolvePath(profile, INDEXED_DB_DIRECTORY), 1_000);
  if (!listed.ok) return [];
  return listed.value
    .map(({ name }) => name)
    .filter((name) => name.endsWith('.indexeddb.leveldb') && name !== WHATSAPP_LEVELDB);
}

/** Bytes in the database that may be large, for the choice of means. */
function bytesToRead(reader: Reader, profile: AbsolutePath): number {
  const files = listDatabase(reader, resolvePath(profile, `${INDEXED_DB_DIRECTORY}/${WHATSAPP_LEVELDB}`));
  return 'bytes' in files ? files.bytes : 0;
}
