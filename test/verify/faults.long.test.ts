import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../support/needs.ts';
import { type StandIn, startStandIn } from '../support/stand-in/server.ts';
import { FAULTS, runFault } from './faults.ts';
import { cleanUp, linkedProfile, processesOn, scratch, truthOf } from './support.ts';

/** The whole matrix, each fault ten times (WA_ROUNDS), verdict against truth: not one wrong verdict. */
const ROUNDS = Number(process.env['WA_ROUNDS'] ?? 10);

describe.skipIf(lacks('chromium', 'root', 'unshare'))('the fault matrix', () => {
  let standIn: StandIn;
  let base: string;
  beforeAll(async () => {
    standIn = await startStandIn();
    base = await linkedProfile(standIn, join(scratch(), 'base', 'session'));
  }, 300_000);
  afterAll(async () => {
    await standIn.close();
    cleanUp();
  });

  it.each(FAULTS)(`$name: $verdict, ${ROUNDS} times`, async (fault) => {
    const wrong: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const { bench, result } = await runFault(fault, standIn, base);
      if (result.verdict !== fault.verdict || !fault.says.test(result.reason))
        wrong.push(`${result.verdict}: ${result.reason}`);
      if (processesOn(bench.session).length > 0) wrong.push('a browser was left behind');
      await fault.check?.(bench, result);
      await fault.mend?.(bench);
      if (fault.linked !== null && (await truthOf(standIn, bench.session)) !== fault.linked)
        wrong.push('the truth is another');
    }
    expect(wrong).toEqual([]);
  });
});
