import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CanaryResult, VerifyResult } from '../../src/model/verify.ts';
import { doctor, doctorJson, scratch } from '../support/doctor.ts';

/** A directory with the marks of a profile; no browser is started in these tests. */
function profile(dataPath: string, name: string): string {
  const session = join(dataPath, name);
  mkdirSync(join(session, 'Default'), { recursive: true });
  writeFileSync(join(session, 'Local State'), '{}');
  return session;
}

describe('wa-doctor verify', () => {
  it.each([
    [['--stop', 'sigkill'], 'add --i-know'],
    [['--settle', '-1'], '--settle -1'],
    [['--cycles', '0'], 'whole number above 0'],
    [['--stop', 'gently'], 'Allowed choices'],
    [['/nonexistent-project'], 'there is no such directory'],
  ])('wrong use: %s', (args, words) => {
    const run = doctor(['verify', ...args, '--session', '/nonexistent/session']);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toContain(words);
    expect(run.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('a session that is not there is not linked, and is not made', () => {
    const folder = scratch();
    const { code, json } = doctorJson<VerifyResult>(['verify', '--session', join(folder, 'session'), '--yes'], {
      cwd: folder,
    });
    expect({ code, verdict: json.verdict, schema: json.schema, mode: json.mode }).toEqual({
      code: 1,
      verdict: 'not-linked',
      schema: 'wa-doctor/verify@1',
      mode: 'live',
    });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('asks for the session when a data path holds several', () => {
    const folder = scratch();
    for (const name of ['session-a', 'session-b']) profile(folder, name);
    const run = doctor(['verify', '--session', folder, '--yes'], { cwd: folder });
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('holds 2 sessions');
    const one = doctorJson<VerifyResult>(['verify', '--session', folder, '--client-id', 'b'], { cwd: folder });
    expect(one.json.session).toBe(join(folder, 'session-b'));
  });

  it('without a terminal and without --yes nothing is started', () => {
    const folder = scratch();
    const session = profile(folder, 'session');
    const { code, json, stderr } = doctorJson<VerifyResult>(['verify', '--session', session], { cwd: folder });
    expect(code).toBe(3);
    expect(json).toMatchObject({ verdict: 'refused', runs: [], backup: null });
    expect(stderr).toContain('Stop the bot that uses this session first');
    expect(stderr).toContain('may not reach the bot');
    expect(readdirSync(folder)).toEqual(['session']);
  });

  it('refuses a lock of another host, and names the flag that overrides it', () => {
    const folder = scratch();
    const session = profile(folder, 'session-49151234567');
    symlinkSync('build-host-77', join(session, 'SingletonLock'));
    const { code, json, stdout } = doctorJson<VerifyResult>(['verify', '--session', session, '--yes'], { cwd: folder });
    expect(code).toBe(3);
    expect(json.verdict).toBe('refused');
    expect(json.advice.join(' ')).toContain('--owner-gone build-host');
    expect(stdout).not.toContain('49151234567');
  });
});

describe('wa-doctor canary', () => {
  it('plants and checks in two invocations, one JSON document each', () => {
    const folder = scratch();
    const planted = doctorJson<CanaryResult>(['canary', 'plant', '--no-browser', join(folder, 'data')], {
      cwd: folder,
    });
    expect(planted).toMatchObject({
      code: 0,
      json: { schema: 'wa-doctor/canary@1', step: 'plant', verdict: 'planted' },
    });
    const checked = doctorJson<CanaryResult>(['canary', 'check', '--no-browser', join(folder, 'data')], {
      cwd: folder,
    });
    expect(checked).toMatchObject({ code: 0, json: { step: 'check', verdict: 'survived', sentinel: 'kept' } });
    expect(checked.json.planted).toEqual(checked.json.now);
    const again = doctorJson<CanaryResult>(['canary', 'check', '--no-browser', join(folder, 'data')], { cwd: folder });
    expect(again).toMatchObject({ code: 1, json: { verdict: 'lost', sentinel: 'lost' } });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('finds the data path of a session', () => {
    const folder = scratch();
    profile(folder, 'session-x');
    const { json } = doctorJson<CanaryResult>(['canary', '--no-browser', '--session', join(folder, 'session-x')], {
      cwd: folder,
    });
    expect(json).toMatchObject({ verdict: 'survived', dataPath: folder });
    expect(readdirSync(folder)).toEqual(['session-x']);
  });
});

describe('wa-doctor setup-browser', () => {
  it('prints the one command', () => {
    const { code, stdout } = doctor(['setup-browser', '--print']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/(chromium|chrome)/);
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });
});
