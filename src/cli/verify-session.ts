import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createReader } from '../facts/reader.ts';
import type { AuthSite } from '../model/auth-site.ts';
import { UsageError } from '../model/errors.ts';
import type { Expression } from '../model/expression.ts';
import type { Launch } from '../model/launch.ts';
import { absolutePath, baseName, parentOf } from '../model/path.ts';
import type { SessionPath } from '../model/session-path.ts';
import { DEFAULT_DATA_PATH, discoverProfiles } from '../profile/discover.ts';
import { evaluateExpression, type Plain } from '../session/evaluate/run.ts';
import { sitesOfBot } from '../session/sessions.ts';
import type { ClientValues } from '../verify/run/protocol.ts';
import { collect } from './collect.ts';
import type { Host } from './host.ts';

export interface SessionFlags {
  readonly session?: string;
  readonly clientId?: string;
  readonly browser?: string | false;
  readonly browserArg?: readonly string[];
}

/** How the bot starts its browser and its Client. */
export interface BrowserOfBot {
  readonly browser: string | null;
  readonly browserArgs: readonly string[];
  readonly headless: boolean | 'shell';
  /** Options of the Client by dotted name; see `src/session/client-options.ts`. */
  readonly client: ClientValues;
}

/** What is tested, and with which browser. */
export interface Subject extends BrowserOfBot {
  readonly project: string;
  /** The session directory; need not exist. */
  readonly session: string;
  /** How the bot is started, as far as the project says. */
  readonly launches: readonly Launch[];
}

function nameFor(clientId: string | undefined): string {
  return clientId === undefined ? 'session' : `session-${clientId}`;
}

/** One of several, or wrong use with the list to choose from. */
function choose(paths: readonly string[], { clientId }: SessionFlags, where: string): string | null {
  const wanted = clientId === undefined ? paths : paths.filter((path) => path.endsWith(`/${nameFor(clientId)}`));
  const different = [...new Set(wanted)].sort();
  if (different.length > 1) {
    throw new UsageError(
      `${where} holds ${different.length} sessions: choose one with --session '#1' … '#${different.length}' or --client-id (wa-doctor inspect lists them)`,
    );
  }
  return different[0] ?? null;
}

/** `#2`: sessions are numbered, because a client id is often a phone number. */
function numbered(paths: readonly string[], session: string): string {
  const path = paths[Number(session.slice(1)) - 1];
  if (path === undefined) throw new UsageError(`--session ${session}: there are ${paths.length} sessions here`);
  return path;
}

/** A session directory, or the one session in a data path. */
function namedSession(typed: string, flags: SessionFlags, host: Host): string {
  const path = absolutePath(resolve(host.cwd, typed));
  const found = discoverProfiles(createReader(), path);
  if (found.kind === 'data-path') {
    return (
      choose(
        found.profiles.map((profile) => profile.path),
        flags,
        typed,
      ) ?? join(path, nameFor(flags.clientId))
    );
  }
  if (flags.clientId !== undefined && found.kind !== 'profile') return join(path, nameFor(flags.clientId));
  return path;
}

/** The bot, as far as its source says how it starts a browser. */
interface Bot {
  readonly site: AuthSite;
  /** The launch that the session belongs to; `null`: started by hand in its package. */
  readonly launch: Launch | null;
}

/** The variable that puppeteer takes its browser from when the options name none. */
const BROWSER_VARIABLE = 'PUPPETEER_EXECUTABLE_PATH';

/** Where puppeteer looks for an installed Chrome of a channel on Linux (@puppeteer/browsers). */
const CHANNELS: Readonly<Partial<Record<string, string>>> = {
  chrome: '/opt/google/chrome/chrome',
  'chrome-beta': '/opt/google/chrome-beta/chrome',
  'chrome-dev': '/opt/google/chrome-unstable/chrome',
};

function known(env: Host['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Which browser, with which arguments, and with which options of the Client: the bot's own, then what the user adds. */
function browserOf(bot: Bot | null, project: string, flags: SessionFlags, host: Host): BrowserOfBot {
  const named = typeof flags.browser === 'string' ? resolve(host.cwd, flags.browser) : null;
  const env = { ...known(host.env), ...bot?.launch?.env };
  const packageAt = absolutePath(join(project, bot?.site.packageRoot ?? ''));
  const cwd = bot?.launch?.cwd ?? packageAt;
  const home = env['HOME']?.startsWith('/') === true ? absolutePath(env['HOME']) : null;
  const evaluate = (expression: Expression): Plain => {
    const { value, unknown, dynamic } = evaluateExpression(expression, {
      env,
      envHidden: null,
      cwd,
      packageAt: bot?.launch?.packageAt ?? packageAt,
      home,
      tmpdir: absolutePath('/tmp'),
      arguments: null,
      compiled: null,
      prefer: 'default',
    });
    return unknown !== null || dynamic.length > 0 ? undefined : value;
  };
  const options = bot?.site.browser ?? null;
  const own = options?.executablePath == null ? undefined : evaluate(options.executablePath);
  const client: Record<string, string | number | boolean> = {};
  for (const [name, expression] of Object.entries(options?.client ?? {})) {
    const value = evaluate(expression);
    if (value === undefined || value === null) continue;
    client[name] = name === 'webVersionCache.path' ? resolve(cwd, String(value)) : value;
  }
  const { 'puppeteer.channel': channel } = client;
  delete client['puppeteer.channel'];
  const executable =
    (typeof own === 'string' && own !== '' ? own : undefined) ?? CHANNELS[String(channel)] ?? env[BROWSER_VARIABLE];
  // The library looks here when the bot says nothing.
  if ((client['webVersionCache.type'] ?? 'local') === 'local') {
    client['webVersionCache.path'] ??= resolve(cwd, '.wwebjs_cache');
  }
  const headless = options?.headless?.replace(/['"]/g, '') ?? null;
  return {
    browser: named ?? (executable === undefined || executable === '' ? null : resolve(cwd, executable)),
    browserArgs: [...(options?.args ?? []), ...(flags.browserArg ?? [])],
    headless: headless === 'shell' ? 'shell' : !(headless === 'false' && host.env['DISPLAY'] !== undefined),
    client,
  };
}

/** The site and launch of a session; with one that belongs to none, the bot's only site, if it has one. */
function botOf(
  sessions: readonly SessionPath[],
  sites: readonly AuthSite[],
  launches: readonly Launch[],
  session: string,
): Bot | null {
  const from = sessions.find(({ userDataDir }) => userDataDir === session);
  const own = sitesOfBot(sites);
  const site =
    own.find(({ file, line }) => `${file}:${line}` === from?.site) ?? (own.length === 1 ? own[0] : undefined);
  if (site === undefined) return null;
  const started = launches.filter(({ packageRoot }) => packageRoot === site.packageRoot);
  const launch = launches.find(({ id }) => id === from?.launch) ?? (started.length === 1 ? started[0] : undefined);
  // A launch in a container has paths of the container; the browser is started here.
  return { site, launch: launch === undefined || launch.mounts !== null ? null : launch };
}

/**
 * Which session is meant, and how its bot starts the browser.
 * @throws UsageError when there is more than one session, or none that can be told
 */
export async function findSubject(typed: string | null, flags: SessionFlags, host: Host): Promise<Subject> {
  const project = resolve(host.cwd, typed ?? '.');
  if (!existsSync(project) || !statSync(project).isDirectory())
    throw new UsageError(`${typed ?? project}: there is no such directory`);
  const given =
    flags.session !== undefined && !/^#\d+$/.test(flags.session) ? namedSession(flags.session, flags, host) : null;
  // A session that is named outside any project has no bot to ask.
  if (given !== null && !existsSync(join(project, 'package.json'))) {
    return { project, session: given, ...browserOf(null, project, flags, host), launches: [] };
  }
  const { states } = await collect(
    project,
    () => ['project', 'sites', 'launches', 'sessions'],
    { target: 'host' },
    host,
  );
  const sessions = states.sessions?.ok === true ? states.sessions.value : [];
  const sites = states.sites?.ok === true ? states.sites.value : [];
  const launches = states.launches?.ok === true ? states.launches.value : [];
  const session = given ?? sessionOf(project, sessions, flags);
  return { project, session, ...browserOf(botOf(sessions, sites, launches, session), project, flags, host), launches };
}

function sessionOf(project: string, sessions: readonly SessionPath[], flags: SessionFlags): string {
  const resolved = sessions.flatMap(({ userDataDir }) => (userDataDir === null ? [] : [userDataDir]));
  const stored = discoverProfiles(createReader(), absolutePath(project)).profiles.map(({ path }) => path);
  const existing = sessions.flatMap(({ userDataDir, exists }) =>
    userDataDir !== null && exists === true ? [userDataDir] : [],
  );
  const session =
    flags.session === undefined
      ? (choose(existing, flags, project) ?? choose(stored, flags, project) ?? choose(resolved, flags, project))
      : numbered(stored, flags.session);
  return session ?? join(project, DEFAULT_DATA_PATH, nameFor(flags.clientId));
}

/** The data path for a canary: of the session that is meant, or the directory itself. */
export async function findDataPath(
  typed: string | null,
  flags: SessionFlags,
  host: Host,
): Promise<Omit<Subject, 'session'> & { dataPath: string }> {
  const path = absolutePath(resolve(host.cwd, typed ?? '.'));
  const isProject = typed === null || existsSync(join(path, 'package.json'));
  if (flags.session === undefined && !isProject) {
    const { kind } = discoverProfiles(createReader(), path);
    const dataPath = kind === 'profile' ? parentOf(path) : path;
    return { project: host.cwd, dataPath, ...browserOf(null, host.cwd, flags, host), launches: [] };
  }
  const { session, ...subject } = await findSubject(isProject ? typed : null, flags, host);
  // A data path without sessions in it: LocalAuth would make them below.
  const isDataPath =
    flags.session !== undefined &&
    !/^session(-|$)/.test(baseName(absolutePath(session))) &&
    flags.clientId === undefined;
  const holdsProfile = discoverProfiles(createReader(), absolutePath(session)).kind === 'profile';
  return { ...subject, dataPath: isDataPath && !holdsProfile ? session : parentOf(absolutePath(session)) };
}
