import { defineCheck } from '../../model/check.ts';
import { overProfiles, shellWord } from '../../model/profile-words.ts';

export default defineCheck({
  code: 'WA503',
  name: 'stale-lock',
  family: 'profile',
  severity: 'error',
  needs: ['profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  what: 'The lock of another host is left in the profile, so Chromium refuses to start.',
  why: 'Chromium writes the name of its host into SingletonLock and removes it when it closes. A killed container leaves it behind, and the next one has another name: Chromium takes the profile for one in use on another computer and exits with code 21 (measured, 10 of 10). The login itself is untouched. A lock of this host whose process is gone is no fault: Chromium replaces it.',
  fix: [
    'Make sure that the host that is named no longer runs a browser on this profile.',
    'Remove the lock with `wa-doctor repair SESSION --owner-gone HOST --apply`, as the user that owns the files.',
    'Give the container a fixed name (`hostname:` in compose), so that Chromium can clear its own lock next time.',
  ],
  run({ profiles }) {
    return overProfiles(profiles, ({ path, owner, state, permissions }) => {
      if (owner.state === 'unknown' && owner.lock) return { unknown: owner.reason };
      if (owner.state !== 'stale-foreign') return null;
      const host = owner.host ?? 'unknown';
      const login = state === 'linked' ? 'The login itself is complete.' : `The login was judged apart: ${state}.`;
      return {
        confidence: 'high',
        message: `The lock of host ${host} is left in ${path} and Chromium will not start on it.`,
        event: 'the next start of the bot',
        locations: [{ path: `${path}/SingletonLock` }],
        evidence: [owner.reason, login],
        remediation: {
          summary: 'Remove the lock once its host is gone; keep the directory.',
          steps: [
            `Make sure that host ${host} is gone: no container or machine of this name may still run (docker ps, kubectl get pods).`,
            `Run wa-doctor repair ${shellWord(path)} --owner-gone ${shellWord(host)} --apply${permissions.uid === null ? '' : ` as user ${permissions.uid}`}.`,
            'Set a fixed hostname for the container, so that Chromium can clear its own lock next time.',
            'Do not delete the session directory: the login is in it.',
          ],
        },
      };
    });
  },
});
