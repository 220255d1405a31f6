import {
  appendFileSync,
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Crc32c, loadCrc32c, mask } from '../../../src/profile/crc32c.ts';
import { type BaseSpec, BIG, SMALL } from '../../support/real-profile.ts';

/** A way to hurt (or only touch) a profile; `seed` chooses the bit or byte. */
export interface Damage {
  readonly name: string;
  readonly base: 'small' | 'big' | 'sqlite' | 'killed';
  apply(profile: string, seed: number): void;
  /** Nothing is wrong with it: the doctor must not say that anything is. */
  readonly healthy?: true;
  /** Structurally legal: it can be seen only as missing data. */
  readonly legal?: true;
  /** Run the browser as this user. */
  readonly uid?: number;
}

export const BASES: Readonly<Record<Damage['base'], BaseSpec>> = {
  small: { bulk: SMALL, end: 'close' },
  big: { bulk: BIG, end: 'close' },
  sqlite: { bulk: SMALL, end: 'close', features: ['IdbSqliteBackingStore', 'DomStorageSqlite'] },
  killed: { bulk: SMALL, end: 'kill' },
};

type StoreName = 'LS' | 'IDB';
const DIRECTORY: Readonly<Record<StoreName, string>> = {
  LS: 'Default/Local Storage/leveldb',
  IDB: 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb',
};
/** A user who owns nothing else here. */
const OTHER_UID = 1234;

let crc: Crc32c | null = null;
export async function prepareDamages(): Promise<void> {
  crc = await loadCrc32c(0);
}

export function filesOf(profile: string, store: StoreName, pattern: RegExp): string[] {
  const directory = join(profile, DIRECTORY[store]);
  return readdirSync(directory)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => join(directory, name));
}

/** The newest log: the one that a browser appends to. */
export function logOf(profile: string, store: StoreName): string {
  const found = filesOf(profile, store, /^\d+\.log$/).at(-1);
  if (found === undefined) throw new Error(`no log in ${store}`);
  return found;
}

function flipBit(file: string, from: number, to: number, seed: number): void {
  const bytes = readFileSync(file);
  const at = from + ((seed * 7919 + 13) % Math.max(1, to - from));
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (seed % 8));
  writeFileSync(file, bytes);
}

const one = (profile: string, store: StoreName, pattern: RegExp) => filesOf(profile, store, pattern)[0] ?? '';
const size = (file: string) => statSync(file).size;

/** A table of some size; the smallest may hold nothing but the end of an array. */
const table = (profile: string, store: StoreName) =>
  filesOf(profile, store, /\.ldb$/).sort((a, b) => size(b) - size(a))[0] ?? '';

type Hurt = (profile: string, store: StoreName, seed: number) => void;

/** The rows of section B10. */
const LEVELDB: readonly (readonly [
  name: string,
  bases: readonly Damage['base'][],
  hurt: Hurt,
  note?: 'healthy' | 'legal',
])[] = [
  ['CURRENT missing', ['small', 'big'], (p, s) => unlinkSync(join(p, DIRECTORY[s], 'CURRENT'))],
  ['CURRENT empty', ['small'], (p, s) => truncateSync(join(p, DIRECTORY[s], 'CURRENT'), 0)],
  [
    'CURRENT -> no such manifest',
    ['small'],
    (p, s) => writeFileSync(join(p, DIRECTORY[s], 'CURRENT'), 'MANIFEST-000099\n'),
  ],
  ['MANIFEST missing', ['small', 'big'], (p, s) => unlinkSync(one(p, s, /^MANIFEST/))],
  ['MANIFEST empty', ['small'], (p, s) => truncateSync(one(p, s, /^MANIFEST/), 0)],
  ['MANIFEST cut to half', ['small'], (p, s) => halve(one(p, s, /^MANIFEST/))],
  ['MANIFEST bit flip', ['small', 'big'], (p, s, seed) => flip(one(p, s, /^MANIFEST/), seed)],
  ['log missing', ['small', 'big'], (p, s) => unlinkSync(logOf(p, s))],
  ['log empty', ['small'], (p, s) => truncateSync(logOf(p, s), 0), 'legal'],
  ['log cut to half', ['small'], (p, s) => halve(logOf(p, s))],
  ['log last 10 bytes cut', ['small'], (p, s) => truncateSync(logOf(p, s), size(logOf(p, s)) - 10)],
  ['log 2nd half zeroed', ['small'], (p, s) => zeroHalf(logOf(p, s))],
  ['log bit flip', ['small', 'big'], (p, s, seed) => flip(logOf(p, s), seed)],
  ['log with 3 stray bytes', ['small', 'big'], (p, s) => appendFileSync(logOf(p, s), 'abc')],
  ['log with a bare header (B8)', ['small', 'big'], (p, s) => appendFileSync(logOf(p, s), bareHeader())],
  [
    'log with a zero tail (B9)',
    ['small', 'big'],
    (p, s) => appendFileSync(logOf(p, s), Buffer.alloc(zeroTail(logOf(p, s)))),
  ],
  ['dir removed', ['small', 'big'], (p, s) => rmSync(join(p, DIRECTORY[s]), { recursive: true })],
  ['LOCK missing', ['small', 'big'], (p, s) => unlinkSync(join(p, DIRECTORY[s], 'LOCK')), 'healthy'],
  ['ldb missing', ['big'], (p, s) => unlinkSync(table(p, s))],
  ['ldb empty', ['big'], (p, s) => truncateSync(table(p, s), 0)],
  ['ldb cut to half', ['big'], (p, s) => halve(table(p, s))],
  ['ldb bit flip', ['big'], (p, s, seed) => flipBit(table(p, s), 0, Math.max(1, size(table(p, s)) - 2000), seed * 131)],
  [
    'ldb bit flip in footer',
    ['big'],
    (p, s, seed) => flipBit(table(p, s), size(table(p, s)) - 48, size(table(p, s)), seed),
  ],
  ['all ldb missing', ['big'], (p, s) => filesOf(p, s, /\.ldb$/).forEach(unlinkSync)],
];

function halve(file: string): void {
  truncateSync(file, Math.floor(size(file) / 2));
}

function flip(file: string, seed: number): void {
  flipBit(file, 0, size(file), seed);
}

function zeroHalf(file: string): void {
  const bytes = readFileSync(file);
  bytes.fill(0, Math.floor(bytes.length / 2));
  writeFileSync(file, bytes);
}

/** What a write onto a full disk left in 30 of 30 runs: a header that promises a record, and no record. */
function bareHeader(): Buffer {
  return Buffer.from([0x5a, 0x11, 0x3c, 0x9e, 0x40, 0x00, 0x01]);
}

/** A power cut leaves the file at its grown length with zeros up to the end of the page. */
function zeroTail(file: string): number {
  return 4096 - (size(file) % 4096) + 4096;
}

/** Append one batch with one put to a log, as the browser would; `sequence` lies above all that are in use. */
function putRecord(log: string, key: Buffer, value: Buffer): void {
  if (crc === null) throw new Error('prepareDamages first');
  const head = Buffer.alloc(12);
  head.writeBigUInt64LE(1n << 30n);
  head.writeUInt32LE(1, 8);
  const body = Buffer.concat([head, Buffer.from([1, key.length]), key, Buffer.from([value.length]), value]);
  const used = size(log) % 32768;
  if (used + 7 + body.length > 32768) throw new Error('the record does not fit into the block');
  const typed = Buffer.concat([Buffer.from([1]), body]);
  const header = Buffer.alloc(7);
  header.writeUInt32LE(mask(crc(typed, 0, typed.length)) >>> 0);
  header.writeUInt16LE(body.length, 4);
  header[6] = 1;
  appendFileSync(log, Buffer.concat([header, body]));
}

function schema(store: StoreName, version: number): (profile: string) => void {
  return (profile) =>
    store === 'LS'
      ? putRecord(logOf(profile, 'LS'), Buffer.from('VERSION'), Buffer.from(String(version)))
      : putRecord(logOf(profile, 'IDB'), Buffer.from([0, 0, 0, 0, 0]), Buffer.from([version]));
}

function chownTree(path: string, uid: number): void {
  chownSync(path, uid, uid);
  if (!statSync(path).isDirectory()) return;
  for (const name of readdirSync(path)) {
    const child = join(path, name);
    if (existsSync(child)) chownTree(child, uid);
  }
}

/** Rows of section B11, run as another user. */
const OWNERS: readonly (readonly [string, (profile: string) => void])[] = [
  ['all owned by the user', () => undefined],
  ['IndexedDB owned by root', (p) => chownTree(join(p, 'Default/IndexedDB'), 0)],
  ['Local Storage owned by root', (p) => chownTree(join(p, 'Default/Local Storage'), 0)],
  ['IndexedDB readable, not writable', (p) => makeReadOnly(join(p, DIRECTORY.IDB))],
  ['one log of IndexedDB owned by root', (p) => chownSync(logOf(p, 'IDB'), 0, 0)],
  ['one log of Local Storage owned by root', (p) => chownSync(logOf(p, 'LS'), 0, 0)],
];

function makeReadOnly(directory: string): void {
  for (const name of readdirSync(directory)) chmodSync(join(directory, name), 0o444);
  chmodSync(directory, 0o555);
}

const ONLY_LEFT = new Set(['Default', 'Local State', 'Variations']);

/** What is left when the library deletes the profile under a live browser, which then closes cleanly. */
function uproot(profile: string): void {
  for (const name of readdirSync(profile)) if (!ONLY_LEFT.has(name)) rmSync(join(profile, name), { recursive: true });
  for (const name of readdirSync(join(profile, 'Default'))) {
    if (name !== 'Preferences') rmSync(join(profile, 'Default', name), { recursive: true });
  }
}

const version = (text: string | null) => (profile: string) => {
  const file = join(profile, 'Last Version');
  if (text === null) unlinkSync(file);
  else writeFileSync(file, text);
};

export const DAMAGES: readonly Damage[] = [
  ...(['small', 'big', 'killed'] as const).map((base) => ({
    name: 'untouched',
    base,
    apply: () => undefined,
    healthy: true as const,
  })),
  ...(['LS', 'IDB'] as const).flatMap((store) =>
    LEVELDB.flatMap(([name, bases, hurt, note]) =>
      bases.map((base) => ({
        name: `${store} ${name}`,
        base,
        apply: (profile: string, seed: number) => hurt(profile, store, seed),
        ...(note === undefined ? {} : { [note]: true as const }),
      })),
    ),
  ),
  ...(['90.0.4430.93', '155.0.7000.1', 'garbage', null] as const).map((text) => ({
    name: `Last Version ${text ?? 'missing'}`,
    base: 'small' as const,
    apply: version(text),
    healthy: true as const,
  })),
  ...OWNERS.map(([name, apply], index) => ({
    name: `uid 1234: ${name}`,
    base: 'small' as const,
    uid: OTHER_UID,
    apply(profile: string) {
      chownTree(profile, OTHER_UID);
      apply(profile);
    },
    ...(index === 0 ? { healthy: true as const } : {}),
  })),
  { name: 'LS VERSION 2', base: 'small', apply: schema('LS', 2) },
  { name: 'LS VERSION 99', base: 'small', apply: schema('LS', 99) },
  { name: 'IDB SchemaVersion 6', base: 'small', apply: schema('IDB', 6) },
  { name: 'IDB SchemaVersion 9', base: 'small', apply: schema('IDB', 9) },
  { name: 'SQLite layouts, opened without the feature', base: 'sqlite', apply: () => undefined },
  {
    name: 'half deleted: Default removed',
    base: 'small',
    apply: (p) => rmSync(join(p, 'Default'), { recursive: true }),
  },
  { name: 'half deleted under a live browser', base: 'small', apply: uproot },
];
