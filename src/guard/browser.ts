import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import type { GuardedClient } from './types.ts';

/** A wedged browser gets SIGTERM this long before the deadline: that too writes everything down (measured, profile.md). */
const TERM_MS = 1_500;
const POLL_MS = 25;

interface Browser {
  process?(): ChildProcess | null;
}

/** What the library keeps beside its documented interface; read with care. */
interface Inside {
  pupBrowser?: Browser | null;
  options?: { puppeteer?: Record<string, unknown> };
}

/** Calls of `initialize()` that have not come to an end, by client. */
const starting = new WeakMap<GuardedClient, Promise<unknown>>();
const wrapped = new WeakSet<GuardedClient>();

export const PUPPETEER_FLAGS = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false } as const;

/**
 * Let a client start its browser without puppeteer's signal handlers, and remember that it is starting.
 * @returns whether its browser runs already, so that the flags come too late
 */
export function prepare(client: GuardedClient, isEnding: () => boolean): boolean {
  const inside = client as GuardedClient & Inside;
  if (inside.options !== null && typeof inside.options === 'object')
    inside.options.puppeteer = { ...inside.options.puppeteer, ...PUPPETEER_FLAGS };
  const { initialize } = client;
  if (typeof initialize === 'function' && !wrapped.has(client)) {
    wrapped.add(client);
    client.initialize = (...args: never[]) => {
      // A browser that is started now would be killed in the middle of its start.
      if (isEnding()) return new Promise(() => {});
      const started = initialize.apply(client, args);
      const settled = Promise.resolve(started).then(
        () => {},
        () => {},
      );
      starting.set(client, settled);
      void settled.then(() => starting.delete(client));
      return started;
    };
  }
  return inside.pupBrowser != null;
}

function processOf(client: GuardedClient): ChildProcess | null {
  try {
    return (client as GuardedClient & Inside).pupBrowser?.process?.() ?? null;
  } catch {
    return null;
  }
}

const isGone = (child: ChildProcess): boolean => child.exitCode !== null || child.signalCode !== null;

async function until(done: () => boolean, end: number): Promise<boolean> {
  while (!done() && Date.now() < end) await delay(POLL_MS);
  return done();
}

/**
 * Close one client: destroy(), then SIGTERM to its browser, then SIGKILL.
 * @param end when it has to be over, in milliseconds since the epoch
 * @returns whether its browser closed by itself. Never throws.
 */
export async function closeClient(client: GuardedClient, end: number): Promise<boolean> {
  const pending = starting.get(client);
  let over = pending === undefined;
  void pending?.then(() => {
    over = true;
  });
  // A browser that is being started has no handle yet.
  await until(() => processOf(client) !== null || over, end - 2 * TERM_MS);
  const child = processOf(client);
  let destroyed = false;
  const destroying = Promise.resolve()
    .then(() => client.destroy())
    .then(
      () => true,
      () => false,
    )
    .then((worked) => {
      destroyed = true;
      return worked;
    });
  if (child === null) {
    // The browser runs elsewhere, or never started.
    await until(() => destroyed, end);
    return destroyed && (await destroying);
  }
  if (await until(() => isGone(child), end - TERM_MS)) {
    // The strategy may have something to end too.
    await until(() => destroyed, Math.min(end, Date.now() + TERM_MS));
    return child.signalCode === null;
  }
  child.kill('SIGTERM');
  if (await until(() => isGone(child), end)) return child.signalCode === null;
  killGroup(child);
  return false;
}

function killGroup(child: ChildProcess): void {
  try {
    // Puppeteer gives the browser a process group of its own.
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  } catch {
    child.kill('SIGKILL');
  }
}
