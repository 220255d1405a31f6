/** Live processes that run a whatsapp-web.js bot, as launches. */
import { draftLaunch } from '../launch/draft.ts';
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, absolutePath, isInside, parentOf, relativeTo, resolvePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import { parseMountinfo } from '../mounts/mountinfo.ts';
import {
  isRuntime,
  listProcesses,
  type ProcessEntry,
  type ProcessView,
  scriptsOf,
  userDataDirOf,
  viewProcess,
} from './proc.ts';
import { createReader } from './reader.ts';

const LIBRARY = 'whatsapp-web.js';
/** Profiles as LocalAuth and RemoteAuth name them (whatsapp-web.js, src/authStrategies). */
const SESSION_LIKE = /(^|\/)(session(-[\w-]+)?|RemoteAuth(-[\w-]+)?)\/?$|\.wwebjs_auth(\/|$)/;

export interface ProcessSearch {
  /** Shows /proc. */
  readonly proc: Reader;
  /** The file system as the process sees it. */
  rootOf(pid: number): Reader;
  /** Where the project lies; `null`: any bot is meant. */
  readonly project: AbsolutePath | null;
  /** Reads the project. */
  readonly reader: Reader;
  /** Packages of the project that hold a bot, relative. */
  readonly packages: readonly string[];
  /** Only this process, or the bots among its children when it is not one itself. */
  readonly pid?: number | null;
}

/**
 * A reader of the file system as process `pid` of this machine sees it. The dot makes the kernel follow `/proc/PID/root`, which is a
 * link of a kind that no reader can follow by its text.
 */
export function processRootReader(pid: number): Reader {
  return createReader({ root: `/proc/${pid}/root/.`, self: pid });
}

export interface BotProcesses {
  readonly launches: readonly Launch[];
  /** Bots of other projects on the machine. */
  readonly others: readonly { readonly pid: number; readonly packageAt: AbsolutePath | null }[];
  /** Processes that the user who runs the doctor may not read; `likely`: those that look like node. */
  readonly unreadable: { readonly total: number; readonly likely: number };
  readonly problems: readonly string[];
}

interface Bot {
  readonly entry: ProcessEntry;
  readonly view: ProcessView;
  readonly packageAt: AbsolutePath | null;
  readonly script: AbsolutePath | null;
  readonly browsers: readonly { readonly pid: number; readonly userDataDir: AbsolutePath }[];
}

/** The package that `path` belongs to and whether it uses the library, in the process's own file system. */
function packageAbove(reader: Reader, path: AbsolutePath): { at: AbsolutePath; bot: boolean } | null {
  let nearest: AbsolutePath | null = null;
  for (let at = path; ; at = parentOf(at)) {
    const read = reader.text(resolvePath(at, 'package.json'), 1024 * 1024);
    if (read.ok && !/\/node_modules(\/|$)/.test(at)) {
      nearest ??= at;
      if (dependsOnLibrary(read.value)) return { at, bot: true };
      if (reader.status(resolvePath(at, `node_modules/${LIBRARY}`)).ok) return { at: nearest, bot: true };
    }
    if (at === '/') return nearest === null ? null : { at: nearest, bot: false };
  }
}

function dependsOnLibrary(text: string): boolean {
  if (!text.includes(LIBRARY)) return false;
  try {
    const manifest: unknown = JSON.parse(text);
    if (typeof manifest !== 'object' || manifest === null) return false;
    return ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].some((group) => {
      const record = (manifest as Record<string, unknown>)[group];
      return typeof record === 'object' && record !== null && Object.hasOwn(record, LIBRARY);
    });
  } catch {
    return false;
  }
}

/** Is `pid` among the children of `ancestor`, at any depth? */
function descendsFrom(pid: number, ancestor: number, processes: ReadonlyMap<number, ProcessEntry>): boolean {
  let at = processes.get(pid)?.parent ?? 0;
  for (let steps = 0; at > 1 && steps < 1000; steps += 1) {
    if (at === ancestor) return true;
    at = processes.get(at)?.parent ?? 0;
  }
  return false;
}

/**
 * Find the processes that run a bot: node with a script in a package that depends on whatsapp-web.js, or with a browser on a profile
 * that looks like a session. Reads only; never throws.
 */
export function findBotProcesses(search: ProcessSearch): BotProcesses {
  const { processes, problem } = listProcesses(search.proc);
  const problems = problem === null ? [] : [problem];
  const profiles = new Map<number, { pid: number; path: string }[]>();
  for (const entry of processes.values()) {
    const path = userDataDirOf(entry);
    if (path === null) continue;
    profiles.set(entry.parent, [...(profiles.get(entry.parent) ?? []), { pid: entry.pid, path }]);
  }
  const wanted = search.pid ?? null;
  let total = 0;
  let likely = 0;
  const bots: Bot[] = [];
  for (const entry of processes.values()) {
    const meant = wanted === null || entry.pid === wanted || descendsFrom(entry.pid, wanted, processes);
    if (!meant) continue;
    const runtime = isRuntime(entry);
    const owned = profiles.get(entry.pid) ?? [];
    if (!runtime && owned.length === 0 && entry.pid !== wanted) {
      if (!search.proc.link(absolutePath(`/proc/${entry.pid}/cwd`)).ok) total += 1;
      continue;
    }
    const viewed = viewProcess(search.proc, entry.pid);
    if (!viewed.ok) {
      if (viewed.denied) {
        total += 1;
        likely += 1;
      } else if (entry.pid === wanted) problems.push(`process ${entry.pid}: ${viewed.reason}`);
      continue;
    }
    const bot = asBot(search, entry, viewed.view, owned, runtime);
    if (bot !== null) bots.push(bot);
  }
  const kept = withoutWrappers(bots, processes, wanted);
  if (wanted !== null && kept.length === 0) {
    const entry = processes.get(wanted);
    const viewed = entry === undefined ? null : viewProcess(search.proc, wanted);
    // The user named this one: it is audited as it is.
    if (entry !== undefined && viewed?.ok === true) {
      kept.push({
        entry,
        view: viewed.view,
        packageAt: packageAbove(search.rootOf(wanted), viewed.view.cwd)?.at ?? null,
        script: null,
        browsers: [],
      });
      problems.push(
        `process ${wanted} does not look like a bot: no whatsapp-web.js in its package and no browser on a session`,
      );
    } else if (entry === undefined) problems.push(`there is no process ${wanted}`);
  }
  if (likely > 0) {
    problems.push(
      `${total} processes could not be read, ${likely} of them look like node: run the doctor as root, or as the user that runs the bot`,
    );
  }
  const launches: Launch[] = [];
  const others: { pid: number; packageAt: AbsolutePath | null }[] = [];
  for (const bot of kept) {
    const packageRoot = wanted === null ? projectPackage(search, bot) : (projectPackage(search, bot) ?? '');
    if (packageRoot === null) others.push({ pid: bot.entry.pid, packageAt: bot.packageAt });
    else launches.push(processLaunch(search, bot, packageRoot, processes));
  }
  return { launches, others, unreadable: { total, likely }, problems };
}

function asBot(
  search: ProcessSearch,
  entry: ProcessEntry,
  view: ProcessView,
  owned: readonly { pid: number; path: string }[],
  runtime: boolean,
): Bot | null {
  const reader = search.rootOf(entry.pid);
  const browsers = owned
    .filter(({ path }) => path !== '')
    .map(({ pid, path }) => ({ pid, userDataDir: resolvePath(view.cwd, path) }));
  const sessions = browsers.some(({ userDataDir }) => SESSION_LIKE.test(userDataDir));
  const scripts = runtime ? scriptsOf(entry, view.cwd) : [];
  const script = scripts.find((path) => !path.includes('/node_modules/')) ?? null;
  if (script === null && !sessions) return null;
  const above = packageAbove(reader, script === null ? view.cwd : parentOf(script));
  const here = above?.bot === true ? above : packageAbove(reader, view.cwd);
  if (here?.bot !== true && above?.bot !== true && !sessions) return null;
  // A script outside of every bot's package (a tool that happens to run there) counts only when it has the browser.
  if (above?.bot !== true && !sessions) return null;
  return { entry, view, packageAt: (above?.bot === true ? above : here)?.at ?? null, script, browsers };
}

/** nodemon, tsx and their kin run the bot in a child with the same script: the child is the bot. */
function withoutWrappers(
  bots: readonly Bot[],
  processes: ReadonlyMap<number, ProcessEntry>,
  wanted: number | null,
): Bot[] {
  const own = bots.find((bot) => bot.entry.pid === wanted);
  if (
    own !== undefined &&
    (own.browsers.length > 0 || !bots.some((bot) => descendsFrom(bot.entry.pid, own.entry.pid, processes)))
  )
    return [own];
  return bots.filter(
    (bot) =>
      bot.browsers.length > 0 ||
      !bots.some(
        (other) =>
          other !== bot && other.packageAt === bot.packageAt && descendsFrom(other.entry.pid, bot.entry.pid, processes),
      ),
  );
}

/** The project's package that a process runs: at its own place, or a copy of it (in an image) with the same package.json. */
function projectPackage(search: ProcessSearch, bot: Bot): string | null {
  if (search.project === null) return '';
  const { packageAt } = bot;
  if (packageAt === null) return null;
  if (bot.view.root === '/' && isInside(packageAt, search.project)) {
    const below = relativeTo(packageAt, search.project) ?? '';
    if (search.packages.includes(below)) return below;
  }
  const copy = search.rootOf(bot.entry.pid).text(resolvePath(packageAt, 'package.json'), 1024 * 1024);
  if (!copy.ok) return null;
  for (const root of search.packages) {
    const path = root === '' ? 'package.json' : `${root}/package.json`;
    const own = search.reader.text(resolvePath(search.project, path), 1024 * 1024);
    if (own.ok && own.value === copy.value) return root;
  }
  return null;
}

/** The user's name and home directory, from the process's own passwd file. */
function accountOf(reader: Reader, uid: number | null): { name: string | null; home: string | null } {
  if (uid === null) return { name: null, home: null };
  const passwd = reader.text(absolutePath('/etc/passwd'), 1024 * 1024);
  for (const line of passwd.ok ? passwd.value.split('\n') : []) {
    const parts = line.split(':');
    if (parts[2] === String(uid)) return { name: parts[0] ?? null, home: parts[5] ?? null };
  }
  return { name: null, home: null };
}

/** The programs above the process, down to it: to the first process of its container, or to the supervisor of the machine. */
function chainOf(entry: ProcessEntry, processes: ReadonlyMap<number, ProcessEntry>): string[] {
  const chain: string[] = [];
  let at: ProcessEntry | undefined = entry;
  for (let steps = 0; at !== undefined && steps < 50; steps += 1) {
    chain.unshift(isRuntime(at) && at.name === 'MainThread' ? 'node' : at.name);
    if (at.innerPid === 1 || at.pid === 1) break;
    at = processes.get(at.parent);
  }
  return chain;
}

function processLaunch(
  search: ProcessSearch,
  bot: Bot,
  packageRoot: string,
  processes: ReadonlyMap<number, ProcessEntry>,
): Launch {
  const { entry, view, packageAt } = bot;
  const reader = search.rootOf(entry.pid);
  const account = accountOf(reader, entry.uid);
  const home = view.env['HOME'] ?? account.home;
  const chain = chainOf(entry, processes);
  const supervisor =
    view.env['pm_id'] !== undefined
      ? 'pm2'
      : view.env['KUBERNETES_SERVICE_HOST'] !== undefined
        ? 'kubernetes'
        : view.env['INVOCATION_ID'] !== undefined
          ? 'systemd'
          : null;
  return draftLaunch(`process:${entry.pid}`, 'process', packageRoot, {
    command: entry.argv.join(' '),
    entry: bot.script === null || packageAt === null ? null : relativeTo(bot.script, packageAt),
    cwd: view.cwd,
    packageAt,
    env: view.env,
    user: account.name ?? (entry.uid === null ? null : String(entry.uid)),
    home: home?.startsWith('/') === true ? absolutePath(home) : null,
    stop: { pid1: chain[0] ?? null, supervisor },
    mountTable: 'live',
    mounts: view.mountinfo === null ? null : parseMountinfo(view.mountinfo, `/proc/${entry.pid}/mountinfo`, 'live'),
    pid: entry.pid,
    chain,
    browsers: bot.browsers,
    notes: view.root === '/' ? [] : [`its root directory is ${view.root}`],
  });
}
