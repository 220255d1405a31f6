// What reading the databases of a profile costs: whole processes, beside `sha256sum` of the same files and an empty Node.
// Shown: the least wall time of several runs (the machine is never quiet), CPU and peak memory. `node bench/profile.mjs`, or imported.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const ROOT = resolve(import.meta.dirname, '..');
const INDEXED = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
const RUNS = 7;

function once(command, args) {
  const start = performance.now();
  const child = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (child.status !== 0) throw new Error(child.stderr);
  return { ms: performance.now() - start, out: child.stdout };
}

/** @returns {{ ms: number, out: string }} the quickest of several runs */
function least(command, args, runs = RUNS) {
  let best = once(command, args);
  for (let run = 1; run < runs; run += 1) {
    const next = once(command, args);
    if (next.ms < best.ms) best = next;
  }
  return best;
}

/**
 * @param {string} [profile] a real profile to measure instead of a generated one of 100 MB
 * @returns rows of `{ name, ms, cpu, megabytes, limit }`
 */
export function profileBench(profile) {
  // Inside the repository, so that the bundle finds the packages that it loads when it needs them.
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const bundle = join(mkdtempSync(join(cache, 'bench-')), 'child.mjs');
  const directory = mkdtempSync(join(tmpdir(), 'wa-bench-profile-'));
  try {
    buildSync({
      entryPoints: [join(ROOT, 'bench/profile-child.ts')],
      outfile: bundle,
      bundle: true,
      platform: 'node',
      format: 'esm',
      packages: 'external',
      logLevel: 'error',
    });
    const child = (...args) => [bundle, ...args];
    const hundred = profile ?? join(directory, 'hundred');
    if (profile === undefined) once(process.execPath, child('make', hundred, String(100 * 1024 * 1024)));
    const large = join(directory, 'large');
    once(process.execPath, child('make', large, String(2 * 1024 ** 3), 'linked'));

    const files = readdirSync(join(hundred, INDEXED)).map((name) => join(hundred, INDEXED, name));
    const empty = least(process.execPath, ['-e', '0']);
    const hash = least('sha256sum', files);
    const rows = [
      { name: 'node -e 0', ms: empty.ms },
      { name: 'sha256sum of 100 MB', ms: hash.ms },
      {
        name: '100 MB, every block verified',
        ...told(least(process.execPath, child('read', hundred, 'full'))),
        limit: hash.ms + empty.ms,
      },
      { name: '100 MB, quick', ...told(least(process.execPath, child('read', hundred, 'quick'))) },
      { name: '2 GB, every block verified', ...told(least(process.execPath, child('read', large, 'full'), 1)) },
    ];
    once(process.execPath, child('sparse', large, String(2 * 1024 ** 3)));
    rows.push({
      name: '2 GB and a log of 2 GB of zeros',
      ...told(least(process.execPath, child('read', large, 'full'), 1)),
    });
    return rows;
  } finally {
    rmSync(directory, { recursive: true, force: true });
    rmSync(resolve(bundle, '..'), { recursive: true, force: true });
  }
}

function told({ ms, out }) {
  const { states, megabytes, cpu } = JSON.parse(out);
  return { ms, cpu, megabytes, states };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const { name, ms, cpu, megabytes, limit, states } of profileBench(process.argv[2])) {
    const parts = [`${ms.toFixed(0)} ms`];
    if (cpu !== undefined) parts.push(`${cpu.toFixed(0)} ms CPU`, `${megabytes.toFixed(0)} MiB peak`, states.join(' '));
    if (limit !== undefined) parts.push(`${(ms / limit).toFixed(2)} of sha256sum + node -e 0`);
    console.log(`${name.padEnd(34)} ${parts.join(', ')}`);
  }
}
