import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';

/** destroy() of a 110 MB profile under load took up to 0.7 s on an idle machine (profile.md, B3); a loaded small server needs several times that. */
const NEEDED_SECONDS = 5;

const SETTING: Readonly<Record<string, string>> = {
  pm2: 'kill_timeout: 15000 in the ecosystem file',
  systemd: 'TimeoutStopSec=30',
  compose: 'stop_grace_period: 30s',
  kubernetes: 'terminationGracePeriodSeconds: 30',
  supervisor: 'stopwaitsecs=30',
  dockerfile: 'docker run --stop-timeout 30',
};

export default defineCheck({
  code: 'WA403',
  name: 'stop-timeout',
  family: 'lifecycle',
  severity: 'warning',
  needs: ['launches', 'sites'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  what: 'The supervisor kills the bot before its browser can close.',
  why:
    'Whoever stops the bot waits for a grace period and then kills. pm2 waits 1.6 seconds by default. Closing the browser takes up to a ' +
    'second on an idle machine, and several on a busy one; a browser that is killed meanwhile loses the last writes of Local Storage.',
  fix: ['Give the bot at least 10 seconds, better 30, to close its browser.'],
  run({ launches, sites }) {
    if (!sites.some(({ role }) => role === 'bot')) return { findings: [], notApplicable: 'no client' };
    const findings = launches.flatMap((launch): FindingDraft[] => {
      const { timeoutSeconds } = launch.stop;
      if (timeoutSeconds === null || timeoutSeconds >= NEEDED_SECONDS) return [];
      const where =
        launch.file === null
          ? []
          : [launch.line === null ? { file: launch.file } : { file: launch.file, line: launch.line }];
      const setting = SETTING[launch.kind];
      return [
        {
          confidence: 'medium',
          message: `${launch.id} is killed ${timeoutSeconds} s after it was asked to stop: a browser on a busy machine needs longer to close.`,
          event: 'a stop or restart of the bot',
          locations: where,
          evidence: [`grace period ${timeoutSeconds} s`],
          ...(setting === undefined
            ? {}
            : { remediation: { summary: 'Lengthen the grace period', steps: [`Set ${setting}.`] } }),
          identity: [launch.id],
        },
      ];
    });
    return { findings };
  },
});
