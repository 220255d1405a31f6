import { crc32cInJavaScript, mask } from '../../../src/profile/crc32c.ts';
import { compareBytes } from '../../../src/profile/leveldb/comparator.ts';
import { compareIdbKeys } from '../../../src/profile/leveldb/idb-comparator.ts';
import {
  batch,
  concat,
  indexedDbChanges,
  internalKey,
  localKey,
  log,
  manifestRecords,
  sized,
  snappyLiteral,
  text,
  varint,
} from '../leveldb/build.ts';
import { DATABASES, databaseFiles, INDEXED, indexedDbFiles, LOCAL, localStorageFiles } from './synthetic.ts';

/** A deterministic source of choices (mulberry32). */
export class Dice {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 4294967296) * limit);
  }
  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
  bytes(limit: number): Uint8Array {
    return Uint8Array.from({ length: this.below(limit + 1) }, () => this.below(256));
  }
  /** Numbers that break programs, and others. */
  number(): number {
    return this.one([
      0,
      1,
      7,
      8,
      127,
      128,
      255,
      32_768,
      65_535,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32,
      2 ** 40,
      2 ** 53 - 1,
      this.below(100_000),
    ]);
  }
}

/** Flip, overwrite, cut, repeat, insert: what a file may suffer. */
export function mutate(dice: Dice, data: Uint8Array): Uint8Array {
  let result = data.slice();
  for (let count = 1 + dice.below(4); count > 0; count--) {
    const at = dice.below(result.length + 1);
    const kind = dice.below(6);
    if (kind === 0 && result.length > 0)
      result[at % result.length] = (result[at % result.length] ?? 0) ^ (1 << dice.below(8));
    else if (kind === 1 && result.length > 0) result[at % result.length] = dice.one([0, 1, 0x7f, 0x80, 0xff]);
    else if (kind === 2) result = result.slice(0, at);
    else if (kind === 3) result = concat(result, result.slice(at, at + dice.below(200))) as Uint8Array<ArrayBuffer>;
    else if (kind === 4)
      result = concat(result.slice(0, at), dice.bytes(40), result.slice(at)) as Uint8Array<ArrayBuffer>;
    else result.fill(0, at, at + dice.below(300));
  }
  return result;
}

/** Compress as nobody would: literals and copies of any offset and length, valid or not. */
function anySnappy(dice: Dice): Uint8Array {
  const parts: (Uint8Array | number[])[] = [varint(dice.one([0, 5, 60, 1_000, 20_000, dice.number()]))];
  for (let count = dice.below(30); count > 0; count--) {
    const kind = dice.below(5);
    if (kind === 0) parts.push(concat([(dice.below(60) << 2) | 0], dice.bytes(60)));
    else if (kind === 1) parts.push([(dice.below(64) << 2) | 1, dice.below(256)]);
    else if (kind === 2) parts.push([(dice.below(64) << 2) | 2, dice.below(256), dice.below(4)]);
    else if (kind === 3) parts.push([(dice.below(64) << 2) | 3, dice.below(256), 0, 0, dice.one([0, 0, 0xff])]);
    else parts.push([(dice.one([60, 61, 62, 63]) << 2) | 0, ...dice.bytes(4)]);
  }
  return concat(...parts);
}

/** Edits of a manifest: tags in any order, numbers of any size, keys of any bytes. The checksums are right. */
function anyManifest(dice: Dice): Uint8Array {
  const records: Uint8Array[] = dice.below(4) === 0 ? [] : manifestRecords({ comparator: 'idb_cmp1', log: 4 });
  for (let count = dice.below(8); count > 0; count--) {
    const parts: (Uint8Array | number[])[] = [];
    for (let fields = dice.below(6); fields > 0; fields--) {
      const tag = dice.below(11);
      parts.push(varint(tag));
      if (tag === 1) parts.push(sized(dice.one([text('idb_cmp1'), dice.bytes(20)])));
      else if (tag === 5) parts.push(varint(dice.number()), sized(dice.bytes(20)));
      else if (tag === 6) parts.push(varint(dice.number()), varint(dice.below(9)));
      else if (tag === 7) {
        parts.push(varint(dice.below(8)), varint(dice.one([5, 7, dice.number()])), varint(dice.number()));
        parts.push(sized(internalKey(dice.bytes(12), 1)), sized(dice.bytes(20)));
      } else parts.push(varint(dice.number()));
    }
    records.push(concat(...parts));
  }
  return log(records);
}

/** A block or an index whose checksum is right and whose content is not. */
function evilTable(dice: Dice, whole: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let at = 0;
  const add = (content: Uint8Array, kind: number): number[] => {
    const body = concat(content, [kind]);
    parts.push(concat(body, u32(mask(crc32cInJavaScript(body, 0, body.length)))));
    const handle = [...varint(at), ...varint(content.length)];
    at += content.length + 5;
    return handle;
  };
  const block = () => dice.one([mutate(dice, whole.subarray(0, 400)), evilBlock(dice), dice.bytes(60)]);
  const handles: number[][] = [];
  for (let count = 1 + dice.below(4); count > 0; count--) {
    const kind = dice.below(3);
    handles.push(
      kind === 0 ? add(anySnappy(dice), 1) : kind === 1 ? add(snappyLiteral(block()), 1) : add(block(), dice.below(3)),
    );
  }
  const meta = add(evilBlock(dice), 0);
  const entries = handles.map((handle, index) => {
    const key = internalKey(text(`k${index}`), 9);
    const value = dice.below(6) === 0 ? [...varint(dice.number()), ...varint(dice.number())] : handle;
    return concat([0], varint(key.length), varint(value.length), key, value);
  });
  const offsets = entries.map((_, index) => entries.slice(0, index).reduce((sum, entry) => sum + entry.length, 0));
  const index = add(
    concat(...entries, offsets.flatMap(u32), u32(dice.below(8) === 0 ? dice.number() : offsets.length)),
    0,
  );
  const footer = [...meta, ...index];
  return concat(...parts, footer, new Uint8Array(Math.max(0, 40 - footer.length)), u32(0x8b80fb57), u32(0xdb477524));
}

function evilBlock(dice: Dice): Uint8Array {
  const parts: (Uint8Array | number[])[] = [];
  for (let count = dice.below(12); count > 0; count--) {
    parts.push(
      varint(dice.below(12)),
      varint(dice.one([8, 12, dice.number()])),
      varint(dice.one([0, 3, dice.number()])),
    );
    parts.push(dice.bytes(24));
  }
  return concat(...parts, u32(0), u32(dice.one([0, 1, 2, dice.number() % 2 ** 32])));
}

function u32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255];
}

/** A batch of a log: whole, or with counts and lengths that lie. */
function anyBatch(dice: Dice, key: () => Uint8Array): Uint8Array {
  const changes = Array.from({ length: dice.below(6) }, () => ({
    key: key(),
    value: dice.below(4) === 0 ? null : dice.bytes(30),
  }));
  const whole = batch(dice.number(), changes);
  return dice.below(3) === 0 ? mutate(dice, whole) : whole;
}

/** Keys of Local Storage: right ones, and ones that only look so. */
function anyLocalKey(dice: Dice): Uint8Array {
  return dice.one([
    localKey(dice.one(['WANoiseInfo', 'last-wid-md', '__proto__', ''])),
    text('VERSION'),
    concat(text('_https://web.whatsapp.com\0'), dice.bytes(9)),
    concat(text('_'), dice.bytes(9)),
    dice.bytes(20),
  ]);
}

const KNOWN_CHANGES = indexedDbChanges(DATABASES);

/** Keys of IndexedDB: prefixes with ids of any length, metadata and records of any type. */
function anyIndexedKey(dice: Dice): Uint8Array {
  if (dice.below(2) === 0) return mutate(dice, dice.one(KNOWN_CHANGES).key);
  const lengths = dice.below(256);
  const ids = Array.from({ length: ((lengths >> 5) & 7) + ((lengths >> 2) & 7) + (lengths & 3) + 3 }, () =>
    dice.one([0, 0, 1, 2, 255]),
  );
  const type = dice.one([0, 1, 2, 3, 4, 5, 6, 50, 100, 150, 151, 200, 201]);
  return concat(
    [lengths],
    ids,
    [type],
    dice.one([dice.bytes(10), varint(dice.number()), [4, 255, 255, 3, 4, 1, 4, 1]]),
  );
}

export const FUZZERS = ['log', 'manifest', 'table', 'snappy', 'keys', 'files'] as const;

const LOCAL_FILES = localStorageFiles(50);
const INDEXED_FILES = indexedDbFiles(true);
const SMALL_TABLE = INDEXED_FILES.get('000005.ldb') ?? text('');

/** One profile made to break the reader. Path → bytes. */
export function evilProfile(dice: Dice): { kind: string; files: Map<string, Uint8Array> } {
  const kind = dice.one(FUZZERS);
  const local = new Map(LOCAL_FILES);
  const indexed = new Map(INDEXED_FILES);
  if (kind === 'log') {
    indexed.set(
      '000004.log',
      evilLog(dice, () => anyIndexedKey(dice)),
    );
    local.set(
      '000004.log',
      evilLog(dice, () => anyLocalKey(dice)),
    );
  } else if (kind === 'manifest') {
    indexed.set('MANIFEST-000003', dice.below(3) === 0 ? mutate(dice, anyManifest(dice)) : anyManifest(dice));
  } else if (kind === 'table' || kind === 'snappy') {
    const evil = kind === 'snappy' || dice.below(3) > 0 ? evilTable(dice, SMALL_TABLE) : mutate(dice, SMALL_TABLE);
    const data = dice.below(8) === 0 ? SMALL_TABLE : evil;
    indexed.set('000005.ldb', data);
    const wide = {
      smallest: internalKey(Uint8Array.of(0, 0, 0, 0), 1),
      largest: internalKey(Uint8Array.of(0, 200, 9, 9), 1),
    };
    const tables = [{ number: 5, size: data.length, ...wide }];
    indexed.set('MANIFEST-000003', log(manifestRecords({ comparator: 'idb_cmp1', log: 4, tables })));
  } else if (kind === 'keys') {
    const value = () => (dice.below(5) === 0 ? null : dice.bytes(12));
    const changes = (key: () => Uint8Array) =>
      Array.from({ length: dice.below(20) }, () => ({ key: key(), value: value() }));
    const locals = () => changes(() => anyLocalKey(dice));
    const indexes = () => changes(() => anyIndexedKey(dice));
    return {
      kind,
      files: profileOf(
        databaseFiles('leveldb.BytewiseComparator', compareBytes, locals(), locals()),
        databaseFiles('idb_cmp1', compareIdbKeys, indexes(), indexes()),
      ),
    };
  } else {
    const files = dice.below(2) === 0 ? local : indexed;
    const name = dice.one([...files.keys()]);
    if (dice.below(5) === 0) files.delete(name);
    else files.set(name, mutate(dice, files.get(name) ?? text('')));
  }
  return { kind, files: profileOf(local, indexed) };
}

function evilLog(dice: Dice, key: () => Uint8Array): Uint8Array {
  const records = Array.from({ length: dice.below(8) }, () => anyBatch(dice, key));
  const data = log(dice.below(10) === 0 ? [...records, new Uint8Array(40_000)] : records);
  return dice.below(2) === 0 ? mutate(dice, data) : data;
}

function profileOf(
  local: ReadonlyMap<string, Uint8Array>,
  indexed: ReadonlyMap<string, Uint8Array>,
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const [name, data] of local) files.set(`/p/${LOCAL}/${name}`, data);
  for (const [name, data] of indexed) files.set(`/p/${INDEXED}/${name}`, data);
  return files;
}
