import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../support/needs.ts';
import { type StandIn, startStandIn } from '../support/stand-in/server.ts';
import { interruptVerify } from './kill.ts';
import { cleanUp, copyOf, linkedProfile, scratch, truthOf } from './support.ts';

const ROUNDS = Number(process.env['WA_ROUNDS'] ?? 50);
/** Two runs took 4 s on an idle machine; the moments spread over all of it. */
const SPAN_MS = Number(process.env['WA_SPAN_MS'] ?? 4_000);

describe.skipIf(lacks('chromium', 'root'))('verify that is killed', () => {
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

  it.each(['SIGKILL', 'SIGINT'] as const)(
    `%s at ${ROUNDS} random moments: no orphan, no lock, still linked`,
    async (signal) => {
      const wrong: string[] = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const session = copyOf(base);
        const afterMs = Math.round(Math.random() * SPAN_MS);
        const killed = await interruptVerify(standIn, session, signal, afterMs);
        const where = `${afterMs} ms, after "${killed.seen.trim().split('\n').at(-1)}"`;
        if (killed.goneAfter === null) wrong.push(`${where}: a browser was left behind`);
        if (locked(session)) wrong.push(`${where}: a lock was left behind`);
        if (!(await truthOf(standIn, session))) wrong.push(`${where}: the session is not linked any more`);
      }
      expect(wrong).toEqual([]);
    },
  );
});

function locked(session: string): boolean {
  try {
    lstatSync(join(session, 'SingletonLock'));
    return true;
  } catch {
    return false;
  }
}
