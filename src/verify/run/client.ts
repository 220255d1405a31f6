import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { endBrowser } from './end-browser.ts';
import type { Browser, Client, Library, LocalAuth } from './packages.ts';
import type { ClientValues, FromRun, StartClient } from './protocol.ts';

/** Documented events of the Client that tell how far a session came. Their details hold phone numbers and stay in here. */
const EVENTS = [
  'qr',
  'loading_screen',
  'authenticated',
  'ready',
  'auth_failure',
  'disconnected',
  'change_state',
] as const;
/** Words that WhatsApp's states and reasons consist of (`LOGOUT`, `UNPAIRED`, `CONNECTED`); anything else is not passed on. */
const STATE = /^[A-Z_]{2,40}$/;

/** A session that runs, as the process of the run sees it. */
export interface RunningSession {
  /**
   * Close the browser, wherever the start has got to; resolves when it is gone. `starting`: it still is on its way up and cannot be
   * told anything yet; once this process is killed it closes by itself.
   */
  end(): Promise<boolean | 'starting'>;
}

/** How long an end waits for a browser that is being started. */
const START_GRACE_MS = 3_000;

/** The browser, or `late` when it does not come up in time. */
export function orLate<T>(browser: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), START_GRACE_MS);
  });
  return Promise.race([browser, late]).finally(() => clearTimeout(timer));
}

/**
 * LocalAuth on exactly this directory, whose `logout()` deletes nothing: the library calls it when WhatsApp ends the link, and would
 * remove the whole profile under the running browser (measured, 10 of 10).
 */
function harmlessAuth(library: Library, session: string, onBrowser: () => void): LocalAuth {
  const name = /^session(?:-([-_\w]+))?$/.exec(basename(session));
  const { LocalAuth } = library;
  class HarmlessAuth extends LocalAuth {
    override async beforeBrowserInitialized(): Promise<void> {
      if (name !== null) return await super.beforeBrowserInitialized();
      // A directory that LocalAuth would not have made: wrappers take client ids that it refuses.
      this.client.options.puppeteer = { ...this.client.options.puppeteer, userDataDir: session };
      this.userDataDir = session;
    }

    override async afterBrowserInitialized(): Promise<void> {
      await super.afterBrowserInitialized();
      onBrowser();
    }

    override async logout(): Promise<void> {}
  }
  const clientId = name?.[1];
  return new HarmlessAuth({ dataPath: dirname(session), ...(clientId === undefined ? {} : { clientId }) });
}

/** `{ 'a.b': 1 }` → `{ a: { b: 1 } }`. */
function nested(values: ClientValues): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(values)) {
    const [first = '', second] = name.split('.');
    if (second === undefined) options[first] = value;
    else options[first] = { ...(options[first] as object | undefined), [second]: value };
  }
  return options;
}

/**
 * The bot's own web version cache, so that the page is the one that the bot opens; except that a local one is not filled: the library
 * would write every page that it sees into it (without `strict`, a version that is missing means the newest page).
 */
function pageCache(given: unknown, version: string): Readonly<Record<string, unknown>> {
  const cache = (given ?? {}) as { type?: unknown; path?: unknown; strict?: unknown };
  if ((cache.type ?? 'local') !== 'local') return { ...cache };
  const held = typeof cache.path === 'string' && existsSync(join(cache.path, `${version}.html`));
  return held || cache.strict === true ? { ...cache, type: 'local' } : { type: 'none' };
}

/** Start the real Client on the real session directory. Everything it says goes to `send`. */
export function startClient(library: Library, options: StartClient, send: (message: FromRun) => void): RunningSession {
  let ending = false;
  let launched: (browser: Browser | null) => void = () => {};
  const browserReady = new Promise<Browser | null>((resolve) => {
    launched = resolve;
  });
  const onBrowser = () => {
    const browser = client.pupBrowser;
    launched(browser);
    if (browser === null) return;
    browser.on('disconnected', () => {
      if (!ending) send({ type: 'browser-gone' });
    });
    // Seen before the library listens: a page that is logged out while it starts goes to an address that says so.
    browser.on('targetchanged', (target) => {
      if (target.url().includes('post_logout=1'))
        send({ type: 'event', name: 'logged-out', at: Date.now(), detail: null });
    });
    const pid = browser.process()?.pid;
    browser.version().then(
      (version) => pid !== undefined && send({ type: 'browser', pid, version }),
      () => pid !== undefined && send({ type: 'browser', pid, version: null }),
    );
  };
  const own = nested(options.client);
  const client: Client = new library.Client({
    ...own,
    authStrategy: harmlessAuth(library, options.session, onBrowser),
    authTimeoutMs: options.timeoutMs,
    webVersionCache: { type: 'none' },
    puppeteer: {
      ...(own['puppeteer'] as Readonly<Record<string, unknown>> | undefined),
      executablePath: options.browser,
      args: [...options.args],
      headless: options.headless,
      // With a pipe the browser closes cleanly when this process is killed (measured, 10 of 10); puppeteer's own handlers kill it.
      pipe: true,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    },
  });
  client.options.webVersionCache = pageCache(own['webVersionCache'], String(client.options.webVersion));
  for (const name of EVENTS) {
    client.on(name, (detail) => {
      const shown = name === 'qr' ? options.showQr : typeof detail === 'string' && STATE.test(detail);
      send({ type: 'event', name, at: Date.now(), detail: shown ? String(detail) : null });
    });
  }
  client.initialize().then(
    () => {},
    (error: unknown) => {
      launched(client.pupBrowser);
      if (!ending) send({ type: 'failed', text: textOf(error) });
    },
  );
  return {
    async end() {
      ending = true;
      const browser = await orLate(browserReady);
      if (browser === 'late') return 'starting';
      return browser === null ? true : await endBrowser(browser, () => client.destroy());
    },
  };
}

/** The library throws strings too (`'auth timeout'`). */
export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
