import { expect, it } from 'vitest';
import { absolutePath } from '../../../src/model/path.ts';
import { crc32cInJavaScript, mask } from '../../../src/profile/crc32c.ts';
import { readStores } from '../../../src/profile/stores.ts';
import {
  concat,
  internalKey,
  localKey,
  log,
  manifestRecords,
  sized,
  snappyLiteral,
  table,
  text,
  u32,
  varint,
} from '../leveldb/build.ts';
import { type Content, memoryReader } from './memory-reader.ts';
import { INDEXED, LOCAL, localStorageFiles } from './synthetic.ts';

/** Files that are small to describe and large to read. Memory is looked at whenever the reader asks for bytes. */

const MEMORY = 64 * 1024 * 1024;
const MB = 1024 * 1024;
const BLOCK = 32_768;

/** `head`, then `piece` again and again up to `size` bytes. */
function repeated(head: Uint8Array, piece: Uint8Array, size: number): Content {
  return {
    size,
    read(offset, length) {
      const result = new Uint8Array(Math.max(0, Math.min(length, size - offset)));
      for (let at = 0; at < result.length; ) {
        const from = offset + at;
        const [source, start] = from < head.length ? [head, from] : [piece, (from - head.length) % piece.length];
        const part = source.subarray(start, start + result.length - at);
        result.set(part, at);
        at += part.length;
      }
      return result;
    },
  };
}

/** One block that holds one fragment of this type. */
function fragment(type: number): Uint8Array {
  const body = concat([type], new Uint8Array(BLOCK - 7).fill(3));
  return concat(u32(mask(crc32cInJavaScript(body, 0, body.length))), [(BLOCK - 7) & 255, (BLOCK - 7) >> 8], body);
}

/** Read a profile of which these files differ, and say how much memory was in use at most while it was read. */
async function peak(changes: Record<string, Content>): Promise<{ bytes: number; states: string[] }> {
  const files = new Map<string, Content>();
  for (const [name, data] of localStorageFiles(2_000)) files.set(`/p/${LOCAL}/${name}`, data);
  for (const [path, content] of Object.entries(changes)) files.set(`/p/${path}`, content);
  const real = memoryReader(files);
  const inUse = () => process.memoryUsage().heapUsed + process.memoryUsage().external;
  const before = inUse();
  let most = before;
  const reader: typeof real = {
    ...real,
    open(path) {
      const opened = real.open(path);
      if (!opened.ok) return opened;
      const { value } = opened;
      const read = (offset: number, length: number) => {
        const data = value.read(offset, length);
        most = Math.max(most, inUse());
        return data;
      };
      return { ok: true, value: { ...value, read } };
    },
  };
  const { stores } = await readStores(reader, absolutePath('/p'), 'full');
  return { bytes: Math.max(most, inUse()) - before, states: stores.map(({ state }) => state) };
}

const LOG = `${LOCAL}/000004.log`;
const TABLE = `${LOCAL}/000005.ldb`;
const MANIFEST = `${LOCAL}/MANIFEST-000003`;
const wholeLog = localStorageFiles().get('000004.log') ?? text('');

/** A manifest that names one table of this size, with all keys. */
function manifestFor(size: number): Uint8Array {
  const range = { smallest: internalKey(text(''), 1), largest: internalKey(text('~'), 1) };
  return log(
    manifestRecords({ comparator: 'leveldb.BytewiseComparator', log: 4, tables: [{ number: 5, size, ...range }] }),
  );
}

/** A table of one block, whose content is already compressed. */
function compressedTable(compressed: Uint8Array): Uint8Array {
  let blocks = 0;
  const compress = (data: Uint8Array) => (blocks++ === 0 ? compressed : snappyLiteral(data));
  return table([{ key: text('k'), value: text('v'), sequence: 1 }], { compress });
}

/** Snappy at its densest: one literal byte, then copies of 64 bytes. */
function dense(size: number): Uint8Array {
  const copies = Math.floor((size - 1) / 64);
  const copy = new Uint8Array(copies * 3).map((_, at) => [0xfe, 1, 0][at % 3] ?? 0);
  return concat(varint(1 + copies * 64), [0, 0], copy);
}

const bigKeys = log(
  Array.from({ length: 40 }, (_, at) =>
    concat(text('\0\0\0\0\0\0\0\0'), u32(1), [1], sized(localKey(`${at}`.repeat(400_000))), sized(text('v'))),
  ),
);

it.each<[string, () => Record<string, Content>, string]>([
  [
    'a log that goes on with 2 GB of zeros',
    () => ({ [LOG]: repeated(wholeLog, new Uint8Array(BLOCK), 2048 * MB) }),
    'damaged',
  ],
  ['a log of 200 MB that is one record', () => ({ [LOG]: repeated(fragment(2), fragment(3), 200 * MB) }), 'damaged'],
  [
    'a log of 100 MB of whole records that are no batches',
    () => ({ [LOG]: repeated(new Uint8Array(0), fragment(1), 100 * MB) }),
    'damaged',
  ],
  ['a log with keys of megabytes', () => ({ [LOG]: bigKeys }), 'ok'],
  [
    'a manifest of 100 MB of garbage in good order',
    () => ({ [MANIFEST]: repeated(new Uint8Array(0), fragment(1), 100 * MB) }),
    'damaged',
  ],
  [
    'a manifest that names 30,000 tables',
    () => {
      const edit = (number: number) =>
        concat(
          [7],
          varint(0),
          varint(number),
          varint(1),
          sized(internalKey(text('a'), 1)),
          sized(internalKey(text('b'), 1)),
        );
      const edits = Array.from({ length: 30_000 }, (_, at) => edit(at + 10));
      return { [MANIFEST]: log([...manifestRecords({ comparator: 'leveldb.BytewiseComparator', log: 4 }), ...edits]) };
    },
    'damaged',
  ],
  [
    'a manifest with keys of 20 MB',
    () => ({
      [MANIFEST]: log([
        ...manifestRecords({ comparator: 'leveldb.BytewiseComparator', log: 4 }),
        ...Array.from({ length: 20 }, (_, at) =>
          concat([7], varint(0), varint(at), varint(1), sized(new Uint8Array(MB)), sized(text('b'))),
        ),
      ]),
    }),
    'damaged',
  ],
  [
    'a block that becomes 11 MiB',
    () => {
      const data = compressedTable(dense(11 * MB));
      return { [TABLE]: data, [MANIFEST]: manifestFor(data.length) };
    },
    'damaged',
  ],
  [
    'a block that claims to become 4 GB',
    () => {
      const data = compressedTable(Uint8Array.from([...varint(4 * 1024 * MB - 1), 0, 65]));
      return { [TABLE]: data, [MANIFEST]: manifestFor(data.length) };
    },
    'unknown',
  ],
  [
    'a table with a value of 20 MB',
    () => {
      const data = table([{ key: localKey('big'), value: new Uint8Array(20 * MB), sequence: 1 }]);
      return { [TABLE]: data, [MANIFEST]: manifestFor(data.length) };
    },
    'unknown',
  ],
  [
    'a table of 2 GB with nothing in it',
    () => ({
      [TABLE]: repeated(new Uint8Array(0), new Uint8Array(BLOCK), 2048 * MB),
      [MANIFEST]: manifestFor(2048 * MB),
    }),
    'damaged',
  ],
  [
    'names of a million databases in IndexedDB files',
    () => ({ [`${INDEXED}/CURRENT`]: repeated(text('MANIFEST-'), text('0'), 64 * MB) }),
    'ok',
  ],
])('%s takes no more than 64 MiB', async (_name, make, expected) => {
  const changes = make();
  const { bytes, states } = await peak(changes);
  expect(states[0]).toBe(expected);
  expect(bytes).toBeLessThan(MEMORY);
});
