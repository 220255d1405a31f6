import { defineCheck } from '../../model/check.ts';
import { overProfiles } from '../../model/profile-words.ts';

export default defineCheck({
  code: 'WA502',
  name: 'session-incomplete',
  family: 'profile',
  severity: 'error',
  needs: ['profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'medium',
  what: 'A profile is there, but no whole login is in it: never linked, logged out, or half of it is gone.',
  why: 'WhatsApp Web keeps a login in two stores of the profile, Local Storage and IndexedDB, and needs both. If one of them is missing, empty or was made anew by the browser, the page shows a QR code without an error.',
  fix: [
    'Restore both `Default/Local Storage` and `Default/IndexedDB` from one backup that was taken while the browser was closed, if there is one.',
    'Otherwise stop the bot, start it again and scan the QR code once; wait two minutes before you stop it.',
    'Find what took the half away before you link again: run `wa-doctor audit` and look at the findings on deletions and stops.',
  ],
  run({ profiles }) {
    return overProfiles(profiles, ({ path, state, confidence, evidence }) => {
      if (state === 'unknown') return { unknown: evidence[0] ?? 'its stores could not be looked at' };
      const base = { confidence, event: 'the next start of the bot', locations: [{ path }], evidence } as const;
      if (state === 'incomplete') {
        return {
          ...base,
          severity: confidence === 'low' ? 'warning' : 'error',
          message: `The session at ${path} is incomplete, so the next start shows a QR code: ${evidence[0] ?? 'a part is missing'}.`,
        };
      }
      if (state === 'logged-out') {
        return {
          ...base,
          severity: 'warning',
          message: `The session at ${path} was logged out: its keys were removed.`,
          remediation: {
            summary: 'Find out who ended the link, then link again.',
            steps: [
              'Look at the phone under Linked devices: removing the device there ends the link.',
              'Search the source for `client.logout()`; to stop a bot use `client.destroy()`.',
              'Restart the process before you scan again: a login that is made in the process that was logged out lives in deleted files.',
            ],
          },
        };
      }
      if (state === 'never-linked') {
        return {
          ...base,
          severity: 'info',
          message: `The profile at ${path} holds no record of a link: the next start shows a QR code.`,
          remediation: {
            summary: 'Link the bot once.',
            steps: ['Start the bot, scan the QR code, and wait two minutes before you stop it.'],
          },
        };
      }
      return null;
    });
  },
});
