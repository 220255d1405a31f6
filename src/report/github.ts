import type { Severity } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { sourceOf } from './location.ts';
import { visible } from './text.ts';

const COMMANDS: Readonly<Record<Severity, 'error' | 'warning' | 'notice'>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
};

/** GitHub shows 10 annotations of each level per step and drops the rest (docs.github.com, workflow commands). */
const PER_LEVEL = 10;

/** The message of a workflow command (actions/toolkit, command.ts). */
function data(text: string): string {
  return text.split('\n').map(visible).join('\n').replaceAll('%', '%25').replaceAll('\n', '%0A');
}

/** A property of a workflow command: `:` and `,` end it. */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Annotations for GitHub Actions; what is over the cap is counted in the last one of its level. */
export function githubReport(report: Report): string {
  const open = report.findings.filter(({ suppressed }) => suppressed === null);
  const lines: string[] = [];
  for (const severity of ['error', 'warning', 'info'] as const) {
    const findings = open.filter((finding) => finding.severity === severity);
    const shown = findings.length > PER_LEVEL ? findings.slice(0, PER_LEVEL - 1) : findings;
    for (const { code, message, locations, remediation } of shown) {
      const place = sourceOf(locations);
      const fields = [
        ...(place === null ? [] : [`file=${property(place.file)}`]),
        ...(place?.line === undefined ? [] : [`line=${place.line}`]),
        ...(place?.column === undefined ? [] : [`col=${place.column}`]),
        `title=${property(`wa-doctor ${code}`)}`,
      ];
      lines.push(`::${COMMANDS[severity]} ${fields.join(',')}::${data(`${message}\n${remediation.steps.join('\n')}`)}`);
    }
    const rest = findings.length - shown.length;
    if (rest > 0)
      lines.push(
        `::${COMMANDS[severity]} title=wa-doctor::${data(`${rest} more findings of this level: GitHub shows ${PER_LEVEL} a step; see the job summary or the SARIF report`)}`,
      );
  }
  for (const { code, outcome, reason } of report.checks) {
    if (outcome === 'unknown' || outcome === 'error')
      lines.push(`::debug::${data(`${code} ${outcome}: ${reason ?? ''}`)}`);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
