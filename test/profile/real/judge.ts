import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import { readOwners } from '../../../src/facts/owners.ts';
import { createReader } from '../../../src/facts/reader.ts';
import { absolutePath } from '../../../src/model/path.ts';
import type { Profile } from '../../../src/model/profile.ts';
import { inspectProfile } from '../../../src/profile/inspect.ts';
import {
  baseProfile,
  copyOf,
  identity,
  isLinked,
  link,
  openBrowser,
  scratch,
  TOKEN,
} from '../../support/real-profile.ts';
import { BASES, type Damage } from './damages.ts';

/** The doctor's view of a profile on this machine. */
export function look(profile: string): Promise<Profile> {
  const reader = createReader();
  return inspectProfile(reader, readOwners(reader, { live: true }), absolutePath(profile), {
    depth: 'full',
    now: Date.now(),
  });
}

/** Does the doctor say that something is wrong: damaged, incomplete, foreign files, a format that the browser does not know? */
export function complaints(profile: Profile): string[] {
  return [
    ...(profile.state === 'linked' ? [] : [profile.state]),
    ...profile.stores.filter(({ state }) => state === 'damaged').map(({ name }) => `${name} damaged`),
    ...(profile.permissions.odd.length > 0 ? ['owners or modes'] : []),
    ...profile.schemas.filter(({ found, known }) => found > known).map(({ store }) => `${store} format`),
    ...(profile.stores.some(({ engine, state }) => engine === 'sqlite' && state !== 'missing') ? ['SQLite'] : []),
  ];
}

export interface Trial {
  readonly said: readonly string[];
  readonly profile: Profile;
  /** What became of the session: whole over three starts with writes in between, gone at the first, or what was written is gone later. */
  readonly chromium: 'kept' | 'lost' | 'lost later' | 'error';
}

/** Hurt a copy, ask the doctor, then let Chromium start on it, write, and start twice again, until the session is lost. */
export async function tryDamage(damage: Damage, seed: number): Promise<Trial> {
  const profile = copyOf(await baseProfile(BASES[damage.base]));
  damage.apply(profile, seed);
  if (damage.uid !== undefined) {
    chmodSync(scratch(), 0o755);
    chmodSync(dirname(profile), 0o755);
  }
  const seen = await look(profile);
  const options = damage.uid === undefined ? {} : { uid: damage.uid };
  const said = complaints(seen);

  let token = TOKEN;
  let chromium: Trial['chromium'] = 'kept';
  for (let run = 0; run < 3; run++) {
    try {
      const running = await openBrowser(profile, options);
      try {
        const found = await identity(running);
        if (!isLinked(found, token)) {
          if (found.error !== null) return { said, profile: seen, chromium: 'error' };
          chromium = run === 0 ? 'lost' : 'lost later';
        }
        // What a day of use writes: it must be there at the next start.
        token = `RUN-${run}`;
        if (run < 2) await link(running, token);
      } finally {
        await running.close();
      }
    } catch {
      return { said, profile: seen, chromium: 'error' };
    }
    if (chromium !== 'kept') break;
  }
  return { said, profile: seen, chromium };
}
