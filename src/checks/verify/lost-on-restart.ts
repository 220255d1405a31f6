import { defineCheck } from '../../model/check.ts';

export default defineCheck({
  code: 'WA701',
  name: 'lost-on-restart',
  family: 'verify',
  severity: 'error',
  needs: ['verify'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'medium',
  implies: 'lost',
  what: 'The verified restart lost the session.',
  why:
    'The library and the browser of the bot were started on the real session, stopped, and started again in a new process. The first start ' +
    'was ready without a QR code, a later one was not. This is no inference: a restart of the bot does the same.',
  fix: [
    'Look at the other findings of this report: they name what deletes or empties the session between two starts.',
    'Compare the state of the profile before and after in wa-doctor verify.',
    'Link the phone again and prove the fix: wa-doctor verify --pair.',
  ],
  run({ verify: { live } }) {
    if (live === null) {
      return { findings: [], notApplicable: 'no restart was tried; wa-doctor audit --verify does it' };
    }
    if (live.verdict === 'survived') return { findings: [] };
    if (live.verdict === 'not-linked') return { findings: [], notApplicable: live.reason };
    if (live.verdict !== 'lost') return { findings: [], unknown: [`verify ${live.verdict}: ${live.reason}`] };
    const { before, after } = live.profile;
    return {
      findings: [
        {
          confidence: 'high',
          message: `A restart loses the session: ${live.reason}.`,
          event: 'a restart of the bot',
          locations: [{ path: live.session }],
          evidence: [
            ...live.runs.map(
              ({ n, stop, outcome, clean }) =>
                `run ${n}: ${outcome}, stopped by ${stop}${clean ? ', closed cleanly' : ''}`,
            ),
            ...(before === null ? [] : [`the profile before: ${before.state}`]),
            ...(after === null ? [] : [`the profile after: ${after.state} (${after.evidence.join('; ')})`]),
          ],
          identity: [live.session],
        },
      ],
    };
  },
});
