import { defineCheck } from '../../model/check.ts';
import { commandOf, scriptFindings } from '../../model/wiper-words.ts';

/**
 * Severity: `warning` for what a person starts by name. The session is certainly lost when it runs, but whether it runs is that
 * person's decision; `error` is kept for what happens without one (WA302, WA303, WA305).
 */
export default defineCheck({
  code: 'WA301',
  name: 'destructive-script',
  family: 'wipers',
  severity: 'warning',
  needs: ['scripts'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  what: 'A script that people run by name deletes the session.',
  why:
    'A script called clean or reset is run to get rid of build output, by hand or from another script. The session directory looks like ' +
    'a cache and is deleted with it; every account must then be linked again by phone.',
  fix: [
    'Leave the session directory out of clean scripts.',
    'Keep the session outside of the project, under an absolute data path.',
  ],
  run({ scripts }) {
    return scriptFindings(scripts, 'script', { severity: () => 'warning', event: commandOf });
  },
});
