import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { absolutePath } from '../../src/model/path.ts';
import { type RepairOptions, repair } from '../../src/repair/repair.ts';
import { command } from '../profile/inspect/host.ts';
import {
  INDEXED,
  indexedDbFiles,
  LOCAL,
  localStorageFiles,
  removeProfiles,
  writeProfile,
} from '../profile/stores/synthetic.ts';

const NOW = Date.UTC(2026, 10, 25, 10, 0, 5);
let data = '';
let profile = '';

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'wa-repair-'));
  profile = join(data, 'session-4915112345678');
  cpSync(writeProfile(localStorageFiles(), indexedDbFiles()), profile, { recursive: true, preserveTimestamps: true });
});

afterEach(() => {
  rmSync(data, { recursive: true, force: true });
  removeProfiles();
});

const log = (store: string) => join(profile, store, '000004.log');
const mend = (over: Partial<RepairOptions> = {}) =>
  repair(absolutePath(profile), { now: NOW, ownerGone: null, apply: true, ...over });

/** Tears both logs the way a kill does. */
function tear(): void {
  appendFileSync(log(LOCAL), Buffer.from([0x5a, 0x11, 0x3c, 0x9e, 0x40, 0x00, 0x01]));
  appendFileSync(log(INDEXED), Buffer.alloc(5000));
}

describe('torn logs', () => {
  test('a dry run says exactly which bytes, and changes nothing', async () => {
    const sizes = [LOCAL, INDEXED].map((store) => statSync(log(store)).size);
    tear();
    const before = [LOCAL, INDEXED].map((store) => readFileSync(log(store)));
    const result = await mend({ apply: false });
    expect(result).toMatchObject({ outcome: 'planned', backup: null, undo: [], done: 0 });
    expect(result.actions).toMatchObject([
      { kind: 'cut-log', path: log(LOCAL), keep: sizes[0], size: (sizes[0] ?? 0) + 7, recordsLost: 0 },
      { kind: 'cut-log', path: log(INDEXED), keep: sizes[1], size: (sizes[1] ?? 0) + 5000, recordsLost: 0 },
    ]);
    expect(result.after?.stores.map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect([LOCAL, INDEXED].map((store) => readFileSync(log(store)))).toEqual(before);
    expect(readdirSync(data)).toEqual(['session-4915112345678']);
  });

  test('--apply: a backup that compares, the cut, and a way back', async () => {
    const whole = [LOCAL, INDEXED].map((store) => readFileSync(log(store)));
    tear();
    const torn = [LOCAL, INDEXED].map((store) => readFileSync(log(store)));
    symlinkSync('x', join(profile, 'SingletonSocket'));
    execFileSync('mkfifo', [join(profile, 'Default/pipe')]);
    const result = await mend();
    expect(result).toMatchObject({ outcome: 'done', reason: null, done: 2, after: { state: 'linked' } });
    expect([LOCAL, INDEXED].map((store) => readFileSync(log(store)))).toEqual(whole);

    const backup = result.backup?.path ?? '';
    expect(backup).toBe(join(data, '.wa-doctor-backup-20261125T100005Z'));
    expect(statSync(backup).mode & 0o777).toBe(0o700);
    expect(readdirSync(data).filter((name) => name.startsWith('session'))).toHaveLength(1);
    expect([LOCAL, INDEXED].map((store) => readFileSync(join(backup, 'profile', store, '000004.log')))).toEqual(torn);
    expect(readlinkSync(join(backup, 'profile/SingletonSocket'))).toBe('x');
    expect(existsSync(join(backup, 'profile/Default/pipe'))).toBe(false);
    // The command that undoes it holds no session name: that is often a phone number.
    expect(result.undo).toEqual([`sh ${backup}/undo.sh`]);
    execFileSync('sh', ['-c', result.undo[0] ?? 'false']);
    expect([LOCAL, INDEXED].map((store) => readFileSync(log(store)))).toEqual(torn);
    // A second repair in the same second takes another name.
    expect((await mend()).backup?.path).toBe(`${backup}-2`);
  });

  test('a whole profile is left alone', async () => {
    const before = readFileSync(log(LOCAL));
    expect(await mend()).toMatchObject({ outcome: 'nothing', backup: null });
    expect(readFileSync(log(LOCAL))).toEqual(before);
  });

  test('other damage is not touched, and said', async () => {
    truncateSync(join(profile, INDEXED, 'CURRENT'), 0);
    const result = await mend();
    expect(result).toMatchObject({ outcome: 'nothing', backup: null });
    expect(result.reason).toMatch(/not a torn log/);
  });

  test('it refuses when the cut would lose a login that a browser can still read', async () => {
    // Damage in the first record: everything behind it goes, the login with it.
    const bytes = readFileSync(log(LOCAL));
    bytes[9] = (bytes[9] ?? 0) ^ 1;
    writeFileSync(log(LOCAL), bytes);
    const result = await mend();
    const after = readFileSync(log(LOCAL));
    if (result.before.state === 'linked') expect(result.outcome).toBe('refused');
    // Whatever was decided: a login that was readable before is readable after.
    if (result.outcome === 'refused') expect(after).toEqual(bytes);
    else expect(result.after?.state).toBe(result.before.state);
  });

  test('no space for a backup, no repair', async () => {
    tear();
    const torn = readFileSync(log(LOCAL));
    // A sparse file that no disk here can hold twice.
    execFileSync('truncate', ['-s', '4T', join(profile, 'Default/huge')]);
    expect(await mend()).toMatchObject({
      outcome: 'refused',
      reason: expect.stringMatching(/no backup could be made: a backup needs/),
    });
    expect(readFileSync(log(LOCAL))).toEqual(torn);
  });
});

describe('owners', () => {
  const claim = (host: string, pid: number) => symlinkSync(`${host}-${pid}`, join(profile, 'SingletonLock'));

  test('a lock of another host: refused, until its name is given', async () => {
    claim('e77b1ebe9b51', 36);
    symlinkSync('/tmp/x/SingletonSocket', join(profile, 'SingletonSocket'));
    tear();
    expect(await mend()).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('--owner-gone e77b1ebe9b51'),
    });
    expect(await mend({ ownerGone: 'other' })).toMatchObject({
      outcome: 'refused',
      reason: expect.stringContaining('not other'),
    });
    expect(lstatSync(join(profile, 'SingletonLock')).isSymbolicLink()).toBe(true);
    const result = await mend({ ownerGone: 'e77b1ebe9b51' });
    expect(result).toMatchObject({ outcome: 'done', done: 3, after: { owner: { state: 'free' } } });
    expect(existsSync(join(profile, 'SingletonSocket'))).toBe(false);
    execFileSync('sh', ['-c', result.undo[0] ?? 'false']);
    expect(readlinkSync(join(profile, 'SingletonLock'))).toBe('e77b1ebe9b51-36');
  });

  test('a lock of this host is Chromium’s own business', async () => {
    claim(hostname(), 999_999);
    expect(await mend()).toMatchObject({ outcome: 'nothing' });
    expect(readlinkSync(join(profile, 'SingletonLock'))).toBe(`${hostname()}-999999`);
  });

  test('a lock that says nothing, and a process that runs on it: refused', async () => {
    tear();
    symlinkSync('nonsense', join(profile, 'SingletonLock'));
    expect((await mend()).outcome).toBe('refused');
    rmSync(join(profile, 'SingletonLock'));
    const { spawn } = process.getBuiltinModule('node:child_process');
    const fake = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)', '--', `--user-data-dir=${profile}`]);
    try {
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await mend()).toMatchObject({
        outcome: 'refused',
        reason: expect.stringContaining(`process ${fake.pid}`),
      });
    } finally {
      fake.kill('SIGKILL');
    }
  });

  test('there is no profile', async () => {
    rmSync(profile, { recursive: true });
    expect((await mend()).outcome).toBe('refused');
  });
});

describe('the command', () => {
  test('dry run by default, numbers, redaction, exit codes', async () => {
    tear();
    const dry = await command(['repair', '#1', '--in', data, '--json']);
    expect(dry.code).toBe(0);
    expect(dry.out).not.toContain('4915112345678');
    expect(JSON.parse(dry.out)).toMatchObject({
      schema: 'wa-doctor/repair@1',
      outcome: 'planned',
      actions: [{ kind: 'cut-log', done: false, bytes: { from: expect.any(Number), to: expect.any(Number) } }, {}],
    });
    expect((await command(['repair', profile])).out).toMatch(/It would do this \(nothing was changed\)[\s\S]*--apply/);
    const done = await command(['repair', profile, '--apply']);
    expect(done.code).toBe(0);
    expect(done.out).toMatch(/undo\.sh/);
    expect(done.out).not.toContain('4915112345678');
    expect((await command(['repair', '#7', '--in', data])).code).toBe(2);
    symlinkSync('else-1', join(profile, 'SingletonLock'));
    expect((await command(['repair', profile])).code).toBe(3);
    mkdirSync(join(data, 'session-b/Default'), { recursive: true });
    expect((await command(['repair', data])).code).toBe(2);
  });
});
