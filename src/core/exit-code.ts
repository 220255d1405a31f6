import { type Finding, SEVERITIES, type Severity } from '../model/finding.ts';
import type { Outcome } from '../model/report.ts';

/** Exit codes of the program; see the table in the README. */
export const EXIT = { ok: 0, findings: 1, usage: 2, unknown: 3, crash: 70, interrupted: 130 } as const;

export interface ExitPolicy {
  /** The least severe finding that fails the run, inclusive; `never` for none. */
  readonly failOn: Severity | 'never';
  /** `true`: every unknown is accepted; otherwise the codes whose unknown is. */
  readonly allowUnknown: true | readonly string[];
  readonly allowNoBot: boolean;
}

/** Is `severity` at or above the threshold? */
export function reaches(severity: Severity, threshold: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}

/** Findings first, then "could not look", then all is well. Wrong use has ended the run before. */
export function exitCodeOf(
  findings: readonly Finding[],
  outcomes: readonly Outcome[],
  botFound: boolean,
  policy: ExitPolicy,
): number {
  const { failOn, allowUnknown } = policy;
  if (failOn !== 'never') {
    const failing = findings.some(
      (finding) => finding.suppressed === null && finding.baseline !== 'known' && reaches(finding.severity, failOn),
    );
    if (failing) return EXIT.findings;
  }
  if (!botFound) return policy.allowNoBot ? EXIT.ok : EXIT.unknown;
  const accepted = (code: string) => allowUnknown === true || allowUnknown.includes(code);
  const blind = outcomes.some(({ code, outcome, reason }) => {
    const couldNotLook = outcome === 'unknown' || outcome === 'error' || (outcome === 'fail' && reason !== null);
    return couldNotLook && !accepted(code);
  });
  return blind ? EXIT.unknown : EXIT.ok;
}
