import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/core/exit-code.ts';
import { type FactStates, runChecks } from '../../src/core/run.ts';
import { selectChecks } from '../../src/core/select.ts';
import { verdictOf } from '../../src/core/verdict.ts';
import { type Check, type CheckResult, defineCheck } from '../../src/model/check.ts';
import type { FindingDraft, Severity } from '../../src/model/finding.ts';

const draft = (severity: Severity): FindingDraft => ({
  severity,
  confidence: 'high',
  message: `a ${severity}`,
  event: null,
  locations: [{ file: 'index.js', line: 3 }],
  evidence: [],
});

function check(code: string, run: () => CheckResult, extra: Partial<Check> = {}): Check {
  return defineCheck({
    code,
    name: code.toLowerCase(),
    family: 'storage',
    severity: 'error',
    needs: ['platform'],
    targets: ['host', 'repo'],
    since: '0.1.0',
    effort: 'low',
    implies: 'lost',
    what: '',
    why: '',
    fix: ['do it'],
    ...extra,
    run,
  });
}

const PLATFORM: FactStates = { platform: { ok: true, value: { kinds: [], evidence: [] }, gaps: [] } };

function outcomeOf(run: () => CheckResult, states: FactStates = PLATFORM, extra: Partial<Check> = {}) {
  const checks = [check('WA901', run, extra)];
  const result = runChecks(checks, 'host', states);
  const verdict = verdictOf(result.findings, result.outcomes, checks);
  const code = (more = {}) =>
    exitCodeOf(result.findings, result.outcomes, true, {
      failOn: 'error',
      allowUnknown: [],
      allowNoBot: false,
      ...more,
    });
  return { ...result.outcomes[0], verdict, code };
}

describe('one check', () => {
  it('that finds nothing has passed', () => {
    const { outcome, verdict, code } = outcomeOf(() => ({ findings: [] }));
    expect([outcome, verdict, code()]).toEqual(['pass', 'safe', 0]);
  });

  it('that throws is an error outcome, an unknown verdict and exit 3', () => {
    const { outcome, reason, verdict, code } = outcomeOf(() => {
      throw new Error('boom');
    });
    expect([outcome, verdict, code()]).toEqual(['error', 'unknown', 3]);
    expect(reason).toContain('boom');
  });

  it('whose fact could not be read is unknown, with the reason', () => {
    const { outcome, reason, code } = outcomeOf(() => ({ findings: [] }), {
      platform: { ok: false, reason: 'no /proc here' },
    });
    expect([outcome, reason, code()]).toEqual(['unknown', 'no /proc here', 3]);
  });

  it('whose fact has a gap is unknown although it found nothing', () => {
    const states: FactStates = {
      platform: { ok: true, value: { kinds: [], evidence: [] }, gaps: ['/proc is hidden'] },
    };
    expect(outcomeOf(() => ({ findings: [] }), states)).toMatchObject({
      outcome: 'unknown',
      reason: '/proc is hidden',
    });
  });

  it('that finds something and could not see the rest fails, and gates as unknown below the threshold', () => {
    const { outcome, reason, code } = outcomeOf(() => ({ findings: [draft('info')], unknown: ['half hidden'] }));
    expect([outcome, reason, code(), code({ allowUnknown: true })]).toEqual(['fail', 'half hidden', 3, 0]);
  });

  it('that the repository leaves open gates, and does not decide the verdict', () => {
    const { outcome, verdict, code } = outcomeOf(() => ({ findings: [], undeclared: 'no launch declares mounts' }));
    expect([outcome, verdict, code(), code({ allowUnknown: ['WA901'] })]).toEqual(['unknown', 'safe', 3, 0]);
  });

  it('for another target is not applicable', () => {
    expect(outcomeOf(() => ({ findings: [draft('error')] }), PLATFORM, { targets: ['repo'] })).toMatchObject({
      outcome: 'not-applicable',
      verdict: 'safe',
    });
  });
});

describe('exit code and verdict', () => {
  const cells: [Severity, string, number][] = [
    ['error', 'error', 1],
    ['warning', 'error', 0],
    ['info', 'error', 0],
    ['error', 'warning', 1],
    ['warning', 'warning', 1],
    ['info', 'warning', 0],
    ['error', 'info', 1],
    ['warning', 'info', 1],
    ['info', 'info', 1],
    ['error', 'never', 0],
    ['warning', 'never', 0],
    ['info', 'never', 0],
  ];
  it.each(cells)('a finding of %s with --fail-on %s exits with %i', (severity, failOn, expected) => {
    expect(outcomeOf(() => ({ findings: [draft(severity)] })).code({ failOn })).toBe(expected);
  });

  it.each([
    ['error', 'lost', 'lost'],
    ['warning', 'lost', 'at-risk'],
    ['info', 'lost', 'safe'],
    ['error', 'at-risk', 'at-risk'],
    ['error', undefined, 'safe'],
  ] as const)('a finding of %s from a check that implies %s gives %s', (severity, implies, verdict) => {
    const extra: Partial<Check> = implies === undefined ? {} : { implies };
    const one = check('WA901', () => ({ findings: [draft(severity)] }), extra);
    const checks =
      implies === undefined
        ? [Object.fromEntries(Object.entries(one).filter(([key]) => key !== 'implies')) as unknown as Check]
        : [one];
    const { findings, outcomes } = runChecks(checks, 'host', PLATFORM);
    expect(verdictOf(findings, outcomes, checks)).toBe(verdict);
  });

  it('no bot is not fine, unless it is allowed', () => {
    const policy = { failOn: 'error', allowUnknown: [], allowNoBot: false } as const;
    expect(exitCodeOf([], [], false, policy)).toBe(3);
    expect(exitCodeOf([], [], false, { ...policy, allowNoBot: true })).toBe(0);
  });
});

it('a fingerprint does not move with the line', () => {
  const at = (line: number) =>
    runChecks(
      [check('WA901', () => ({ findings: [{ ...draft('error'), locations: [{ file: 'a.js', line }] }] }))],
      'host',
      PLATFORM,
    ).findings[0]?.fingerprint;
  expect(at(1)).toBe(at(99));
});

it('an unknown code is wrong use', () => {
  expect(() => selectChecks([check('WA901', () => ({ findings: [] }))], ['WA902'], [])).toThrow(/no check WA902/);
});
