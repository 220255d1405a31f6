import { Cursor, readU64 } from './bytes.ts';

/** One change of one key, as the logs and the tables hold it. Views of a buffer that is used again: copy what you keep. */
export interface Entry {
  readonly key: Uint8Array;
  /** `null`: the key was deleted. */
  readonly value: Uint8Array | null;
  /** Later changes have higher numbers. */
  readonly sequence: number;
}

/**
 * Take a write batch (one record of a log) apart: 8 bytes sequence number, 4 bytes count, then the changes.
 * @returns `null`, or what is wrong with it; the changes before that were handed on
 */
export function readBatch(record: Uint8Array, onEntry: (entry: Entry) => void): string | null {
  if (record.length < 12) return 'a batch shorter than its header';
  const first = readU64(record, 0);
  const cursor = new Cursor(record, 8);
  const count = cursor.byte() + cursor.byte() * 0x100 + cursor.byte() * 0x1_0000 + cursor.byte() * 0x100_0000;
  let seen = 0;
  while (cursor.left > 0) {
    const tag = cursor.byte();
    if (tag > 1) return `a change of the unknown kind ${tag}`;
    const key = cursor.slice();
    const value = tag === 1 ? cursor.slice() : null;
    if (cursor.failed) return 'a change that is cut off';
    onEntry({ key, value, sequence: first + seen });
    seen++;
  }
  return seen === count ? null : `${seen} changes where ${count} were announced`;
}
