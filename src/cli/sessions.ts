import type { Machine } from '../facts/machine.ts';
import { UsageError } from '../model/errors.ts';
import { type AbsolutePath, parentOf } from '../model/path.ts';
import { type Discovery, discoverProfiles } from '../profile/discover.ts';

/** Session directories that the source of a project names. */
export type ProjectSessions = () => Promise<readonly AbsolutePath[]>;

/**
 * The profiles that a path means, in the order in which commands number them. For a project: those that its source names and their
 * neighbours in the same data paths; without any, the default data path.
 */
export async function findSessions(
  machine: Machine,
  path: AbsolutePath,
  ofProject: ProjectSessions,
): Promise<Discovery> {
  const found = discoverProfiles(machine.reader, path);
  if (found.kind === 'profile' || found.kind === 'data-path') return found;
  const named = await ofProject();
  if (named.length === 0) return found;
  const profiles = new Map(found.profiles.map((profile) => [profile.path, profile]));
  const leftovers = new Set(found.leftovers);
  for (const session of named) {
    for (const { profiles: more, leftovers: left } of [
      discoverProfiles(machine.reader, session),
      discoverProfiles(machine.reader, parentOf(session)),
    ]) {
      for (const profile of more) profiles.set(profile.path, profile);
      for (const one of left) leftovers.add(one);
    }
  }
  const sorted = [...profiles.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { ...found, kind: 'project', profiles: sorted, leftovers: [...leftovers].sort() };
}

/** The session that the user means: a path, or `#n` as `wa-doctor inspect` numbers them. */
export function chooseSession(said: string, found: Discovery, base: AbsolutePath): AbsolutePath {
  const number = /^#(\d{1,6})$/.exec(said)?.[1];
  if (number === undefined) return base;
  const profile = found.profiles[Number(number) - 1];
  if (profile === undefined) {
    throw new UsageError(
      `there is no session ${said}: ${found.profiles.length} found under ${base} (see wa-doctor inspect)`,
    );
  }
  return profile.path;
}
