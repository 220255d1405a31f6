import type { Answer } from './answer.ts';
import type { Target } from './check.ts';
import type { Finding } from './finding.ts';
import type { Platform, Survival } from './mount.ts';
import type { ReportedPolicy } from './policy.ts';
import type { SessionPath } from './session-path.ts';

export type OutcomeKind = 'pass' | 'fail' | 'not-applicable' | 'unknown' | 'error';

/** What became of one check. */
export interface Outcome {
  readonly code: string;
  readonly outcome: OutcomeKind;
  /** Always given for everything but `pass`. For `fail`: what could not be judged beside the findings, or `null`. */
  readonly reason: string | null;
  /** Unknown only because the repository does not declare it; the verdict does not wait for it. */
  readonly undeclared: boolean;
}

export type Verdict = 'safe' | 'at-risk' | 'lost' | 'unknown';

/** A question that any LocalAuth bot must answer with yes. */
export interface Requirement {
  readonly name: string;
  readonly answer: Answer;
  readonly detail: string;
}

/** A place on this machine, and what it survives. */
export interface PlaceRow {
  readonly path: string;
  readonly survives: Survival;
  readonly risk: string;
}

/** Something that people run, and whether it deletes the session. */
export interface WipeTrigger {
  readonly what: string;
  readonly deletes: Answer;
  readonly detail: string;
}

/** The fix, ready to paste. */
export interface Prescription {
  readonly dataPath: string;
  readonly steps: readonly { readonly title: string; readonly lines: readonly string[] }[];
}

/** A session path with its survival beside it, as published in `path@1`. */
export interface ReportedSession extends SessionPath {
  readonly survives: Survival | null;
}

export interface Report {
  readonly schema: 'wa-doctor/report@1';
  readonly tool: { readonly name: 'wa-doctor'; readonly version: string };
  readonly project: string;
  /** Where the project lies in its git repository, relative to the root; absent or empty: it is the root, or there is none. */
  readonly base?: string;
  readonly target: Target;
  readonly platform: Platform | null;
  readonly verdict: Verdict;
  /** One sentence: why this verdict. */
  readonly headline: string;
  readonly partial: boolean;
  readonly findings: readonly Finding[];
  readonly checks: readonly Outcome[];
  readonly requirements: readonly Requirement[];
  readonly locations: readonly PlaceRow[];
  readonly sessions: readonly ReportedSession[];
  readonly wipeTriggers: readonly WipeTrigger[];
  readonly recommended: string | null;
  readonly prescription: Prescription | null;
  readonly policy: ReportedPolicy;
  readonly summary: {
    readonly error: number;
    readonly warning: number;
    readonly info: number;
    readonly unknown: number;
    readonly suppressed: number;
    /** Open findings that the baseline holds. */
    readonly known: number;
    /** Findings below `--show`, left out of `findings`. */
    readonly hidden: number;
    readonly redacted: number;
  };
}
