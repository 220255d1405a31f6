import initSqlJs, { type Database } from 'sql.js';
import { concat, text } from '../leveldb/build.ts';

/** Builds the SQLite files of Chromium's newer layouts, with the schemas that Chromium 156 writes. */

const META = `
  CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
  INSERT INTO meta VALUES ('mmap_status', '-1'), ('version', '1'), ('last_compatible_version', '1');`;

async function image(fill: (database: Database) => void): Promise<Uint8Array> {
  const sql = await initSqlJs();
  const database = new sql.Database();
  try {
    fill(database);
    return database.export();
  } finally {
    database.close();
  }
}

function utf16le(value: string): Uint8Array {
  return Uint8Array.from(
    [...value].flatMap((character) => [character.charCodeAt(0) & 255, character.charCodeAt(0) >> 8]),
  );
}

/** `Default/LocalStorage` with these keys; `filler` bytes in one value make it larger. */
export function localStorageImage(keys: readonly string[], filler = 0): Promise<Uint8Array> {
  return image((database) => {
    database.run(`
      CREATE TABLE maps(row_id INTEGER PRIMARY KEY AUTOINCREMENT,storage_key BLOB NOT NULL,last_accessed INTEGER,last_modified INTEGER,total_size INTEGER);
      CREATE UNIQUE INDEX maps_by_storage_key ON maps(storage_key);
      CREATE TABLE map_entries(map_id INTEGER NOT NULL,value_compression_type INTEGER NOT NULL,key BLOB NOT NULL,value BLOB NOT NULL,PRIMARY KEY(map_id, key)) WITHOUT ROWID;
      ${META}`);
    database.run('INSERT INTO maps(storage_key) VALUES (?)', [text('https://web.whatsapp.com/')]);
    for (const key of keys) {
      const value = key === 'last-wid-md' ? text('\x01"5511999990011:7@c.us"') : concat([1], new Uint8Array(filler));
      database.run('INSERT INTO map_entries VALUES (1, 0, ?, ?)', [text(`\x01${key}`), value]);
    }
  });
}

/** One database of IndexedDB: object store → number of records. */
export function indexedDbImage(name: string, stores: ReadonlyMap<string, number>): Promise<Uint8Array> {
  return image((database) => {
    database.run(`
      CREATE TABLE indexed_db_metadata (name BLOB NOT NULL, version INTEGER NOT NULL);
      CREATE TABLE object_stores (id INTEGER PRIMARY KEY, name BLOB NOT NULL, key_path BLOB, auto_increment INTEGER NOT NULL, key_generator_current_number INTEGER NOT NULL);
      CREATE TABLE records (row_id INTEGER PRIMARY KEY, object_store_id INTEGER NOT NULL, compression_type INTEGER NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL);
      CREATE UNIQUE INDEX records_by_key ON records(object_store_id, key);
      ${META}`);
    database.run('INSERT INTO indexed_db_metadata VALUES (?, 1)', [utf16le(name)]);
    let id = 0;
    for (const [store, records] of stores) {
      id++;
      database.run('INSERT INTO object_stores VALUES (?, ?, NULL, 0, 1)', [id, utf16le(store)]);
      for (let at = 0; at < records; at++) {
        database.run('INSERT INTO records(object_store_id, compression_type, key, value) VALUES (?, 0, ?, ?)', [
          id,
          text(`k${at}`),
          text('v'),
        ]);
      }
    }
  });
}

/** An image that some other program made. */
export function otherImage(sql: string): Promise<Uint8Array> {
  return image((database) => database.run(sql));
}

/** A write-ahead log with every page of `after`, committed by its last frame (fileformat2.html, chapter 4; big-endian sums). */
export function walOf(after: Uint8Array, pageSize = 4096): Uint8Array {
  const pages = after.length / pageSize;
  const head = concat(be32(0x377f0683), be32(3007000), be32(pageSize), be32(0), be32(11), be32(22));
  let sum = checksum(head, [0, 0]);
  const parts = [concat(head, be32(sum[0]), be32(sum[1]))];
  for (let page = 1; page <= pages; page++) {
    const start = concat(be32(page), be32(page === pages ? pages : 0));
    const data = after.subarray((page - 1) * pageSize, page * pageSize);
    sum = checksum(data, checksum(start, sum));
    parts.push(concat(start, be32(11), be32(22), be32(sum[0]), be32(sum[1]), data));
  }
  return concat(...parts);
}

function checksum(data: Uint8Array, start: readonly [number, number]): [number, number] {
  let [first, second] = start;
  const word = (at: number) =>
    ((data[at] ?? 0) * 2 ** 24 + ((data[at + 1] ?? 0) << 16) + ((data[at + 2] ?? 0) << 8) + (data[at + 3] ?? 0)) >>> 0;
  for (let at = 0; at < data.length; at += 8) {
    first = (first + word(at) + second) >>> 0;
    second = (second + word(at + 4) + first) >>> 0;
  }
  return [first, second];
}

function be32(value: number): number[] {
  return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
}
