import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { doctor, scratch, write } from '../support/doctor.ts';
import { lacks } from '../support/needs.ts';

/** Pids of the bindfs daemons on a mount point. */
function daemonsOn(point: string): string[] {
  return spawnSync('pgrep', ['-f', point], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((pid) => pid !== '');
}

describe.skipIf(lacks('bindfs'))('a mount that no longer answers', () => {
  let point = '';

  afterEach(() => {
    for (const pid of daemonsOn(point)) spawnSync('kill', ['-CONT', pid]);
    spawnSync('umount', ['-l', point]);
  });

  function stalled(): string {
    const base = write(scratch('fuse'), {
      'source/package.json': '{"dependencies":{"whatsapp-web.js":"1"}}',
      'source/index.js': "require('whatsapp-web.js');",
    });
    point = join(base, 'mount');
    mkdirSync(point);
    expect(spawnSync('bindfs', [join(base, 'source'), point]).status).toBe(0);
    expect(readFileSync('/proc/self/mountinfo', 'utf8')).toContain(point);
    return point;
  }

  it('is read while it answers', () => {
    const project = stalled();
    expect(doctor(['path', project]).code).toBe(0);
  });

  it('is refused with a reason when it hangs, and nothing hangs with it', () => {
    const project = stalled();
    for (const pid of daemonsOn(project)) spawnSync('kill', ['-STOP', pid]);
    const run = doctor(['audit', project], { timeout: 30_000 });
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr).toMatch(/does not answer/);
  });

  it('judges a path on it without touching it for long', () => {
    const project = stalled();
    for (const pid of daemonsOn(project)) spawnSync('kill', ['-STOP', pid]);
    const run = doctor(['mounts', `${project}/data`], { timeout: 30_000 });
    expect(run.code).toBe(0);
    expect(run.stdout).toContain('fuse');
  });
});
