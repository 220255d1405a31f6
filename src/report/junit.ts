import type { CheckMeta } from '../model/check.ts';
import type { Report } from '../model/report.ts';
import { locationText } from './location.ts';
import { xml } from './xml.ts';

/** JUnit XML as Jenkins, GitLab and Azure read it: one test case a check; a finding is a failure, "could not look" an error. */
export function junitReport(report: Report, checks: readonly CheckMeta[]): string {
  const names = new Map(checks.map(({ code, name }) => [code, name]));
  let failures = 0;
  let errors = 0;
  let skipped = 0;
  const cases = report.checks.map(({ code, outcome, reason }) => {
    const open = report.findings.filter((finding) => finding.code === code && finding.suppressed === null);
    const head = `    <testcase classname="wa-doctor.${code}" name="${xml(`${code} ${names.get(code) ?? ''}`.trim())}" time="0"`;
    if (open.length > 0) {
      failures += 1;
      const [first] = open;
      const text = open
        .map(({ severity, message, locations, evidence }) =>
          [`${severity}: ${message}`, ...locations.map(locationText), ...evidence].join('\n'),
        )
        .join('\n\n');
      return `${head}>\n      <failure type="${first?.severity ?? 'error'}" message="${xml(first?.message ?? '')}">${xml(text)}</failure>\n    </testcase>`;
    }
    if (outcome === 'unknown' || outcome === 'error') {
      errors += 1;
      return `${head}>\n      <error type="${outcome}" message="${xml(reason ?? outcome)}"/>\n    </testcase>`;
    }
    if (outcome === 'not-applicable') {
      skipped += 1;
      return `${head}>\n      <skipped message="${xml(reason ?? '')}"/>\n    </testcase>`;
    }
    return `${head}/>`;
  });
  const counts = `tests="${cases.length}" failures="${failures}" errors="${errors}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="wa-doctor" ${counts} time="0">`,
    `  <testsuite name="wa-doctor" ${counts} skipped="${skipped}" time="0">`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}
