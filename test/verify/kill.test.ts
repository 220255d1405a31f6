import { existsSync, lstatSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../support/needs.ts';
import { type StandIn, startStandIn } from '../support/stand-in/server.ts';
import { interruptVerify } from './kill.ts';
import { cleanUp, copyOf, linkedProfile, scratch, truthOf } from './support.ts';

/** A few moments here; fifty random ones in kill.long.test.ts. */
describe.skipIf(lacks('chromium', 'root'))('verify that is killed', { timeout: 240_000 }, () => {
  let standIn: StandIn;
  let base: string;
  beforeAll(async () => {
    standIn = await startStandIn();
    base = await linkedProfile(standIn, join(scratch(), 'base', 'session'));
  }, 240_000);
  afterAll(async () => {
    await standIn.close();
    cleanUp();
  });

  it.each([
    ['SIGKILL', 100],
    ['SIGKILL', 900],
    ['SIGINT', 600],
  ] as const)(
    '%s %i ms after the first run started: no browser is left, no lock, the session is linked',
    async (signal, afterMs) => {
      const session = copyOf(base);
      const killed = await interruptVerify(standIn, session, signal, afterMs);
      expect(killed.goneAfter, killed.seen).not.toBeNull();
      expect(existsSync(join(session, 'SingletonLock')) || isLink(join(session, 'SingletonLock'))).toBe(false);
      expect(await truthOf(standIn, session)).toBe(true);
    },
  );
});

function isLink(path: string): boolean {
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    return false;
  }
}
