import type { Answer } from '../model/answer.ts';
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, resolvePath } from '../model/path.ts';
import type { SessionPath } from '../model/session-path.ts';
import type { Machine } from './machine.ts';
import { isVisible, judgeFor, recommendFor } from './storage.ts';

function existsAt(machine: Machine, launch: Launch | null, path: AbsolutePath): Answer {
  if (machine.target === 'repo' || !isVisible(machine, launch)) return 'unknown';
  const status = machine.reader.status(path);
  return status.ok ? true : status.failure.kind === 'missing' ? false : 'unknown';
}

/** Where a site that only the user knows of is shown: the line of the config file, or the manifest for a flag. */
function siteFor(by: string): string {
  return /^(.+:\d+):\d+$/.exec(by)?.[1] ?? 'package.json:1';
}

/**
 * The sessions that the user declares, in the place of those that the source tells: for every launch the declared directories instead of
 * the resolved ones. What the source says about the working directory stays: a declaration does not make a relative path absolute.
 */
export function declaredSessions(
  machine: Machine,
  resolved: readonly SessionPath[],
  launches: readonly Launch[],
): readonly SessionPath[] {
  const { sessionBy } = machine.declared;
  if (sessionBy === null || machine.sessions.length === 0) return resolved;
  const byId = new Map(launches.map((launch) => [launch.id, launch]));
  const at = (base: SessionPath, path: AbsolutePath): SessionPath => {
    const launch = base.launch === null ? null : (byId.get(base.launch) ?? null);
    return {
      ...base,
      userDataDir: path,
      unknown: null,
      trail: [...base.trail, `${sessionBy} declares ${path}`],
      exists: existsAt(machine, launch, path),
      uncertain: null,
      unset: [],
      unstable: null,
      durability: judgeFor(machine, launch, path),
      recommended: recommendFor(machine, launch),
    };
  };
  const bases = resolved.length > 0 ? resolved : unresolved(siteFor(sessionBy), launches);
  const paths = machine.sessions.map((path) => resolvePath(machine.project, path));
  return bases.flatMap((base) => (base.strategy === 'NoAuth' ? [base] : paths.map((path) => at(base, path))));
}

/** What to start from where the source tells nothing: one session for each launch. */
function unresolved(site: string, launches: readonly Launch[]): SessionPath[] {
  const ids: (string | null)[] = launches.length > 0 ? launches.map(({ id }) => id) : [null];
  return ids.map((launch) => ({
    site,
    strategy: 'LocalAuth',
    launch,
    userDataDir: null,
    unknown: null,
    trail: [],
    dependsOnCwd: false,
    exists: 'unknown',
    durability: null,
    recommended: null,
  }));
}
