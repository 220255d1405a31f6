import { Cursor, readU32, readU64 } from './bytes.ts';

/**
 * One change of one key in a log. The same object is used for every change, and points into a buffer that is used again:
 * copy what you keep. (A log holds tens of thousands of changes; most are only passed by.)
 */
export interface Change {
  readonly data: Uint8Array;
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly valueFrom: number;
  /** -1: the key was deleted. */
  readonly valueTo: number;
  /** Later changes have higher numbers. */
  readonly sequence: number;
}

const long = new Cursor(new Uint8Array(0));
const change = { data: long.data, keyFrom: 0, keyTo: 0, valueFrom: 0, valueTo: -1, sequence: 0 };

/**
 * Take a write batch (one record of a log, the bytes `[from, to)`) apart: 8 bytes sequence number, 4 bytes count, then the changes.
 * @returns `null`, or what is wrong with it; the changes before that were handed on
 */
export function readBatch(
  data: Uint8Array,
  from: number,
  to: number,
  onChange: (change: Change) => void,
): string | null {
  if (to - from < 12) return 'a batch shorter than its header';
  const first = readU64(data, from);
  const count = readU32(data, from + 8);
  change.data = data;
  let at = from + 12;
  let seen = 0;
  while (at < to) {
    const tag = data[at] ?? 0;
    if (tag > 1) return `a change of the unknown kind ${tag}`;
    const keyLength = readLength(data, at + 1, to);
    change.keyFrom = next;
    at = next + keyLength;
    change.keyTo = at;
    change.valueTo = -1;
    if (tag === 1 && at <= to) {
      const valueLength = readLength(data, at, to);
      change.valueFrom = next;
      at = next + valueLength;
      change.valueTo = at;
    }
    if (!(at <= to)) return 'a change that is cut off';
    change.sequence = first + seen;
    onChange(change);
    seen++;
  }
  return seen === count ? null : `${seen} changes where ${count} were announced`;
}

/** Where what `readLength` read ends. */
let next = 0;

/** A varint at `at`; infinite when it is cut off. Below 128 it is one byte, which is nearly always so: read without a loop. */
function readLength(data: Uint8Array, at: number, to: number): number {
  const byte = data[at] ?? 0;
  next = at + 1;
  if (byte < 0x80) return at < to ? byte : Number.POSITIVE_INFINITY;
  const length = long.reset(data, at, to).varint();
  next = long.at;
  return long.failed ? Number.POSITIVE_INFINITY : length;
}
