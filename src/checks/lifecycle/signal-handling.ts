import type { SourcePlace } from '../../model/auth-site.ts';
import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';

const CODE = [
  'puppeteer: { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }',
  "for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, async () => { await client.destroy(); process.exit(0); });",
];

/** Local Storage reaches the disk about 5 s after a write (profile.md, B1). */
const SECONDS = 5;

export default defineCheck({
  code: 'WA402',
  name: 'signal-handling',
  family: 'lifecycle',
  severity: 'error',
  needs: ['sites', 'lifecycle'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  what: 'SIGTERM or SIGINT do not end in a clean close of the browser with the installed puppeteer.',
  why:
    'Puppeteer listens for signals itself. On SIGINT it kills the browser and ends node; on SIGTERM it kills the browser too since ' +
    'puppeteer 24, that is since whatsapp-web.js 1.34.3. A handler of your own that awaits client.destroy() then comes too late, although ' +
    'it logs a clean stop.\n\n' +
    'A killed browser loses what the page wrote to Local Storage in the last 5 seconds. A login that was just paired is lost whole: measured, ' +
    '10 of 10. An older login usually survives, until a stop hits it at the wrong moment.',
  fix: [
    `Switch puppeteer's handlers off: ${CODE[0]}`,
    `Close the client yourself: ${CODE[1]}`,
    'Both together: the flags without a handler leave the browser behind as an orphan.',
  ],
  run({ sites, lifecycle }) {
    const bots = sites.filter(({ role, strategy }) => role === 'bot' && strategy !== 'NoAuth');
    if (bots.length === 0) return { findings: [], notApplicable: 'no client that keeps a login' };
    const findings: FindingDraft[] = [];
    const unknown: string[] = [];
    const bad = lifecycle.direct.filter(({ signal, browser }) => signal !== 'SIGKILL' && browser !== 'clean');
    const groups = new Map<
      string,
      { signals: string[]; browser: string; cutOff: boolean; evidence: string[]; places: SourcePlace[] }
    >();
    for (const { signal, browser, chain } of bad) {
      const own = lifecycle.signals.filter((handler) => handler.signal === signal);
      const cutOff = own.some(({ destroysClient }) => destroysClient !== 'no');
      if (browser === 'unknown') {
        // Nothing was found that is wrong; what it depends on is said only where somebody tried.
        if (cutOff) unknown.push(`${signal}: ${chain.join('; ')}`);
        continue;
      }
      const key = JSON.stringify([cutOff, browser, own.length > 0]);
      const group = groups.get(key) ?? { signals: [], browser, cutOff, evidence: [], places: [] };
      group.signals.push(signal);
      group.evidence.push(...chain.filter((step) => !group.evidence.includes(step)));
      group.places.push(...(own.length > 0 ? own : bots).map(({ file, line, column }) => ({ file, line, column })));
      groups.set(key, group);
    }
    for (const { signals, browser, cutOff, evidence, places } of groups.values()) {
      const names = signals.join(' and ');
      const unique = [...new Map(places.map((place) => [JSON.stringify(place), place])).values()];
      const handled = lifecycle.signals.some(({ signal }) => signals.includes(signal));
      findings.push({
        severity: cutOff ? 'error' : 'warning',
        confidence: lifecycle.puppeteer === null ? 'medium' : 'high',
        message: cutOff
          ? `The handler of ${names} is meant to close the browser, but the browser is ${browser} before it can.`
          : `A stop with ${names} leaves the browser ${browser}: ${handled ? 'the handler does not close the client' : 'nothing closes the client'}.`,
        event: `a stop with ${names} within ${SECONDS} s of a write, above all right after pairing`,
        locations: unique,
        evidence,
        identity: [names, browser, ...new Set(unique.map(({ file }) => file))],
      });
    }
    return { findings, unknown };
  },
});
