import type { AbsolutePath } from '../../model/path.ts';
import type { Store, StoreProblem } from '../../model/profile.ts';
import type { Reader, ReadFailure } from '../../model/reader.ts';
import type { Crc32c } from '../crc32c.ts';
import type { Change } from './batch.ts';
import { Collector, LogEntries } from './collect.ts';
import { type DatabaseFormat, type DatabaseReading, isDamage, readDatabase } from './database.ts';
import { changedSince } from './files.ts';

/** How often a database that changes while it is read is read again. */
const ATTEMPTS = 3;

/** What a caller wants from a database. */
export interface Request<T> {
  /** `Local Storage` or `IndexedDB`. */
  readonly name: string;
  readonly directory: AbsolutePath;
  readonly format: DatabaseFormat;
  readonly depth: 'quick' | 'full';
  readonly crc32c: Crc32c;
  /** Keep what is wanted of a change that stands in a log. */
  readonly keep: (change: Change, logs: LogEntries) => void;
  /** Look up what is wanted. May be called again when the database changed meanwhile. */
  readonly take: (collector: Collector, reading: DatabaseReading) => T;
}

export interface LevelDbStore<T> {
  readonly store: Store;
  /** `null`: the store is missing or could not be listed. */
  readonly reading: DatabaseReading | null;
  /** What `take` returned; `null` where there was nothing to take from. */
  readonly taken: T | null;
  /** The database changed in every attempt. */
  readonly inUse: boolean;
}

/**
 * Read a LevelDB database from a directory, consistently: when a browser changed it meanwhile, again, and if that goes on, say so
 * instead of calling it damaged.
 */
export function readLevelDbStore<T>(reader: Reader, request: Request<T>): LevelDbStore<T> {
  let last: LevelDbStore<T> | null = null;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const logs = new LogEntries();
    const reading = readDatabase(reader, request.directory, {
      format: request.format,
      crc32c: request.crc32c,
      full: request.depth === 'full',
      onChange: (change) => request.keep(change, logs),
    });
    if ('kind' in reading) return withoutFiles(request, reading);
    if (holdsNothing(reading))
      return { store: emptyStore(request, 'missing', []), reading: null, taken: null, inUse: false };
    const collector = new Collector(
      reader,
      reading,
      logs,
      request.format.compare,
      request.crc32c,
      request.depth === 'full',
    );
    try {
      const taken = request.take(collector, reading);
      const problems = merge(reading.problems, collector.problems);
      last = { store: storeOf(request, reading, problems), reading, taken, inUse: false };
    } finally {
      collector.close();
    }
    if (!changedSince(reader, reading.files)) return last;
  }
  return inUse(request, last);
}

/** A directory with nothing but `LOG`, `LOCK` and the like is a store that was never made. */
function holdsNothing({ files }: DatabaseReading): boolean {
  if (files.odd.length > 0) return false;
  for (const name of files.byName.keys()) {
    if (name === 'CURRENT' || name.startsWith('MANIFEST-') || /\.(?:log|ldb|sst)$/.test(name)) return false;
  }
  return true;
}

function withoutFiles<T>(request: Request<T>, failure: ReadFailure): LevelDbStore<T> {
  const nothing = { reading: null, taken: null, inUse: false };
  if (failure.kind === 'missing') return { store: emptyStore(request, 'missing', []), ...nothing };
  const file = '.';
  if (failure.kind === 'not-a-directory') {
    const text = 'the database is not a directory';
    return {
      store: emptyStore(request, 'damaged', [{ file, kind: 'not-a-directory', text, offset: null }]),
      ...nothing,
    };
  }
  const problem = { file, kind: 'unreadable', text: failure.reason, offset: null };
  return { store: emptyStore(request, 'unknown', [problem]), ...nothing };
}

function inUse<T>(request: Request<T>, last: LevelDbStore<T> | null): LevelDbStore<T> {
  const text = 'the files changed while they were read, three times in a row: a browser is writing';
  const store = emptyStore(request, 'unknown', [{ file: '.', kind: 'in-use', text, offset: null }]);
  return {
    store: { ...store, bytes: last?.store.bytes ?? 0 },
    reading: last?.reading ?? null,
    taken: last?.taken ?? null,
    inUse: true,
  };
}

function emptyStore<T>(request: Request<T>, state: Store['state'], problems: readonly StoreProblem[]): Store {
  const { name, directory, depth } = request;
  return { name, engine: 'leveldb', path: directory, state, bytes: 0, problems, depth };
}

function storeOf<T>(request: Request<T>, reading: DatabaseReading, problems: readonly StoreProblem[]): Store {
  const state = problems.some(isDamage) ? 'damaged' : problems.length > 0 ? 'unknown' : 'ok';
  return { ...emptyStore(request, state, problems), bytes: reading.files.bytes };
}

/** Both lists, without what both found. */
function merge(first: readonly StoreProblem[], second: readonly StoreProblem[]): StoreProblem[] {
  const same = (a: StoreProblem, b: StoreProblem) => a.file === b.file && a.offset === b.offset;
  return [...first, ...second.filter((problem) => !first.some((other) => same(other, problem)))];
}
