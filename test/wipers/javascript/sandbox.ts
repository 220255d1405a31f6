import { spawnSync } from 'node:child_process';
import {
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type AbsolutePath, absolutePath } from '../../../src/model/path.ts';
import type { World } from '../../../src/wipers/world.ts';
import { REPOSITORY } from '../../support/doctor.ts';

/** The user `nobody`: what a snippet may write is only the sandbox. */
const NOBODY = 65534;

const FILES = [
  '.env',
  '.wwebjs_auth/session/Default/Cookies',
  '.wwebjs_auth/session/Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/CURRENT',
  '.wwebjs_auth/session/Default/Local Storage/leveldb/000003.log',
  '.wwebjs_auth/session/Default/Local Storage/leveldb/CURRENT',
  '.wwebjs_auth/session/SingletonLock',
  '.wwebjs_auth/session/SingletonCookie',
  '.wwebjs_auth/session-two/Default/Local Storage/leveldb/CURRENT',
  '.wwebjs_cache/2.3000.html',
  'data/sessions/session-main/Default/Local Storage/leveldb/CURRENT',
  'data/sessions/session-main/DevToolsActivePort',
  'data/keep.db',
  'dist/index.js',
  'dist/a/b.js',
  'logs/a.log',
  'logs/b.txt',
  'tmp/x',
  'package.json',
];

export function makeSandbox(extra: Readonly<Record<string, string>>): AbsolutePath {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'wa-js-')));
  for (const file of FILES) {
    mkdirSync(dirname(join(top, file)), { recursive: true });
    writeFileSync(
      join(top, file),
      file === 'package.json' ? '{"name":"x"}' : file === '.env' ? 'SESSION_PATH=./data/sessions\n' : 'x',
    );
  }
  for (const [file, text] of Object.entries(extra)) {
    mkdirSync(dirname(join(top, file)), { recursive: true });
    writeFileSync(join(top, file), text);
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(top, 'node_modules'));
  own(top);
  return absolutePath(top);
}

function own(path: string): void {
  const status = lstatSync(path);
  if (status.isSymbolicLink()) return;
  chownSync(path, NOBODY, NOBODY);
  if (status.isDirectory()) for (const name of readdirSync(path)) own(join(path, name));
}

/** Every file and directory below the top, `node_modules` left out. */
export function listing(top: string): string[] {
  const found: string[] = [];
  const visit = (directory: string, prefix: string): void => {
    for (const name of readdirSync(directory).sort()) {
      if (prefix === '' && name === 'node_modules') continue;
      found.push(prefix + name);
      const full = join(directory, name);
      if (lstatSync(full).isDirectory()) visit(full, `${prefix}${name}/`);
    }
  };
  visit(top, '');
  return found;
}

/** Really run it, without network and without rights outside of the sandbox. */
export function reallyRun(top: string, args: readonly string[]): { readonly error: string } {
  const { stderr } = spawnSync(
    'unshare',
    ['-n', 'setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', process.execPath, ...args],
    {
      cwd: top,
      encoding: 'utf8',
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: top },
      timeout: 20_000,
      input: 'y\ny\ny\n',
    },
  );
  return { error: stderr };
}

export function removeSandbox(top: string): void {
  rmSync(top, { recursive: true, force: true });
}

/** The world as it lies on this disk. */
export function diskWorld(): World {
  return {
    kind(path) {
      try {
        const status = lstatSync(path);
        return status.isDirectory()
          ? 'directory'
          : status.isFile()
            ? 'file'
            : status.isSymbolicLink()
              ? 'link'
              : 'other';
      } catch {
        return null;
      }
    },
    names(path) {
      try {
        return readdirSync(path).sort();
      } catch {
        return null;
      }
    },
    text(path) {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return null;
      }
    },
    resolve(path) {
      try {
        return absolutePath(realpathSync(path));
      } catch {
        return null;
      }
    },
  };
}
