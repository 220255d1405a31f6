import { defineCheck } from '../../model/check.ts';

export default defineCheck({
  code: 'WA508',
  name: 'deleted-under-browser',
  family: 'profile',
  severity: 'error',
  needs: ['profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'A browser runs on profile files that were deleted.',
  why: 'After a logout whatsapp-web.js deletes the profile under the live browser. The process goes on, shows a QR code, and a new link in it works until the process ends: everything is written into deleted files, and the next start shows a QR code again (measured, 20 of 20). Nothing reports an error.',
  fix: [
    'Do not pair again in this process. Stop the bot and start it anew, then pair.',
    'After a `disconnected` event with LOGOUT let the process end, so that its supervisor starts it anew.',
  ],
  run({ profiles }) {
    if (profiles.length === 0) return { findings: [], notApplicable: 'no session directory is known' };
    const blind = profiles.filter(({ owner, state }) => owner.state === 'unknown' && state !== 'missing');
    return {
      findings: profiles
        .filter(({ owner }) => owner.deletedFiles > 0)
        .map(({ path, owner }) => ({
          confidence: 'high',
          message: `A live browser holds ${owner.deletedFiles} deleted files of ${path}: a login made in it is gone at the next start. Do not pair again in this process.`,
          event: 'the next start of the bot',
          locations: owner.pid === null ? [{ path }] : [{ path }, { pid: owner.pid }],
          evidence: [
            owner.reason,
            `${owner.deletedFiles} open files are marked as deleted in /proc/${owner.pid ?? 'PID'}/fd`,
          ],
          identity: [path],
        })),
      ...(blind.length === 0 ? {} : { unknown: blind.map(({ path, owner }) => `${path}: ${owner.reason}`) }),
    };
  },
});
