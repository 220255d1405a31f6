import { type Crc32c, unmask } from '../crc32c.ts';
import { allZero, readU32 } from './bytes.ts';
import type { GuardedFile } from './files.ts';

/** LevelDB writes logs (and manifests) in blocks of this size; no fragment crosses a block border. */
const BLOCK = 32_768;
/** Masked CRC (4 bytes), length (2), type (1). */
const HEADER = 7;
const FULL = 1;
const FIRST = 2;
const MIDDLE = 3;
const LAST = 4;

/** Bytes read at once. */
const CHUNK = 2 * BLOCK;

/** A longer record is checked but not handed on. Local Storage may write its whole quota (10 MB) as one record. */
const MAX_RECORD = 12 * 1024 * 1024;

/**
 * Bytes read behind the first damage. What stands there is of interest only for the count of what a repair would lose, and logs of
 * browsers end at some 4 MB.
 */
const MAX_BEHIND = 64 * 1024 * 1024;

/** Problems kept per file; a file full of garbage has one a block. */
const MAX_PROBLEMS = 8;

export type LogProblemKind = 'torn-log' | 'zero-tail' | 'stray-bytes' | 'bad-crc' | 'bad-record';

export interface LogProblem {
  readonly kind: LogProblemKind;
  readonly offset: number;
  readonly text: string;
}

export interface LogScan {
  readonly size: number;
  /** End of the last complete record before the first problem; equals `size` of a whole log. */
  readonly goodLength: number;
  readonly recordsBefore: number;
  /** Complete records behind the first problem: a tolerant reader (Local Storage) still sees them. */
  readonly recordsBehind: number;
  /** Empty: the log is whole. */
  readonly problems: readonly LogProblem[];
  /** Records too long to be handed on (more than 12 MiB). */
  readonly oversized: number;
}

/** Gets a complete record: the bytes `[from, to)` of `data`, valid only during the call, and where in the file it begins. */
export type OnRecord = (data: Uint8Array, from: number, to: number, offset: number) => void;

/**
 * Read a LevelDB log or manifest from start to end in bounded memory, and hand every complete record to `onRecord`.
 *
 * Follows LevelDB's own reader (db/log_reader.cc): after a bad fragment the rest of its 32 KiB block is skipped and reading goes on in the
 * next block. Stricter in one point: where LevelDB takes a cut record at the end for a normal end, this reports it, because the browser
 * goes on writing behind the cut and loses what it writes (measured: 30 of 30, profile.md B8 and B10).
 *
 * @param size     how far to read: the size when the file was listed, so that a browser that appends meanwhile does no harm
 * @param verifyFrom checksums of records that begin before this offset are not verified (0: all are)
 */
export function readLog(
  file: GuardedFile,
  size: number,
  verifyFrom: number,
  crc32c: Crc32c,
  onRecord: OnRecord,
): LogScan {
  const problems: LogProblem[] = [];
  let goodLength = 0;
  let recordsBefore = 0;
  let recordsBehind = 0;
  let oversized = 0;
  /** Where the record that is being put together began; -1 outside a record. */
  let recordStart = -1;
  const assembly = new Assembly();

  const problem = (kind: LogProblemKind, offset: number, text: string) => {
    if (problems.length < MAX_PROBLEMS) problems.push({ kind, offset, text });
    recordStart = -1;
  };
  const complete = (end: number) => {
    if (problems.length === 0) {
      goodLength = end;
      recordsBefore++;
    } else recordsBehind++;
    recordStart = -1;
  };

  let chunk: Uint8Array = new Uint8Array(0);
  for (let blockStart = 0; blockStart < size; blockStart += BLOCK) {
    const damage = problems[0];
    if (damage !== undefined && blockStart - damage.offset > MAX_BEHIND) break;
    const inChunk = blockStart % CHUNK;
    if (inChunk === 0) chunk = file.readShared(blockStart, Math.min(CHUNK, size - blockStart));
    const block = chunk.subarray(inChunk, inChunk + BLOCK);
    const last = blockStart + BLOCK >= size;
    const expected = Math.min(BLOCK, size - blockStart);
    if (block.length < expected) {
      problem('torn-log', blockStart + block.length, 'the file became shorter while it was read');
      break;
    }

    let at = 0;
    while (at < block.length) {
      const left = block.length - at;
      const offset = blockStart + at;
      if (left < HEADER) {
        // The last bytes of a block that are too few for a header are filler, which a browser neither reads nor minds.
        if (at + HEADER <= BLOCK) problem('stray-bytes', offset, `${left} bytes that belong to no record`);
        break;
      }
      const length = (block[at + 4] ?? 0) | ((block[at + 5] ?? 0) << 8);
      const type = block[at + 6] ?? 0;
      const end = at + HEADER + length;

      if (type === 0 && length === 0 && allZero(block, at)) {
        // Zeros are one problem, however many blocks they fill.
        if (problems.at(-1)?.kind !== 'zero-tail') problem('zero-tail', offset, 'zeros where a record should begin');
        break;
      }
      if (end > block.length) {
        if (last && end <= BLOCK && type >= FULL && type <= LAST) {
          const what =
            left === HEADER ? 'only the 7-byte header of a record was written' : 'the last record is cut off';
          problem('torn-log', recordStart >= 0 ? recordStart : offset, what);
        } else problem('bad-record', offset, 'a record claims to be longer than its block');
        break;
      }
      if (offset >= verifyFrom && unmask(readU32(block, at)) !== crc32c(block, at + 6, end)) {
        problem('bad-crc', offset, 'a record does not match its checksum');
        break;
      }

      const from = at + HEADER;
      at = end;
      if (type === FULL || type === FIRST) {
        if (recordStart >= 0) problem('bad-record', recordStart, 'a record was begun and never finished');
        if (type === FULL) {
          complete(blockStart + end);
          onRecord(block, from, end, offset);
        } else {
          recordStart = offset;
          assembly.start(block.subarray(from, end));
        }
      } else if (type === MIDDLE || type === LAST) {
        if (recordStart < 0) {
          // After a problem the rest of the broken record is expected: it was reported once.
          if (problems.length === 0) problem('bad-record', offset, 'the end of a record without its beginning');
        } else {
          assembly.add(block.subarray(from, end));
          if (type === LAST) {
            const start = recordStart;
            complete(blockStart + end);
            if (assembly.length > MAX_RECORD) oversized++;
            else onRecord(assembly.buffer, 0, assembly.length, start);
          }
        }
      } else problem('bad-record', offset, `a record of the unknown type ${type}`);
    }
  }
  if (recordStart >= 0) problem('torn-log', recordStart, 'the last record is cut off');
  if (problems.length === 0) goodLength = size;
  return { size, goodLength, recordsBefore, recordsBehind, problems, oversized };
}

/** Room for the usual record, used again for every log: memory that is touched for the first time is dear. */
const usual = new Uint8Array(4 * BLOCK);

/** Puts a record together from its fragments, up to `MAX_RECORD` bytes. */
class Assembly {
  buffer = usual;
  /** Longer than `MAX_RECORD`: the bytes beyond are not there. */
  length = 0;

  start(fragment: Uint8Array): void {
    this.length = 0;
    this.add(fragment);
  }

  add(fragment: Uint8Array): void {
    const needed = this.length + fragment.length;
    if (needed <= MAX_RECORD) {
      if (needed > this.buffer.length) {
        const larger = new Uint8Array(Math.min(MAX_RECORD, Math.max(2 * needed, 2 * BLOCK)));
        larger.set(this.buffer.subarray(0, this.length));
        this.buffer = larger;
      }
      this.buffer.set(fragment, this.length);
    }
    this.length = needed;
  }
}
