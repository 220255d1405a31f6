import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Loaded } from './protocol.ts';

/** The part of puppeteer that is used; the same in puppeteer 18 to 24. */
export interface Puppeteer {
  launch(options: Readonly<Record<string, unknown>>): Promise<Browser>;
  executablePath(): string;
}

export interface Browser {
  process(): import('node:child_process').ChildProcess | null;
  version(): Promise<string>;
  pages(): Promise<Page[]>;
  newPage(): Promise<Page>;
  close(): Promise<void>;
  on(event: 'disconnected', listener: () => void): void;
  on(event: 'targetchanged', listener: (target: { url(): string }) => void): void;
}

export interface Page {
  setBypassServiceWorker?(bypass: boolean): Promise<void>;
  setRequestInterception(value: boolean): Promise<void>;
  on(event: 'request', listener: (request: Request) => void): void;
  goto(url: string, options: Readonly<Record<string, unknown>>): Promise<unknown>;
  evaluate(expression: string): Promise<unknown>;
}

export interface Request {
  url(): string;
  respond(response: Readonly<Record<string, unknown>>): Promise<void>;
}

/** The part of whatsapp-web.js that is used: documented names only. */
export interface Library {
  readonly Client: new (options: Readonly<Record<string, unknown>>) => Client;
  readonly LocalAuth: new (options: Readonly<Record<string, unknown>>) => LocalAuth;
}

export interface Client {
  readonly options: { puppeteer: Record<string, unknown>; webVersion: unknown; webVersionCache: unknown };
  readonly pupBrowser: Browser | null;
  on(event: string, listener: (detail: unknown) => void): void;
  initialize(): Promise<void>;
  destroy(): Promise<void>;
}

export interface LocalAuth {
  client: Client;
  userDataDir?: string;
  beforeBrowserInitialized(): Promise<void>;
  afterBrowserInitialized(): Promise<void>;
  logout(): Promise<void>;
}

export interface Packages {
  readonly library: Library | null;
  readonly puppeteer: Puppeteer;
  readonly loaded: Loaded;
}

/** Usual places of a browser that the system's package manager installed. */
export const SYSTEM_BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
] as const;

function versionAt(entry: string, name: string): string {
  // The package's own package.json is often not exported, so it is looked for upwards from the entry.
  for (let at = dirname(entry), step = 0; step < 8; at = dirname(at), step++) {
    const file = join(at, 'package.json');
    if (!existsSync(file)) continue;
    try {
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as { name?: unknown; version?: unknown };
      if (manifest.name === name && typeof manifest.version === 'string') return manifest.version;
    } catch {
      // A broken manifest says nothing; the version is shown only.
    }
  }
  return 'unknown';
}

function resolveFrom(bases: readonly string[], name: string): string | null {
  for (const base of bases) {
    try {
      return createRequire(join(base, 'package.json')).resolve(name);
    } catch {
      // The next base.
    }
  }
  return null;
}

/**
 * Load the bot's own whatsapp-web.js and the puppeteer that it uses, and find the browser: the one that was named, then
 * `PUPPETEER_EXECUTABLE_PATH`, then puppeteer's own download, then the system's.
 * @param near a second directory to look from, upwards: the session's
 * @throws Error with one plain sentence when a package is not installed or does not load.
 */
export function loadPackages(
  project: string,
  ownPackages: string,
  need: 'client' | 'canary',
  named: string | null,
  near: string | null = null,
): Packages {
  const bases = [project, ...(near === null ? [] : [near]), ownPackages];
  const require = createRequire(join(project, 'package.json'));
  const libraryPath = resolveFrom(bases, 'whatsapp-web.js');
  if (libraryPath === null && need === 'client') {
    throw new Error(
      `whatsapp-web.js is not installed in ${project} (nor beside the doctor): run npm install in the bot's directory`,
    );
  }
  // The library requires puppeteer from its own place, which a package manager may have nested or linked.
  const puppeteerPath = resolveFrom(libraryPath === null ? bases : [dirname(libraryPath), ...bases], 'puppeteer');
  if (puppeteerPath === null) {
    throw new Error(
      `puppeteer is not installed in ${project} (nor beside the doctor): run npm install in the bot's directory`,
    );
  }
  const puppeteer = require(puppeteerPath) as Puppeteer & { default?: Puppeteer };
  const library = need === 'client' && libraryPath !== null ? (require(libraryPath) as Library) : null;
  const { browser, looked } = findBrowser(puppeteer.default ?? puppeteer, named);
  return {
    library,
    puppeteer: puppeteer.default ?? puppeteer,
    loaded: {
      type: 'loaded',
      library:
        library === null || libraryPath === null
          ? null
          : { version: versionAt(libraryPath, 'whatsapp-web.js'), from: libraryPath },
      puppeteer: { version: versionAt(puppeteerPath, 'puppeteer'), from: puppeteerPath },
      browser,
      looked,
    },
  };
}

/** A path that was named is never replaced by another browser: another one may not read the profile. */
function findBrowser(puppeteer: Puppeteer, named: string | null): { browser: string | null; looked: string[] } {
  const said = named ?? process.env['PUPPETEER_EXECUTABLE_PATH'];
  if (said !== undefined && said !== '') return { browser: existsSync(said) ? said : null, looked: [said] };
  const looked: string[] = [];
  try {
    looked.push(puppeteer.executablePath());
  } catch {
    // puppeteer-core, or no version configured: there is no download to look at.
  }
  looked.push(...SYSTEM_BROWSERS);
  return { browser: looked.find((path) => existsSync(path)) ?? null, looked };
}
