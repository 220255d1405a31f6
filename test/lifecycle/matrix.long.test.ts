import { appendFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnEngine, startEngine } from '../launch/support/docker-engine.ts';
import { lacks } from '../support/needs.ts';
import { type StandIn, startStandIn } from '../support/stand-in/server.ts';
import { cleanUp, REPOSITORY, scratch } from '../verify/support.ts';
import { HANDLERS } from './real/bot.ts';
import { happens, makeBot, predicted } from './real/cell.ts';
import { importBotImage, STOPS } from './real/stops.ts';

/**
 * The truth about stopping a bot: real node, real Chromium, the real whatsapp-web.js with LocalAuth, a real Docker engine. A login is
 * paired, the bot is stopped at once, and what became of both is compared with what `path --json` said before.
 */
const SHAPES = HANDLERS.flatMap((handler) =>
  (['default', 'off'] as const).flatMap((flags) => [false, true].map((pipe) => ({ handler, flags, pipe }))),
);
/** Where to write what happened, one JSON object a line. */
const out = process.env['WA_MATRIX_OUT'];
const only = process.env['WA_MATRIX'] === undefined ? null : new RegExp(process.env['WA_MATRIX']);

describe.skipIf(lacks('root', 'chromium', 'dockerd'))('what the doctor says of every way of stopping a bot', () => {
  let standIn: StandIn;
  let engine: OwnEngine;
  beforeAll(async () => {
    standIn = await startStandIn();
    engine = await startEngine();
    importBotImage(engine);
  }, 180_000);
  afterAll(async () => {
    engine.stop();
    await standIn.close();
    cleanUp();
  }, 60_000);

  it('happens', async () => {
    const rows: string[] = [];
    const wrong: string[] = [];
    for (const shape of SHAPES) {
      const bot = makeBot(scratch(), shape, standIn, `${REPOSITORY}/node_modules`);
      for (const stop of STOPS) {
        const name = `${shape.handler} | ${shape.flags} | ${shape.pipe ? 'pipe' : 'ws'} | ${stop.name}`;
        if (only !== null && !only.test(name)) continue;
        const said = predicted(bot, stop);
        const seen = await happens(bot, stop, standIn, engine).catch((error: unknown) => ({
          browser: String(error),
          login: '',
        }));
        const agrees = said.browser === seen.browser && said.login === seen.login;
        const row = `| ${name} | ${seen.browser} | ${seen.login} | ${said.browser}, ${said.login} | ${agrees ? 'yes' : 'NO'} |`;
        console.log(row);
        rows.push(row);
        if (out !== undefined) appendFileSync(out, `${JSON.stringify({ ...shape, stop: stop.name, ...seen })}\n`);
        if (!agrees) wrong.push(row);
      }
    }
    console.log(['| handler | flags | link | stop | browser | login | predicted | agrees |', ...rows].join('\n'));
    console.log(`${rows.length - wrong.length} of ${rows.length} cells agree`);
    expect(wrong).toEqual([]);
  });
});
