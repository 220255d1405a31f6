import { Cursor } from './bytes.ts';
import { type Comparator, compareBytes } from './comparator.ts';

/** Which object of the profile's IndexedDB a key belongs to. All zero: global metadata; store zero: metadata of a database. */
export interface KeyPrefix {
  readonly database: number;
  readonly store: number;
  /** 0 metadata, 1 records, 2 exists, 3 blobs, from 30 on indexes. */
  readonly index: number;
}

/** Depth to which array keys are compared; Chromium refuses to write deeper ones than 2000, honest ones have 3. */
const MAX_DEPTH = 64;
/** Elements compared in all: a bound on time, never reached by honest keys. */
const MAX_ELEMENTS = 100_000;

/** Types of metadata keys, global (201 database name, 100 free list, 50 scopes) and per database. */
const GLOBAL_SCOPES = 50;
const GLOBAL_FREE_LIST = 100;
const GLOBAL_DATABASE_NAME = 201;
const STORE_METADATA = 50;
const INDEX_METADATA = 100;
const STORE_FREE_LIST = 150;
const INDEX_FREE_LIST = 151;
const STORE_NAMES = 200;
const INDEX_NAMES = 201;

/** Order of the key types by their type byte: null, string, date, number, array, min, binary (higher sorts first, as in Chromium). */
const TYPE_RANK = [0, 3, 4, 5, 1, 7, 2];

/** Read the packed prefix: one byte with the three lengths, then the three ids, little endian. `null` when cut off. */
export function readPrefix(cursor: Cursor): KeyPrefix | null {
  const lengths = cursor.byte();
  const database = readId(cursor, ((lengths >> 5) & 7) + 1);
  const store = readId(cursor, ((lengths >> 2) & 7) + 1);
  const index = readId(cursor, (lengths & 3) + 1);
  return cursor.failed ? null : { database, store, index };
}

/** The bytes of a prefix, for the border of a range. Ids below 2^48. */
export function writePrefix(prefix: KeyPrefix): Uint8Array {
  const database = idBytes(prefix.database);
  const store = idBytes(prefix.store);
  const index = idBytes(prefix.index);
  const lengths = ((database.length - 1) << 5) | ((store.length - 1) << 2) | (index.length - 1);
  return Uint8Array.from([lengths, ...database, ...store, ...index]);
}

/**
 * `idb_cmp1`: the order of keys in Chromium's IndexedDB (content/browser/indexed_db, leveldb_coding_scheme.md).
 * Keys that cannot be decoded are equal to everything, as in Chromium.
 */
export const compareIdbKeys: Comparator = (a, b) => {
  // Both prefixes with ids of one byte, as nearly always: compared without taking the keys apart.
  if (a[0] === 0 && b[0] === 0 && a.length >= 4 && b.length >= 4) {
    const order = (a[1] ?? 0) - (b[1] ?? 0) || (a[2] ?? 0) - (b[2] ?? 0) || (a[3] ?? 0) - (b[3] ?? 0);
    if (order !== 0) return order;
  }
  const left = new Cursor(a);
  const right = new Cursor(b);
  const leftPrefix = readPrefix(left);
  const rightPrefix = readPrefix(right);
  if (leftPrefix === null || rightPrefix === null) return 0;
  const order =
    leftPrefix.database - rightPrefix.database ||
    leftPrefix.store - rightPrefix.store ||
    leftPrefix.index - rightPrefix.index;
  if (order !== 0) return order;
  if (leftPrefix.database === 0) return compareMetadata(left, right, GLOBAL_PARTS);
  if (leftPrefix.store === 0) return compareMetadata(left, right, DATABASE_PARTS);
  // An empty rest sorts first: that is what the borders of ranges are made of.
  if (left.left === 0 || right.left === 0) return left.left - right.left;
  const budget = { elements: MAX_ELEMENTS };
  const byKey = compareEncodedKeys(left, right, 0, budget);
  if (byKey !== 0 || left.failed || right.failed || leftPrefix.index < 30) return byKey;

  // Index entries: then the primary key, then the sequence number.
  const leftSequence = left.left > 0 ? left.varint() : -1;
  const rightSequence = right.left > 0 ? right.varint() : -1;
  if (left.failed || right.failed) return 0;
  if (left.left === 0 || right.left === 0) return left.left - right.left;
  return compareEncodedKeys(left, right, 0, budget) || leftSequence - rightSequence;
};

type Part = 'varint' | 'byte' | 'string' | 'rest';

const GLOBAL_PARTS = new Map<number, readonly Part[]>([
  [GLOBAL_SCOPES, ['rest']],
  [GLOBAL_FREE_LIST, ['varint']],
  [GLOBAL_DATABASE_NAME, ['string', 'string']],
]);

const DATABASE_PARTS = new Map<number, readonly Part[]>([
  [STORE_METADATA, ['varint', 'byte']],
  [INDEX_METADATA, ['varint', 'varint', 'byte']],
  [STORE_FREE_LIST, ['varint']],
  [INDEX_FREE_LIST, ['varint', 'varint']],
  [STORE_NAMES, ['string']],
  [INDEX_NAMES, ['varint', 'string']],
]);

/** Metadata keys: a type byte, then the parts that this type has. Simple types have none. */
function compareMetadata(left: Cursor, right: Cursor, parts: ReadonlyMap<number, readonly Part[]>): number {
  if (left.left === 0 || right.left === 0) return left.left - right.left;
  const type = left.byte();
  const order = type - right.byte();
  if (order !== 0) return order;
  for (const part of parts.get(type) ?? []) {
    let difference = 0;
    if (part === 'varint') difference = left.varint() - right.varint();
    else if (part === 'byte') difference = left.byte() - right.byte();
    else if (part === 'rest') difference = compareBytes(left.take(left.left), right.take(right.left));
    else difference = compareBytes(left.take(left.varint() * 2), right.take(right.varint() * 2));
    if (left.failed || right.failed) return 0;
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Compare one encoded IndexedDB key from each side, and move behind both. */
function compareEncodedKeys(left: Cursor, right: Cursor, depth: number, budget: { elements: number }): number {
  if (depth > MAX_DEPTH || budget.elements-- <= 0) return 0;
  const type = left.byte();
  const otherType = right.byte();
  if (left.failed || right.failed) return 0;
  const order = (TYPE_RANK[otherType] ?? 0) - (TYPE_RANK[type] ?? 0);
  if (order !== 0) return order;
  switch (type) {
    case 1:
      return compareBytes(left.take(left.varint() * 2), right.take(right.varint() * 2));
    case 6:
      return compareBytes(left.slice(), right.slice());
    case 2:
    case 3: {
      const one = double(left.take(8));
      const other = double(right.take(8));
      return one < other ? -1 : one > other ? 1 : 0;
    }
    case 4: {
      const length = left.varint();
      const otherLength = right.varint();
      for (let at = 0; at < length && at < otherLength; at++) {
        const difference = compareEncodedKeys(left, right, depth + 1, budget);
        if (difference !== 0) return difference;
        if (left.failed || right.failed || budget.elements <= 0) return 0;
      }
      return length - otherLength;
    }
    default:
      return 0;
  }
}

function double(data: Uint8Array): number {
  return data.length < 8 ? 0 : new DataView(data.buffer, data.byteOffset, 8).getFloat64(0, true);
}

function readId(cursor: Cursor, bytes: number): number {
  let value = 0;
  for (let index = 0, scale = 1; index < bytes; index++, scale *= 256) value += cursor.byte() * scale;
  return value;
}

function idBytes(id: number): number[] {
  const bytes: number[] = [];
  let rest = id;
  do {
    bytes.push(rest % 256);
    rest = Math.floor(rest / 256);
  } while (rest > 0);
  return bytes;
}
