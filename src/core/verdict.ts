import type { Check } from '../model/check.ts';
import type { Finding } from '../model/finding.ts';
import type { Outcome, Verdict } from '../model/report.ts';

const RANK: Readonly<Record<Verdict, number>> = { lost: 3, 'at-risk': 2, unknown: 1, safe: 0 };

/**
 * What one finding says about the session, by the metadata of its check and the severity that the check itself gave: a team that wants
 * to hear less of it does not make the session safer, and one that wants to hear more does not lose it.
 */
export function impliedBy(finding: Finding, check: Check | undefined): Verdict {
  const severity = finding.overridden?.from ?? finding.severity;
  if (check?.implies === undefined || severity === 'info') return 'safe';
  return severity === 'error' ? check.implies : 'at-risk';
}

/**
 * `lost`: a restart, redeploy or reboot that the setup makes will lose the session. `at-risk`: it hangs on something that is not
 * fixed. `unknown`: nothing was found, but a check that decides could not look or was left out. `safe`: otherwise.
 */
export function verdictOf(
  findings: readonly Finding[],
  outcomes: readonly Outcome[],
  checks: readonly Check[],
  leftOut = false,
): Verdict {
  const byCode = new Map(checks.map((check) => [check.code, check]));
  let verdict: Verdict = 'safe';
  const raise = (next: Verdict) => {
    if (RANK[next] > RANK[verdict]) verdict = next;
  };
  for (const finding of findings) {
    if (finding.suppressed === null) raise(impliedBy(finding, byCode.get(finding.code)));
  }
  for (const { code, outcome, undeclared } of outcomes) {
    const decides = byCode.get(code)?.implies !== undefined && !undeclared;
    if (decides && (outcome === 'unknown' || outcome === 'error')) raise('unknown');
  }
  if (leftOut) raise('unknown');
  return verdict;
}
