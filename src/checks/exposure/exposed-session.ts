import { defineCheck } from '../../model/check.ts';
import { overProfiles, shellWord } from '../../model/profile-words.ts';

export default defineCheck({
  code: 'WA601',
  name: 'exposed-session',
  family: 'exposure',
  severity: 'warning',
  needs: ['profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  what: 'Other users of the machine can read the login.',
  why: 'The profile is a credential: whoever copies Local Storage and IndexedDB is the linked device, and WhatsApp ends a link that is used from two places. Chromium makes its files readable by their owner only; a chmod or a copy opened them.',
  fix: [
    'Run chmod -R go= on the session directory, as the user that runs the bot.',
    'Keep the data path at mode 0700.',
  ],
  run({ profiles }) {
    return overProfiles(profiles, ({ path, permissions }) => {
      if (permissions.readableBy === 'unknown') return { unknown: 'its modes could not be read' };
      if (permissions.readableBy === 'owner') return null;
      const everyone = permissions.readableBy === 'everyone';
      return {
        severity: everyone ? 'warning' : 'info',
        confidence: 'high',
        message: `${everyone ? 'Every user of this machine' : `Group ${permissions.gid ?? '?'}`} can read the login at ${path}.`,
        event: 'a copy of the credential by someone else',
        locations: [{ path }],
        evidence: [
          `mode ${permissions.mode ?? '?'}, owner ${permissions.uid ?? '?'}, and every directory above lets them through`,
        ],
        remediation: {
          summary: 'Close the directory to others.',
          steps: [`Run chmod -R go= ${shellWord(path)} as user ${permissions.uid ?? 'root'}.`],
        },
      };
    });
  },
});
