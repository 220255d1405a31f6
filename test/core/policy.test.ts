import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyPolicy } from '../../src/core/policy/apply.ts';
import { makeBaseline } from '../../src/core/policy/baseline.ts';
import { dayFault, isDay, isOver } from '../../src/core/policy/days.ts';
import { globMatches } from '../../src/core/policy/glob.ts';
import type { Finding, Location, Severity } from '../../src/model/finding.ts';
import type { BaselineEntry, IgnoreComment, Policy, Suppression } from '../../src/model/policy.ts';
import type { Outcome } from '../../src/model/report.ts';

const DAY = '2026-11-25';
const CHECKS = ['WA101', 'WA201', 'WA301'].map((code) => ({ code }));

function finding(
  code: string,
  place: Location = { file: 'src/bot.js', line: 12 },
  more: Partial<Finding> = {},
): Finding {
  return {
    code,
    check: code.toLowerCase(),
    severity: 'error',
    confidence: 'high',
    message: `${code} at ${JSON.stringify(place)}`,
    event: null,
    locations: [place],
    evidence: [],
    remediation: { summary: '', steps: [], effort: 'low' },
    docs: '',
    fingerprint: `${code.slice(2)}0000000000000`,
    suppressed: null,
    baseline: null,
    ...more,
  };
}

const outcome = (code: string, kind: Outcome['outcome'], reason: string | null = null): Outcome => ({
  code,
  outcome: kind,
  reason,
  undeclared: false,
});
const TOLD = CHECKS.map(({ code }) => outcome(code, 'fail'));

function suppression(code: string, more: Partial<Suppression> = {}): Suppression {
  return {
    code,
    reason: 'known',
    until: null,
    path: null,
    session: null,
    fingerprint: null,
    by: 'c.json:3:5',
    ...more,
  };
}

function comment(code: string, more: Partial<IgnoreComment> = {}): IgnoreComment {
  const rest = { until: null, reason: 'because', problem: null };
  return { file: 'src/bot.js', line: 11, lines: [12], codes: [code], ...rest, ...more };
}

interface Given {
  readonly findings?: readonly Finding[];
  readonly comments?: readonly IgnoreComment[];
  readonly outcomes?: readonly Outcome[];
}

function apply(policy: Partial<Policy>, { findings = [finding('WA201')], comments = [], outcomes = TOLD }: Given = {}) {
  const whole = { severities: [], suppressions: [], baseline: null, day: DAY, ...policy };
  return applyPolicy({ findings, outcomes, comments, checks: CHECKS, policy: whole });
}

describe('a suppression fits', () => {
  const session = finding('WA201', { path: '/data/wa/session' });
  it.each([
    ['every finding of its check', suppression('WA201'), finding('WA201'), true],
    ['no finding of another', suppression('WA101'), finding('WA201'), false],
    ['a file', suppression('WA201', { path: 'src/bot.js' }), finding('WA201'), true],
    ['a glob', suppression('WA201', { path: 'src/**' }), finding('WA201'), true],
    ['not another file', suppression('WA201', { path: 'src/other.js' }), finding('WA201'), false],
    ['a session', suppression('WA201', { session: '/data/wa/session' }), session, true],
    ['what lies in the session', suppression('WA201', { session: '/data/wa' }), session, true],
    ['not another session', suppression('WA201', { session: '/data/w' }), session, false],
    ['a fingerprint', suppression('WA201', { fingerprint: '2010000000000000' }), finding('WA201'), true],
    ['not another fingerprint', suppression('WA201', { fingerprint: '2010000000000001' }), finding('WA201'), false],
    ['nothing less than all', suppression('WA201', { path: 'src/*', session: '/data' }), finding('WA201'), false],
    ['today, on its last day', suppression('WA201', { until: DAY }), finding('WA201'), true],
    ['not after its last day', suppression('WA201', { until: '2026-11-24' }), finding('WA201'), false],
  ] as const)('%s', (_, rule, subject, fits) => {
    const [only] = apply({ suppressions: [rule] }, { findings: [subject] }).findings;
    expect(only?.suppressed !== null).toBe(fits);
  });

  it('keeps the reason, the place and the last day', () => {
    const { findings } = apply({ suppressions: [suppression('WA201', { until: '2027-01-31' })] });
    expect(findings[0]?.suppressed).toEqual({ reason: 'known', by: 'c.json:3:5', kind: 'config', until: '2027-01-31' });
  });
});

describe('a comment fits', () => {
  it.each([
    ['its line', comment('WA201'), true],
    ['the whole file', comment('WA201', { lines: null }), true],
    ['not another line', comment('WA201', { lines: [13] }), false],
    ['not another file', comment('WA201', { file: 'src/other.js' }), false],
    ['not another check', comment('WA101'), false],
    ['nothing without a reason', comment('WA201', { reason: null, problem: 'it gives no reason' }), false],
    ['nothing after its last day', comment('WA201', { until: '2026-01-01' }), false],
  ] as const)('%s', (_, one, fits) => {
    const [only] = apply({}, { comments: [one] }).findings;
    expect(only?.suppressed ?? null).toEqual(fits ? { reason: 'because', by: 'src/bot.js:11', kind: 'inline' } : null);
  });

  it('any of several places of a finding', () => {
    const two = finding('WA201', { path: '/x' }, { locations: [{ path: '/x' }, { file: 'src/bot.js', line: 12 }] });
    expect(apply({}, { findings: [two], comments: [comment('WA201')] }).findings[0]?.suppressed).not.toBeNull();
  });
});

describe('notes', () => {
  const kinds = (policy: Partial<Policy>, given?: Given) => apply(policy, given).notes.map(({ kind }) => kind);

  it('no reason: in one line, with the place', () => {
    const { notes } = apply({}, { comments: [comment('WA201', { problem: 'it gives no reason' })] });
    expect(notes).toEqual([
      { kind: 'suppression-invalid', text: 'this comment suppresses nothing: it gives no reason', by: 'src/bot.js:11' },
    ]);
  });

  it('a comment for a check that there is not', () => {
    expect(apply({}, { comments: [comment('WA210')] }).notes[0]?.text).toMatch(/no check WA210; did you mean "WA/);
  });

  it('over: says since when', () => {
    const { notes } = apply({ suppressions: [suppression('WA201', { until: '2026-11-24' })] });
    expect(notes).toMatchObject([{ kind: 'suppression-expired', text: expect.stringContaining('2026-11-24') }]);
  });

  it('fits nothing', () => {
    expect(kinds({ suppressions: [suppression('WA301')] })).toEqual(['suppression-unused']);
  });

  it.each([
    ['was not run', []],
    ['could not look', [outcome('WA301', 'unknown', 'no /proc')]],
    ['could look at a part only', [outcome('WA301', 'fail', 'half hidden')]],
    ['crashed', [outcome('WA301', 'error', 'boom')]],
    ['does not apply', [outcome('WA301', 'not-applicable', 'no deploy target')]],
  ] as const)('says nothing of what fits nothing where the check %s', (_, outcomes) => {
    expect(kinds({ suppressions: [suppression('WA301')] }, { outcomes })).toEqual([]);
  });

  it('a check that is off', () => {
    const { notes } = apply({ severities: [{ code: 'WA301', severity: 'off', by: '--severity' }] });
    expect(notes).toEqual([{ kind: 'check-off', text: 'WA301 is off: it was not run', by: '--severity' }]);
  });
});

describe('severities', () => {
  it.each(['error', 'warning', 'info'] as const)('every finding of the check becomes %s', (severity) => {
    const findings = (['error', 'warning', 'info'] as Severity[]).map((from) =>
      finding('WA201', undefined, { severity: from }),
    );
    const result = apply({ severities: [{ code: 'WA201', severity, by: 'c.json:2:3' }] }, { findings }).findings;
    expect(result.map((one) => one.severity)).toEqual([severity, severity, severity]);
    expect(result.map(({ overridden }) => overridden?.from ?? severity)).toEqual(['error', 'warning', 'info']);
  });

  it('leaves other checks alone', () => {
    const { findings } = apply({ severities: [{ code: 'WA101', severity: 'info', by: '' }] });
    expect(findings).toEqual([finding('WA201')]);
  });
});

describe('baseline', () => {
  const entry = (of: Finding, more: Partial<BaselineEntry> = {}): BaselineEntry => {
    const { fingerprint, code, message } = of;
    return { fingerprint, code, message, place: null, reason: null, until: null, ...more };
  };
  const a = finding('WA201');
  const b = finding('WA301');
  const against = (entries: BaselineEntry[], given: Given = { findings: [a, b] }, policy: Partial<Policy> = {}) =>
    apply({ baseline: { file: 'base.json', entries }, ...policy }, given);
  const states = ({ findings }: ReturnType<typeof apply>) => findings.map(({ baseline }) => baseline);

  it('marks old and new, and leaves nothing out', () => {
    expect(states(against([entry(a)]))).toEqual(['known', 'new']);
    expect(states(apply({}))).toEqual([null]);
  });

  it('an entry stands for one finding', () => {
    expect(states(against([entry(a)], { findings: [a, a] }))).toEqual(['known', 'new']);
    expect(states(against([entry(a), entry(a)], { findings: [a, a] }))).toEqual(['known', 'known']);
  });

  it('an entry past its last day makes the finding new, and says so', () => {
    const result = against([entry(a, { until: '2026-11-24' }), entry(b, { until: DAY })]);
    expect(states(result)).toEqual(['new', 'known']);
    expect(result.notes).toMatchObject([{ kind: 'baseline-expired', by: 'base.json' }]);
  });

  it('entries that fit nothing are said in one line, if their check could look', () => {
    const gone = finding('WA101');
    const { notes } = against([entry(a), entry(gone), entry(gone)]);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatchObject({ kind: 'baseline-unused', by: 'base.json' });
    expect(notes[0]?.text).toContain('WA101 1010000000000000, WA101 1010000000000000');
    expect(against([entry(gone)], { findings: [], outcomes: [outcome('WA101', 'unknown', 'x')] }).notes).toEqual([]);
  });

  it('what is written and read again makes everything known, and nothing is unused', () => {
    const subject = fc.constantFrom(a, b, finding('WA101'), finding('WA101', { path: '/x' }));
    fc.assert(
      fc.property(fc.array(subject), (findings) => {
        const { entries } = makeBaseline(findings, null, new Set());
        const result = against([...entries], { findings });
        expect(states(result).every((state) => state === 'known')).toBe(true);
        expect(result.notes).toEqual([]);
        expect(makeBaseline([...findings].reverse(), null, new Set()).entries).toEqual(entries);
      }),
    );
  });

  it('writing it anew keeps reasons, drops what is gone, keeps what could not be looked at', () => {
    const gone = finding('WA101');
    const untold = finding('WA301');
    const previous = {
      file: 'base.json',
      entries: [entry(a, { reason: 'old', until: '2027-01-01' }), entry(gone), entry(untold)],
    };
    const { entries } = makeBaseline([a], previous, new Set(['WA201', 'WA101']));
    expect(entries.map(({ code, reason, until }) => [code, reason, until])).toEqual([
      ['WA201', 'old', '2027-01-01'],
      ['WA301', null, null],
    ]);
  });

  it('suppressed findings are not written', () => {
    expect(makeBaseline([{ ...a, suppressed: { reason: 'x', by: 'y' } }], null, new Set()).entries).toEqual([]);
  });
});

describe('globs', () => {
  it.each([
    ['src/bot.js', 'src/bot.js', true],
    ['./src/bot.js', 'src/bot.js', true],
    ['src', 'src/bot.js', true],
    ['src/', 'src/a/b.js', true],
    ['src', 'srcs/bot.js', false],
    ['src/*', 'src/bot.js', true],
    ['*.js', 'bot.js', true],
    ['*.js', 'src/bot.js', false],
    ['**/*.js', 'bot.js', true],
    ['**/*.js', 'a/b/bot.js', true],
    ['src/**/bot.js', 'src/bot.js', true],
    ['b?t.js', 'bot.js', true],
    ['b?t.js', 'boot.js', false],
    ['*a*b', 'xaxxb', true],
    ['*a*b', 'xaxxbx', false],
    ['[a-z].js', 'a.js', false],
  ])('%s %s', (glob, path, expected) => {
    expect(globMatches(glob, path)).toBe(expected);
  });

  it('takes no exponential time', () => {
    const started = performance.now();
    globMatches(`${'*a'.repeat(500)}b`, 'a'.repeat(4000));
    globMatches('**/'.repeat(300), 'a/'.repeat(300));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('days', () => {
  it.each([
    ['2027-01-31', true],
    ['2028-02-29', true],
    ['2027-02-29', false],
    ['2027-13-01', false],
    ['2027-1-1', false],
    ['0000-00-00', false],
  ])('%s', (day, real) => {
    expect(isDay(day)).toBe(real);
    expect(real || !/^\d{4}-\d{2}-\d{2}$/.test(day) || dayFault(day) !== null).toBe(true);
  });

  it('the last day is included', () => {
    expect([isOver(null, DAY), isOver(DAY, DAY), isOver('2026-11-24', DAY)]).toEqual([false, false, true]);
  });
});
