import { type AbsolutePath, resolvePath } from '../../model/path.ts';
import type { Store, StoreProblem } from '../../model/profile.ts';
import type { Reader } from '../../model/reader.ts';
import { INDEXED_DB_DIRECTORY, noDatabases } from '../indexeddb.ts';
import { utf16le } from '../leveldb/bytes.ts';
import { byCodeUnit, describe, type LocalStorageItem, nothingRead } from '../local-storage.ts';
import type {
  DatabaseNames,
  Depth,
  IndexedDbReading,
  LocalStorageReading,
  ObjectStoreNames,
  StoreTrace,
} from '../store-reading.ts';
import { loadImage } from './image.ts';
import { type Queries, queryImage } from './query.ts';

/** Chromium's newer layout of Local Storage: one SQLite file (feature `DomStorageSqlite`). */
export const LOCAL_STORAGE_FILE = 'Default/LocalStorage';

/** Its newer layout of IndexedDB: a directory for each origin, a SQLite file for each database (`IdbSqliteBackingStore`). */
export const WHATSAPP_SQLITE = 'https_web.whatsapp.com_0';

const MAX_ITEMS = 100_000;
const MAX_DATABASES = 1_000;
const MAX_STORES = 10_000;

/** Kinds of problem that are no damage: could not look, or the next browser sets it right. */
const NO_DAMAGE: ReadonlySet<string> = new Set([
  'unreadable',
  'too-large',
  'not-a-file',
  'unsupported-schema',
  'unmerged-journal',
  'in-use',
]);

export interface SqliteStore<T> {
  readonly store: Store;
  readonly reading: T;
  readonly traces: readonly StoreTrace[];
  /** Time of the last write, for the choice between two engines. */
  readonly written: number;
  readonly inUse: boolean;
}

/** Read Local Storage from its SQLite file. `null`: there is none. */
export async function readSqliteLocalStorage(
  reader: Reader,
  profile: AbsolutePath,
  depth: Depth,
): Promise<SqliteStore<LocalStorageReading> | null> {
  const path = resolvePath(profile, LOCAL_STORAGE_FILE);
  if (!isThere(reader, path)) return null;
  const name = 'Local Storage';
  const found = await readFile(reader, path, 'LocalStorage', (queries) => {
    const items: LocalStorageItem[] = [];
    if (!queries.tables.has('maps') || !queries.tables.has('map_entries')) return { items, version: null, more: false };
    // The value of one key is read, to mask the account number; no other value is.
    const rows = queries.rows(
      `SELECT m.storage_key, e.key, CASE WHEN e.key = x'016c6173742d7769642d6d64' THEN substr(e.value, 1, 500) END
       FROM map_entries e JOIN maps m ON m.row_id = e.map_id`,
      MAX_ITEMS + 1,
    );
    for (const [origin, key, value] of rows.slice(0, MAX_ITEMS)) {
      const text = decode(key);
      if (text !== null) items.push({ origin: decodeOrigin(origin), key: text, value: decode(value) });
    }
    return { items, version: metaVersion(queries), more: rows.length > MAX_ITEMS };
  });
  const reason = found.answer?.more === true ? 'too many keys' : (found.problems[0]?.text ?? null);
  return {
    store: storeOf(name, path, depth, found.bytes, found.problems),
    reading:
      found.answer === null
        ? nothingRead('sqlite', reason ?? 'nothing could be read')
        : describe('sqlite', found.answer.items, found.answer.version, reason),
    traces: walTraces(name, 'LocalStorage', found.unmergedPages),
    written: found.written,
    inUse: found.problems.some(({ kind }) => kind === 'in-use'),
  };
}

/** Read the IndexedDB of WhatsApp Web from its SQLite files. `null`: there are none. */
export async function readSqliteIndexedDb(
  reader: Reader,
  profile: AbsolutePath,
  depth: Depth,
  otherOrigins: readonly string[],
): Promise<SqliteStore<IndexedDbReading> | null> {
  const directory = resolvePath(profile, `${INDEXED_DB_DIRECTORY}/${WHATSAPP_SQLITE}`);
  const listed = reader.list(directory, MAX_DATABASES * 4);
  if (!listed.ok && listed.failure.kind === 'missing') return null;
  const name = 'IndexedDB';
  if (!listed.ok) {
    const { reason, kind } = listed.failure;
    const problem = { file: '.', kind: kind === 'not-a-directory' ? kind : 'unreadable', text: reason, offset: null };
    return {
      store: storeOf(name, directory, depth, 0, [problem]),
      reading: noDatabases('sqlite', reason, otherOrigins),
      traces: [],
      written: 0,
      inUse: false,
    };
  }
  const files = listed.value.filter((entry) => entry.kind !== 'directory' && !/-(?:wal|shm|journal)$/.test(entry.name));
  if (files.length === 0) return null;

  const problems: StoreProblem[] = [];
  const traces: StoreTrace[] = [];
  const databases: DatabaseNames[] = [];
  let schemaVersion: number | null = null;
  let bytes = 0;
  let written = 0;
  let whole = files.length <= MAX_DATABASES;
  for (const entry of files.slice(0, MAX_DATABASES)) {
    const found = await readFile(reader, resolvePath(directory, entry.name), entry.name, databaseNames);
    problems.push(...found.problems);
    traces.push(...walTraces(name, entry.name, found.unmergedPages));
    bytes += found.bytes;
    written = Math.max(written, found.written);
    if (found.problems.length > 0 || found.answer === null) whole = false;
    if (found.answer === null) continue;
    const { version, database } = found.answer;
    if (version !== null) schemaVersion = Math.max(schemaVersion ?? 0, version);
    if (database !== null) databases.push(database);
  }
  return {
    store: storeOf(name, directory, depth, bytes, problems),
    reading: {
      ...noDatabases('sqlite', 'not all databases could be read', otherOrigins),
      readability: whole ? 'whole' : databases.length > 0 ? 'partial' : 'none',
      reason: whole ? null : 'not all databases could be read',
      schemaVersion,
      knownSchemaVersion: SQLITE_SCHEMA,
      databases: databases.sort((a, b) => byCodeUnit(a.name, b.name)),
    },
    traces,
    written,
    inUse: problems.some(({ kind }) => kind === 'in-use'),
  };
}

/** Version in the `meta` tables that Chromium 156 writes. */
const SQLITE_SCHEMA = 1;

function databaseNames(queries: Queries): { version: number | null; database: DatabaseNames | null } {
  const version = metaVersion(queries);
  const has = (...names: string[]) => names.every((name) => queries.tables.has(name));
  if (!has('indexed_db_metadata', 'object_stores', 'records')) return { version, database: null };
  const [named] = queries.rows('SELECT name FROM indexed_db_metadata', 1);
  const name = named === undefined ? null : utf16(named[0]);
  if (name === null) return { version, database: null };
  const stores: ObjectStoreNames[] = queries
    .rows(
      `SELECT s.name, (SELECT count(*) FROM records r WHERE r.object_store_id = s.id) FROM object_stores s`,
      MAX_STORES,
    )
    .map(([store, count]) => ({ name: utf16(store) ?? '', records: { count: Number(count), exact: true } }));
  return { version, database: { name, stores: stores.sort((a, b) => byCodeUnit(a.name, b.name)) } };
}

interface FileReading<T> {
  readonly answer: T | null;
  readonly problems: readonly StoreProblem[];
  readonly unmergedPages: number;
  readonly bytes: number;
  readonly written: number;
}

/** How often a file that changes while it is read is read again. */
const ATTEMPTS = 3;

async function readFile<T>(
  reader: Reader,
  path: AbsolutePath,
  file: string,
  ask: (queries: Queries) => T,
): Promise<FileReading<T>> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const before = marks(reader, path);
    const image = loadImage(reader, path);
    const after = marks(reader, path);
    if (before.text !== after.text) continue;
    const problems: StoreProblem[] = image.problems.map((problem) => ({ file, ...problem }));
    const { bytes, written } = after;
    const { unmergedPages } = image;
    if (image.data === null) return { answer: null, problems, unmergedPages, bytes, written };
    const { answer, fault } = await queryImage(image.data, ask);
    if (fault !== null) problems.push({ file, ...fault, offset: null });
    return { answer, problems, unmergedPages, bytes, written };
  }
  const text = 'the file changed while it was read, three times in a row: a browser is writing';
  const { bytes, written } = marks(reader, path);
  return { answer: null, problems: [{ file, kind: 'in-use', text, offset: null }], unmergedPages: 0, bytes, written };
}

/** Size and time of a file and its log. */
function marks(reader: Reader, path: AbsolutePath): { text: string; bytes: number; written: number } {
  let text = '';
  let bytes = 0;
  let written = 0;
  for (const suffix of ['', '-wal', '-journal']) {
    const status = reader.status(`${path}${suffix}` as AbsolutePath);
    if (!status.ok) continue;
    const { size, mtime, inode } = status.value;
    text += `${suffix}:${size}:${mtime}:${inode};`;
    bytes += size;
    written = Math.max(written, mtime);
  }
  return { text, bytes, written };
}

function isThere(reader: Reader, path: AbsolutePath): boolean {
  const status = reader.status(path);
  return status.ok || status.failure.kind !== 'missing';
}

function storeOf(name: string, path: string, depth: Depth, bytes: number, problems: readonly StoreProblem[]): Store {
  const damaged = problems.some(({ kind }) => !NO_DAMAGE.has(kind));
  const state = damaged ? 'damaged' : problems.length > 0 ? 'unknown' : 'ok';
  return { name, engine: 'sqlite', path, state, bytes, problems, depth };
}

function walTraces(store: string, file: string, pages: number): StoreTrace[] {
  if (pages === 0) return [];
  const text = `${pages} pages stand in the write-ahead log only: the browser was killed, the next one merges them`;
  return [{ store, kind: 'unmerged-wal', text, file }];
}

function metaVersion(queries: Queries): number | null {
  if (!queries.tables.has('meta')) return null;
  const [row] = queries.rows("SELECT value FROM meta WHERE key = 'version'", 1);
  const text = row === undefined ? '' : String(row[0]);
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** `https://web.whatsapp.com/` as bytes or text, without the slash, as LevelDB has it. */
function decodeOrigin(value: unknown): string {
  const text = value instanceof Uint8Array ? String.fromCharCode(...value.subarray(0, 2_000)) : String(value);
  return text.replace(/\/$/, '');
}

/** Keys and values begin with a byte: 1 Latin-1, 0 UTF-16 little endian. */
function decode(value: unknown): string | null {
  if (!(value instanceof Uint8Array) || value.length === 0) return null;
  const rest = value.subarray(1, 65_536);
  if (value[0] === 0) return utf16le(rest);
  if (value[0] !== 1) return null;
  let text = '';
  for (let at = 0; at < rest.length; at += 8192) text += String.fromCharCode(...rest.subarray(at, at + 8192));
  return text;
}

function utf16(value: unknown): string | null {
  return value instanceof Uint8Array ? utf16le(value.subarray(0, 65_536)) : null;
}
