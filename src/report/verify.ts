import type { CanaryResult, VerifyResult, VerifyRun } from '../model/verify.ts';
import { type Cell, type Page, paragraph, table } from './text.ts';

const WORDS: Readonly<Record<VerifyResult['verdict'] | CanaryResult['verdict'], string>> = {
  survived: '✔ SURVIVED',
  planted: '✔ PLANTED',
  lost: '✖ LOST',
  'not-linked': '✖ NOT LINKED',
  refused: '▲ REFUSED',
  inconclusive: '? INCONCLUSIVE',
};

function headline(verdict: keyof typeof WORDS, reason: string, page: Page): string[] {
  const { style, width } = page;
  const good = verdict === 'survived' || verdict === 'planted';
  const paint = good ? style.green : verdict === 'lost' || verdict === 'not-linked' ? style.red : style.yellow;
  return [
    paint(style.bold(WORDS[verdict])),
    ...paragraph('  ', `${reason.slice(0, 1).toUpperCase()}${reason.slice(1)}.`, width),
  ];
}

function adviceLines(advice: readonly string[], page: Page): string[] {
  if (advice.length === 0) return [];
  return ['', page.style.bold('What to do'), ...advice.flatMap((line) => paragraph('  - ', line, page.width))];
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function runRow(run: VerifyRun): Cell[] {
  const events = run.events.map(({ name, ms }) => `${name} ${seconds(ms)}`).join(', ');
  const end = run.clean
    ? `stopped by ${run.stop}, closed cleanly`
    : `stopped by ${run.stop}, browser not closed cleanly`;
  return [
    { text: `run ${run.n}` },
    { text: run.outcome },
    { text: `${events === '' ? '' : `${events}; `}${run.error === null ? end : `${run.error}; ${end}`}` },
  ];
}

/** `wa-doctor verify` for people. */
export function humanVerify(result: VerifyResult, page: Page): string {
  const { style, width } = page;
  const lines = headline(result.verdict, result.reason, page);
  lines.push('', ...paragraph('  session  ', result.session, width).map(style.dim));
  if (result.library !== null) {
    lines.push(
      ...paragraph('  library  ', `whatsapp-web.js ${result.library.version} (${result.library.from})`, width).map(
        style.dim,
      ),
    );
  }
  if (result.browser !== null) {
    lines.push(
      ...paragraph('  browser  ', `${result.browser.version ?? 'version unknown'} (${result.browser.path})`, width).map(
        style.dim,
      ),
    );
  }
  if (result.runs.length > 0) lines.push('', ...table(result.runs.map(runRow), width));
  const { before, after } = result.profile;
  if (result.verdict !== 'survived' && before !== null) {
    lines.push('', style.bold('The profile on disk'));
    lines.push(...paragraph('  before  ', `${before.state}: ${before.evidence.join('; ')}`, width));
    if (after !== null) lines.push(...paragraph('  after   ', `${after.state}: ${after.evidence.join('; ')}`, width));
  }
  lines.push(...adviceLines(result.advice, page));
  return `${lines.join('\n')}\n`;
}

/** `wa-doctor canary` for people. */
export function humanCanary(result: CanaryResult, page: Page): string {
  const lines = headline(result.verdict, result.reason, page);
  const rows: Cell[][] = [[{ text: 'file' }, { text: result.sentinel }]];
  for (const { name, answer } of result.stores) rows.push([{ text: name }, { text: answer }]);
  lines.push('', ...table(rows, page.width));
  lines.push('', ...paragraph('  data path  ', result.dataPath, page.width).map(page.style.dim));
  if (result.browser !== null) {
    lines.push(
      ...paragraph(
        '  browser    ',
        `${result.browser.version ?? 'version unknown'} (${result.browser.path})`,
        page.width,
      ).map(page.style.dim),
    );
  }
  lines.push(...adviceLines(result.advice, page));
  return `${lines.join('\n')}\n`;
}
