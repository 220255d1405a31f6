import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../support/needs.ts';
import { type StandIn, startStandIn } from '../support/stand-in/server.ts';
import { cleanUp, copyOf, linkedProfile, processesOn, scratch, truthOf, verify } from './support.ts';

describe.skipIf(lacks('chromium'))('verify against the stand-in', () => {
  let standIn: StandIn;
  let base: string;
  beforeAll(async () => {
    standIn = await startStandIn();
    base = await linkedProfile(standIn, join(scratch(), 'base', 'session'));
  });
  afterAll(async () => {
    await standIn.close();
    cleanUp();
  });

  it('healthy: survived', async () => {
    const session = copyOf(base);
    const result = await verify(standIn, session);
    expect(result.verdict).toBe('survived');
    expect(processesOn(session)).toEqual([]);
    expect(readdirSync(dirname(session))).toEqual(['session']);
    expect(await truthOf(standIn, session)).toBe(true);
  });

  it('wiped between the runs: lost at run 2', async () => {
    const session = copyOf(base);
    const result = await verify(standIn, session, { betweenRuns: () => rmSync(session, { recursive: true }) });
    expect(result).toMatchObject({ verdict: 'lost', lostAt: 2 });
    expect(existsSync(result.backup?.path ?? '')).toBe(true);
    expect(processesOn(session)).toEqual([]);
  });
});
