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

const cursor = new Cursor(new Uint8Array(0));
const change = { data: cursor.data, keyFrom: 0, keyTo: 0, valueFrom: 0, valueTo: -1, sequence: 0 };

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
  cursor.reset(data, from + 12, to);
  change.data = data;
  let seen = 0;
  while (cursor.left > 0) {
    const tag = cursor.byte();
    if (tag > 1) return `a change of the unknown kind ${tag}`;
    const keyLength = cursor.varint();
    change.keyFrom = cursor.at;
    change.keyTo = cursor.skip(keyLength);
    change.valueTo = -1;
    if (tag === 1) {
      const valueLength = cursor.varint();
      change.valueFrom = cursor.at;
      change.valueTo = cursor.skip(valueLength);
    }
    if (cursor.failed) return 'a change that is cut off';
    change.sequence = first + seen;
    onChange(change);
    seen++;
  }
  return seen === count ? null : `${seen} changes where ${count} were announced`;
}
