import { afterAll, describe, expect, test } from 'vitest';
import { lacks } from '../support/needs.ts';
import { cleanUp } from '../support/real-profile.ts';
import { healTrial, TEARS, tear } from './real-repair.ts';

/** Trials for each store, with and without a repair; the tears take turns. */
const TRIALS = Number(process.env['WA_TRIALS'] ?? 10);

describe.skipIf(lacks('chromium'))('repair --apply against a real Chromium', () => {
  afterAll(cleanUp);

  for (const store of ['LS', 'IDB'] as const) {
    for (const mend of [true, false]) {
      test(`${store}, ${mend ? 'repaired' : 'left as it was'}: a new link ${mend ? 'stays over two restarts' : 'is lost'}`, {
        timeout: 3_600_000,
      }, async () => {
        let kept = 0;
        for (let trial = 0; trial < TRIALS; trial++) {
          const damage = tear(store, TEARS[trial % TEARS.length] ?? '');
          const { keptTwice, result } = await healTrial(damage, trial, mend);
          if (keptTwice) kept += 1;
          if (mend) expect(result?.outcome).toBe('done');
        }
        console.log(`${store} ${mend ? 'repaired' : 'untouched'}: kept ${kept} of ${TRIALS}`);
        expect(kept).toBe(mend ? TRIALS : 0);
      });
    }
  }
});
