import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { dirname, join } from 'node:path';
import type { CanaryAnswer, CanaryPlace, CanaryResult } from '../model/verify.ts';
import { installCommand } from './install-browser.ts';
import { explain } from './one-run.ts';
import type { CanaryFound, Loaded } from './run/protocol.ts';
import { RunProcess, type RunUser } from './run-process.ts';
import { readSentinel, type Sentinel, writeSentinel } from './sentinel.ts';

export interface CanaryOptions {
  readonly project: string;
  /** The directory in which the bot keeps its sessions; made when it is missing, and then removed again. */
  readonly dataPath: string;
  /** `cycle`: plant, restart the browser, look, remove. */
  readonly step: CanaryResult['step'];
  /** Without a browser only the file is planted: milliseconds, for init containers. */
  readonly useBrowser: boolean;
  readonly browser: string | null;
  readonly browserArgs: readonly string[];
  readonly headless: boolean | 'shell';
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly runEntry?: string;
}

/** Beside the sessions, so on their storage; the name never looks like a session. */
const PLANTED = '.wa-doctor-canary';
/** Of a run that was killed: removed by a later one. */
const LEFT_OVER = /^\.wa-doctor-canary-(\d+)-[0-9a-f]+$/;
const LEFT_OVER_AGE_MS = 10 * 60_000;

type Stores = CanaryResult['stores'];

interface BrowserReading {
  readonly stores: Stores;
  readonly browser: CanaryResult['browser'];
  /** Why a store could not be asked, or `null`. */
  readonly trouble: { readonly reason: string; readonly advice: readonly string[] } | null;
  readonly plant: number;
  readonly check: number;
}

/** Make a directory with its missing parents. @returns those that were missing, deepest first. */
function makeDirectory(path: string): string[] {
  const missing: string[] = [];
  for (let at = path; !fs.existsSync(at) && dirname(at) !== at; at = dirname(at)) missing.push(at);
  fs.mkdirSync(path, { recursive: true });
  return missing;
}

function remove(directory: string, made: readonly string[]): void {
  fs.rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  for (const path of made) {
    try {
      fs.rmdirSync(path);
    } catch {
      // Somebody uses it by now.
      return;
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function removeLeftOvers(dataPath: string): void {
  for (const name of fs.readdirSync(dataPath)) {
    const pid = Number(LEFT_OVER.exec(name)?.[1] ?? 0);
    if (pid === 0 || isRunning(pid)) continue;
    const path = join(dataPath, name);
    if (Date.now() - fs.lstatSync(path).mtimeMs > LEFT_OVER_AGE_MS) remove(path, []);
  }
}

/** Root plants for the user that owns the data path: what root can do there proves nothing for the bot. */
function userOf(dataPath: string): RunUser | null {
  const { uid, gid } = fs.statSync(dataPath);
  return process.getuid?.() === 0 && uid !== 0 ? { uid, gid } : null;
}

function storesOf(found: CanaryFound | null, token: string): Stores {
  const answer = (value: string | null | undefined): CanaryAnswer => {
    if (found === null) return 'unknown';
    return value === token ? 'kept' : 'lost';
  };
  const indexedDb = found !== null && found.error !== null ? 'lost' : answer(found?.indexedDb);
  return [
    { name: 'Local Storage', answer: answer(found?.localStorage) },
    { name: 'IndexedDB', answer: indexedDb },
  ];
}

async function throughBrowser(
  options: CanaryOptions,
  profile: string,
  token: string,
  steps: readonly ('plant' | 'check')[],
): Promise<BrowserReading> {
  const nothing = { stores: storesOf(null, token), browser: null, plant: 0, check: 0 };
  const user = userOf(options.dataPath);
  const process = new RunProcess({
    project: options.project,
    near: options.dataPath,
    need: 'canary',
    browser: options.browser,
    user,
    ...(options.runEntry === undefined ? {} : { entry: options.runEntry }),
  });
  try {
    let loaded: Loaded;
    try {
      loaded = await process.loaded;
    } catch (error) {
      return {
        ...nothing,
        trouble: { reason: (error as Error).message, advice: ['Without a browser: wa-doctor canary --no-browser'] },
      };
    }
    if (loaded.browser === null) {
      return {
        ...nothing,
        trouble: {
          reason: `no browser was found (looked at ${loaded.looked.join(', ')})`,
          advice: [`Install one: ${installCommand()}`, 'Or test the storage alone: wa-doctor canary --no-browser'],
        },
      };
    }
    const browser = loaded.browser;
    const times = { plant: 0, check: 0 };
    let found: CanaryFound | null = null;
    const trouble = await new Promise<string | null>((resolve) => {
      const timer = setTimeout(
        () => resolve(`the browser did not answer within ${options.timeoutMs / 1000} s`),
        options.timeoutMs,
      );
      options.signal.addEventListener('abort', () => resolve('it was interrupted'), { once: true });
      void process.gone.then(() => resolve('the process of the browser ended by itself'));
      const root = globalThis.process.getuid?.() === 0 && user === null;
      const sandbox = root && !options.browserArgs.includes('--no-sandbox') ? ['--no-sandbox'] : [];
      process.start(
        {
          type: 'start-canary',
          profile,
          token,
          steps,
          browser,
          args: [...options.browserArgs, ...sandbox],
          headless: options.headless,
          timeoutMs: options.timeoutMs,
        },
        (message) => {
          if (message.type === 'failed') resolve(explain(message.text));
          else if (message.type === 'done') {
            clearTimeout(timer);
            resolve(null);
          } else if (message.type === 'read') {
            times[message.step] = message.ms;
            found = message.found;
          }
        },
      );
    });
    return {
      stores: storesOf(trouble === null ? found : null, token),
      browser: { path: browser, version: process.browserVersion },
      trouble: trouble === null ? null : { reason: trouble, advice: [] },
      ...times,
    };
  } finally {
    await process.stop();
  }
}

function moved(planted: CanaryPlace, now: CanaryPlace): string {
  const changes = [
    planted.host !== now.host && `another host name (${planted.host} → ${now.host})`,
    planted.bootId !== now.bootId && 'another boot',
    planted.device !== now.device && 'another device number',
    planted.inode !== now.inode && 'another inode: it was copied or restored',
  ].filter((change) => change !== false);
  return changes.length === 0 ? 'same host, boot, device and inode' : changes.join(', ');
}

function failureOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const words: Readonly<Record<string, string>> = {
    EACCES: 'this user may not write there',
    EPERM: 'this user may not write there',
    EROFS: 'the file system is read-only',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the quota is used up',
    ENOTDIR: 'a part of the path is not a directory',
  };
  return words[code ?? ''] ?? message;
}

/**
 * Plant a token where the sessions lie, and look whether it is still there: proof for storage, path, permissions and browser where
 * there is no phone and no network. What it planted it removes.
 */
export async function runCanary(options: CanaryOptions): Promise<CanaryResult> {
  const known = {
    schema: 'wa-doctor/canary@1' as const,
    step: options.step,
    dataPath: options.dataPath,
    sentinel: 'unknown' as CanaryAnswer,
    stores: [] as Stores,
    browser: null as CanaryResult['browser'],
    planted: null as CanaryPlace | null,
    now: null as CanaryPlace | null,
    advice: [] as readonly string[],
    timings: { plant: 0, check: 0 },
  };
  try {
    return options.step === 'check' ? await check(options, known) : await plant(options, known);
  } catch (error) {
    return {
      ...known,
      verdict: 'inconclusive',
      reason: `nothing can be planted in ${options.dataPath}: ${failureOf(error)}`,
      advice: [
        'Run it as the user that the bot runs as, where the bot runs. wa-doctor mounts says what the directory is on.',
      ],
    };
  }
}

type Known = Omit<CanaryResult, 'verdict' | 'reason'>;

async function plant(options: CanaryOptions, known: Known): Promise<CanaryResult> {
  const { dataPath, useBrowser } = options;
  const token = randomBytes(16).toString('hex');
  const made = makeDirectory(dataPath);
  const cycle = options.step === 'cycle';
  const directory = join(dataPath, cycle ? `${PLANTED}-${process.pid}-${token.slice(0, 8)}` : PLANTED);
  let keep = false;
  try {
    removeLeftOvers(dataPath);
    if (!cycle) remove(directory, []);
    fs.mkdirSync(directory, { mode: 0o700 });
    const user = userOf(dataPath);
    if (user !== null) fs.chownSync(directory, user.uid, user.gid);
    const planted = writeSentinel(directory, { token, browser: useBrowser, made });
    const reading = useBrowser
      ? await throughBrowser(options, join(directory, 'profile'), token, cycle ? ['plant', 'check'] : ['plant'])
      : null;
    const after = readSentinel(directory);
    const result: Known = {
      ...known,
      planted,
      now: after.kind === 'kept' ? after.now : null,
      sentinel: after.kind,
      stores: reading?.stores ?? [],
      browser: reading?.browser ?? null,
      timings: { plant: reading?.plant ?? 0, check: reading?.check ?? 0 },
    };
    if (reading?.trouble != null) return { ...result, verdict: 'inconclusive', ...reading.trouble };
    if (cycle) {
      const event = useBrowser ? 'the browser was closed and started again' : 'written, synchronised and read back';
      return { ...result, ...verdictOf(result, event) };
    }
    const stored = result.sentinel === 'kept' && result.stores.every(({ answer }) => answer === 'kept');
    if (!stored)
      return { ...result, verdict: 'inconclusive', reason: 'the canary could not be stored in the first place' };
    keep = true;
    return {
      ...result,
      verdict: 'planted',
      reason: `a canary sits in ${directory}`,
      advice: [
        'Now restart, redeploy or re-create whatever the session should survive, then run: wa-doctor canary check',
      ],
    };
  } finally {
    if (!keep) remove(directory, made);
  }
}

async function check(options: CanaryOptions, known: Known): Promise<CanaryResult> {
  const directory = join(options.dataPath, PLANTED);
  const start = performance.now();
  const found = readSentinel(directory);
  if (found.kind === 'unknown') return { ...known, verdict: 'inconclusive', reason: found.reason };
  if (found.kind === 'lost') {
    return {
      ...known,
      sentinel: 'lost',
      stores: storesOf(null, ''),
      verdict: 'lost',
      reason: `${found.reason}: if one was planted there (wa-doctor canary plant), this storage did not keep it, and it will not keep a session`,
      advice: [
        'wa-doctor mounts says what the directory is on, and wa-doctor audit where to keep the session instead.',
      ],
    };
  }
  const { sentinel, now } = found;
  const ask = sentinel.browser && options.useBrowser;
  const reading = ask ? await throughBrowser(options, join(directory, 'profile'), sentinel.token, ['check']) : null;
  const result: Known = {
    ...known,
    sentinel: 'kept',
    planted: sentinel.place,
    now,
    stores: reading?.stores ?? (sentinel.browser ? storesOf(null, sentinel.token) : []),
    browser: reading?.browser ?? null,
    timings: { plant: 0, check: Math.round(performance.now() - start) },
  };
  // Kept for another try.
  if (reading?.trouble != null) return { ...result, verdict: 'inconclusive', ...reading.trouble };
  remove(directory, madeBy(sentinel, options.dataPath));
  return { ...result, ...verdictOf(ask ? result : { ...result, stores: [] }, moved(sentinel.place, now)) };
}

/** Only directories above the canary are removed, whatever the file says. */
function madeBy({ made }: Sentinel, dataPath: string): string[] {
  return made.filter((path) => dataPath === path || dataPath.startsWith(`${path}/`));
}

function verdictOf(
  { sentinel, stores }: Pick<CanaryResult, 'sentinel' | 'stores'>,
  event: string,
): Pick<CanaryResult, 'verdict' | 'reason'> {
  const lost = [
    ...(sentinel === 'lost' ? ['the file'] : []),
    ...stores.filter(({ answer }) => answer === 'lost').map(({ name }) => name),
  ];
  if (lost.length > 0) return { verdict: 'lost', reason: `${lost.join(' and ')} did not keep the canary (${event})` };
  if (sentinel === 'unknown' || stores.some(({ answer }) => answer === 'unknown')) {
    return { verdict: 'inconclusive', reason: 'not every part of the canary could be read again' };
  }
  const parts = ['the file', ...stores.map(({ name }) => name)].join(', ');
  return { verdict: 'survived', reason: `${parts} kept the canary (${event})` };
}
