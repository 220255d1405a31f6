import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Cursor } from '../../../src/profile/leveldb/bytes.ts';
import { compareIdbKeys, readPrefix, writePrefix } from '../../../src/profile/leveldb/idb-comparator.ts';
import { concat, varint } from './build.ts';

type Key = number | Date | string | Uint8Array | Key[];

function encode(key: Key): Uint8Array {
  if (typeof key === 'string') {
    const units = Array.from({ length: key.length }, (_, at) => key.charCodeAt(at));
    return concat(
      [1],
      varint(key.length),
      units.flatMap((unit) => [unit >> 8, unit & 255]),
    );
  }
  if (key instanceof Uint8Array) return concat([6], varint(key.length), key);
  if (Array.isArray(key)) return concat([4], varint(key.length), ...key.map(encode));
  const double = new Uint8Array(8);
  new DataView(double.buffer).setFloat64(0, Number(key), true);
  return concat([key instanceof Date ? 2 : 3], double);
}

/** "Compare two keys" of the Indexed Database specification: number < date < string < binary < array. */
function specified(a: Key, b: Key): number {
  const rank = (key: Key) =>
    typeof key === 'number'
      ? 0
      : key instanceof Date
        ? 1
        : typeof key === 'string'
          ? 2
          : key instanceof Uint8Array
            ? 3
            : 4;
  if (rank(a) !== rank(b)) return rank(a) - rank(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    for (let at = 0; at < Math.min(a.length, b.length); at++) {
      const order = specified(a[at] ?? 0, b[at] ?? 0);
      if (order !== 0) return order;
    }
    return a.length - b.length;
  }
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b);
  if (typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  return Number(a) - Number(b);
}

const anyKey = fc.letrec<{ key: Key }>((tie) => ({
  key: fc.oneof(
    { maxDepth: 3 },
    fc.double({ noNaN: true }).map((value) => (value === 0 ? 0 : value)),
    fc.integer({ min: 0, max: 2_000_000_000 }).map((time) => new Date(time)),
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.uint8Array({ maxLength: 6 }),
    fc.array(tie('key'), { maxLength: 3 }),
  ),
})).key;

const record = (key: Key, database = 1, store = 1, index = 1) =>
  concat(writePrefix({ database, store, index }), encode(key));

describe('idb_cmp1', () => {
  it('orders records as the specification of IndexedDB orders their keys', () => {
    fc.assert(
      fc.property(anyKey, anyKey, (a, b) => {
        expect(Math.sign(compareIdbKeys(record(a), record(b)))).toBe(Math.sign(specified(a, b)));
      }),
      { numRuns: 3000 },
    );
  });

  it('orders by database, then object store, then index, as numbers and not as bytes', () => {
    const id = fc.oneof(fc.nat(300), fc.nat(100_000), fc.nat(2 ** 31 - 1));
    const prefix = fc.record({ database: id, store: id, index: fc.nat(255) });
    fc.assert(
      fc.property(prefix, prefix, (a, b) => {
        const order = a.database - b.database || a.store - b.store || a.index - b.index;
        if (order !== 0) expect(Math.sign(compareIdbKeys(writePrefix(a), writePrefix(b)))).toBe(Math.sign(order));
        expect(readPrefix(new Cursor(writePrefix(a)))).toEqual(a);
      }),
    );
  });

  it('puts the border of a range before everything in it', () => {
    expect(compareIdbKeys(writePrefix({ database: 1, store: 1, index: 1 }), record(-1e9))).toBeLessThan(0);
    expect(compareIdbKeys(record([]), writePrefix({ database: 1, store: 1, index: 2 }))).toBeLessThan(0);
  });

  it('orders index entries by index key, primary key, sequence number', () => {
    const entry = (key: Key, sequence: number, primary: Key) =>
      concat(writePrefix({ database: 1, store: 1, index: 30 }), encode(key), varint(sequence), encode(primary));
    const sorted = [entry('a', 9, 1), entry('a', 0, 2), entry('a', 3, 2), entry('b', 0, 0)];
    for (const [at, one] of sorted.entries()) {
      for (const [other, two] of sorted.entries()) {
        expect(Math.sign(compareIdbKeys(one, two))).toBe(Math.sign(at - other));
      }
    }
  });

  it('is an order: antisymmetric and equal to itself, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (a, b) => {
        expect(Math.sign(compareIdbKeys(a, b)) + Math.sign(compareIdbKeys(b, a))).toBe(0);
        expect(compareIdbKeys(a, a)).toBe(0);
      }),
      { numRuns: 3000 },
    );
  });

  it('ends quickly on arrays in arrays', () => {
    const deep = concat(
      writePrefix({ database: 1, store: 1, index: 1 }),
      ...Array.from({ length: 100_000 }, () => [4, 1]),
    );
    expect(compareIdbKeys(deep, deep)).toBe(0);
    const wide = concat(
      writePrefix({ database: 1, store: 1, index: 1 }),
      [4],
      varint(2 ** 40),
      new Uint8Array(200_000),
    );
    expect(compareIdbKeys(wide, wide)).toBe(0);
  });
});
