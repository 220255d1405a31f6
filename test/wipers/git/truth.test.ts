import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createReader } from '../../../src/facts/reader.ts';
import { absolutePath } from '../../../src/model/path.ts';
import { gitStatus, openRepository } from '../../../src/wipers/git/status.ts';
import { lacks } from '../../support/needs.ts';

/** Deterministic choice. */
function random(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % limit;
  };
}

const DIRECTORIES = [
  'data',
  'data/sessions',
  'data/sessions/session-a',
  '.wwebjs_auth',
  '.wwebjs_auth/session',
  'src',
  'src/data',
  'tmp',
  'tmp/.wwebjs_auth',
  'session',
];
const PATTERNS = [
  '.wwebjs_auth',
  '.wwebjs_auth/',
  '/.wwebjs_auth',
  '**/.wwebjs_auth/',
  'data',
  '/data',
  'data/',
  'data/*',
  'data/**',
  '!data/sessions',
  '!data/sessions/',
  'sessions',
  'session*',
  'session-*/',
  '*.log',
  '!keep.log',
  '*',
  '!*/',
  '!.gitignore',
  '/tmp/',
  'tmp/*',
  '!tmp/.wwebjs_auth',
  '# comment',
  '',
  '\\#odd',
  'src/**/data',
  '**/session',
  '[st]mp',
  'da?a',
  '*auth',
  '.*',
  '!.wwebjs_auth/',
  '/*',
  '!/src',
  'session/',
  'Data',
  'a b',
  '.wwebjs_auth/*',
  '!.wwebjs_auth/session',
  'data/sessions/session-?',
];
const FILES = [
  'a.log',
  'keep.log',
  'data/a.log',
  'data/sessions/x',
  'data/sessions/session-a/Cookies',
  '.wwebjs_auth/session/Cookies',
  'src/data/keep.log',
  'src/index.js',
  'tmp/x',
  'tmp/.wwebjs_auth/y',
  'session/z',
];

const made: string[] = [];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

function git(cwd: string, args: string[], input?: string): string {
  try {
    return execFileSync('git', args, {
      cwd,
      encoding: 'utf8',
      input: input ?? '',
      env: { PATH: process.env['PATH'] ?? '', HOME: cwd, GIT_CONFIG_NOSYSTEM: '1' },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  } catch (error) {
    return String((error as { stdout?: string }).stdout ?? '');
  }
}

function repository(seed: number): { top: string; paths: string[] } {
  const pick = random(seed);
  const top = mkdtempSync(join(tmpdir(), 'wa-git-'));
  made.push(top);
  git(top, ['init', '-q', ...(pick(4) === 0 ? ['--object-format=sha256'] : [])]);
  for (const directory of DIRECTORIES) mkdirSync(join(top, directory), { recursive: true });
  for (const file of FILES) {
    mkdirSync(dirname(join(top, file)), { recursive: true });
    writeFileSync(join(top, file), '');
  }
  const rules = (count: number): string =>
    Array.from({ length: count }, () => PATTERNS[pick(PATTERNS.length)]).join(pick(5) === 0 ? '\r\n' : '\n');
  writeFileSync(join(top, '.gitignore'), rules(1 + pick(5)));
  if (pick(2) === 0) writeFileSync(join(top, 'data/.gitignore'), rules(1 + pick(3)));
  if (pick(3) === 0) writeFileSync(join(top, '.wwebjs_auth/.gitignore'), rules(1 + pick(2)));
  if (pick(3) === 0) writeFileSync(join(top, '.git/info/exclude'), rules(1 + pick(3)));
  if (pick(3) === 0) {
    mkdirSync(join(top, '.config/git'), { recursive: true });
    writeFileSync(join(top, '.config/git/ignore'), rules(1 + pick(2)));
  }
  const version = 2 + pick(3);
  git(top, ['config', 'index.version', String(version)]);
  const add = FILES.filter(() => pick(3) === 0);
  if (add.length > 0) git(top, ['add', '-f', ...add]);
  git(top, ['update-index', '--index-version', String(version)]);
  if (pick(3) === 0 && add.length > 0) git(top, ['add', '-N', '-f', 'src/index.js']);
  if (pick(5) === 0) git(top, ['update-index', '--split-index']);
  return { top, paths: [...DIRECTORIES, ...FILES, ...readdirSync(top).filter((name) => name !== '.git')] };
}

describe.skipIf(lacks('git'))('git is the judge', () => {
  // 96: a rule of a weak file on the path itself, below a directory that a stronger file took back.
  const seeds = [...Array.from({ length: Number(process.env['WA_GIT_SEEDS'] ?? 12) }, (_, index) => index + 1), 96];

  it.each(seeds)('ignored and tracked as git says, repository %i', async (seed) => {
    const { top, paths } = repository(seed);
    const opened = await openRepository(createReader({ root: '/' }), absolutePath(top), absolutePath(top));
    if (opened === null) throw new Error('no repository found');
    const unique = [...new Set(paths)];
    const said = new Map(
      git(top, ['check-ignore', '-v', '-n', '--no-index', '--stdin'], unique.map((path) => `${path}\n`).join(''))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => {
          const [rule = '', path = ''] = line.split('\t');
          const pattern = rule.split(':').slice(2).join(':');
          return [path, pattern !== '' && !pattern.startsWith('!')] as const;
        }),
    );
    const listed = git(top, ['ls-files'])
      .split('\n')
      .filter((line) => line !== '');
    expect(said.size).toBe(unique.length);
    const wrong: string[] = [];
    for (const path of unique) {
      const full = absolutePath(`${top}/${path}`);
      const { ignored, by } = opened.rules.test(full, statSync(full).isDirectory());
      if (ignored !== said.get(path)) wrong.push(`${path}: git ${said.get(path)}, doctor ${ignored} (${by})`);
      const tracked = listed.some((file) => file === path || file.startsWith(`${path}/`));
      if (opened.tracked.holds(full) !== tracked) wrong.push(`${path}: tracked ${tracked}`);
    }
    expect(wrong).toEqual([]);
  });

  it('finds the repository of a work tree through its .git file', async () => {
    const { top } = repository(3);
    git(top, ['-c', 'user.email=a@b', '-c', 'user.name=n', 'commit', '-q', '--allow-empty', '-m', 'x']);
    git(top, ['worktree', 'add', '-q', join(top, 'tmp/extra')]);
    writeFileSync(join(top, 'tmp/extra/.gitignore'), '.wwebjs_auth/\n');
    const project = absolutePath(`${top}/tmp/extra`);
    const fact = await gitStatus(createReader({ root: '/' }), project, [
      absolutePath(`${project}/.wwebjs_auth`),
      absolutePath('/data'),
    ]);
    expect(fact.repository).toBe(project);
    expect(fact.sessions[0]).toMatchObject({
      path: '.wwebjs_auth',
      ignored: true,
      ignoredBy: '.gitignore:1 .wwebjs_auth/',
    });
    expect(fact.sessions[1]).toMatchObject({ path: '/data', outside: true, tracked: false });
  });
});
