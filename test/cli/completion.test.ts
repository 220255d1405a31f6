import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { doctor, REPOSITORY, scratch } from '../support/doctor.ts';

const has = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

describe('completions', () => {
  const script = doctor(['completion', 'bash']).stdout;

  it.each([
    [['au'], ['audit']],
    [
      ['audit', '--fail-on', ''],
      ['error', 'warning', 'info', 'never'],
    ],
    [
      ['audit', '--baseline'],
      ['--baseline', '--baseline-out'],
    ],
    [['canary', 'pl'], ['plant']],
  ])('bash completes %j', (words, expected) => {
    const found = execFileSync(
      'bash',
      [
        '-c',
        'eval "$1"; shift; COMP_WORDS=(wa-doctor "$@"); COMP_CWORD=$#; _wa_doctor; printf "%s\\n" "${COMPREPLY[@]}"',
        'x',
        script,
        ...words,
      ],
      { encoding: 'utf8', cwd: scratch('completion') },
    );
    expect(found.trim().split('\n')).toEqual(expected);
  });

  for (const [shell, flag] of [
    ['zsh', '-n'],
    ['fish', '--no-execute'],
  ] as const) {
    if (!has(shell)) console.log(`skipped here: 1 test needs ${shell}`);
    it.skipIf(!has(shell))(`${shell} reads its script`, () => {
      const file = join(scratch('completion'), shell);
      writeFileSync(file, doctor(['completion', shell]).stdout);
      const { status, stderr } = spawnSync(shell, [flag, file], { encoding: 'utf8' });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    });
  }

  it('another shell is wrong use', () => {
    const { code, stderr } = doctor(['completion', 'tcsh']);
    expect({ code, lines: stderr.trim().split('\n').length }).toEqual({ code: 2, lines: 1 });
  });
});

describe('generated files', () => {
  it.each([
    ['the man page', 'man/wa-doctor.1'],
    ['the table of options in the README', 'README.md'],
    ['the page of a check', 'docs/checks/WA101.md'],
    ['a schema', 'schema/report@1.json'],
  ])('%s that is stale fails the check', (_, file) => {
    const place = scratch('generated');
    for (const part of ['README.md', 'man', 'docs', 'schema', 'scripts', 'dist', 'package.json', 'test/fixtures'])
      cpSync(join(REPOSITORY, part), join(place, part), { recursive: true, verbatimSymlinks: true });
    symlinkSync(join(REPOSITORY, 'node_modules'), join(place, 'node_modules'));
    const check = () =>
      spawnSync(process.execPath, ['scripts/generate.mjs', '--check'], { cwd: place, encoding: 'utf8' });
    expect(check().status).toBe(0);
    const path = join(place, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, file === 'README.md' ? text.replace('`--fail-on', '`--fail-at') : `${text}\n`);
    const { status, stderr } = check();
    expect({ status, named: stderr.includes(file) }).toEqual({ status: 1, named: true });
  });
});
