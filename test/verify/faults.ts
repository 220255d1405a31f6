import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { VerifyResult, VerifyVerdict } from '../../src/model/verify.ts';
import type { VerifyOptions } from '../../src/verify/cycle.ts';
import type { StandIn } from '../support/stand-in/server.ts';
import { copyOf, processesOn, scratch, verify, withPage } from './support.ts';

/** What a fault is tested with: a fresh copy of a linked profile. */
export interface Bench {
  readonly standIn: StandIn;
  readonly base: string;
  session: string;
  endOwner?: () => Promise<void>;
}

/**
 * One fault, and what is true after it. `linked`: what the stand-in finds in the profile afterwards, once the fault is mended;
 * `null`: it cannot be asked.
 */
export interface Fault {
  readonly name: string;
  readonly needs?: 'root' | 'unshare';
  readonly verdict: VerifyVerdict;
  readonly linked: boolean | null;
  /** Processes that still have the profile open afterwards, and should: at least one more than this is a browser left behind. */
  readonly leaves?: number;
  /** Words that the reason must hold. */
  readonly says: RegExp;
  prepare?(bench: Bench): Promise<void> | void;
  readonly options?: (bench: Bench) => Partial<VerifyOptions>;
  mend?(bench: Bench): Promise<void> | void;
  /** What else must be true. */
  check?(bench: Bench, result: VerifyResult): Promise<void> | void;
}

function tmpfsOver(directory: string, size = '64m'): void {
  mkdirSync(directory, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', directory]);
}

function unmount(directory: string): void {
  execFileSync('umount', ['-l', directory]);
}

let mounts = 0;

function newMountPoint(): string {
  const directory = join(scratch(), `mount-${mounts++}`);
  mkdirSync(directory, { recursive: true });
  return directory;
}

/** A copy of the base on a mount of its own. */
function onMount(bench: Bench, mount: (directory: string) => void): string {
  const directory = newMountPoint();
  mount(directory);
  bench.session = join(directory, 'session');
  execFileSync('cp', ['-a', bench.base, bench.session]);
  return directory;
}

function log(session: string, store: string): string {
  const directory = join(session, 'Default', store);
  const name = readdirSync(directory).find((file) => file.endsWith('.log'));
  if (name === undefined) throw new Error('no log');
  return join(directory, name);
}

const INDEXED_DB = 'IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
const LOCAL_STORAGE = 'Local Storage/leveldb';

export const FAULTS: readonly Fault[] = [
  { name: 'healthy', verdict: 'survived', linked: true, says: /without a QR code/ },
  {
    name: 'healthy, stopped by SIGTERM',
    verdict: 'survived',
    linked: true,
    says: /without a QR code/,
    options: () => ({ stop: 'sigterm' }),
  },
  {
    name: 'wiped between the runs',
    verdict: 'lost',
    linked: false,
    says: /run 2 shows a QR code/,
    options: (bench) => ({ betweenRuns: () => rmSync(bench.session, { recursive: true }) }),
  },
  {
    name: 'tmpfs that goes away between the runs',
    needs: 'root',
    verdict: 'lost',
    linked: false,
    says: /run 2 shows a QR code/,
    prepare: (bench) => void onMount(bench, (directory) => tmpfsOver(directory)),
    options: (bench) => ({ betweenRuns: () => unmount(dirname(bench.session)) }),
  },
  {
    name: 'overlay whose upper layer is thrown away',
    needs: 'root',
    verdict: 'lost',
    linked: false,
    says: /run 2 shows a QR code/,
    prepare(bench) {
      const store = newMountPoint();
      tmpfsOver(store, '128m');
      for (const name of ['lower', 'upper', 'work']) mkdirSync(join(store, name));
      onMount(bench, (directory) => overlay(store, directory));
    },
    options: (bench) => ({
      betweenRuns() {
        const directory = dirname(bench.session);
        unmount(directory);
        const store = newMountPoint();
        tmpfsOver(store, '128m');
        for (const name of ['lower', 'upper', 'work']) mkdirSync(join(store, name));
        overlay(store, directory);
      },
    }),
  },
  {
    name: 'IndexedDB log cut in its last record: the second start drops the database',
    verdict: 'lost',
    linked: false,
    says: /run 2 shows a QR code/,
    prepare(bench) {
      const file = log(bench.session, INDEXED_DB);
      truncateSync(file, statSync(file).size - 10);
    },
  },
  {
    name: 'Local Storage log cut to half',
    verdict: 'not-linked',
    linked: false,
    says: /first run shows a QR code/,
    prepare(bench) {
      const file = log(bench.session, LOCAL_STORAGE);
      truncateSync(file, Math.floor(statSync(file).size / 2));
    },
  },
  {
    name: 'IndexedDB that belongs to root, run as the bot’s user',
    needs: 'root',
    verdict: 'not-linked',
    linked: true,
    says: /first run shows a QR code/,
    prepare(bench) {
      openPath(bench.session);
      execFileSync('chown', ['-R', '1234:1234', bench.session]);
      const store = join(bench.session, 'Default', INDEXED_DB);
      execFileSync('chown', ['-R', '0:0', store]);
      chmodSync(store, 0o700);
    },
    mend: (bench) => void execFileSync('chown', ['-R', '0:0', bench.session]),
  },
  {
    name: 'healthy, of another user than root',
    needs: 'root',
    verdict: 'survived',
    linked: true,
    says: /without a QR code/,
    prepare(bench) {
      openPath(bench.session);
      execFileSync('chown', ['-R', '1234:1234', dirname(bench.session)]);
    },
    check(bench) {
      const foreign = execFileSync('find', [bench.session, '!', '-uid', '1234'], { encoding: 'utf8' });
      if (foreign !== '') throw new Error(`files of another user were left behind: ${foreign}`);
    },
    mend: (bench) => void execFileSync('chown', ['-R', '0:0', bench.session]),
  },
  {
    name: 'read-only file system',
    needs: 'root',
    verdict: 'refused',
    linked: true,
    says: /read-only/,
    prepare(bench) {
      const directory = onMount(bench, (at) => tmpfsOver(at));
      execFileSync('mount', ['-o', 'remount,ro', directory]);
    },
    mend: (bench) => void execFileSync('mount', ['-o', 'remount,rw', dirname(bench.session)]),
  },
  {
    name: 'read-only from the second run on',
    needs: 'root',
    verdict: 'inconclusive',
    linked: true,
    says: /run 1 was ready, run 2 could not tell/,
    prepare: (bench) => void onMount(bench, (at) => tmpfsOver(at)),
    options: (bench) => ({
      betweenRuns: () => void execFileSync('mount', ['-o', 'remount,ro', dirname(bench.session)]),
    }),
    mend: (bench) => void execFileSync('mount', ['-o', 'remount,rw', dirname(bench.session)]),
  },
  {
    name: 'disk full: no room for the copy',
    needs: 'root',
    verdict: 'refused',
    linked: true,
    says: /MB are free/,
    prepare(bench) {
      const directory = onMount(bench, (at) => tmpfsOver(at, '12m'));
      fill(directory);
    },
    mend: (bench) => rmSync(join(dirname(bench.session), 'ballast'), { force: true }),
  },
  {
    name: 'disk full, no copy wanted: a linked profile still starts',
    needs: 'root',
    verdict: 'survived',
    linked: true,
    says: /without a QR code/,
    prepare(bench) {
      const directory = onMount(bench, (at) => tmpfsOver(at, '12m'));
      fill(directory);
    },
    options: () => ({ backup: false }),
    mend: (bench) => rmSync(join(dirname(bench.session), 'ballast'), { force: true }),
  },
  {
    name: 'lock of another host',
    verdict: 'refused',
    linked: true,
    says: /locked by a browser on another host, host-a/,
    prepare: (bench) => symlinkSync('host-a-4711', join(bench.session, 'SingletonLock')),
    check(bench) {
      if (!lstatSync(join(bench.session, 'SingletonLock')).isSymbolicLink()) throw new Error('the lock was touched');
    },
    mend: (bench) => rmSync(join(bench.session, 'SingletonLock')),
  },
  {
    name: 'lock of another host that is named as gone',
    verdict: 'survived',
    linked: true,
    says: /without a QR code/,
    prepare: (bench) => symlinkSync('host-a-4711', join(bench.session, 'SingletonLock')),
    options: () => ({ ownerGone: 'host-a' }),
  },
  {
    name: 'lock of a host while another one is named as gone',
    verdict: 'refused',
    linked: true,
    says: /--owner-gone names host-b/,
    prepare: (bench) => symlinkSync('host-a-4711', join(bench.session, 'SingletonLock')),
    options: () => ({ ownerGone: 'host-b' }),
    mend: (bench) => rmSync(join(bench.session, 'SingletonLock')),
  },
  {
    name: 'live owner',
    verdict: 'refused',
    linked: true,
    leaves: Number.POSITIVE_INFINITY,
    says: /has this profile open/,
    async prepare(bench) {
      bench.endOwner = await liveOwner(bench.session);
    },
    check(bench, result) {
      if (result.runs.length > 0 || result.backup !== null) throw new Error('something was started or copied');
      if (processesOn(bench.session).length === 0) throw new Error('the owner was ended');
    },
    mend: (bench) => bench.endOwner?.(),
  },
  {
    name: 'never linked',
    verdict: 'not-linked',
    linked: false,
    says: /first run shows a QR code/,
    async prepare(bench) {
      rmSync(bench.session, { recursive: true });
      await withPage(bench.standIn, bench.session, async () => {});
    },
  },
  {
    name: 'no directory at all',
    verdict: 'not-linked',
    linked: null,
    says: /no session to test/,
    prepare: (bench) => rmSync(bench.session, { recursive: true }),
    check(bench) {
      if (existsSync(bench.session)) throw new Error('the directory was made');
    },
  },
  {
    name: 'logged out by WhatsApp in the second run',
    verdict: 'lost',
    linked: false,
    says: /in run 2 WhatsApp ended the link|run 2 shows a QR code/,
    options: (bench) => ({ betweenRuns: () => bench.standIn.behave({ logout: true }) }),
    check(bench) {
      if (!existsSync(join(bench.session, 'Default'))) throw new Error('the directory was deleted');
    },
  },
  {
    name: 'logged out right after ready in the second run',
    verdict: 'lost',
    linked: false,
    says: /in run 2 WhatsApp ended the link|after the last one ended/,
    options: (bench) => ({ betweenRuns: () => bench.standIn.behave({ logout: 'after-ready' }) }),
    check(bench) {
      if (!existsSync(join(bench.session, 'Default'))) throw new Error('the directory was deleted');
    },
  },
  {
    name: 'logged out in the first run',
    verdict: 'not-linked',
    linked: false,
    says: /in the first run WhatsApp ended the link|first run shows a QR code/,
    prepare: (bench) => bench.standIn.behave({ logout: true }),
  },
  {
    name: 'browser missing',
    verdict: 'inconclusive',
    linked: true,
    says: /no browser was found/,
    options: () => ({ browser: '/nonexistent/chromium' }),
  },
  {
    name: 'browser that cannot start',
    verdict: 'inconclusive',
    linked: true,
    says: /first run could not tell/,
    options: () => ({ browser: '/bin/false' }),
  },
  {
    name: 'page unreachable',
    verdict: 'inconclusive',
    linked: true,
    says: /web\.whatsapp\.com cannot be reached/,
    options: () => ({ browserArgs: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND'] }),
  },
  {
    name: 'page that never answers',
    verdict: 'inconclusive',
    linked: true,
    says: /not ready within/,
    prepare: (bench) => bench.standIn.behave({ silent: true }),
    options: () => ({ timeoutMs: 8_000 }),
  },
  {
    name: 'hard stop after the settle time',
    verdict: 'survived',
    linked: true,
    says: /without a QR code/,
    options: () => ({ stop: 'sigkill' }),
  },
  {
    name: 'hard stop that is wanted before the settle time: it waits',
    verdict: 'survived',
    linked: true,
    says: /without a QR code/,
    options: () => ({ stop: 'sigkill', settleMs: 500 }),
    check(_bench, result) {
      const [first, second] = result.runs;
      if (first?.clean !== false || first.stop !== 'SIGKILL') throw new Error('the first run was not ended hard');
      if (second?.clean !== true) throw new Error('nothing starts after the last run: it ends cleanly');
    },
  },
];

function overlay(store: string, directory: string): void {
  const layers = `lowerdir=${store}/lower,upperdir=${store}/upper,workdir=${store}/work`;
  execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', layers, directory]);
}

function fill(directory: string): void {
  try {
    writeFileSync(join(directory, 'ballast'), Buffer.alloc(64 * 1024 * 1024));
  } catch {
    // Full is what is wanted.
  }
}

/** Let another user through to the session. */
function openPath(session: string): void {
  chmodSync(scratch(), 0o755);
  chmodSync(dirname(session), 0o755);
}

/** A browser that has the profile open, started without puppeteer. */
export async function liveOwner(session: string): Promise<() => Promise<void>> {
  const child = spawn(
    '/usr/bin/chromium',
    ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${session}`, 'about:blank'],
    { stdio: 'ignore', detached: true },
  );
  for (let waited = 0; waited < 200; waited++) {
    try {
      lstatSync(join(session, 'SingletonLock'));
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return async () => {
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await gone;
  };
}

/** Do the fault once. */
export async function runFault(
  fault: Fault,
  standIn: StandIn,
  base: string,
): Promise<{ bench: Bench; result: VerifyResult }> {
  standIn.behave({});
  const bench: Bench = { standIn, base, session: copyOf(base) };
  await fault.prepare?.(bench);
  const result = await verify(standIn, bench.session, fault.options?.(bench) ?? {});
  return { bench, result };
}
