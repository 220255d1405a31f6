import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type OwnEngine, startEngine } from '../launch/support/docker-engine.ts';
import { lacks } from '../support/needs.ts';
import { type StandIn, startStandIn } from '../support/stand-in/server.ts';
import { cleanUp, REPOSITORY, scratch } from '../verify/support.ts';
import { type BotShape, HANDLERS, installDoctor } from './real/bot.ts';
import { happens, makeBot, predicted } from './real/cell.ts';
import { importBotImage, STOPS, type Stop } from './real/stops.ts';

/**
 * The truth about stopping a bot: real node, real Chromium, the real whatsapp-web.js with LocalAuth, a real Docker engine. A login is
 * paired, the bot is stopped at once, and what became of both is compared with what `path --json` said before.
 */
const SHAPES: readonly BotShape[] = HANDLERS.flatMap((handler) =>
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

  /** Run cells and compare; prints the table. */
  async function agree(title: string, shapes: readonly BotShape[], modules: string): Promise<string[]> {
    const rows: string[] = [];
    const wrong: string[] = [];
    for (const shape of shapes) {
      const wanted = STOPS.map((stop) => ({ stop, name: nameOf(title, shape, stop) })).filter(
        ({ name }) => only === null || only.test(name),
      );
      if (wanted.length === 0) continue;
      const bot = makeBot(scratch(), shape, standIn, modules);
      for (const { stop, name } of wanted) {
        const said = predicted(bot, stop);
        const seen = await happens(bot, stop, standIn, engine).catch((error: unknown) => ({
          browser: String(error),
          login: '',
        }));
        // The guard keeps the login whatever it is put into, SIGKILL excepted. With npm as PID 1 it does not: those cells say NO.
        const kept = shape.guarded !== true || stop.signal === 'SIGKILL' || seen.login === 'kept';
        const agrees = said.browser === seen.browser && said.login === seen.login && kept;
        const row = `| ${name} | ${seen.browser} | ${seen.login} | ${said.browser}, ${said.login} | ${agrees ? 'yes' : 'NO'} |`;
        console.log(row);
        rows.push(row);
        if (out !== undefined)
          appendFileSync(out, `${JSON.stringify({ title, ...shape, stop: stop.name, ...seen })}\n`);
        if (!agrees) wrong.push(row);
      }
    }
    console.log(
      ['| puppeteer | handler | flags | link | stop | browser | login | predicted | agrees |', ...rows].join('\n'),
    );
    console.log(`${title}: ${rows.length - wrong.length} of ${rows.length} cells agree`);
    return wrong;
  }

  it('happens', async () => {
    expect(await agree('24', SHAPES, `${REPOSITORY}/node_modules`)).toEqual([]);
  });

  it('is a kept login with the guard put in', async () => {
    installDoctor(scratch(), REPOSITORY);
    const guarded = SHAPES.map((shape) => ({ ...shape, guarded: true }));
    expect(await agree('24', guarded, `${REPOSITORY}/node_modules`)).toEqual([]);
  });

  it('happens with puppeteer 18, where SIGTERM closes the browser', async () => {
    const old = join(scratch(), 'old');
    mkdirSync(old);
    // The library of today on the puppeteer of whatsapp-web.js 1.26 to 1.34.2: the stand-in page speaks today's library.
    const manifest = {
      name: 'old',
      private: true,
      dependencies: { 'whatsapp-web.js': '1.34.7' },
      overrides: { puppeteer: '18.2.1' },
    };
    writeFileSync(join(old, 'package.json'), JSON.stringify(manifest));
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: old, timeout: 180_000 });
    expect(await agree('18', SHAPES, join(old, 'node_modules'))).toEqual([]);
  });
});

function nameOf(title: string, { handler, flags, pipe, guarded }: BotShape, stop: Stop): string {
  return `${title} | ${handler}${guarded === true ? ' + guard' : ''} | ${flags} | ${pipe ? 'pipe' : 'ws'} | ${stop.name}`;
}
