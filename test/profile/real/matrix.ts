import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { baseProfile } from '../../support/real-profile.ts';
import { runSeries } from '../../support/rounds.ts';
import { BASES, DAMAGES, type Damage, prepareDamages } from './damages.ts';
import { type Trial, tryDamage } from './judge.ts';

export interface Row {
  readonly damage: Damage;
  readonly trials: readonly Trial[];
  /** Lost by Chromium and seen by the doctor; lost and not seen; kept, though the files are hurt; kept and silent; healthy and complained about. */
  readonly detected: number;
  readonly missed: number;
  readonly harmless: number;
  readonly silent: number;
  readonly falseAlarms: number;
}

function count(damage: Damage, trials: readonly Trial[]): Row {
  const lost = trials.filter(({ chromium }) => chromium !== 'kept');
  const kept = trials.filter(({ chromium }) => chromium === 'kept');
  const loud = ({ said }: Trial) => said.length > 0;
  return {
    damage,
    trials,
    detected: lost.filter(loud).length,
    missed: lost.filter((trial) => !loud(trial)).length,
    harmless: damage.healthy === true ? 0 : kept.filter(loud).length,
    silent: kept.filter((trial) => !loud(trial)).length,
    falseAlarms: damage.healthy === true ? trials.filter(loud).length : 0,
  };
}

/** Run each damage `perKind` times, round by round. Rows come in the order of `damages`. */
export async function matrix(damages: readonly Damage[], perKind: number, workers = 1): Promise<Row[]> {
  await prepareDamages();
  for (const base of new Set(damages.map((damage) => damage.base))) await baseProfile(BASES[base]);
  const trials = new Map<Damage, Trial[]>(damages.map((damage) => [damage, []]));
  await runSeries({
    kinds: damages,
    rounds: perKind,
    workers,
    name: ({ base, name }) => `${base} ${name}`,
    async trial(damage, seed) {
      const trial = await tryDamage(damage, seed);
      trials.get(damage)?.push(trial);
      rmSync(dirname(trial.profile.path), { recursive: true, force: true, maxRetries: 3 });
      const { missed, falseAlarms } = count(damage, [trial]);
      return [...(missed > 0 ? ['missed'] : []), ...(falseAlarms > 0 ? ['false alarm'] : [])];
    },
  });
  return damages.map((damage) => count(damage, trials.get(damage) ?? []));
}

export function rowText({ damage, trials, detected, missed, harmless, silent, falseAlarms }: Row): string {
  const chromium = [...new Set(trials.map((trial) => trial.chromium))].join('/');
  const said = [...new Set(trials.map((trial) => trial.said.join('+') || '-'))].join(' | ');
  return `${damage.base.padEnd(7)} ${damage.name.padEnd(44)} detected ${detected} missed ${missed} harmless ${harmless} silent ${silent} false ${falseAlarms}  Chromium: ${chromium}; doctor: ${said}`;
}

export { DAMAGES };
