import type { Finding } from '../../model/finding.ts';
import type { SeverityOverride } from '../../model/policy.ts';

/** Gives findings the severity that the policy says; what the check said stays beside it. `off` is a matter of selection. */
export function overrideSeverities(findings: readonly Finding[], overrides: readonly SeverityOverride[]): Finding[] {
  const byCode = new Map(overrides.map((override) => [override.code, override]));
  return findings.map((finding) => {
    const override = byCode.get(finding.code);
    if (override === undefined || override.severity === 'off' || override.severity === finding.severity) return finding;
    const { severity, by } = override;
    return { ...finding, severity, overridden: { from: finding.severity, by } };
  });
}
