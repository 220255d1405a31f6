import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createReader } from '../../../src/facts/reader.ts';
import { absolutePath } from '../../../src/model/path.ts';
import type { Reader } from '../../../src/model/reader.ts';
import { compareBytes } from '../../../src/profile/leveldb/comparator.ts';
import { compareIdbKeys } from '../../../src/profile/leveldb/idb-comparator.ts';
import { readStores, type StoreReading } from '../../../src/profile/stores.ts';
import { concat, indexedDbChanges, localKey, log, manifestRecords, text } from '../leveldb/build.ts';
import {
  changed,
  DATABASES,
  databaseFiles,
  INDEXED,
  indexedDbFiles,
  LOCAL,
  localStorageFiles,
  removeProfiles,
  writeProfile,
} from './synthetic.ts';

afterAll(removeProfiles);

type Files = ReadonlyMap<string, Uint8Array> | null;

async function read(local: Files, indexed: Files, depth: 'quick' | 'full' = 'full'): Promise<StoreReading> {
  return readStores(createReader(), absolutePath(writeProfile(local, indexed)), depth);
}

const states = ({ stores }: StoreReading) => stores.map(({ state }) => state);
const kinds = ({ stores }: StoreReading) => stores.flatMap(({ problems }) => problems.map(({ kind }) => kind));
const half = (data: Uint8Array) => data.subarray(0, data.length >> 1);
const flipped = (data: Uint8Array) => data.map((byte, at) => (at === data.length >> 1 ? byte ^ 4 : byte));
const zeroed = (data: Uint8Array) => data.map((byte, at) => (at < data.length >> 1 ? byte : 0));

describe('a linked profile', () => {
  it.each([
    ['small', 0, false],
    ['with tables', 5_000, true],
  ])('%s is whole, and says its names and counts at both depths', async (_name, fill, inTables) => {
    for (const depth of ['quick', 'full'] as const) {
      const reading = await read(localStorageFiles(fill), indexedDbFiles(inTables), depth);
      expect(states(reading)).toEqual(['ok', 'ok']);
      expect(kinds(reading)).toEqual([]);
      expect(reading).toMatchObject({ tornLogs: [], traces: [], inUse: false });
      expect(reading.localStorage).toMatchObject({
        engine: 'leveldb',
        readability: 'whole',
        schemaVersion: 1,
        whatsapp: {
          // Quick looks up the keys of a link and, once they are there, nothing else.
          keys: depth === 'quick' ? 4 : fill + 5,
          lastWid: true,
          noiseInfo: true,
          noiseInfoIv: true,
          salts: ['WAWebEncKeySalt'],
          account: { masked: '•••11', lastFour: '0011' },
        },
      });
      expect(reading.localStorage.origins[0]?.keys).not.toContain('gone');
      expect(reading.indexedDb).toMatchObject({ engine: 'leveldb', readability: 'whole', schemaVersion: 5 });
      const counted = reading.indexedDb.databases.map(({ name, stores }) => [
        name,
        new Map(stores.map((store) => [store.name, store.records?.count])),
      ]);
      const expected = [...DATABASES].map(([name, stores]) => [
        name,
        new Map(
          (depth === 'quick' && name !== 'signal-storage' ? [] : [...stores]).map(([store, count]) => [
            store,
            depth === 'quick' && store !== 'signal-meta-store' ? undefined : count,
          ]),
        ),
      ]);
      expect(new Map(counted as [string, unknown][])).toEqual(new Map(expected as [string, unknown][]));
    }
  });

  it('never shows a value: not the account number, not a key', async () => {
    const reading = JSON.stringify(await read(localStorageFiles(), indexedDbFiles()));
    expect(reading).not.toContain('99999');
    expect(reading).not.toContain('stand-in');
  });

  it('keeps bytes, names, times of everything that was read', async () => {
    const profile = writeProfile(localStorageFiles(3_000), indexedDbFiles(true));
    const picture = () =>
      [LOCAL, INDEXED].flatMap((directory) =>
        ['.', ...readdirSync(join(profile, directory))].map((name) => {
          const { mtimeMs, ctimeMs, ino, size, mode } = lstatSync(join(profile, directory, name));
          const bytes = name === '.' ? '' : readFileSync(join(profile, directory, name)).toString('base64');
          return { name, mtimeMs, ctimeMs, ino, size, mode, bytes };
        }),
      );
    const before = picture();
    for (const depth of ['quick', 'full'] as const) await readStores(createReader(), absolutePath(profile), depth);
    expect(picture()).toEqual(before);
  });
});

describe('the quick look', () => {
  const linked = ['VERSION', 'WANoiseInfo', 'WANoiseInfoIv', 'WAWebEncKeySalt', 'last-wid-md', 'zz'];
  const keyOf = (name: string) => (name === 'VERSION' ? text(name) : localKey(name));
  const older = [...linked, ...Array.from({ length: 3_000 }, (_, at) => `fill-${at}`)].map((name) => ({
    key: keyOf(name),
    value: text(name === 'VERSION' ? '1' : '\x01"5511999990011:7@c.us"'),
  }));
  const local = (newer: readonly { key: Uint8Array; value: Uint8Array | null }[]) =>
    databaseFiles('leveldb.BytewiseComparator', compareBytes, older, newer);
  const indexed = (drop: (change: { key: Uint8Array; value: Uint8Array }) => boolean) => {
    const changes = indexedDbChanges(DATABASES);
    const newer = changes.filter(drop).map(({ key }) => ({ key, value: null }));
    return databaseFiles('idb_cmp1', compareIdbKeys, changes, newer);
  };
  const nothing = indexed(() => false);
  const isKeyRecord = ({ key }: { key: Uint8Array }) => key[1] === 1 && key[2] === 1 && key[3] === 1;

  it.each([
    ['everything in tables', local([]), nothing],
    ['the account removed by a later change', local([{ key: localKey('last-wid-md'), value: null }]), nothing],
    ['the noise key removed by a later change', local([{ key: localKey('WANoiseInfo'), value: null }]), nothing],
    [
      'another account by a later change',
      local([{ key: localKey('last-wid-md'), value: text('\x01"491510:1@c.us"') }]),
      nothing,
    ],
    ['the keys of the device removed', local([]), indexed(isKeyRecord)],
    ['its database removed', local([]), indexed(({ key }) => key[1] === 0 && key.includes(0x73))],
    ['no IndexedDB', local([]), null],
    ['no Local Storage', null, nothing],
    [
      'a damaged table beside a log that holds the keys',
      changed(localStorageFiles(3_000), '000005.ldb', flipped),
      nothing,
    ],
  ])('says the same of the login as the full one: %s', async (_what, files, databases) => {
    const login = async (depth: 'quick' | 'full') => {
      const { localStorage, indexedDb } = await read(files, databases, depth);
      const keys = indexedDb.databases
        .find(({ name }) => name === 'signal-storage')
        ?.stores.find(({ name }) => name === 'signal-meta-store')?.records;
      const { keys: _count, ...whatsapp } = localStorage.whatsapp;
      return { whatsapp, schemas: [localStorage.schemaVersion, indexedDb.schemaVersion], keys };
    };
    expect(await login('quick')).toEqual(await login('full'));
  });

  it('reads a small part of the tables', async () => {
    const profile = writeProfile(localStorageFiles(200_000), indexedDbFiles(true));
    const real = createReader();
    let bytes = 0;
    const counting: Reader = {
      ...real,
      open(path) {
        const opened = real.open(path);
        if (!opened.ok) return opened;
        const { value } = opened;
        const read = (offset: number, length: number) => {
          const data = value.read(offset, length);
          bytes += data.length;
          return data;
        };
        return { ok: true, value: { size: value.size, read, close: () => value.close() } };
      },
    };
    const { stores } = await readStores(counting, absolutePath(profile), 'quick');
    const size = stores.reduce((sum, store) => sum + store.bytes, 0);
    expect(bytes).toBeLessThan(size / 10);
  });
});

describe('damage', () => {
  const local = localStorageFiles(3_000);
  const indexed = indexedDbFiles(true);

  const rows: [string, string, (data: Uint8Array) => Uint8Array | null, string, boolean][] = [
    ['CURRENT missing', 'CURRENT', () => null, 'missing-current', true],
    ['CURRENT empty', 'CURRENT', () => text(''), 'bad-current', true],
    ['CURRENT without a newline', 'CURRENT', () => text('MANIFEST-000003'), 'bad-current', true],
    ['CURRENT that leads elsewhere', 'CURRENT', () => text('../../x\n'), 'bad-current', true],
    ['CURRENT of 1 MB', 'CURRENT', () => new Uint8Array(1 << 20), 'bad-current', true],
    ['CURRENT → no such manifest', 'CURRENT', () => text('MANIFEST-000099\n'), 'missing-manifest', true],
    ['manifest missing', 'MANIFEST-000003', () => null, 'missing-manifest', true],
    ['manifest empty', 'MANIFEST-000003', () => text(''), 'empty-manifest', true],
    ['manifest cut to half', 'MANIFEST-000003', half, 'bad-manifest', true],
    ['manifest bit flip', 'MANIFEST-000003', flipped, 'bad-manifest', true],
    [
      'manifest of another comparator',
      'MANIFEST-000003',
      () => log(manifestRecords({ comparator: 'x', log: 4 })),
      'wrong-comparator',
      true,
    ],
    [
      'manifest with an edit of garbage',
      'MANIFEST-000003',
      (data) => concat(data, log([text('\x08\x08')])),
      'bad-manifest',
      true,
    ],
    ['log missing', '000004.log', () => null, 'missing-log', true],
    ['log cut', '000004.log', (data) => data.subarray(0, data.length - 10), 'torn-log', true],
    ['log cut to half', '000004.log', half, 'torn-log', true],
    ['log with its second half zero', '000004.log', zeroed, 'bad-crc', true],
    ['log with a zero tail', '000004.log', (data) => concat(data, new Uint8Array(4_096)), 'zero-tail', true],
    ['log with stray bytes', '000004.log', (data) => concat(data, [1, 2, 3]), 'stray-bytes', true],
    ['log with a bare header', '000004.log', (data) => concat(data, [1, 2, 3, 4, 20, 0, 1]), 'torn-log', true],
    ['log bit flip', '000004.log', flipped, 'bad-crc', true],
    [
      'log with a batch of garbage',
      '000004.log',
      (data) => concat(data, log([text('not a batch at all')])),
      'bad-batch',
      true,
    ],
    ['table missing', '000005.ldb', () => null, 'missing-table', true],
    ['table empty', '000005.ldb', () => text(''), 'wrong-size', true],
    ['table cut', '000005.ldb', half, 'wrong-size', true],
    ['table bit flip', '000005.ldb', flipped, 'bad-crc', false],
    [
      'table bit flip in the footer',
      '000005.ldb',
      (data) => data.map((byte, at) => (at === data.length - 3 ? byte ^ 1 : byte)),
      'bad-footer',
      false,
    ],
  ];

  it.each(rows)('%s', async (_name, file, change, kind, seenQuickly) => {
    const hurt: [Files, Files][] = [
      [changed(local, file, change), indexed],
      [local, changed(indexed, file, change)],
    ];
    for (const [index, [one, other]] of hurt.entries()) {
      const full = await read(one, other);
      expect(states(full)[index]).toBe('damaged');
      expect(states(full)[1 - index]).toBe('ok');
      expect(full.stores[index]?.problems[0]).toMatchObject({ kind });
      const reading = index === 0 ? full.localStorage : full.indexedDb;
      expect(reading.readability).not.toBe('whole');
      if (seenQuickly) expect(states(await read(one, other, 'quick'))[index]).toBe('damaged');
    }
  });

  it.each([
    ['LOCK missing', 'LOCK', (): Uint8Array | null => null],
    ['LOG missing', 'LOG', (): Uint8Array | null => null],
    ['LOG of garbage', 'LOG', () => new Uint8Array(70_000).fill(200)],
    ['an old log that is not valid any more', '000002.log', () => text('garbage')],
    ['a table that the manifest does not name', '000099.ldb', () => text('garbage')],
    ['an older manifest', 'MANIFEST-000001', () => text('garbage')],
  ] as const)('%s is none', async (_name, file, change) => {
    const reading = await read(changed(local, file, change), changed(indexed, file, change));
    expect(states(reading)).toEqual(['ok', 'ok']);
  });

  it('names what repair needs: the file, its good length, what would be lost', async () => {
    const data = local.get('000004.log') ?? text('');
    const reading = await read(
      changed(local, '000004.log', (bytes) => bytes.subarray(0, bytes.length - 3)),
      indexed,
    );
    const [torn] = reading.tornLogs;
    expect(torn).toMatchObject({
      store: 'Local Storage',
      kind: 'torn-log',
      size: data.length - 3,
      recordsBefore: 8,
      recordsBehind: 0,
      current: true,
    });
    expect(torn?.path.endsWith('/000004.log')).toBe(true);
    const healed = await read(
      changed(local, '000004.log', (bytes) => bytes.subarray(0, torn?.goodLength)),
      indexed,
    );
    expect(states(healed)).toEqual(['ok', 'ok']);
    expect(healed.localStorage.whatsapp).toMatchObject({ lastWid: false, noiseInfo: true });
  });

  it('an emptied log is legal: the store is whole, and said to be empty', async () => {
    const emptied = changed(localStorageFiles(), '000004.log', () => text(''));
    const reading = await read(emptied, indexed);
    expect(states(reading)).toEqual(['ok', 'ok']);
    expect(reading.localStorage.whatsapp.lastWid).toBe(false);
    expect(reading.traces).toMatchObject([{ store: 'Local Storage', kind: 'empty' }]);
  });
});

describe('a store that is not there', () => {
  it.each([
    ['no directory', null],
    [
      'a directory with nothing but LOG and LOCK',
      new Map([
        ['LOG', text('x')],
        ['LOCK', text('')],
      ]),
    ],
  ])('%s: missing', async (_name, files) => {
    const reading = await read(localStorageFiles(), files);
    expect(states(reading)).toEqual(['ok', 'missing']);
    expect(reading.indexedDb).toMatchObject({ readability: 'none', databases: [] });
  });

  it('a profile that does not exist has two missing stores', async () => {
    expect(states(await readStores(createReader(), absolutePath('/nonexistent/profile'), 'full'))).toEqual([
      'missing',
      'missing',
    ]);
  });

  it('a file where the directory should be is damage', async () => {
    const profile = writeProfile(localStorageFiles(), indexedDbFiles());
    rmSync(join(profile, LOCAL), { recursive: true });
    writeFileSync(join(profile, LOCAL), 'x');
    const [state] = states(await readStores(createReader(), absolutePath(profile), 'full'));
    expect(state).not.toBe('ok');
  });
});

describe('traces', () => {
  const fresh = (files: Map<string, Uint8Array>): Map<string, Uint8Array> => {
    const copy = new Map(files);
    copy.set('MANIFEST-000001', files.get('MANIFEST-000003') ?? text(''));
    copy.delete('MANIFEST-000003');
    copy.set('CURRENT', text('MANIFEST-000001\n'));
    copy.set('LOG', text('2026/11/25-02:07:05.447 3195 Creating DB /a/b c/leveldb since it was missing.\n'));
    copy.delete('LOG.old');
    return copy;
  };

  const withLogs = (files: Map<string, Uint8Array>, last: string, previous: string | null) => {
    const copy = new Map(files).set('LOG', text(`2026/11/25-${last}.447 3195 Reusing MANIFEST /x/MANIFEST-000003\n`));
    if (previous === null) copy.delete('LOG.old');
    else copy.set('LOG.old', text(`2026/11/25-${previous}.450 3195 Creating DB /x since it was missing.\n`));
    return copy;
  };
  const madeAt = (files: Map<string, Uint8Array>, time: string) =>
    fresh(files).set('LOG', text(`2026/11/25-${time}.447 3195 Creating DB /a/b c/leveldb since it was missing.\n`));
  const preparedOnly = databaseFiles(
    'leveldb.BytewiseComparator',
    compareBytes,
    [],
    [{ key: localKey('WANoiseInfo'), value: text('\x01x') }],
  );

  it.each([
    [
      'IndexedDB made in the last run, beside an account that is older',
      withLogs(localStorageFiles(), '10:00:00', '09:00:00'),
      madeAt(indexedDbFiles(), '10:00:03'),
      ['IndexedDB recreated'],
    ],
    [
      'IndexedDB opened in the first run only: the page of the second never came up',
      withLogs(localStorageFiles(), '10:00:00', '09:00:00'),
      madeAt(indexedDbFiles(), '09:00:03'),
      ['IndexedDB created-once'],
    ],
    [
      'IndexedDB first opened in the second run, nobody linked',
      withLogs(preparedOnly, '10:00:00', '09:00:00'),
      madeAt(indexedDbFiles(), '10:00:03'),
      ['IndexedDB created-once'],
    ],
    [
      'Local Storage made in the last run, IndexedDB opened before',
      madeAt(localStorageFiles(), '10:00:00'),
      withLogs(indexedDbFiles(), '10:00:02', '09:00:02'),
      ['Local Storage recreated'],
    ],
    [
      'one run in which IndexedDB was closed and opened again',
      madeAt(localStorageFiles(), '10:00:00'),
      withLogs(indexedDbFiles(), '10:01:02', '10:00:02'),
      ['Local Storage created-once'],
    ],
  ])('%s', async (_what, local, indexed, expected) => {
    const { traces } = await read(local, indexed);
    expect(traces.map(({ store, kind }) => `${store} ${kind}`)).toEqual(expected);
  });

  it('two young stores are a new profile', async () => {
    const reading = await read(fresh(localStorageFiles()), fresh(indexedDbFiles()));
    expect(reading.traces.map(({ kind }) => kind)).toEqual(['created-once', 'created-once']);
  });

  it('a browser that dropped bytes has said so', async () => {
    const line =
      '2026/11/25-02:07:05.447 3195 (ignoring error) /x/leveldb/000013.log: dropping 66 bytes; Corruption: checksum mismatch\n';
    const reading = await read(
      changed(localStorageFiles(), 'LOG.old', () => text(line)),
      indexedDbFiles(),
    );
    expect(reading.traces).toMatchObject([{ kind: 'dropped-records', file: 'LOG.old' }]);
  });
});

describe('a hostile profile', () => {
  it('links, FIFOs and directories in place of files are neither followed nor opened', async () => {
    for (const make of [
      (path: string) => symlinkSync('/etc/passwd', path),
      (path: string) => symlinkSync('/dev/zero', path),
      (path: string) => void execFileSync('mkfifo', [path]),
      (path: string) => void mkdirSync(path),
    ]) {
      for (const name of ['CURRENT', 'MANIFEST-000003', '000004.log', '000005.ldb']) {
        const profile = writeProfile(localStorageFiles(3_000), indexedDbFiles());
        rmSync(join(profile, LOCAL, name));
        make(join(profile, LOCAL, name));
        const [state] = states(await readStores(createReader(), absolutePath(profile), 'full'));
        expect(['unknown', 'damaged']).toContain(state);
      }
    }
  });

  it('a link in place of the database directory does not lead out of the examined root', async () => {
    const outside = writeProfile(localStorageFiles(), null);
    const profile = writeProfile(null, null);
    mkdirSync(join(profile, 'p/Default/Local Storage'), { recursive: true });
    symlinkSync(join(outside, LOCAL), join(profile, 'p', LOCAL));
    const reading = await readStores(createReader({ root: profile }), absolutePath('/p'), 'full');
    expect(reading.localStorage.whatsapp.keys).toBe(0);
    expect(states(reading)[0]).not.toBe('ok');
  });

  it('a file that may not be read is unknown, not damaged', async () => {
    const profile = writeProfile(localStorageFiles(), indexedDbFiles());
    chmodSync(join(profile, LOCAL, '000004.log'), 0);
    chmodSync(profile, 0o755);
    // Root may read everything: it looks as somebody else, so that the test is never skipped.
    const root = process.getuid?.() === 0;
    if (root) process.seteuid?.(65534);
    try {
      expect(states(await readStores(createReader(), absolutePath(profile), 'full'))).toEqual(['unknown', 'ok']);
    } finally {
      if (root) process.seteuid?.(0);
    }
  });

  it('a read that fails is unknown, not damaged', async () => {
    const real = createReader();
    for (const broken of ['MANIFEST-000003', '000004.log', '000005.ldb']) {
      const reader: Reader = {
        ...real,
        open(path) {
          const opened = real.open(path);
          if (!opened.ok || !path.endsWith(`/${broken}`)) return opened;
          const read = () => {
            throw Object.assign(new Error('i/o error'), { code: 'EIO' });
          };
          return { ok: true, value: { size: opened.value.size, read, close: () => opened.value.close() } };
        },
      };
      const profile = absolutePath(writeProfile(localStorageFiles(3_000), indexedDbFiles(true)));
      const reading = await readStores(reader, profile, 'full');
      expect(states(reading), broken).toEqual(['unknown', 'unknown']);
      expect(kinds(reading)).toContain('unreadable');
    }
  });

  it('a file that may not be read (as the reader reports it) is unknown', async () => {
    const real = createReader();
    const reader: Reader = {
      ...real,
      open: (path) =>
        path.endsWith('.log')
          ? { ok: false, failure: { kind: 'denied', path, reason: 'it may not be read' } }
          : real.open(path),
    };
    const profile = absolutePath(writeProfile(localStorageFiles(), indexedDbFiles()));
    expect(states(await readStores(reader, profile, 'full'))).toEqual(['unknown', 'unknown']);
  });
});

describe('a profile in use', () => {
  /** A reader under whose eyes `touch` happens at every opening of a log. */
  function whileWriting(touch: (path: string) => void): Reader {
    const real = createReader();
    return {
      ...real,
      open(path) {
        if (path.endsWith('.log')) touch(path);
        return real.open(path);
      },
    };
  }

  it('that changes again and again is not called damaged', async () => {
    const profile = writeProfile(localStorageFiles(), indexedDbFiles());
    let written = 0;
    const reader = whileWriting((path) => {
      written++;
      writeFileSync(path, 'half a rec', { flag: 'a' });
    });
    const reading = await readStores(reader, absolutePath(profile), 'full');
    expect(states(reading)).toEqual(['unknown', 'unknown']);
    expect(kinds(reading)).toEqual(['in-use', 'in-use']);
    expect(reading).toMatchObject({ inUse: true, tornLogs: [] });
    expect(written).toBe(6);
  });

  it('that changed once is read again and whole', async () => {
    const profile = writeProfile(localStorageFiles(), indexedDbFiles());
    let first = true;
    const reader = whileWriting((path) => {
      if (!first) return;
      first = false;
      writeFileSync(path, log([text('half')]).subarray(0, 8), { flag: 'a' });
      const whole = readFileSync(path);
      writeFileSync(`${path}.new`, whole.subarray(0, whole.length - 8));
      renameSync(`${path}.new`, path);
    });
    const reading = await readStores(reader, absolutePath(profile), 'full');
    expect(states(reading)).toEqual(['ok', 'ok']);
    expect(reading.inUse).toBe(false);
  });
});
