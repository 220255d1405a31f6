import type { GuardedFile } from '../leveldb/files.ts';

/** fileformat2.html, chapter 4: a header, then frames of a header and a page each. */
const WAL_HEADER = 32;
const FRAME_HEADER = 24;
const MAGIC = 0x377f0682;

interface Frame {
  readonly page: number;
  /** Pages of the database after this commit; 0: not the end of a commit. */
  readonly commit: number;
}

/**
 * Apply the committed frames of a write-ahead log to a database in memory. Frames behind the last whole commit do not count, exactly as
 * for SQLite; a torn end is therefore no damage.
 *
 * @param limit largest database that may come out
 * @returns the database (the same array where nothing changed) and how many pages came from the log
 */
export function applyWal(
  file: GuardedFile,
  size: number,
  database: Uint8Array,
  limit: number,
): { data: Uint8Array; pages: number } | 'too-large' {
  const untouched = { data: database, pages: 0 };
  const header = file.read(0, WAL_HEADER);
  if (header.length < WAL_HEADER) return untouched;
  const view = viewOf(header);
  const magic = view.getUint32(0);
  const pageSize = view.getUint32(8);
  if ((magic & ~1) !== MAGIC || pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
    return untouched;
  const littleEndian = (magic & 1) === 0;
  let sum = checksum(header, 24, [0, 0], littleEndian);
  if (sum[0] !== view.getUint32(24) || sum[1] !== view.getUint32(28)) return untouched;

  const frameSize = FRAME_HEADER + pageSize;
  const frameAt = (index: number) => WAL_HEADER + index * frameSize;
  const read = (index: number): Uint8Array | null => {
    if (frameAt(index) + frameSize > size) return null;
    const frame = file.readShared(frameAt(index), frameSize);
    return frame.length === frameSize ? frame : null;
  };

  // First how far the log is valid, then what it says: the pages of an unfinished commit must not be taken.
  let committed = 0;
  let pages = 0;
  for (let index = 0; ; index++) {
    const bytes = read(index);
    if (bytes === null) break;
    const { page, commit } = frameOf(bytes);
    const frame = viewOf(bytes);
    if (page === 0 || frame.getUint32(8) !== view.getUint32(16) || frame.getUint32(12) !== view.getUint32(20)) break;
    sum = checksum(bytes, 8, sum, littleEndian);
    sum = checksum(bytes.subarray(FRAME_HEADER), pageSize, sum, littleEndian);
    if (sum[0] !== frame.getUint32(16) || sum[1] !== frame.getUint32(20)) break;
    if (commit > 0) {
      committed = index + 1;
      pages = commit;
    }
  }
  if (committed === 0) return untouched;
  if (pages * pageSize > limit) return 'too-large';

  const data = new Uint8Array(pages * pageSize);
  data.set(database.subarray(0, data.length));
  for (let index = 0; index < committed; index++) {
    const bytes = read(index);
    if (bytes === null) break;
    const { page } = frameOf(bytes);
    if (page <= pages) data.set(bytes.subarray(FRAME_HEADER), (page - 1) * pageSize);
  }
  return { data, pages: committed };
}

function frameOf(bytes: Uint8Array): Frame {
  const view = viewOf(bytes);
  return { page: view.getUint32(0), commit: view.getUint32(4) };
}

/** The two running sums over pairs of 32-bit words. */
function checksum(
  data: Uint8Array,
  length: number,
  start: readonly [number, number],
  littleEndian: boolean,
): [number, number] {
  const view = viewOf(data);
  let [first, second] = start;
  for (let at = 0; at + 8 <= length; at += 8) {
    first = (first + view.getUint32(at, littleEndian) + second) >>> 0;
    second = (second + view.getUint32(at + 4, littleEndian) + first) >>> 0;
  }
  return [first, second];
}

function viewOf(data: Uint8Array): DataView {
  return new DataView(data.buffer, data.byteOffset, data.length);
}
