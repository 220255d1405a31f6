import { resolvePath } from '../../model/path.ts';
import type { StoreProblem } from '../../model/profile.ts';
import type { Reader } from '../../model/reader.ts';
import type { Crc32c } from '../crc32c.ts';
import { userKey } from './block.ts';
import { fromLatin1, latin1 } from './bytes.ts';
import type { Comparator } from './comparator.ts';
import type { DatabaseReading } from './database.ts';
import { numbered } from './files.ts';
import type { TableFile } from './manifest.ts';
import { openTable, scanTable, type Table } from './table.ts';

/** Longest value that is kept: enough for an id, a version or an account number. The rest of the values is never copied. */
const MAX_VALUE = 512;
/** Bytes of keys kept for one range, and for the logs together. */
const MAX_KEY_BYTES = 8 * 1024 * 1024;
/** Keys kept for the logs together. */
const MAX_LOG_KEYS = 100_000;
/** Tables kept open at once, and bytes of their indexes. */
const MAX_OPEN = 32;
const MAX_INDEX_BYTES = 8 * 1024 * 1024;
const MAX_PROBLEMS = 50;

/** What is known of a key: its value, or `null` when it was deleted. */
export type Known = Uint8Array | null;

/** The changes in the logs, grouped so that a range can be looked up. The last change of a key counts. */
export class LogEntries {
  private readonly groups = new Map<string, Map<string, Known>>();
  private bytes = 0;
  private count = 0;
  /** Changes were dropped because there were too many. */
  full = false;

  /** @param key one character a byte */
  add(group: string, key: Uint8Array, value: Uint8Array | null): void {
    let entries = this.groups.get(group);
    if (entries === undefined) {
      entries = new Map();
      this.groups.set(group, entries);
    }
    const name = latin1(key);
    const kept = value === null ? null : value.slice(0, MAX_VALUE);
    if (!entries.has(name)) {
      if (this.count >= MAX_LOG_KEYS || this.bytes > MAX_KEY_BYTES) {
        this.full = true;
        return;
      }
      this.count++;
      this.bytes += key.length + 64;
    }
    entries.set(name, kept);
  }

  group(name: string): ReadonlyMap<string, Known> {
    return this.groups.get(name) ?? NOTHING;
  }

  get groupNames(): Iterable<string> {
    return this.groups.keys();
  }
}

const NOTHING: ReadonlyMap<string, Known> = new Map();

export interface Collected {
  /** Key (one character a byte) → value, without the deleted ones. Values are cut after 512 bytes. */
  readonly entries: Map<string, Uint8Array>;
  /** Collecting stopped at the limit: there are more. */
  readonly more: boolean;
  /** Something in the range could not be read. */
  readonly partial: boolean;
}

/** Looks up ranges of keys in a database that was read: logs first, then tables from new to old. */
export class Collector {
  private readonly reader: Reader;
  private readonly reading: DatabaseReading;
  private readonly logs: LogEntries;
  private readonly compare: Comparator;
  private readonly crc32c: Crc32c;
  private readonly open = new Map<number, Table>();
  /** What was found damaged or unreadable on the way. */
  readonly problems: StoreProblem[] = [];
  private indexBytes = 0;

  constructor(reader: Reader, reading: DatabaseReading, logs: LogEntries, compare: Comparator, crc32c: Crc32c) {
    this.reader = reader;
    this.reading = reading;
    this.logs = logs;
    this.compare = compare;
    this.crc32c = crc32c;
  }

  /**
   * All keys with `from <= key < to`; the changes in the logs for them are those of `group`.
   * @param limit keys collected at most
   */
  collect(group: string, from: Uint8Array | null, to: Uint8Array | null, limit: number): Collected {
    const known = new Map<string, Known>();
    let live = 0;
    for (const [name, value] of this.logs.group(group)) {
      const key = fromLatin1(name);
      if ((from !== null && this.compare(key, from) < 0) || (to !== null && this.compare(key, to) >= 0)) continue;
      known.set(name, value);
      if (value !== null) live++;
    }
    let bytes = 0;
    let more = live >= limit;
    let partial = this.logs.full;
    for (const meta of this.reading.tables) {
      if (more) break;
      if (from !== null && this.compare(userKey(meta.largest), from) < 0) continue;
      if (to !== null && this.compare(userKey(meta.smallest), to) >= 0) continue;
      const table = this.table(meta);
      if (table === null) {
        partial = true;
        continue;
      }
      const problems = scanTable(table, this.compare, from, to, ({ key, value }) => {
        const name = latin1(key);
        if (known.has(name)) return true;
        known.set(name, value === null ? null : value.slice(0, MAX_VALUE));
        bytes += key.length + 64;
        if (value !== null) live++;
        more = live >= limit || bytes > MAX_KEY_BYTES;
        return !more;
      });
      if (problems.length > 0) partial = true;
      this.report(meta, problems);
    }
    const entries = new Map<string, Uint8Array>();
    for (const [name, value] of known) if (value !== null) entries.set(name, value);
    return { entries, more, partial };
  }

  close(): void {
    for (const table of this.open.values()) table.file.close();
    this.open.clear();
  }

  private table(meta: TableFile): Table | null {
    const cached = this.open.get(meta.number);
    if (cached !== undefined) return cached;
    const name = numbered(meta.number);
    const { byName, directory } = this.reading.files;
    const file = byName.get(`${name}.ldb`) ?? byName.get(`${name}.sst`);
    if (file === undefined) return null;
    const opened = this.reader.open(resolvePath(directory, file.name));
    if (!opened.ok) {
      this.report(meta, [{ kind: 'unreadable', text: opened.failure.reason, offset: null }]);
      return null;
    }
    const table = openTable(opened.value, file.size, this.crc32c);
    if ('kind' in table) {
      opened.value.close();
      this.report(meta, [table]);
      return null;
    }
    for (const [number, old] of this.open) {
      if (this.open.size < MAX_OPEN && this.indexBytes + table.index.length <= MAX_INDEX_BYTES) break;
      old.file.close();
      this.open.delete(number);
      this.indexBytes -= old.index.length;
    }
    this.open.set(meta.number, table);
    this.indexBytes += table.index.length;
    return table;
  }

  private report(meta: TableFile, problems: readonly Pick<StoreProblem, 'kind' | 'text' | 'offset'>[]): void {
    const file = `${numbered(meta.number)}.ldb`;
    for (const { kind, text, offset } of problems) {
      const known = this.problems.some((other) => other.file === file && other.offset === offset);
      if (!known && this.problems.length < MAX_PROBLEMS) this.problems.push({ file, kind, text, offset });
    }
  }
}
