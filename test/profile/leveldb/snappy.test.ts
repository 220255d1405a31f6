import fc from 'fast-check';
import snappy from 'snappyjs';
import { describe, expect, it } from 'vitest';
import { uncompress } from '../../../src/profile/leveldb/snappy.ts';
import { concat, snappyLiteral, text, varint } from './build.ts';

const LIMIT = 1 << 20;

describe('snappy', () => {
  it('gives back what another implementation compressed', () => {
    const word = fc.constantFrom('signal', 'storage', 'a', 'key-000', '\0\0\0\0');
    const repetitive = fc.array(word, { maxLength: 400 }).map((words) => text(words.join('')));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 3000 }), repetitive), (data) => {
        expect(uncompress(snappy.compress(data), LIMIT)).toEqual(data);
        expect(uncompress(snappyLiteral(data), LIMIT)).toEqual(data);
      }),
    );
  });

  it.each([
    ['nothing at all', []],
    ['a length that never ends', [0x80, 0x80, 0x80, 0x80, 0x80, 0x80]],
    ['a literal longer than the input', [10, 0xf0, 200]],
    ['a literal of 2^31 bytes, which makes snappyjs 0.7.0 loop for ever', [10, 0xfc, 0xf8, 0xff, 0xff, 0xff, 1, 2]],
    ['a copy from before the beginning', [10, 0, 65, 0x01, 5]],
    ['a copy with offset 0', [10, 0, 65, 0x01, 0]],
    ['more bytes than announced', [1, 4, 65, 66]],
    ['fewer bytes than announced', [9, 4, 65, 66]],
    ['a copy cut off', [10, 0, 65, 0x02, 1]],
    ['a length that no input of this size can have', [...varint(900_000), 0, 65]],
  ])('refuses %s', (_name, bytes) => {
    expect(uncompress(Uint8Array.from(bytes), LIMIT)).toBe('damaged');
  });

  it('refuses a bomb before it takes memory', () => {
    expect(uncompress(Uint8Array.from([...varint(4_000_000_000), 0, 65]), LIMIT)).toBe('too-large');
  });

  it('copies bytes that it has only just written', () => {
    expect(uncompress(concat([7], [0, 97], [0x0a, 1, 0], [0x0a, 1, 0]), LIMIT)).toEqual(text('aaaaaaa'));
  });

  it('ends in a result for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        const result = uncompress(data, 1000);
        expect(typeof result === 'string' || result.length <= 1000).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });
});
