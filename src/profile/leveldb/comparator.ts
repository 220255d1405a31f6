/** Orders user keys: negative, 0 or positive. Never throws; what it cannot decode it calls equal, as Chromium does. */
export type Comparator = (a: Uint8Array, b: Uint8Array) => number;

/** `leveldb.BytewiseComparator`, which Local Storage uses: byte by byte, the shorter key first. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
