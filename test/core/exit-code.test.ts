import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/core/exit-code.ts';
import { applyPolicy } from '../../src/core/policy/apply.ts';
import type { Finding, Severity } from '../../src/model/finding.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { Outcome } from '../../src/model/report.ts';
import { codesOf, docTable } from '../support/doc-table.ts';

/** The pure side of test/cli/exit-codes.test.ts: every cell of the table in docs/policy.md. */

function finding(severity: Severity): Finding {
  return {
    code: 'WA105',
    check: 'low-space',
    severity,
    confidence: 'high',
    message: 'm',
    event: null,
    locations: [{ path: '/x' }],
    evidence: [],
    remediation: { summary: '', steps: [], effort: 'low' },
    docs: '',
    fingerprint: '00000000000000aa',
    suppressed: null,
    baseline: null,
  };
}

const suppression = { code: 'WA105', reason: 'r', path: null, session: null, fingerprint: null, by: 'c:1:1' };
const entry = { fingerprint: '00000000000000aa', code: 'WA105', message: '', place: null, reason: null, until: null };

const POLICIES: Readonly<Record<string, Partial<Policy>>> = {
  '–': {},
  open: {},
  suppressed: { suppressions: [{ ...suppression, until: null }] },
  'suppressed until yesterday': { suppressions: [{ ...suppression, until: '2026-11-24' }] },
  'in the baseline': { baseline: { file: 'b.json', entries: [entry] } },
  'not in the baseline': { baseline: { file: 'b.json', entries: [{ ...entry, fingerprint: '00000000000000bb' }] } },
};

const { head, rows } = docTable('docs/policy.md', 'findings');

describe.each(rows)('%s, %s', (severity = '', state = '', ...cells) => {
  it.each(head.slice(2).map((title, index) => [title, cells[index]] as const))('%s: %s', (title, cell) => {
    const failOn = /--fail-on (\w+)/.exec(title)?.[1] as Severity | 'never';
    const given = POLICIES[state];
    if (given === undefined) throw new Error(`the table has a state "${state}" that this test does not know`);
    const policy: Policy = { severities: [], suppressions: [], baseline: null, day: '2026-11-25', ...given };
    const outcomes = (blind: boolean): Outcome[] => [
      { code: 'WA105', outcome: severity === 'none' ? 'pass' : 'fail', reason: null, undeclared: false },
      { code: 'WA603', outcome: blind ? 'unknown' : 'pass', reason: blind ? 'why' : null, undeclared: false },
    ];
    const exit = (blind: boolean, allowUnknown: true | string[]) => {
      const { findings } = applyPolicy({
        findings: severity === 'none' ? [] : [finding(severity as Severity)],
        outcomes: outcomes(blind),
        comments: [],
        checks: [{ code: 'WA105' }, { code: 'WA603' }],
        policy,
      });
      return exitCodeOf(findings, outcomes(blind), true, { failOn, allowUnknown, allowNoBot: false });
    };
    expect([exit(false, []), exit(true, []), exit(true, true)]).toEqual(codesOf(cell));
  });
});

it('the table has every severity in every state', () => {
  expect(rows).toHaveLength(1 + 3 * 5);
  expect(new Set(rows.map(([severity, state]) => `${severity} ${state}`)).size).toBe(rows.length);
});
