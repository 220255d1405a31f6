import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { absolutePath } from '../../../src/model/path.ts';
import { discoverProfiles } from '../../../src/profile/discover.ts';
import { judgeLeftovers } from '../../../src/profile/remote-auth.ts';
import { type Entry, machineWith, removeMachines } from '../marks/tree.ts';
import { mkfifoSync } from './fifo.ts';

afterEach(removeMachines);

function find(files: Record<string, Entry>, path: string) {
  const { kind, profiles, leftovers } = discoverProfiles(machineWith(files).reader, absolutePath(path));
  return { kind, profiles: profiles.map((one) => `${one.path} ${one.kind} ${one.clientId ?? '-'}`), leftovers };
}

describe('what a path means', () => {
  const table: readonly (readonly [string, Record<string, Entry>, string, string, readonly string[]])[] = [
    ['a profile', { '/d/session-a/Default': null }, '/d/session-a', 'profile', ['/d/session-a LocalAuth a']],
    ['a profile with another name', { '/d/bot/Default': null }, '/d/bot', 'profile', ['/d/bot other -']],
    ['a half-deleted profile', { '/d/x/Local State': '{}' }, '/d/x', 'profile', ['/d/x other -']],
    [
      'only a lock is left',
      { '/d/session-a/SingletonLock': { link: 'h-1' } },
      '/d/session-a',
      'profile',
      ['/d/session-a LocalAuth a'],
    ],
    ['an empty session', { '/d/session': null }, '/d/session', 'profile', ['/d/session LocalAuth -']],
    ['a session that is not there', { '/d': null }, '/d/session-a', 'profile', ['/d/session-a LocalAuth a']],
    [
      'a data path',
      {
        '/d/session-b/Default': null,
        '/d/session': null,
        '/d/session.json': '{}',
        '/d/sessions.db': '',
        '/d/RemoteAuth-x/Default': null,
      },
      '/d',
      'data-path',
      ['/d/RemoteAuth-x RemoteAuth x', '/d/session LocalAuth -', '/d/session-b LocalAuth b'],
    ],
    [
      'a session that is a link',
      { '/d/session-l': { link: '/vol/p' }, '/vol/p/Default': null },
      '/d',
      'data-path',
      ['/d/session-l LocalAuth l'],
    ],
    [
      'a project',
      { '/app/package.json': '{}', '/app/.wwebjs_auth/session/Default': null },
      '/app',
      'project',
      ['/app/.wwebjs_auth/session LocalAuth -'],
    ],
    [
      'a project named like a session',
      { '/session-bot/.wwebjs_auth/session/Default': null },
      '/session-bot',
      'project',
      ['/session-bot/.wwebjs_auth/session LocalAuth -'],
    ],
    ['a project without sessions', { '/app/package.json': '{}' }, '/app', 'project', []],
    ['nothing', {}, '/nowhere', 'nothing', []],
    [
      'a backup of the doctor is no session',
      { '/d/.wa-doctor-backup-20261125T100005Z/profile/Default': null, '/d/session': null },
      '/d',
      'data-path',
      ['/d/session LocalAuth -'],
    ],
  ];
  test.each(table)('%s', (_what, files, path, kind, profiles) => {
    expect(find(files, path)).toMatchObject({ kind, profiles });
  });

  test('500 sessions come in the order of their names', () => {
    const files = Object.fromEntries(Array.from({ length: 500 }, (_, n) => [`/d/session-${n}/Default`, null]));
    const { profiles } = find(files, '/d');
    expect(profiles).toHaveLength(500);
    expect(profiles).toEqual([...profiles].sort());
  });
});

describe('what RemoteAuth left', () => {
  /** A zip of empty files, as short as the format allows. */
  function zip(names: readonly string[]): Buffer {
    const central = names.map((name) => {
      const head = Buffer.alloc(46);
      head.writeUInt32LE(0x02014b50);
      head.writeUInt16LE(name.length, 28);
      return Buffer.concat([head, Buffer.from(name)]);
    });
    const directory = Buffer.concat(central);
    const end = Buffer.alloc(22);
    end.writeUInt32LE(0x06054b50);
    end.writeUInt32LE(directory.length, 12);
    return Buffer.concat([directory, end]);
  }
  const judge = (content: Entry, name = 'RemoteAuth-x.zip') => {
    const { reader } = machineWith({ [`/d/${name}`]: content });
    const { leftovers } = discoverProfiles(reader, absolutePath('/d'));
    return judgeLeftovers(reader, leftovers).map(({ state }) => state);
  };
  test.each([
    ['whole', zip(['Default/IndexedDB/x', 'Default/Local Storage/leveldb/CURRENT']), 'ok'],
    ['whole, written on Windows', zip(['IndexedDB\\x', 'Local Storage\\y']), 'ok'],
    ['one half only', zip(['Default/IndexedDB/x']), 'incomplete'],
    ['cut off', zip(['a', 'b']).subarray(0, 60), 'damaged'],
    ['empty', Buffer.alloc(0), 'damaged'],
    [
      'a directory that lies',
      Buffer.concat([zip([]).subarray(0, 12), Buffer.from([1, 1, 0, 0, 9, 9, 9, 0, 0, 0])]),
      'damaged',
    ],
  ] as const)('%s', (_what, content, state) => {
    expect(judge(content)).toEqual([state]);
  });
  test('a temporary directory is a save that was cut off', () => {
    expect(judge(null, 'wwebjs_temp_session_x')).toEqual(['incomplete']);
  });
  test('a pipe named like a zip is not opened', () => {
    const { root, reader } = machineWith({ '/d/session': null });
    mkfifoSync(join(root, 'd/RemoteAuth-x.zip'));
    expect(judgeLeftovers(reader, [absolutePath('/d/RemoteAuth-x.zip')])[0]?.state).toBe('unknown');
  });
});
