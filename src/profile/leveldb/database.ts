import type { AbsolutePath } from '../../model/path.ts';
import type { StoreProblem } from '../../model/profile.ts';
import type { Reader, ReadFailure } from '../../model/reader.ts';
import type { Crc32c } from '../crc32c.ts';
import { type Change, readBatch } from './batch.ts';
import type { Comparator } from './comparator.ts';
import { type DatabaseFile, type DatabaseFiles, listDatabase, numbered, numbersOf, openGuarded } from './files.ts';
import { type LogScan, readLog } from './log.ts';
import { readManifest, type TableFile, type Version } from './manifest.ts';
import { openTable, verifyTable } from './table.ts';

/** What differs between the two databases of a profile. */
export interface DatabaseFormat {
  /** Name that the manifest must hold. */
  readonly comparatorName: string;
  readonly compare: Comparator;
}

/** How a log looks that is not whole; see `TornLog`. */
export interface LogDamage {
  readonly file: DatabaseFile;
  readonly scan: LogScan;
  /** Is it the newest log, to which a browser would append? */
  readonly current: boolean;
}

/** A database that was looked at once. */
export interface DatabaseReading {
  readonly files: DatabaseFiles;
  /** `null`: no state could be made out. */
  readonly version: Version | null;
  /** Tables whose footer and index are there, by number; what `collect` reads. */
  readonly tables: readonly TableFile[];
  readonly problems: readonly StoreProblem[];
  readonly damagedLogs: readonly LogDamage[];
  /** Is there any change in the logs, or any table? */
  readonly holdsRecords: boolean;
  /** Names and records may be missing from what was handed on. */
  readonly partial: boolean;
}

export interface ReadOptions {
  readonly format: DatabaseFormat;
  readonly crc32c: Crc32c;
  /** Verify every block of every table. Otherwise their presence and sizes only. */
  readonly full: boolean;
  /** Gets every change in the logs, oldest first. Valid during the call only. */
  readonly onChange: (change: Change) => void;
}

/**
 * Kinds of problem that mean "could not look" rather than "damaged".
 * Everything else is damage: a browser loses the store, or what it writes into it.
 */
const CANNOT_LOOK: ReadonlySet<string> = new Set(['unreadable', 'too-large', 'not-a-file', 'in-use']);

/** Is this problem damage (and not a place where the reader could not look)? */
export function isDamage(problem: StoreProblem): boolean {
  return !CANNOT_LOOK.has(problem.kind);
}

/** When not everything is verified: bytes at the end of a log whose checksums are. The frames of the rest are still followed. */
const QUICK_LOG_TAIL = 64 * 1024;

/** Problems kept per database. */
const MAX_PROBLEMS = 50;
/** `MANIFEST-000001\n`, with room. */
const MAX_CURRENT = 64;

/**
 * Look once at a LevelDB database: CURRENT, manifest, logs, tables.
 * @returns the reading, or why the directory cannot be listed
 */
export function readDatabase(
  reader: Reader,
  directory: AbsolutePath,
  options: ReadOptions,
): DatabaseReading | ReadFailure {
  const files = listDatabase(reader, directory);
  if ('kind' in files) return files;
  const look = new Look(reader, files, options);
  look.run();
  return look.result();
}

class Look {
  private readonly reader: Reader;
  private readonly files: DatabaseFiles;
  private readonly options: ReadOptions;
  private readonly problems: StoreProblem[] = [];
  private readonly damagedLogs: LogDamage[] = [];
  private readonly tables: TableFile[] = [];
  private version: Version | null = null;
  private partial = false;
  private records = 0;

  constructor(reader: Reader, files: DatabaseFiles, options: ReadOptions) {
    this.reader = reader;
    this.files = files;
    this.options = options;
  }

  result(): DatabaseReading {
    const { files, version, tables, problems, damagedLogs, partial } = this;
    const holdsRecords = this.records > 0 || (version !== null && version.tables.size > 0);
    return { files, version, tables, problems, damagedLogs, holdsRecords, partial };
  }

  run(): void {
    for (const { name, reason } of this.files.odd) this.cannot(name, `${name} ${reason}`, 'not-a-file');
    const manifest = this.manifest();
    if (manifest === null) return;
    const { version, scan, fault } = readManifestOf(this.reader, manifest, this.options.crc32c);
    if (version === null) {
      this.cannot(manifest.name, fault, 'unreadable');
      return;
    }
    this.version = version;
    for (const { offset, text } of scan.problems) this.damage(manifest.name, 'bad-manifest', text, offset);
    if (fault !== '') this.damage(manifest.name, 'bad-manifest', fault, null);
    this.checkVersion(manifest.name, version);
    this.readTables(version);
    this.readLogs(version);
  }

  /** The manifest that CURRENT names. */
  private manifest(): DatabaseFile | null {
    const current = this.files.byName.get('CURRENT');
    if (current === undefined) {
      if (!this.files.odd.some(({ name }) => name === 'CURRENT')) {
        this.damage(
          'CURRENT',
          'missing-current',
          'the file CURRENT is missing: nothing says which state is the valid one',
          null,
        );
      }
      return null;
    }
    const content = this.reader.text(current.path, MAX_CURRENT);
    if (!content.ok) {
      if (content.failure.kind === 'too-large')
        this.damage('CURRENT', 'bad-current', 'CURRENT is longer than a file name', null);
      else this.cannot('CURRENT', content.failure.reason, 'unreadable');
      return null;
    }
    const name = /^(MANIFEST-\d{1,15})\n$/.exec(content.value)?.[1];
    if (name === undefined) {
      const what = content.value === '' ? 'CURRENT is empty' : 'CURRENT does not name a manifest';
      this.damage('CURRENT', 'bad-current', what, null);
      return null;
    }
    const manifest = this.files.byName.get(name);
    if (manifest === undefined && !this.files.odd.some((odd) => odd.name === name)) {
      this.damage(name, 'missing-manifest', `CURRENT names ${name}, which is missing`, null);
    }
    return manifest ?? null;
  }

  private checkVersion(manifest: string, version: Version): void {
    const { comparatorName } = this.options.format;
    if (version.comparator === null) {
      this.damage(
        manifest,
        'empty-manifest',
        'the manifest does not name a comparator: its first record is missing',
        null,
      );
    } else if (version.comparator !== comparatorName) {
      this.damage(manifest, 'wrong-comparator', `the manifest names the comparator ${version.comparator}`, null);
    } else if (version.logNumber === null || version.nextFileNumber === null || version.lastSequence === null) {
      this.damage(manifest, 'bad-manifest', 'the manifest does not say which log and numbers are valid', null);
    }
  }

  private readTables(version: Version): void {
    // Newest first: what a newer table says of a key hides what an older one says.
    const order = [...version.tables.values()].sort((a, b) => a.level - b.level || b.number - a.number);
    for (const table of order) {
      const name = numbered(table.number);
      const file = this.files.byName.get(`${name}.ldb`) ?? this.files.byName.get(`${name}.sst`);
      if (file === undefined) {
        const odd = this.files.odd.some((other) => other.name === `${name}.ldb`);
        if (!odd) this.damage(`${name}.ldb`, 'missing-table', `the manifest names ${name}.ldb, which is missing`, null);
        this.partial = true;
      } else if (file.size !== table.size) {
        const text = `${file.name} has ${file.size} bytes, the manifest says ${table.size}`;
        this.damage(file.name, 'wrong-size', text, null);
        this.partial = true;
      } else if (this.options.full) this.verify(file, table);
      else this.tables.push(table);
    }
  }

  private verify(file: DatabaseFile, meta: TableFile): void {
    const opened = openGuarded(this.reader, file.path);
    if (!opened.ok) {
      this.cannot(file.name, opened.failure.reason, 'unreadable');
      return;
    }
    try {
      const table = openTable(opened.value, file.size, this.options.crc32c);
      const problems = 'kind' in table ? [table] : verifyTable(table);
      const { failure } = opened.value;
      if (failure !== null) {
        this.cannot(file.name, failure, 'unreadable');
        return;
      }
      for (const { kind, text, offset } of problems) {
        if (kind === 'too-large') this.cannot(file.name, text, kind, offset);
        else this.damage(file.name, kind, text, offset);
      }
      if (!('kind' in table)) this.tables.push(meta);
    } finally {
      opened.value.close();
    }
  }

  private readLogs(version: Version): void {
    const first = version.logNumber ?? 0;
    const numbers = numbersOf(this.files, 'log').filter(
      (number) => number >= first || (number === version.previousLogNumber && number > 0),
    );
    if (
      first > 0 &&
      !numbers.includes(first) &&
      !this.files.odd.some(({ name }) => name === `${numbered(first)}.log`)
    ) {
      this.damage(
        `${numbered(first)}.log`,
        'missing-log',
        `the manifest names ${numbered(first)}.log, which is missing`,
        null,
      );
    }
    for (const number of numbers) {
      const file = this.files.byName.get(`${numbered(number)}.log`);
      if (file !== undefined) this.readLog(file, number === numbers.at(-1));
    }
  }

  private readLog(file: DatabaseFile, current: boolean): void {
    const opened = openGuarded(this.reader, file.path);
    if (!opened.ok) {
      this.cannot(file.name, opened.failure.reason, 'unreadable');
      return;
    }
    try {
      let badBatch: { text: string; offset: number } | null = null;
      const verifyFrom = this.options.full ? 0 : file.size - QUICK_LOG_TAIL;
      const scan = readLog(opened.value, file.size, verifyFrom, this.options.crc32c, (data, from, to, offset) => {
        const text = readBatch(data, from, to, this.options.onChange);
        if (text !== null) badBatch ??= { text, offset };
      });
      const { failure } = opened.value;
      if (failure !== null) {
        this.cannot(file.name, failure, 'unreadable');
        return;
      }
      for (const { kind, text, offset } of scan.problems) this.damage(file.name, kind, text, offset);
      this.records += scan.recordsBefore + scan.recordsBehind;
      if (scan.problems.length > 0) this.damagedLogs.push({ file, scan, current });
      if (badBatch !== null) {
        const { text, offset } = badBatch as { text: string; offset: number };
        this.damage(file.name, 'bad-batch', text, offset);
      }
      if (scan.oversized > 0)
        this.cannot(file.name, `${scan.oversized} records are larger than is read (12 MiB)`, 'too-large');
    } finally {
      opened.value.close();
    }
  }

  private damage(file: string, kind: string, text: string, offset: number | null): void {
    this.partial = true;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ file, kind, text, offset });
  }

  private cannot(file: string, text: string, kind: string, offset: number | null = null): void {
    this.partial = true;
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ file, kind, text, offset });
  }
}

function readManifestOf(
  reader: Reader,
  file: DatabaseFile,
  crc32c: Crc32c,
): { version: Version; scan: LogScan; fault: string } | { version: null; scan: null; fault: string } {
  const opened = openGuarded(reader, file.path);
  if (!opened.ok) return { version: null, scan: null, fault: opened.failure.reason };
  try {
    const { version, scan, fault } = readManifest(opened.value, file.size, crc32c);
    const { failure } = opened.value;
    if (failure !== null) return { version: null, scan: null, fault: failure };
    return { version, scan, fault: fault ?? '' };
  } finally {
    opened.value.close();
  }
}
