// Writes the declarations of the two entries that programs import: dist/index.d.ts and dist/guard.d.ts, with what they refer to.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const ENTRIES = { index: 'index.d.ts', guard: 'guard/index.d.ts' };
const emitted = `.types-${process.pid}`;

/**
 * Emit into `<out>/types`, only what the entries reach, with `.js` in place of our `.ts`.
 * @param {string} out
 */
export function writeTypes(out) {
  try {
    const options = [
      '--ignoreConfig',
      ...['--declaration', '--emitDeclarationOnly', '--allowImportingTsExtensions', '--strict', '--skipLibCheck'],
      ...['--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--rootDir', 'src', '--outDir', emitted],
    ];
    const entries = Object.values(ENTRIES).map((entry) => `src/${entry.replace('.d.ts', '.ts')}`);
    execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', ...options, ...entries], { stdio: 'inherit' });
    const seen = new Set();
    const copy = (file) => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(join(emitted, file), 'utf8');
      for (const [, target] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]+)\.ts['"]/g))
        copy(relative('.', join(dirname(file), `${target}.d.ts`)));
      const at = join(out, 'types', file);
      mkdirSync(dirname(at), { recursive: true });
      writeFileSync(at, text.replace(/((?:from|import\()\s*['"]\.[^'"]+)\.ts(['"])/g, '$1.js$2'));
    };
    for (const [name, entry] of Object.entries(ENTRIES)) {
      copy(entry);
      writeFileSync(join(out, `${name}.d.ts`), `export * from './types/${entry.replace('.d.ts', '.js')}';\n`);
    }
  } finally {
    if (existsSync(emitted)) rmSync(emitted, { recursive: true });
  }
}

if (process.argv[1] === import.meta.filename) writeTypes(process.argv[2] ?? 'dist');
