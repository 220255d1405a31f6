import { defineCheck } from '../../model/check.ts';

export default defineCheck({
  code: 'WA605',
  name: 'live-backup',
  family: 'exposure',
  severity: 'warning',
  needs: ['handling'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'medium',
  what: 'A backup copies the profile while the browser runs.',
  why:
    'A copy of an open LevelDB is torn: the log, the manifest and the tables are of different moments. It looks like a backup and does not open, ' +
    'or opens as a login of the past that WhatsApp refuses. It is a copy of the credential besides.',
  fix: ['Stop the bot (await client.destroy()), copy, start it again.', 'Or take a snapshot of the file system.'],
  run({ handling }) {
    return {
      findings: handling.backups.flatMap(({ file, line, name, command, tool, automatic, stopsBot, sessions }) => {
        const hit = sessions.filter(({ copied }) => copied === true);
        if (hit.length === 0 || stopsBot === true) return [];
        return [
          {
            severity: automatic ? ('warning' as const) : ('info' as const),
            confidence: 'medium' as const,
            message: `${name} copies the session ${hit
              .map(({ path }) => path)
              .slice(0, 3)
              .join(', ')} with ${tool} and does not stop the bot before.`,
            event: 'a restore from that backup',
            locations: [{ file, line }],
            evidence: [command],
            remediation: {
              summary: 'Copy a closed profile',
              steps: [
                'Stop the bot before the copy (pm2 stop, docker compose stop, systemctl stop) and start it after.',
              ],
            },
            identity: ['backup', file, name],
          },
        ];
      }),
    };
  },
});
