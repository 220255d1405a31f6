import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { lacks } from '../../support/needs.ts';
import { baseProfile, cleanUp, copyOf, openBrowser, SMALL, scratch } from '../../support/real-profile.ts';
import { DAMAGES } from './damages.ts';
import { complaints, look } from './judge.ts';
import { matrix, rowText } from './matrix.ts';
import { doctorView, sorted } from './names.ts';
import { fill } from './random-content.ts';

/** One of each sort; matrix.long.test.ts has them all, five times. */
const CHOSEN = [
  'small untouched',
  'small LS log with 3 stray bytes',
  'small LS CURRENT empty',
  'small IDB log last 10 bytes cut',
  'small IDB dir removed',
  'small IDB SchemaVersion 6',
  'small uid 1234: one log of IndexedDB owned by root',
];

describe.skipIf(lacks('chromium', 'root'))('profiles of a real Chromium', () => {
  afterAll(cleanUp);

  test('what Chromium loses is seen, and nothing healthy is called damaged', { timeout: 240_000 }, async () => {
    const chosen = DAMAGES.filter(({ base, name }) => CHOSEN.includes(`${base} ${name}`));
    expect(chosen).toHaveLength(CHOSEN.length);
    const rows = await matrix(chosen, 1);
    expect(rows.filter(({ missed, falseAlarms }) => missed + falseAlarms > 0).map(rowText)).toEqual([]);
    expect(rows.filter(({ detected }) => detected > 0)).toHaveLength(CHOSEN.length - 1);
  });

  test('the states of a page: linked, QR code shown, logged out, never opened', { timeout: 240_000 }, async () => {
    const state = async (page: 'linked' | 'qr' | 'logged-out' | 'empty') =>
      (await look(await baseProfile({ bulk: SMALL, end: 'close', page }))).state;
    expect([await state('linked'), await state('qr'), await state('logged-out'), await state('empty')]).toEqual([
      'linked',
      'never-linked',
      'logged-out',
      'never-linked',
    ]);
  });

  test('a running browser owns its profile, and holds deleted files after the profile was deleted', {
    timeout: 240_000,
  }, async () => {
    const profile = copyOf(await baseProfile({ bulk: SMALL, end: 'close' }));
    const running = await openBrowser(profile);
    try {
      const seen = await look(profile);
      expect(seen).toMatchObject({
        state: 'linked',
        lastExit: 'running',
        owner: { state: 'live', pid: running.pid, orphan: false, deletedFiles: 0 },
      });
      expect(complaints(seen)).toEqual([]);
      rmSync(profile, { recursive: true });
      mkdirSync(profile);
      const uprooted = await look(profile);
      expect(uprooted.owner).toMatchObject({ state: 'live', pid: running.pid });
      expect(uprooted.owner.deletedFiles).toBeGreaterThan(5);
    } finally {
      await running.close();
    }
    expect((await look(profile)).state).toBe('incomplete');
  });

  test('a browser whose bot was killed is an orphan', { timeout: 240_000 }, async () => {
    const profile = join(scratch(), 'orphaned', 'session');
    const args = ['--headless=new', '--no-sandbox', '--disable-gpu', `--user-data-dir=${profile}`, 'about:blank'];
    const script = `const { spawn } = require('node:child_process');
      const child = spawn('/usr/bin/chromium', ${JSON.stringify(args)}, { detached: true, stdio: 'ignore' });
      child.unref(); console.log(child.pid);`;
    const bot = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    bot.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
    });
    await new Promise((resolve) => bot.once('exit', resolve));
    const pid = Number(said);
    try {
      let seen = await look(profile);
      for (let wait = 0; wait < 100 && !seen.owner.lock; wait++) {
        await delay(100);
        seen = await look(profile);
      }
      expect(seen.owner).toMatchObject({ state: 'live', pid, orphan: true });
    } finally {
      process.kill(pid, 'SIGKILL');
    }
    await delay(300);
    expect((await look(profile)).owner.state).toBe('stale-local');
  });

  test('the doctor lists the names that the page lists', { timeout: 240_000 }, async () => {
    const profile = join(scratch(), 'names', 'session');
    const page = await fill(profile, 4);
    expect(await doctorView(profile)).toEqual(sorted(page));
  });
});
