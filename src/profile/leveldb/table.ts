import { type Crc32c, unmask } from '../crc32c.ts';
import { keyKind, userKey, walkBlock } from './block.ts';
import { allZero, Cursor, readU32 } from './bytes.ts';
import type { Comparator } from './comparator.ts';
import type { GuardedFile } from './files.ts';
import { uncompress } from './snappy.ts';

const FOOTER = 48;
/** Kind of compression (1 byte) and masked CRC (4 bytes) after every block. */
const TRAILER = 5;
const MAGIC_LOW = 0x8b80fb57;
const MAGIC_HIGH = 0xdb477524;

/** Bytes read at once when a whole table is verified. */
const CHUNK = 128 * 1024;

/** Index of a table. Tables of a browser hold 2 MiB, their index some 30 KB. */
const MAX_INDEX = 4 * 1024 * 1024;

/** A block that is taken apart. Usual: 4 KB; one Local Storage value may have 10 MB. Larger ones are only checked. */
const MAX_BLOCK = 12 * 1024 * 1024;

/** Problems kept per table. */
const MAX_PROBLEMS = 8;

interface Handle {
  readonly offset: number;
  readonly size: number;
}

export type TableProblemKind = 'bad-footer' | 'bad-index' | 'bad-crc' | 'bad-block' | 'too-large' | 'bad-layout';

export interface TableProblem {
  readonly kind: TableProblemKind;
  readonly offset: number;
  readonly text: string;
}

/** One sorted table (`.ldb`), opened: footer and index are read and checked. */
export interface Table {
  readonly file: GuardedFile;
  readonly size: number;
  readonly crc32c: Crc32c;
  readonly indexHandle: Handle;
  readonly metaIndexHandle: Handle;
  /** The uncompressed index: last key of each block → where the block is. */
  readonly index: Uint8Array;
}

/**
 * Read footer and index of a table.
 * @param checkIndex verify the checksum of the index. Without, a wrong entry leads to a block that does not match its own.
 */
export function openTable(file: GuardedFile, size: number, crc32c: Crc32c, checkIndex = true): Table | TableProblem {
  if (size < FOOTER) return { kind: 'bad-footer', offset: 0, text: 'the table is shorter than its footer' };
  const at = size - FOOTER;
  const footer = file.read(at, FOOTER);
  if (footer.length < FOOTER)
    return { kind: 'bad-footer', offset: at, text: 'the table became shorter while it was read' };
  if (readU32(footer, 40) !== MAGIC_LOW || readU32(footer, 44) !== MAGIC_HIGH) {
    return { kind: 'bad-footer', offset: at, text: 'the table does not end as a LevelDB table ends' };
  }
  const cursor = new Cursor(footer, 0, 40);
  const metaIndexHandle = readHandle(cursor);
  const indexHandle = readHandle(cursor);
  const fits = (handle: Handle) => handle.offset + handle.size + TRAILER <= at;
  if (cursor.failed || !fits(metaIndexHandle) || !fits(indexHandle)) {
    return { kind: 'bad-footer', offset: at, text: 'the footer points outside the table' };
  }
  // The handles are as short as they can be, the rest of the footer is zero, and the index is the last thing before it: both hold for every table that LevelDB writes.
  if (
    !allZero(footer, cursor.at, 40) ||
    footer[cursor.at - 1] === 0 ||
    indexHandle.offset + indexHandle.size + TRAILER !== at
  ) {
    return { kind: 'bad-footer', offset: at, text: 'the footer is not what LevelDB writes' };
  }
  if (indexHandle.size > MAX_INDEX) {
    return { kind: 'too-large', offset: indexHandle.offset, text: 'the index of the table is larger than 4 MiB' };
  }
  const index = readBlock({ file, size, crc32c: checkIndex ? crc32c : null }, indexHandle, MAX_INDEX);
  if (!(index instanceof Uint8Array)) return { ...index, kind: index.kind === 'too-large' ? 'too-large' : 'bad-index' };
  return { file, size, crc32c, indexHandle, metaIndexHandle, index };
}

/**
 * Verify the checksum of every block of a table by reading it once from start to end, without uncompressing.
 * Also checks that the blocks fill the file without a gap, as LevelDB writes them.
 */
export function verifyTable(table: Table): TableProblem[] {
  const problems: TableProblem[] = [];
  const pieces = new Pieces(table);
  let expected = 0;
  /** `false`: stop, because what follows would only repeat the problem. */
  const visit = (handle: Handle): boolean => {
    if (handle.offset !== expected || handle.offset + handle.size + TRAILER > table.size - FOOTER) {
      problems.push({
        kind: 'bad-layout',
        offset: expected,
        text: 'the blocks of the table do not follow one another',
      });
      return false;
    }
    expected = handle.offset + handle.size + TRAILER;
    const text = pieces.check(handle);
    if (text !== null) problems.push({ kind: 'bad-crc', offset: handle.offset, text });
    return problems.length < MAX_PROBLEMS;
  };

  const badIndex = (text: string): boolean => {
    problems.push({ kind: 'bad-index', offset: table.indexHandle.offset, text });
    return false;
  };
  let go = true;
  const broken = walkBlock(table.index, (_key, value) => {
    const cursor = new Cursor(value);
    const handle = readHandle(cursor);
    go = cursor.failed ? badIndex('an index entry is cut off') : visit(handle);
    return go;
  });
  if (broken !== null) go = badIndex(broken);
  // Then the Bloom filter, if there is one, and the block that names it.
  const metaIndex = go ? readBlock(table, table.metaIndexHandle, MAX_INDEX) : null;
  if (metaIndex instanceof Uint8Array) for (const handle of metaHandles(metaIndex)) go &&= visit(handle);
  go &&= visit(table.metaIndexHandle);
  go &&= visit(table.indexHandle);
  return problems;
}

/**
 * Hand on the entries of a table whose user key is in `[from, to)`, in order of keys.
 * @param onEntry gets views that are valid only during the call; returns `false` to stop
 * @returns what could not be read, empty when all was
 */
export function scanTable(
  table: Table,
  compare: Comparator,
  from: Uint8Array | null,
  to: Uint8Array | null,
  onEntry: (key: Uint8Array, value: Uint8Array | null) => boolean,
): TableProblem[] {
  const problems: TableProblem[] = [];
  let stopped = false;
  let behind = 0;
  const seek = from === null ? undefined : { key: from, compare };
  const broken = walkBlock(
    table.index,
    (lastKey, value) => {
      if (from !== null && compare(userKey(lastKey), from) < 0) return true;
      const cursor = new Cursor(value);
      const handle = readHandle(cursor);
      // Offsets must grow: an index that names one block again and again would cost time without end.
      if (cursor.failed || handle.offset < behind || handle.offset + handle.size + TRAILER > table.size - FOOTER) {
        problems.push({
          kind: 'bad-index',
          offset: table.indexHandle.offset,
          text: 'an index entry points to a wrong place',
        });
        return false;
      }
      behind = handle.offset + handle.size + TRAILER;
      const block = readBlock(table, handle, MAX_BLOCK);
      if (!(block instanceof Uint8Array)) {
        problems.push(block);
        return problems.length < MAX_PROBLEMS;
      }
      const bad = walkBlock(
        block,
        (internal, entryValue) => {
          const key = userKey(internal);
          if (from !== null && compare(key, from) < 0) return true;
          if (to !== null && compare(key, to) >= 0) stopped = true;
          else {
            // A kind other than "deleted" is a value. Of several changes of one key the newest comes first.
            if (!onEntry(key, keyKind(internal) === 0 ? null : entryValue)) stopped = true;
          }
          return !stopped;
        },
        seek,
      );
      if (bad !== null) problems.push({ kind: 'bad-block', offset: handle.offset, text: bad });
      return !stopped && problems.length < MAX_PROBLEMS;
    },
    seek,
  );
  if (broken !== null) problems.push({ kind: 'bad-index', offset: table.indexHandle.offset, text: broken });
  return problems;
}

function readHandle(cursor: Cursor): Handle {
  return { offset: cursor.varint(), size: cursor.varint() };
}

/** The handles in a meta index block: plain keys (`filter.leveldb.BuiltinBloomFilter2`), no sequence numbers. */
function metaHandles(block: Uint8Array): Handle[] {
  const restarts = block.length < 4 ? 0 : readU32(block, block.length - 4);
  const end = block.length - 4 - restarts * 4;
  const handles: Handle[] = [];
  const cursor = new Cursor(block, 0, Math.max(0, end));
  while (cursor.left > 0 && handles.length < 16) {
    cursor.varint();
    const unshared = cursor.varint();
    const length = cursor.varint();
    cursor.take(unshared);
    const value = new Cursor(cursor.take(length));
    const handle = readHandle(value);
    if (cursor.failed || value.failed) return handles;
    handles.push(handle);
  }
  return handles;
}

/** Read, check (unless without `crc32c`) and uncompress one block. */
function readBlock(
  table: Pick<Table, 'file' | 'size'> & { readonly crc32c: Crc32c | null },
  handle: Handle,
  limit: number,
): Uint8Array | TableProblem {
  const { offset, size } = handle;
  if (size > limit) return { kind: 'too-large', offset, text: `a block of ${size} bytes, more than is read` };
  const raw = table.file.read(offset, size + TRAILER);
  if (raw.length < size + TRAILER) return { kind: 'bad-block', offset, text: 'a block is cut off' };
  if (table.crc32c !== null && unmask(readU32(raw, size + 1)) !== table.crc32c(raw, 0, size + 1)) {
    return { kind: 'bad-crc', offset, text: 'a block does not match its checksum' };
  }
  const compression = raw[size];
  if (compression === 0) return raw.subarray(0, size);
  if (compression !== 1)
    return { kind: 'bad-block', offset, text: `a block with the unknown compression ${compression}` };
  const block = uncompress(raw.subarray(0, size), limit);
  if (block === 'too-large')
    return { kind: 'too-large', offset, text: 'a compressed block becomes larger than is read' };
  if (block === 'damaged') return { kind: 'bad-block', offset, text: 'a compressed block cannot be uncompressed' };
  return block;
}

/** Reads a table in large pieces for blocks that are visited in order. */
class Pieces {
  private readonly table: Table;
  private piece: Uint8Array = new Uint8Array(0);
  private start = 0;

  constructor(table: Table) {
    this.table = table;
  }

  /** `null`, or what is wrong with the block. */
  check(handle: Handle): string | null {
    const { crc32c } = this.table;
    const whole = handle.size + TRAILER;
    if (whole <= CHUNK) {
      const bytes = this.bytes(handle.offset, whole);
      if (bytes.length < whole) return 'a block is cut off';
      return unmask(readU32(bytes, handle.size + 1)) === crc32c(bytes, 0, handle.size + 1)
        ? null
        : 'a block does not match its checksum';
    }
    let crc = 0;
    for (let done = 0; done < handle.size + 1; ) {
      const bytes = this.bytes(handle.offset + done, Math.min(CHUNK, handle.size + 1 - done));
      if (bytes.length === 0) return 'a block is cut off';
      crc = crc32c(bytes, 0, bytes.length, crc);
      done += bytes.length;
    }
    const stored = this.bytes(handle.offset + handle.size + 1, 4);
    if (stored.length < 4) return 'a block is cut off';
    return unmask(readU32(stored, 0)) === crc ? null : 'a block does not match its checksum';
  }

  private bytes(offset: number, length: number): Uint8Array {
    const from = offset - this.start;
    if (from < 0 || from + length > this.piece.length) {
      this.piece = this.table.file.readShared(offset, Math.max(length, Math.min(CHUNK, this.table.size - offset)));
      this.start = offset;
      return this.piece.subarray(0, length);
    }
    return this.piece.subarray(from, from + length);
  }
}
