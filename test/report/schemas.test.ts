import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import { checkstyleReport } from '../../src/report/checkstyle.ts';
import { githubReport } from '../../src/report/github.ts';
import { gitlabReport } from '../../src/report/gitlab.ts';
import { jsonDocument } from '../../src/report/json.ts';
import { junitReport } from '../../src/report/junit.ts';
import { markdownReport } from '../../src/report/markdown.ts';
import { prometheusReport } from '../../src/report/prometheus.ts';
import { sarifReport } from '../../src/report/sarif.ts';
import { lacks } from '../support/needs.ts';
import { SAMPLE, SAMPLE_CHECKS, sampleFindings } from './sample.ts';
import { gitlabFaults, prometheusFaults, reportFaults, sarifFaults, xmlFaults } from './valid.ts';

const docs = (code: string) => `https://example.org/${code}`;

const EMPTY: Report = {
  ...SAMPLE,
  verdict: 'unknown',
  platform: null,
  findings: [],
  checks: [],
  requirements: [],
  locations: [],
  sessions: [],
  wipeTriggers: [],
  recommended: null,
  prescription: null,
};
const NASTY = 'a\u0000\u0007\u001b[2J\u009b\u202e\u200b\ud800 "<&\'>%|`\\ ]]> \uffff \u{e0041} ü 🙂';
const HOSTILE: Report = {
  ...SAMPLE,
  project: NASTY,
  findings: [
    ...sampleFindings(2, { message: NASTY, file: `dir/${NASTY}\n.js` }).map(
      (finding): Finding => ({ ...finding, evidence: [NASTY], fingerprint: 'f'.repeat(16), baseline: 'known' }),
    ),
    ...sampleFindings(1, { message: `${NASTY}\n::error::x`, file: '/absolute' }),
  ],
  checks: [
    { code: 'WA101', outcome: 'error', reason: NASTY, undeclared: false },
    { code: 'WA301', outcome: 'unknown', reason: NASTY, undeclared: false },
    { code: 'WA302', outcome: 'not-applicable', reason: NASTY, undeclared: false },
    { code: 'WA303', outcome: 'pass', reason: null, undeclared: false },
  ],
  partial: true,
};
const REPORTS: Readonly<Record<string, Report>> = {
  'the sample': SAMPLE,
  'an empty report': EMPTY,
  'hostile text': HOSTILE,
  'a project inside of a repository': { ...SAMPLE, base: 'packages/bot' },
  '10,000 findings': { ...SAMPLE, findings: sampleFindings(10_000) },
};

describe.each(Object.entries(REPORTS))('%s is valid', (_, report) => {
  it('JSON', () => {
    expect(reportFaults(jsonDocument(report))).toEqual([]);
    expect(JSON.parse(jsonDocument(report))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  it('SARIF', () => {
    expect(sarifFaults(sarifReport(report, SAMPLE_CHECKS, docs))).toEqual([]);
  });

  it('GitLab code quality, every fingerprint once', () => {
    const text = gitlabReport(report);
    expect(gitlabFaults(text)).toEqual([]);
    const entries: { fingerprint: string }[] = JSON.parse(text);
    expect(new Set(entries.map(({ fingerprint }) => fingerprint)).size).toBe(entries.length);
  });

  it('Prometheus', () => {
    expect(prometheusFaults(prometheusReport(report))).toEqual([]);
  });

  it.skipIf(lacks('promtool'))('Prometheus, by promtool', () => {
    const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], {
      input: prometheusReport(report),
      encoding: 'utf8',
    });
    expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: '', stdout: '' });
  });

  it.skipIf(lacks('xmllint'))('JUnit, by the schema of Jenkins', () => {
    expect(xmlFaults(junitReport(report, SAMPLE_CHECKS), 'junit-jenkins.xsd')).toEqual([]);
  });

  it.skipIf(lacks('xmllint'))('Checkstyle', () => {
    expect(xmlFaults(checkstyleReport(report), 'checkstyle.xsd')).toEqual([]);
  });

  it('GitHub: one command a line, at most ten of a level', () => {
    const lines = githubReport(report).split('\n').slice(0, -1);
    for (const line of lines)
      expect(line).toMatch(/^::(error|warning|notice) (file=[^:,]+,(line=\d+,(col=\d+,)?)?)?title=[^:,]+::/);
    for (const level of ['error', 'warning', 'notice'])
      expect(lines.filter((line) => line.startsWith(`::${level} `)).length).toBeLessThanOrEqual(10);
  });

  it('Markdown: short enough for a comment', () => {
    expect(markdownReport(report).length).toBeLessThanOrEqual(65_536);
  });
});

describe('the validators can fail', () => {
  it.each([
    ['m{a="1"} 1\n', 'outside of its family'],
    ['# HELP m x\n# TYPE m gauge\nm{a="1} 1\n', 'no sample'],
    ['# HELP m x\n# TYPE m gauge\nm 1\nm 1\n', 'a series twice'],
    ['# HELP m x\n# TYPE m gauge\nm 1 1700000000\n', 'no sample'],
    ['# HELP m x\n# TYPE m gauge\nm{a="1",a="2"} 1\n', 'a label twice'],
    ['# HELP m x\n# TYPE m gauge\nm 1', 'no final newline'],
  ])('Prometheus: %j', (text, fault) => {
    expect(prometheusFaults(text).join()).toContain(fault);
  });

  it('SARIF and GitLab', () => {
    expect(sarifFaults('{"version":"2.1.0","runs":[{}]}\n')).not.toEqual([]);
    expect(gitlabFaults('[{"description":"x"}]\n')).not.toEqual([]);
  });

  it.skipIf(lacks('xmllint'))('XML', () => {
    expect(xmlFaults('<testsuites><testsuite name="x"/></testsuites>', 'junit-jenkins.xsd')).not.toEqual([]);
    expect(xmlFaults('<checkstyle><file/></checkstyle>', 'checkstyle.xsd')).not.toEqual([]);
  });
});

describe('what a gate does not look at fails nothing', () => {
  const quiet: Report = {
    ...SAMPLE,
    findings: [
      ...sampleFindings(1).map((finding): Finding => ({ ...finding, baseline: 'known' })),
      ...sampleFindings(1, { message: 'accepted' }).map(
        (finding): Finding => ({ ...finding, suppressed: { reason: 'staging', by: 'config', kind: 'inline' } }),
      ),
    ],
    checks: [{ code: 'WA101', outcome: 'fail', reason: null, undeclared: false }],
  };

  it('JUnit counts no failure and names them', () => {
    const text = junitReport(quiet, SAMPLE_CHECKS);
    expect(text).toContain('failures="0"');
    expect(text).toContain('known from the baseline');
    expect(text).toContain('suppressed: staging');
  });

  it('GitHub, Checkstyle: notices', () => {
    expect(githubReport(quiet)).toMatch(/^::notice [^\n]*\(known\)/);
    expect(checkstyleReport(quiet)).not.toContain('severity="error"');
  });

  it('SARIF: unchanged, suppressed in the source', () => {
    const { runs } = JSON.parse(sarifReport(quiet, SAMPLE_CHECKS, docs));
    expect(runs[0].results.map((result: { baselineState?: string }) => result.baselineState)).toEqual([
      'unchanged',
      undefined,
    ]);
    expect(runs[0].results[1].suppressions).toEqual([
      { kind: 'inSource', status: 'accepted', justification: 'staging (config)' },
    ]);
  });

  it('paths are those of the repository', () => {
    const inner: Report = { ...quiet, base: 'packages/bot', findings: sampleFindings(1) };
    expect(githubReport(inner)).toContain('file=packages/bot/src/bot.js');
    expect(sarifReport(inner, SAMPLE_CHECKS, docs)).toContain('"uri": "packages/bot/src/bot.js"');
    expect(gitlabReport(inner)).toContain('"path": "packages/bot/src/bot.js"');
    expect(checkstyleReport(inner)).toContain('<file name="packages/bot/src/bot.js">');
  });
});
