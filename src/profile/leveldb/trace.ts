import type { Reader } from '../../model/reader.ts';
import type { StoreTrace } from '../store-reading.ts';
import type { DatabaseReading } from './database.ts';

/** `LOG` is written anew at every opening; a long run adds lines about compactions. */
const MAX_LOG = 256 * 1024;

/** What `LOG` and the numbering of the files tell about the past of a database. */
export interface Past {
  /** Made anew at its last opening: never opened a second time. */
  readonly createdAtLastOpening: boolean;
  readonly traces: readonly StoreTrace[];
}

/**
 * Read `LOG` and `LOG.old` (text that LevelDB writes for people, one line an event) for what happened to a database.
 * @param olderElsewhere is there evidence that the profile is older than the last opening of this database?
 */
export function readPast(reader: Reader, store: string, reading: DatabaseReading, olderElsewhere: boolean): Past {
  const { byName } = reading.files;
  const traces: StoreTrace[] = [];
  let created = false;
  for (const file of ['LOG.old', 'LOG']) {
    const there = byName.get(file);
    if (there === undefined) continue;
    const content = reader.text(there.path, MAX_LOG);
    if (!content.ok) continue;
    if (file === 'LOG') created = /^[^\n]{0,60}Creating DB [^\n]{0,4200} since it was missing/.test(content.value);
    for (const [, log, bytes] of content.value.matchAll(/\/(\d{1,12}\.log): dropping (\d{1,12}) bytes/g)) {
      if (traces.length >= 8) break;
      traces.push({
        store,
        kind: 'dropped-records',
        text: `a browser dropped ${bytes} bytes of ${log} that it could not read`,
        file,
      });
    }
  }
  const firstNumbers = byName.has('MANIFEST-000001');
  const createdAtLastOpening = created && firstNumbers && !byName.has('LOG.old');
  if (createdAtLastOpening) {
    traces.push({
      store,
      kind: olderElsewhere ? 'recreated' : 'created-once',
      text: olderElsewhere
        ? 'it was made anew at its last opening, although the profile is older: a browser found it damaged or missing and began again'
        : 'it was made at its last opening',
      file: 'LOG',
    });
  }
  return { createdAtLastOpening, traces };
}

/** Has this database been opened more than once? */
export function openedBefore(reading: DatabaseReading): boolean {
  return reading.files.byName.has('LOG.old') || !reading.files.byName.has('MANIFEST-000001');
}
