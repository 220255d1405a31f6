import { createHash } from 'node:crypto';
import {
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { indexedDbFiles, localStorageFiles, removeProfiles, writeProfile } from '../stores/synthetic.ts';
import { mkfifoSync } from './fifo.ts';
import { command } from './host.ts';

let folder = '';
let data = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'wa-inspect-'));
  data = join(folder, 'data');
  mkdirSync(data);
  for (const name of ['session', 'session-4915112345678', 'session-main']) {
    cpSync(writeProfile(localStorageFiles(), indexedDbFiles()), join(data, name), {
      recursive: true,
      preserveTimestamps: true,
    });
  }
  symlinkSync('e77b1ebe9b51-36', join(data, 'session-main/SingletonLock'));
  mkdirSync(join(data, 'session-empty'));
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  removeProfiles();
});

const json = async (...args: string[]) => {
  const { code, out } = await command(['inspect', ...args, '--json']);
  return { code, ...(JSON.parse(out) as { schema: string; profiles: Record<string, unknown>[] }) };
};

describe('wa-doctor inspect', () => {
  test('the document has what the contract promises', async () => {
    const { code, schema, profiles } = await json(data);
    expect(code).toBe(0);
    expect(schema).toBe('wa-doctor/profile@1');
    expect(profiles.map(({ n, state }) => `${n} ${state}`)).toEqual(['1 linked', '2 linked', '3 missing', '4 linked']);
    expect(profiles[3]).toMatchObject({
      path: join(data, 'session-main'),
      kind: 'LocalAuth',
      clientId: 'main',
      state: 'linked',
      account: expect.stringMatching(/^•••\d\d$/),
      lastUsed: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      browser: { lastVersion: null },
      owner: { state: 'stale-foreign', host: 'e77b1ebe9b51', pid: 36 },
      lastExit: 'unclean',
      stores: [
        { name: 'Local Storage', engine: 'leveldb', state: 'ok', bytes: expect.any(Number), problems: [] },
        { name: 'IndexedDB', engine: 'leveldb', state: 'ok', bytes: expect.any(Number), problems: [] },
      ],
      permissions: { mode: expect.any(String), uid: expect.any(Number), gid: expect.any(Number), mixedOwners: false },
    });
  });

  test('phone numbers in names are not printed, in either form; #n still finds the session', async () => {
    for (const args of [[data], [data, '--json'], ['#2', '--in', data], ['#2', '--in', data, '--json']]) {
      expect((await command(['inspect', ...args])).out).not.toContain('4915112345678');
    }
    const { profiles } = await json('#4', '--in', data);
    expect(profiles).toHaveLength(1);
    expect(profiles[0]).toMatchObject({ n: 4, clientId: 'main' });
  });

  test('the account shows two digits, four when asked', async () => {
    const two = await json(join(data, 'session'));
    const four = await json(join(data, 'session'), '--show-account');
    expect(two.profiles[0]?.['account']).toMatch(/^•••\d{2}$/);
    expect(four.profiles[0]?.['account']).toMatch(/^•••\d{4}$/);
  });

  test('one table for many, details for one, and the way out of a stale lock', async () => {
    const { out } = await command(['inspect', data]);
    expect(out).toMatch(/^4 sessions under /);
    expect(out).toContain(`wa-doctor repair '#4' --in ${data} --owner-gone e77b1ebe9b51 --apply`);
    const { out: one } = await command(['inspect', join(data, 'session')]);
    expect(one).toContain('every block verified');
    expect(one).toContain('Linked means that a whole login is on the disk');
  });

  test('wrong use is 2, an empty place is no session, --fail-on decides otherwise', async () => {
    expect(await command(['inspect', '/no/such/place'])).toMatchObject({ code: 2, out: '' });
    expect(await command(['inspect', '#9', '--in', data])).toMatchObject({ code: 2 });
    const empty = join(folder, 'nothing');
    mkdirSync(empty, { recursive: true });
    expect(await command(['inspect', empty])).toMatchObject({
      code: 0,
      out: expect.stringContaining('There is no session'),
    });
    expect((await command(['inspect', data, '--fail-on', 'error'])).code).toBe(1);
    expect((await command(['inspect', join(data, 'session'), '--fail-on', 'error'])).code).toBe(0);
    expect(await command(['inspect', join(data, 'session-not-there')])).toMatchObject({
      code: 0,
      out: expect.stringContaining('missing'),
    });
  });

  test('a progress line only after a second, only for a person, and it is wiped', async () => {
    let time = 0;
    const clock = () => {
      time += 700;
      return time;
    };
    expect((await command(['inspect', data], { interactive: true, clock })).err).toMatch(
      /\rlooking into session \d of 4 …[\s\S]*\r\x1b\[K$/,
    );
    expect((await command(['inspect', data], { clock })).err).toBe('');
    expect((await command(['inspect', data], { interactive: true })).err).toBe('');
  });

  test('an interrupt prints what is there and says so', async () => {
    const stop = new AbortController();
    stop.abort();
    const { out } = await command(['inspect', data, '--json'], { signal: stop.signal });
    expect(JSON.parse(out)).toMatchObject({ partial: true, profiles: [] });
  });

  test('--root: paths and links stay below the root', async () => {
    const { out } = await command(['inspect', '/data', '--root', folder, '--json']);
    const { profiles } = JSON.parse(out) as { profiles: { path: string; state: string; owner: { state: string } }[] };
    expect(profiles.map(({ path }) => path)).toContain('/data/session-main');
    // Its processes cannot be seen, so nobody says that it is free.
    expect(profiles.map(({ owner }) => owner.state)).toEqual(['unknown', 'unknown', 'unknown', 'unknown']);
  });
});

/** Every name below a directory with its bytes, mtime and ctime. */
function picture(directory: string): Map<string, string> {
  const seen = new Map<string, string>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const stats = lstatSync(path, { bigint: true });
    const hash = stats.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
    seen.set(path, `${hash} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino} ${stats.mode} ${stats.uid}`);
  }
  return seen;
}

describe('it does no harm', () => {
  test('bytes, names, mtime and ctime stay', async () => {
    const before = picture(data);
    await command(['inspect', data]);
    await command(['inspect', data, '--json', '--quick']);
    expect(picture(data)).toEqual(before);
  });

  test('pipes, devices and links inside a profile are not opened', { timeout: 20_000 }, async () => {
    const profile = join(folder, 'session-traps');
    cpSync(writeProfile(localStorageFiles(), indexedDbFiles()), profile, { recursive: true });
    for (const name of ['Local State', 'Variations', 'Last Version', 'Default/Preferences', 'SingletonLock']) {
      rmSync(join(profile, name), { force: true });
      mkfifoSync(join(profile, name));
    }
    const log = join(profile, 'Default/Local Storage/leveldb/000004.log');
    renameSync(log, join(folder, 'moved.log'));
    symlinkSync(join(folder, 'moved.log'), log);
    symlinkSync('/dev/zero', join(profile, 'Default/Local Storage/leveldb/000099.ldb'));
    symlinkSync('/', join(profile, 'Default/IndexedDB/loop'));
    mkfifoSync(join(profile, 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/000098.log'));
    const { profiles } = await json(profile);
    // A log behind a link was not read: what it held counts as unread, never as absent or whole.
    expect(profiles[0]?.['state']).not.toBe('linked');
    writeFileSync(join(folder, 'done'), '');
  });
});
