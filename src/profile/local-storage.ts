import { type AbsolutePath, resolvePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import type { Crc32c } from './crc32c.ts';
import { fromLatin1, utf16le } from './leveldb/bytes.ts';
import type { Collected } from './leveldb/collect.ts';
import { compareBytes } from './leveldb/comparator.ts';
import type { LevelDbStore } from './leveldb/store.ts';
import { readLevelDbStore } from './leveldb/store.ts';
import type { Depth, LocalStorageReading, MaskedAccount, OriginKeys } from './store-reading.ts';
import { MAX_NAMES } from './store-reading.ts';

/** Where Chromium keeps Local Storage as LevelDB, seen from the user data directory. */
export const LOCAL_STORAGE_DIRECTORY = 'Default/Local Storage/leveldb';

/** The origin of WhatsApp Web. */
export const WHATSAPP_ORIGIN = 'https://web.whatsapp.com';

/** Schema version that Chromium 156 writes and knows; it deletes a store with another one (profile.md B12). */
export const LOCAL_STORAGE_SCHEMA = 1;

/** Names of the salts that the encryption keys of a link are made with (profile.md E). */
const SALTS = ['WAWebEncKeySalt', 'WebEncKeySalt'];

/** Holds the account number, and is there only on a linked device. */
const ACCOUNT_KEY = 'last-wid-md';

/** What is looked up at depth `quick`; Chromium writes a key that is Latin-1 with the byte 1 before it. */
const QUICK_KEYS = [
  'VERSION',
  ...[ACCOUNT_KEY, 'WANoiseInfo', 'WANoiseInfoIv', ...SALTS].map((key) => `_${WHATSAPP_ORIGIN}\0\x01${key}`),
].map(fromLatin1);

/** Bytes of a value that are looked at: enough for a version or an account number. The rest is never copied. */
const VALUE_BYTES = 500;

/** Keys of all origins together. A profile of a bot has some dozens. */
const MAX_KEYS = 100_000;

/** One key of one origin. Only the values that are asked about are looked at, and never handed on. */
export interface LocalStorageItem {
  readonly origin: string;
  readonly key: string;
  /** Text of the value, at most 500 characters; `null` where it was not read. */
  readonly value: string | null;
}

/** Read Local Storage from its LevelDB. */
export function readLocalStorage(
  reader: Reader,
  profile: AbsolutePath,
  depth: Depth,
  crc32c: Crc32c,
): LevelDbStore<LocalStorageReading> {
  return readLevelDbStore(reader, {
    name: 'Local Storage',
    directory: resolvePath(profile, LOCAL_STORAGE_DIRECTORY),
    format: { comparatorName: 'leveldb.BytewiseComparator', compare: compareBytes },
    depth,
    crc32c,
    keep: (change, logs) => logs.add('', change, VALUE_BYTES),
    take: (collector, reading) => {
      if (depth === 'quick') {
        const quick = describeCollected(collector.find('', QUICK_KEYS, VALUE_BYTES), reading.partial);
        if (quick.whatsapp.lastWid && quick.whatsapp.noiseInfo) return quick;
      }
      // Absence of a login is said only after every name was seen.
      return describeCollected(collector.collect('', null, null, MAX_KEYS, VALUE_BYTES), reading.partial);
    },
  });
}

function describeCollected({ entries, more, partial }: Collected, damaged: boolean): LocalStorageReading {
  const items: LocalStorageItem[] = [];
  let schemaVersion: number | null = null;
  for (const [name, value] of entries) {
    if (name === 'VERSION') schemaVersion = decimal(value);
    const split = name.indexOf('\0');
    if (!name.startsWith('_') || split < 0) continue;
    const key = decodeText(name.slice(split + 1));
    if (key === null) continue;
    items.push({ origin: name.slice(1, split), key, value: key === ACCOUNT_KEY ? decodeText(binary(value)) : null });
  }
  const whole = !more && !partial && !damaged;
  const reason = whole ? null : more ? 'too many keys' : 'not all files could be read';
  return describe('leveldb', items, schemaVersion, reason);
}

/** Put together what the items of a Local Storage say, whichever engine they came from. */
export function describe(
  engine: 'leveldb' | 'sqlite',
  items: readonly LocalStorageItem[],
  schemaVersion: number | null,
  notWhole: string | null,
): LocalStorageReading {
  const byOrigin = new Map<string, string[]>();
  for (const { origin, key } of items) {
    const keys = byOrigin.get(origin);
    if (keys === undefined) byOrigin.set(origin, [key]);
    else keys.push(key);
  }
  const origins: OriginKeys[] = [...byOrigin]
    .map(([origin, keys]) => ({
      origin,
      keys: keys.sort(byCodeUnit).slice(0, MAX_NAMES).map(shorten),
      count: keys.length,
    }))
    .sort((a, b) => byCodeUnit(a.origin, b.origin));
  const names = new Set(byOrigin.get(WHATSAPP_ORIGIN));
  const wid = items.find(({ origin, key }) => origin === WHATSAPP_ORIGIN && key === ACCOUNT_KEY)?.value ?? null;
  return {
    engine,
    readability: notWhole === null ? 'whole' : 'partial',
    reason: notWhole,
    schemaVersion,
    knownSchemaVersion: LOCAL_STORAGE_SCHEMA,
    origins,
    whatsapp: {
      keys: names.size,
      lastWid: names.has(ACCOUNT_KEY),
      noiseInfo: names.has('WANoiseInfo'),
      noiseInfoIv: names.has('WANoiseInfoIv'),
      salts: SALTS.filter((salt) => names.has(salt)),
      account: wid === null ? null : maskAccount(wid),
    },
  };
}

/** Names are shown; one that is longer than this is no name. */
const MAX_NAME = 2_048;

function shorten(name: string): string {
  return name.length <= MAX_NAME ? name : `${name.slice(0, MAX_NAME)}…`;
}

/** A reading of a Local Storage that is not there or says nothing. */
export function nothingRead(engine: 'leveldb' | 'sqlite' | null, reason: string): LocalStorageReading {
  return { ...describe(engine ?? 'leveldb', [], null, reason), engine, readability: 'none' };
}

/**
 * The account number in a `last-wid-md` value (`"5511999990011:7@c.us"`, with or without quotes), masked.
 * `null`: it does not look like one. The number itself is forgotten here.
 */
export function maskAccount(wid: string): MaskedAccount | null {
  const digits = /^"?(\d{6,20})(?=[.:@])/.exec(wid)?.[1];
  if (digits === undefined) return null;
  return { masked: `•••${digits.slice(-2)}`, lastFour: digits.slice(-4) };
}

/** Keys and values begin with a byte that says how the rest is written: 1 Latin-1, 0 UTF-16 little endian. */
function decodeText(text: string): string | null {
  const encoding = text.charCodeAt(0);
  if (encoding === 1) return text.slice(1);
  if (encoding === 0) return utf16le(fromLatin1(text.slice(1)));
  return null;
}

function binary(data: Uint8Array): string {
  return String.fromCharCode(...data.subarray(0, VALUE_BYTES));
}

function decimal(data: Uint8Array): number | null {
  const text = binary(data);
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

/** Order by UTF-16 code unit, the same on every machine. */
export function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
