import { defineCheck } from '../../model/check.ts';
import type { LifecycleFact } from '../../model/facts.ts';
import type { FindingDraft } from '../../model/finding.ts';

type Issue = LifecycleFact['destroyIssues'][number];

/**
 * Measured (profile.md, B3): with an awaited destroy(), and even without, 20 of 20 such restarts kept the session. So none of these is
 * more than a warning, and an awaited one is only worth knowing.
 */
const RULES: Readonly<
  Partial<Record<Issue['kind'], Omit<FindingDraft, 'message' | 'locations' | 'evidence'> & { text: string }>>
> = {
  'not-awaited': {
    severity: 'info',
    confidence: 'medium',
    event: null,
    text: 'The end of the client is not awaited: what follows runs while its browser still writes',
  },
  'exit-without-destroy': {
    severity: 'info',
    confidence: 'medium',
    event: 'a write of the page in the seconds before',
    text: 'The browser is killed by hand where client.destroy() would close it: what the page wrote last is lost, and its lock stays',
  },
  'reinitialize-without-destroy': {
    severity: 'warning',
    confidence: 'medium',
    event: 'a disconnect, after which the browser of the old client still holds the profile',
    text: 'The client is initialised again without destroy(): the old browser may still hold the profile, and the new one then fails with "The browser is already running"',
  },
};

function recreate({ file, line, column, detail }: LifecycleFact['recreates'][number]): FindingDraft {
  return {
    severity: 'info',
    confidence: 'high',
    message:
      'A new client is built right after the old one was destroyed. destroy() is awaited, so the profile is free again: measured, 20 of 20 such restarts kept the session.',
    event: null,
    locations: [{ file, line, column }],
    evidence: [`${file}:${line}: ${detail}`],
    remediation: {
      summary: 'Nothing needs to change',
      steps: [
        'Keep the await. If destroy() can hang, give it a deadline and build no new client before the old browser has ended.',
      ],
    },
    identity: [file, 'recreate', detail],
  };
}

export default defineCheck({
  code: 'WA401',
  name: 'unclean-destroy',
  family: 'lifecycle',
  severity: 'warning',
  needs: ['lifecycle'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  what: 'destroy() is not awaited, or a new client begins before the old one has closed.',
  why:
    'destroy() closes the browser, and a closing browser writes the last seconds of Local Storage. Whoever does not wait for it may end ' +
    'the process too early, or start a second browser on a profile that is still in use.\n\n' +
    'It is rarely what loses a session: measured, 20 of 20 restarts with and without the await kept it. The real killers are the signal ' +
    'handlers of puppeteer and hard stops (WA402, WA403).',
  fix: [
    'await client.destroy() before anything else happens to the client or the process.',
    'Do not call initialize() in a disconnected handler without destroy().',
  ],
  run({ lifecycle }) {
    const findings = lifecycle.destroyIssues.flatMap((issue): FindingDraft[] => {
      const rule = RULES[issue.kind];
      if (rule === undefined) return [];
      const { text, ...draft } = rule;
      const { file, line, column } = issue;
      return [
        {
          ...draft,
          message: `${text}.`,
          locations: [{ file, line, column }],
          evidence: [`${file}:${line}: ${issue.detail}`],
          identity: [file, issue.kind, issue.detail],
        },
      ];
    });
    return { findings: [...findings, ...lifecycle.recreates.map(recreate)] };
  },
});
