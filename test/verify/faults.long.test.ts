import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../support/needs.ts';
import { runSeries } from '../support/rounds.ts';
import { type StandIn, startStandIn } from '../support/stand-in/server.ts';
import { FAULTS, runFault } from './faults.ts';
import { cleanUp, linkedProfile, processesOn, scratch, truthOf } from './support.ts';

/** The whole matrix, each fault ten times (WA_ROUNDS), verdict against truth: not one wrong verdict. */
const ROUNDS = Number(process.env['WA_ROUNDS'] ?? 10);
/** Half of a trial is waiting for a browser that starts or settles. */
const WORKERS = Number(process.env['WA_WORKERS'] ?? 2);

describe.skipIf(lacks('chromium', 'root', 'unshare'))('the fault matrix', () => {
  const standIns: StandIn[] = [];
  const bases: string[] = [];
  beforeAll(async () => {
    for (let worker = 0; worker < WORKERS; worker++) {
      const standIn = await startStandIn();
      standIns.push(standIn);
      bases.push(await linkedProfile(standIn, join(scratch(), `base-${worker}`, 'session')));
    }
  }, 300_000);
  afterAll(async () => {
    for (const standIn of standIns) await standIn.close();
    cleanUp();
  });

  it(`${FAULTS.length} faults, ${ROUNDS} times each`, async () => {
    const tallies = await runSeries({
      kinds: FAULTS,
      rounds: ROUNDS,
      workers: WORKERS,
      name: ({ name, verdict }) => `${name}: ${verdict}`,
      async trial(fault, _round, worker) {
        const [standIn, base] = [standIns[worker], bases[worker]];
        if (standIn === undefined || base === undefined) return ['no stand-in'];
        const wrong: string[] = [];
        const { bench, result } = await runFault(fault, standIn, base);
        if (result.verdict !== fault.verdict || !fault.says.test(result.reason))
          wrong.push(`${result.verdict}: ${result.reason}`);
        if (processesOn(bench.session).length > (fault.leaves ?? 0)) wrong.push('a browser was left behind');
        await fault.check?.(bench, result);
        await fault.mend?.(bench);
        if (fault.linked !== null && (await truthOf(standIn, bench.session)) !== fault.linked)
          wrong.push('the truth is another');
        // A mount point stays until the end.
        const place = dirname(bench.session);
        if (wrong.length === 0 && place.includes('/case-'))
          rmSync(place, { recursive: true, force: true, maxRetries: 3 });
        return wrong;
      },
    });
    expect([...tallies.values()].flatMap(({ wrong }) => wrong)).toEqual([]);
  });
});
