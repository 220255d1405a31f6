import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { VerifyResult } from '../../src/model/verify.ts';
import { type VerifyOptions, verifyLive } from '../../src/verify/cycle.ts';
import type { StandIn } from '../support/stand-in/server.ts';

/** Real browser, real unmodified Client, no network: what the tests of verify share. */

export const REPOSITORY = resolve(import.meta.dirname, '../..');
export const BROWSER = '/usr/bin/chromium';
export const TOKEN = '"49151000000:11@c.us"';

let folder: string | null = null;

export function scratch(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'wa-verify-'));
  return folder;
}

export function cleanUp(): void {
  unmountAll();
  if (folder !== null) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  folder = null;
}

/** Faults mount file systems below the folder. */
function unmountAll(): void {
  const points = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((point) => folder !== null && point.startsWith(`${folder}/`));
  for (const point of points.reverse()) execFileSync('umount', ['-l', point]);
}

let entry: Promise<string> | null = null;

/** The program of a run, built from the source under test. */
export function runEntry(): Promise<string> {
  entry ??= (async () => {
    const { build } = await import('esbuild');
    const outfile = join(scratch(), 'verify-run.mjs');
    await build({
      entryPoints: [join(REPOSITORY, 'src/verify/run/main.ts')],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    return outfile;
  })();
  return entry;
}

/** Open the stand-in in a browser of its own, as far removed from verify as can be: puppeteer alone. */
export async function withPage<T>(
  standIn: StandIn,
  profile: string,
  work: () => Promise<T>,
  end: 'close' | 'kill' = 'close',
): Promise<T> {
  const { launch } = await import('puppeteer');
  const browser = await launch({
    executablePath: BROWSER,
    userDataDir: profile,
    pipe: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [...standIn.browserArgs],
  });
  try {
    const seen = standIn.loads.length;
    const page = (await browser.pages())[0] ?? (await browser.newPage());
    await page.goto('https://web.whatsapp.com/', { waitUntil: 'load' });
    while (standIn.loads.length === seen) await delay(20);
    return await work();
  } finally {
    if (end === 'kill') browser.process()?.kill('SIGKILL');
    else await browser.close();
  }
}

/** A profile that is linked with the stand-in and was closed cleanly. */
export async function linkedProfile(standIn: StandIn, directory: string): Promise<string> {
  await withPage(standIn, directory, async () => {
    await standIn.waiting();
    standIn.pair(TOKEN);
    while (standIn.paired === 0) await delay(20);
    await delay(100);
  });
  standIn.paired = 0;
  return directory;
}

/** What the stand-in finds in a profile that nobody has open. */
export async function truthOf(standIn: StandIn, profile: string): Promise<boolean> {
  standIn.behave({});
  return await withPage(standIn, profile, async () => standIn.loads.at(-1)?.linked ?? false);
}

let cases = 0;

/** A copy of a profile in a new data path, free to change. */
export function copyOf(base: string, name = 'session'): string {
  const session = join(scratch(), `case-${cases++}`, name);
  mkdirSync(session, { recursive: true });
  cpSync(base, session, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return session;
}

export async function verify(
  standIn: StandIn,
  session: string,
  options: Partial<VerifyOptions> = {},
): Promise<VerifyResult> {
  return await verifyLive({
    project: REPOSITORY,
    session,
    browser: BROWSER,
    browserArgs: standIn.browserArgs,
    headless: true,
    cycles: 1,
    stop: 'destroy',
    // Ready took 1 s on a quiet machine and 30 s with thirty processes waiting for two cores.
    timeoutMs: 120_000,
    settleMs: 0,
    pair: false,
    backup: true,
    ownerGone: null,
    signal: new AbortController().signal,
    confirm: async () => true,
    progress: () => {},
    showQr: () => {},
    runEntry: await runEntry(),
    ...options,
  });
}

/** Processes that mention a path in their command line: browsers that were left behind. */
export function processesOn(path: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`--user-data-dir=${path}`);
      } catch {
        return false;
      }
    })
    .map(Number);
}
