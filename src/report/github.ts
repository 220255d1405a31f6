import type { Finding, Severity } from '../model/finding.ts';
import type { Report } from '../model/report.ts';
import { anchorOf, isNew, locationText, sourceOf } from './location.ts';
import { visible } from './text.ts';

type Level = 'error' | 'warning' | 'notice';

const LEVELS: Readonly<Record<Severity, Level>> = { error: 'error', warning: 'warning', info: 'notice' };

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

function levelOf(finding: Finding): Level {
  return isNew(finding) ? LEVELS[finding.severity] : 'notice';
}

function annotation(report: Report, finding: Finding): string {
  const { code, message, locations, remediation, baseline } = finding;
  const place = sourceOf(locations) === null ? null : anchorOf(report, finding);
  const [first] = locations;
  const fields = [
    ...(place === null ? [] : [`file=${property(place.file)}`]),
    ...(place?.line === undefined ? [] : [`line=${place.line}`]),
    ...(place?.line === undefined || place.column === undefined ? [] : [`col=${place.column}`]),
    `title=${property(`wa-doctor ${code}${baseline === 'known' ? ' (known)' : ''}`)}`,
  ];
  const where = place === null && first !== undefined ? [`at ${locationText(first)}`] : [];
  return `::${levelOf(finding)} ${fields.join(',')}::${data([message, ...where, ...remediation.steps].join('\n'))}`;
}

/** What is no finding but must be seen in the run: checks that could not look, an interrupt. */
function warnings(report: Report): string[] {
  const lines: string[] = [];
  if (report.partial) lines.push('The run was interrupted: this report is partial.');
  const blind = report.checks.filter(({ outcome }) => outcome === 'unknown' || outcome === 'error');
  if (blind.length > 0)
    lines.push(
      `Could not tell: ${blind.map(({ code, reason }) => `${code} (${reason ?? 'no reason given'})`).join('; ')}`,
    );
  return lines.map((line) => `::warning title=wa-doctor::${data(line)}`);
}

/**
 * Annotations for GitHub Actions: suppressed findings are left out, known ones are notices; what is over the cap is counted in the last
 * annotation of its level.
 */
export function githubReport(report: Report): string {
  const open = report.findings.filter(({ suppressed }) => suppressed === null);
  const lines: string[] = [];
  for (const level of ['error', 'warning', 'notice'] as const) {
    const first = level === 'warning' ? warnings(report) : [];
    const room = PER_LEVEL - first.length;
    const findings = open.filter((finding) => levelOf(finding) === level);
    const shown = findings.length > room ? findings.slice(0, room - 1) : findings;
    lines.push(...first, ...shown.map((finding) => annotation(report, finding)));
    const rest = findings.length - shown.length;
    if (rest > 0)
      lines.push(
        `::${level} title=wa-doctor::${data(`${rest} more findings of this level: GitHub shows ${PER_LEVEL} a step; see the job summary or the SARIF report`)}`,
      );
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
