import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';
import { type AbsolutePath, absolutePath } from '../../src/model/path.ts';

const made: string[] = [];
afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

/** A throw-away project with these files. */
export function scratchTree(files: Readonly<Record<string, string>>): AbsolutePath {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'wa-tree-')));
  made.push(top);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(top, file)), { recursive: true });
    writeFileSync(join(top, file), text);
  }
  return absolutePath(top);
}
