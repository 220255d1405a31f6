import { setTimeout as delay } from 'node:timers/promises';
import { closeClient, prepare } from './browser.ts';
import { takeSignals } from './signals.ts';
import type { GuardedClient, GuardedClients, Shutdown, ShutdownOptions } from './types.ts';

/** Docker kills after 10 s, Kubernetes and systemd later; pm2 needs `kill_timeout` (WA403). */
const DEADLINE_MS = 8_000;
/** Ctrl-C under `npm start` comes twice within milliseconds: from the terminal and from npm. */
const TWICE_MS = 1_000;
/** Other listeners of the signal (an HTTP server, a database) get this long after the browser has closed. */
const OTHERS_MS = 2_000;

const SIGNALS: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP']
    : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

function listOf(clients: GuardedClients): readonly GuardedClient[] {
  if (typeof clients === 'function') return [...clients()];
  return Array.isArray(clients) ? clients : [clients as GuardedClient];
}

export const toStandardError = (line: string): void => void process.stderr.write(`wa-doctor: ${line}\n`);

/**
 * Close the browsers of a bot before its process ends, whoever asks for it: a signal, pm2's `shutdown` message, a second module that
 * wants to exit. Call it before `client.initialize()`: it also switches puppeteer's own signal handlers off, which would kill the browser.
 * A second signal, a second later or more, ends the process at once.
 *
 * @param clients one client, several, or a function that gives those of the moment
 */
export function gracefulShutdown(clients: GuardedClients, options: ShutdownOptions = {}): Shutdown {
  const { signals = SIGNALS, deadlineMs = DEADLINE_MS, exit = true, exitCode = 0 } = options;
  const log = options.log === undefined ? toStandardError : (options.log ?? (() => {}));
  let closing: Promise<boolean> | null = null;
  let since = 0;
  let asked = false;

  const begin = (): Promise<boolean> => {
    closing ??= (async () => {
      const end = Date.now() + deadlineMs;
      if (options.before !== undefined) {
        const before = Promise.resolve().then(options.before);
        await Promise.race([
          before.catch((error: unknown) => log(`before(): ${String(error)}`)),
          delay(deadlineMs / 4),
        ]);
      }
      const results = await Promise.all(listOf(clients).map((client) => closeClient(client, end)));
      return results.every(Boolean);
    })().catch((error: unknown) => {
      log(`the browser could not be closed: ${String(error)}`);
      return false;
    });
    return closing;
  };

  const end = async (reason: string, code: number, passOn: () => boolean): Promise<void> => {
    if (asked) {
      if (Date.now() - since < TWICE_MS) return;
      log(`${reason} again: ending at once`);
      process.exit(130);
    }
    asked = true;
    since = Date.now();
    const clean = await begin();
    log(clean ? `${reason}: the browser has closed` : `${reason}: the browser did not close in time`);
    // Whoever else listens has its turn now; it may end the process itself.
    const others = passOn();
    if (!exit) return;
    if (others) await delay(OTHERS_MS);
    process.exit(code);
  };

  const release = takeSignals(signals, (signal, passOn) => void end(signal, exitCode, passOn));
  const onMessage = (message: unknown): void => {
    if (message === 'shutdown') void end('shutdown message', exitCode, () => process.listenerCount('message') > 1);
  };
  if (process.send !== undefined) process.on('message', onMessage);
  const onCrash = (error: unknown): void => {
    console.error(error);
    void end('uncaught exception', 1, () => false);
  };
  if (options.crashes === true) process.on('uncaughtException', onCrash);

  try {
    for (const client of typeof clients === 'function' ? [] : listOf(clients)) {
      if (prepare(client, () => closing !== null))
        log(
          'gracefulShutdown() was called after initialize(): set handleSIGINT, handleSIGTERM and handleSIGHUP to false yourself',
        );
    }
  } catch (error) {
    log(`the client could not be prepared: ${String(error)}`);
  }
  return {
    close: begin,
    release() {
      release();
      process.off('message', onMessage);
      process.off('uncaughtException', onCrash);
    },
  };
}
