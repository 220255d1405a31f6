import type { Answer } from '../../model/answer.ts';
import { SURVIVAL_LEVELS, type SurvivalLevel } from '../../model/mount.ts';
import type { Report, Verdict } from '../../model/report.ts';
import { code, html } from './escape.ts';
import { findingCards } from './findings.ts';
import { SIGNS, sessionMap, storageOf } from './map.ts';
import { STYLE } from './style.ts';

const VERDICTS: Readonly<Record<Verdict, { readonly sign: string; readonly words: string }>> = {
  safe: { sign: '✔', words: 'The session is safe' },
  'at-risk': { sign: '▲', words: 'The session is at risk' },
  lost: { sign: '✖', words: 'The session will be lost' },
  unknown: { sign: '?', words: 'It is not known whether the session is safe' },
};

const LEVELS: Readonly<Record<SurvivalLevel, string>> = {
  processRestart: 'bot restart',
  containerRestart: 'container restart',
  recreate: 'deploy',
  reboot: 'reboot',
  nodeLoss: 'loss of the machine',
};

/** Rows of one table; no project has more that matter. */
const ROWS = 200;

function answer(value: Answer, yes = 'yes', no = 'no', good: boolean = true): string {
  if (value === 'unknown') return '<span class="answer unknown">? unknown</span>';
  const fine = value === good;
  return `<span class="answer ${fine ? 'kept' : 'lost'}">${fine ? SIGNS.kept : SIGNS.lost} ${value ? yes : no}</span>`;
}

function section(id: string, title: string, body: string): string {
  return body === '' ? '' : `<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>${body}</section>`;
}

function table(name: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const body = rows.slice(0, ROWS).map((row) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('')}</tr>`);
  const over = rows.length > ROWS ? `<p class="quiet">… ${rows.length - ROWS} more are in the JSON report</p>` : '';
  return `<div class="card scroll" tabindex="0" role="region" aria-label="${name}"><table><thead><tr>${head
    .map((cell) => `<th scope="col">${cell}</th>`)
    .join('')}</tr></thead><tbody>${body.join('')}</tbody></table>${over}</div>`;
}

function verdictBlock(report: Report): string {
  const { sign, words } = VERDICTS[report.verdict];
  const { error, warning, info, unknown, suppressed, known, hidden, redacted } = report.summary;
  const counts: [number, string, string][] = [
    [error, 'errors', 'error'],
    [warning, 'warnings', 'warning'],
    [info, 'worth knowing', 'info'],
    [unknown, 'checks could not look', 'unknown'],
    [suppressed, 'suppressed', ''],
    [known, 'known from the baseline', ''],
    [hidden, 'below the threshold', ''],
    [redacted, 'values redacted', ''],
  ];
  const chips = counts
    .filter(([count], index) => index < 2 || count > 0)
    .map(
      ([count, name, kind]) =>
        `<li class="${kind}${count > 0 && kind !== '' ? ' on' : ''}"><b>${count}</b> ${name}</li>`,
    );
  const headline = `${report.headline.slice(0, 1).toUpperCase()}${report.headline.slice(1)}`;
  return `<div class="verdict ${report.verdict}"><span class="sign" aria-hidden="true">${sign}</span><h1>${words}</h1><p>${html(headline)}${/[.!?]$/.test(headline) ? '' : '.'}</p></div>${
    report.partial ? '<p class="card warning"><b>This report is partial:</b> the run was interrupted.</p>' : ''
  }<ul class="counts">${chips.join('')}</ul>`;
}

function mapBlock(report: Report): string {
  const map = sessionMap(report.sessions);
  if (map === '') return '';
  const legend =
    '<ul class="legend"><li class="lost"><b>✖ broken line</b> loses the session</li><li class="kept"><b>✔ full line</b> keeps it</li><li class="unknown"><b>? dotted line</b> not known</li></ul>';
  const rows = report.sessions.map((session) => {
    const { state, words } = storageOf(session);
    return [
      code(session.launch ?? 'by hand, in the package root'),
      session.userDataDir === null ? html(`not resolved: ${session.unknown ?? ''}`) : code(session.userDataDir),
      `<span class="answer ${state}">${SIGNS[state]} ${state === 'unknown' ? 'not known' : state}</span>`,
      `${html(words)}${session.trail.length === 0 ? '' : `<br><span class="quiet">${html(session.trail.join(' · '))}</span>`}`,
    ];
  });
  return `<div class="card map"><div class="scroll" tabindex="0" role="region" aria-label="Map of starts, session directories and mounts">${map}</div>${legend}</div><details class="card"><summary>The same as a table</summary>${table('Sessions', ['start', 'directory', 'session', 'why'], rows)}</details>`;
}

function blindBlock({ checks }: Report): string {
  const byReason = new Map<string, string[]>();
  for (const { code: check, outcome, reason } of checks) {
    if (outcome !== 'unknown' && outcome !== 'error' && (outcome !== 'fail' || reason === null)) continue;
    const key = reason ?? 'no reason given';
    byReason.set(key, [...(byReason.get(key) ?? []), check]);
  }
  if (byReason.size === 0) return '';
  const items = [...byReason].map(([reason, codes]) => `<li><b>${html(codes.join(', '))}</b>: ${html(reason)}</li>`);
  return `<div class="card"><ul>${items.join('')}</ul></div>`;
}

function prescriptionBlock({ prescription }: Report): string {
  if (prescription === null) return '';
  const steps = prescription.steps.map(
    ({ title, lines }, index) =>
      `<h3>${index + 1}. ${html(title.slice(0, 1).toUpperCase() + title.slice(1))}</h3><pre tabindex="0" role="region" aria-label="${html(title)}"><code>${lines.map(html).join('\n')}</code></pre>`,
  );
  return `<div class="card steps"><p>Keep the session in ${code(prescription.dataPath)}.</p>${steps.join('')}</div>`;
}

/**
 * The audit as one page for a browser: everything in one file, no script, nothing loaded from anywhere (its own policy forbids it), light
 * and dark, for screens and paper.
 */
export function htmlReport(report: Report): string {
  const { tool, project, target, platform } = report;
  const where =
    target === 'repo'
      ? 'wherever this repository will be deployed'
      : `this machine${platform === null || platform.kinds.length === 0 ? '' : ` (${platform.kinds.join(', ')})`}`;
  const notes = report.policy.notes.map(({ text, by }) => `<li>${html(`${by}: ${text}`)}</li>`);
  const checks = report.checks.map(({ code: check, outcome, reason }) => [
    code(check),
    html(outcome),
    html(reason ?? ''),
  ]);
  const body = [
    `<main id="content">${verdictBlock(report)}`,
    section('map', 'How it is started, where it keeps its session', mapBlock(report)),
    section('fix', 'What to change', prescriptionBlock(report)),
    section('findings', 'Findings', findingCards(report.findings)),
    section(
      'requirements',
      'What LocalAuth needs',
      table(
        'Requirements',
        ['requirement', 'met', 'why'],
        report.requirements.map(({ name, answer: met, detail }) => [html(name), answer(met), html(detail)]),
      ),
    ),
    section(
      'places',
      'What survives where',
      table(
        'Places',
        ['path', ...SURVIVAL_LEVELS.map((level) => LEVELS[level]), 'risk'],
        report.locations.map(({ path, survives, risk }) => [
          code(path),
          ...SURVIVAL_LEVELS.map((level) => answer(survives[level])),
          html(risk),
        ]),
      ),
    ),
    section(
      'wipes',
      'What would delete it',
      table(
        'Deletions',
        ['what', 'effect', 'why'],
        report.wipeTriggers.map(({ what, deletes, detail }) => [
          code(what),
          answer(deletes, 'deletes it', 'keeps it', false),
          html(detail),
        ]),
      ),
    ),
    section('blind', 'Could not tell', blindBlock(report)),
    section(
      'policy',
      'About the settings',
      notes.length === 0 ? '' : `<div class="card"><ul>${notes.join('')}</ul></div>`,
    ),
    section(
      'checks',
      'Checks',
      checks.length === 0
        ? ''
        : `<details class="card"><summary>All ${checks.length} checks and their outcome</summary>${table('Checks', ['check', 'outcome', 'reason'], checks)}</details>`,
    ),
    '</main>',
  ];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<title>wa-doctor: ${html(VERDICTS[report.verdict].words)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<a class="skip" href="#content">To the verdict</a>
<header class="top"><strong>wa-doctor</strong><span>${code(project)}</span><span>judged for ${html(where)} · version ${html(tool.version)}</span></header>
${body.filter((part) => part !== '').join('\n')}
<footer>Secrets and phone numbers are replaced by tokens such as ‹phone#1›; equal tokens stand for equal values. Same facts, same page.</footer>
</body>
</html>
`;
}
