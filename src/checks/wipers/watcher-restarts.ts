import { defineCheck } from '../../model/check.ts';

export default defineCheck({
  code: 'WA306',
  name: 'watcher-restarts',
  family: 'wipers',
  severity: 'warning',
  needs: ['handling'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'at-risk',
  what: 'A file watcher that restarts the bot watches the session directory.',
  why:
    'The browser writes into its profile all the time. A watcher that sees those writes restarts the bot in the middle of them: the browser ' +
    'is killed hard, again and again, until a write that matters is lost.',
  fix: ['Leave the session directory out of what is watched.', 'Keep the session outside of the project.'],
  run({ handling }) {
    if (handling.watchers.length === 0) return { findings: [], notApplicable: 'nothing watches files here' };
    return {
      findings: handling.watchers.flatMap(({ file, line, name, command, tool, sessions, fix }) => {
        const hit = sessions.filter(({ watched }) => watched === true);
        const [first] = hit;
        if (first === undefined) return [];
        return [
          {
            confidence: 'high' as const,
            message: `${tool} (${name}) restarts the bot whenever the browser writes into ${hit
              .map(({ path }) => path)
              .slice(0, 3)
              .join(', ')}.`,
            event: `a write of the browser while \`${name}\` runs`,
            locations: [{ file, line }],
            evidence: [command, first.reason],
            remediation: { summary: 'Leave the session out of what is watched', steps: [`Add ${fix}.`] },
            identity: ['watcher', file, name],
          },
        ];
      }),
    };
  },
});
