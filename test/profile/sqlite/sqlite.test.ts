import { describe, expect, it } from 'vitest';
import { absolutePath } from '../../../src/model/path.ts';
import { readStores } from '../../../src/profile/stores.ts';
import { concat, text } from '../leveldb/build.ts';
import { Dice, mutate } from '../stores/fuzz.ts';
import { type Content, memoryReader } from '../stores/memory-reader.ts';
import { INDEXED, indexedDbFiles, LOCAL, localStorageFiles } from '../stores/synthetic.ts';
import { indexedDbImage, localStorageImage, otherImage, walOf } from './images.ts';

const LOCAL_FILE = '/p/Default/LocalStorage';
const INDEXED_DIRECTORY = '/p/Default/IndexedDB/https_web.whatsapp.com_0';
const KEYS = ['WANoiseInfo', 'last-wid-md', 'me-display-name'];

const local = await localStorageImage(KEYS);
const signal = await indexedDbImage(
  'signal-storage',
  new Map([
    ['signal-meta-store', 2],
    ['prekey-store', 40],
  ]),
);
const wawc = await indexedDbImage('wawc', new Map([['user', 1]]));

function read(files: Record<string, Content>) {
  return readStores(memoryReader(new Map(Object.entries(files))), absolutePath('/p'), 'full');
}

const whole = { [LOCAL_FILE]: local, [`${INDEXED_DIRECTORY}/AAAA`]: signal, [`${INDEXED_DIRECTORY}/BBBB`]: wawc };

describe('the SQLite layouts', () => {
  it('give names and counts, and no value', async () => {
    const reading = await read(whole);
    expect(reading.stores).toMatchObject([
      { name: 'Local Storage', engine: 'sqlite', state: 'ok', problems: [] },
      { name: 'IndexedDB', engine: 'sqlite', state: 'ok', problems: [] },
    ]);
    expect(reading.localStorage).toMatchObject({
      engine: 'sqlite',
      readability: 'whole',
      schemaVersion: 1,
      origins: [{ origin: 'https://web.whatsapp.com', keys: KEYS, count: 3 }],
      whatsapp: { lastWid: true, noiseInfo: true, account: { masked: '•••11', lastFour: '0011' } },
    });
    expect(reading.indexedDb).toMatchObject({ engine: 'sqlite', readability: 'whole', schemaVersion: 1 });
    expect(reading.indexedDb.databases).toEqual([
      {
        name: 'signal-storage',
        stores: [
          { name: 'prekey-store', records: { count: 40, exact: true } },
          { name: 'signal-meta-store', records: { count: 2, exact: true } },
        ],
      },
      { name: 'wawc', stores: [{ name: 'user', records: { count: 1, exact: true } }] },
    ]);
    expect(JSON.stringify(reading)).not.toContain('99999');
  });

  it('leave the image that the reader was given as it was', async () => {
    const before = local.slice();
    await read(whole);
    expect(local).toEqual(before);
  });
});

describe('a write-ahead log', () => {
  const before = localStorageImage(['WANoiseInfo']);

  it('that is committed is read, and reported as not merged', async () => {
    const reading = await read({ ...whole, [LOCAL_FILE]: await before, [`${LOCAL_FILE}-wal`]: walOf(local) });
    expect(reading.localStorage.origins[0]?.keys).toEqual(KEYS);
    expect(reading.stores[0]?.state).toBe('ok');
    expect(reading.traces).toMatchObject([{ store: 'Local Storage', kind: 'unmerged-wal' }]);
  });

  it.each([
    ['cut off before its commit', (wal: Uint8Array) => wal.subarray(0, wal.length - 1)],
    [
      'with a flipped bit before its commit',
      (wal: Uint8Array) => wal.map((byte, at) => (at === 5_000 ? byte ^ 1 : byte)),
    ],
    ['of another generation', (wal: Uint8Array) => wal.map((byte, at) => (at === 19 ? byte ^ 1 : byte))],
    ['of garbage', () => new Uint8Array(9_000).fill(7)],
    ['that is empty', () => new Uint8Array(0)],
  ])('%s counts for nothing, and is no damage', async (_name, change) => {
    const reading = await read({ ...whole, [LOCAL_FILE]: await before, [`${LOCAL_FILE}-wal`]: change(walOf(local)) });
    expect(reading.localStorage.origins[0]?.keys).toEqual(['WANoiseInfo']);
    expect(reading.stores[0]?.state).toBe('ok');
    expect(reading.traces).toEqual([]);
  });

  it('may hold a database of which nothing stands in the file yet', async () => {
    const reading = await read({ ...whole, [LOCAL_FILE]: new Uint8Array(0), [`${LOCAL_FILE}-wal`]: walOf(local) });
    expect(reading.localStorage.whatsapp.lastWid).toBe(true);
  });
});

describe('damage', () => {
  it.each([
    ['not a database at all', () => new Uint8Array(8192).fill(65), 'damaged', 'not-sqlite'],
    ['cut to half', (data: Uint8Array) => data.subarray(0, data.length >> 1), 'damaged', 'wrong-size'],
    ['a page of zeros', (data: Uint8Array) => data.slice().fill(0, 4096, 8192), 'damaged', 'bad-structure'],
    [
      'a page size of 3',
      (data: Uint8Array) => data.map((byte, at) => (at === 16 ? 0 : at === 17 ? 3 : byte)),
      'damaged',
      'bad-header',
    ],
    ['more than 12 MiB', (data: Uint8Array) => concat(data, new Uint8Array(13 * 1024 * 1024)), 'unknown', 'too-large'],
  ])('%s', async (_name, change, state, kind) => {
    const bad = await read({ ...whole, [LOCAL_FILE]: change(local) });
    expect(bad.stores[0]).toMatchObject({ state });
    expect(bad.stores[0]?.problems.map((problem) => problem.kind)).toContain(kind);
    expect(bad.localStorage.readability).not.toBe('whole');
    const other = await read({ ...whole, [`${INDEXED_DIRECTORY}/AAAA`]: change(signal) });
    expect(other.stores[1]).toMatchObject({ state });
    expect(other.indexedDb).toMatchObject({ readability: 'partial', databases: [{ name: 'wawc' }] });
  });

  it('a rollback journal means that the file cannot be judged', async () => {
    const reading = await read({ ...whole, [`${LOCAL_FILE}-journal`]: new Uint8Array(600).fill(1) });
    expect(reading.stores[0]).toMatchObject({ state: 'unknown', problems: [{ kind: 'unmerged-journal' }] });
  });

  it.each([
    'CREATE VIEW maps AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
    'CREATE TABLE maps(a, b AS (zeroblob(900000000)))',
    'CREATE TABLE maps(a CHECK (length(hex(zeroblob(900000000))) > 1))',
    'CREATE VIRTUAL TABLE maps USING fts3(x)',
  ])('a schema that would make SQLite compute is not asked: %s', async (sql) => {
    const made = await otherImage(sql).catch(() => null);
    if (made === null) return; // this build has no such module
    const start = performance.now();
    const reading = await read({ ...whole, [LOCAL_FILE]: made });
    expect(reading.stores[0]).toMatchObject({ state: 'unknown', problems: [{ kind: 'unsupported-schema' }] });
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  it('a database without the tables of a browser has no names', async () => {
    const reading = await read({ ...whole, [LOCAL_FILE]: await otherImage('CREATE TABLE x(a)') });
    expect(reading.localStorage.origins).toEqual([]);
  });
});

it('both engines at once: the one written last is read, both are listed', async () => {
  const files: Record<string, Content> = { ...whole };
  for (const [name, data] of localStorageFiles()) files[`/p/${LOCAL}/${name}`] = data;
  for (const [name, data] of indexedDbFiles()) files[`/p/${INDEXED}/${name}`] = data;
  for (const [newer, engine] of [
    ['/p/Default/LocalStorage', 'sqlite'],
    [`/p/${LOCAL}/CURRENT`, 'leveldb'],
  ] as const) {
    const real = memoryReader(new Map(Object.entries(files)));
    const reader: typeof real = {
      ...real,
      status(path) {
        const status = real.status(path);
        return status.ok && path === newer ? { ok: true, value: { ...status.value, mtime: 5 } } : status;
      },
    };
    const reading = await readStores(reader, absolutePath('/p'), 'full');
    expect(reading.localStorage.engine).toBe(engine);
    expect(reading.stores.map((store) => `${store.name} ${store.engine}`).sort()).toEqual([
      'IndexedDB leveldb',
      'IndexedDB sqlite',
      'Local Storage leveldb',
      'Local Storage sqlite',
    ]);
    expect(reading.traces.map(({ kind }) => kind)).toEqual(['both-engines', 'both-engines']);
  }
});

it('ends in a result for any change of the files', async () => {
  let damaged = 0;
  for (let seed = 0; seed < 400; seed++) {
    const dice = new Dice(seed);
    const wal = dice.below(2) === 0 ? { [`${LOCAL_FILE}-wal`]: mutate(dice, walOf(local)) } : {};
    const reading = await read({
      [LOCAL_FILE]: mutate(dice, local),
      ...wal,
      [`${INDEXED_DIRECTORY}/A`]: mutate(dice, signal),
    });
    if (reading.stores.some(({ state }) => state === 'damaged')) damaged++;
  }
  expect(damaged).toBeGreaterThan(50);
  expect(damaged).toBeLessThan(400);
});

it('a name that SQLite would follow is only a name', async () => {
  const reading = await read({ [`${INDEXED_DIRECTORY}/${'x'.repeat(200)}`]: text('SQLite format 3\0') });
  expect(reading.stores[1]?.state).toBe('damaged');
});
