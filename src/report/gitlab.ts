import type { Finding, Severity } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { jsonDocument } from './json.ts';
import { anchorOf, locationText, markOf, uniqueFingerprints } from './location.ts';
import { visible, visibleLines } from './text.ts';

/** Words of GitLab's code quality report (docs.gitlab.com, ci/testing/code_quality). */
const SEVERITY: Readonly<Record<Severity, 'critical' | 'major' | 'info'>> = {
  error: 'critical',
  warning: 'major',
  info: 'info',
};

function body({ locations, evidence, remediation }: Finding): string {
  return [
    ...locations.map((location) => `at ${locationText(location)}`),
    ...evidence,
    '',
    ...remediation.steps.map((step, index) => `${index + 1}. ${step}`),
  ].join('\n');
}

/**
 * GitLab code quality: a JSON array in the form of the Code Climate engine specification; every entry needs a path, a line and a
 * fingerprint of its own. GitLab compares branches itself: what this project has accepted is left out, what the baseline knows is marked.
 */
export function gitlabReport(report: Report): string {
  const shown = report.findings.filter(({ suppressed }) => suppressed === null);
  const fingerprints = uniqueFingerprints(shown);
  const entries = shown.map((finding, index) => {
    const { code, check, severity, message } = finding;
    const { file, line, column } = anchorOf(report, finding);
    return {
      type: 'issue',
      description: visible(`${code}: ${message}${markOf(finding)}`),
      check_name: check,
      categories: ['Bug Risk'],
      content: { body: visibleLines(body(finding)) },
      fingerprint: fingerprints[index],
      severity: SEVERITY[severity],
      location: {
        path: visible(file),
        lines: { begin: line ?? 1 },
        ...(line === undefined || column === undefined ? {} : { positions: { begin: { line, column } } }),
      },
    };
  });
  return jsonDocument(entries);
}
