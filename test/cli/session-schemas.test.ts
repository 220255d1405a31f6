import { readdirSync, statSync, symlinkSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import {
  INDEXED,
  indexedDbFiles,
  localStorageFiles,
  removeProfiles,
  writeProfile,
} from '../profile/stores/synthetic.ts';
import { doctorJson, scratch } from '../support/doctor.ts';
import { lacks } from '../support/needs.ts';
import { schemaFaults } from '../support/schema.ts';

/** What the commands about one session really print, against the schemas that are published for it. */

afterAll(removeProfiles);

interface Printed {
  readonly schema: string;
  readonly outcome?: string;
  readonly verdict?: string;
}

function printed(args: readonly string[], cwd = scratch()): Printed {
  return doctorJson<Printed>(args, { cwd }).json;
}

/** A linked profile whose IndexedDB log is torn. */
function torn(): string {
  const profile = writeProfile(localStorageFiles(), indexedDbFiles());
  const log = join(profile, INDEXED, '000004.log');
  truncateSync(log, statSync(log).size - 5);
  return profile;
}

function locked(): string {
  const profile = torn();
  symlinkSync('other-host-77', join(profile, 'SingletonLock'));
  return profile;
}

const linked = () => writeProfile(localStorageFiles(), indexedDbFiles(true));

describe('documents about a session are as their schemas say', () => {
  it.each([
    ['a linked profile', linked],
    ['a torn one', torn],
    ['a locked one', locked],
    ['none', () => join(scratch(), 'session')],
  ])('inspect: %s', (_what, make) => {
    for (const depth of [[], ['--quick']]) {
      const document = printed(['inspect', make(), ...depth]);
      expect(document.schema).toBe('wa-doctor/profile@1');
      expect(schemaFaults(document)).toEqual([]);
    }
  });

  it.each([
    ['planned', torn, []],
    ['done', torn, ['--apply']],
    ['nothing', linked, []],
    ['refused', locked, []],
    ['planned', locked, ['--owner-gone', 'other-host']],
    ['done', locked, ['--owner-gone', 'other-host', '--apply']],
  ])('repair: %s', (outcome, make, args) => {
    const document = printed(['repair', make(), ...args]);
    expect(document).toMatchObject({ schema: 'wa-doctor/repair@1', outcome });
    expect(schemaFaults(document)).toEqual([]);
  });

  it.each([
    ['not-linked', () => join(scratch(), 'session'), []],
    ['refused', locked, []],
    ['inconclusive', linked, ['--browser', '/nonexistent/chromium']],
  ])('verify: %s', (verdict, make, args) => {
    const document = printed(['verify', '--session', make(), '--yes', ...args]);
    expect(document).toMatchObject({ schema: 'wa-doctor/verify@1', verdict });
    expect(schemaFaults(document)).toEqual([]);
  });

  it('canary without a browser: planted, survived, nothing there', () => {
    const folder = scratch();
    for (const [step, verdict] of [
      ['plant', 'planted'],
      ['check', 'survived'],
      ['check', undefined],
    ] as const) {
      const document = printed(['canary', step, '--no-browser', folder]);
      expect(document.schema).toBe('wa-doctor/canary@1');
      if (verdict !== undefined) expect(document.verdict).toBe(verdict);
      expect(schemaFaults(document)).toEqual([]);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it.skipIf(lacks('chromium'))('canary with a browser', { timeout: 180_000 }, () => {
    const { json } = doctorJson<Printed>(['canary', scratch(), '--browser-arg=--no-sandbox'], { timeout: 170_000 });
    expect(json).toMatchObject({ schema: 'wa-doctor/canary@1', verdict: 'survived' });
    expect(schemaFaults(json)).toEqual([]);
  });

  it('a document that is wrong is noticed', () => {
    expect(schemaFaults({ schema: 'wa-doctor/verify@1' }).join()).toContain("'verdict'");
  });
});
