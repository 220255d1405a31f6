import type { Finding, Severity } from '../model/finding.ts';
import { SURVIVAL_LEVELS } from '../model/mount.ts';
import type { Report, Verdict } from '../model/report.ts';
import { locationText } from './location.ts';
import { visible } from './text.ts';

const MARKS: Readonly<Record<Severity, string>> = { error: '🔴', warning: '🟠', info: '🔵' };
const VERDICTS: Readonly<Record<Verdict, string>> = {
  safe: '✅ Safe',
  'at-risk': '⚠️ At risk',
  lost: '❌ Will be lost',
  unknown: '❔ Unknown',
};

/** Text that Markdown and HTML leave as it is. */
function plain(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+!|<>&~]/g, (character) => `\\${character}`)
    .replaceAll('\\&', '&amp;')
    .replaceAll('\\<', '&lt;')
    .replaceAll('\\>', '&gt;')
    .replaceAll('@', '&#64;');
}

/** A code span that survives backticks inside. */
function code(text: string): string {
  const safe = visible(text);
  const longest = Math.max(0, ...[...safe.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = safe.startsWith('`') || safe.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${safe}${pad}${fence}`;
}

function answer(value: boolean | 'unknown'): string {
  return value === 'unknown' ? '?' : value ? 'yes' : '**no**';
}

function findingLines(finding: Finding): string[] {
  const { severity, message, locations, evidence, remediation, event } = finding;
  return [
    `### ${MARKS[severity]} [${finding.code}](${finding.docs}) ${finding.check}`,
    '',
    plain(message),
    '',
    ...(event === null ? [] : [`Lost at: ${plain(event)}`, '']),
    ...locations.map((location) => `* ${code(locationText(location))}`),
    '',
    '<details><summary>Evidence and fix</summary>',
    '',
    ...evidence.map((line) => `* ${code(line)}`),
    '',
    ...remediation.steps.map((step, index) => `${index + 1}. ${plain(step)}`),
    '',
    '</details>',
    '',
  ];
}

/** Markdown for a job summary or a pull request comment. */
export function markdownReport(report: Report): string {
  const open = report.findings.filter(({ suppressed }) => suppressed === null);
  const lines = [
    `## wa-doctor: ${VERDICTS[report.verdict]}`,
    '',
    plain(report.headline),
    '',
    ...open.flatMap(findingLines),
  ];
  if (report.locations.length > 0) {
    lines.push(
      '### What survives where',
      '',
      `| path | ${SURVIVAL_LEVELS.join(' | ')} | risk |`,
      `|---|${SURVIVAL_LEVELS.map(() => '---').join('|')}|---|`,
    );
    for (const { path, survives, risk } of report.locations) {
      lines.push(
        `| ${code(path).replaceAll('|', '\\|')} | ${SURVIVAL_LEVELS.map((level) => answer(survives[level])).join(' | ')} | ${plain(risk)} |`,
      );
    }
    lines.push('');
  }
  const blind = report.checks.filter(({ outcome }) => outcome === 'unknown' || outcome === 'error');
  if (blind.length > 0)
    lines.push(
      '### Could not tell',
      '',
      ...blind.map(({ code: check, reason }) => `* ${check}: ${plain(reason ?? '')}`),
      '',
    );
  const { error, warning, info, unknown, suppressed, redacted } = report.summary;
  lines.push(
    `${error} errors · ${warning} warnings · ${info} info · ${unknown} unknown · ${suppressed} suppressed · ${redacted} values redacted`,
    '',
  );
  return lines.join('\n');
}
