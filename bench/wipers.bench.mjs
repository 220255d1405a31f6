// Bundles bench/wipers.ts and runs it with plain node.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

const out = resolve(import.meta.dirname, '../node_modules/.wipers-bench.mjs');
await build({
  entryPoints: [resolve(import.meta.dirname, 'wipers.ts')],
  outfile: out,
  bundle: true,
  platform: 'node',
  format: 'esm',
  external: ['unbash'],
  logLevel: 'error',
});
try {
  process.exitCode = spawnSync(process.execPath, [...process.argv.slice(2), out], { stdio: 'inherit' }).status ?? 1;
} finally {
  rmSync(out, { force: true });
}
