import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../support/needs.ts';
import { schemaFaults } from '../support/schema.ts';
import { type StandIn, startStandIn } from '../support/stand-in/server.ts';
import { FAULTS, type Fault, liveOwner, runFault } from './faults.ts';
import { cleanUp, copyOf, linkedProfile, processesOn, scratch, TOKEN, truthOf, verify } from './support.ts';

/** Each fault once, verdict against truth; the series is in faults.long.test.ts. WA_FAULT=name runs one. */
const wanted = process.env['WA_FAULT'];
const FEW =
  /^(healthy|wiped|never linked|logged out by|lock of another host$|browser missing|page unreachable|no directory)/;

function chosen({ name }: Fault): boolean {
  return wanted === undefined ? FEW.test(name) && !name.includes('SIGTERM') : name.includes(wanted) || wanted === 'all';
}

describe.skipIf(lacks('chromium', 'root'))('verify against the stand-in', { timeout: 300_000 }, () => {
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

  it.each(FAULTS.filter(chosen))('$name: $verdict', async (fault) => {
    const { bench, result } = await runFault(fault, standIn, base);
    expect(result.verdict, `${result.reason}\n${JSON.stringify(result.runs)}`).toBe(fault.verdict);
    expect(result.reason).toMatch(fault.says);
    expect(schemaFaults(result)).toEqual([]);
    expect(processesOn(bench.session)).toEqual([]);
    await fault.check?.(bench, result);
    await fault.mend?.(bench);
    if (fault.linked !== null) expect(await truthOf(standIn, bench.session)).toBe(fault.linked);
  });

  it.skipIf(wanted !== undefined)('a live owner is refused and not disturbed', async () => {
    const session = copyOf(base);
    const end = await liveOwner(session);
    try {
      const result = await verify(standIn, session);
      expect(result).toMatchObject({ verdict: 'refused', runs: [], backup: null });
    } finally {
      await end();
    }
  });

  it.skipIf(wanted !== undefined)('a bot that comes back between the runs is not disturbed', async () => {
    standIn.behave({});
    const session = copyOf(base);
    let end = async () => {};
    try {
      const result = await verify(standIn, session, {
        betweenRuns: async () => {
          end = await liveOwner(session);
        },
      });
      expect(result.verdict, result.reason).toBe('inconclusive');
      expect(result.reason).toContain('the bot came back');
      expect(processesOn(session)).not.toEqual([]);
    } finally {
      await end();
    }
  });

  it.skipIf(wanted !== undefined)('pairs, waits for the disk, and proves the link', async () => {
    const session = join(scratch(), 'pair', 'session-new');
    standIn.behave({});
    const result = await verify(standIn, session, { pair: true, timeoutMs: 90_000, showQr: () => standIn.pair(TOKEN) });
    expect(result.verdict, result.reason).toBe('survived');
    expect(result.runs[0]?.events.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['qr', 'authenticated', 'ready']),
    );
    expect(await truthOf(standIn, session)).toBe(true);
    rmSync(dirname(session), { recursive: true });
  });
});
