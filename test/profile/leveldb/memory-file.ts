import type { GuardedFile } from '../../../src/profile/leveldb/files.ts';

/** A file in memory. */
export function memoryFile(data: Uint8Array): GuardedFile {
  const read = (offset: number, length: number) => data.slice(offset, offset + length);
  return { size: data.length, read, readShared: read, close() {}, failure: null };
}
