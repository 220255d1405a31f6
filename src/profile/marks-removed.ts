import { type AbsolutePath, resolvePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';

const DIRECTORY = 'Default/Local Storage/leveldb';
/** Local Storage of WhatsApp Web is below 1 MiB; its quota is 10 MiB an origin. */
const FILE_LIMIT = 16 * 1024 * 1024;
const MAX_FILES = 32;
/** The key that only a linked device has. LevelDB writes names of deleted keys too, and compaction keeps them for a while. */
const DECIDING_KEY = 'last-wid-md';

/**
 * Was there a `last-wid-md` once? Local Storage is a log: a key that was removed is still named in its files until they are compacted.
 * Meant for a store that is whole and does not hold the key any more; then `true` means that it was taken out, as a logout does.
 */
export function keyWasRemoved(reader: Reader, profile: AbsolutePath): boolean {
  const directory = resolvePath(profile, DIRECTORY);
  const listed = reader.list(directory, 10_000);
  if (!listed.ok) return false;
  const files = listed.value.filter(({ name, kind }) => kind === 'file' && /\.(log|ldb)$/.test(name)).slice(-MAX_FILES);
  return files.some(({ name }) => {
    const bytes = reader.bytes(resolvePath(directory, name), FILE_LIMIT);
    return (
      bytes.ok && Buffer.from(bytes.value.buffer, bytes.value.byteOffset, bytes.value.length).includes(DECIDING_KEY)
    );
  });
}
