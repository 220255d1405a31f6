import type { Crc32c } from '../crc32c.ts';
import { Cursor } from './bytes.ts';
import type { GuardedFile } from './files.ts';
import { type LogScan, readLog } from './log.ts';

/** A table that a manifest names as part of the database. Keys are internal keys (user key and 8 bytes). */
export interface TableFile {
  readonly number: number;
  readonly level: number;
  readonly size: number;
  readonly smallest: Uint8Array;
  readonly largest: Uint8Array;
}

/** The state of a database after all edits of its manifest. */
export interface Version {
  readonly comparator: string | null;
  /** Logs with this or a higher number hold what is not in tables yet. */
  readonly logNumber: number | null;
  readonly previousLogNumber: number;
  readonly nextFileNumber: number | null;
  readonly lastSequence: number | null;
  /** By file number. */
  readonly tables: ReadonlyMap<number, TableFile>;
}

/** Tables in one database. 2 MiB each: a gigabyte has 500. */
const MAX_TABLES = 20_000;
/** Bytes of keys kept for them all. */
const MAX_KEY_BYTES = 8 * 1024 * 1024;

/** Tags of a version edit (db/version_edit.cc). */
const COMPARATOR = 1;
const LOG_NUMBER = 2;
const NEXT_FILE = 3;
const LAST_SEQUENCE = 4;
const COMPACT_POINTER = 5;
const DELETED_FILE = 6;
const NEW_FILE = 7;
const PREVIOUS_LOG = 9;

/**
 * Read a manifest: a log whose records are version edits.
 * @returns the state they lead to, how the log itself looks, and what is wrong with the edits (`null`: nothing)
 */
export function readManifest(
  file: GuardedFile,
  size: number,
  crc32c: Crc32c,
): { version: Version; scan: LogScan; fault: string | null } {
  const tables = new Map<number, TableFile>();
  let comparator: string | null = null;
  let logNumber: number | null = null;
  let previousLogNumber = 0;
  let nextFileNumber: number | null = null;
  let lastSequence: number | null = null;
  let keyBytes = 0;
  let fault: string | null = null;

  const apply = (cursor: Cursor): string | null => {
    while (cursor.left > 0) {
      const tag = cursor.varint();
      if (tag === COMPARATOR) comparator = text(cursor.slice());
      else if (tag === LOG_NUMBER) logNumber = cursor.varint();
      else if (tag === PREVIOUS_LOG) previousLogNumber = cursor.varint();
      else if (tag === NEXT_FILE) nextFileNumber = cursor.varint();
      else if (tag === LAST_SEQUENCE) lastSequence = cursor.varint();
      else if (tag === COMPACT_POINTER) {
        cursor.varint();
        cursor.slice();
      } else if (tag === DELETED_FILE) {
        cursor.varint();
        const number = cursor.varint();
        const gone = tables.get(number);
        if (gone !== undefined) keyBytes -= gone.smallest.length + gone.largest.length;
        tables.delete(number);
      } else if (tag === NEW_FILE) {
        const level = cursor.varint();
        const number = cursor.varint();
        const tableSize = cursor.varint();
        const smallest = cursor.slice().slice();
        const largest = cursor.slice().slice();
        keyBytes += smallest.length + largest.length;
        if (!cursor.failed) tables.set(number, { number, level, size: tableSize, smallest, largest });
        if (tables.size > MAX_TABLES || keyBytes > MAX_KEY_BYTES) return 'more tables than are read';
      } else return `an edit with the unknown tag ${tag}`;
      if (cursor.failed) return 'an edit that is cut off';
    }
    return null;
  };

  const scan = readLog(file, size, 0, crc32c, (data, from, to) => {
    fault ??= apply(new Cursor(data, from, to));
  });
  return {
    version: { comparator, logNumber, previousLogNumber, nextFileNumber, lastSequence, tables },
    scan,
    fault,
  };
}

/** A short ASCII name; anything else becomes `?`. */
function text(data: Uint8Array): string {
  return Array.from(data.subarray(0, 64), (byte) => (byte > 32 && byte < 127 ? String.fromCharCode(byte) : '?')).join(
    '',
  );
}
