import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { absolutePath } from '../../src/model/path.ts';
import { type RepairResult, repair } from '../../src/repair/repair.ts';
import { BASES, DAMAGES, type Damage, prepareDamages } from '../profile/real/damages.ts';
import { baseProfile, copyOf, identity, isLinked, link, openBrowser } from '../support/real-profile.ts';

/** Tears of section B10 that a repair heals: by store. */
export const TEARS = [
  'log last 10 bytes cut',
  'log with 3 stray bytes',
  'log with a bare header (B8)',
  'log with a zero tail (B9)',
];

export function tear(store: 'LS' | 'IDB', name: string, base: Damage['base'] = 'small'): Damage {
  const found = DAMAGES.find((damage) => damage.base === base && damage.name === `${store} ${name}`);
  if (found === undefined) throw new Error(`no damage ${store} ${name}`);
  return found;
}

export interface HealTrial {
  readonly result: RepairResult | null;
  /** Paired (again) in the first run, and that token found whole at each of the next two restarts. */
  readonly keptTwice: boolean;
}

/** Tear a copy of a linked profile, repair it or not, pair in the first run, and look at the next two restarts. */
export async function healTrial(damage: Damage, seed: number, mend: boolean): Promise<HealTrial> {
  await prepareDamages();
  const profile = copyOf(await baseProfile(BASES[damage.base]));
  try {
    damage.apply(profile, seed);
    const result = mend ? await repair(absolutePath(profile), { now: Date.now(), ownerGone: null, apply: true }) : null;
    const first = await openBrowser(profile);
    await link(first, 'PAIRED');
    await first.close();
    let kept = true;
    for (let run = 0; run < 2 && kept; run++) {
      const next = await openBrowser(profile);
      kept = isLinked(await identity(next), 'PAIRED');
      await next.close();
    }
    return { result, keptTwice: kept };
  } catch {
    return { result: null, keptTwice: false };
  } finally {
    rmSync(dirname(profile), { recursive: true, force: true, maxRetries: 3 });
  }
}
