import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32cInJavaScript } from '../../../src/profile/crc32c.ts';
import { type LogScan, readLog } from '../../../src/profile/leveldb/log.ts';
import { concat, log, text } from './build.ts';
import { memoryFile } from './memory-file.ts';

const BLOCK = 32_768;

function read(data: Uint8Array, verifyFrom = 0): { scan: LogScan; records: Uint8Array[] } {
  const records: Uint8Array[] = [];
  const scan = readLog(memoryFile(data), data.length, verifyFrom, crc32cInJavaScript, (bytes, from, to) => {
    records.push(bytes.slice(from, to));
  });
  return { scan, records };
}

const record = (length: number, fill = 7) => new Uint8Array(length).fill(fill);
const flip = (data: Uint8Array, at: number) => data.map((byte, index) => (index === at ? byte ^ 0x10 : byte));
const cut = (data: Uint8Array, bytes: number) => data.subarray(0, data.length - bytes);
const zeroFrom = (data: Uint8Array, at: number) => data.map((byte, index) => (index < at ? byte : 0));

describe('a whole log', () => {
  it('gives back every record, whatever their lengths', () => {
    const lengths = fc.array(fc.oneof(fc.nat(300), fc.integer({ min: BLOCK - 20, max: BLOCK + 20 }), fc.nat(100_000)), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(lengths, (sizes) => {
        const records = sizes.map((size, index) => record(size, index));
        const data = log(records);
        const { scan, records: seen } = read(data);
        // Compared as buffers: toEqual takes a second for a megabyte.
        expect(seen.map((bytes, index) => Buffer.compare(bytes, records[index] ?? new Uint8Array(0)))).toEqual(
          sizes.map(() => 0),
        );
        expect(scan).toMatchObject({
          problems: [],
          goodLength: data.length,
          recordsBefore: records.length,
          recordsBehind: 0,
        });
      }),
      { numRuns: 60 },
    );
  });

  it('may be empty', () => {
    expect(read(new Uint8Array(0)).scan).toMatchObject({ problems: [], goodLength: 0, recordsBefore: 0 });
  });

  it.each([1, 2, 3, 4, 5, 6])('may end %i bytes before the end of a block: too few for a header', (left) => {
    const data = log([record(BLOCK - 7 - left)]);
    expect(data.length).toBe(BLOCK - left);
    expect(read(data).scan.problems).toEqual([]);
    // Filler that a killed browser had begun to write is neither read nor minded.
    expect(read(concat(data, new Uint8Array(left - 1))).scan.problems).toEqual([]);
  });

  it('may hold an empty first fragment, which LevelDB writes where exactly a header fits', () => {
    const records = [record(BLOCK - 14), record(50)];
    const data = log(records);
    expect(data[BLOCK - 7 + 6]).toBe(2);
    expect(read(data).records).toEqual(records);
  });
});

describe('a damaged log', () => {
  const three = [record(40), record(50), record(60)];
  const data = log(three);
  const secondEnd = 47 + 57;

  it.each([
    ['cut in the last record', cut(data, 10), 'torn-log', secondEnd, 2],
    ['with only the header of the last record', data.subarray(0, secondEnd + 7), 'torn-log', secondEnd, 2],
    ['cut in the last header', data.subarray(0, secondEnd + 4), 'stray-bytes', secondEnd, 2],
    ['with 3 stray bytes', concat(data, [9, 9, 9]), 'stray-bytes', data.length, 3],
    ['with 30 stray bytes', concat(data, record(30, 9)), 'bad-record', data.length, 3],
    ['with a tail of 5 zeros', concat(data, new Uint8Array(5)), 'stray-bytes', data.length, 3],
    ['with a tail of 4096 zeros', concat(data, new Uint8Array(4096)), 'zero-tail', data.length, 3],
    ['with a tail of zeros over many blocks', concat(data, new Uint8Array(300_000)), 'zero-tail', data.length, 3],
    ['with its last record turned into zeros', zeroFrom(data, secondEnd), 'zero-tail', secondEnd, 2],
    ['with the second half of a record turned into zeros', zeroFrom(data, secondEnd + 30), 'bad-crc', secondEnd, 2],
    ['with a flipped bit in the content', flip(data, 60), 'bad-crc', 47, 1],
    ['with a flipped bit in a checksum', flip(data, 48), 'bad-crc', 47, 1],
    ['with a flipped bit in a type', flip(data, 53), 'bad-crc', 47, 1],
    ['with a length that leaves the file', flip(data, 47 + 5), 'torn-log', 47, 1],
    ['of garbage', record(500, 0xa5), 'bad-record', 0, 0],
  ])('%s', (_name, bytes, kind, goodLength, recordsBefore) => {
    const { scan } = read(bytes);
    expect(scan.problems[0]?.kind).toBe(kind);
    expect(scan.problems).toHaveLength(1);
    expect(scan).toMatchObject({ goodLength, recordsBefore });
  });

  it('reads on in the next block, as Local Storage does, and counts what is behind', () => {
    const long = log([record(100), record(40_000), record(70)]);
    const { scan, records } = read(flip(long, 20));
    expect(scan).toMatchObject({ goodLength: 0, recordsBefore: 0, recordsBehind: 1 });
    expect(records).toEqual([record(70)]);
  });

  it('reports a record of several fragments that was cut by its beginning', () => {
    const long = log([record(100), record(100_000)]);
    const { scan } = read(cut(long, 5));
    expect(scan.problems.map(({ kind, offset }) => [kind, offset])).toEqual([['torn-log', 107]]);
    expect(scan.goodLength).toBe(107);
  });

  it.each([
    ['a beginning without an end', (first: Uint8Array, other: Uint8Array) => concat(first.subarray(0, BLOCK), other)],
    ['an end without a beginning', (first: Uint8Array) => first.subarray(BLOCK)],
  ])('reports %s', (_name, build) => {
    const scan = read(build(log([record(40_000)]), log([record(20)]))).scan;
    expect(scan.problems[0]?.kind).toBe('bad-record');
    expect(scan.goodLength).toBe(0);
  });

  it('is whole again when it is cut to its good length', () => {
    const records = fc.array(fc.nat(5000), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(records, fc.nat(), fc.constantFrom('cut', 'flip', 'zero', 'stray'), (sizes, where, how) => {
        const whole = log(sizes.map((size, index) => record(size + 1, index)));
        const at = where % whole.length;
        const broken =
          how === 'cut'
            ? whole.subarray(0, at)
            : how === 'flip'
              ? flip(whole, at)
              : how === 'zero'
                ? zeroFrom(whole, at)
                : concat(whole, record((at % 50) + 1, 3));
        const { scan } = read(broken);
        const healed = read(broken.subarray(0, scan.goodLength));
        expect(healed.scan.problems).toEqual([]);
        expect(healed.records).toHaveLength(scan.recordsBefore);
        // Only a cut between two records, or in the filler of a block, cannot be seen.
        if (how === 'flip' && at % BLOCK < BLOCK - 6) expect(scan.problems).not.toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('does not hand on a record of more than 12 MiB, and says so', () => {
    const { scan, records } = read(log([text('a'), record(13 * 1024 * 1024), text('b')]));
    expect(scan).toMatchObject({ problems: [], oversized: 1, recordsBefore: 3 });
    expect(records).toEqual([text('a'), text('b')]);
  });

  it('verifies checksums only from the given offset on', () => {
    const bytes = flip(data, 20);
    expect(read(bytes, 47).scan.problems).toEqual([]);
    expect(read(bytes, 0).scan.problems).not.toEqual([]);
  });
});

it('ends in a result for any bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), (data) => {
      const { scan } = read(data);
      expect(scan.goodLength).toBeLessThanOrEqual(data.length);
    }),
    { numRuns: 2000 },
  );
});
