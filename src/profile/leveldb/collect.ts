import { resolvePath } from '../../model/path.ts';
import type { StoreProblem } from '../../model/profile.ts';
import type { Reader } from '../../model/reader.ts';
import type { Crc32c } from '../crc32c.ts';
import type { Change } from './batch.ts';
import { userKey } from './block.ts';
import { latin1 } from './bytes.ts';
import type { Comparator } from './comparator.ts';
import type { DatabaseReading } from './database.ts';
import { numbered, openGuarded } from './files.ts';
import type { TableFile } from './manifest.ts';
import { openTable, scanTable, type Table } from './table.ts';

/** Bytes of keys and values kept for one range. */
const MAX_RANGE_BYTES = 8 * 1024 * 1024;
/** Tables kept open at once, and bytes of their indexes. */
const MAX_OPEN = 32;
const MAX_INDEX_BYTES = 8 * 1024 * 1024;
const MAX_PROBLEMS = 50;

/** What is known of a key: its value, or `null` when it was deleted. */
export type Known = Uint8Array | null;

/** Bytes of keys and values kept of the logs. A browser moves a log into tables when it reaches 4 MB. */
const MAX_ARENA = 12 * 1024 * 1024;
/** Changes kept of the logs: three numbers each. */
const MAX_CHANGES = 400_000;

/** What a change belongs to; the numbers and texts mean something to the caller only. */
export type Group = number | string;

/** Changes in the logs, in the order in which they were made. Copied into one array: a log holds tens of thousands. */
export class LogEntries {
  /** Where each change of a group stands in `arena`: offset, length of the key, length of the value or -1 for a deletion. */
  private readonly groups = new Map<Group, number[]>();
  private arena = new Uint8Array(64 * 1024);
  private used = 0;
  private count = 0;
  /** Changes were dropped because there were too many. */
  full = false;

  /**
   * Keep a change: its key, and the first bytes of its value.
   * @param valueBytes how many; 0: keep that there is a value, and not a byte of it
   */
  add(group: Group, { data, keyFrom, keyTo, valueFrom, valueTo }: Change, valueBytes: number): void {
    const keyLength = keyTo - keyFrom;
    const valueLength = valueTo >= 0 ? Math.min(valueTo - valueFrom, valueBytes) : 0;
    const needed = this.used + keyLength + valueLength;
    if (needed > MAX_ARENA || this.count >= MAX_CHANGES) {
      this.full = true;
      return;
    }
    if (needed > this.arena.length) {
      const larger = new Uint8Array(Math.min(MAX_ARENA, 2 * needed));
      larger.set(this.arena.subarray(0, this.used));
      this.arena = larger;
    }
    let places = this.groups.get(group);
    if (places === undefined) {
      places = [];
      this.groups.set(group, places);
    }
    places.push(this.used, keyLength, valueTo < 0 ? -1 : valueLength);
    this.count++;
    this.copy(data, keyFrom, keyLength);
    this.copy(data, valueFrom, valueLength);
  }

  private copy(data: Uint8Array, from: number, length: number): void {
    const { arena, used } = this;
    // A loop is quicker for a key of a few bytes, `set` for a value.
    if (length < 32) for (let at = 0; at < length; at++) arena[used + at] = data[from + at] ?? 0;
    else arena.set(data.subarray(from, from + length), used);
    this.used += length;
  }

  /** The changes of a group, oldest first. Views. */
  each(group: Group, onChange: (key: Uint8Array, value: Known) => void): void {
    const places = this.groups.get(group) ?? [];
    for (let at = 0; at < places.length; at += 3) {
      const offset = places[at] ?? 0;
      const end = offset + (places[at + 1] ?? 0);
      const length = places[at + 2] ?? -1;
      onChange(this.arena.subarray(offset, end), length < 0 ? null : this.arena.subarray(end, end + length));
    }
  }
}

export interface Collected {
  /** Key (one character a byte) → value, without the deleted ones. Values are cut. */
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
  private readonly checkIndexes: boolean;
  private readonly open = new Map<number, Table>();
  /** What was found damaged or unreadable on the way. */
  readonly problems: StoreProblem[] = [];
  private indexBytes = 0;

  /** @param checkIndexes verify the checksums of the tables' indexes too: 240 KB for a database of 100 MB */
  constructor(
    reader: Reader,
    reading: DatabaseReading,
    logs: LogEntries,
    compare: Comparator,
    crc32c: Crc32c,
    checkIndexes: boolean,
  ) {
    this.checkIndexes = checkIndexes;
    this.reader = reader;
    this.reading = reading;
    this.logs = logs;
    this.compare = compare;
    this.crc32c = crc32c;
  }

  /**
   * All keys with `from <= key < to`; the changes in the logs for them are those of `group`.
   * @param limit      keys collected at most
   * @param valueBytes bytes of each value that are kept
   */
  collect(group: Group, from: Uint8Array | null, to: Uint8Array | null, limit: number, valueBytes: number): Collected {
    const known = new Map<string, Known>();
    let live = 0;
    this.logs.each(group, (key, value) => {
      if ((from === null || this.compare(key, from) >= 0) && (to === null || this.compare(key, to) < 0)) {
        known.set(latin1(key), value);
      }
    });
    for (const value of known.values()) if (value !== null) live++;
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
      const problems = scanTable(table, this.compare, from, to, (key, value) => {
        const name = latin1(key);
        if (known.has(name)) return true;
        const kept = value === null ? null : value.slice(0, valueBytes);
        known.set(name, kept);
        bytes += key.length + (kept?.length ?? 0) + 64;
        if (value !== null) live++;
        more = live >= limit || bytes > MAX_RANGE_BYTES;
        return !more;
      });
      if (problems.length > 0) partial = true;
      this.report(meta, problems);
    }
    const entries = new Map<string, Uint8Array>();
    for (const [name, value] of known) if (value !== null) entries.set(name, value);
    return { entries, more, partial };
  }

  /**
   * Look up single keys: one block of a table each, instead of everything between them.
   * @returns those that are there; a damaged block elsewhere is not noticed
   */
  find(group: Group, wanted: readonly Uint8Array[], valueBytes: number): Collected {
    const keys = new Map(wanted.map((key) => [latin1(key), key]));
    const lengths = new Set(wanted.map((key) => key.length));
    const known = new Map<string, Known>();
    this.logs.each(group, (key, value) => {
      if (!lengths.has(key.length)) return;
      const name = latin1(key);
      if (keys.has(name)) known.set(name, value);
    });
    let partial = this.logs.full;
    for (const meta of this.reading.tables) {
      for (const [name, key] of keys) {
        if (known.has(name)) continue;
        if (this.compare(userKey(meta.largest), key) < 0 || this.compare(userKey(meta.smallest), key) > 0) continue;
        const table = this.table(meta);
        if (table === null) {
          partial = true;
          break;
        }
        const problems = scanTable(table, this.compare, key, null, (found, value) => {
          if (this.compare(found, key) === 0) known.set(name, value === null ? null : value.slice(0, valueBytes));
          return false;
        });
        if (problems.length > 0) partial = true;
        this.report(meta, problems);
      }
    }
    const entries = new Map<string, Uint8Array>();
    for (const [name, value] of known) if (value !== null) entries.set(name, value);
    return { entries, more: false, partial };
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
    const opened = openGuarded(this.reader, resolvePath(directory, file.name));
    if (!opened.ok) {
      this.report(meta, [{ kind: 'unreadable', text: opened.failure.reason, offset: null }]);
      return null;
    }
    const table = openTable(opened.value, file.size, this.crc32c, this.checkIndexes);
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
