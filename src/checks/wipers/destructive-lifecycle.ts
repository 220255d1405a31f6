import { defineCheck } from '../../model/check.ts';
import { commandOf, scriptFindings } from '../../model/wiper-words.ts';

/** Severity: `error` where an ordinary install, build, start or stop certainly deletes the session; `warning` for test scripts. */
export default defineCheck({
  code: 'WA302',
  name: 'destructive-lifecycle',
  family: 'wipers',
  severity: 'error',
  needs: ['scripts'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'A lifecycle hook or an everyday script (install, build, start) deletes the session.',
  why:
    'npm runs pre and post scripts, prepare and the install hooks without being asked, and start or build run at every deploy. ' +
    'When one of them reaches a deletion of the session, the login is gone at an event that nobody connects with it.',
  fix: ['Take the deletion out of the hook.', 'Call clean scripts by name only, and leave the session out of them.'],
  run({ scripts }) {
    return scriptFindings(scripts, 'lifecycle', {
      severity: ({ automatic }) => (automatic === 'test' ? 'warning' : 'error'),
      event: commandOf,
    });
  },
});
