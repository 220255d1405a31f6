import type { Severity } from './finding.ts';

/** Where a setting comes from: `--fail-on`, `wa-doctor.config.json:3:5`, `default`. */
export type Origin = string;

/** A finding that somebody has accepted, as the config file says it. */
export interface Suppression {
  readonly code: string;
  /** Never blank: without a reason nothing is suppressed. */
  readonly reason: string;
  /** Last day on which it holds, `2027-01-31`; `null`: for good. */
  readonly until: string | null;
  /** Glob on the files of the finding, relative to the project. */
  readonly path: string | null;
  /** The session directory that the finding is about; absolute. */
  readonly session: string | null;
  readonly fingerprint: string | null;
  readonly by: Origin;
}

/** A comment `wa-doctor-ignore WA201 -- reason` in a file of the project. */
export interface IgnoreComment {
  /** Relative to the project. */
  readonly file: string;
  /** The line of the comment itself, from 1. */
  readonly line: number;
  /** The lines that it is about; `null`: the whole file. */
  readonly lines: readonly number[] | null;
  readonly codes: readonly string[];
  readonly until: string | null;
  readonly reason: string | null;
  /** Why it cannot be used, in plain words; `null`: it can. */
  readonly problem: string | null;
}

/** A severity that the config file or a flag gives to all findings of one check. */
export interface SeverityOverride {
  readonly code: string;
  /** `off`: the check is not run. */
  readonly severity: Severity | 'off';
  readonly by: Origin;
}

/** A finding that was there when the baseline was written. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly code: string;
  /** For people: what and where it was. */
  readonly message: string;
  readonly place: string | null;
  readonly reason: string | null;
  readonly until: string | null;
}

export interface Baseline {
  /** As the user named it. */
  readonly file: string;
  readonly entries: readonly BaselineEntry[];
}

/** What is applied to the findings, once, after the checks. Plain data: the clock was read before. */
export interface Policy {
  readonly severities: readonly SeverityOverride[];
  readonly suppressions: readonly Suppression[];
  readonly baseline: Baseline | null;
  /** The day on which expiry is judged, `2026-11-25`. */
  readonly day: string;
}

/** Something about the policy itself that people should know. */
export interface PolicyNote {
  readonly kind:
    | 'suppression-invalid'
    | 'suppression-expired'
    | 'suppression-unused'
    | 'baseline-expired'
    | 'baseline-unused'
    | 'check-off';
  /** One sentence without a final full stop. */
  readonly text: string;
  readonly by: Origin;
}

/** The policy of a report, as far as a reader must know it. */
export interface ReportedPolicy {
  readonly failOn: Severity | 'never';
  readonly show: Severity;
  /** Are suppressed findings to be shown to people? Programs always get them. */
  readonly showSuppressed: boolean;
  /** The config file in force, or `null`. */
  readonly config: string | null;
  /** The baseline file in force, or `null`. */
  readonly baseline: string | null;
  readonly notes: readonly PolicyNote[];
}

/** A value and who said it. */
export interface Setting<T> {
  readonly value: T;
  readonly by: Origin;
}

/** What one source (flags, config file, defaults) says; nothing where it is silent. Plain data: it travels in facts files. */
export interface Settings {
  readonly target?: Setting<'host' | 'repo'>;
  /** The deployed launch, in words or by id. */
  readonly deploy?: Setting<string>;
  /** Session directories, as written. */
  readonly session?: Setting<readonly string[]>;
  readonly platform?: Setting<string>;
  readonly failOn?: Setting<Severity | 'never'>;
  readonly show?: Setting<Severity>;
  readonly only?: Setting<readonly string[]>;
  readonly skip?: Setting<readonly string[]>;
  readonly severities?: readonly SeverityOverride[];
  readonly suppressions?: readonly Suppression[];
  /** The path of the baseline file. */
  readonly baseline?: Setting<string>;
  readonly allowUnknown?: Setting<boolean | readonly string[]>;
  readonly allowNoBot?: Setting<boolean>;
  readonly inlineIgnores?: Setting<boolean>;
}
