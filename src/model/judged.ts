/** Session paths with the launch that each belongs to, gathered so that one cause is told once. */
import type { Location } from './finding.ts';
import type { Launch } from './launch.ts';
import type { Durability, Platform } from './mount.ts';
import type { SessionPath } from './session-path.ts';
import { type Where, whereOf } from './words.ts';

/** Sessions in one directory on one storage, whoever starts them. */
export interface JudgedSession {
  readonly path: string;
  readonly durability: Durability;
  readonly where: Where;
  /** Launches by id that lead there; empty when the package root stands in. */
  readonly launches: readonly Launch[];
  readonly locations: readonly Location[];
  /** A verified data path, or `null`. */
  readonly recommended: string | null;
}

/** `src/bot.js:12` as a location. */
export function siteLocation(site: string): Location {
  const match = /^(.*):(\d+)$/.exec(site);
  return match ? { file: match[1] ?? site, line: Number(match[2]) } : { file: site };
}

/** What stands for the storage of a session: the code of the first reason. */
export function storageCode(durability: Durability): string {
  return durability.reasons[0]?.code ?? 'unknown';
}

const sameLocation = (a: Location, b: Location): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Sessions that have a verdict, gathered by directory and storage, in the order of the sessions. */
export function judgedSessions(
  sessions: readonly SessionPath[],
  launches: readonly Launch[],
  platform: Platform | null,
): JudgedSession[] {
  const byId = new Map(launches.map((launch) => [launch.id, launch]));
  const groups = new Map<string, JudgedSession>();
  for (const session of sessions) {
    const { durability, userDataDir } = session;
    // RemoteAuth keeps the login in its store and empties its directory at every start: WA207 judges it.
    if (!durability || userDataDir === null || session.strategy === 'RemoteAuth') continue;
    const launch = session.launch === null ? null : (byId.get(session.launch) ?? null);
    const where = whereOf(launch, platform);
    const key = JSON.stringify([
      userDataDir,
      durability.survives,
      storageCode(durability),
      durability.writable,
      where.kinds,
    ]);
    const before = groups.get(key);
    const locations = [...(before?.locations ?? [])];
    const add = (location: Location): void => {
      if (!locations.some((known) => sameLocation(known, location))) locations.push(location);
    };
    add(siteLocation(session.site));
    if (launch?.file) add(launch.line === null ? { file: launch.file } : { file: launch.file, line: launch.line });
    groups.set(key, {
      path: userDataDir,
      durability,
      where,
      launches: launch ? [...(before?.launches ?? []), launch] : (before?.launches ?? []),
      locations,
      recommended: before?.recommended ?? session.recommended,
    });
  }
  return [...groups.values()].map((group) => {
    const path: Location = { path: group.path };
    return { ...group, locations: [...group.locations, path] };
  });
}

/** Launches that start the bot wherever they are used: they say nothing about what is mounted there. */
const ANYWHERE: ReadonlySet<Launch['kind']> = new Set(['npm', 'procfile', 'pm2', 'dockerfile']);

/**
 * Why sessions could not be judged: directories that could not be resolved, and tables that are not there.
 * Where a deployment declares its mounts, `npm start` beside it is how somebody tries the bot out, and no gap.
 */
export function unjudged(sessions: readonly SessionPath[], launches: readonly Launch[]): string[] {
  const reasons = new Set<string>();
  const declared = sessions.some(({ durability }) => durability !== null);
  const kinds = new Map(launches.map(({ id, kind }) => [id, kind]));
  for (const session of sessions) {
    if (session.strategy === 'RemoteAuth') continue;
    if (session.userDataDir === null)
      reasons.add(`${session.site}: ${session.unknown ?? 'the directory could not be told'}`);
    else if (session.durability === null && session.launch !== null) {
      const kind = kinds.get(session.launch);
      if (declared && kind !== undefined && ANYWHERE.has(kind)) continue;
      reasons.add(`${session.launch}: it does not say what is mounted`);
    } else if (session.durability === null) reasons.add('no launch declares what is mounted');
  }
  return [...reasons];
}

/** One line for each reason of a verdict. */
export function evidenceLines(durability: Durability): string[] {
  return durability.reasons.map((reason) => `${reason.text} [${reason.evidence}]`);
}
