import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import { judgedSessions } from '../../model/judged.ts';

export default defineCheck({
  code: 'WA104',
  name: 'unfit-filesystem',
  family: 'storage',
  severity: 'error',
  needs: ['sessions', 'launches', 'platform'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'medium',
  what: 'The file system under the session cannot carry a Chromium profile safely: locks, memory maps, rename or symbolic links are missing.',
  why:
    'A profile holds LevelDB and SQLite stores. They need file locks, shared memory maps, atomic rename and directory fsync; Chromium ' +
    'itself makes SingletonLock as a symbolic link. Network shares, object stores and the shares of virtual machines lack some of it: ' +
    'the browser does not start, or the stores are damaged at some point.',
  fix: [
    'Keep the profile on a local disk or a named volume.',
    'Where only a network share is there, keep the profile local and use RemoteAuth to store a copy.',
  ],
  run({ sessions, launches, platform }) {
    const findings: FindingDraft[] = [];
    const unknown: string[] = [];
    for (const { path, durability, locations } of judgedSessions(sessions, launches, platform)) {
      const { chromiumFit, mount, writable } = durability;
      // What cannot be written to at all is WA106's.
      if (!mount || writable === false) continue;
      const type = `${mount.fstype} on ${mount.mountPoint}`;
      if (chromiumFit === 'unknown') unknown.push(`${path}: whether ${type} can carry a profile is not known`);
      if (chromiumFit !== 'no' && chromiumFit !== 'risk') continue;
      const reason = durability.reasons.find(({ code }) => code === `chromium-${chromiumFit}`);
      const smb = /^(cifs|smb)/.test(mount.fstype);
      findings.push({
        severity: chromiumFit === 'no' ? 'error' : 'warning',
        confidence: 'high',
        message:
          chromiumFit === 'no'
            ? `A Chromium profile does not work in ${path} (${type}): ${reason?.text ?? 'the file system lacks what it needs'}.`
            : `A Chromium profile in ${path} (${type}) can be damaged: ${reason?.text ?? 'the file system is not reliable enough'}.`,
        event: chromiumFit === 'no' ? 'the start of the browser' : 'ordinary running, sooner or later',
        locations,
        evidence: [`${mount.fstype} ${mount.source} on ${mount.mountPoint}`, ...(reason ? [reason.text] : [])],
        ...(smb
          ? {
              remediation: {
                summary: 'Keep the profile on a local disk, or mount the share with mfsymlinks',
                steps: [
                  'Add mfsymlinks and nobrl to the mount options of the share, or move the profile to a local disk.',
                ],
              },
            }
          : {}),
        identity: [path, mount.fstype],
      });
    }
    return { findings, unknown };
  },
});
