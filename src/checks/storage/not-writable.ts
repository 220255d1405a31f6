import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import { evidenceLines, judgedSessions } from '../../model/judged.ts';
import type { LaunchSandbox } from '../../model/launch.ts';
import { type AbsolutePath, isInside } from '../../model/path.ts';

/** Reasons for which a mount cannot be written to at all, whoever asks. */
const READ_ONLY = new Set(['read-only', 'read-only-image', 'pseudo', 'deleted']);

/** The innermost setting decides: ReadWritePaths below ReadOnlyPaths and the other way round (systemd.exec(5)). */
function barredBy(sandbox: LaunchSandbox, path: AbsolutePath): string | null {
  const depth = (trees: readonly AbsolutePath[]): number =>
    Math.max(-1, ...trees.filter((tree) => isInside(path, tree)).map((tree) => tree.length));
  const open = depth(sandbox.writable);
  if (depth(sandbox.hidden) > open) return 'its unit hides that tree (ProtectHome, InaccessiblePaths)';
  // ProtectSystem=strict leaves /dev, /proc and /sys open, and PrivateTmp makes /tmp the service's own.
  if (sandbox.privateTmp && ['/tmp', '/var/tmp'].some((tree) => isInside(path, tree as AbsolutePath))) return null;
  return depth(sandbox.readOnly) > open
    ? 'its unit makes that tree read-only (ProtectSystem, ProtectHome, ReadOnlyPaths)'
    : null;
}

export default defineCheck({
  code: 'WA106',
  name: 'not-writable',
  family: 'storage',
  severity: 'error',
  needs: ['sessions', 'launches', 'platform', 'access'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  what: 'The session path cannot be written to: a read-only mount, or the wrong owner or mode for the user that runs the bot.',
  why:
    'A bot that cannot write its profile links once and forgets: the browser runs from what it could read, or does not start at all. ' +
    'Typical are a bot that ran once as root and left its files behind, a USER in the image that does not own the volume, and a ' +
    'read-only root file system.',
  fix: [
    'Give the directory to the user that runs the bot: `chown -R USER: PATH` and `chmod 700 PATH`.',
    'Mount the volume read-write.',
  ],
  run({ sessions, launches, platform, access }) {
    const findings: FindingDraft[] = [];
    const unknown: string[] = [];
    const told = new Set<string>();
    for (const { path, durability, locations } of judgedSessions(sessions, launches, platform)) {
      const reason = durability.reasons.find(({ code }) => READ_ONLY.has(code));
      if (durability.writable !== false || !reason) continue;
      told.add(path);
      findings.push({
        confidence: 'high',
        message: `The session in ${path} cannot be written to: ${reason.text}.`,
        event: 'the next start of the bot',
        locations,
        evidence: evidenceLines(durability),
        remediation: {
          summary: 'Put the session on a writable mount',
          steps: ['Mount the volume read-write (no `:ro`, no readOnly), or choose a data path on a writable mount.'],
        },
        identity: [path, 'mount'],
      });
    }
    const byId = new Map(launches.map((launch) => [launch.id, launch]));
    for (const { userDataDir, launch: id } of sessions) {
      const launch = byId.get(id ?? '');
      const barred =
        launch?.sandbox === undefined || userDataDir === null ? null : barredBy(launch.sandbox, userDataDir);
      if (barred === null || userDataDir === null || launch === undefined || told.has(userDataDir)) continue;
      told.add(userDataDir);
      findings.push({
        confidence: 'high',
        message: `The service may not write to ${userDataDir}: ${barred}.`,
        event: 'the next start of the service',
        locations:
          launch.file === null
            ? [{ path: userDataDir }]
            : [{ file: launch.file, line: launch.line ?? 1 }, { path: userDataDir }],
        evidence: [launch.id],
        remediation: {
          summary: 'Let the service write to its session',
          steps: [
            `Add ReadWritePaths=${userDataDir} to the unit, or use StateDirectory= and keep the session below /var/lib.`,
            'systemctl daemon-reload',
          ],
        },
        identity: [userDataDir, 'sandbox'],
      });
    }
    for (const place of access.sessions) {
      if (told.has(place.path)) continue;
      if (place.writable === 'unknown') unknown.push(`${place.path}: ${place.reason}`);
      if (place.writable !== false) continue;
      const owner =
        place.uid === null
          ? []
          : [`${place.looked}: owner ${place.uid}:${place.gid ?? '?'}, mode ${place.mode ?? '?'}`];
      findings.push({
        confidence: 'high',
        message: `The user that runs the bot cannot write to ${place.exists ? place.path : `${place.looked}, where ${place.path} would be made`}: ${place.reason}.`,
        event: 'the next start of the bot',
        locations: [{ path: place.path }],
        evidence: [...owner, ...access.evidence],
        identity: [place.path, 'access'],
      });
    }
    return { findings, unknown };
  },
});
