import type { Check } from '../model/check.ts';
import { UsageError } from '../model/errors.ts';
import type { FactName } from '../model/facts.ts';
import { resolveCodes } from './policy/codes.ts';

/**
 * The checks that a run is about.
 * @param only codes or names to run; `null`: all. @param skip codes or names to leave out. @param off codes that the policy turns off.
 * @throws UsageError for a check that there is not, and when none is left: a run that looks at nothing must not say that all is well.
 */
export function selectChecks<C extends Check>(
  checks: readonly C[],
  only: readonly string[] | null,
  skip: readonly string[],
  off: readonly string[] = [],
): C[] {
  const wanted = only === null ? null : new Set(resolveCodes(only, checks));
  const unwanted = new Set([...resolveCodes(skip, checks), ...off]);
  const selected = checks.filter(({ code }) => wanted?.has(code) !== false && !unwanted.has(code));
  if (selected.length === 0) throw new UsageError('no check is left to run: --only, --skip and "off" leave none');
  return selected;
}

/** The union of the facts that the checks read, in the order of first need. */
export function factsNeeded(checks: readonly Check[]): FactName[] {
  return [...new Set(checks.flatMap(({ needs }) => needs))];
}
