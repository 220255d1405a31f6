import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromLatin1 } from '../../../src/profile/leveldb/bytes.ts';
import { type Comparator, compareBytes } from '../../../src/profile/leveldb/comparator.ts';
import { compareIdbKeys } from '../../../src/profile/leveldb/idb-comparator.ts';
import {
  batch,
  indexedDbChanges,
  internalKey,
  localKey,
  log,
  manifestRecords,
  type TableEntry,
  table,
  text,
} from '../leveldb/build.ts';

export const LOCAL = 'Default/Local Storage/leveldb';
export const INDEXED = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';

type Change = { key: Uint8Array; value: Uint8Array | null };

/** Files of a database: `older` stands in tables, `newer` in the log. */
export function databaseFiles(
  comparator: string,
  compare: Comparator,
  older: readonly Change[],
  newer: readonly Change[],
  compress?: (data: Uint8Array) => Uint8Array,
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  const sorted: TableEntry[] = older
    .map(({ key, value }, index) => ({ key, value, sequence: index + 1 }))
    .sort((a, b) => compare(a.key, b.key));
  const tables = [];
  for (let at = 0, number = 5; at < sorted.length; at += 2_000, number += 2) {
    const piece = sorted.slice(at, at + 2_000);
    const data = table(piece, compress === undefined ? {} : { compress });
    const [first, last] = [piece[0], piece.at(-1)];
    if (first === undefined || last === undefined) continue;
    files.set(`${String(number).padStart(6, '0')}.ldb`, data);
    tables.push({
      number,
      level: 1,
      size: data.length,
      smallest: internalKey(first.key, first.sequence),
      largest: internalKey(last.key, last.sequence),
    });
  }
  const lastSequence = older.length;
  files.set('MANIFEST-000003', log(manifestRecords({ comparator, log: 4, lastSequence, tables })));
  files.set('CURRENT', text('MANIFEST-000003\n'));
  const records = newer.map((change, index) => batch(lastSequence + 1 + index, [change]));
  files.set('000004.log', log(records));
  files.set('LOCK', new Uint8Array(0));
  files.set('LOG', text('2026/11/25-02:07:05.450 3195 Reusing MANIFEST /x/MANIFEST-000003\n'));
  files.set('LOG.old', text('2026/11/25-02:07:05.450 3195 Creating DB /x since it was missing.\n'));
  return files;
}

const linkedKeys = ['WANoiseInfo', 'WANoiseInfoIv', 'WAWebEncKeySalt', 'me-display-name'];

/** Local Storage of a linked session; `fill` more keys stand in tables. */
export function localStorageFiles(fill = 0): Map<string, Uint8Array> {
  const older: Change[] = Array.from({ length: fill }, (_, at) => ({
    key: localKey(`fill-${String(at).padStart(6, '0')}`),
    value: text('\x01filler'),
  }));
  const newer: Change[] = [
    { key: text('VERSION'), value: text('1') },
    { key: text('META:https://web.whatsapp.com'), value: text('\x08\x01') },
    ...linkedKeys.map((key) => ({ key: localKey(key), value: text('\x01stand-in') })),
    { key: localKey('gone'), value: text('\x01x') },
    { key: localKey('gone'), value: null },
    { key: localKey('last-wid-md'), value: text('\x01"5511999990011:7@c.us"') },
  ];
  return databaseFiles('leveldb.BytewiseComparator', compareBytes, older, newer);
}

export const DATABASES = new Map([
  [
    'signal-storage',
    new Map([
      ['signal-meta-store', 2],
      ['prekey-store', 30],
    ]),
  ],
  ['wawc', new Map([['user', 1]])],
  [
    'model-storage',
    new Map([
      ['message', 0],
      ['chat', 3],
    ]),
  ],
]);

/** IndexedDB of a linked session; with `inTables` the first changes stand in tables. */
export function indexedDbFiles(inTables = false): Map<string, Uint8Array> {
  const changes = indexedDbChanges(DATABASES);
  const older = inTables ? changes.slice(0, -5) : [];
  return databaseFiles('idb_cmp1', compareIdbKeys, older, changes.slice(older.length));
}

/** Write a profile of these files to a new directory. `null`: the database is left out. */
export function writeProfile(
  local: ReadonlyMap<string, Uint8Array> | null,
  indexed: ReadonlyMap<string, Uint8Array> | null,
): string {
  const profile = mkdtempSync(join(tmpdir(), 'wa-stores-'));
  made.push(profile);
  for (const [directory, files] of [[LOCAL, local] as const, [INDEXED, indexed] as const]) {
    if (files === null) continue;
    mkdirSync(join(profile, directory), { recursive: true });
    for (const [name, data] of files) writeFileSync(join(profile, directory, name), data);
  }
  return profile;
}

const made: string[] = [];

/** Remove the profiles that were written. */
export function removeProfiles(): void {
  for (const profile of made.splice(0)) rmSync(profile, { recursive: true, force: true });
}

/** A copy of `files` with one of them changed; `null` removes it. */
export function changed(
  files: ReadonlyMap<string, Uint8Array>,
  name: string,
  change: (data: Uint8Array) => Uint8Array | null,
): Map<string, Uint8Array> {
  const copy = new Map(files);
  const data = change(files.get(name) ?? fromLatin1(''));
  if (data === null) copy.delete(name);
  else copy.set(name, data);
  return copy;
}
