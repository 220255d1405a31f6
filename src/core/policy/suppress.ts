import type { Finding } from '../../model/finding.ts';
import { absolutePath, isInside } from '../../model/path.ts';
import type { IgnoreComment, PolicyNote, Suppression } from '../../model/policy.ts';
import { suggestion } from '../document/suggest.ts';
import { isOver } from './days.ts';
import { globMatches } from './glob.ts';

export interface SuppressionInput {
  readonly suppressions: readonly Suppression[];
  readonly comments: readonly IgnoreComment[];
  readonly day: string;
  /** Codes of all checks, run or not. */
  readonly codes: readonly string[];
  /** Codes of the checks that could look at everything. */
  readonly told: ReadonlySet<string>;
}

export interface Suppressed {
  readonly findings: Finding[];
  readonly notes: readonly PolicyNote[];
}

/** One thing that suppresses, whether it stands in the config file or in a comment. */
interface Rule {
  readonly codes: readonly string[];
  readonly reason: string;
  readonly until: string | null;
  readonly by: string;
  readonly kind: 'inline' | 'config';
  fits(finding: Finding): boolean;
}

function fromConfig(suppression: Suppression): Rule {
  const { code, reason, until, by, path, session, fingerprint } = suppression;
  const directory = session === null ? null : absolutePath(session);
  return {
    codes: [code],
    reason,
    until,
    by,
    kind: 'config',
    fits: (finding) =>
      (fingerprint === null || finding.fingerprint === fingerprint) &&
      (path === null || finding.locations.some((location) => 'file' in location && globMatches(path, location.file))) &&
      (directory === null ||
        finding.locations.some(
          (location) =>
            'path' in location && location.path.startsWith('/') && isInside(absolutePath(location.path), directory),
        )),
  };
}

function fromComment({ codes, reason, until, file, line, lines }: IgnoreComment): Rule {
  return {
    codes,
    reason: reason ?? '',
    until,
    by: `${file}:${line}`,
    kind: 'inline',
    fits: ({ locations }) =>
      locations.some(
        (location) =>
          'file' in location &&
          location.file === file &&
          (lines === null || (location.line !== undefined && lines.includes(location.line))),
      ),
  };
}

/** What is wrong with a comment, in plain words, or `null`. */
function faultOf({ problem, codes }: IgnoreComment, known: readonly string[]): string | null {
  if (problem !== null) return problem;
  const odd = codes.find((code) => !known.includes(code));
  return odd === undefined ? null : `there is no check ${odd}${suggestion(odd, known)}`;
}

/**
 * Marks the findings that somebody has accepted. Without a reason, or past its last day, nothing is suppressed; both are said, and so is
 * what fits no finding any more.
 */
export function suppress(findings: readonly Finding[], input: SuppressionInput): Suppressed {
  const { day, codes, told } = input;
  const notes: PolicyNote[] = [];
  const rules: Rule[] = input.suppressions.map(fromConfig);
  for (const comment of input.comments) {
    const fault = faultOf(comment, codes);
    if (fault === null) rules.push(fromComment(comment));
    else {
      const by = `${comment.file}:${comment.line}`;
      notes.push({ kind: 'suppression-invalid', text: `this comment suppresses nothing: ${fault}`, by });
    }
  }
  const byCode = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const code of rule.codes) byCode.set(code, [...(byCode.get(code) ?? []), rule]);
  }
  /** Codes for which each rule found something, over or not. */
  const used = new Map<Rule, Set<string>>();
  const marked = findings.map((finding): Finding => {
    const fitting = (byCode.get(finding.code) ?? []).filter((rule) => rule.fits(finding));
    for (const rule of fitting) used.set(rule, (used.get(rule) ?? new Set()).add(finding.code));
    const rule = fitting.find(({ until }) => !isOver(until, day));
    if (rule === undefined) return finding;
    const { reason, by, kind, until } = rule;
    return { ...finding, suppressed: { reason, by, kind, ...(until === null ? {} : { until }) } };
  });
  for (const rule of rules) {
    const { by, until } = rule;
    const fitted = used.get(rule) ?? new Set();
    if (isOver(until, day) && fitted.size > 0) {
      const text = `the suppression of ${[...fitted].sort().join(', ')} was over on ${until}: what it suppressed counts again`;
      notes.push({ kind: 'suppression-expired', text, by });
    }
    const idle = rule.codes.filter((code) => !fitted.has(code) && told.has(code));
    if (idle.length > 0) {
      const text = `the suppression of ${idle.join(', ')} fits no finding: it can go`;
      notes.push({ kind: 'suppression-unused', text, by });
    }
  }
  return { findings: marked, notes };
}
