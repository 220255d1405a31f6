import type { CheckMeta } from '../model/check.ts';
import { type Page, paragraph } from './text.ts';

/** The page of a check for a terminal. */
export function explainText(check: CheckMeta, page: Page): string {
  const { style, width } = page;
  const lines = [
    `${style.bold(check.code)} ${check.name} · ${check.severity} · effort ${check.effort} · since ${check.since}`,
    '',
    ...paragraph('', check.what, width),
    '',
    style.bold('Why'),
  ];
  for (const part of check.why.split(/\n\s*\n/))
    lines.push(...paragraph('  ', part.replace(/\s+/g, ' ').trim(), width));
  lines.push('', style.bold('How to fix it'));
  for (const step of check.fix) lines.push(...paragraph('  • ', step, width));
  return `${lines.join('\n')}\n`;
}

/** The same page as Markdown, for `docs/checks/`. */
export function explainMarkdown(check: CheckMeta, example: string): string {
  const why = check.why.split(/\n\s*\n/).map((part) => part.replace(/\s+/g, ' ').trim());
  return [
    `# ${check.code} ${check.name}`,
    '',
    `Severity: ${check.severity} · targets: ${check.targets.join(', ')} · effort to fix: ${check.effort} · since ${check.since}`,
    '',
    check.what,
    '',
    '## Why',
    '',
    ...why.flatMap((part) => [part, '']),
    '## How to fix it',
    '',
    ...check.fix.map((step) => `* ${step}`),
    '',
    ...(example === '' ? [] : ['## Example', '', example, '']),
  ].join('\n');
}
