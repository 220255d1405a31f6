import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../support/needs.ts';
import { type StandIn, startStandIn } from '../support/stand-in/server.ts';
import { cleanUp, REPOSITORY, scratch } from '../verify/support.ts';
import { type BotShape, installDoctor } from './real/bot.ts';
import { happens, makeBot, predicted } from './real/cell.ts';
import { STOPS } from './real/stops.ts';

/** A short cut of matrix.long.test.ts: the cells that surprise people most, and the guard. */
const CELLS: readonly (readonly [BotShape, string, string, string])[] = [
  [{ handler: 'awaited', flags: 'default', pipe: false }, 'SIGTERM of node', 'killed', 'lost'],
  [{ handler: 'awaited', flags: 'off', pipe: false }, 'SIGTERM of node', 'clean', 'kept'],
  [{ handler: 'none', flags: 'off', pipe: false }, 'SIGTERM of node', 'orphaned', 'kept'],
  [{ handler: 'awaited', flags: 'default', pipe: false, guarded: true }, 'SIGTERM of node', 'clean', 'kept'],
  [{ handler: 'raced', flags: 'default', pipe: true, guarded: true }, 'SIGINT of node', 'clean', 'kept'],
];

/** A cell takes 4 s on a quiet machine; 39 s were seen with a load of 12 on two cores. */
const CELL_LIMIT_MS = 120_000;

describe.skipIf(lacks('linux', 'root', 'chromium'))('a bot that is stopped', () => {
  let standIn: StandIn;
  beforeAll(async () => {
    standIn = await startStandIn();
    installDoctor(scratch(), REPOSITORY);
  });
  afterAll(async () => {
    await standIn.close();
    cleanUp();
  });

  it.each(CELLS)(
    '%j, %s: browser %s, login %s',
    async (shape, name, browser, login) => {
      const stop = STOPS.find((one) => one.name === name);
      if (stop === undefined) throw new Error(`no such stop: ${name}`);
      const bot = makeBot(scratch(), shape, standIn, `${REPOSITORY}/node_modules`);
      const { chain: _, ...said } = predicted(bot, stop);
      const seen = await happens(bot, stop, standIn, null);
      expect(seen).toEqual({ browser, login });
      expect(said).toEqual({ browser, login });
    },
    CELL_LIMIT_MS,
  );
});
