import { chmodSync, chownSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { absolutePath } from '../../../src/model/path.ts';
import { judgePermissions } from '../../../src/profile/permissions.ts';
import { timesOf, walkProfile } from '../../../src/profile/sizes.ts';
import { lacks } from '../../support/needs.ts';
import { type Entry, machineWith, removeMachines } from './tree.ts';

afterEach(removeMachines);

const IDB = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
const LS = 'Default/Local Storage/leveldb';
const NAMES = [
  '',
  'Default',
  'Default/Local Storage',
  LS,
  `${LS}/000003.log`,
  'Default/IndexedDB',
  IDB,
  `${IDB}/000003.log`,
  `${IDB}/CURRENT`,
];
const files: Record<string, Entry> = Object.fromEntries(
  NAMES.filter((name) => /log$|CURRENT$/.test(name)).map((name) => [`/data/session/${name}`, 'x']),
);

/** A profile of user 1234 with the usual modes, then changed. */
function judge(change: (at: (name: string) => string) => void, owner = 1234) {
  const { root, reader } = machineWith(files);
  const at = (name: string) => join(root, 'data/session', name);
  chmodSync(join(root, 'data'), 0o755);
  for (const name of NAMES) {
    chownSync(at(name), owner, owner);
    chmodSync(at(name), /log$|CURRENT$/.test(name) ? 0o600 : 0o700);
  }
  change(at);
  const path = absolutePath('/data/session');
  return judgePermissions(reader, path, walkProfile(reader, path, false).login);
}

describe.skipIf(lacks('root'))('owners and modes (profile.md, section B11)', () => {
  const odd = (change: (at: (name: string) => string) => void, owner?: number) =>
    judge(change, owner).odd.map(({ path }) => path);

  test.each([
    ['nothing', () => undefined, []],
    ['one log of IndexedDB is root’s', (at) => chownSync(at(`${IDB}/000003.log`), 0, 0), [`${IDB}/000003.log`]],
    ['one log of Local Storage is root’s', (at) => chownSync(at(`${LS}/000003.log`), 0, 0), [`${LS}/000003.log`]],
    ['a directory is read-only', (at) => chmodSync(at(IDB), 0o555), [IDB]],
    ['a file is read-only', (at) => chmodSync(at(`${IDB}/CURRENT`), 0o444), [`${IDB}/CURRENT`]],
    ['the directory itself is root’s', (at) => chownSync(at(''), 0, 0), ['.']],
    [
      'root’s, but writable by the group',
      (at) => {
        chownSync(at(`${LS}/000003.log`), 0, 1234);
        chmodSync(at(`${LS}/000003.log`), 0o660);
      },
      [],
    ],
  ] as readonly (readonly [string, (at: (name: string) => string) => void, string[]])[])(
    '%s',
    (_what, change, expected) => {
      expect(odd(change)).toEqual(expected);
    },
  );

  test('root can use what is root’s; a few files of another user do not matter to it', () => {
    expect(judge(() => undefined, 0)).toMatchObject({ odd: [], mixedOwners: false, expectedUid: 0, uid: 0 });
    expect(judge((at) => chownSync(at(`${LS}/000003.log`), 0, 0))).toMatchObject({
      mixedOwners: true,
      expectedUid: 1234,
    });
  });

  test('who can read the login', () => {
    const open = (mode: number, file: number) => (at: (name: string) => string) => {
      for (const name of NAMES) chmodSync(at(name), /log$|CURRENT$/.test(name) ? file : mode);
    };
    expect(judge(() => undefined).readableBy).toBe('owner');
    expect(judge(open(0o755, 0o600)).readableBy).toBe('owner');
    expect(judge(open(0o700, 0o644)).readableBy).toBe('owner');
    expect(judge(open(0o755, 0o644)).readableBy).toBe('everyone');
    // A directory that may be entered but not listed keeps no secret: the names are known.
    expect(judge(open(0o711, 0o604)).readableBy).toBe('everyone');
    expect(judge(open(0o750, 0o640)).readableBy).toBe('group');
  });
});

test('sizes: caches apart, links and pipes not followed', () => {
  const { reader } = machineWith({
    '/p/Default/Cache/Cache_Data/f': 'x'.repeat(100),
    '/p/Default/Service Worker/CacheStorage/a/b': 'x'.repeat(10),
    '/p/Default/Local Storage/leveldb/000003.log': 'x'.repeat(7),
    '/p/Default/elsewhere': { link: '/big' },
    '/p/Default/circle': { link: '/p' },
    '/big/file': 'x'.repeat(5000),
  });
  const tree = walkProfile(reader, absolutePath('/p'), true);
  expect(tree.bytes).toEqual({ state: 7, cache: 110 });
  expect(walkProfile(reader, absolutePath('/p'), false).bytes).toBeNull();
  expect(tree.gaps).toEqual([]);
});

test('both walks see the same login, and a profile that is not there has no times', () => {
  const { reader } = machineWith({ ...files, '/data/session/Local State': '{}', '/data/session/Default/History': 'x' });
  const path = absolutePath('/data/session');
  const names = (everything: boolean) => walkProfile(reader, path, everything).login.map(({ name }) => name);
  expect(names(false)).toEqual(names(true));
  expect(timesOf(walkProfile(reader, absolutePath('/nowhere'), true).login)).toEqual({ bornAt: null, lastUsed: null });
});
