import type { Report } from '../model/report.ts';
import { type Page, paragraph } from './text.ts';

function counted(count: number, one: string, many: string): string {
  return count === 1 ? `1 finding ${one}` : `${count} findings ${many}`;
}

/** What the policy did to this report, one line each: nothing that was hidden goes unsaid. Empty where it did nothing. */
export function policyLines(report: Report, page: Page): string[] {
  const { summary, policy, findings } = report;
  const { baseline, show, showSuppressed, notes } = policy;
  const said: string[] = [];
  if (summary.suppressed > 0) {
    const codes = [...new Set(findings.filter(({ suppressed }) => suppressed !== null).map(({ code }) => code))].sort();
    const which = codes.length === 0 ? '' : ` (${codes.join(', ')})`;
    const how = showSuppressed
      ? ''
      : summary.suppressed === 1
        ? ': --show-suppressed shows it'
        : ': --show-suppressed shows them';
    said.push(`${counted(summary.suppressed, 'is', 'are')} suppressed${which}${how}`);
  }
  if (summary.known > 0) said.push(`${counted(summary.known, 'is', 'are')} known (baseline ${baseline ?? 'none'})`);
  if (summary.hidden > 0) said.push(`${counted(summary.hidden, 'is', 'are')} hidden: below --show ${show}`);
  for (const { text, by } of notes) said.push(`${by}: ${text}`);
  if (said.length === 0) return [];
  return ['', page.style.bold('Policy'), ...said.flatMap((text) => paragraph('  ', text, page.width))];
}
