import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, Page } from 'puppeteer';

/**
 * Real profiles for tests: a real Chromium writes Local Storage and IndexedDB of `https://web.whatsapp.com` from a stand-in page that
 * is answered by request interception. No packet leaves the machine.
 */

const ORIGIN = 'https://web.whatsapp.com';
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const LAUNCH_LIMIT_MS = 30_000;

/** How much beside the identity is stored. */
export interface Bulk {
  /** KiB of Local Storage; from about 200 on Chromium makes `.ldb` files. The quota is about 10 MiB. */
  readonly localStorageKiB: number;
  /** MiB of IndexedDB records in `model-storage`. */
  readonly indexedDbMiB: number;
}

export const SMALL: Bulk = { localStorageKiB: 0, indexedDbMiB: 0 };
/** Both databases hold `.ldb` files. */
export const BIG: Bulk = { localStorageKiB: 600, indexedDbMiB: 12 };
export const LARGE: Bulk = { localStorageKiB: 1200, indexedDbMiB: 100 };

/** What the page finds when it loads: the token in each half of the identity, or `null`. */
export interface Identity {
  readonly localStorage: string | null;
  readonly indexedDb: string | null;
  readonly error: string | null;
}

export interface BrowserOptions {
  /** Features for `--enable-features`: `IdbSqliteBackingStore`, `DomStorageSqlite`. */
  readonly features?: readonly string[];
  readonly args?: readonly string[];
  /** Run the browser as this user (needs root). */
  readonly uid?: number;
}

/** One running browser on one profile. */
export interface RunningBrowser {
  readonly page: Page;
  readonly browser: Browser;
  readonly pid: number;
  /** Close as `client.destroy()` does. */
  close(): Promise<void>;
  /** SIGKILL to the browser process. */
  kill(): Promise<void>;
}

/** Runs in the page. Kept free of helpers because it is sent as text. */
const PAGE_SCRIPT = `
const STORES = {
  'signal-storage': ['identity-store', 'signal-meta-store', 'prekey-store', 'signed-prekey-store', 'session-store', 'senderkey-store', 'baseKey-store'],
  'wawc': ['user'],
  'wawc_db_enc': ['keys', 'fts_hmac_keys'],
  'model-storage': ['message', 'chat', 'contact'],
};
function openDb(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => { for (const store of STORES[name]) request.result.createObjectStore(store); };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('blocked'));
  });
}
function put(db, store, entries, durability) {
  return new Promise((resolve, reject) => {
    const transaction = db.transaction(store, 'readwrite', durability ? { durability } : {});
    for (const [key, value] of entries) transaction.objectStore(store).put(value, key);
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? new Error('aborted'));
  });
}
function get(db, store, key) {
  return new Promise((resolve, reject) => {
    const request = db.transaction(store).objectStore(store).get(key);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
function noise(length) {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
  return bytes;
}
window.wa = {
  async link(token, number, bulk) {
    localStorage.setItem('WANoiseInfo', token);
    localStorage.setItem('WANoiseInfoIv', 'iv');
    localStorage.setItem('WAWebEncKeySalt', 'salt');
    for (let at = 0; at < bulk.localStorageKiB; at += 4) {
      localStorage.setItem('fill-' + at, Array.from(noise(2048), (byte) => String.fromCharCode(97 + byte % 26)).join('').repeat(2));
    }
    const enc = await openDb('wawc_db_enc');
    await put(enc, 'keys', [['1', noise(32)]]);
    enc.close();
    const wawc = await openDb('wawc');
    await put(wawc, 'user', [['theme', 'dark']]);
    wawc.close();
    const model = await openDb('model-storage');
    for (let at = 0; at < bulk.indexedDbMiB; at++) {
      const entries = [];
      for (let i = 0; i < 256; i++) entries.push(['m-' + at + '-' + i, { id: i, body: noise(4096) }]);
      await put(model, 'message', entries);
    }
    await put(model, 'chat', [['c1', { name: 'x' }]]);
    model.close();
    const signal = await openDb('signal-storage');
    await put(signal, 'signal-meta-store', [['signal_reg_id', token], ['signal_static_pubkey', noise(32)]]);
    await put(signal, 'session-store', [['s1', noise(64)]]);
    signal.close();
    localStorage.setItem('last-wid-md', JSON.stringify(number + ':11@c.us'));
    localStorage.setItem('wa-token', token);
  },
  /** A page that shows a QR code: it prepares keys, nobody scans. */
  async qr() {
    localStorage.setItem('WANoiseInfo', 'prepared');
    localStorage.setItem('WALangPhonePref', 'en');
    (await openDb('wawc')).close();
    const signal = await openDb('signal-storage');
    await put(signal, 'signal-meta-store', [['signal_reg_id', 'prepared']]);
    signal.close();
  },
  async logout() {
    for (const key of Object.keys(localStorage)) if (key !== 'WALangPhonePref') localStorage.removeItem(key);
    localStorage.setItem('WALangPhonePref', 'en');
    for (const { name } of await indexedDB.databases()) {
      if (name === 'sw' || name === 'pb_detect') continue;
      await new Promise((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name);
        request.onsuccess = resolve;
        request.onerror = () => reject(request.error);
      });
    }
  },
  async identity() {
    const linked = localStorage.getItem('last-wid-md') !== null && localStorage.getItem('WANoiseInfo') !== null;
    const found = { localStorage: linked ? localStorage.getItem('wa-token') : null, indexedDb: null, error: null };
    try {
      const signal = await openDb('signal-storage');
      found.indexedDb = (await get(signal, 'signal-meta-store', 'signal_reg_id')) ?? null;
      signal.close();
    } catch (error) {
      found.error = String(error);
    }
    return found;
  },
  async names() {
    const databases = {};
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise((resolve, reject) => {
        const request = indexedDB.open(name);
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      databases[name] = [...db.objectStoreNames].sort();
      db.close();
    }
    return { keys: Object.keys(localStorage).sort(), databases };
  },
};`;

const PAGE = `<!doctype html><meta charset="utf-8"><title>stand-in</title><script>${PAGE_SCRIPT}</script>`;

function executable(): string {
  const found = BROWSERS.find(existsSync);
  if (found === undefined) throw new Error('no Chromium on this machine');
  return found;
}

/** Start Chromium on a profile and open the stand-in page in it. */
export async function openBrowser(profile: string, options: BrowserOptions = {}): Promise<RunningBrowser> {
  const { launch } = await import('puppeteer');
  const features = options.features ?? [];
  // A wrapper drops the privileges, because puppeteer cannot.
  const asUser =
    options.uid === undefined ? [] : ['--reuid', String(options.uid), '--regid', String(options.uid), '--clear-groups'];
  const browser = await launch({
    executablePath: asUser.length > 0 ? userWrapper(asUser) : executable(),
    userDataDir: profile,
    pipe: true,
    headless: true,
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    timeout: LAUNCH_LIMIT_MS,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--host-resolver-rules=MAP * ~NOTFOUND',
      ...(features.length > 0 ? [`--enable-features=${features.join(',')}`] : []),
      ...(options.args ?? []),
    ],
  });
  const child = browser.process();
  const pid = child?.pid;
  if (child === null || pid === undefined) throw new Error('the browser has no process');
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  try {
    const page = (await browser.pages())[0] ?? (await browser.newPage());
    await page.setBypassServiceWorker(true);
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      void request.respond({ status: 200, contentType: 'text/html', body: request.isNavigationRequest() ? PAGE : '' });
    });
    await page.goto(`${ORIGIN}/`, { waitUntil: 'load' });
    return {
      page,
      browser,
      pid,
      async close() {
        await browser.close();
        await gone;
      },
      async kill() {
        child.kill('SIGKILL');
        await gone;
        // Children notice the closed pipe by themselves; they must not write to the profile any more.
        await delay(150);
      },
    };
  } catch (error) {
    await browser.close().catch(() => child.kill('SIGKILL'));
    throw error;
  }
}

let wrapper: string | null = null;

function userWrapper(args: readonly string[]): string {
  wrapper ??= join(scratch(), 'as-user.sh');
  const { writeFileSync } = process.getBuiltinModule('node:fs');
  writeFileSync(
    wrapper,
    `#!/bin/sh\nexport HOME=/tmp/wa-user-home\nexec setpriv ${args.join(' ')} ${executable()} "$@"\n`,
    { mode: 0o755 },
  );
  mkdirSync('/tmp/wa-user-home', { recursive: true, mode: 0o777 });
  return wrapper;
}

/** Write a whole identity, as pairing does. The token is what {@link Identity} shows later. */
export async function link(running: RunningBrowser, token: string, bulk: Bulk = SMALL): Promise<void> {
  await running.page.evaluate(`wa.link(${JSON.stringify(token)}, '49151000000', ${JSON.stringify(bulk)})`);
}

/** Show a QR code that nobody scans. */
export async function showQr(running: RunningBrowser): Promise<void> {
  await running.page.evaluate('wa.qr()');
}

/** What WhatsApp Web does when the phone removes the device. */
export async function logout(running: RunningBrowser): Promise<void> {
  await running.page.evaluate('wa.logout()');
}

export async function identity(running: RunningBrowser): Promise<Identity> {
  return (await running.page.evaluate('wa.identity()')) as Identity;
}

/** Names as the page itself lists them. */
export async function names(
  running: RunningBrowser,
): Promise<{ keys: string[]; databases: Readonly<Record<string, string[]>> }> {
  return (await running.page.evaluate('wa.names()')) as { keys: string[]; databases: Record<string, string[]> };
}

/** One clean run: start, look, optionally pair anew, close. */
export async function restart(
  profile: string,
  options: BrowserOptions & { readonly relink?: string } = {},
): Promise<Identity> {
  let running: RunningBrowser;
  try {
    running = await openBrowser(profile, options);
  } catch (error) {
    return { localStorage: null, indexedDb: null, error: `start: ${String(error).split('\n')[0]}` };
  }
  try {
    const found = await identity(running);
    if (options.relink !== undefined) await link(running, options.relink);
    return found;
  } catch (error) {
    return { localStorage: null, indexedDb: null, error: String(error).split('\n')[0] ?? 'error' };
  } finally {
    await running.close().catch(() => undefined);
  }
}

/** Is the session with this token whole, as a bot would see it? */
export function isLinked(found: Identity, token: string): boolean {
  return found.localStorage === token && found.indexedDb === token;
}

let folder: string | null = null;

/** A folder for this test process; {@link cleanUp} removes it. */
export function scratch(): string {
  folder ??= mkdtempSync(join(tmpdir(), 'wa-real-profile-'));
  return folder;
}

export function cleanUp(): void {
  bases.clear();
  if (folder !== null) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  folder = null;
}

const bases = new Map<string, Promise<string>>();

/** What a base profile went through. */
export interface BaseSpec {
  readonly bulk: Bulk;
  readonly end: 'close' | 'kill';
  readonly features?: readonly string[];
  readonly page?: 'linked' | 'qr' | 'logged-out' | 'empty';
}

export const TOKEN = 'ORIGINAL';

/** A profile made once per test process; copy it with {@link copyOf}. */
export function baseProfile(spec: BaseSpec): Promise<string> {
  const key = JSON.stringify(spec);
  const known = bases.get(key);
  if (known !== undefined) return known;
  const made = makeProfile(join(scratch(), `base-${bases.size}`), spec);
  bases.set(key, made);
  return made;
}

/** Make a profile in `directory`: one run, one clean restart (so that LOG.old and a later log exist), and the end that is asked for. */
export async function makeProfile(directory: string, spec: BaseSpec): Promise<string> {
  const options = spec.features === undefined ? {} : { features: spec.features };
  const first = await openBrowser(directory, options);
  const page = spec.page ?? 'linked';
  if (page === 'linked' || page === 'logged-out') await link(first, TOKEN, spec.bulk);
  if (page === 'qr') await showQr(first);
  await first.close();
  const second = await openBrowser(directory, options);
  if (page === 'linked') await identity(second);
  if (page === 'logged-out') await logout(second);
  if (spec.end === 'close') await second.close();
  else {
    // Local Storage reaches the file about 5 s after a write (measured: 4.9 to 5.6 s); here nothing new is waiting but access marks.
    await delay(300);
    await second.kill();
  }
  return directory;
}

let copies = 0;

/** A fresh copy of a base under a name that LocalAuth would use. */
export function copyOf(base: string): string {
  const directory = join(scratch(), `data-${copies++}`, 'session');
  cpSync(base, directory, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  return directory;
}

/** The version of the browser that the tests use, or `null`. */
export function browserVersion(profile: string): string | null {
  try {
    return readFileSync(join(profile, 'Last Version'), 'utf8').trim();
  } catch {
    return null;
  }
}
