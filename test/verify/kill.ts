import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processesWith } from '../../src/verify/processes.ts';
import type { StandIn } from '../support/stand-in/server.ts';
import { BROWSER, processesOn, REPOSITORY, runEntry, scratch } from './support.ts';

let driver: Promise<string> | null = null;

/** A program that runs verify alone, built from the source under test, so that it can be killed. */
function driverProgram(): Promise<string> {
  driver ??= (async () => {
    const { build } = await import('esbuild');
    const outfile = join(scratch(), 'driver.mjs');
    await build({
      stdin: {
        contents: `
          import { verifyLive } from './src/verify/cycle.ts';
          const interrupt = new AbortController();
          process.on('SIGINT', () => interrupt.abort());
          const given = JSON.parse(process.argv[2]);
          const result = await verifyLive({
            headless: true, cycles: 1, stop: 'destroy', timeoutMs: 120000, settleMs: 0, pair: false, backup: false, ownerGone: null,
            signal: interrupt.signal, confirm: async () => true, showQr() {},
            progress: (step) => process.stdout.write((step.event?.name ?? step.kind) + ' ' + (step.n ?? '') + '\\n'), ...given,
          });
          process.stdout.write('verdict ' + result.verdict + '\\n');
        `,
        resolveDir: REPOSITORY,
        loader: 'ts',
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
    });
    return outfile;
  })();
  return driver;
}

export interface Killed {
  /** What had happened before the signal. */
  readonly seen: string;
  /** Milliseconds until every process on the profile was gone; `null`: some were left after 20 s. */
  readonly goneAfter: number | null;
  /** Ended before the signal came. */
  readonly early: boolean;
}

/**
 * Start verify on a session and send it a signal after some time.
 * @param afterMs counted from the moment that the first run starts
 */
export async function interruptVerify(
  standIn: StandIn,
  session: string,
  signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM',
  afterMs: number,
): Promise<Killed> {
  const program = await runEntry();
  const given = {
    project: REPOSITORY,
    session,
    browser: BROWSER,
    browserArgs: standIn.browserArgs,
    runEntry: program,
  };
  const child = spawn(process.execPath, [await driverProgram(), JSON.stringify(given)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let seen = '';
  child.stdout.on('data', (chunk) => {
    seen += String(chunk);
  });
  let ended = false;
  const gone = new Promise<void>((resolve) =>
    child.once('exit', () => {
      ended = true;
      resolve();
    }),
  );
  while (!seen.includes('run 1') && !ended) await delay(10);
  await Promise.race([delay(afterMs), gone]);
  const early = ended;
  child.kill(signal);
  const start = Date.now();
  await gone;
  let goneAfter: number | null = null;
  while (Date.now() - start < 20_000) {
    if (processesOn(session).length === 0 && processesWith(program).length === 0) {
      // A browser that was just being started would show up now.
      await delay(300);
      if (processesOn(session).length === 0) {
        goneAfter = Date.now() - start;
        break;
      }
    }
    await delay(50);
  }
  return { seen, goneAfter, early };
}
