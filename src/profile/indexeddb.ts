import { type AbsolutePath, resolvePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import type { Crc32c } from './crc32c.ts';
import type { Change } from './leveldb/batch.ts';
import { Cursor, fromLatin1, utf16be } from './leveldb/bytes.ts';
import type { Collector, Group, LogEntries } from './leveldb/collect.ts';
import type { DatabaseReading } from './leveldb/database.ts';
import { compareIdbKeys, type KeyPrefix, readPrefix, writePrefix } from './leveldb/idb-comparator.ts';
import { type LevelDbStore, readLevelDbStore } from './leveldb/store.ts';
import { byCodeUnit } from './local-storage.ts';
import type { DatabaseNames, Depth, IndexedDbReading, ObjectStoreNames, RecordCount } from './store-reading.ts';
import { MAX_NAMES } from './store-reading.ts';

/** Where Chromium keeps IndexedDB, seen from the user data directory. */
export const INDEXED_DB_DIRECTORY = 'Default/IndexedDB';

/** Directory of WhatsApp Web's databases as LevelDB, in `INDEXED_DB_DIRECTORY`. */
export const WHATSAPP_LEVELDB = 'https_web.whatsapp.com_0.indexeddb.leveldb';

/** Schema version that Chromium 156 writes and knows; it deletes a store with a higher one (profile.md B12). */
export const INDEXED_DB_SCHEMA = 5;

/** The database with the keys of the link: its records are counted at every depth. */
const KEYS_DATABASE = 'signal-storage';
/** Its object store that holds records on a linked device. */
const KEYS_STORE = 'signal-meta-store';
/** Records counted in each object store: of the database with the keys, and of the others. */
const COUNT_KEYS = { full: 10_000, quick: 100 };
const COUNT_OTHERS = { full: 1_000, quick: 1 };

/** Databases and object stores that are named. WhatsApp Web has some 13 databases with 130 stores. */
const MAX_DATABASES = 1_000;
const MAX_STORES = 10_000;

/** Bytes of a name that are kept: 2048 characters. */
const NAME_BYTES = 4096;

const SCHEMA_VERSION = 0;
const DATABASE_NAME = 201;
const STORE_METADATA = 50;
const STORE_NAME = 0;
/** Index id of the records themselves. */
const RECORDS = 1;

/**
 * Read the IndexedDB of WhatsApp Web from its LevelDB.
 * @param keysSuffice the other half of the login is there: once this half is found too, no other database is looked into
 */
export function readIndexedDb(
  reader: Reader,
  profile: AbsolutePath,
  depth: Depth,
  crc32c: Crc32c,
  otherOrigins: readonly string[],
  keysSuffice = false,
): LevelDbStore<IndexedDbReading> {
  return readLevelDbStore(reader, {
    name: 'IndexedDB',
    directory: resolvePath(profile, `${INDEXED_DB_DIRECTORY}/${WHATSAPP_LEVELDB}`),
    format: { comparatorName: 'idb_cmp1', compare: compareIdbKeys },
    depth,
    crc32c,
    keep: keepChange,
    take: (collector, reading) => {
      if (keysSuffice) {
        const keys = take(collector, reading, depth, otherOrigins, true);
        if (keys.databases.some(({ stores }) => stores.some(({ records }) => (records?.count ?? 0) > 0))) return keys;
      }
      return take(collector, reading, depth, otherOrigins, false);
    },
  });
}

/** A reading of an IndexedDB that is not there or says nothing. */
export function noDatabases(
  engine: 'leveldb' | 'sqlite' | null,
  reason: string,
  otherOrigins: readonly string[],
): IndexedDbReading {
  return {
    engine,
    readability: 'none',
    reason,
    schemaVersion: null,
    knownSchemaVersion: INDEXED_DB_SCHEMA,
    databases: [],
    otherOrigins,
  };
}

const cursor = new Cursor(new Uint8Array(0));

/** Keep names (with values) and records (without); indexes, blobs and the rest are passed by. */
function keepChange(change: Change, logs: LogEntries): void {
  const { data, keyFrom, keyTo } = change;
  if (data[keyFrom] === 0) {
    // All three ids have one byte, as nearly always: told without taking the key apart (a log holds tens of thousands of changes).
    const database = data[keyFrom + 1] ?? 0;
    const store = data[keyFrom + 2] ?? 0;
    if (database === 0) {
      const type = data[keyFrom + 4];
      // The journal of transactions (type 50) is two thirds of all changes.
      if (type !== SCHEMA_VERSION && type !== DATABASE_NAME) return;
    } else if (store > 0) {
      if (data[keyFrom + 3] === RECORDS && keyTo - keyFrom >= 4)
        logs.add((database * 0x1_0000 + store) * 0x100 + 1, change, 0);
      return;
    } else if (data[keyFrom + 4] !== STORE_METADATA) return;
  }
  const prefix = readPrefix(cursor.reset(data, keyFrom, keyTo));
  if (prefix === null) return;
  const { database, store, index } = prefix;
  if (database > 0 && store > 0) {
    if (index === RECORDS) logs.add(groupOf(prefix), change, 0);
    return;
  }
  const type = cursor.byte();
  if (database === 0 ? type === SCHEMA_VERSION || type === DATABASE_NAME : type === STORE_METADATA && isName(cursor)) {
    logs.add(groupOf(prefix), change, NAME_BYTES);
  }
}

/** Of the metadata of an object store only its name is of interest; the rest is written with every transaction. */
function isName(cursor: Cursor): boolean {
  cursor.varint();
  return cursor.byte() === STORE_NAME && !cursor.failed;
}

/** Changes in the logs are looked up by what they belong to; a number where it fits, because a text costs more. */
function groupOf({ database, store, index }: KeyPrefix): Group {
  return database < 0x1_0000 && store < 0x1_0000 && index < 0x100
    ? (database * 0x1_0000 + store) * 0x100 + index
    : `${database} ${store} ${index}`;
}

function take(
  collector: Collector,
  reading: DatabaseReading,
  depth: Depth,
  otherOrigins: readonly string[],
  keysOnly: boolean,
): IndexedDbReading {
  let incomplete = reading.partial;
  const range = (from: Uint8Array, to: Uint8Array, limit: number) => {
    const prefix = readPrefix(new Cursor(from));
    const found = collector.collect(
      prefix === null ? '' : groupOf(prefix),
      from,
      to,
      limit,
      prefix?.index === 1 ? 0 : NAME_BYTES,
    );
    if (found.partial) incomplete = true;
    return found;
  };
  const schema = decodeSchema(range(key(0, 0, 0, SCHEMA_VERSION), key(0, 0, 0, SCHEMA_VERSION + 1), 2).entries);
  const names = range(key(0, 0, 0, DATABASE_NAME), key(0, 0, 0, DATABASE_NAME + 1), MAX_DATABASES);
  if (names.more) incomplete = true;

  let stores = 0;
  const databases: DatabaseNames[] = [];
  for (const [name, value] of names.entries) {
    const cursor = new Cursor(fromLatin1(name));
    readPrefix(cursor);
    cursor.byte();
    cursor.take(cursor.varint() * 2); // the origin
    const databaseName = utf16be(cursor.take(cursor.varint() * 2));
    const id = littleEndian(value);
    if (cursor.failed || id === null || id === 0) {
      incomplete = true;
      continue;
    }
    if (keysOnly && databaseName !== KEYS_DATABASE) {
      databases.push({ name: databaseName, stores: [] });
      continue;
    }
    const found = range(key(id, 0, 0, STORE_METADATA), key(id, 0, 0, STORE_METADATA + 1), MAX_STORES * 12);
    if (found.more) incomplete = true;
    const list: ObjectStoreNames[] = [];
    for (const [metaName, metaValue] of found.entries) {
      const meta = new Cursor(fromLatin1(metaName));
      readPrefix(meta);
      meta.byte();
      const storeId = meta.varint();
      if (meta.byte() !== STORE_NAME || meta.failed || stores >= MAX_NAMES) continue;
      stores++;
      const storeName = utf16be(metaValue);
      const records = keysOnly && storeName !== KEYS_STORE ? null : count(range, databaseName, id, storeId, depth);
      list.push({ name: storeName, records });
    }
    databases.push({ name: databaseName, stores: list.sort((a, b) => byCodeUnit(a.name, b.name)) });
  }
  return {
    engine: 'leveldb',
    readability: incomplete ? 'partial' : 'whole',
    reason: incomplete ? 'not all files could be read' : null,
    schemaVersion: schema,
    knownSchemaVersion: INDEXED_DB_SCHEMA,
    databases: databases.sort((a, b) => byCodeUnit(a.name, b.name)),
    otherOrigins,
  };
}

function count(
  range: (
    from: Uint8Array,
    to: Uint8Array,
    limit: number,
  ) => { entries: ReadonlyMap<string, unknown>; more: boolean; partial: boolean },
  database: string,
  id: number,
  store: number,
  depth: Depth,
): RecordCount {
  const limit = (database === KEYS_DATABASE ? COUNT_KEYS : COUNT_OTHERS)[depth];
  const { entries, more, partial } = range(
    writePrefix({ database: id, store, index: 1 }),
    writePrefix({ database: id, store, index: 2 }),
    limit,
  );
  return { count: Math.min(entries.size, limit), exact: !more && !partial };
}

function key(database: number, store: number, index: number, type: number): Uint8Array {
  return Uint8Array.from([...writePrefix({ database, store, index }), type]);
}

function decodeSchema(entries: ReadonlyMap<string, Uint8Array>): number | null {
  for (const value of entries.values()) return littleEndian(value);
  return null;
}

/** Numbers are stored little endian in as many bytes as they need. */
function littleEndian(data: Uint8Array): number | null {
  if (data.length === 0 || data.length > 6) return null;
  let value = 0;
  for (let index = 0, scale = 1; index < data.length; index++, scale *= 256) value += (data[index] ?? 0) * scale;
  return value;
}
