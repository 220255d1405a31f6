import type { Check, CheckResult, Target } from '../model/check.ts';
import type { FactName, FactState, Facts } from '../model/facts.ts';
import type { Finding, FindingDraft, Location } from '../model/finding.ts';
import type { Outcome } from '../model/report.ts';
import { fingerprint } from './fingerprint.ts';

/** What is known of each fact; a fact that is absent was not collected. */
export type FactStates = { readonly [Name in FactName]?: FactState<Facts[Name]> };

export interface RunResult {
  readonly findings: readonly Finding[];
  readonly outcomes: readonly Outcome[];
}

/** Where the page of a check is published. */
export function docsAddress(code: string): string {
  return `https://wa-doctor.dev/checks/${code}`;
}

function placeOf(location: Location): string {
  if ('file' in location) return location.file;
  return 'path' in location ? location.path : `pid ${location.pid}`;
}

/** Removes what must not go into a fingerprint. */
export type Mask = (text: string) => string;

function toFinding(check: Check, draft: FindingDraft, mask: Mask): Finding {
  const identity = draft.identity ?? [...draft.locations.map(placeOf), draft.message];
  return {
    code: check.code,
    check: check.name,
    severity: draft.severity ?? check.severity,
    confidence: draft.confidence,
    message: draft.message,
    event: draft.event,
    locations: draft.locations,
    evidence: draft.evidence,
    remediation: {
      summary: draft.remediation?.summary ?? check.fix[0] ?? '',
      steps: draft.remediation?.steps ?? check.fix,
      effort: check.effort,
    },
    docs: docsAddress(check.code),
    fingerprint: fingerprint([check.code, ...identity.map(mask)]),
    suppressed: null,
    baseline: null,
  };
}

function runOne(
  check: Check,
  target: Target,
  states: FactStates,
  mask: Mask,
): { outcome: Outcome; findings: Finding[] } {
  const { code } = check;
  const end = (outcome: Outcome['outcome'], reason: string | null, findings: Finding[] = [], undeclared = false) => ({
    outcome: { code, outcome, reason, undeclared },
    findings,
  });
  if (!check.targets.includes(target)) {
    return end('not-applicable', target === 'repo' ? 'no deploy target' : 'it judges repositories only');
  }
  const facts: Partial<Record<FactName, unknown>> = {};
  const gaps: string[] = [];
  for (const name of check.needs) {
    const state = states[name];
    if (state === undefined) return end('unknown', `the fact "${name}" was not collected`);
    if (!state.ok) return end('unknown', state.reason);
    facts[name] = state.value;
    gaps.push(...state.gaps);
  }
  let result: CheckResult;
  try {
    result = check.run(facts as Facts);
  } catch (error) {
    return end(
      'error',
      `the check stopped with an error of its own: ${error instanceof Error ? error.message : error}`,
    );
  }
  const findings = result.findings.map((draft) => toFinding(check, draft, mask));
  if (result.notApplicable !== undefined && findings.length === 0) return end('not-applicable', result.notApplicable);
  const unknown = [...new Set([...(result.unknown ?? []), ...gaps])];
  const reason = unknown.length > 0 ? unknown.join('; ') : null;
  if (findings.length > 0) return end('fail', reason, findings);
  if (reason !== null) return end('unknown', reason);
  return result.undeclared === undefined ? end('pass', null) : end('unknown', result.undeclared, [], true);
}

/**
 * Run every check on the facts. Never throws: a check that does becomes an `error` outcome, a fact that is missing makes the checks
 * that need it `unknown`. Findings keep the order of the checks.
 * @param mask takes secrets out of what the fingerprints are made from.
 */
export function runChecks(
  checks: readonly Check[],
  target: Target,
  states: FactStates,
  mask: Mask = (text) => text,
): RunResult {
  const findings: Finding[] = [];
  const outcomes: Outcome[] = [];
  for (const check of checks) {
    const result = runOne(check, target, states, mask);
    outcomes.push(result.outcome);
    findings.push(...result.findings);
  }
  return { findings, outcomes };
}
