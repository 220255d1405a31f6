import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { OwnEngine } from '../../launch/support/docker-engine.ts';
import { doctorJson } from '../../support/doctor.ts';
import type { StandIn } from '../../support/stand-in/server.ts';
import { BROWSER, TOKEN, truthOf } from '../../verify/support.ts';
import { type BotShape, writeBot } from './bot.ts';
import { isAlive, kill, type Stop } from './stops.ts';

/** What became of a login that had just been paired, and of the browser. */
export interface Outcome {
  readonly browser: string;
  readonly login: 'kept' | 'lost';
}

interface PathJson {
  readonly launches: readonly {
    readonly id: string;
    readonly stops: readonly { signal: string; browser: string; lostSeconds: number | null; chain: string[] }[];
  }[];
  readonly lifecycle: { readonly puppeteer: string | null };
}

/** A bot of one shape, written to disk. */
export interface Bot {
  readonly shape: BotShape;
  readonly directory: string;
  readonly dataPath: string;
  readonly modules: string;
  readonly path: PathJson;
}

let count = 0;

/** Write a bot and let the doctor say what will happen to it. */
export function makeBot(
  base: string,
  shape: BotShape,
  standIn: StandIn,
  modules: string,
  files: (at: string) => void = () => {},
): Bot {
  const directory = join(base, `bot-${count++}`);
  const dataPath = join(directory, 'data');
  writeBot(directory, shape, { dataPath, browser: BROWSER, browserArgs: standIn.browserArgs }, modules);
  files(directory);
  const { json } = doctorJson<PathJson>(['path', directory, '--target', 'host']);
  return { shape, directory, dataPath, modules, path: json };
}

/** What the doctor says about one way of stopping it; the login is younger than the seconds that are lost, or it is kept. */
export function predicted(bot: Bot, stop: Stop): Outcome & { chain: readonly string[] } {
  const launch = bot.path.launches.find(({ id }) => id.startsWith(stop.launch));
  const outcome = launch?.stops.find(({ signal }) => signal === stop.signal);
  if (outcome === undefined) return { browser: `no such launch (${stop.launch})`, login: 'kept', chain: [] };
  const { browser, lostSeconds, chain } = outcome;
  return { browser, login: lostSeconds === 0 ? 'kept' : 'lost', chain };
}

function browserOn(profile: string): number | null {
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const words = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      if (words.includes(`--user-data-dir=${profile}\0`) && !words.includes('--type=')) return Number(name);
    } catch {
      // Gone meanwhile.
    }
  }
  return null;
}

function hasLock(profile: string): boolean {
  try {
    lstatSync(join(profile, 'SingletonLock'));
    return true;
  } catch {
    return false;
  }
}

async function until(done: () => boolean, limitMs: number): Promise<boolean> {
  for (const start = Date.now(); Date.now() - start < limitMs; await delay(20)) if (done()) return true;
  return done();
}

const START_LIMIT_MS = 60_000;
/** A browser that notices something by itself is gone well within this time (a broken pipe: 0.3 s on a quiet machine). */
const ORPHAN_AFTER_MS = 3_000;

/** Closing takes 0.1 to 0.7 s on a quiet machine. */
const CLOSE_LIMIT_MS = 10_000;

/** Start the bot, pair it, stop it at once, and look. */
export async function happens(bot: Bot, stop: Stop, standIn: StandIn, engine: OwnEngine | null): Promise<Outcome> {
  const profile = join(bot.dataPath, 'session');
  rmSync(bot.dataPath, { recursive: true, force: true });
  mkdirSync(bot.dataPath, { recursive: true });
  standIn.behave({});
  standIn.paired = 0;
  const running = await stop.start(bot.directory, bot.dataPath, bot.modules, engine);
  try {
    await Promise.race([
      standIn.waiting(),
      delay(START_LIMIT_MS, null, { ref: false }).then(() => {
        throw new Error('the bot never showed a QR code');
      }),
    ]);
    // The library binds its last listeners after the QR code is there.
    await delay(200);
    standIn.pair(TOKEN);
    if (!(await until(() => standIn.paired > 0, START_LIMIT_MS))) throw new Error('never paired');
    await delay(150);
    const pid = browserOn(profile);
    if (pid === null) throw new Error('no browser is on the profile');
    await running.stop();
    const gone = await until(() => !isAlive(pid), ORPHAN_AFTER_MS);
    const browser = !gone ? 'orphaned' : hasLock(profile) ? 'killed' : 'clean';
    running.cleanUp();
    if (!gone) {
      // With a pipe it closes by itself now that node is gone too; a SIGTERM in the middle of that cut it off once in 144 cells.
      if (bot.shape.pipe) await until(() => !isAlive(pid), CLOSE_LIMIT_MS);
      // What a person does with an orphan: SIGTERM to the browser itself closes it properly.
      kill(pid, 'SIGTERM');
      if (!(await until(() => !isAlive(pid), CLOSE_LIMIT_MS))) kill(pid, 'SIGKILL');
    }
    await delay(100);
    return { browser, login: (await truthOf(standIn, profile)) ? 'kept' : 'lost' };
  } finally {
    running.cleanUp();
    const left = browserOn(profile);
    if (left !== null) kill(left, 'SIGKILL');
  }
}
