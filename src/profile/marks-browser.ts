import { type AbsolutePath, absolutePath, baseName } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';

/** A browser and its version, told from files; the program is never run. */
export interface BrowserVersion {
  readonly version: string;
  /** Where the version was read, for evidence. */
  readonly from: string;
}

/** `linux-146.0.7680.31` of the puppeteer cache, `/opt/chrome/149.0.7827.155/chrome`. */
const VERSION = /(?<![\d.])(\d{2,4}\.\d{1,5}\.\d{1,6}\.\d{1,5})(?![\d.])/;
/** Package data bases hold some MiB of text. */
const DATABASE_LIMIT = 64 * 1024 * 1024;
/** Programs by name, and the packages that bring them. */
const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  chromium: ['chromium'],
  'chromium-browser': ['chromium', 'chromium-browser'],
  chrome: ['google-chrome-stable'],
  'google-chrome': ['google-chrome-stable'],
  'google-chrome-stable': ['google-chrome-stable'],
  'chromium-headless-shell': ['chromium-headless-shell'],
};
/** Where whatsapp-web.js bots find a browser when nobody names one. */
const USUAL = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
] as const;

/** Versions of the packages that hold a browser: Debian's dpkg and Alpine's apk. */
function packageVersion(reader: Reader, names: readonly string[]): BrowserVersion | null {
  for (const [path, head, field] of [
    ['/var/lib/dpkg/status', 'Package: ', 'Version: '],
    ['/lib/apk/db/installed', 'P:', 'V:'],
  ] as const) {
    const database = reader.bytes(absolutePath(path), DATABASE_LIMIT);
    if (!database.ok) continue;
    for (const name of names) {
      const version = paragraphVersion(database.value, `${head}${name}`, field);
      if (version !== null) return { version, from: `the installed package ${name}` };
    }
  }
  return null;
}

/** Only the paragraph that is wanted is decoded: the database has megabytes. */
function paragraphVersion(bytes: Uint8Array, head: string, field: string): string | null {
  const database = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const first = database.subarray(0, head.length + 1).equals(Buffer.from(`${head}\n`));
  const at = first ? 0 : database.indexOf(`\n${head}\n`) + 1;
  if (at === 0 && !first) return null;
  // apk writes P: and V: in any order within a paragraph.
  const start = database.subarray(0, at + 1).lastIndexOf('\n\n');
  const end = database.indexOf('\n\n', at);
  const paragraph = database.toString('utf8', Math.max(start, 0), end < 0 ? undefined : end);
  if (/\nStatus: (?!install ok installed)/.test(paragraph)) return null;
  const line = paragraph.split('\n').find((text) => text.startsWith(field));
  return VERSION.exec(line ?? '')?.[1] ?? null;
}

/**
 * The version of the browser at `executable`, from its path, the path that it links to, or the package that brought it.
 * @returns `null` when it is not there or does not tell
 */
export function browserVersion(reader: Reader, executable: AbsolutePath): BrowserVersion | null {
  const real = reader.resolve(executable);
  if (!real.ok || !real.value.exists) return null;
  const path = real.value.resolved;
  const inPath = VERSION.exec(path)?.[1];
  if (inPath !== undefined) return { version: inPath, from: path };
  const names = PACKAGES[baseName(executable)] ?? PACKAGES[baseName(path)];
  if (names === undefined || !/^\/(usr|opt)\//.test(path)) return null;
  return packageVersion(reader, names);
}

/** What is known of the bot that will open the profile. */
export interface BrowserChoice {
  /** `executablePath` of the bot, or `PUPPETEER_EXECUTABLE_PATH`; `null`: not said. */
  readonly executable: AbsolutePath | null;
  /** Where `node_modules` lies, and the home directory of the bot's user; `null`: unknown. */
  readonly project: AbsolutePath | null;
  readonly home: AbsolutePath | null;
}

/**
 * The browser that a bot will start: the one that it names; else puppeteer's own if it is installed; else the one usual program that
 * is there. Never a guess: a wrong answer would be a false alarm about a downgrade.
 */
export function nextBrowser(reader: Reader, choice: BrowserChoice): BrowserVersion | null {
  if (choice.executable !== null) return browserVersion(reader, choice.executable);
  const own = puppeteerBrowser(reader, choice);
  if (own !== null) return own;
  const found = USUAL.map((path) => browserVersion(reader, absolutePath(path))).filter((one) => one !== null);
  const [first] = found;
  return first !== undefined && found.every(({ version }) => version === first.version) ? first : null;
}

/** The Chrome that the installed puppeteer starts, if it was downloaded (`~/.cache/puppeteer/chrome/linux-VERSION`). */
function puppeteerBrowser(reader: Reader, { project, home }: BrowserChoice): BrowserVersion | null {
  if (project === null || home === null) return null;
  const revisions = absolutePath(`${project}/node_modules/puppeteer-core/lib/cjs/puppeteer/revisions.js`);
  const text = reader.text(revisions, 1024 * 1024);
  const version = text.ok ? /chrome:\s{0,4}['"](\d{1,4}(?:\.\d{1,6}){3})['"]/.exec(text.value)?.[1] : undefined;
  if (version === undefined) return null;
  const directory = absolutePath(`${home}/.cache/puppeteer/chrome`);
  const downloaded = reader.list(directory, 1000);
  if (!downloaded.ok || !downloaded.value.some(({ name }) => name.endsWith(`-${version}`))) return null;
  return { version, from: `${directory}, for the installed puppeteer` };
}

/** Compares dotted versions number by number. Negative: `a` is older. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let at = 0; at < Math.max(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
