import type { FactName, Facts } from './facts.ts';
import type { Effort, FindingDraft, Severity } from './finding.ts';

export type Target = 'host' | 'repo';

export type CheckFamily = 'storage' | 'path' | 'wipers' | 'lifecycle' | 'profile' | 'exposure' | 'verify';

/** The whole identity of a check: `explain`, its page, the schema and the SARIF rule come from here and nowhere else. */
export interface CheckMeta<Needs extends FactName = FactName> {
  /** `WA101`. Forever: never reused. */
  readonly code: string;
  /** `ephemeral-storage`. */
  readonly name: string;
  readonly family: CheckFamily;
  /** The severest that it reports. */
  readonly severity: Severity;
  /** The facts that it reads, all of them. */
  readonly needs: readonly Needs[];
  readonly targets: readonly Target[];
  /** Version that brought it. */
  readonly since: string;
  readonly effort: Effort;
  /**
   * What an `error` of this check says about the session as a whole; a `warning` says `at-risk` at most. Default: nothing
   * (the verdict is about where the session lives and who deletes it).
   */
  readonly implies?: 'lost' | 'at-risk';
  /** One sentence: what it finds. */
  readonly what: string;
  /** Why that loses a session. Plain text, one or more paragraphs. */
  readonly why: string;
  /** How to fix it: imperative sentences. */
  readonly fix: readonly string[];
}

/**
 * What a check gives back. `unknown` holds the reasons why a part could not be judged; `notApplicable` the reason why there is
 * nothing to judge. Without findings, `unknown` and `notApplicable` the check has passed.
 */
export interface CheckResult {
  readonly findings: readonly FindingDraft[];
  readonly unknown?: readonly string[];
  /**
   * The repository does not declare what the check judges (no launch declares mounts). The outcome is `unknown` and gates, but the
   * verdict stands on what the repository does say.
   */
  readonly undeclared?: string;
  readonly notApplicable?: string;
}

export interface Check<Needs extends FactName = FactName> extends CheckMeta<Needs> {
  /** Pure: no I/O, no clock, no knowledge of other checks. */
  run(facts: Pick<Facts, Needs>): CheckResult;
}

/** Define a check; infers the facts that `run` may read from `needs`. */
export function defineCheck<const Needs extends FactName>(check: Check<Needs>): Check<Needs> {
  return check;
}
