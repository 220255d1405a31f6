import { defineCheck } from '../../model/check.ts';

export default defineCheck({
  code: 'WA409',
  name: 'relink-in-process',
  family: 'lifecycle',
  severity: 'warning',
  needs: ['lifecycle'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  what: 'The bot pairs again in the process that was just unlinked.',
  why:
    'logout(), and WhatsApp ending the link, make LocalAuth delete the profile under the live browser. A QR code that is scanned in the ' +
    'same process gives a login that works, and that lives in deleted files: measured, it was lost at the next restart 20 of 20 times.',
  fix: [
    'After logout() or disconnected: await client.destroy(), end the process, and pair in a new one.',
    'Never call logout() to stop a bot; that is what destroy() is for.',
  ],
  run({ lifecycle }) {
    return {
      findings: lifecycle.destroyIssues
        .filter(({ kind }) => kind === 'relink-in-process')
        .map(({ file, line, column, detail }) => ({
          confidence: 'high' as const,
          message:
            'The client is initialised again in the process that logged it out: a login that is paired there is lost at the next restart.',
          event: 'the restart after pairing again',
          locations: [{ file, line, column }],
          evidence: [`${file}:${line}: ${detail}`],
          identity: [file, detail],
        })),
    };
  },
});
