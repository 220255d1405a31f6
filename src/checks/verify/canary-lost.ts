import { defineCheck } from '../../model/check.ts';

export default defineCheck({
  code: 'WA702',
  name: 'canary-lost',
  family: 'verify',
  severity: 'error',
  needs: ['verify'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'medium',
  implies: 'lost',
  what: 'A canary that was planted beside the session did not survive.',
  why:
    'A random token was stored in a file, in Local Storage and in IndexedDB on the storage of the session, through the browser of the bot, ' +
    'and was not there any more when it was read again. What cannot keep the token cannot keep the login.',
  fix: [
    'wa-doctor mounts says what the directory is on and which restart it survives.',
    'Keep the session on persistent storage: mount a named volume or a disk at the data path.',
    'Prove it with the same event: wa-doctor canary plant, redeploy, wa-doctor canary check.',
  ],
  run({ verify: { canary } }) {
    if (canary === null) {
      return { findings: [], notApplicable: 'no canary was planted; wa-doctor audit --verify canary does it' };
    }
    if (canary.verdict === 'survived' || canary.verdict === 'planted') return { findings: [] };
    if (canary.verdict === 'inconclusive') return { findings: [], unknown: [`canary: ${canary.reason}`] };
    const { planted, now } = canary;
    return {
      findings: [
        {
          confidence: 'high',
          message: `The storage of the session does not keep what is written there: ${canary.reason}.`,
          event: canary.step === 'check' ? 'what happened between planting and looking' : 'a restart of the browser',
          locations: [{ path: canary.dataPath }],
          evidence: [
            `file: ${canary.sentinel}`,
            ...canary.stores.map(({ name, answer }) => `${name}: ${answer}`),
            ...(planted === null
              ? []
              : [`planted on host ${planted.host}, device ${planted.device}, inode ${planted.inode}`]),
            ...(now === null ? [] : [`read on host ${now.host}, device ${now.device}, inode ${now.inode}`]),
          ],
          identity: [canary.dataPath],
        },
      ],
    };
  },
});
