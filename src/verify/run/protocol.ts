/** What verify and the process of one run tell each other (JSON over Node's IPC channel). */

/** First message to the process: what to load. It is loaded while the parent still inspects, asks and copies. */
export interface Prepare {
  readonly type: 'prepare';
  /** Directory of the bot; its own packages come first. */
  readonly project: string;
  /** Looked from second, upwards: the directory of the session. */
  readonly near: string | null;
  /** `client`: whatsapp-web.js; `canary`: puppeteer alone. */
  readonly need: 'client' | 'canary';
  /** Browser named by the user or the bot; `null`: look for one. */
  readonly browser: string | null;
  /** `node_modules` of the doctor itself, the second place to look. */
  readonly ownPackages: string;
}

/** Which whatsapp-web.js and browser will run. */
export interface Loaded {
  readonly type: 'loaded';
  readonly library: { readonly version: string; readonly from: string } | null;
  readonly puppeteer: { readonly version: string; readonly from: string };
  readonly browser: string | null;
  /** Where a browser was looked for. */
  readonly looked: readonly string[];
}

export interface LaunchOptions {
  readonly browser: string;
  readonly args: readonly string[];
  readonly headless: boolean | 'shell';
}

/** Options of the Client that are the bot's own, by dotted name: `webVersionCache.path`. Relative paths are resolved. */
export type ClientValues = Readonly<Record<string, string | number | boolean>>;

export interface StartClient extends LaunchOptions {
  readonly type: 'start-client';
  readonly client: ClientValues;
  readonly session: string;
  /** Give up waiting for the library after this time. */
  readonly timeoutMs: number;
  /** Hand the text of QR codes over (`--pair`); it is a secret. */
  readonly showQr: boolean;
}

export interface StartCanary extends LaunchOptions {
  readonly type: 'start-canary';
  readonly profile: string;
  readonly token: string;
  readonly steps: readonly ('plant' | 'check')[];
  readonly timeoutMs: number;
}

export type ToRun = Prepare | StartClient | StartCanary | { readonly type: 'stop' };

export type FromRun =
  | Loaded
  | { readonly type: 'unloadable'; readonly reason: string }
  | { readonly type: 'browser'; readonly pid: number; readonly version: string | null }
  /** `at`: milliseconds since the epoch. */
  | { readonly type: 'event'; readonly name: string; readonly at: number; readonly detail: string | null }
  | { readonly type: 'failed'; readonly text: string }
  | { readonly type: 'browser-gone' }
  | { readonly type: 'read'; readonly step: 'plant' | 'check'; readonly ms: number; readonly found: CanaryFound }
  | { readonly type: 'done' }
  /** The last message. `clean`: the browser closed by itself when asked to. */
  | { readonly type: 'ended'; readonly clean: boolean };

/** The token of each store, or `null`; `error` when the store could not be opened. */
export interface CanaryFound {
  readonly localStorage: string | null;
  readonly indexedDb: string | null;
  readonly error: string | null;
}
