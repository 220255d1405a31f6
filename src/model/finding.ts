import type { Confidence } from './answer.ts';

/** `error`: the session will be lost at the event named. `warning`: it can be, in a plausible case. `info`: worth knowing. */
export type Severity = 'error' | 'warning' | 'info';

/** From most to least severe. */
export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'info'];

export type Effort = 'low' | 'medium' | 'high';

export interface SourceLocation {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export type Location = SourceLocation | { readonly path: string } | { readonly pid: number };

export interface Remediation {
  readonly summary: string;
  readonly steps: readonly string[];
  readonly effort: Effort;
}

/** What a check says; the runner adds the identity of the check, policy the rest. */
export interface FindingDraft {
  /** Default: the check's own severity. */
  readonly severity?: Severity;
  readonly confidence: Confidence;
  /** One sentence: what is wrong. */
  readonly message: string;
  /** The event that loses the session, in the user's words: `docker compose up --force-recreate`. */
  readonly event: string | null;
  readonly locations: readonly Location[];
  readonly evidence: readonly string[];
  /** Concrete steps for this case; default: the check's own. */
  readonly remediation?: { readonly summary: string; readonly steps: readonly string[] };
  /**
   * What makes this finding the same finding after lines moved: names and paths, no line numbers. Default: the locations' files
   * and the message.
   */
  readonly identity?: readonly string[];
}

export interface Finding {
  readonly code: string;
  readonly check: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly message: string;
  readonly event: string | null;
  readonly locations: readonly Location[];
  readonly evidence: readonly string[];
  readonly remediation: Remediation;
  /** Address of the check's page. */
  readonly docs: string;
  readonly fingerprint: string;
  /** Accepted by somebody: why, and where that is said. `kind`: in a comment of the source, or outside of it. */
  readonly suppressed: {
    readonly reason: string;
    readonly by: string;
    readonly kind?: 'inline' | 'config';
    /** Last day on which it holds. */
    readonly until?: string;
  } | null;
  /** `known`: the baseline holds it; `new`: it does not; `null`: there is no baseline. */
  readonly baseline: 'new' | 'known' | null;
  /** The severity that the check itself gave, where the policy gives another. The verdict goes by this one. */
  readonly overridden?: { readonly from: Severity; readonly by: string };
}
