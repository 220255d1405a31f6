import type { AbsolutePath } from '../../model/path.ts';
import { absolutePath } from '../../model/path.ts';
import type { Reader } from '../../model/reader.ts';
import { openGuarded } from '../leveldb/files.ts';
import { applyWal } from './wal.ts';

/**
 * Largest database that is read. It is held in memory twice while SQLite looks at it; the databases with the keys of a link have some
 * hundred kilobytes, only that with the messages grows.
 */
export const MAX_DATABASE = 12 * 1024 * 1024;

const HEADER = 100;
const MAGIC = 'SQLite format 3\0';

export interface ImageProblem {
  readonly kind: string;
  readonly text: string;
  readonly offset: number | null;
}

export interface Image {
  /** The file with the committed part of its write-ahead log applied, ready for `new Database(image)`. `null`: not to be had. */
  readonly data: Uint8Array | null;
  readonly problems: readonly ImageProblem[];
  /** Committed pages that stand in the write-ahead log only: a browser was killed, and the next one merges them. */
  readonly unmergedPages: number;
}

/**
 * Load a SQLite file into memory, with what stands in its write-ahead log, without SQLite touching the disk
 * (opening the file itself would write `-shm` and merge the log).
 */
export function loadImage(reader: Reader, path: AbsolutePath): Image {
  const failed = (kind: string, text: string): Image => ({
    data: null,
    problems: [{ kind, text, offset: null }],
    unmergedPages: 0,
  });
  const opened = openGuarded(reader, path);
  if (!opened.ok) return failed('unreadable', opened.failure.reason);
  const file = opened.value;
  try {
    const { size } = file;
    if (size === 0) return withWal(reader, path, new Uint8Array(0), []);
    const header = file.read(0, HEADER);
    if (file.failure !== null) return failed('unreadable', file.failure);
    if (header.length < HEADER || String.fromCharCode(...header.subarray(0, 16)) !== MAGIC) {
      return failed('not-sqlite', 'the file does not begin as a SQLite database begins');
    }
    const problems = checkHeader(header, size);
    if (size > MAX_DATABASE) {
      const text = `the database has ${size} bytes; only up to ${MAX_DATABASE} are checked`;
      return { data: null, problems: [...problems, { kind: 'too-large', text, offset: null }], unmergedPages: 0 };
    }
    const data = file.read(0, size);
    if (file.failure !== null) return failed('unreadable', file.failure);
    return withWal(reader, path, data, problems);
  } finally {
    file.close();
  }
}

/** Sizes in the header against the size of the file. */
function checkHeader(header: Uint8Array, size: number): ImageProblem[] {
  const stored = u16(header, 16);
  const pageSize = stored === 1 ? 65_536 : stored;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0) {
    return [{ kind: 'bad-header', text: `the header gives a page size of ${pageSize}`, offset: 16 }];
  }
  const pages = u32(header, 28);
  // The size in the header counts only if the file was last written by a SQLite that keeps it (fileformat2.html, 1.3.7).
  const valid = u32(header, 24) === u32(header, 92) && pages > 0;
  if (valid && pages * pageSize > size) {
    const text = `the header gives ${pages} pages of ${pageSize} bytes, the file has ${size} bytes`;
    return [{ kind: 'wrong-size', text, offset: size }];
  }
  return [];
}

function withWal(reader: Reader, path: AbsolutePath, data: Uint8Array, problems: readonly ImageProblem[]): Image {
  const journal = reader.status(absolutePath(`${path}-journal`));
  const found = [...problems];
  if (journal.ok && journal.value.kind === 'file' && journal.value.size > 0) {
    const text = 'a rollback journal stands beside it: a change was interrupted, and the next browser takes it back';
    found.push({ kind: 'unmerged-journal', text, offset: null });
  }
  const walPath = absolutePath(`${path}-wal`);
  const status = reader.status(walPath);
  if (!status.ok && status.failure.kind !== 'missing') {
    found.push({ kind: 'unreadable', text: status.failure.reason, offset: null });
  }
  let image = data;
  let unmergedPages = 0;
  if (status.ok && status.value.size > 0) {
    const opened = openGuarded(reader, walPath);
    if (!opened.ok) found.push({ kind: 'unreadable', text: opened.failure.reason, offset: null });
    else {
      try {
        const applied = applyWal(opened.value, opened.value.size, data, MAX_DATABASE);
        if (opened.value.failure !== null) found.push({ kind: 'unreadable', text: opened.value.failure, offset: null });
        else if (applied === 'too-large') {
          const text = 'the database with its write-ahead log is larger than is checked';
          return { data: null, problems: [...found, { kind: 'too-large', text, offset: null }], unmergedPages: 0 };
        } else {
          image = applied.data;
          unmergedPages = applied.pages;
        }
      } finally {
        opened.value.close();
      }
    }
  }
  if (image.length === 0) return { data: null, problems: found, unmergedPages };
  if (image.length >= HEADER) {
    // "Uses a write-ahead log" would make SQLite look for one beside the image in memory.
    image[18] = 1;
    image[19] = 1;
  }
  return { data: image, problems: found, unmergedPages };
}

function u16(data: Uint8Array, at: number): number {
  return ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
}

function u32(data: Uint8Array, at: number): number {
  return u16(data, at) * 0x1_0000 + u16(data, at + 2);
}
