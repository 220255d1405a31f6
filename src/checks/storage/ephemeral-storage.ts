import { defineCheck } from '../../model/check.ts';
import type { FindingDraft, Severity } from '../../model/finding.ts';
import { evidenceLines, type JudgedSession, judgedSessions, storageCode, unjudged } from '../../model/judged.ts';
import type { SurvivalLevel } from '../../model/mount.ts';
import { eventFor, hasContainer, storyOf } from '../../model/words.ts';

/** Storage that WA103 tells in more detail. */
const UNSTABLE_VOLUMES = new Set(['anonymous-volume', 'k8s-emptydir', 'k8s-memory-volume', 'nomad-alloc-dir']);

/**
 * Unknowns that another check has told as a warning (WA102, WA103), and system containers: nobody deletes one to restart a bot.
 */
const TOLD_ELSEWHERE = new Set([
  ...UNSTABLE_VOLUMES,
  'k8s-host-path',
  'cleaned-directory',
  'runtime-directory',
  'user-runtime-directory',
  'vm-temp-disk',
  'system-container-root',
]);

/** What happens in ordinary running: a loss at one of these is certain sooner or later. */
const ORDINARY: readonly SurvivalLevel[] = ['processRestart', 'containerRestart', 'recreate', 'reboot'];

function fixFor(session: JudgedSession): { summary: string; steps: string[] } {
  const steps: string[] = [];
  const { kinds, event } = session.where;
  const target = session.recommended;
  if (target)
    steps.push(
      `mkdir -p ${target} && chmod 700 ${target}`,
      `Set dataPath of LocalAuth to ${target} (an absolute path).`,
    );
  else if (kinds.includes('kubernetes')) {
    steps.push(
      'Add a PersistentVolumeClaim and mount it on the data path; a Deployment then needs strategy: Recreate.',
    );
  } else if (kinds.includes('docker') || kinds.includes('podman')) {
    steps.push(
      'Mount a named volume on the data path: in compose `volumes: [whatsapp-sessions:/data/whatsapp-sessions]`, or `-v whatsapp-sessions:/data/whatsapp-sessions`.',
      'Set dataPath of LocalAuth to that absolute path.',
    );
  } else if (event) {
    steps.push(
      'Attach a persistent volume of the platform and put the data path on it; where there is none, use RemoteAuth with a store.',
    );
  } else {
    steps.push('Put the data path on a disk that outlives this: an absolute path outside temporary directories.');
  }
  return { summary: target ? `Keep the session in ${target}` : 'Keep the session on a persistent mount', steps };
}

function judge(session: JudgedSession): FindingDraft | null {
  const { durability, where, path } = session;
  const { survives } = durability;
  const levels = ORDINARY.filter((level) => level !== 'containerRestart' || hasContainer(where));
  const lost = levels.find((level) => survives[level] === false);
  const at = lost ?? (survives.nodeLoss === false ? 'nodeLoss' : null);
  if (at === null) return null;
  const event = eventFor(at, where);
  // An emptyDir that a new pod loses is WA103's; the loss of a machine is only worth knowing.
  if (lost === 'recreate' && UNSTABLE_VOLUMES.has(storageCode(durability))) return null;
  const severity: Severity = lost ? 'error' : 'info';
  const what = durability.reasons[0]?.text ?? 'storage of this kind';
  return {
    severity,
    confidence: durability.confidence,
    message: lost
      ? `The session in ${path} is lost at ${event}: ${what}.`
      : `The session in ${path} outlives restarts, but not ${event}: keep a backup that is made while the bot is stopped.`,
    event,
    locations: session.locations,
    evidence: [storyOf(durability, where), ...evidenceLines(durability)],
    remediation: lost
      ? fixFor(session)
      : {
          summary: 'Back the session up while the bot is stopped',
          steps: ['Copy the data path to another machine while the bot is stopped.'],
        },
    identity: [path, at, storageCode(durability)],
  };
}

export default defineCheck({
  code: 'WA101',
  name: 'ephemeral-storage',
  family: 'storage',
  severity: 'error',
  needs: ['sessions', 'launches', 'platform'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'medium',
  implies: 'lost',
  what: 'The session path is on storage that dies with the container, pod, dyno, function or boot.',
  why:
    'LocalAuth keeps the login in a directory. A directory on the writable layer of a container, on a memory file system or on the disk ' +
    'of a platform that starts every instance from its image is gone after the next redeploy, restart or reboot, and somebody must ' +
    'scan the QR code again. How the mount looks does not tell: an emptyDir is an ext4 disk, and the root of a Fly machine is one too.',
  fix: [
    'Mount a volume that outlives the container.',
    'Set dataPath of LocalAuth to an absolute path on it.',
    'Run `wa-doctor mounts` in the same container to see which restart the path survives.',
  ],
  run({ sessions, launches, platform }) {
    const judged = judgedSessions(sessions, launches, platform);
    const findings = judged.flatMap((session) => judge(session) ?? []);
    const unknown = judged.flatMap((session) => {
      const { survives, reasons } = session.durability;
      if (reasons.some(({ code }) => TOLD_ELSEWHERE.has(code))) return [];
      const levels = ORDINARY.filter((level) => level !== 'containerRestart' || hasContainer(session.where));
      const lost = levels.findIndex((level) => survives[level] === false);
      const open = levels.find((level, at) => survives[level] === 'unknown' && (lost < 0 || at < lost));
      return open
        ? [
            `${session.path}: whether it survives ${eventFor(open, session.where)} cannot be told: ${reasons[0]?.text ?? ''}`,
          ]
        : [];
    });
    const missing = unjudged(sessions, launches);
    if (sessions.length === 0) return { findings, notApplicable: 'no session path is known' };
    if (judged.length === 0 && missing.length === 0)
      return { findings, notApplicable: 'no directory of LocalAuth: RemoteAuth keeps the login in its store' };
    if (
      judged.length === 0 &&
      missing.every((reason) => reason.includes('declares') || reason.includes('does not say'))
    ) {
      return { findings, undeclared: missing.join('; ') };
    }
    return { findings, unknown: [...unknown, ...missing] };
  },
});
