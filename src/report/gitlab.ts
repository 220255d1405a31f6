import type { Severity } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { jsonDocument } from './json.ts';
import { sourceOf } from './location.ts';

/** Words of GitLab's code quality report (docs.gitlab.com, code_quality). */
const SEVERITY: Readonly<Record<Severity, 'critical' | 'major' | 'info'>> = {
  error: 'critical',
  warning: 'major',
  info: 'info',
};

/** GitLab code quality: a JSON array; every entry needs a path and a line. */
export function gitlabReport(report: Report): string {
  const entries = report.findings
    .filter(({ suppressed }) => suppressed === null)
    .map(({ code, check, severity, message, fingerprint, locations }) => {
      const place = sourceOf(locations);
      return {
        description: `${code}: ${message}`,
        check_name: check,
        fingerprint,
        severity: SEVERITY[severity],
        location: { path: place?.file ?? 'package.json', lines: { begin: place?.line ?? 1 } },
      };
    });
  return jsonDocument(entries);
}
