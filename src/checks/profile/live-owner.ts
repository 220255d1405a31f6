import { defineCheck } from '../../model/check.ts';
import { overProfiles } from '../../model/profile-words.ts';

export default defineCheck({
  code: 'WA504',
  name: 'live-owner',
  family: 'profile',
  severity: 'warning',
  needs: ['profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  what: 'A browser owns the profile although the bot that started it is gone.',
  why: 'When node is killed and puppeteer talks to the browser over a socket, Chromium lives on. The next start then fails with "The browser is already running for …" (measured, 10 of 10), which is often taken for a lost session and answered by deleting it. A browser whose bot runs is no fault.',
  fix: [
    'End the left browser with SIGTERM to its main process, wait until it has closed, then start the bot.',
    'Launch with `pipe: true`: the browser then closes by itself when node dies.',
  ],
  run({ profiles }) {
    return overProfiles(profiles, ({ path, owner }) => {
      if (owner.state === 'unknown' && !owner.lock) return { unknown: owner.reason };
      if (owner.state !== 'live' || !owner.orphan) return null;
      const process = owner.pid === null ? 'a process' : `process ${owner.pid}`;
      return {
        confidence: 'medium',
        message: `A browser without its bot (${process}) still owns ${path}: the next start fails with "The browser is already running".`,
        event: 'the next start of the bot',
        locations: owner.pid === null ? [{ path }] : [{ path }, { pid: owner.pid }],
        evidence: [owner.reason, 'its parent process has ended'],
        remediation: {
          summary: 'Close the left browser, then start the bot.',
          steps: [
            owner.pid === null
              ? 'Find the browser and end it with SIGTERM.'
              : `Run kill -TERM ${owner.pid} and wait until it has ended; SIGKILL would lose what was written last.`,
            'Launch with `pipe: true` and the three `handleSIG…: false` options, and await client.destroy() in your own handlers.',
          ],
        },
      };
    });
  },
});
