import { rmSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { createReader } from '../../../src/facts/reader.ts';
import { absolutePath } from '../../../src/model/path.ts';
import { readStores, type StoreReading } from '../../../src/profile/stores.ts';
import { lacks } from '../../support/needs.ts';
import { baseProfile, cleanUp, copyOf } from '../../support/real-profile.ts';
import { BASES, DAMAGES, type Damage, prepareDamages } from '../real/damages.ts';

/** Profiles of each kind of damage; each seed hits another bit. */
const SEEDS = Number(process.env['WA_SEEDS'] ?? 10);

afterAll(cleanUp);

/** The damages of files that a reader of the databases is meant to see: B8, B9, B10. Owners and versions are judged elsewhere. */
const rows = DAMAGES.filter(
  ({ name, uid, healthy }) => uid === undefined && (healthy === true || /^(?:LS|IDB) (?!VERSION|Schema)/.test(name)),
);

/** Would someone who reads this believe that the session is whole? */
function saysWhole({ stores, localStorage, indexedDb }: StoreReading): boolean {
  const signal = indexedDb.databases.find(({ name }) => name === 'signal-storage');
  const keys = signal?.stores.find(({ name }) => name === 'signal-meta-store')?.records?.count ?? 0;
  return (
    stores.every(({ state }) => state === 'ok') &&
    localStorage.whatsapp.lastWid &&
    localStorage.whatsapp.noiseInfo &&
    keys > 0
  );
}

describe.skipIf(lacks('chromium'))('damage of real profiles', () => {
  const table: string[] = [];
  afterAll(() => console.log(table.join('\n')));

  it.each(rows.map((row): [string, Damage] => [`${row.base}: ${row.name}`, row]))('%s', async (title, damage) => {
    await prepareDamages();
    const base = await baseProfile(BASES[damage.base]);
    const seen = { full: 0, quick: 0 };
    const unseen: string[] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      const profile = copyOf(base);
      damage.apply(profile, seed);
      for (const depth of ['full', 'quick'] as const) {
        const reading = await readStores(createReader(), absolutePath(profile), depth);
        if (!saysWhole(reading)) seen[depth]++;
        else if (depth === 'full') unseen.push(`seed ${seed}`);
      }
      rmSync(profile, { recursive: true });
    }
    table.push(
      `${title.padEnd(44)} ${damage.healthy ? 'healthy' : 'damaged'}  called damaged: full ${seen.full}/${SEEDS}, quick ${seen.quick}/${SEEDS}`,
    );
    if (damage.healthy) expect(seen).toEqual({ full: 0, quick: 0 });
    else expect(unseen).toEqual([]);
  });
});
