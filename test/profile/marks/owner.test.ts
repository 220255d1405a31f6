import { statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { commandWords, parseLockLine, readOwners } from '../../../src/facts/owners.ts';
import { absolutePath } from '../../../src/model/path.ts';
import { parseClaim, readSingleton } from '../../../src/profile/locks.ts';
import { judgeOwner } from '../../../src/profile/owner.ts';
import { type Entry, HOSTNAME, machineWith, processFiles, removeMachines } from './tree.ts';

afterEach(removeMachines);

const SESSION = '/data/session';
const CHROMIUM = '/usr/lib/chromium/chromium';
const init = processFiles(1, { command: ['/sbin/init'], parent: 0, name: 'systemd' });
const bot = processFiles(40, { command: ['node', 'index.js'], name: 'node' });
const profile: Record<string, Entry> = { [`${SESSION}/Default/Local Storage/leveldb/LOCK`]: '' };
const lock = (claim: string): Record<string, Entry> => ({ [`${SESSION}/SingletonLock`]: { link: claim } });
const browser = (over: Partial<Parameters<typeof processFiles>[1]> = {}) =>
  processFiles(50, { command: [CHROMIUM, `--user-data-dir=${SESSION}`], parent: 40, ...over });

function ownerOf(files: Readonly<Record<string, Entry>>, locks: (root: string) => string = () => '') {
  const { root, reader } = machineWith({ ...HOSTNAME, ...init, ...bot, ...profile, ...files });
  const text = locks(root);
  if (text !== '') {
    const { writeFileSync } = process.getBuiltinModule('node:fs');
    writeFileSync(join(root, 'proc/locks'), text);
  }
  const path = absolutePath(SESSION);
  return judgeOwner(reader, path, readSingleton(reader, path), readOwners(reader, { live: false }));
}

/** A line of /proc/locks on the LOCK of Local Storage. */
function lockLine(root: string, pid: number, arrow = ''): string {
  const stats = statSync(join(root, SESSION, 'Default/Local Storage/leveldb/LOCK'));
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  const major = Math.floor((stats.dev % 2 ** 32) / 256) % 4096;
  return `1: FLOCK  ADVISORY  WRITE 7 00:1f:12 0 EOF\n2: ${arrow}POSIX  ADVISORY  WRITE ${pid} ${hex(major)}:${hex(stats.dev % 256)}:${stats.ino} 0 EOF\n`;
}

describe('who owns a profile', () => {
  const table: readonly (readonly [what: string, files: Record<string, Entry>, state: string])[] = [
    ['nobody', {}, 'free'],
    ['a browser with its user data directory', browser(), 'live'],
    [
      'a browser named by another path to the same directory',
      { '/link': { link: '/data' }, ...browser({ command: [CHROMIUM, '--user-data-dir=/link/session'] }) },
      'live',
    ],
    ['a renamed browser', browser({ command: ['/opt/bot/engine', `--user-data-dir=${SESSION}`] }), 'live'],
    ['a browser of another profile', browser({ command: [CHROMIUM, '--user-data-dir=/data/session-2'] }), 'free'],
    ['a profile whose name begins the same', browser({ command: [CHROMIUM, `--user-data-dir=${SESSION}2`] }), 'free'],
    [
      'a helper alone, with nothing open',
      browser({ command: [CHROMIUM, '--type=renderer', `--user-data-dir=${SESSION}`] }),
      'free',
    ],
    [
      'a browser that has a LOCK open',
      browser({ command: ['chrome-headless-shell'], fds: [`${SESSION}/Default/Local Storage/leveldb/LOCK`] }),
      'live',
    ],
    [
      'a browser in another container with the same path',
      { '/proc/self/ns/mnt': { link: 'mnt:[1]' }, ...browser({ namespace: 'mnt:[2]' }) },
      'free',
    ],
    ['a lock of this host, process gone', lock('0a1b2c3d4e5f-999'), 'stale-local'],
    ['a lock of this host, process is another program', lock('0a1b2c3d4e5f-40'), 'stale-local'],
    [
      'a lock of this host, process is a browser of another profile',
      { ...lock('0a1b2c3d4e5f-50'), ...browser({ command: [CHROMIUM, '--user-data-dir=/other'] }) },
      'stale-local',
    ],
    ['a lock of this host, process runs on it', { ...lock('0a1b2c3d4e5f-50'), ...browser() }, 'live'],
    ['a lock of another host', lock('e77b1ebe9b51-36'), 'stale-foreign'],
    ['a lock of another host with hyphens', lock('my-bot-7d9f-x2x-1'), 'stale-foreign'],
    ['a lock of another host, but a browser here uses it', { ...lock('e77b1ebe9b51-36'), ...browser() }, 'live'],
    ['a lock that says nothing', lock('nonsense'), 'unknown'],
    ['a lock that is a file', { [`${SESSION}/SingletonLock`]: 'e77b1ebe9b51-36' }, 'unknown'],
    ['only a socket left', { [`${SESSION}/SingletonSocket`]: { link: '/tmp/x' } }, 'free'],
  ];
  test.each(table)('%s', (_what, files, state) => {
    expect(ownerOf(files).state).toBe(state);
  });

  test('a lock in /proc/locks is enough, whoever holds it', () => {
    expect(ownerOf({}, (root) => lockLine(root, 77))).toMatchObject({ state: 'live', pid: 77 });
  });

  test('the helper that holds the lock leads to the browser', () => {
    const files = {
      ...browser({ command: [CHROMIUM] }),
      ...processFiles(51, { command: [`${CHROMIUM} --type=zygote --no-sandbox`], parent: 50 }),
      ...processFiles(52, { command: [`${CHROMIUM} --type=utility --lang=en`], parent: 51 }),
    };
    expect(ownerOf(files, (root) => lockLine(root, 52))).toMatchObject({ state: 'live', pid: 50 });
  });

  test('a process that waits for a lock holds nothing', () => {
    expect(ownerOf({}, (root) => lockLine(root, 77, '-> ')).state).toBe('free');
  });

  test('an orphan is a browser whose parent is a reaper; a node at pid 1 is the bot', () => {
    expect(ownerOf(browser({ parent: 1 })).orphan).toBe(true);
    expect(ownerOf(browser({ parent: 40 })).orphan).toBe(false);
    expect(
      ownerOf({
        ...browser({ parent: 1 }),
        ...processFiles(1, { command: ['node', 'index.js'], name: 'node', parent: 0 }),
      }).orphan,
    ).toBe(false);
  });

  test('deleted files under a live browser', () => {
    const files = [`${SESSION}/Default/Session Storage/LOCK (deleted)`, `${SESSION}/Default/History (deleted)`];
    expect(ownerOf(browser({ fds: files }))).toMatchObject({ state: 'live', deletedFiles: 2, pid: 50 });
    // A compaction deletes tables that are still open.
    const tables = [`${SESSION}/Default/IndexedDB/x/000005.ldb (deleted)`, '/memfd:shared (deleted)'];
    expect(ownerOf(browser({ fds: tables })).deletedFiles).toBe(0);
  });

  test('without /proc nothing is sure', () => {
    const path = absolutePath(SESSION);
    const judge = (files: Record<string, Entry>) => {
      const { reader } = machineWith({ ...profile, ...files });
      return judgeOwner(reader, path, readSingleton(reader, path), readOwners(reader, { live: false })).state;
    };
    expect(judge({})).toBe('unknown');
    expect(judge({ '/etc/hostname': 'a\n', ...lock('a-1') })).toBe('unknown');
    expect(judge({ '/etc/hostname': 'a\n', ...lock('b-1') })).toBe('stale-foreign');
    expect(judge(lock('b-1'))).toBe('unknown');
  });
});

describe('parsers', () => {
  test('claims split at the last hyphen', () => {
    expect(parseClaim('host-a-36')).toEqual({ host: 'host-a', pid: 36 });
    for (const odd of ['', '-5', 'host', 'host-', 'host-x', 'host--0', `h-${'9'.repeat(20)}`])
      expect(parseClaim(odd)).toBeNull();
  });

  test('lock lines never throw, waiters hold nothing', () => {
    expect(parseLockLine('10: POSIX  ADVISORY  WRITE 15585 fe:00:2148385 1073741824 1073742335')).toEqual({
      pid: 15585,
      major: 0xfe,
      minor: 0,
      inode: 2148385,
    });
    expect(parseLockLine('10: OFDLCK ADVISORY  READ -1 00:2a:7 0 EOF')).toMatchObject({ pid: null });
    expect(parseLockLine('10: -> POSIX  ADVISORY  WRITE 15585 fe:00:1 0 EOF')).toBeNull();
    fc.assert(fc.property(fc.string(), (line) => void parseLockLine(line)));
    fc.assert(fc.property(fc.string(), (text) => void commandWords(text)));
    fc.assert(fc.property(fc.string(), (text) => void parseClaim(text)));
  });
});
