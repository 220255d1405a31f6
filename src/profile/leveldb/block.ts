import { Cursor, readU32 } from './bytes.ts';
import type { Comparator } from './comparator.ts';

/** The last 8 bytes of every key inside a table: sequence number and kind of change. */
const INTERNAL_SUFFIX = 8;

/** Longest key that is put together. IndexedDB keys of megabytes are possible in theory; names are far shorter. */
const MAX_KEY = 1024 * 1024;

/** The user's part of an internal key; an empty view when it is too short to be one. */
export function userKey(internal: Uint8Array): Uint8Array {
  return internal.subarray(0, Math.max(0, internal.length - INTERNAL_SUFFIX));
}

/** Kind of change of an internal key: 0 deleted, 1 value. */
export function keyKind(internal: Uint8Array): number {
  return internal[internal.length - INTERNAL_SUFFIX] ?? 0;
}

/**
 * Walk the entries of an uncompressed block of a table: keys share prefixes with the one before, offsets of full keys ("restarts") stand
 * at the end.
 * @param onEntry gets views that are valid only during the call; returns `false` to stop
 * @param from    begin at the last full key that is not after this internal key's user part (needs `compare`)
 * @returns `null`, or what is wrong with the block
 */
export function walkBlock(
  block: Uint8Array,
  onEntry: (key: Uint8Array, value: Uint8Array) => boolean,
  from?: { readonly key: Uint8Array; readonly compare: Comparator },
): string | null {
  if (block.length < 4) return 'a block shorter than its trailer';
  const restarts = readU32(block, block.length - 4);
  const end = block.length - 4 - restarts * 4;
  if (end < 0) return 'a block with more restart points than bytes';
  const cursor = new Cursor(block, 0, end);
  if (from !== undefined && restarts > 1) cursor.at = seekRestart(block, end, restarts, from.key, from.compare);

  let buffer = new Uint8Array(256);
  let length = 0;
  while (cursor.left > 0) {
    const shared = cursor.varint();
    const unshared = cursor.varint();
    const valueLength = cursor.varint();
    const rest = cursor.take(unshared);
    const value = cursor.take(valueLength);
    if (cursor.failed || shared > length) return 'an entry that runs out of its block';
    length = shared + unshared;
    if (length > MAX_KEY) return 'a key of more than 1 MiB';
    if (length > buffer.length) {
      const larger = new Uint8Array(length * 2);
      larger.set(buffer.subarray(0, shared));
      buffer = larger;
    }
    buffer.set(rest, shared);
    if (length < INTERNAL_SUFFIX) return 'a key without a sequence number';
    if (!onEntry(buffer.subarray(0, length), value)) return null;
  }
  return null;
}

/** Binary search over the restart points: the offset of the last one whose key is before `key`; 0 when anything looks odd. */
function seekRestart(block: Uint8Array, end: number, restarts: number, key: Uint8Array, compare: Comparator): number {
  let low = 0;
  let high = restarts - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    const cursor = new Cursor(block, readU32(block, end + middle * 4), end);
    const shared = cursor.varint();
    const unshared = cursor.varint();
    cursor.varint();
    const restartKey = cursor.take(unshared);
    if (cursor.failed || shared !== 0) return 0;
    if (compare(userKey(restartKey), key) < 0) low = middle;
    else high = middle - 1;
  }
  const offset = readU32(block, end + low * 4);
  return offset < end ? offset : 0;
}
