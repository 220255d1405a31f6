import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import type { Launch, LaunchVolume } from '../../model/launch.ts';
import { isInside } from '../../model/path.ts';
import type { SessionPath } from '../../model/session-path.ts';
import type { Script } from '../../model/wiper.ts';
import { commandOf, scriptFindings, whoRuns } from '../../model/wiper-words.ts';

/** The volume of a launch that holds a session, where `down -v` and `prune` would take it. */
function volumeOf(session: SessionPath, launches: readonly Launch[]): LaunchVolume | null {
  const launch = launches.find(({ id }) => id === session.launch);
  const path = session.userDataDir;
  if (launch === undefined || path === null) return null;
  return (
    launch.volumes?.find(({ at, kind }) => (kind === 'named' || kind === 'anonymous') && isInside(path, at)) ?? null
  );
}

function volumeFinding(script: Script, session: SessionPath, volume: LaunchVolume): FindingDraft {
  const where = commandOf(script);
  const byPerson = script.automatic === 'manual' || script.automatic === 'publish';
  return {
    severity: byPerson ? 'warning' : 'error',
    confidence: 'high',
    message: `${where} removes container volumes, and the session ${session.userDataDir} lies on the volume ${volume.name ?? volume.at}.`,
    event: where,
    locations: [
      { file: script.file, line: script.line },
      { file: volume.file, ...(volume.line === null ? {} : { line: volume.line }) },
    ],
    evidence: [
      `${script.command.split('\n')[0] ?? ''} (${whoRuns(script)})`,
      `${volume.kind} volume ${volume.name ?? ''} at ${volume.at}`,
    ],
    remediation: {
      summary: 'Keep the volumes',
      steps: [
        'Run the command without -v (--volumes): containers go, volumes stay.',
        'Or declare the volume `external: true`: compose then never removes it.',
      ],
    },
    identity: ['volumes', script.file, script.name],
  };
}

/**
 * Severity: `error` where a pipeline, a unit or a schedule does it on a machine that keeps its files; `warning` where a person does.
 * Volumes count only when a session lies on one.
 */
export default defineCheck({
  code: 'WA305',
  name: 'destructive-deploy',
  family: 'wipers',
  severity: 'error',
  needs: ['scripts', 'sessions', 'launches'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'A deploy deletes the session: rsync --delete, compose down -v, volume prune, workflow steps, schedules.',
  why:
    'rsync --delete makes the server equal to the checkout, which holds no session. compose down -v and volume prune remove the volume that ' +
    'keeps it. Such steps run at every deploy, and the login is gone with each.',
  fix: ["Exclude the session: rsync --exclude='/.wwebjs_auth/'.", 'Run compose down without -v.'],
  run({ scripts, sessions, launches }) {
    const result = scriptFindings(scripts, 'deploy', {
      severity: ({ automatic }) => (automatic === 'manual' || automatic === 'publish' ? 'warning' : 'error'),
      event: commandOf,
    });
    const findings = [...result.findings];
    for (const script of scripts) {
      if (!script.removesVolumes) continue;
      for (const session of sessions) {
        const volume = volumeOf(session, launches);
        if (volume === null) continue;
        findings.push(volumeFinding(script, session, volume));
        break;
      }
    }
    return { ...result, findings };
  },
});
