import { defineCheck } from '../../model/check.ts';
import { overProfiles, utc } from '../../model/profile-words.ts';

/** WhatsApp's help pages: linked devices are logged out when the phone is offline for over 14 days, and when they are not used for 30. */
const PHONE_DAYS = 14;
const DEVICE_DAYS = 30;

export default defineCheck({
  code: 'WA509',
  name: 'idle-link',
  family: 'profile',
  severity: 'warning',
  needs: ['profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  what: 'The session was last used longer ago than WhatsApp keeps a link.',
  why: 'WhatsApp ends the link of a device that was idle for about 30 days, and of every device when the phone was offline for 14. The files on disk look complete, yet the next start shows a QR code. It cannot be seen from here whether the link was ended.',
  fix: [
    'Start the bot at least every two weeks and keep the phone online.',
    'Look at the phone under Linked devices: when was this device last active?',
  ],
  run({ profiles }) {
    return overProfiles(profiles, ({ path, state, idleDays, lastUsed, owner }) => {
      if (state !== 'linked' || owner.state === 'live') return null;
      if (idleDays === null || lastUsed === null) return { unknown: 'it cannot be told when it was last used' };
      if (idleDays < PHONE_DAYS) return null;
      const over = idleDays >= DEVICE_DAYS;
      return {
        severity: over ? 'warning' : 'info',
        confidence: 'medium',
        message: `The session at ${path} was last used ${idleDays} days ago; WhatsApp ${
          over
            ? `ends the link of a device that is idle for ${DEVICE_DAYS} days`
            : `ends links when the phone is offline for ${PHONE_DAYS} days`
        }.`,
        event: 'a link that WhatsApp ended',
        locations: [{ path }],
        evidence: [`last write of a browser: ${utc(lastUsed)}`],
      };
    });
  },
});
