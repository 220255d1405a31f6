import { execFileSync } from 'node:child_process';
import { closeSync, ftruncateSync, openSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doctor, scratch, write } from '../support/doctor.ts';

/** Wrong use is one clear line on standard error, nothing on standard output, exit 2. */
function wrongUse(args: readonly string[], line: RegExp, cwd?: string) {
  const run = doctor(args, cwd === undefined ? {} : { cwd });
  expect(run.stderr.trimEnd().split('\n')).toHaveLength(1);
  expect(run.stderr).toMatch(line);
  expect({ stdout: run.stdout, code: run.code }).toEqual({ stdout: '', code: 2 });
}

describe('wrong use', () => {
  it.each([
    ['an unknown flag', ['audit', '--frobnicate'], /unknown option '--frobnicate'/],
    ['an unknown command', ['audot'], /unknown command 'audot'.*audit/],
    ['no command', [], /no command was given/],
    ['a missing project', ['audit', '/nonexistent/bot'], /\/nonexistent\/bot: there is no such directory/],
    ['a file as the project', ['audit', 'package.json'], /package\.json: it is not a directory but a file/],
    ['a bad severity', ['audit', '--fail-on', 'fatal'], /--fail-on/],
    ['a bad code', ['audit', '--only', 'WA1'], /"WA1" is not a check code/],
    ['a code that no check has', ['audit', '--only', 'WA999'], /there is no check WA999/],
    ['a pid that is no number', ['audit', '--pid', 'x'], /whole number/],
    ['a pid that does not run', ['audit', '--pid', '999999999'], /--pid .*there is no such directory/],
    ['two machines', ['audit', '--root', '/', '--pid', '1'], /--root and --pid name different machines/],
    ['a machine for a repository', ['audit', '--root', '/', '--target', 'repo'], /--target repo looks at no machine/],
    [
      'a missing facts file',
      ['audit', '--facts', '/nonexistent.json'],
      /--facts \/nonexistent\.json: it does not exist/,
    ],
    ['a missing root', ['audit', '--root', '/nonexistent'], /--root \/nonexistent/],
    ['a missing mount table', ['mounts', '--mountinfo', '/nonexistent'], /--mountinfo \/nonexistent/],
    ['a check that is not there', ['explain', 'WA000'], /there is no check "WA000"/],
  ] as const)('%s', (_, args, line) => {
    wrongUse(args, line);
  });

  it('a facts file that is not one', () => {
    const directory = write(scratch('facts'), { 'a.json': '{"schema":"other"}', 'b.json': '{' });
    wrongUse(['audit', '--facts', join(directory, 'a.json')], /it is not a facts file/);
    wrongUse(['audit', '--facts', join(directory, 'b.json')], /it is not JSON/);
  });

  it('a broken package.json, with the place of the error', () => {
    const directory = write(scratch('broken'), { 'package.json': '{\n  "name": "bot",\n  "scripts": {,}\n}\n' });
    wrongUse(['audit', directory], /package\.json:3:15: it is not JSON/);
  });

  it('control characters in what was typed do not reach the terminal', () => {
    const { stderr } = doctor(['audit', '/nonexistent/\u001b[31mred']);
    expect(stderr).not.toContain('\u001b');
  });
});

describe('a project that cannot be read safely is refused with a reason, never a hang', () => {
  it('a package.json of 50 MB', () => {
    const directory = scratch('huge');
    const fd = openSync(join(directory, 'package.json'), 'w');
    ftruncateSync(fd, 50 * 1024 * 1024);
    closeSync(fd);
    wrongUse(['audit', directory], /package\.json: it holds 52428800 bytes, more than the limit/);
  });

  it('a FIFO named package.json', () => {
    const directory = scratch('fifo');
    execFileSync('mkfifo', [join(directory, 'package.json')]);
    wrongUse(['audit', directory], /package\.json: it is not a regular file but a fifo/);
  });

  it('a FIFO named .env', () => {
    const directory = write(scratch('env'), {
      'package.json': '{"scripts":{"start":"node index.js"},"dependencies":{"whatsapp-web.js":"^1.34.7"}}',
      'index.js':
        "const { Client, LocalAuth } = require('whatsapp-web.js'); new Client({ authStrategy: new LocalAuth() });",
    });
    execFileSync('mkfifo', [join(directory, '.env')]);
    const { code } = doctor(['audit', directory], { timeout: 20_000 });
    expect(code).not.toBeNull();
    expect([0, 1, 3]).toContain(code);
  });

  it('a directory loop of links', () => {
    const directory = write(scratch('loop'), {
      'package.json': '{"dependencies":{"whatsapp-web.js":"1"}}',
      'src/a.js': '',
    });
    symlinkSync('..', join(directory, 'src/up'));
    symlinkSync(directory, join(directory, 'src/self'));
    const { code } = doctor(['audit', directory], { timeout: 20_000 });
    expect([0, 1, 3]).toContain(code);
    symlinkSync('b', join(directory, 'a'));
    symlinkSync('a', join(directory, 'b'));
    wrongUse(['audit', join(directory, 'a')], /links lead in a circle/);
  });
});

describe('right use', () => {
  it('every command prints help with examples', () => {
    for (const command of ['audit', 'mounts', 'path', 'scripts', 'explain', 'checks']) {
      const { code, stdout, stderr } = doctor([command, '--help']);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Examples:');
    }
  });

  it('prints its version', () => {
    expect(doctor(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n', stderr: '' });
  });
});
