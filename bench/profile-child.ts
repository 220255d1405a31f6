import { linkSync, mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createReader } from '../src/facts/reader.ts';
import { absolutePath } from '../src/model/path.ts';
import { compareIdbKeys } from '../src/profile/leveldb/idb-comparator.ts';
import { readStores } from '../src/profile/stores.ts';
import { indexedDbChanges, internalKey, log, manifestRecords, table, text } from '../test/profile/leveldb/build.ts';
import { INDEXED, LOCAL, localStorageFiles } from '../test/profile/stores/synthetic.ts';

/** Run in a process of its own by profile.mjs: `make`, `read` and `sparse`. */

const NUMBERS = { changes: 1_000 };

/** One table of about 2 MiB in blocks of 4 KB, as Chromium writes them, of values that do not compress. */
function bigTable(): { data: Uint8Array; smallest: Uint8Array; largest: Uint8Array } {
  let state = 1;
  const noise = (length: number) =>
    Uint8Array.from({ length }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state >>> 24;
    });
  const entries = indexedDbChanges(new Map([['model-storage', new Map([['message', NUMBERS.changes]])]]))
    .map(({ key, value }, index) => ({ key, value: index < 2 ? value : noise(2_000), sequence: index + 1 }))
    .sort((a, b) => compareIdbKeys(a.key, b.key));
  const data = table(entries, { perBlock: 2, filter: true });
  const [first, last] = [entries[0], entries.at(-1)];
  if (first === undefined || last === undefined) throw new Error('no entries');
  return { data, smallest: internalKey(first.key, 1), largest: internalKey(last.key, 1) };
}

/** A profile with about `bytes` of IndexedDB. With `linked` all tables are one file under many names, which spares the disk. */
function make(profile: string, bytes: number, linked: boolean): void {
  const local = join(profile, LOCAL);
  const indexed = join(profile, INDEXED);
  for (const directory of [local, indexed]) mkdirSync(directory, { recursive: true });
  for (const [name, data] of localStorageFiles(200)) writeFileSync(join(local, name), data);
  const { data, smallest, largest } = bigTable();
  const tables = [];
  for (let number = 5, written = 0; written < bytes; number++, written += data.length) {
    const path = join(indexed, `${String(number).padStart(6, '0')}.ldb`);
    if (linked && number > 5) linkSync(join(indexed, '000005.ldb'), path);
    else writeFileSync(path, data);
    tables.push({ number, level: 1, size: data.length, smallest, largest });
  }
  writeFileSync(join(indexed, 'MANIFEST-000003'), log(manifestRecords({ comparator: 'idb_cmp1', log: 4, tables })));
  writeFileSync(join(indexed, 'CURRENT'), text('MANIFEST-000003\n'));
  writeFileSync(join(indexed, '000004.log'), new Uint8Array(0));
}

const [what = '', profile = '', option = ''] = process.argv.slice(2);
if (what === 'make') make(profile, Number(option), process.argv[5] === 'linked');
else if (what === 'sparse') {
  // The log grows to `option` bytes of zeros without taking space.
  truncateSync(join(profile, INDEXED, '000004.log'), Number(option));
} else {
  const reading = await readStores(createReader(), absolutePath(profile), option === 'quick' ? 'quick' : 'full');
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const states = reading.stores.map(({ state }) => state);
  console.log(JSON.stringify({ states, megabytes: maxRSS / 1024, cpu: (userCPUTime + systemCPUTime) / 1000 }));
}
