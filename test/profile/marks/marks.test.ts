import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { absolutePath } from '../../../src/model/path.ts';
import { lastExitOf, readRunMarks } from '../../../src/profile/marks.ts';
import { browserVersion, compareVersions, nextBrowser } from '../../../src/profile/marks-browser.ts';
import { keyWasRemoved } from '../../../src/profile/marks-removed.ts';
import { type Entry, machineWith, removeMachines } from './tree.ts';

afterEach(removeMachines);

const P = '/p';
const read = (files: Record<string, Entry>) =>
  readRunMarks(machineWith({ [`${P}/x`]: '', ...files }).reader, absolutePath(P));
const variations = (cleanly: boolean, streak = 0) =>
  JSON.stringify({ 'user_experience_metrics.stability.exited_cleanly': cleanly, variations_crash_streak: streak });
/** Microseconds since 1601 of 2026-11-25 02:08:17 UTC, from a real Preferences. */
const TIME = '13440046097159056';
const preferences = (exit: string, last: 0 | 2) =>
  JSON.stringify({
    profile: { exit_type: exit },
    sessions: {
      event_log: [
        { type: 0, time: TIME, crashed: false },
        { type: last, time: TIME },
      ],
    },
  });

describe('how the last run ended', () => {
  const table: readonly (readonly [string, Record<string, Entry>, live: boolean, lock: boolean, string])[] = [
    ['Variations say clean', { '/p/Variations': variations(true) }, false, false, 'clean'],
    ['Variations say not clean', { '/p/Variations': variations(false, 7) }, false, true, 'unclean'],
    [
      'nested Variations',
      { '/p/Variations': '{"user_experience_metrics":{"stability":{"exited_cleanly":false}}}' },
      false,
      false,
      'unclean',
    ],
    ['a browser runs', { '/p/Variations': variations(false) }, true, true, 'running'],
    [
      'Crashed in Preferences stays for days after one kill',
      { '/p/Variations': variations(true), '/p/Default/Preferences': preferences('Crashed', 2) },
      false,
      false,
      'clean',
    ],
    [
      'only Preferences, last event an exit',
      { '/p/Default/Preferences': preferences('Crashed', 2) },
      false,
      false,
      'clean',
    ],
    [
      'only Preferences, last event a start',
      { '/p/Default/Preferences': preferences('Crashed', 0) },
      false,
      false,
      'unclean',
    ],
    ['only a lock', {}, false, true, 'unclean'],
    ['only exit_type', { '/p/Default/Preferences': '{"profile":{"exit_type":"SessionEnded"}}' }, false, false, 'clean'],
    ['headless-shell writes none of these', {}, false, false, 'unknown'],
    ['not JSON', { '/p/Variations': '{', '/p/Default/Preferences': '\0' }, false, false, 'unknown'],
  ];
  test.each(table)('%s', (_what, files, live, lock, expected) => {
    expect(lastExitOf(read(files), live, lock)).toBe(expected);
  });
});

test('times of the event log are milliseconds since 1970', () => {
  const { lastEvent } = read({ '/p/Default/Preferences': preferences('Normal', 2) });
  expect(new Date(lastEvent?.at ?? 0).toISOString()).toBe('2026-11-25T02:08:17.159Z');
});

test('versions and streaks that are none are not believed', () => {
  expect(read({ '/p/Last Version': '156.0.8078.79' }).lastVersion).toBe('156.0.8078.79');
  for (const odd of ['garbage', '', '1'.repeat(100), '1.2.3; rm'])
    expect(read({ '/p/Last Version': odd }).lastVersion).toBeNull();
  expect(read({ '/p/Variations': '{"variations_crash_streak":-1}' }).variations?.crashStreak).toBeNull();
  expect(read({ '/p/Variations': '[]' }).variations).toEqual({ exitedCleanly: null, crashStreak: null });
});

test('any text in the marks is survived', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), fc.json(), (a, b) => {
      const marks = read({ '/p/Variations': a, '/p/Default/Preferences': b, '/p/Last Version': a });
      expect(['clean', 'unclean', 'unknown']).toContain(lastExitOf(marks, false, false));
    }),
    { numRuns: 60 },
  );
});

describe('which browser will run', () => {
  const dpkg =
    'Package: chromium\nStatus: install ok installed\nVersion: 146.0.7680.31-1~deb12u1\n\nPackage: zlib\nVersion: 1\n';
  const at = (files: Record<string, Entry>, path: string) =>
    browserVersion(machineWith(files).reader, absolutePath(path))?.version ?? null;
  test.each([
    [
      'a package of Debian',
      { '/usr/bin/chromium': '', '/var/lib/dpkg/status': dpkg },
      '/usr/bin/chromium',
      '146.0.7680.31',
    ],
    [
      'a package that was removed',
      {
        '/usr/bin/chromium': '',
        '/var/lib/dpkg/status': dpkg.replace('install ok installed', 'deinstall ok config-files'),
      },
      '/usr/bin/chromium',
      null,
    ],
    [
      'a package of Alpine',
      {
        '/usr/bin/chromium-browser': '',
        '/lib/apk/db/installed': 'C:Q1\nP:chromium\nV:131.0.6778.108-r0\n\nP:a\nV:1\n',
      },
      '/usr/bin/chromium-browser',
      '131.0.6778.108',
    ],
    [
      'the cache of puppeteer',
      { '/root/.cache/puppeteer/chrome/linux-146.0.7680.31/chrome-linux64/chrome': '' },
      '/root/.cache/puppeteer/chrome/linux-146.0.7680.31/chrome-linux64/chrome',
      '146.0.7680.31',
    ],
    [
      'a link into /opt',
      {
        '/opt/chrome-149.0.7827.155/chrome': '',
        '/usr/local/bin/chrome': { link: '/opt/chrome-149.0.7827.155/chrome' },
      },
      '/usr/local/bin/chrome',
      '149.0.7827.155',
    ],
    ['a program that does not tell', { '/home/me/chrome': '', '/var/lib/dpkg/status': dpkg }, '/home/me/chrome', null],
    ['a program that is not there', { '/var/lib/dpkg/status': dpkg }, '/usr/bin/chromium', null],
  ] as const)('%s', (_what, files, path, version) => {
    expect(at(files, path)).toBe(version);
  });

  test('puppeteer starts its own browser only if it was downloaded; two different usual ones are no answer', () => {
    const revisions = { '/app/node_modules/puppeteer-core/lib/cjs/puppeteer/revisions.js': "chrome: '146.0.7680.31'," };
    const choice = { executable: null, project: absolutePath('/app'), home: absolutePath('/root') };
    expect(nextBrowser(machineWith(revisions).reader, choice)).toBeNull();
    const downloaded = machineWith({ ...revisions, '/root/.cache/puppeteer/chrome/linux-146.0.7680.31/x': '' });
    expect(nextBrowser(downloaded.reader, choice)?.version).toBe('146.0.7680.31');
    const two = 'Package: chromium\nVersion: 146.0.1.1\n\nPackage: google-chrome-stable\nVersion: 150.0.1.1\n';
    const files = { '/usr/bin/chromium': '', '/usr/bin/google-chrome': '', '/var/lib/dpkg/status': two };
    expect(nextBrowser(machineWith(files).reader, choice)).toBeNull();
  });

  test('versions compare by number', () => {
    expect(compareVersions('9.0', '10.0')).toBeLessThan(0);
    expect(compareVersions('156.0.8078.79', '156.0.8078.79')).toBe(0);
    expect(compareVersions('156.1', '156')).toBeGreaterThan(0);
  });
});

test('a removed key is still named in the log', () => {
  const file = '/p/Default/Local Storage/leveldb/000003.log';
  const removed = (content: string) => keyWasRemoved(machineWith({ [file]: content }).reader, absolutePath(P));
  expect(removed('..._https://web.whatsapp.com\0\x01last-wid-md...')).toBe(true);
  expect(removed('..._https://web.whatsapp.com\0\x01WANoiseInfo...')).toBe(false);
});
