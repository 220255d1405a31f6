import { defineCheck } from '../../model/check.ts';
import { overProfiles, span, utc } from '../../model/profile-words.ts';

/** WAHA's maintainer asks for two minutes between pairing and a restart (waha issue 1095); Local Storage itself needs 5 s. */
const SETTLED_MS = 120_000;
/** Clean runs in between do not reset the streak, so a single one says little about today. */
const STREAK = 3;

export default defineCheck({
  code: 'WA506',
  name: 'unclean-exit',
  family: 'profile',
  severity: 'warning',
  needs: ['profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  what: 'The last run of the browser ended in a hard stop.',
  why: 'Chromium writes Local Storage about five seconds after a change. A hard stop loses what was waiting: right after pairing that is the login itself (kept in 1 of 10 runs when killed within 4.5 s, in 10 of 10 from 5.5 s on). A kill can also tear a database log.',
  fix: [
    'Await `client.destroy()` in handlers for SIGINT and SIGTERM, and launch with `handleSIGINT`, `handleSIGTERM` and `handleSIGHUP` set to false.',
    'Give the bot time to stop: a grace period of 30 s or more.',
    'Wait two minutes after pairing before the first restart.',
  ],
  run({ profiles }) {
    return overProfiles(profiles, ({ path, lastExit, crashStreak, bornAt, lastUsed, owner }) => {
      if (owner.state === 'live') return null;
      const life = bornAt === null || lastUsed === null ? null : lastUsed - bornAt;
      const young = life !== null && life < SETTLED_MS && lastExit !== 'clean';
      if (lastExit !== 'unclean' && !young) return null;
      const evidence: string[] = [];
      if (lastExit === 'unclean') evidence.push('the browser did not note a clean exit');
      if (owner.lock) evidence.push('its SingletonLock was left behind');
      if (crashStreak !== null && crashStreak >= STREAK)
        evidence.push(`${crashStreak} runs ended hard (variations_crash_streak)`);
      if (young && bornAt !== null && lastUsed !== null)
        evidence.push(`profile born ${utc(bornAt)}, last write ${utc(lastUsed)}`);
      return {
        confidence: lastExit === 'unclean' ? 'high' : 'medium',
        message: young
          ? `The browser of the session at ${path} lived only ${span(life)} and was then stopped hard: a login that was made in it may not have reached the disk.`
          : `The last run on ${path} ended in a hard stop: what was written in its last five seconds may be lost.`,
        event: 'a stop without client.destroy()',
        locations: [{ path }],
        evidence,
        ...(young
          ? {
              remediation: {
                summary: 'Pair again and give it two minutes.',
                steps: [
                  'Start the bot, pair if it asks, and wait two minutes before you restart it.',
                  'Let health checks begin later than that (`start_period`), so that nothing restarts a bot that is still pairing.',
                ],
              },
            }
          : {}),
      };
    });
  },
});
