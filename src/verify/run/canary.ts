import type { RunningSession } from './client.ts';
import { orLate, textOf } from './client.ts';
import { endBrowser } from './end-browser.ts';
import type { Browser, Page, Puppeteer } from './packages.ts';
import type { CanaryFound, FromRun, StartCanary } from './protocol.ts';

/**
 * A fixed origin that exists nowhere (RFC 2606): Local Storage and IndexedDB belong to an origin with its port, so a server on a
 * free port would find nothing again. Every request is answered here; no packet leaves the machine.
 */
const ORIGIN = 'https://canary.wa-doctor.invalid';

const PAGE = `<!doctype html><meta charset="utf-8"><title>canary</title><script>
const open = () => new Promise((done, fail) => {
  const request = indexedDB.open('canary', 1);
  request.onupgradeneeded = () => request.result.createObjectStore('tokens');
  request.onsuccess = () => done(request.result);
  request.onerror = () => fail(request.error);
});
window.plant = async (token) => {
  localStorage.setItem('token', token);
  const db = await open();
  await new Promise((done, fail) => {
    const transaction = db.transaction('tokens', 'readwrite');
    transaction.objectStore('tokens').put(token, 'token');
    transaction.oncomplete = done;
    transaction.onabort = transaction.onerror = () => fail(transaction.error);
  });
  db.close();
};
window.look = async () => {
  const found = { localStorage: localStorage.getItem('token'), indexedDb: null, error: null };
  try {
    const db = await open();
    found.indexedDb = await new Promise((done, fail) => {
      const request = db.transaction('tokens').objectStore('tokens').get('token');
      request.onsuccess = () => done(request.result ?? null);
      request.onerror = () => fail(request.error);
    });
    db.close();
  } catch (error) { found.error = String(error); }
  return found;
};
</script>`;

async function openPage(browser: Browser): Promise<Page> {
  const page = (await browser.pages())[0] ?? (await browser.newPage());
  await page.setBypassServiceWorker?.(true);
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    const body = request.url() === `${ORIGIN}/` ? PAGE : '';
    request.respond({ status: 200, contentType: 'text/html', body }).catch(() => {});
  });
  await page.goto(`${ORIGIN}/`, { waitUntil: 'load', timeout: 30_000 });
  return page;
}

/** Plant and read a token through the real browser; each step is a browser of its own that is closed as `client.destroy()` does. */
export function startCanary(
  puppeteer: Puppeteer,
  options: StartCanary,
  send: (message: FromRun) => void,
): RunningSession {
  let stopped = false;
  let current: Promise<Browser> | null = null;

  const step = async (name: 'plant' | 'check'): Promise<void> => {
    const start = performance.now();
    current = puppeteer.launch({
      executablePath: options.browser,
      userDataDir: options.profile,
      args: [...options.args, '--host-resolver-rules=MAP * ~NOTFOUND'],
      headless: options.headless,
      pipe: true,
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: options.timeoutMs,
    });
    const browser = await current;
    try {
      send({ type: 'browser', pid: browser.process()?.pid ?? 0, version: await browser.version() });
      const page = await openPage(browser);
      if (name === 'plant') await page.evaluate(`plant(${JSON.stringify(options.token)})`);
      const found = (await page.evaluate('look()')) as CanaryFound;
      await endBrowser(browser, () => browser.close());
      send({ type: 'read', step: name, ms: Math.round(performance.now() - start), found });
    } finally {
      await endBrowser(browser, () => browser.close());
      current = null;
    }
  };

  const work = (async () => {
    for (const name of options.steps) if (!stopped) await step(name);
  })().then(
    () => send({ type: 'done' }),
    (error: unknown) => {
      if (!stopped) send({ type: 'failed', text: textOf(error) });
    },
  );
  return {
    async end() {
      stopped = true;
      const browser = await orLate(current?.catch(() => null) ?? Promise.resolve(null));
      if (browser === 'late') return 'starting';
      const clean = browser === null ? true : await endBrowser(browser, () => browser.close());
      await work;
      return clean;
    },
  };
}
