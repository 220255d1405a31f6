import type { Answer } from '../model/answer.ts';
import type { AuthSite } from '../model/auth-site.ts';
import type { Launch } from '../model/launch.ts';
import type { Durability } from '../model/mount.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import type { SessionPath } from '../model/session-path.ts';
import { type EvaluationContext, evaluateExpression } from './evaluate/run.ts';
import { sessionDirectory } from './session-directory.ts';

/** What is known of the machine and the project beside the launches. */
export interface SessionHost {
  readonly project: AbsolutePath;
  /** Home directory of the user that starts the bot by hand. */
  readonly home: AbsolutePath | null;
  /** Variables of the examined environment, for a bot that no launch starts. */
  readonly env: Readonly<Record<string, string>>;
  /** What survives at a path in one launch (`null`: by hand on this machine), or `null` when no mount table says so. */
  readonly judge: (launch: Launch | null, path: AbsolutePath) => Durability | null;
  /** The best data path that a launch may use, verified, or `null`. */
  readonly recommend?: (launch: Launch | null) => AbsolutePath | null;
  /** To see whether a directory exists; without it that is unknown. */
  readonly reader?: Reader;
  /** `path` of a launch as the reader knows it (`/proc/<pid>/root/…`), `null` when the reader cannot see it. */
  readonly locate?: (launch: Launch | null, path: AbsolutePath) => AbsolutePath | null;
}

/** Places of the bot itself; those of tests and examples only where there is nothing else. */
export function sitesOfBot(sites: readonly AuthSite[]): readonly AuthSite[] {
  for (const role of ['bot', 'example', 'test'] as const) {
    const found = sites.filter((site) => site.role === role);
    if (found.length > 0) return found;
  }
  return [];
}

/** Site × launch: the directory in which each site keeps its login in each way of starting the package. */
export function resolveSessions(
  sites: readonly AuthSite[],
  launches: readonly Launch[],
  host: SessionHost,
): SessionPath[] {
  return sitesOfBot(sites).flatMap((site) => {
    const starting = launches.filter((launch) => launch.packageRoot === site.packageRoot);
    if (starting.length === 0) return [resolveOne(site, null, host)];
    return starting.map((launch) => resolveOne(site, launch, host));
  });
}

function resolveOne(site: AuthSite, launch: Launch | null, host: SessionHost): SessionPath {
  const context = launch === null ? byHand(site, host) : contextOf(site, launch, host);
  const { userDataDir, unknown, trail, dependsOnCwd, uncertain, unset, unstable } = sessionDirectory(site, context);
  const path = userDataDir === null ? null : absolutePath(userDataDir);
  const remote =
    site.browser.remote === null ? null : evaluateExpression(site.browser.remote, { ...context, prefer: 'default' });
  return {
    site: `${site.file}:${site.line}`,
    strategy: site.strategy,
    launch: launch?.id ?? null,
    userDataDir: path,
    unknown,
    trail: [intro(site), ...trail],
    dependsOnCwd,
    uncertain,
    unset,
    unstable,
    remote: remote !== null && remote.unknown === null && remote.value ? String(remote.value) : null,
    exists: path === null ? 'unknown' : existsAt(path, launch, host),
    durability: path === null ? null : host.judge(launch, judgedPart(path)),
    recommended: host.recommend?.(launch) ?? null,
  };
}

function intro({ file, line, strategy, dataPath }: AuthSite): string {
  const text = dataPath.expression === null ? '' : ` with data path ${dataPath.expression}`;
  return `${file}:${line} ${strategy}${text}`;
}

function byHand(site: AuthSite, host: SessionHost): Omit<EvaluationContext, 'prefer'> {
  const at = absolutePath(`${host.project}/${site.packageRoot}`);
  return {
    env: host.env,
    envHidden: null,
    cwd: at,
    packageAt: at,
    home: host.home,
    tmpdir: absolutePath('/tmp'),
    arguments: null,
    compiled: null,
  };
}

function contextOf(site: AuthSite, launch: Launch, host: SessionHost): Omit<EvaluationContext, 'prefer'> {
  const compiled = site.compiled ?? null;
  const runsCompiled = compiled !== null && launch.entry?.replace(/^\.\//, '').startsWith(`${compiled.to}/`) === true;
  return {
    env: launch.env,
    envHidden: launch.envHidden,
    cwd: launch.cwd,
    packageAt: launch.packageAt,
    home: homeOf(launch, host),
    tmpdir: absolutePath('/tmp'),
    arguments: argumentsOf(launch),
    compiled: runsCompiled ? compiled : null,
  };
}

function homeOf({ home, env, user, mountTable }: Launch, host: SessionHost): AbsolutePath | null {
  if (home !== null) return home;
  const set = env['HOME'];
  if (set?.startsWith('/') === true) return absolutePath(set);
  if (user === 'root' || user === '0') return absolutePath('/root');
  return mountTable === 'declared' ? null : host.home;
}

/** What follows the script on a launch's command line; `null` when the script cannot be found in it. */
export function argumentsOf({ command, entry }: Pick<Launch, 'command' | 'entry'>): string[] | null {
  if (command === null) return null;
  const words = [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '');
  const name = entry?.replace(/^\.\//, '') ?? null;
  const script = words.findIndex((word) => {
    if (name !== null && (word === name || word.endsWith(`/${name}`))) return true;
    return name === null && /\.[cm]?[jt]sx?$/.test(word);
  });
  if (script === -1) return null;
  const rest = words.slice(script + 1);
  const end = rest.findIndex((word) => /^(&&|\|\||[;|&]|\d?>{1,2}.*)$/.test(word));
  return end === -1 ? rest : rest.slice(0, end);
}

/** The part of a path that is fixed: what a mount table is asked about. */
function judgedPart(path: AbsolutePath): AbsolutePath {
  const at = path.indexOf('<');
  return at === -1 ? path : absolutePath(path.slice(0, path.lastIndexOf('/', at)) || '/');
}

function existsAt(path: AbsolutePath, launch: Launch | null, { reader, locate }: SessionHost): Answer {
  if (reader === undefined) return 'unknown';
  const located = locate === undefined ? (launch === null ? path : null) : locate(launch, path);
  if (located === null) return 'unknown';
  const mark = located.indexOf('<');
  if (mark === -1) {
    const status = reader.status(located);
    return status.ok ? true : status.failure.kind === 'missing' ? false : 'unknown';
  }
  // `…/session-<id>`: any directory of that form.
  const slash = located.lastIndexOf('/', mark);
  const listed = reader.list(absolutePath(located.slice(0, slash) || '/'));
  if (!listed.ok) return listed.failure.kind === 'missing' ? false : 'unknown';
  const before = located.slice(slash + 1, mark);
  if (located.indexOf('/', mark) !== -1) return 'unknown';
  return listed.value.some(
    ({ name, kind }) => kind === 'directory' && name.startsWith(before) && name.length > before.length,
  );
}
