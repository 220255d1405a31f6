import { defineCheck } from '../../model/check.ts';

export default defineCheck({
  code: 'WA510',
  name: 'no-preflight',
  family: 'profile',
  severity: 'info',
  needs: ['sites', 'lifecycle'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  what: 'The bot starts without looking whether its session is there.',
  why:
    'A bot that never looks shows a QR code for every reason alike: a session that was deleted, one that lies in another directory, a ' +
    'locked or damaged profile. Whoever then scans the code makes a second login and covers the tracks of the first.',
  fix: [
    "Look at the session before initialize(): import { assertPersistentSession } from 'wa-doctor/guard'.",
    'Or check at least that <dataPath>/session/Default/IndexedDB exists, and log loudly when it does not.',
  ],
  run({ sites, lifecycle }) {
    const local = sites.filter(({ strategy, role }) => strategy === 'LocalAuth' && role === 'bot');
    if (local.length === 0) return { findings: [], notApplicable: 'no LocalAuth client' };
    if (lifecycle.preflight.answer !== false) return { findings: [] };
    return {
      findings: [
        {
          confidence: 'medium',
          message:
            'The bot never looks whether its session is there before it starts: a lost session shows only as a QR code.',
          event: null,
          locations: local.map(({ file, line, column }) => ({ file, line, column })),
          evidence: lifecycle.initialize.map(
            ({ file, line }) => `${file}:${line}: initialize() without a look at the session`,
          ),
          identity: local.map(({ file }) => file),
        },
      ],
    };
  },
});
