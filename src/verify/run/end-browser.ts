import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser } from './packages.ts';

/**
 * How long a browser may take to close before it is told more firmly. A 110 MB profile closed within 0.7 s (measured); a browser that
 * is wedged never does. The sum stays below the 10 s in which a run must end after its parent is gone.
 */
const CLOSE_LIMIT_MS = 6_000;
/** SIGTERM to the browser itself also writes everything down (measured). */
const TERM_LIMIT_MS = 1_500;

export function isGone(child: ChildProcess | null): boolean {
  return child === null || child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

async function goneWithin(child: ChildProcess, limit: number): Promise<boolean> {
  if (isGone(child)) return true;
  const timer = new AbortController();
  const gone = new Promise<boolean>((resolve) => child.once('exit', () => resolve(true)));
  const late = delay(limit, false, { signal: timer.signal }).catch(() => false);
  const result = await Promise.race([gone, late]);
  timer.abort();
  return result;
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
  if (await goneWithin(child, CLOSE_LIMIT_MS)) return child.signalCode === null;
  child.kill('SIGTERM');
  if (await goneWithin(child, TERM_LIMIT_MS)) return child.signalCode === null;
  killGroup(pid);
  await goneWithin(child, 500);
  return false;
}
