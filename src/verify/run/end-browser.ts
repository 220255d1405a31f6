import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from './packages.ts';

/**
 * How long a browser may take to close before it is told more firmly. A 110 MB profile closed within 0.7 s (measured), on a machine
 * with ten processes to a core it took 8 s; a browser that is wedged never does. Whoever waits for this process lets it take its time,
 * because a browser that is killed leaves what it had not written.
 */
const CLOSE_LIMIT_MS = 30_000;
/** When nobody waits: the sum with what follows stays below the 10 s in which a run must end after its parent is gone. */
const HURRIED_CLOSE_LIMIT_MS = 6_000;
/** SIGTERM to the browser itself also writes everything down (measured). */
const TERM_LIMIT_MS = 1_500;
/** How often a hurry that sets in meanwhile is noticed. */
const POLL_MS = 100;

let hurried = false;

/** The parent is gone: from now on a browser that closes has little time. */
export function hurry(): void {
  hurried = true;
}

export function isGone(child: ChildProcess | null): boolean {
  return child === null || child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function goneWithin(child: ChildProcess, limit: () => number): Promise<boolean> {
  const timer = new AbortController();
  const gone = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
  const start = performance.now();
  while (!isGone(child) && performance.now() - start < limit()) {
    const wait = delay(POLL_MS, false, { signal: timer.signal }).catch(() => false);
    if (await Promise.race([gone, wait])) break;
  }
  timer.abort();
  return isGone(child);
}

/** Kill the browser with everything it started: puppeteer gives it a process group of its own. */
export function killGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // Already gone, or no group leader.
    }
  }
}

/**
 * End a browser: close it, then SIGTERM, then SIGKILL. It is gone afterwards.
 * @param close what closes it: `client.destroy()`
 * @returns whether it closed by itself, with everything on disk
 */
export async function endBrowser(browser: Browser, close: () => Promise<void>): Promise<boolean> {
  const child = browser.process();
  const closing = close().then(
    () => true,
    () => false,
  );
  if (child === null || child.pid === undefined) return await closing;
  const pid = child.pid;
  if (await goneWithin(child, () => (hurried ? HURRIED_CLOSE_LIMIT_MS : CLOSE_LIMIT_MS)))
    return child.signalCode === null;
  child.kill('SIGTERM');
  if (await goneWithin(child, () => TERM_LIMIT_MS)) return child.signalCode === null;
  killGroup(pid);
  await goneWithin(child, () => 500);
  return false;
}
