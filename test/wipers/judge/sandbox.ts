import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** Where every project of a judged command lies, inside the private name space and in the analysis. */
export const SANDBOX = '/mnt/wa-judge';
export const PROJECT = `${SANDBOX}/project`;

/** Session directories of the fake project: name and the profile in it. */
export const SESSIONS = ['.wwebjs_auth', 'data/sessions', 'session', 'sessions'] as const;
const PROFILES: Readonly<Record<(typeof SESSIONS)[number], string>> = {
  '.wwebjs_auth': '.wwebjs_auth/session',
  'data/sessions': 'data/sessions/session-main',
  session: 'session/session',
  sessions: 'sessions/session-5511',
};

const IDB = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
const PROFILE: readonly string[] = [
  `${IDB}/000003.log`,
  `${IDB}/000005.ldb`,
  `${IDB}/CURRENT`,
  `${IDB}/MANIFEST-000001`,
  'Default/Local Storage/leveldb/000004.log',
  'Default/Local Storage/leveldb/CURRENT',
  'Default/Local Storage/leveldb/MANIFEST-000001',
  'Default/Cache/Cache_Data/data_0',
  'Default/Code Cache/js/index',
  'Default/GPUCache/data_0',
  'Default/Service Worker/CacheStorage/x/index.txt',
  'Default/Extensions/abc/1.0_0/background.js',
  'Default/Extensions/abc/1.0_0/manifest.json',
  'Default/Preferences',
  'Default/Cookies',
  'DevToolsActivePort',
  'Last Version',
  'Local State',
];

export const SCRIPTS: Readonly<Record<string, string>> = {
  build: 'mkdir -p dist && touch dist/index.js',
  clean: 'rm -rf dist coverage',
  'clean:auth': 'rimraf .wwebjs_auth',
  'clean:data': 'rm -rf data/*',
  'clean:dist': 'rimraf dist',
  'clean:deep:sessions': 'rm -rf sessions',
  'reset:all': 'run-s clean:*',
  'reset:deep': 'run-s "clean:**"',
  'reset:two': 'npm run clean && npm run clean:auth',
  prewipe: 'rm -rf session',
  wipe: 'echo wiping',
  postwipe: 'rm -rf sessions',
  preharmless: 'echo before',
  harmless: 'rm -rf dist',
  loop: 'npm run loop2',
  loop2: 'npm run loop3',
  loop3: 'true',
  del: 'rm -rf',
  failing: 'false',
  prefailing2: 'false',
  failing2: 'rm -rf sessions',
  prepare: 'true',
  nested: 'npm-run-all clean:dist reset:two',
  shellfile: 'sh scripts/reset.sh',
  sourced: '. ./scripts/lib.sh && wipe_dir sessions',
  start: 'echo start',
  test: 'echo test',
};

const TEXTS: Readonly<Record<string, string>> = {
  'README.md': '# project\n',
  '.gitignore':
    'node_modules/\ndist/\n*.log\n.env\n/.wwebjs_auth/\n/.wwebjs_cache/\n/data/sessions/\n/session/\n/sessions/\ncoverage/\ntmp/\n',
  'package.json': `${JSON.stringify({ name: 'fake-bot', version: '1.0.0', private: true, workspaces: ['packages/*'], scripts: SCRIPTS }, null, 2)}\n`,
  'src/index.js': 'console.log(1)\n',
  'src/lib/util.js': 'module.exports = {}\n',
  'data/keep.json': '{}\n',
  'data/export.csv': 'a,b\n',
  'packages/one/package.json':
    '{"name":"one","version":"1.0.0","scripts":{"clean":"rm -rf dist","nuke":"rm -rf ../../sessions"}}\n',
  'packages/one/index.js': '1\n',
  'packages/two/package.json':
    '{"name":"two","version":"1.0.0","scripts":{"clean":"rm -rf dist ../../data/sessions"}}\n',
  'scripts/reset.sh': '#!/bin/sh\nset -e\ncd "$(dirname "$0")/.."\nTARGET=${1:-dist}\nrm -rf "$TARGET"\n',
  'scripts/reset-auth.sh':
    '#!/bin/bash\nset -euo pipefail\nROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"\nDIRS=(.wwebjs_auth .wwebjs_cache)\nfor d in "${DIRS[@]}"; do\n  if [[ -d "$ROOT/$d" ]]; then\n    rm -rf "${ROOT:?}/$d"\n  fi\ndone\n',
  'scripts/lib.sh': 'wipe_dir() {\n  local dir="$1"\n  [ -n "$dir" ] || return 1\n  rm -rf "./$dir"\n}\n',
  'scripts/guard.sh': '#!/bin/sh\nif [ "$1" != "--yes" ]; then\n  echo "refusing"\n  exit 1\nfi\nrm -rf sessions\n',
  'scripts/locks.sh':
    '#!/bin/sh\nfind .wwebjs_auth -name "Singleton*" -delete\nrm -f .wwebjs_auth/session/DevToolsActivePort\n',
  'paths.txt': '.wwebjs_auth\nsessions\n',
  'list-dist.txt': 'dist\ncoverage\n',
  Makefile:
    'AUTH ?= .wwebjs_auth\nDIRS := sessions data/sessions\n.PHONY: clean clean-auth all reset\nall: build\nbuild:\n\tmkdir -p dist\nclean:\n\trm -rf dist\nclean-auth: clean\n\t@rm -rf $(AUTH)\nreset: clean\n\t-rmdir nothing\n\tfor d in $(DIRS); do rm -rf $$d; done\nsub:\n\t$(MAKE) clean-auth\nbroken:\n\tfalse\n\trm -rf sessions\n',
  '.env': 'SESSION_DIR=.wwebjs_auth\n',
};

const UNTRACKED: Readonly<Record<string, string>> = {
  'dist/index.js': '1\n',
  'dist/sub/a.js': '1\n',
  'coverage/lcov.info': 'x\n',
  '.wwebjs_cache/2.3000.html': '<html>\n',
  'app.log': 'log\n',
  'notes.txt': 'note\n',
  'backup-old/readme.txt': 'x\n',
};

/** Programs of the project's node_modules that commands may call. */
const BINS = ['rimraf', 'del', 'del-cli', 'shx', 'npm-run-all', 'run-s', 'run-p', 'cross-env', 'cross-env-shell'];

function write(root: string, path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

/** Make the tree that every command starts from. Returns its directory; call `remove` at the end. */
export function makeTemplate(): { directory: string; remove(): void } {
  const directory = mkdtempSync(join(tmpdir(), 'wa-judge-'));
  const root = join(directory, 'template');
  for (const [path, text] of Object.entries(TEXTS)) write(root, path, text);
  for (const name of ['reset.sh', 'reset-auth.sh', 'guard.sh', 'locks.sh'])
    chmodSync(join(root, 'scripts', name), 0o755);
  const git = (...args: string[]): void => {
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', '-c', 'init.defaultBranch=main', ...args], {
      cwd: root,
      stdio: 'ignore',
    });
  };
  git('init', '-q');
  git(
    'add',
    'README.md',
    '.gitignore',
    'package.json',
    'src',
    'data/keep.json',
    'packages',
    'scripts',
    'paths.txt',
    'list-dist.txt',
    'Makefile',
  );
  git('commit', '-q', '-m', 'first');
  git('config', 'user.name', 't');
  git('config', 'user.email', 't@t');
  for (const [path, text] of Object.entries(UNTRACKED)) write(root, path, text);
  for (const session of SESSIONS) {
    for (const file of PROFILE) write(root, `${PROFILES[session]}/${file}`, `${session} ${file}\n`);
    symlinkSync('otherhost-4242', join(root, PROFILES[session], 'SingletonLock'));
    symlinkSync('1234', join(root, PROFILES[session], 'SingletonCookie'));
  }
  const bin = join(root, 'node_modules/.bin');
  mkdirSync(bin, { recursive: true });
  const own = resolve(import.meta.dirname, '../../../node_modules/.bin');
  for (const name of BINS) symlinkSync(join(own, name), join(bin, name));
  return { directory: root, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

export interface JudgedCommand {
  readonly command: string;
  readonly shell?: 'sh' | 'bash';
}

export interface Outcome {
  readonly left: Readonly<Record<string, string>>;
  readonly status: number | null;
  readonly timedOut: boolean;
  readonly stderr: string;
}

/** Run commands for real. Needs root (name spaces); the commands themselves run as nobody. */
export function runForReal(template: string, commands: readonly JudgedCommand[], timeout = 20_000): Outcome[] {
  const folder = mkdtempSync(join(tmpdir(), 'wa-judge-io-'));
  try {
    const input = join(folder, 'in.json');
    const bins = resolve(import.meta.dirname, '../../../node_modules/.bin');
    const path = `${bins}:/usr/local/bin:/usr/bin:/bin`;
    writeFileSync(input, JSON.stringify({ commands, watched: SESSIONS, path, timeout, tools: dirname(bins) }));
    // The answer comes through a pipe: no file of this machine can be written from within.
    const answer = execFileSync(
      'unshare',
      [
        '--net',
        '--ipc',
        '--mount',
        '--pid',
        '--fork',
        '--mount-proc',
        '--kill-child',
        process.execPath,
        join(import.meta.dirname, 'runner.mjs'),
        SANDBOX,
        template,
        input,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1_000_000_000 },
    );
    return JSON.parse(answer.toString('utf8')) as Outcome[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export type Fate = 'intact' | 'partial' | 'deleted';

const HARMLESS = /\/(?:Singleton\w*|DevToolsActivePort)$|\/(?:Cache|Code Cache|GPUCache|CacheStorage)\//;

/** What became of a session, from what is left of it: independent of the program's own reckoning. */
export function fateOf(session: (typeof SESSIONS)[number], before: Outcome['left'], after: Outcome['left']): Fate {
  const base = `${PROFILES[session]}/`;
  const mine = Object.keys(before).filter((path) => path.startsWith(base));
  const kept = (path: string): boolean => after[path] === before[path];
  for (const store of ['Default/IndexedDB/', 'Default/Local Storage/']) {
    if (mine.filter((path) => path.startsWith(base + store)).every((path) => !kept(path))) return 'deleted';
  }
  return mine.every((path) => kept(path) || HARMLESS.test(path)) ? 'intact' : 'partial';
}
