/** Little-endian 32-bit number at `at`. Bytes beyond the end count as 0: check the length first. */
export function readU32(data: Uint8Array, at: number): number {
  return (
    ((data[at] ?? 0) | ((data[at + 1] ?? 0) << 8) | ((data[at + 2] ?? 0) << 16) | ((data[at + 3] ?? 0) << 24)) >>> 0
  );
}

/** Little-endian 64-bit number; exact below 2^53, which covers every sequence number a real database reaches. */
export function readU64(data: Uint8Array, at: number): number {
  return readU32(data, at) + readU32(data, at + 4) * 0x1_0000_0000;
}

/** Reads numbers and strings from a byte array, one after the other. After the first failure `failed` stays true. */
export class Cursor {
  data: Uint8Array;
  at: number;
  end: number;
  failed = false;

  constructor(data: Uint8Array, at = 0, end = data.length) {
    this.data = data;
    this.at = at;
    this.end = end;
  }

  /** Begin anew: spares an object where tens of thousands of pieces are read. */
  reset(data: Uint8Array, at: number, end: number): this {
    this.data = data;
    this.at = at;
    this.end = end;
    this.failed = false;
    return this;
  }

  get left(): number {
    return this.end - this.at;
  }

  byte(): number {
    if (this.at >= this.end) return this.fail();
    return this.data[this.at++] ?? 0;
  }

  /** A varint of at most 64 bits. Numbers above 2^53 are a failure: no honest database holds one. */
  varint(): number {
    let value = 0;
    let scale = 1;
    for (let count = 0; count < 10; count++) {
      if (this.at >= this.end) return this.fail();
      const byte = this.data[this.at++] ?? 0;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value <= Number.MAX_SAFE_INTEGER ? value : this.fail();
      scale *= 128;
    }
    return this.fail();
  }

  /** A varint length and that many bytes, as a view of the data (not a copy). */
  slice(): Uint8Array {
    return this.take(this.varint());
  }

  /** The next `length` bytes, as a view. */
  take(length: number): Uint8Array {
    if (this.failed || length > this.end - this.at) {
      this.fail();
      return EMPTY;
    }
    const view = this.data.subarray(this.at, this.at + length);
    this.at += length;
    return view;
  }

  /** Move on by `length` bytes; the new place. */
  skip(length: number): number {
    if (length > this.end - this.at) this.fail();
    else this.at += length;
    return this.at;
  }

  private fail(): 0 {
    this.failed = true;
    this.at = this.end;
    return 0;
  }
}

const EMPTY = new Uint8Array(0);

/** Are all bytes in `[from, to)` zero? */
export function allZero(data: Uint8Array, from = 0, to = data.length): boolean {
  for (let at = from; at < to; at++) if (data[at] !== 0) return false;
  return true;
}

/** A string with one character a byte: a key for a `Map`. */
export function latin1(data: Uint8Array): string {
  if (data.length === 0) return '';
  let text = '';
  for (let at = 0; at < data.length; at += 8192) text += String.fromCharCode(...data.subarray(at, at + 8192));
  return text;
}

/** The bytes of a string made by `latin1`. */
export function fromLatin1(text: string): Uint8Array {
  const data = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) data[at] = text.charCodeAt(at);
  return data;
}

/** UTF-16 big endian, as IndexedDB stores names. An odd last byte is dropped. */
export function utf16be(data: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 1 < data.length; at += 2) {
    text += String.fromCharCode(((data[at] ?? 0) << 8) | (data[at + 1] ?? 0));
  }
  return text;
}

/** UTF-16 little endian, as Local Storage stores keys. An odd last byte is dropped. */
export function utf16le(data: Uint8Array): string {
  let text = '';
  for (let at = 0; at + 1 < data.length; at += 2) {
    text += String.fromCharCode((data[at] ?? 0) | ((data[at + 1] ?? 0) << 8));
  }
  return text;
}
