import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { processesWith } from './processes.ts';
import { killGroup } from './run/end-browser.ts';
import type { FromRun, Loaded, Prepare, ToRun } from './run/protocol.ts';

/** The user that a run is started as; `null`: the one that runs the doctor. */
export interface RunUser {
  readonly uid: number;
  readonly gid: number;
}

export interface ProcessOptions {
  /** Directory of the bot: the working directory of the run, because puppeteer looks for its configuration from there. */
  readonly project: string;
  readonly near: string | null;
  readonly need: Prepare['need'];
  readonly browser: string | null;
  readonly user: RunUser | null;
  /** The built program of the run; default: beside this one. Tests build their own. */
  readonly entry?: string;
}

/** Longest wait for a run's process to end: its own limit (35 s) and a little more. */
const END_LIMIT_MS = 37_000;
/**
 * A browser whose pipe broke closes by itself, within a second on an idle machine; one that was just starting has to get there first
 * (8 s seen with eight processes to a core).
 */
const SWEEP_LIMIT_MS = 15_000;
/** Loading whatsapp-web.js and puppeteer took 0.9 s idle and 2 s on a busy machine. */
const LOAD_LIMIT_MS = 60_000;

/** The program of a run, built beside this one: `dist/verify-run.js`. */
function defaultEntry(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const places = [join(here, 'verify-run.js'), join(here, '../verify-run.js'), join(here, '../../dist/verify-run.js')];
  return places.find((path) => existsSync(path)) ?? join(here, 'verify-run.js');
}

/** The doctor's own package: the second place where whatsapp-web.js and puppeteer are looked for. */
function ownPackage(): string {
  let at = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(at, 'package.json')) && dirname(at) !== at) at = dirname(at);
  return at;
}

function homeOf(uid: number): string {
  try {
    const line = readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .find((entry) => entry.split(':')[2] === String(uid));
    return line?.split(':')[5] ?? '/tmp';
  } catch {
    return '/tmp';
  }
}

/** One process of a run. Start it early: it loads the library while the rest is decided, and touches nothing until it is told to. */
export class RunProcess {
  readonly #child: ChildProcess;
  readonly #gone: Promise<void>;
  #listener: (message: FromRun) => void = () => {};
  #loaded: Promise<Loaded>;
  /** A word on the browser's command line that means nothing to it: so that no other browser is ever taken for this one. */
  readonly #mark = `--wa-doctor-run=${randomUUID()}`;
  #started = false;
  #browserPid: number | null = null;
  #browserVersion: string | null = null;
  #clean = false;
  #exited = false;

  constructor(options: ProcessOptions) {
    const { user } = options;
    this.#child = fork(options.entry ?? defaultEntry(), [], {
      cwd: options.project,
      // What the library prints would end up between the progress lines.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      execArgv: [],
      ...(user === null
        ? {}
        : { uid: user.uid, gid: user.gid, env: { ...process.env, HOME: homeOf(user.uid), XDG_RUNTIME_DIR: '' } }),
    });
    let startError: string | null = null;
    this.#gone = new Promise((resolve) => {
      this.#child.once('error', (error) => {
        startError = error.message;
        this.#exited = true;
        resolve();
      });
      this.#child.once('exit', () => {
        this.#exited = true;
        resolve();
      });
    });
    this.#loaded = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error('the library did not load within a minute')), LOAD_LIMIT_MS);
      timer.unref();
      this.#child.on('message', (message: FromRun) => {
        if (message.type === 'loaded') resolve(message);
        else if (message.type === 'unloadable') reject(new Error(message.reason));
        else if (message.type === 'browser') {
          this.#browserPid = message.pid;
          this.#browserVersion = message.version;
        } else if (message.type === 'ended') this.#clean = message.clean;
        this.#listener(message);
      });
      void this.#gone.then(() => {
        clearTimeout(timer);
        reject(new Error(startError ?? 'the process that loads the library ended at once'));
      });
    });
    this.#loaded.catch(() => {});
    this.#send({
      type: 'prepare',
      project: options.project,
      near: options.near,
      need: options.need,
      browser: options.browser,
      ownPackages: ownPackage(),
    });
  }

  /** Which library, puppeteer and browser will run. Rejects with one plain sentence. */
  get loaded(): Promise<Loaded> {
    return this.#loaded;
  }

  /** Resolves when the process has ended. */
  get gone(): Promise<void> {
    return this.#gone;
  }

  get browserPid(): number | null {
    return this.#browserPid;
  }

  /** `Chrome/146.0.7680.31`, once it runs. */
  get browserVersion(): string | null {
    return this.#browserVersion;
  }

  /** Start the browser; from now on `listen` hears everything. */
  start(message: Exclude<ToRun, Prepare | { type: 'stop' }>, listen: (message: FromRun) => void): void {
    this.#listener = listen;
    this.#started = true;
    this.#send({ ...message, args: [...message.args, this.#mark] });
  }

  /** End it without a word when nothing was started, cleanly otherwise. */
  async stop(how: 'destroy' | 'sigterm' | 'sigint' = 'destroy'): Promise<boolean> {
    if (how === 'destroy') this.#send({ type: 'stop' });
    else this.#child.kill(how === 'sigterm' ? 'SIGTERM' : 'SIGINT');
    const ended = await this.#goneWithin(END_LIMIT_MS);
    if (!ended) await this.kill();
    await this.#sweep();
    return ended && this.#clean;
  }

  /** What a supervisor does when the grace period is over: SIGKILL to the browser and to its process. */
  async kill(): Promise<void> {
    if (this.#browserPid !== null) killGroup(this.#browserPid);
    this.#child.kill('SIGKILL');
    await this.#goneWithin(2_000);
    await this.#sweep();
  }

  /** A browser outlives its process for a moment at most; after that it is an orphan and is ended. */
  async #sweep(): Promise<void> {
    if (!this.#started) return;
    const left = () => {
      const pids = new Set(processesWith(this.#mark));
      if (this.#browserPid !== null) pids.add(this.#browserPid);
      return [...pids].filter(isAlive);
    };
    const limit = Date.now() + SWEEP_LIMIT_MS;
    while (left().length > 0 && Date.now() < limit) await new Promise((done) => setTimeout(done, 20));
    for (const pid of left()) killGroup(pid);
  }

  async #goneWithin(limit: number): Promise<boolean> {
    if (this.#exited) return true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), limit);
    });
    const ended = await Promise.race([this.#gone.then(() => true as const), late]);
    clearTimeout(timer);
    return ended;
  }

  #send(message: ToRun): void {
    // A process that is gone is noticed by `gone`.
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** An ended browser whose parent died first waits for init to collect it; in a container without an init it waits for ever. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
  } catch {
    return false;
  }
}
