import type { Outcome } from '../../model/report.ts';

/**
 * The codes of the checks that could look at everything: only there does "fits nothing" mean that nothing is left to fit.
 */
export function toldCompletely(outcomes: readonly Outcome[]): ReadonlySet<string> {
  return new Set(
    outcomes
      .filter(({ outcome, reason }) => outcome === 'pass' || (outcome === 'fail' && reason === null))
      .map(({ code }) => code),
  );
}
