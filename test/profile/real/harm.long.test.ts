import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lacks } from '../../support/needs.ts';
import { baseProfile, cleanUp, LARGE } from '../../support/real-profile.ts';
import { command } from '../inspect/host.ts';
import { look } from './judge.ts';

/** Every name with its bytes, mtime and ctime. */
function picture(directory: string): Map<string, string> {
  const seen = new Map<string, string>();
  for (const entry of readdirSync(directory, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const stats = lstatSync(path, { bigint: true });
    const hash = stats.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : '';
    seen.set(path, `${hash} ${stats.mtimeNs} ${stats.ctimeNs} ${stats.ino} ${stats.mode}`);
  }
  return seen;
}

describe.skipIf(lacks('chromium'))('a profile of 100 MB', () => {
  afterAll(cleanUp);

  test('is linked and whole, and every file keeps its bytes, name, mtime and ctime', { timeout: 600_000 }, async () => {
    const profile = await baseProfile({ bulk: LARGE, end: 'close' });
    const before = picture(profile);
    const seen = await look(profile);
    expect(seen.stores.map(({ name, state }) => `${name} ${state}`)).toEqual(['Local Storage ok', 'IndexedDB ok']);
    expect(seen.stores.find(({ name }) => name === 'IndexedDB')?.bytes).toBeGreaterThan(100 * 1024 * 1024);
    expect(seen).toMatchObject({ state: 'linked', confidence: 'high' });
    await command(['inspect', profile]);
    await command(['inspect', profile, '--quick', '--json']);
    expect(picture(profile)).toEqual(before);
  });
});
