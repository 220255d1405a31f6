import type { Finding, Severity } from '../model/finding.ts';
import { SURVIVAL_LEVELS, type SurvivalLevel } from '../model/mount.ts';
import type { Report, Verdict } from '../model/report.ts';
import { locationText } from './location.ts';
import { policyLines } from './policy.ts';
import { answerCell, type Cell, type Page, paragraph, table, visible } from './text.ts';

const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  safe: '✔ SAFE',
  'at-risk': '▲ AT RISK',
  lost: '✖ WILL BE LOST',
  unknown: '? UNKNOWN',
};

const LEVEL_WORDS: Readonly<Record<SurvivalLevel, string>> = {
  processRestart: 'restart',
  containerRestart: 'container',
  recreate: 'replace',
  reboot: 'reboot',
  nodeLoss: 'node',
};

function paintOf(page: Page, severity: Severity | Verdict): (text: string) => string {
  const { style } = page;
  if (severity === 'error' || severity === 'lost') return style.red;
  if (severity === 'warning' || severity === 'at-risk' || severity === 'unknown') return style.yellow;
  return severity === 'safe' ? style.green : style.cyan;
}

function heading(page: Page, text: string): string[] {
  return ['', page.style.bold(text)];
}

function findingLines(finding: Finding, page: Page): string[] {
  const { style, width } = page;
  const paint = paintOf(page, finding.severity);
  const marks = [
    finding.confidence === 'high' ? '' : `${finding.confidence} confidence`,
    finding.suppressed === null ? '' : `suppressed: ${visible(finding.suppressed.reason)}`,
    finding.baseline === 'known' ? 'known' : '',
    finding.overridden === undefined ? '' : `the check says ${finding.overridden.from}`,
  ].filter((mark) => mark !== '');
  const lines = [
    '',
    `${paint(style.bold(finding.severity.toUpperCase()))} ${style.bold(finding.code)} ${finding.check}${
      marks.length > 0 ? style.dim(` (${marks.join(', ')})`) : ''
    }`,
    ...paragraph('  ', finding.message, width),
  ];
  if (finding.event !== null) lines.push(...paragraph('  lost at  ', finding.event, width));
  const places = some([...new Set(finding.locations.map(locationText))]);
  if (places.length > 0) lines.push(...paragraph('  where    ', places.join(', '), width).map(style.dim));
  some(finding.evidence).forEach((evidence, index) => {
    lines.push(...paragraph(index === 0 ? '  evidence ' : '           ', evidence, width).map(style.dim));
  });
  const steps = finding.remediation.steps.length > 0 ? finding.remediation.steps : [finding.remediation.summary];
  some(steps).forEach((step, index) => {
    lines.push(...paragraph(index === 0 ? '  fix      ' : '           ', step, width));
  });
  return lines;
}

/** One screen: the first few of a list, and how many more the JSON holds. */
const SHOWN = 3;

function some(items: readonly string[]): string[] {
  if (items.length <= SHOWN) return [...items];
  return [...items.slice(0, SHOWN), `… ${items.length - SHOWN} more (--json)`];
}

/** What is only worth knowing takes a line or two. */
function infoLines(findings: readonly Finding[], page: Page): string[] {
  if (findings.length === 0) return [];
  const lines = heading(page, 'Worth knowing');
  for (const finding of findings) {
    const place = finding.locations[0] === undefined ? '' : ` [${locationText(finding.locations[0])}]`;
    lines.push(...paragraph(`  ${finding.code} `, `${finding.message}${place}`, page.width));
  }
  return lines;
}

function sessionLines(report: Report, page: Page): string[] {
  if (report.sessions.length === 0) return [];
  const lines = heading(page, 'Where the session is kept');
  for (const session of report.sessions) {
    const launch = session.launch ?? 'started by hand in the package root';
    const path = session.userDataDir ?? `unknown: ${session.unknown ?? 'it could not be resolved'}`;
    lines.push(...paragraph('  ', `${launch} → ${path}`, page.width));
    if (session.trail.length > 0)
      lines.push(...paragraph('      ', session.trail.join(' · '), page.width).map(page.style.dim));
  }
  return lines;
}

function requirementLines(report: Report, page: Page): string[] {
  if (report.requirements.length === 0) return [];
  const rows = report.requirements.map(({ name, answer, detail }): Cell[] => [
    { text: name },
    answerCell(answer, page.style),
    { text: detail },
  ]);
  return [...heading(page, 'Requirements of LocalAuth'), ...table(rows, page.width)];
}

function placeLines(report: Report, page: Page): string[] {
  if (report.locations.length === 0) return [];
  const head: Cell[] = ['path', ...SURVIVAL_LEVELS.map((level) => LEVEL_WORDS[level]), 'risk'].map((text) => ({
    text,
    paint: page.style.dim,
  }));
  const rows = report.locations.map(({ path, survives, risk }): Cell[] => [
    { text: path },
    ...SURVIVAL_LEVELS.map((level) => answerCell(survives[level], page.style)),
    { text: risk },
  ]);
  return [...heading(page, 'What survives where'), ...table([head, ...rows], page.width)];
}

function wipeLines(report: Report, page: Page): string[] {
  if (report.wipeTriggers.length === 0) return [];
  const { style } = page;
  const rows = report.wipeTriggers.map(({ what, deletes, detail }): Cell[] => [
    { text: what },
    deletes === 'unknown'
      ? { text: '?', paint: style.yellow }
      : deletes
        ? { text: 'deletes it', paint: style.red }
        : { text: 'keeps it', paint: style.green },
    { text: detail },
  ]);
  return [...heading(page, 'What would delete it'), ...table(rows, page.width)];
}

function prescriptionLines(report: Report, page: Page): string[] {
  if (report.prescription === null) return [];
  const lines = heading(page, `Recommended session path: ${visible(report.prescription.dataPath)}`);
  for (const { title, lines: code } of report.prescription.steps) {
    lines.push(
      ...paragraph('  # ', title, page.width).map(page.style.dim),
      ...code.map((line) => `  ${visible(line)}`),
    );
  }
  return lines;
}

/** Codes that stand beside their reason; more would leave no room for it. */
const CODES_BESIDE = 3;

function blindLines(report: Report, page: Page): string[] {
  const blind = report.checks.filter(
    ({ outcome, reason }) => outcome === 'unknown' || outcome === 'error' || (outcome === 'fail' && reason !== null),
  );
  if (blind.length === 0) return [];
  const byReason = new Map<string, string[]>();
  for (const { code, reason } of blind) {
    const key = reason ?? 'no reason given';
    byReason.set(key, [...(byReason.get(key) ?? []), code]);
  }
  const lines = heading(page, 'Could not tell');
  for (const [reason, codes] of byReason) {
    // One file that cannot be read blinds two dozen checks: the reason comes first, then whom it concerns.
    if (codes.length <= CODES_BESIDE) lines.push(...paragraph(`  ${codes.join(', ')}: `, reason, page.width));
    else lines.push(...paragraph('  ', reason, page.width), ...paragraph('    so for ', codes.join(', '), page.width));
  }
  return lines;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

function summaryLine(report: Report): string {
  const { summary } = report;
  const parts = [
    plural(summary.error, 'error'),
    plural(summary.warning, 'warning'),
    `${summary.info} info`,
    `${summary.unknown} unknown`,
  ];
  if (summary.suppressed > 0) parts.push(`${summary.suppressed} suppressed`);
  if (summary.redacted > 0) parts.push(`${plural(summary.redacted, 'value')} redacted`);
  return parts.join(' · ');
}

/** The audit for a person: verdict first, then findings by severity, then the tables. Lines joined by `\n`, with a final newline. */
export function humanReport(report: Report, page: Page): string {
  const { style } = page;
  const platform = report.platform === null ? 'platform unknown' : report.platform.kinds.join(', ') || 'no container';
  const where = report.target === 'repo' ? 'target repo (wherever it will be deployed)' : `target host (${platform})`;
  const lines = [
    `wa-doctor ${report.tool.version} · ${where}`,
    style.dim(visible(report.project)),
    '',
    style.bold(paintOf(page, report.verdict)(VERDICT_WORDS[report.verdict])),
    ...paragraph('  ', report.headline, page.width),
  ];
  if (report.partial) lines.push(style.yellow('  This report is partial: the run was interrupted.'));
  const visibly = report.findings.filter(({ suppressed }) => suppressed === null || report.policy.showSuppressed);
  const told = visibly.filter(({ severity }) => severity !== 'info');
  for (const finding of told) lines.push(...findingLines(finding, page));
  lines.push(
    ...infoLines(
      visibly.filter(({ severity }) => severity === 'info'),
      page,
    ),
    ...sessionLines(report, page),
    ...requirementLines(report, page),
    ...placeLines(report, page),
    ...wipeLines(report, page),
    ...prescriptionLines(report, page),
    ...blindLines(report, page),
    ...policyLines(report, page),
    '',
    summaryLine(report),
  );
  const codes = [...new Set(visibly.map((finding) => finding.code))];
  if (codes.length > 0) lines.push(style.dim(`More about a finding: wa-doctor explain ${codes[0]}`));
  return `${lines.join('\n')}\n`;
}
