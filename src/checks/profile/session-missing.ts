import { defineCheck } from '../../model/check.ts';

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
    return {
      findings: profiles
        .filter(({ state }) => state === 'missing')
        .map(({ path, evidence }) => ({
          confidence: 'high',
          message: `There is no session at ${path}: the next start shows a QR code.`,
          event: 'the next start of the bot',
          locations: [{ path }],
          evidence,
          identity: [path],
        })),
    };
  },
});
