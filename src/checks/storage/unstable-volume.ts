import { defineCheck } from '../../model/check.ts';
import type { FindingDraft, Severity } from '../../model/finding.ts';
import { evidenceLines, type JudgedSession, judgedSessions, storageCode } from '../../model/judged.ts';
import type { Launch, LaunchVolume } from '../../model/launch.ts';
import { type AbsolutePath, isInside } from '../../model/path.ts';
import { eventFor } from '../../model/words.ts';

interface Kind {
  readonly severity: Severity;
  readonly message: (session: JudgedSession) => string;
  readonly event: string | null;
  readonly summary: string;
  readonly steps: readonly string[];
}

/** By the code of the storage. */
const KINDS: Readonly<Record<string, Kind>> = {
  'anonymous-volume': {
    severity: 'warning',
    message: ({ path }) =>
      `The session in ${path} is in an anonymous volume: the next container that is not made by \`docker compose up\` over the old one gets an empty volume.`,
    event: 'docker compose down and up, docker run, docker rm -v, --rm',
    summary: 'Give the volume a name',
    steps: [
      'Mount a named volume on the data path: `whatsapp-sessions:/path/in/container`.',
      'Copy the session over while the bot is stopped: `docker cp`.',
    ],
  },
  'k8s-emptydir': {
    severity: 'error',
    message: ({ path }) =>
      `The session in ${path} is in an emptyDir: it is deleted with the pod, at every rollout, eviction or rescheduling.`,
    event: null,
    summary: 'Use a PersistentVolumeClaim',
    steps: [
      'Replace the emptyDir by a persistentVolumeClaim.',
      'Use a StatefulSet, or a Deployment with strategy: Recreate and one replica.',
    ],
  },
  'k8s-memory-volume': {
    severity: 'error',
    message: ({ path }) => `The session in ${path} is in a volume that lies in memory: it is deleted with the pod.`,
    event: null,
    summary: 'Use a PersistentVolumeClaim',
    steps: ['Replace the emptyDir by a persistentVolumeClaim.'],
  },
  'nomad-alloc-dir': {
    severity: 'error',
    message: ({ path }) =>
      `The session in ${path} is in the directory of a Nomad allocation: a new allocation starts empty.`,
    event: 'a new Nomad allocation',
    summary: 'Use a host or CSI volume',
    steps: ['Add a volume of type csi or host to the group and mount it on the data path.'],
  },
  'k8s-host-path': {
    severity: 'warning',
    message: ({ path }) =>
      `The session in ${path} is in a directory of the node: a pod that is placed on another node starts without it.`,
    event: null,
    summary: 'Use a PersistentVolumeClaim, or bind the pod to the node',
    steps: ['Replace the hostPath by a persistentVolumeClaim, or set nodeName or a nodeSelector that fits one node.'],
  },
};

/** The volume of a launch that carries a path: the innermost one. */
function volumeOf(launch: Launch, path: string): LaunchVolume | null {
  const found = launch.volumes?.filter(({ at }) => isInside(path as AbsolutePath, at)) ?? [];
  return found.sort((a, b) => b.at.length - a.at.length)[0] ?? null;
}

/**
 * Volumes that are disks and last, but under a name that the next deploy does not use again. A name that merely starts with the
 * directory of the checkout is what most compose files have: worth knowing, no more.
 */
function renamed(session: JudgedSession): FindingDraft[] {
  const findings: FindingDraft[] = [];
  for (const launch of session.launches) {
    const volume = volumeOf(launch, session.path);
    if (volume === null || volume.stable === true || volume.reason === null) continue;
    const name = volume.realName ?? volume.name ?? volume.at;
    findings.push({
      severity: volume.stable === false ? 'error' : 'info',
      confidence: volume.stable === false ? 'high' : 'medium',
      message:
        volume.stable === false
          ? `The volume ${name} that holds the session in ${session.path} is another one after the next deploy: ${volume.reason}.`
          : `The session in ${session.path} is kept as long as the volume keeps its name: ${volume.reason}.`,
      event: volume.stable === false ? 'the next deploy' : 'a deploy from another directory',
      locations: [
        volume.line === null ? { file: volume.file } : { file: volume.file, line: volume.line },
        { path: session.path },
      ],
      evidence: [`${launch.id}: ${name} on ${volume.at}`],
      remediation: {
        summary: 'Give the volume a fixed name',
        steps: [
          'In compose write `name:` below the volume, or `name:` at the head of the file.',
          'In Kubernetes mount one claim, with a fixed subPath.',
        ],
      },
      identity: [session.path, 'name', name],
    });
  }
  return findings;
}

export default defineCheck({
  code: 'WA103',
  name: 'unstable-volume',
  family: 'storage',
  severity: 'error',
  needs: ['sessions', 'launches', 'platform'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'medium',
  implies: 'lost',
  what: 'The session is in a volume that a new container or pod does not find again: anonymous, emptyDir, or a directory of one node.',
  why:
    'A volume without a name belongs to one container; an emptyDir to one pod; a hostPath to one node. The path stays the same and the ' +
    'mount looks like a disk, so the loss shows only at the next deploy.',
  fix: ['Mount a named volume, or a PersistentVolumeClaim, on the data path.'],
  run({ sessions, launches, platform }) {
    const findings: FindingDraft[] = [];
    for (const session of judgedSessions(sessions, launches, platform)) {
      const code = storageCode(session.durability);
      const kind = Object.hasOwn(KINDS, code) ? KINDS[code] : undefined;
      if (!kind || session.durability.survives.recreate === true) {
        findings.push(...renamed(session));
        continue;
      }
      findings.push({
        severity: kind.severity,
        confidence: session.durability.confidence,
        message: kind.message(session),
        event: kind.event ?? eventFor('recreate', session.where),
        locations: session.locations,
        evidence: evidenceLines(session.durability),
        remediation: { summary: kind.summary, steps: kind.steps },
        identity: [session.path, code],
      });
    }
    return { findings };
  },
});
