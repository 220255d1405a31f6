import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';

/** Programs that stand before node and do not hand a signal on, or not to node. */
const DEAF = /^(npm|npx|yarn|pnpm|sh|bash|ash|dash)$/;

export default defineCheck({
  code: 'WA404',
  name: 'signal-not-forwarded',
  family: 'lifecycle',
  severity: 'warning',
  needs: ['launches', 'sites'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  what: 'npm, yarn or a shell is the first process of the container, and the signal of a stop never reaches node.',
  why:
    'The signal of docker stop or of a pod that ends goes to the first process of the container. A shell as process 1 ignores it; npm ' +
    'hands it to its shell, which ends without telling node. No handler of the bot ever runs, and the browser is killed with the container.',
  fix: [
    'Use the exec form and start node itself: CMD ["node", "src/index.js"].',
    'Or put an init in front: docker run --init, init: true in compose, tini or dumb-init in the image; in a shell script end with exec node src/index.js.',
  ],
  run({ launches, sites }) {
    if (!sites.some(({ role }) => role === 'bot')) return { findings: [], notApplicable: 'no client' };
    const findings = launches.flatMap((launch): FindingDraft[] => {
      const contained = launch.kind === 'dockerfile' || launch.kind === 'compose' || launch.kind === 'kubernetes';
      const { pid1, signal } = launch.stop;
      if (!contained || pid1 === null || !DEAF.test(pid1) || launch.stop.init === true) return [];
      const outcome = launch.stops.find((stop) => stop.signal === (signal ?? 'SIGTERM'));
      if (outcome === undefined || outcome.browser === 'clean' || outcome.browser === 'unknown') return [];
      const where =
        launch.file === null
          ? []
          : [launch.line === null ? { file: launch.file } : { file: launch.file, line: launch.line }];
      return [
        {
          confidence: 'high',
          message: `\`${pid1}\` is the first process of ${launch.id}: the stop signal never reaches node, and the browser is killed.`,
          event: 'a stop or redeploy within seconds of a write, above all right after pairing',
          locations: where,
          evidence: outcome.chain,
          identity: [launch.id, pid1],
        },
      ];
    });
    return { findings };
  },
});
