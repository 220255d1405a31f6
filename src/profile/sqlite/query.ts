import type { Database, SqlJsStatic } from 'sql.js';

/** Memory that SQLite may take for one database, besides the image itself. */
const HEAP_LIMIT = 16 * 1024 * 1024;

/** Tables that a database of a browser has at most; a schema with more is not looked at. */
const MAX_SCHEMA = 200;

let loaded: Promise<SqlJsStatic> | null = null;

function load(): Promise<SqlJsStatic> {
  loaded ??= import('sql.js').then(({ default: init }) => init());
  return loaded;
}

export type Row = readonly unknown[];

/** Asks an opened image. Only plain tables that the schema really has can be asked. */
export interface Queries {
  readonly tables: ReadonlySet<string>;
  /** Rows of a query, at most `limit`. Throws what SQLite throws. */
  rows(sql: string, limit: number): Row[];
}

/**
 * Open a database image in memory, check its structure, and ask it.
 * @param ask  not called when the image is damaged beyond opening
 * @returns what `ask` returned, and what is wrong (`damaged: …` text from SQLite, in its words)
 */
export async function queryImage<T>(
  image: Uint8Array,
  ask: (queries: Queries) => T,
): Promise<{ answer: T | null; fault: { kind: string; text: string } | null }> {
  let sql: SqlJsStatic;
  try {
    sql = await load();
  } catch {
    return { answer: null, fault: { kind: 'unreadable', text: 'the SQLite reader (sql.js) cannot be loaded here' } };
  }
  let database: Database | null = null;
  try {
    database = new sql.Database(image);
    const opened = database;
    opened.run(`PRAGMA hard_heap_limit=${HEAP_LIMIT}`);
    opened.run('PRAGMA trusted_schema=OFF');
    opened.run('PRAGMA query_only=ON');
    const rows = (statement: string, limit: number): Row[] => collect(opened, statement, limit);
    const schema = rows('SELECT type, name, sql FROM sqlite_master', MAX_SCHEMA + 1);
    const odd = oddSchema(schema);
    if (odd !== null) return { answer: null, fault: { kind: 'unsupported-schema', text: odd } };
    const check = rows('PRAGMA quick_check(8)', 8).map(([text]) => String(text));
    const damaged = check.length === 1 && check[0] === 'ok' ? null : (check[0] ?? 'the check gave no answer');
    const tables = new Set(schema.filter(([type]) => type === 'table').map(([, name]) => String(name)));
    const fault = damaged === null ? null : { kind: 'bad-structure', text: plain(damaged) };
    try {
      return { answer: ask({ tables, rows }), fault };
    } catch (error) {
      return { answer: null, fault: fault ?? { kind: 'bad-structure', text: plain(error) } };
    }
  } catch (error) {
    return { answer: null, fault: { kind: 'bad-structure', text: plain(error) } };
  } finally {
    try {
      database?.close();
    } catch {
      // closing a damaged database may fail; its memory goes with it
    }
  }
}

/**
 * A schema that could make SQLite compute (views, virtual tables, generated columns, checks) is not one that a browser writes,
 * and is not asked.
 */
function oddSchema(schema: readonly Row[]): string | null {
  if (schema.length > MAX_SCHEMA) return 'the database has more tables than a browser makes';
  for (const [type, , sql] of schema) {
    if (type === 'view') return 'the database has a view, which a browser does not make';
    if (typeof sql === 'string' && /\bvirtual\b|\bgenerated\b|\bcheck\s*\(|\bas\s*\(/i.test(sql)) {
      return 'the database has a table that a browser does not make';
    }
  }
  return null;
}

function collect(database: Database, sql: string, limit: number): Row[] {
  const statement = database.prepare(sql);
  try {
    const rows: Row[] = [];
    while (rows.length < limit && statement.step()) rows.push(statement.get());
    return rows;
  } finally {
    statement.free();
  }
}

/** What SQLite says, as one short line of printable ASCII: it may quote the file. */
function plain(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 120);
}
