import puppeteer, { type Page } from 'puppeteer';

const PAGE = '<!doctype html><meta charset="utf-8"><title>stand-in</title>';

/**
 * Open a profile with a real Chromium at `https://web.whatsapp.com` (answered by interception, no network), run `use`, close cleanly.
 * @param features Chromium features to enable, for the SQLite layouts
 */
export async function withPage<T>(
  userDataDir: string,
  use: (page: Page, kill: () => void) => Promise<T>,
  features: readonly string[] = [],
): Promise<T> {
  const browser = await puppeteer.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    userDataDir,
    args: [
      '--no-sandbox',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      ...(features.length > 0 ? [`--enable-features=${features.join(',')}`] : []),
    ],
  });
  let killed = false;
  try {
    const page = await browser.newPage();
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      void request.respond({ status: 200, contentType: 'text/html', body: PAGE });
    });
    await page.goto('https://web.whatsapp.com/');
    return await use(page, () => {
      killed = true;
      browser.process()?.kill('SIGKILL');
    });
  } finally {
    if (!killed) await browser.close();
  }
}

/** What a page says about its own storage: names and counts. */
export interface PageView {
  readonly keys: string[];
  readonly databases: { name: string; stores: { name: string; records: number }[] }[];
}

/** Local Storage keys, databases, object stores and record counts, as the page itself lists them. Sorted by code unit. */
export async function pageView(page: Page): Promise<PageView> {
  // A string, because the function runs in the page: TypeScript here knows no DOM.
  return (await page.evaluate(`(async () => {
    const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
    const wait = (request) => new Promise((yes, no) => { request.onsuccess = () => yes(request.result); request.onerror = () => no(request.error); });
    const databases = [];
    for (const { name } of await indexedDB.databases()) {
      const db = await wait(indexedDB.open(name));
      const stores = [];
      for (const store of db.objectStoreNames) {
        stores.push({ name: store, records: await wait(db.transaction(store).objectStore(store).count()) });
      }
      db.close();
      databases.push({ name, stores: stores.sort((a, b) => order(a.name, b.name)) });
    }
    return { keys: Object.keys(localStorage).sort(order), databases: databases.sort((a, b) => order(a.name, b.name)) };
  })()`)) as PageView;
}

/**
 * Write a stand-in of a linked session: the names that WhatsApp Web uses, with values of random bytes.
 * @param bytes about how much IndexedDB data to write
 */
export async function writeSession(page: Page, bytes: number): Promise<void> {
  await page.evaluate(`(async (bytes) => {
    const open = (name, stores) => new Promise((yes, no) => {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => { for (const store of stores) request.result.createObjectStore(store); };
      request.onsuccess = () => yes(request.result);
      request.onerror = () => no(request.error);
    });
    const put = (db, store, entries) => new Promise((yes, no) => {
      const transaction = db.transaction(store, 'readwrite');
      for (const [key, value] of entries) transaction.objectStore(store).put(value, key);
      transaction.oncomplete = yes;
      transaction.onerror = () => no(transaction.error);
    });
    const random = (length) => crypto.getRandomValues(new Uint8Array(length));
    localStorage.setItem('WANoiseInfo', 'stand-in');
    localStorage.setItem('WANoiseInfoIv', 'stand-in');
    localStorage.setItem('WAWebEncKeySalt', 'stand-in');
    localStorage.setItem('last-wid-md', '"5511999990011:7@c.us"');
    localStorage.setItem('me-display-name', 'Zo\\u00eb \\u4e16');
    localStorage.setItem('schl\\u00fcssel-\\u4e16', 'x');
    const signal = await open('signal-storage', ['identity-store', 'signal-meta-store', 'prekey-store', 'session-store']);
    await put(signal, 'signal-meta-store', [['signal_reg_id', { value: 7 }], ['signal_static_pubkey', random(33)]]);
    await put(signal, 'prekey-store', Array.from({ length: 50 }, (_, at) => [at, random(64)]));
    signal.close();
    const wawc = await open('wawc', ['user', 'keys']);
    await put(wawc, 'user', [['me', 1]]);
    wawc.close();
    const model = await open('model-storage', ['message', 'chat', 'contact']);
    for (let written = 0, at = 0; written < bytes; ) {
      const entries = [];
      for (let count = 0; count < 500 && written < bytes; count++, at++) {
        const length = 600 + ((at * 7919) % 1500);
        written += length;
        entries.push(['message-' + at, random(length)]);
      }
      await put(model, 'message', entries);
    }
    model.close();
  })(${bytes})`);
}
