/**
 * Snappy, decompression only. Our own instead of `snappyjs` 0.7.0, which loops for ever on a literal whose 4-byte length has the top bit
 * set and accepts streams that produce fewer or more bytes than they announce; this reads profiles that anyone may have written.
 *
 * Time is linear in the input plus the output; memory is the output, of at most `limit` bytes.
 * @returns the bytes, or a reason: `too-large` (announces more than `limit`), `damaged`
 */
export function uncompress(data: Uint8Array, limit: number): Uint8Array | 'too-large' | 'damaged' {
  const input = data as unknown as number[];
  const end = data.length;
  let at = 0;
  let size = 0;
  for (let shift = 0, more = true; more; shift += 7) {
    if (at >= end || shift > 28) return 'damaged';
    const byte = input[at++] as number;
    size += (byte & 0x7f) * 2 ** shift;
    more = byte >= 0x80;
  }
  if (size > limit) return 'too-large';
  // A copy of 64 bytes takes 3 bytes of input: what announces more than that is a lie, refused before memory is taken.
  if (size > end * 22) return 'damaged';

  const output = new Uint8Array(size);
  let to = 0;
  while (at < end) {
    const tag = input[at++] as number;
    if ((tag & 3) === 0) {
      let length = (tag >>> 2) + 1;
      if (length > 60) {
        const bytes = length - 60;
        if (at + bytes > end) return 'damaged';
        length = 1;
        for (let index = 0; index < bytes; index++) length += (input[at + index] as number) * 2 ** (8 * index);
        at += bytes;
      }
      if (length > end - at || length > size - to) return 'damaged';
      if (length < 24) for (let index = 0; index < length; index++) output[to + index] = input[at + index] as number;
      else output.set(data.subarray(at, at + length), to);
      at += length;
      to += length;
      continue;
    }
    let length: number;
    let offset: number;
    if ((tag & 3) === 1) {
      if (at + 1 > end) return 'damaged';
      length = ((tag >>> 2) & 7) + 4;
      offset = ((tag >>> 5) << 8) | (input[at] as number);
      at += 1;
    } else {
      const bytes = (tag & 3) === 2 ? 2 : 4;
      if (at + bytes > end) return 'damaged';
      length = (tag >>> 2) + 1;
      offset = (input[at] as number) | ((input[at + 1] as number) << 8);
      if (bytes === 4) offset += (input[at + 2] as number) * 0x1_0000 + (input[at + 3] as number) * 0x100_0000;
      at += bytes;
    }
    if (offset === 0 || offset > to || length > size - to) return 'damaged';
    // Source and target may overlap: byte by byte, as the format wants it.
    for (let from = to - offset, stop = to + length; to < stop; ) output[to++] = output[from++] as number;
  }
  return to === size ? output : 'damaged';
}
