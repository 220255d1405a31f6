import type { Finding, Severity } from '../model/finding.ts';
import { SURVIVAL_LEVELS } from '../model/mount.ts';
import type { Report, Verdict } from '../model/report.ts';
import { isNew, locationText, markOf } from './location.ts';
import { visible } from './text.ts';

/** A comment on GitHub holds 65,536 characters, one on GitLab 1,000,000, a job summary 1 MiB. */
const ROOM = 60_000;
/** More than this of one list (evidence, locations) helps nobody in a comment. */
const SHOWN = 10;

const MARKS: Readonly<Record<Severity, string>> = { error: '🔴', warning: '🟠', info: '🔵' };
const VERDICTS: Readonly<Record<Verdict, string>> = {
  safe: '✅ Safe',
  'at-risk': '⚠️ At risk',
  lost: '❌ Will be lost',
  unknown: '❔ Unknown',
};

/** Text that Markdown and HTML leave as it is: no markup, no mention, no link. */
function plain(text: string): string {
  return visible(text)
    .replace(/[\\`*_{}[\]()#+!|<>&~]/g, (character) => `\\${character}`)
    .replaceAll('\\&', '&amp;')
    .replaceAll('\\<', '&lt;')
    .replaceAll('\\>', '&gt;')
    .replaceAll('@', '&#64;')
    .replaceAll('://', '&#58;//')
    .replace(/\bwww\./gi, (prefix) => `${prefix.slice(0, -1)}&#46;`)
    .replace(/^[-=]/, (character) => `\\${character}`);
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

function some<T>(items: readonly T[], line: (item: T) => string): string[] {
  const rest = items.length - SHOWN;
  return [...items.slice(0, SHOWN).map(line), ...(rest > 0 ? [`* … and ${rest} more`] : [])];
}

function findingLines(finding: Finding): string[] {
  const { severity, message, locations, evidence, remediation, event } = finding;
  const mark = isNew(finding) ? '' : ` _${plain(markOf(finding).trim())}_`;
  return [
    `### ${MARKS[severity]} [${finding.code}](${finding.docs}) ${finding.check}${mark}`,
    '',
    plain(message),
    '',
    ...(event === null ? [] : [`Lost at: ${plain(event)}`, '']),
    ...some(locations, (location) => `* ${code(locationText(location))}`),
    '',
    '<details><summary>Evidence and fix</summary>',
    '',
    ...some(evidence, (line) => `* ${code(line)}`),
    '',
    ...remediation.steps.map((step, index) => `${index + 1}. ${plain(step)}`),
    '',
    '</details>',
    '',
  ];
}

function placeLines({ locations }: Report): string[] {
  if (locations.length === 0) return [];
  return [
    '### What survives where',
    '',
    `| path | ${SURVIVAL_LEVELS.join(' | ')} | risk |`,
    `|---|${SURVIVAL_LEVELS.map(() => '---').join('|')}|---|`,
    ...locations
      .slice(0, 50)
      .map(
        ({ path, survives, risk }) =>
          `| ${code(path).replaceAll('|', '\\|')} | ${SURVIVAL_LEVELS.map((level) => answer(survives[level])).join(' | ')} | ${plain(risk)} |`,
      ),
    '',
  ];
}

/** Markdown for a job summary or a pull request comment; it stays short enough for both, and says what it left out. */
export function markdownReport(report: Report): string {
  const { policy } = report;
  const open = report.findings.filter(({ suppressed }) => suppressed === null || policy.showSuppressed);
  const blind = report.checks.filter(({ outcome }) => outcome === 'unknown' || outcome === 'error');
  const { error, warning, info, unknown, suppressed, known, hidden, redacted } = report.summary;
  const counts = [
    `${error} errors`,
    `${warning} warnings`,
    `${info} info`,
    `${unknown} unknown`,
    `${suppressed} suppressed`,
    ...(known > 0 ? [`${known} known`] : []),
    ...(hidden > 0 ? [`${hidden} below the threshold`] : []),
    `${redacted} values redacted`,
  ];
  const tail = [
    ...placeLines(report),
    ...(blind.length === 0
      ? []
      : [
          '### Could not tell',
          '',
          ...blind.map(({ code: check, reason }) => `* ${check}: ${plain((reason ?? '').slice(0, 500))}`),
          '',
        ]),
    counts.join(' · '),
    '',
  ];
  const lines = [
    `## wa-doctor: ${VERDICTS[report.verdict]}`,
    '',
    plain(report.headline),
    '',
    ...(report.partial ? ['**This report is partial: the run was interrupted.**', ''] : []),
  ];
  let room = ROOM - [...lines, ...tail].join('\n').length;
  let left = open.length;
  for (const finding of open) {
    const text = findingLines(finding);
    room -= text.join('\n').length + 1;
    if (room < 0) break;
    lines.push(...text);
    left -= 1;
  }
  if (left > 0) lines.push(`_${left} more findings do not fit here: see the JSON or SARIF report._`, '');
  return [...lines, ...tail].join('\n');
}
