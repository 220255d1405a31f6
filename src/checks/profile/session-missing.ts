import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';

export default defineCheck({
  code: 'WA501',
  name: 'session-missing',
  family: 'profile',
  severity: 'warning',
  needs: ['profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  what: 'The directory in which the bot keeps its login holds no browser profile.',
  why: 'The bot was never started with this path, it wrote its login somewhere else, or the directory was deleted. In each case the next start shows a QR code.',
  fix: [
    'If the bot was linked before, look where it really wrote: run `wa-doctor path` and compare the directories.',
    'If the bot is new, start it and scan the QR code; then run this again.',
  ],
  run({ profiles }) {
    if (profiles.length === 0) return { findings: [], notApplicable: 'no session directory is known' };
    const found = profiles.filter(({ state }) => state !== 'missing');
    return {
      findings: profiles
        .filter(({ state }) => state === 'missing')
        .map(({ path, evidence }): FindingDraft => {
          // Before the first pairing there is nothing to miss. It is one when a profile lies elsewhere, or something emptied the place.
          const missed = found.length > 0 || evidence.some((line) => line.includes('empty'));
          const elsewhere = found.map((other) => `a profile lies at ${other.path} (${other.state})`);
          return {
            severity: missed ? 'warning' : 'info',
            confidence: 'high',
            message: `There is no session at ${path}: the next start shows a QR code.`,
            event: 'the next start of the bot',
            locations: [{ path }],
            evidence: [...evidence, ...elsewhere],
            identity: [path],
          };
        }),
    };
  },
});
