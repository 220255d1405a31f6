import type { AbsolutePath } from '../model/path.ts';
import type { OpenFile, Reader } from '../model/reader.ts';

/**
 * The same machine with some files cut: what a reader would see after a repair, before anything is changed.
 * @param lengths new length by path
 */
export function cutReader(reader: Reader, lengths: ReadonlyMap<AbsolutePath, number>): Reader {
  return {
    ...reader,
    status(path) {
      const result = reader.status(path);
      const length = lengths.get(path);
      return result.ok && length !== undefined ? { ok: true, value: { ...result.value, size: length } } : result;
    },
    bytes(path, limit) {
      const result = reader.bytes(path, limit);
      const length = lengths.get(path);
      return result.ok && length !== undefined ? { ok: true, value: result.value.subarray(0, length) } : result;
    },
    open(path) {
      const result = reader.open(path);
      const length = lengths.get(path);
      if (!result.ok || length === undefined) return result;
      const file = result.value;
      // Without `readInto`: it is only a quicker way to the same bytes.
      const value: OpenFile = {
        size: length,
        read: (offset, wanted) => file.read(offset, Math.max(0, Math.min(wanted, length - offset))),
        close: () => file.close(),
      };
      return { ok: true, value };
    },
  };
}
