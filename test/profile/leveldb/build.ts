import { crc32cInJavaScript, mask } from '../../../src/profile/crc32c.ts';
import { fromLatin1 } from '../../../src/profile/leveldb/bytes.ts';
import { writePrefix } from '../../../src/profile/leveldb/idb-comparator.ts';

/** Builds LevelDB files for tests, from the format descriptions and without the reader's code (but for the checksum). */

const BLOCK = 32_768;

export function concat(...parts: readonly (Uint8Array | readonly number[])[]): Uint8Array {
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  const all = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return bytes;
}

export function u32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255];
}

export function u64(value: number): number[] {
  return [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))];
}

export function text(value: string): Uint8Array {
  return fromLatin1(value);
}

export function sized(data: Uint8Array): Uint8Array {
  return concat(varint(data.length), data);
}

/** A log of these records, fragmented over blocks as LevelDB does it. */
export function log(records: readonly Uint8Array[]): Uint8Array {
  const parts: Uint8Array[] = [];
  let inBlock = 0;
  for (const record of records) {
    let at = 0;
    let first = true;
    do {
      if (BLOCK - inBlock < 7) {
        parts.push(new Uint8Array(BLOCK - inBlock));
        inBlock = 0;
      }
      const room = BLOCK - inBlock - 7;
      const take = Math.min(room, record.length - at);
      const last = at + take === record.length;
      const type = first && last ? 1 : first ? 2 : last ? 4 : 3;
      const body = concat([type], record.subarray(at, at + take));
      parts.push(concat(u32(mask(crc32cInJavaScript(body, 0, body.length))), [take & 255, take >>> 8], body));
      inBlock += 7 + take;
      at += take;
      first = false;
    } while (at < record.length);
  }
  return concat(...parts);
}

/** A write batch. `value: null` deletes. */
export function batch(sequence: number, changes: readonly { key: Uint8Array; value: Uint8Array | null }[]): Uint8Array {
  const body = changes.map(({ key, value }) =>
    value === null ? concat([0], sized(key)) : concat([1], sized(key), sized(value)),
  );
  return concat(u64(sequence), u32(changes.length), ...body);
}

export function internalKey(key: Uint8Array, sequence: number, deleted = false): Uint8Array {
  return concat(key, u64(sequence * 256 + (deleted ? 0 : 1)));
}

export interface TableEntry {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
  readonly sequence: number;
}

function block(entries: readonly { key: Uint8Array; value: Uint8Array }[], interval: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const restarts: number[] = [];
  let size = 0;
  let previous = new Uint8Array(0) as Uint8Array;
  for (const [index, { key, value }] of entries.entries()) {
    let shared = 0;
    if (index % interval === 0) restarts.push(size);
    else while (shared < previous.length && shared < key.length && previous[shared] === key[shared]) shared++;
    const part = concat(varint(shared), varint(key.length - shared), varint(value.length), key.subarray(shared), value);
    parts.push(part);
    size += part.length;
    previous = key;
  }
  if (restarts.length === 0) restarts.push(0);
  return concat(...parts, restarts.flatMap(u32), u32(restarts.length));
}

/** Compress with the literal form of Snappy only: valid, and easy to see through. */
export function snappyLiteral(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [Uint8Array.from(varint(data.length))];
  for (let at = 0; at < data.length; at += 60) {
    const piece = data.subarray(at, at + 60);
    parts.push(concat([(piece.length - 1) << 2], piece));
  }
  return concat(...parts);
}

/** A table of these entries, which must be in order. */
export function table(
  entries: readonly TableEntry[],
  options: { perBlock?: number; compress?: (data: Uint8Array) => Uint8Array; filter?: boolean } = {},
): Uint8Array {
  const { perBlock = 16, compress, filter = false } = options;
  const parts: Uint8Array[] = [];
  let size = 0;
  const add = (content: Uint8Array): number[] => {
    const body = concat(compress === undefined ? content : compress(content), [compress === undefined ? 0 : 1]);
    const part = concat(body, u32(mask(crc32cInJavaScript(body, 0, body.length))));
    const handle = [...varint(size), ...varint(body.length - 1)];
    parts.push(part);
    size += part.length;
    return handle;
  };
  const index: { key: Uint8Array; value: Uint8Array }[] = [];
  for (let at = 0; at < entries.length; at += perBlock) {
    const piece = entries.slice(at, at + perBlock).map(({ key, value, sequence }) => ({
      key: internalKey(key, sequence, value === null),
      value: value ?? new Uint8Array(0),
    }));
    const last = piece.at(-1);
    if (last !== undefined) index.push({ key: last.key, value: Uint8Array.from(add(block(piece, 16))) });
  }
  const meta: { key: Uint8Array; value: Uint8Array }[] = [];
  if (filter) {
    const handle = add(Uint8Array.from([1, 2, 3, 0, 0, 0, 0, 11]));
    meta.push({ key: text('filter.leveldb.BuiltinBloomFilter2'), value: Uint8Array.from(handle) });
  }
  const metaHandle = add(block(meta, 16));
  const indexHandle = add(block(index, 1));
  const handles = [...metaHandle, ...indexHandle];
  const footer = concat(handles, new Uint8Array(40 - handles.length), u32(0x8b80fb57), u32(0xdb477524));
  return concat(...parts, footer);
}

export interface ManifestTable {
  readonly number: number;
  readonly level?: number;
  readonly size: number;
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
}

/** The records of a manifest, as LevelDB writes them: the snapshot first, then the edit of the opening. */
export function manifestRecords(options: {
  comparator: string;
  log: number;
  next?: number;
  lastSequence?: number;
  tables?: readonly ManifestTable[];
}): Uint8Array[] {
  const { comparator, log: logNumber, next = 100, lastSequence = 0, tables = [] } = options;
  const files = tables.map(({ number, level = 0, size, smallest, largest }) =>
    concat([7], varint(level), varint(number), varint(size), sized(smallest), sized(largest)),
  );
  return [
    concat([1], sized(text(comparator))),
    concat([2], varint(logNumber), [9], varint(0), [3], varint(next), [4], varint(lastSequence), ...files),
  ];
}

/** Key of Local Storage: `_origin\0` and the Latin-1 form of the name. */
export function localKey(name: string, origin = 'https://web.whatsapp.com'): Uint8Array {
  return text(`_${origin}\0\x01${name}`);
}

function utf16be(value: string): Uint8Array {
  return Uint8Array.from(
    [...value].flatMap((character) => [character.charCodeAt(0) >> 8, character.charCodeAt(0) & 255]),
  );
}

function lengthAndText(value: string): Uint8Array {
  return concat(varint(value.length), utf16be(value));
}

/** The changes that make an IndexedDB with these databases: name → object store → number of records. */
export function indexedDbChanges(
  databases: ReadonlyMap<string, ReadonlyMap<string, number>>,
): { key: Uint8Array; value: Uint8Array }[] {
  const changes: { key: Uint8Array; value: Uint8Array }[] = [
    { key: concat(writePrefix({ database: 0, store: 0, index: 0 }), [0]), value: Uint8Array.of(5) },
  ];
  let id = 0;
  for (const [name, stores] of databases) {
    id++;
    const global = writePrefix({ database: 0, store: 0, index: 0 });
    const nameKey = concat(global, [201], lengthAndText('https_web.whatsapp.com_0@1'), lengthAndText(name));
    changes.push({ key: nameKey, value: Uint8Array.of(id) });
    let store = 0;
    for (const [storeName, records] of stores) {
      store++;
      const metaKey = concat(writePrefix({ database: id, store: 0, index: 0 }), [50], varint(store), [0]);
      changes.push({ key: metaKey, value: utf16be(storeName) });
      for (let record = 0; record < records; record++) {
        const key = concat(
          writePrefix({ database: id, store, index: 1 }),
          [1],
          lengthAndText(`key-${String(record).padStart(7, '0')}`),
        );
        changes.push({ key, value: Uint8Array.from([1, 2, 3]) });
      }
    }
  }
  return changes;
}
