import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createReader } from '../facts/reader.ts';
import type { AuthSite } from '../model/auth-site.ts';
import { UsageError } from '../model/errors.ts';
import type { Expression } from '../model/expression.ts';
import type { Launch } from '../model/launch.ts';
import { absolutePath, baseName, parentOf } from '../model/path.ts';
import { DEFAULT_DATA_PATH, discoverProfiles } from '../profile/discover.ts';
import { collect } from './collect.ts';
import type { Host } from './host.ts';

export interface SessionFlags {
  readonly session?: string;
  readonly clientId?: string;
  readonly browser?: string | false;
  readonly browserArg?: readonly string[];
}

/** What is tested, and with which browser. */
export interface Subject {
  readonly project: string;
  /** The session directory; need not exist. */
  readonly session: string;
  readonly browser: string | null;
  readonly browserArgs: readonly string[];
  readonly headless: boolean | 'shell';
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

/** Values that are known without running the bot. */
function evaluate(expression: Expression | null, env: Host['env']): string | null {
  if (expression === null) return null;
  if (expression.kind === 'literal') return typeof expression.value === 'string' ? expression.value : null;
  if (expression.kind === 'env') return env[expression.name] ?? null;
  if (expression.kind === 'or' || expression.kind === 'nullish') {
    return evaluate(expression.left, env) ?? evaluate(expression.right, env);
  }
  return null;
}

function browserOf(
  site: AuthSite | undefined,
  flags: SessionFlags,
  host: Host,
): Pick<Subject, 'browser' | 'browserArgs' | 'headless'> {
  const named = typeof flags.browser === 'string' ? resolve(host.cwd, flags.browser) : null;
  const headless = site?.browser.headless?.replace(/['"]/g, '') ?? null;
  return {
    browser: named ?? evaluate(site?.browser.executablePath ?? null, host.env),
    browserArgs: [...(site?.browser.args ?? []), ...(flags.browserArg ?? [])],
    headless: headless === 'shell' ? 'shell' : !(headless === 'false' && host.env['DISPLAY'] !== undefined),
  };
}

/**
 * Which session is meant, and how its bot starts the browser. With `--session` nothing of the project is read.
 * @throws UsageError when there is more than one session, or none that can be told
 */
export async function findSubject(typed: string | null, flags: SessionFlags, host: Host): Promise<Subject> {
  const project = resolve(host.cwd, typed ?? '.');
  if (!existsSync(project) || !statSync(project).isDirectory())
    throw new UsageError(`${typed ?? project}: there is no such directory`);
  if (flags.session !== undefined && !/^#\d+$/.test(flags.session)) {
    const session = namedSession(flags.session, flags, host);
    return { project, session, ...browserOf(undefined, flags, host), launches: [] };
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
  const resolved = sessions.flatMap(({ userDataDir }) => (userDataDir === null ? [] : [userDataDir]));
  const stored = discoverProfiles(createReader(), absolutePath(project)).profiles.map(({ path }) => path);
  const existing = sessions.flatMap(({ userDataDir, exists }) =>
    userDataDir !== null && exists === true ? [userDataDir] : [],
  );
  const session =
    flags.session === undefined
      ? (choose(existing, flags, project) ?? choose(stored, flags, project) ?? choose(resolved, flags, project))
      : numbered(stored, flags.session);
  const chosen = session ?? join(project, DEFAULT_DATA_PATH, nameFor(flags.clientId));
  const from = sessions.find(({ userDataDir }) => userDataDir === chosen);
  const site =
    sites.find(({ file, line }) => `${file}:${line}` === from?.site) ?? (sites.length === 1 ? sites[0] : undefined);
  return { project, session: chosen, ...browserOf(site, flags, host), launches };
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
    return { project: host.cwd, dataPath, ...browserOf(undefined, flags, host), launches: [] };
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
