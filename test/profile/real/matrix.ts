import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { baseProfile } from '../../support/real-profile.ts';
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

/** Run each damage `perKind` times. Rows come in the order of {@link DAMAGES}. */
export async function matrix(damages: readonly Damage[], perKind: number, report?: (row: Row) => void): Promise<Row[]> {
  await prepareDamages();
  for (const base of new Set(damages.map((damage) => damage.base))) await baseProfile(BASES[base]);
  const rows: Row[] = [];
  for (const damage of damages) {
    const trials: Trial[] = [];
    for (let seed = 0; seed < perKind; seed++) {
      const trial = await tryDamage(damage, seed);
      trials.push(trial);
      rmSync(dirname(trial.profile.path), { recursive: true, force: true, maxRetries: 3 });
    }
    const row = count(damage, trials);
    rows.push(row);
    report?.(row);
  }
  return rows;
}

export function rowText({ damage, trials, detected, missed, harmless, silent, falseAlarms }: Row): string {
  const chromium = [...new Set(trials.map((trial) => trial.chromium))].join('/');
  const said = [...new Set(trials.map((trial) => trial.said.join('+') || '-'))].join(' | ');
  return `${damage.base.padEnd(7)} ${damage.name.padEnd(44)} detected ${detected} missed ${missed} harmless ${harmless} silent ${silent} false ${falseAlarms}  Chromium: ${chromium}; doctor: ${said}`;
}

export { DAMAGES };
