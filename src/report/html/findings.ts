import type { Finding, Severity } from '../../model/finding.ts';
import { locationText } from '../location.ts';
import { code, html } from './escape.ts';

const WORDS: Readonly<Record<Severity, string>> = { error: '✖ Error', warning: '▲ Warning', info: 'ℹ Worth knowing' };

/** Of one check; the others follow as lines. */
const WHOLE = 3;
const LINES = 1000;
const EVIDENCE = 12;

function some<T>(items: readonly T[], render: (item: T) => string): string {
  const rest = items.length - EVIDENCE;
  return items.slice(0, EVIDENCE).map(render).join('') + (rest > 0 ? `<li class="quiet">… ${rest} more</li>` : '');
}

function marks({ confidence, suppressed, baseline, overridden }: Finding): string {
  const words = [
    confidence === 'high' ? '' : `${confidence} confidence`,
    suppressed === null ? '' : `suppressed: ${suppressed.reason} (${suppressed.by})`,
    baseline === 'known' ? 'known from the baseline' : baseline === 'new' ? 'new' : '',
    overridden === undefined ? '' : `${overridden.from} by default`,
  ];
  return words
    .filter((word) => word !== '')
    .map((word) => `<span class="mark">${html(word)}</span>`)
    .join('');
}

function whole(finding: Finding): string {
  const { severity, message, event, locations, evidence, remediation } = finding;
  const steps = remediation.steps.length > 0 ? remediation.steps : [remediation.summary];
  const rows = [
    ...(event === null ? [] : [['Lost at', html(event)]]),
    ...(locations.length === 0
      ? []
      : [['Where', `<ul class="plain">${some(locations, (place) => `<li>${code(locationText(place))}</li>`)}</ul>`]]),
    ...(evidence.length === 0
      ? []
      : [['Evidence', `<ul class="plain">${some(evidence, (line) => `<li>${code(line)}</li>`)}</ul>`]]),
    ['How to fix it', `<ol>${steps.map((step) => `<li>${html(step)}</li>`).join('')}</ol>`],
  ];
  return `<article class="card finding ${severity}"><header><span class="tag">${WORDS[severity]}</span><h3>${html(finding.code)} ${html(finding.check)}</h3>${marks(finding)}</header><p class="message">${html(message)}</p><dl>${rows
    .map(([name, text]) => `<dt>${name}</dt><dd>${text}</dd>`)
    .join(
      '',
    )}</dl><p class="quiet">More: ${code(`wa-doctor explain ${finding.code}`)} or <a href="${html(finding.docs)}" rel="noreferrer">its page</a></p></article>`;
}

function lineOf(finding: Finding): string {
  const [place] = finding.locations;
  return `<li>${html(finding.message)}${place === undefined ? '' : ` ${code(locationText(place))}`} ${marks(finding)}</li>`;
}

/** Findings in their order, the first few of a check whole, the rest of it as lines. */
export function findingCards(findings: readonly Finding[]): string {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${finding.severity} ${finding.code}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  return [...groups.values()]
    .map((group) => {
      const rest = group.slice(WHOLE);
      const over = rest.length - LINES;
      const more =
        rest.length === 0
          ? ''
          : `<details class="card"><summary>${rest.length} more of ${html(group[0]?.code ?? '')}</summary><ul>${rest.slice(0, LINES).map(lineOf).join('')}${over > 0 ? `<li class="quiet">… ${over} more are in the JSON report</li>` : ''}</ul></details>`;
      return group.slice(0, WHOLE).map(whole).join('') + more;
    })
    .join('');
}
