import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createReader } from '../../src/facts/reader.ts';
import { type AbsolutePath, absolutePath } from '../../src/model/path.ts';
import { type AuthSites, findAuthSites } from '../../src/session/sites.ts';

export type Files = Readonly<Record<string, string>>;

const MANIFEST = JSON.stringify({ name: 'bot', dependencies: { 'whatsapp-web.js': '^1.34.0' } });

/** Lay the files out in a new directory (with a package.json unless they hold one) and hand its path to `use`. */
export async function withProject<T>(files: Files, use: (root: AbsolutePath) => T | Promise<T>): Promise<T> {
  const root = mkdtempSync(join(tmpdir(), 'wa-session-'));
  try {
    for (const [name, text] of Object.entries({ 'package.json': MANIFEST, ...files })) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return await use(absolutePath(root));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

export function sitesOf(files: Files): Promise<AuthSites> {
  return withProject(files, (root) => findAuthSites(createReader(), root));
}

/** `index.js:3 LocalAuth default none .wwebjs_auth/session`, one line for each site. */
export function summary({ sites }: AuthSites): string[] {
  return sites.map(
    ({ file, line, strategy, dataPath, clientId, userDataDir, role }) =>
      `${file}:${line} ${strategy} ${dataPath.kind} ${clientId.kind} ${userDataDir}${role === 'bot' ? '' : ` (${role})`}`,
  );
}
