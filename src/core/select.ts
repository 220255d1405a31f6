import type { Check } from '../model/check.ts';
import { UsageError } from '../model/errors.ts';
import type { FactName } from '../model/facts.ts';

/**
 * The checks that a run is about.
 * @param only codes to run; `null`: all. @param skip codes to leave out.
 * @throws UsageError for a code that no check has.
 */
export function selectChecks(
  checks: readonly Check[],
  only: readonly string[] | null,
  skip: readonly string[],
): Check[] {
  const known = new Set(checks.map(({ code }) => code));
  for (const code of [...(only ?? []), ...skip]) {
    if (!known.has(code)) throw new UsageError(`there is no check ${code}; wa-doctor checks lists them`);
  }
  return checks.filter(({ code }) => (only === null || only.includes(code)) && !skip.includes(code));
}

/** The union of the facts that the checks read, in the order of first need. */
export function factsNeeded(checks: readonly Check[]): FactName[] {
  return [...new Set(checks.flatMap(({ needs }) => needs))];
}
