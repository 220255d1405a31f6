import fc from 'fast-check';
import snappy from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { crc32cInJavaScript } from '../../../src/profile/crc32c.ts';
import { latin1 } from '../../../src/profile/leveldb/bytes.ts';
import { compareBytes } from '../../../src/profile/leveldb/comparator.ts';
import {
  openTable,
  scanTable,
  type Table,
  type TableProblem,
  verifyTable,
} from '../../../src/profile/leveldb/table.ts';
import { type TableEntry, table, text } from './build.ts';
import { memoryFile } from './memory-file.ts';

const open = (data: Uint8Array): Table | TableProblem => openTable(memoryFile(data), data.length, crc32cInJavaScript);

function problemsOf(data: Uint8Array): string[] {
  const opened = open(data);
  return 'kind' in opened ? [opened.kind] : verifyTable(opened).map(({ kind }) => kind);
}

function scan(data: Uint8Array, from: string | null = null, to: string | null = null): [string, string | null][] {
  const opened = open(data);
  if ('kind' in opened) throw new Error(opened.text);
  const seen: [string, string | null][] = [];
  const problems = scanTable(
    opened,
    compareBytes,
    from === null ? null : text(from),
    to === null ? null : text(to),
    (key, value) => {
      seen.push([latin1(key), value === null ? null : latin1(value)]);
      return true;
    },
  );
  if (problems.length > 0) throw new Error(problems[0]?.text);
  return seen;
}

const entries = (count: number): TableEntry[] =>
  Array.from({ length: count }, (_, at) => ({
    key: text(`key-${String(at).padStart(5, '0')}`),
    value: at % 7 === 3 ? null : text(`value ${at}`),
    sequence: at + 1,
  }));

const expected = (count: number): [string, string | null][] =>
  entries(count).map(({ key, value }) => [latin1(key), value === null ? null : latin1(value)]);

describe('a whole table', () => {
  it.each([
    ['plain', {}],
    ['with a filter', { filter: true }],
    ['compressed', { compress: snappy.compress }],
    ['with one entry a block', { perBlock: 1 }],
  ])('%s, gives back every entry and has no problem', (_name, options) => {
    const data = table(entries(300), options);
    expect(problemsOf(data)).toEqual([]);
    expect(scan(data)).toEqual(expected(300));
  });

  it('hands on the entries of a range, wherever it begins and ends', () => {
    const data = table(entries(200), { perBlock: 23, compress: snappy.compress });
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 201 }), fc.integer({ min: -1, max: 201 }), (one, other) => {
        const name = (at: number) => (at < 0 ? 'a' : at > 199 ? 'z' : `key-${String(at).padStart(5, '0')}`);
        const [from, to] = [name(Math.min(one, other)), name(Math.max(one, other))];
        expect(scan(data, from, to)).toEqual(expected(200).filter(([key]) => key >= from && key < to));
      }),
    );
  });
});

describe('a damaged table', () => {
  it('is noticed whichever single bit is flipped', () => {
    const data = table(entries(60), { filter: true });
    const missed: number[] = [];
    for (let at = 0; at < data.length; at++) {
      for (const bit of [1, 0x80]) {
        const broken = data.slice();
        broken[at] = (broken[at] ?? 0) ^ bit;
        if (problemsOf(broken).length === 0) missed.push(at);
      }
    }
    expect(missed).toEqual([]);
  });

  it('is noticed wherever it is cut', () => {
    const data = table(entries(60));
    for (let length = 0; length < data.length; length++) {
      expect(problemsOf(data.subarray(0, length)), `cut to ${length}`).not.toEqual([]);
    }
  });

  it('is noticed wherever zeros begin', () => {
    const data = table(entries(60));
    for (let from = 0; from < data.length - 1; from++) {
      const broken = data.slice();
      broken.fill(0, from);
      expect(problemsOf(broken), `zeros from ${from}`).not.toEqual([]);
    }
  });

  it('gives what can still be read', () => {
    const data = table(entries(100), { perBlock: 10 });
    data[5] = (data[5] ?? 0) ^ 1;
    const opened = open(data);
    if ('kind' in opened) throw new Error(opened.text);
    let seen = 0;
    const problems = scanTable(opened, compareBytes, null, null, () => {
      seen++;
      return true;
    });
    expect(seen).toBe(90);
    expect(problems.map(({ kind, offset }) => [kind, offset])).toEqual([['bad-crc', 0]]);
  });
});

it('ends in a result for a table with any bytes in any place', () => {
  const data = table(entries(40), { perBlock: 5, filter: true });
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(data.length - 1), fc.nat(255)), { maxLength: 6 }), (changes) => {
      const broken = data.slice();
      for (const [at, byte] of changes) broken[at] = byte;
      const opened = open(broken);
      if ('kind' in opened) return;
      verifyTable(opened);
      scanTable(opened, compareBytes, text('key-00010'), null, () => true);
    }),
    { numRuns: 2000 },
  );
});
