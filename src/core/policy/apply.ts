import type { CheckMeta } from '../../model/check.ts';
import type { Finding } from '../../model/finding.ts';
import type { IgnoreComment, Policy, PolicyNote } from '../../model/policy.ts';
import type { Outcome } from '../../model/report.ts';
import { compareToBaseline } from './baseline.ts';
import { overrideSeverities } from './severity.ts';
import { suppress } from './suppress.ts';
import { toldCompletely } from './told.ts';

export interface PolicyInput {
  readonly findings: readonly Finding[];
  readonly outcomes: readonly Outcome[];
  /** Comments of the project that accept findings; empty when they are not to be heeded. */
  readonly comments: readonly IgnoreComment[];
  /** Every check that there is, run or not. */
  readonly checks: readonly Pick<CheckMeta, 'code'>[];
  readonly policy: Policy;
}

export interface PolicyResult {
  /** As many as before, in the same order. */
  readonly findings: readonly Finding[];
  readonly notes: readonly PolicyNote[];
}

/**
 * Everything that a team has agreed on, applied once, after the checks: severities, then suppressions, then the baseline.
 * Nothing is left out: findings are marked, and what the policy itself has to say stands in the notes. Pure.
 */
export function applyPolicy({ findings, outcomes, comments, checks, policy }: PolicyInput): PolicyResult {
  const { severities, suppressions, baseline, day } = policy;
  const codes = checks.map(({ code }) => code);
  const told = toldCompletely(outcomes);
  const off = severities
    .filter(({ severity }) => severity === 'off')
    .map(({ code, by }): PolicyNote => ({ kind: 'check-off', text: `${code} is off: it was not run`, by }));
  const severe = overrideSeverities(findings, severities);
  const accepted = suppress(severe, { suppressions, comments, day, codes, told });
  if (baseline === null) return { findings: accepted.findings, notes: [...off, ...accepted.notes] };
  const compared = compareToBaseline(accepted.findings, { baseline, day, codes, told });
  return { findings: compared.findings, notes: [...off, ...accepted.notes, ...compared.notes] };
}
