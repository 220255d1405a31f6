import type { CheckMeta } from '../model/check.ts';
import type { Finding } from '../model/finding.ts';
import type { Outcome, Report } from '../model/report.ts';
import { isNew, locationText, markOf } from './location.ts';
import { xml } from './xml.ts';

/** The schema of Ant's JUnit task demands a time; a report holds none, so that the same facts give the same bytes. */
const NO_TIME = '1970-01-01T00:00:00';

function textOf({ severity, message, locations, evidence, remediation }: Finding): string {
  return [
    `${severity}: ${message}`,
    ...locations.map((location) => `at ${locationText(location)}`),
    ...evidence,
    ...remediation.steps.map((step) => `fix: ${step}`),
  ].join('\n');
}

type Kind = 'failure' | 'error' | 'skipped' | 'passed';

interface Case {
  readonly kind: Kind;
  readonly xml: string;
}

function caseOf({ code, outcome, reason }: Outcome, name: string, findings: readonly Finding[]): Case {
  const head = `    <testcase classname="wa-doctor.${code}" name="${xml(`${code} ${name}`.trim())}" time="0"`;
  const close = '</testcase>';
  const [first] = findings;
  if (first !== undefined) {
    const more = findings.length === 1 ? '' : ` (and ${findings.length - 1} more)`;
    return {
      kind: 'failure',
      xml: `${head}><failure type="${first.severity}" message="${xml(`${first.message}${more}`)}">${xml(findings.map(textOf).join('\n\n'))}</failure>${close}`,
    };
  }
  if (outcome === 'unknown' || outcome === 'error')
    return { kind: 'error', xml: `${head}><error type="${outcome}" message="${xml(reason ?? outcome)}"/>${close}` };
  // Without attributes: the schema of Jenkins knows none here.
  if (outcome === 'not-applicable')
    return { kind: 'skipped', xml: `${head}><skipped>${xml(reason ?? '')}</skipped>${close}` };
  return { kind: 'passed', xml: `${head}/>` };
}

/**
 * JUnit XML that is valid by the schemas of Ant and of Jenkins: one test case a check; a new finding is a failure,
 * "could not look" an error, "does not apply" skipped. Known and suppressed findings fail nothing and stand in `system-out`.
 */
export function junitReport(report: Report, checks: readonly CheckMeta[]): string {
  const names = new Map(checks.map(({ code, name }) => [code, name]));
  const byCode = new Map<string, Finding[]>();
  for (const finding of report.findings.filter(isNew)) {
    const list = byCode.get(finding.code);
    if (list === undefined) byCode.set(finding.code, [finding]);
    else list.push(finding);
  }
  const cases = report.checks.map((outcome) =>
    caseOf(outcome, names.get(outcome.code) ?? '', byCode.get(outcome.code) ?? []),
  );
  const count = (kind: Kind) => cases.filter((item) => item.kind === kind).length;
  const properties = {
    verdict: report.verdict,
    target: report.target,
    project: report.project,
    partial: String(report.partial),
    redacted: String(report.summary.redacted),
  };
  const quiet = report.findings
    .filter((finding) => !isNew(finding))
    .map((finding) => `${finding.code} ${finding.severity}: ${finding.message}${markOf(finding)}`);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites>',
    `  <testsuite name="wa-doctor" package="wa-doctor" id="0" hostname="localhost" timestamp="${NO_TIME}" tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="0">`,
    '    <properties>',
    ...Object.entries(properties).map(([name, value]) => `      <property name="${name}" value="${xml(value)}"/>`),
    '    </properties>',
    ...cases.map((item) => item.xml),
    `    <system-out>${xml(quiet.join('\n'))}</system-out>`,
    `    <system-err>${report.partial ? 'The run was interrupted: this report is partial.' : ''}</system-err>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
