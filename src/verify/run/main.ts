/**
 * The process of one run, started by verify with an IPC channel. A restart is a new process, so every run has its own; and a browser
 * whose process is separate can be closed cleanly whatever becomes of verify itself: when the channel breaks, this process closes
 * the browser and ends; when this process is killed, the pipe to the browser breaks and the browser closes by itself.
 */

import { startCanary } from './canary.ts';
import { type RunningSession, startClient, textOf } from './client.ts';
import { hurry } from './end-browser.ts';
import { loadPackages, type Packages } from './packages.ts';
import type { FromRun, Prepare, ToRun } from './protocol.ts';

/** What closing takes at most is below these (end-browser.ts); a run must be over 10 s after its parent is gone. */
const END_LIMIT_MS = 35_000;
const HURRIED_END_LIMIT_MS = 9_500;

let packages: Packages | null = null;
let session: RunningSession | null = null;
let ending = false;

/** Killed, not exited: puppeteer kills the browser in an exit handler, whereas a broken pipe lets it close cleanly. */
function killAfter(limit: number): NodeJS.Timeout {
  return setTimeout(() => process.kill(process.pid, 'SIGKILL'), limit);
}

function send(message: FromRun): void {
  if (process.connected) process.send?.(message, () => {});
}

async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  const late = killAfter(END_LIMIT_MS);
  const clean = session === null ? true : await session.end().catch(() => false);
  if (clean === 'starting') process.kill(process.pid, 'SIGKILL');
  clearTimeout(late);
  if (process.connected && process.send !== undefined) {
    process.send({ type: 'ended', clean: clean === true } satisfies FromRun, () => process.exit(0));
    setTimeout(() => process.exit(0), 500).unref();
  } else {
    process.exit(0);
  }
}

function prepare(message: Prepare): void {
  try {
    packages = loadPackages(message.project, message.ownPackages, message.need, message.browser, message.near);
    send(packages.loaded);
  } catch (error) {
    send({ type: 'unloadable', reason: textOf(error).split('\n')[0] ?? 'it does not load' });
  }
}

function start(message: Exclude<ToRun, Prepare | { type: 'stop' }>): void {
  if (ending || session !== null || packages === null) return;
  try {
    if (message.type === 'start-canary') session = startCanary(packages.puppeteer, message, send);
    else if (packages.library !== null) session = startClient(packages.library, message, send);
  } catch (error) {
    send({ type: 'failed', text: textOf(error) });
  }
}

process.on('message', (message: ToRun) => {
  if (message.type === 'prepare') prepare(message);
  else if (message.type === 'stop') void end();
  else start(message);
});
process.on('disconnect', () => {
  hurry();
  killAfter(HURRIED_END_LIMIT_MS).unref();
  void end();
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end());
// The library leaves promises behind when a page closes under it. They do not decide anything here.
process.on('unhandledRejection', () => send({ type: 'event', name: 'stray-error', at: Date.now(), detail: null }));
process.on('uncaughtException', (error) => {
  send({ type: 'failed', text: textOf(error) });
  void end();
});
