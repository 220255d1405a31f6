import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import { evidenceLines, judgedSessions, siteLocation } from '../../model/judged.ts';
import type { Launch } from '../../model/launch.ts';
import type { Durability } from '../../model/mount.ts';
import { type AbsolutePath, absolutePath, isInside } from '../../model/path.ts';

/** Directories for what may vanish. On macOS the links of /tmp and $TMPDIR lead to the last ones. */
const TEMPORARY = [
  '/tmp',
  '/var/tmp',
  '/dev/shm',
  '/run',
  '/var/run',
  '/private/tmp',
  '/private/var/folders',
  '/var/folders',
] as AbsolutePath[];

/** What systemd's PrivateTmp replaces (systemd.exec(5)). */
const PRIVATE = ['/tmp', '/var/tmp'] as AbsolutePath[];

/** Reasons that name a cleaner. */
const CLEANERS = new Set([
  'cleaned-directory',
  'systemd-private-tmp',
  'runtime-directory',
  'user-runtime-directory',
  'snap-private-tmp',
  'vm-temp-disk',
  'windows-temp',
]);

function temporary(path: AbsolutePath, judged: Durability | null): string | null {
  const reason = judged?.reasons.find(({ code }) => CLEANERS.has(code));
  if (reason) return reason.text;
  const directory = TEMPORARY.find(
    (candidate) => isInside(path, candidate) || (judged && isInside(judged.resolved, candidate)),
  );
  if (!directory) return null;
  // A volume that is mounted on the path or below the temporary directory is no temporary storage, whatever its name says.
  const point = judged?.mount?.mountPoint;
  if (
    judged &&
    point &&
    isInside(point as AbsolutePath, directory) &&
    judged.survives.recreate === true &&
    judged.survives.reboot === true
  )
    return null;
  return `${directory} is for files that may vanish: systems and images clear it at boot or by age`;
}

/** A service with a /tmp of its own: it is removed when the service stops, whatever the table of the machine says. */
function privateTmp(launch: Launch | undefined, path: AbsolutePath): string | null {
  const own = launch?.sandbox?.privateTmp === true && PRIVATE.some((directory) => isInside(path, directory));
  return own
    ? `PrivateTmp gives the service a ${PRIVATE.find((directory) => isInside(path, directory))} of its own, removed when it stops`
    : null;
}

export default defineCheck({
  code: 'WA102',
  name: 'temp-directory',
  family: 'storage',
  severity: 'error',
  needs: ['sessions', 'launches', 'platform'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'The session path is under a temporary directory or one that a cleaner ages out.',
  why:
    'Temporary directories are cleared at boot, by age (systemd-tmpfiles: 10 days in /tmp, 30 in /var/tmp; macOS: 3 days) and with the ' +
    'service (PrivateTmp). A cleaner takes old files one by one: a half deleted profile is worse than a lost one.',
  fix: [
    'Choose an absolute data path outside temporary directories, such as /var/lib/whatsapp-sessions or a mounted volume.',
  ],
  run({ sessions, launches, platform }) {
    const findings: FindingDraft[] = [];
    const seen = new Set<string>();
    const byId = new Map(launches.map((launch) => [launch.id, launch]));
    const judged = judgedSessions(sessions, launches, platform);
    for (const session of sessions) {
      if (session.userDataDir === null) continue;
      const own = privateTmp(byId.get(session.launch ?? ''), session.userDataDir);
      const why = own ?? temporary(session.userDataDir, session.durability);
      if (why === null || seen.has(session.userDataDir)) continue;
      seen.add(session.userDataDir);
      const group = judged.find((candidate) => candidate.path === session.userDataDir);
      const certain = own !== null || session.durability?.survives.processRestart === false;
      // Nobody keeps /tmp: it is cleared at boot, by age or with the container, whatever it lies on.
      const sooner =
        session.durability === null
          ? isInside(session.userDataDir, absolutePath('/tmp'))
          : session.durability.survives.reboot === false;
      findings.push({
        severity: certain || sooner ? 'error' : 'warning',
        confidence: session.durability ? session.durability.confidence : 'medium',
        message: `The session in ${session.userDataDir} is in a temporary directory: ${why}.`,
        event: certain ? 'a restart of the service' : 'the next clearing of the temporary directory (boot, age)',
        locations: group?.locations ?? [siteLocation(session.site), { path: session.userDataDir }],
        evidence: [...session.trail, ...(session.durability ? evidenceLines(session.durability) : [])],
        remediation: {
          summary: session.recommended
            ? `Keep the session in ${session.recommended}`
            : 'Keep the session outside temporary directories',
          steps: session.recommended
            ? [
                `mkdir -p ${session.recommended} && chmod 700 ${session.recommended}`,
                `Set dataPath of LocalAuth to ${session.recommended}.`,
              ]
            : ['Choose an absolute data path outside /tmp, /var/tmp, /run and /dev/shm.'],
        },
        identity: [session.userDataDir],
      });
    }
    const unknown = sessions.flatMap((session) =>
      session.userDataDir === null ? [`${session.site}: ${session.unknown ?? 'the directory could not be told'}`] : [],
    );
    return { findings, unknown: [...new Set(unknown)] };
  },
});
