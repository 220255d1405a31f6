import { readOwners } from '../facts/owners.ts';
import { createReader } from '../facts/reader.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Profile } from '../model/profile.ts';
import type { ProfileSummary } from '../model/verify.ts';
import { inspectProfile } from '../profile/inspect.ts';
import { readSingleton } from '../profile/locks.ts';
import { judgeOwner } from '../profile/owner.ts';

/**
 * What the profile says now, without a browser. Names, manifests and log tails are enough: they tell a login from none, and a torn
 * log from a whole one.
 */
export async function lookAt(session: string, now: number): Promise<Profile> {
  // A new reader each time: it remembers links, and the profile changes between two looks.
  const reader = createReader();
  const owners = readOwners(reader, { live: true });
  return await inspectProfile(reader, owners, absolutePath(session), { depth: 'quick', now });
}

/** Which browser has the profile open right now, in plain words; `null`: none that can be seen. */
export function liveOwner(session: string): string | null {
  const reader = createReader();
  const path = absolutePath(session);
  const owner = judgeOwner(reader, path, readSingleton(reader, path), readOwners(reader, { live: true }));
  return owner.state === 'live' ? owner.reason : null;
}

/** Processes of a browser that was killed let go of the profile within moments; on a machine with ten to a core it took 1 s. */
const LET_GO_MS = 5_000;
const LET_GO_POLL_MS = 50;

/** {@link liveOwner}, once the browser that has just ended has let go. A bot that came back still has it then. */
export async function lastingOwner(session: string): Promise<string | null> {
  const limit = Date.now() + LET_GO_MS;
  let owner = liveOwner(session);
  while (owner !== null && Date.now() < limit) {
    await new Promise((resolve) => setTimeout(resolve, LET_GO_POLL_MS));
    owner = liveOwner(session);
  }
  return owner;
}

/** The real directory of a session: links before and at its name followed. */
export function realPath(session: string): AbsolutePath {
  const resolved = createReader().resolve(session);
  return resolved.ok ? resolved.value.resolved : absolutePath(session);
}

export function summaryOf({ state, evidence, lastExit, stores }: Profile): ProfileSummary {
  return { state, evidence, lastExit, stores };
}
