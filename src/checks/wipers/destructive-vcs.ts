import { defineCheck } from '../../model/check.ts';
import { commandOf, scriptFindings } from '../../model/wiper-words.ts';

/** Severity: `error` in a pipeline whose machine keeps its files; `warning` where a person runs it. */
export default defineCheck({
  code: 'WA303',
  name: 'destructive-vcs',
  family: 'wipers',
  severity: 'error',
  needs: ['scripts'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'git clean -x, a checkout action that cleans, or git stash -a removes the session.',
  why:
    'A session directory is untracked and ignored, and that is just what git clean -x, git stash -a and the default of actions/checkout on a ' +
    'self-hosted runner delete.',
  fix: [
    "Exclude it: git clean -fdx -e '/.wwebjs_auth/'.",
    'Set `clean: false` in actions/checkout.',
    'Keep the session outside of the working tree.',
  ],
  run({ scripts }) {
    return scriptFindings(scripts, 'vcs', {
      severity: ({ automatic }) => (automatic === 'manual' || automatic === 'publish' ? 'warning' : 'error'),
      event: commandOf,
    });
  },
});
