import { defineCheck } from '../../model/check.ts';
import type { FindingDraft, Severity } from '../../model/finding.ts';

const MB = 1024 * 1024;

/**
 * A fresh profile needs 2.5 MB to get ready at all (measured, docs/storage.md); one in use needs room to write its tables anew. With
 * 30 MB free a linked bot could no longer store what it sent, and lost its session (whatsapp-web.js issue 1544).
 */
const DEAD_BYTES = 50 * MB;
/** A profile of some weeks holds 60 to 150 MB and grows in bursts; below this one more start may fail. */
const LOW_BYTES = 200 * MB;
/** A profile has a few hundred files and makes new ones at every start. */
const LOW_INODES = 1000;
const DEAD_INODES = 50;
/** Caches beyond this are not the login: they only fill the disk. */
const BIG_CACHE = 1024 * MB;

const megabytes = (bytes: number): string => `${Math.max(0, Math.round(bytes / MB))} MB`;

export default defineCheck({
  code: 'WA105',
  name: 'low-space',
  family: 'storage',
  severity: 'error',
  needs: ['space', 'profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  what: 'Bytes or inodes are nearly gone where the session lives, or the profile grows without bounds.',
  why:
    'On a full disk the stores of the profile cannot be written: IndexedDB reports FILE_ERROR_NO_SPACE, a new login is never stored, ' +
    'and keys that change while the disk is full are not kept. Inodes run out before bytes on disks with many small files.',
  fix: [
    'Free space on the mount that holds the session, or move the session to a larger one.',
    'Delete the caches of the profile while the bot is stopped; they are not the login.',
  ],
  run({ space, profiles }) {
    const findings: FindingDraft[] = [];
    for (const place of space.sessions) {
      const { path, looked, bytesFree, bytesTotal, inodesFree, inodesTotal } = place;
      const say = (severity: Severity, message: string, what: string): void => {
        findings.push({
          severity,
          confidence: 'high',
          message,
          event: 'the next write of the profile',
          locations: [{ path }],
          evidence: [
            `${looked}: ${megabytes(bytesFree)} of ${megabytes(bytesTotal)} free`,
            ...(inodesTotal > 0 ? [`${inodesFree} of ${inodesTotal} inodes free`] : []),
          ],
          identity: [path, what],
        });
      };
      if (bytesTotal > 0 && bytesFree < LOW_BYTES) {
        const dead = bytesFree < DEAD_BYTES;
        say(
          dead ? 'error' : 'warning',
          `Only ${megabytes(bytesFree)} are free where the session in ${path} lives: ${dead ? 'nothing more can be stored' : 'a profile needs room to grow'}.`,
          'bytes',
        );
      }
      // File systems without a fixed number of inodes (btrfs, many network ones) say 0.
      if (inodesTotal > 0 && inodesFree < LOW_INODES) {
        const dead = inodesFree < DEAD_INODES;
        say(
          dead ? 'error' : 'warning',
          `Only ${inodesFree} inodes are free where the session in ${path} lives: new files cannot be made although there is space.`,
          'inodes',
        );
      }
    }
    for (const profile of profiles) {
      const cache = profile.bytes?.cache ?? 0;
      if (cache < BIG_CACHE) continue;
      findings.push({
        severity: 'info',
        confidence: 'high',
        message: `The profile in ${profile.path} holds ${megabytes(cache)} of caches: they are not the login and can go while the bot is stopped.`,
        event: null,
        locations: [{ path: profile.path }],
        evidence: [`login data ${megabytes(profile.bytes?.state ?? 0)}, caches ${megabytes(cache)}`],
        identity: [profile.path, 'cache'],
      });
    }
    if (space.sessions.length === 0 && findings.length === 0)
      return { findings, notApplicable: 'no session path is known' };
    return { findings };
  },
});
