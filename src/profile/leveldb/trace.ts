import type { Reader } from '../../model/reader.ts';
import type { StoreTrace } from '../store-reading.ts';
import type { DatabaseReading } from './database.ts';

/** `LOG` is written anew at every opening; a long run adds lines about compactions. */
const MAX_LOG = 256 * 1024;

/** When a database was opened, as its `LOG` and `LOG.old` tell: milliseconds, in the time zone of the browser. */
export interface Openings {
  /** `null`: there is no `LOG`, or it says nothing. */
  readonly last: number | null;
  /** `null`: it was never opened before, or nothing tells. */
  readonly previous: number | null;
  /** Was it made at its last opening? */
  readonly made: boolean;
}

export const NEVER_OPENED: Openings = { last: null, previous: null, made: false };

/** `2026/11/25-02:07:05.450 3195 Creating DB …` */
const TIME = /^(\d{4})\/(\d{2})\/(\d{2})-(\d{2}):(\d{2}):(\d{2})\.(\d{3})/;

function timeOf(log: string): number | null {
  const match = TIME.exec(log);
  if (match === null) return null;
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0, ms = 0] = match.slice(1).map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second, ms);
}

/** The two texts that LevelDB writes for people at each opening, one line an event; each read once. */
export interface PastLogs {
  readonly last: string | null;
  readonly previous: string | null;
}

/** Read `LOG` and `LOG.old` of a database. */
export function readPastLogs(reader: Reader, { files }: DatabaseReading): PastLogs {
  const textOf = (name: string): string | null => {
    const file = files.byName.get(name);
    const content = file === undefined ? null : reader.text(file.path, MAX_LOG);
    return content?.ok === true ? content.value : null;
  };
  return { last: textOf('LOG'), previous: textOf('LOG.old') };
}

/** When a database was opened, and whether the last time made it. */
export function openingsOf({ files }: DatabaseReading, { last, previous }: PastLogs): Openings {
  const created = last !== null && /^[^\n]{0,60}Creating DB [^\n]{0,4200} since it was missing/.test(last);
  return {
    last: last === null ? null : timeOf(last),
    previous: previous === null ? null : timeOf(previous),
    made: created && files.byName.has('MANIFEST-000001') && !files.byName.has('LOG.old'),
  };
}

/**
 * What the logs tell about the past of a database.
 * @param olderProfile is there evidence that the profile is older than the last opening of this database?
 */
export function tracesOf(store: string, logs: PastLogs, openings: Openings, olderProfile: boolean): StoreTrace[] {
  const traces: StoreTrace[] = [];
  for (const [file, text] of [['LOG.old', logs.previous] as const, ['LOG', logs.last] as const]) {
    for (const [, log, bytes] of (text ?? '').matchAll(/\/(\d{1,12}\.log): dropping (\d{1,12}) bytes/g)) {
      if (traces.length >= 8) break;
      traces.push({
        store,
        kind: 'dropped-records',
        text: `a browser dropped ${bytes} bytes of ${log} that it could not read`,
        file,
      });
    }
  }
  if (openings.made) {
    traces.push({
      store,
      kind: olderProfile ? 'recreated' : 'created-once',
      text: olderProfile
        ? 'it was made anew at its last opening, although the profile is older: a browser found it damaged or missing and began again'
        : 'it was made at its last opening',
      file: 'LOG',
    });
  }
  return traces;
}
