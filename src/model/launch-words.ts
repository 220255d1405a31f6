import type { AuthSite } from './auth-site.ts';
import type { Location } from './finding.ts';
import type { Launch, LaunchKind } from './launch.ts';
import { isInside, relativeTo } from './path.ts';
import type { SessionPath } from './session-path.ts';

/** Ways in which a bot runs for good; npm scripts are how people start it by hand (or what these call). */
const BY_HAND: ReadonlySet<LaunchKind> = new Set(['npm']);

/** Is this launch how the bot runs for good? Not what a script of package.json starts for whoever runs it. */
export function isDeployment({ kind, file }: Pick<Launch, 'kind' | 'file'>): boolean {
  return !BY_HAND.has(kind) && !/(^|\/)package\.json$/.test(file ?? '');
}

/** A session with the site and the launch that it belongs to. */
export interface SessionCase {
  readonly session: SessionPath;
  readonly site: AuthSite | null;
  readonly launch: Launch | null;
}

/** Join sessions with their sites and launches. */
export function sessionCases(
  sessions: readonly SessionPath[],
  sites: readonly AuthSite[],
  launches: readonly Launch[],
): SessionCase[] {
  const byPlace = new Map(sites.map((site) => [`${site.file}:${site.line}`, site]));
  const byId = new Map(launches.map((launch) => [launch.id, launch]));
  return sessions.map((session) => ({
    session,
    site: byPlace.get(session.site) ?? null,
    launch: session.launch === null ? null : (byId.get(session.launch) ?? null),
  }));
}

/** The cases of each site, in the order of the sessions. */
export function casesBySite(cases: readonly SessionCase[]): Map<string, SessionCase[]> {
  const groups = new Map<string, SessionCase[]>();
  for (const one of cases) groups.set(one.session.site, [...(groups.get(one.session.site) ?? []), one]);
  return groups;
}

/** The site as a location of a finding. */
export function locationOfSite(site: AuthSite): Location {
  return { file: site.file, line: site.line, column: site.column };
}

/** The launch as a location, `null` when it has no file. */
export function locationOfLaunch({ file, line, pid }: Launch): Location | null {
  if (pid !== null) return { pid };
  if (file === null) return null;
  return line === null ? { file } : { file, line };
}

/** `npm run start (package.json)`, in words. */
export function launchName(launch: Launch | null): string {
  if (launch === null) return 'a start by hand in the package root';
  if (launch.pid !== null) return `process ${launch.pid}`;
  return launch.id;
}

/**
 * The directory as the package sees it: relative to the package root where it lies inside, so that two copies of one package at
 * different places agree.
 */
export function directoryInPackage({ session, launch }: SessionCase): string | null {
  const { userDataDir } = session;
  if (userDataDir === null) return null;
  const root = launch?.packageAt ?? null;
  if (root === null || !isInside(userDataDir, root)) return userDataDir;
  return relativeTo(userDataDir, root);
}
