import { defineCheck } from '../../model/check.ts';
import { overProfiles, shellWord } from '../../model/profile-words.ts';

const MAX_EVIDENCE = 6;

export default defineCheck({
  code: 'WA602',
  name: 'running-as-root',
  family: 'exposure',
  severity: 'error',
  needs: ['profiles', 'access'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  what: 'Files of the login belong to root, all of them or some.',
  why: 'A browser that runs as root needs --no-sandbox, so a page can reach everything. Worse is a mix: someone ran the bot once as root, and since then a file belongs to root. One log that the usual user cannot write is enough for a QR code without any error (measured, 40 of 40; the session came back after chown).',
  fix: [
    'Run the bot as a user of its own in every way in which it is started.',
    'Run chown -R on the session directory for that user while the bot is stopped.',
  ],
  run({ profiles, access }) {
    const result = overProfiles(profiles, ({ path, permissions }) => {
      const { odd, expectedUid, mixedOwners, uid } = permissions;
      if (odd.length > 0 && expectedUid !== null) {
        return {
          confidence: 'high',
          message: `User ${expectedUid}, who owns most of the session at ${path}, cannot use ${odd.length === 1 ? `one of its files (${odd[0]?.path ?? '?'})` : `${odd.length} of its files`}: its browser shows a QR code without an error.`,
          event: `the next start as user ${expectedUid}`,
          locations: odd
            .slice(0, MAX_EVIDENCE)
            .map((file) => ({ path: file.path === '.' ? path : `${path}/${file.path}` })),
          evidence: odd.slice(0, MAX_EVIDENCE).map((file) => `${file.path}: owner ${file.uid}, mode ${file.mode}`),
          remediation: {
            summary: 'Give the files back; the session returns.',
            steps: [
              'Stop the bot.',
              `Run chown -R ${expectedUid} ${shellWord(path)} and chmod -R u+rwX ${shellWord(path)}.`,
              'Start the bot always as the same user: no sudo, one USER in the image.',
            ],
          },
        };
      }
      if (mixedOwners) {
        return {
          severity: 'warning',
          confidence: 'medium',
          message: `Files of the session at ${path} belong to different users: it was started as more than one.`,
          event: 'a start as another user',
          locations: [{ path }],
          evidence: [`directory: owner ${uid ?? '?'}; most files: owner ${expectedUid ?? '?'}`],
        };
      }
      if (uid !== 0) return null;
      return {
        severity: 'info',
        confidence: 'high',
        message: `The session at ${path} belongs to root: its browser runs as root and without a sandbox.`,
        event: null,
        locations: [{ path }],
        evidence: ['owner 0'],
      };
    });
    // No profile yet: what the launches say is the next best thing.
    if (result.notApplicable === undefined || access.runsAsRoot !== true) return result;
    const [evidence = 'uid 0'] = access.evidence;
    return {
      findings: [
        {
          severity: 'info',
          confidence: 'medium',
          message:
            'The bot runs as root: its browser needs --no-sandbox, and a later start as another user cannot use what root wrote.',
          event: null,
          locations: access.sessions.map(({ path }) => ({ path })),
          evidence: [evidence],
          identity: ['launch'],
        },
      ],
    };
  },
});
