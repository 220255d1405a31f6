import { crc32c as native } from '@node-rs/crc32';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32cInJavaScript, loadCrc32c, mask, unmask } from '../../../src/profile/crc32c.ts';
import { text } from './build.ts';

describe('CRC32C', () => {
  it.each([
    // Test vectors of RFC 3720, B.4.
    [new Uint8Array(32), 0x8a9136aa],
    [new Uint8Array(32).fill(0xff), 0x62a8ab43],
    [Uint8Array.from({ length: 32 }, (_, at) => at), 0x46dd794e],
    [text('123456789'), 0xe3069283],
    [new Uint8Array(0), 0],
  ])('knows the published vector %#', (data, expected) => {
    expect(crc32cInJavaScript(data, 0, data.length)).toBe(expected);
  });

  it('agrees with the native one on any part of any bytes, also when continued', async () => {
    const quick = await loadCrc32c(Number.POSITIVE_INFINITY);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 700 }), fc.nat(700), fc.nat(700), (data, one, other) => {
        const from = Math.min(one, other, data.length);
        const to = Math.min(Math.max(one, other), data.length);
        const expected = native(data.subarray(from, to));
        expect(crc32cInJavaScript(data, from, to)).toBe(expected);
        expect(quick(data, from, to)).toBe(expected);
        const middle = Math.floor((from + to) / 2);
        expect(quick(data, middle, to, quick(data, from, middle))).toBe(expected);
      }),
    );
  });

  it('is masked as LevelDB masks it', () => {
    // util/crc32c.h: ((crc >> 15) | (crc << 17)) + 0xa282ead8
    expect(mask(0)).toBe(0xa282ead8);
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (crc) => {
        expect(unmask(mask(crc))).toBe(crc);
      }),
    );
  });
});
