import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { backupName, makeBackup, removeBackup } from '../../src/verify/backup.ts';
import { type CanaryOptions, runCanary } from '../../src/verify/canary.ts';
import { commandLine, installWay } from '../../src/verify/install-browser.ts';
import { readSentinel, writeSentinel } from '../../src/verify/sentinel.ts';
import { lacks } from '../support/needs.ts';
import { cleanUp, REPOSITORY, runEntry, scratch } from './support.ts';

afterAll(cleanUp);

let cases = 0;
function place(): string {
  const directory = join(scratch(), `storage-${cases++}`);
  mkdirSync(directory, { recursive: true });
  return directory;
}

describe('the copy before the profile is opened', () => {
  function profile(): string {
    const session = join(place(), 'session');
    mkdirSync(join(session, 'Default/Local Storage/leveldb'), { recursive: true });
    mkdirSync(join(session, 'Default/Cache'), { recursive: true });
    writeFileSync(join(session, 'Default/Local Storage/leveldb/000003.log'), Buffer.alloc(3_000_000, 7), {
      mode: 0o600,
    });
    writeFileSync(join(session, 'Default/Cache/data_0'), 'cache');
    writeFileSync(join(session, 'Local State'), '{}');
    symlinkSync('host-1', join(session, 'SingletonLock'));
    symlinkSync('/etc/passwd', join(session, 'Default/link'));
    execFileSync('mkfifo', [join(session, 'fifo')]);
    return session;
  }

  it('holds every byte of every regular file but caches, for its owner only, under a name that no bot takes for a session', async () => {
    const session = profile();
    const backup = await makeBackup(session, Date.UTC(2026, 0, 2, 3, 4, 5));
    expect(backup.path).toBe(join(dirname(session), '.wa-doctor-backup-20260102T030405Z'));
    expect(statSync(backup.path).mode & 0o777).toBe(0o700);
    expect(readdirSync(join(backup.path, 'session')).sort()).toEqual(['Default', 'Local State']);
    const name = 'Default/Local Storage/leveldb/000003.log';
    const [from, to] = [statSync(join(session, name)), statSync(join(backup.path, 'session', name))];
    expect(readFileSync(join(backup.path, 'session', name)).equals(readFileSync(join(session, name)))).toBe(true);
    expect({ mode: to.mode, uid: to.uid, mtime: Math.round(to.mtimeMs) }).toEqual({
      mode: from.mode,
      uid: from.uid,
      mtime: Math.round(from.mtimeMs),
    });
    expect(backup).toMatchObject({ files: 2, bytes: 3_000_002, kept: true });
    await removeBackup(backup.path);
    expect(existsSync(backup.path)).toBe(false);
  });

  it('is refused without room, and leaves nothing behind', async () => {
    if (lacks('unshare')) return;
    const disk = place();
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]);
    try {
      const session = join(disk, 'session');
      mkdirSync(session);
      writeFileSync(join(session, 'file'), Buffer.alloc(1_000_000));
      await expect(makeBackup(session, 0)).rejects.toThrow(/MB are free/);
      expect(readdirSync(disk)).toEqual(['session']);
    } finally {
      execFileSync('umount', ['-l', disk]);
    }
  });

  it('never takes a name of the form session*', () => {
    expect(backupName('/data/.wwebjs_auth/session-x', 0)).toMatch(/^\/data\/\.wwebjs_auth\/\.wa-doctor-backup-/);
  });
});

describe('the sentinel', () => {
  const content = { token: 'abc', browser: false, made: [] };

  it('is read as it was written', () => {
    const directory = place();
    const planted = writeSentinel(directory, content);
    expect(planted).toMatchObject({ host: hostname(), inode: statSync(join(directory, 'sentinel.json')).ino });
    expect(readSentinel(directory)).toMatchObject({ kind: 'kept', sentinel: content, now: planted });
    expect(readdirSync(directory)).toEqual(['sentinel.json']);
  });

  it.each([
    ['nothing there', () => {}, 'lost'],
    ['an empty file', (path: string) => writeFileSync(path, ''), 'lost'],
    ['half of it', (path: string) => writeFileSync(path, '{"schema":"wa-doctor/sentinel@1","tok'), 'lost'],
    ['another JSON', (path: string) => writeFileSync(path, '{"schema":"x"}'), 'lost'],
    ['a prototype in it', (path: string) => writeFileSync(path, '{"__proto__":{"token":"abc"}}'), 'lost'],
    ['a link', (path: string) => symlinkSync('/etc/passwd', path), 'unknown'],
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path]), 'lost'],
    ['a directory', (path: string) => mkdirSync(path), 'lost'],
  ])('%s: %s', (_name, make, kind) => {
    const directory = place();
    make(join(directory, 'sentinel.json'));
    expect(readSentinel(directory).kind).toBe(kind);
  });
});

describe('the canary without a browser', () => {
  function options(dataPath: string, step: CanaryOptions['step'], more: Partial<CanaryOptions> = {}): CanaryOptions {
    return {
      project: REPOSITORY,
      dataPath,
      step,
      useBrowser: false,
      browser: null,
      browserArgs: [],
      headless: true,
      timeoutMs: 120_000,
      signal: new AbortController().signal,
      ...more,
    };
  }

  it('plants, finds, and leaves nothing behind, directories that it made included', async () => {
    const root = place();
    const dataPath = join(root, 'a/b/.wwebjs_auth');
    expect(await runCanary(options(dataPath, 'plant'))).toMatchObject({ verdict: 'planted', sentinel: 'kept' });
    expect(readdirSync(dataPath)).toEqual(['.wa-doctor-canary']);
    expect(await runCanary(options(dataPath, 'check'))).toMatchObject({
      verdict: 'survived',
      sentinel: 'kept',
      stores: [],
    });
    expect(readdirSync(root)).toEqual([]);
    expect(await runCanary(options(dataPath, 'cycle'))).toMatchObject({ verdict: 'survived' });
    expect(readdirSync(root)).toEqual([]);
  });

  it('is lost when the storage was emptied, and when it came back changed', async () => {
    const dataPath = place();
    await runCanary(options(dataPath, 'plant'));
    rmSync(join(dataPath, '.wa-doctor-canary'), { recursive: true });
    expect(await runCanary(options(dataPath, 'check'))).toMatchObject({ verdict: 'lost', sentinel: 'lost' });
    await runCanary(options(dataPath, 'plant'));
    writeFileSync(join(dataPath, '.wa-doctor-canary/sentinel.json'), '');
    expect(await runCanary(options(dataPath, 'check'))).toMatchObject({ verdict: 'lost' });
  });

  it('says that a copy is a copy', async () => {
    const dataPath = place();
    await runCanary(options(dataPath, 'plant'));
    const file = join(dataPath, '.wa-doctor-canary/sentinel.json');
    const text = readFileSync(file);
    linkSync(file, join(dataPath, 'hold'));
    rmSync(file);
    writeFileSync(file, text);
    const result = await runCanary(options(dataPath, 'check'));
    expect(result).toMatchObject({ verdict: 'survived' });
    expect(result.reason).toContain('another inode');
  });

  it('is inconclusive where nothing can be written', async () => {
    const file = join(place(), 'file');
    writeFileSync(file, '');
    expect(await runCanary(options(join(file, 'data'), 'cycle'))).toMatchObject({ verdict: 'inconclusive' });
    chmodSync(file, 0o600);
  });

  it.skipIf(lacks('chromium'))('goes through the real browser and back', { timeout: 240_000 }, async () => {
    const dataPath = place();
    const more = { useBrowser: true, runEntry: await runEntry() };
    expect(await runCanary(options(dataPath, 'plant', more))).toMatchObject({ verdict: 'planted' });
    expect(await runCanary(options(dataPath, 'check', more))).toMatchObject({
      verdict: 'survived',
      stores: [
        { name: 'Local Storage', answer: 'kept' },
        { name: 'IndexedDB', answer: 'kept' },
      ],
    });
    expect(readdirSync(dataPath)).toEqual([]);
  });

  it.skipIf(lacks('chromium'))('sees that one store did not come back', { timeout: 240_000 }, async () => {
    const dataPath = place();
    const more = { useBrowser: true, runEntry: await runEntry() };
    await runCanary(options(dataPath, 'plant', more));
    rmSync(join(dataPath, '.wa-doctor-canary/profile/Default/IndexedDB'), { recursive: true });
    expect(await runCanary(options(dataPath, 'check', more))).toMatchObject({
      verdict: 'lost',
      sentinel: 'kept',
      stores: [
        { name: 'Local Storage', answer: 'kept' },
        { name: 'IndexedDB', answer: 'lost' },
      ],
    });
  });
});

describe('installing a browser', () => {
  it.each([
    [['debian'], 'linux', false, 'sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium'],
    [['debian'], 'linux', true, 'apt-get update && apt-get install -y --no-install-recommends chromium'],
    [['raspbian', 'debian'], 'linux', true, 'apt-get update && apt-get install -y --no-install-recommends chromium'],
    [['ubuntu', 'debian'], 'linux', true, 'npx puppeteer browsers install chrome --install-deps'],
    [['alpine'], 'linux', true, 'apk add --no-cache chromium'],
    [['nixos'], 'linux', true, 'npx puppeteer browsers install chrome'],
    [[], 'darwin', false, 'npx puppeteer browsers install chrome'],
  ] as const)('%s on %s, root %s', (ids, platform, root, command) => {
    expect(commandLine(installWay({ ids, platform, root }), root)).toBe(command);
  });
});
