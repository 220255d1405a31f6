import type { AuthSite } from '../model/auth-site.ts';
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, absolutePath, relativeTo } from '../model/path.ts';
import type { SessionPath } from '../model/session-path.ts';
import type { SessionTarget } from './effect.ts';

/** Stands for the parts of a session path that only the run can tell (`session-<clientId>`). */
const STAND_IN = 'main';
/** Session directories that are judged; a bot with more has them under one data path. */
const TARGET_LIMIT = 24;

/** `<clientId>` and its kin become a name that a directory can have. */
export function standIn(path: string): AbsolutePath {
  return absolutePath(path.replace(/<[^/<>]*>/g, STAND_IN));
}

/** A session directory as the report calls it, and as it lies in the tree that is judged. */
export function targetOf(project: AbsolutePath, path: string): SessionTarget {
  const absolute = path.startsWith('/') ? path : `${project}/${path}`;
  const plain = absolutePath(absolute);
  return { name: relativeTo(plain, project) ?? plain, path: standIn(absolute) };
}

/**
 * The session directories that scripts and source are judged against: where the bot keeps its login when it is started in its
 * package, and in each launch. Paths inside an image are taken back to the project they were copied from.
 */
export function sessionTargets(
  project: AbsolutePath,
  sites: readonly AuthSite[],
  launches: readonly Launch[],
  sessions: readonly SessionPath[],
): SessionTarget[] {
  const found = new Map<string, SessionTarget>();
  const add = (path: string): void => {
    const target = targetOf(project, path);
    if (!found.has(target.path) && found.size < TARGET_LIMIT) found.set(target.path, target);
  };
  const bot = sites.filter(({ role }) => role === 'bot');
  for (const { userDataDir } of bot.length > 0 ? bot : sites) if (userDataDir !== null) add(userDataDir);
  const byId = new Map(launches.map((launch) => [launch.id, launch]));
  for (const { userDataDir, launch } of sessions) {
    if (userDataDir !== null) add(inProject(project, userDataDir, launch === null ? undefined : byId.get(launch)));
  }
  return [...found.values()];
}

/** A path of a launch as it lies in the project, where it was copied from there; else the path itself. */
export function inProject(project: AbsolutePath, path: AbsolutePath, launch: Launch | undefined): AbsolutePath {
  if (launch === undefined || launch.packageAt === null) return path;
  const inside = relativeTo(path, launch.packageAt);
  return inside === null ? path : absolutePath(`${project}/${launch.packageRoot}/${inside}`);
}
