import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBatch } from '../../../src/profile/leveldb/batch.ts';
import { batch, concat, text } from './build.ts';

interface Seen {
  readonly key: string;
  readonly value: string | null;
  readonly sequence: number;
}

function read(data: Uint8Array, from = 0, to = data.length): { fault: string | null; seen: Seen[] } {
  const seen: Seen[] = [];
  const fault = readBatch(data, from, to, ({ data: bytes, keyFrom, keyTo, valueFrom, valueTo, sequence }) => {
    if (keyTo > to || valueTo > to) throw new Error('a change outside the record');
    const part = (start: number, end: number) => Buffer.from(bytes.subarray(start, end)).toString('latin1');
    seen.push({ key: part(keyFrom, keyTo), value: valueTo < 0 ? null : part(valueFrom, valueTo), sequence });
  });
  return { fault, seen };
}

const change = fc.record({
  key: fc.string({ unit: 'binary-ascii', maxLength: 300 }),
  value: fc.option(fc.string({ unit: 'binary-ascii', maxLength: 300 })),
});

describe('a write batch', () => {
  it('gives back its changes, wherever it stands in the buffer', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), fc.nat(2 ** 40), fc.nat(20), (changes, sequence, before) => {
        const data = batch(
          sequence,
          changes.map(({ key, value }) => ({ key: text(key), value: value === null ? null : text(value) })),
        );
        const { fault, seen } = read(
          concat(new Uint8Array(before).fill(9), data, [1, 2, 3]),
          before,
          before + data.length,
        );
        expect(fault).toBeNull();
        expect(seen).toEqual(changes.map((entry, index) => ({ ...entry, sequence: sequence + index })));
      }),
    );
  });

  it('has a fault wherever it is cut, and never points outside itself', () => {
    const data = batch(7, [
      { key: text('key'), value: text('v'.repeat(200)) },
      { key: text('k'.repeat(150)), value: null },
      { key: text('last'), value: text('') },
    ]);
    expect(read(data).fault).toBeNull();
    for (let length = 0; length < data.length; length++)
      expect(read(data, 0, length).fault, `cut to ${length}`).not.toBeNull();
  });

  it.each([
    ['a kind that does not exist', [2, 1, 65]],
    ['a length that never ends', [1, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80]],
    ['a length of 2^60', [1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a value without its length', [1, 1, 65]],
    ['more changes than announced', [0, 1, 65, 0, 1, 66]],
  ])('with %s has a fault', (_name, bytes) => {
    expect(read(concat(new Uint8Array(8), [1, 0, 0, 0], bytes)).fault).not.toBeNull();
  });

  it('ends in a result for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (data) => {
        read(data);
      }),
      { numRuns: 3000 },
    );
  });
});
