/**
 * The git index ("what is tracked"), read without git: Documentation/gitformat-index.txt, versions 2, 3 and 4.
 * Bounded: a name costs at least 62 bytes in versions 2 and 3, so the file's size bounds the count.
 */

/** What an index says, or why it could not be read. */
export type IndexReading =
  | {
      readonly ok: true;
      /** Paths relative to the work tree, as stored (sorted by byte). A directory of a sparse index ends with `/`. */
      readonly paths: readonly string[];
      /** Hexadecimal name of the shared index that holds the rest (`split index`), or `null`. */
      readonly shared: string | null;
    }
  | { readonly ok: false; readonly reason: string };

/** Size of the fixed part of an entry before the object name: times, device, inode, mode, owner, size. */
const STAT_BYTES = 40;
const EXTENDED_FLAG = 0x4000;
const NAME_MASK = 0x0fff;
/** A repository with more tracked files than this is not a bot (the Linux kernel holds 90,000). */
const ENTRY_LIMIT = 2_000_000;

/** Read an index file. `hashBytes`: 20 for SHA-1, 32 for SHA-256 repositories. Never throws. */
export function readIndex(bytes: Uint8Array, hashBytes: 20 | 32 = 20): IndexReading {
  if (bytes.length < 12) return { ok: false, reason: 'the git index is too short' };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0) !== 0x44495243) return { ok: false, reason: 'the git index does not begin with DIRC' };
  const version = view.getUint32(4);
  if (version < 2 || version > 4) return { ok: false, reason: `the git index has the unknown version ${version}` };
  const count = view.getUint32(8);
  if (count > ENTRY_LIMIT) return { ok: false, reason: `the git index claims to hold ${count} files` };
  const end = bytes.length - hashBytes;
  const decoder = new TextDecoder();
  const paths: string[] = [];
  let name: Uint8Array = new Uint8Array(0);
  let at = 12;
  for (let number = 0; number < count; number += 1) {
    const start = at;
    at += STAT_BYTES + hashBytes;
    if (at + 2 > end) return { ok: false, reason: 'the git index ends in the middle of an entry' };
    const flags = view.getUint16(at);
    at += 2;
    if ((flags & EXTENDED_FLAG) !== 0) {
      if (version === 2) return { ok: false, reason: 'the git index holds flags that its version does not know' };
      at += 2;
    }
    if (version === 4) {
      const strip = readVarint(bytes, at, end);
      if (strip === null || strip.value > name.length) return { ok: false, reason: 'the git index is damaged' };
      at = strip.end;
      const stop = bytes.indexOf(0, at);
      if (stop < 0 || stop > end) return { ok: false, reason: 'the git index is damaged' };
      const kept = name.length - strip.value;
      const next = new Uint8Array(kept + stop - at);
      next.set(name.subarray(0, kept));
      next.set(bytes.subarray(at, stop), kept);
      name = next;
      at = stop + 1;
    } else {
      const length = flags & NAME_MASK;
      const stop = length < NAME_MASK ? at + length : bytes.indexOf(0, at);
      if (stop < 0 || stop > end) return { ok: false, reason: 'the git index is damaged' };
      name = bytes.subarray(at, stop);
      at = stop;
      // One to eight NUL bytes so that the entry's length is a multiple of eight.
      at = start + ((at - start + 8) & ~7);
    }
    paths.push(decoder.decode(name));
  }
  return { ok: true, paths, shared: sharedIndex(bytes, view, at, end, hashBytes) };
}

/** Git's "offset encoding" of a number (varint.c). */
function readVarint(bytes: Uint8Array, start: number, end: number): { value: number; end: number } | null {
  let at = start;
  let byte = bytes[at] ?? 0;
  let value = byte & 0x7f;
  for (let length = 0; (byte & 0x80) !== 0; length += 1) {
    at += 1;
    if (at >= end || length > 4) return null;
    byte = bytes[at] ?? 0;
    value = (value + 1) * 128 + (byte & 0x7f);
  }
  return { value, end: at + 1 };
}

/** The `link` extension names the shared index. */
function sharedIndex(bytes: Uint8Array, view: DataView, start: number, end: number, hashBytes: number): string | null {
  for (let at = start; at + 8 <= end; ) {
    const signature = view.getUint32(at);
    const size = view.getUint32(at + 4);
    at += 8;
    if (signature === 0x6c696e6b && size >= hashBytes && at + hashBytes <= end) {
      const hash = [...bytes.subarray(at, at + hashBytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      return /^0+$/.test(hash) ? null : hash;
    }
    at += size;
  }
  return null;
}
