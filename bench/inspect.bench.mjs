// `wa-doctor inspect` over many sessions under one data path: whole processes, the least of several runs (the machine is never quiet).
// Aim: linear, 500 sessions under 3 s on two cores.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { buildSync } from 'esbuild';

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const SIZES = [125, 250, 500];
/** Files beside the two databases in a profile that Chromium 156 has just made: 140 in 46 directories. */
const DIRECTORIES = 46;
const FILES = 140;
const LIMIT_MS = 3000;

const root = resolve(import.meta.dirname, '..');
const work = mkdtempSync(join(tmpdir(), 'wa-bench-inspect-'));
const child = join(root, 'node_modules/.inspect-bench-child.mjs');

function layOut(profile) {
  const made = spawnSync(process.execPath, [child], { encoding: 'utf8' });
  if (made.status !== 0) throw new Error(made.stderr);
  cpSync(made.stdout.trim(), profile, { recursive: true });
  rmSync(made.stdout.trim(), { recursive: true });
  for (let index = 0; index < FILES; index += 1) {
    const directory = join(profile, 'Default', `part${index % DIRECTORIES}`);
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `file${index}`), 'x'.repeat(2000));
  }
  writeFileSync(join(profile, 'Last Version'), '156.0.8078.79');
  writeFileSync(
    join(profile, 'Variations'),
    '{"user_experience_metrics.stability.exited_cleanly":true,"variations_crash_streak":0}',
  );
  writeFileSync(
    join(profile, 'Default/Preferences'),
    JSON.stringify({ profile: { exit_type: 'Normal' }, fill: 'x'.repeat(8000) }),
  );
}

try {
  buildSync({
    entryPoints: [join(root, 'bench/inspect-child.ts')],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const one = join(work, 'one');
  layOut(one);
  console.log(`inspect, many sessions, least of ${RUNS} runs`);
  for (const size of SIZES) {
    const data = join(work, `data-${size}`);
    for (let index = 0; index < size; index += 1) cpSync(one, join(data, `session-c${index}`), { recursive: true });
    let best = Number.POSITIVE_INFINITY;
    let out = '';
    for (let run = 0; run < RUNS; run += 1) {
      const started = performance.now();
      const result = spawnSync(process.execPath, [join(root, 'bin/wa-doctor.js'), 'inspect', data, '--json'], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });
      best = Math.min(best, performance.now() - started);
      out = result.stdout;
    }
    const { profiles } = JSON.parse(out);
    const linked = profiles.filter(({ state }) => state === 'linked').length;
    if (linked !== size) throw new Error(`${linked} of ${size} sessions are linked`);
    const aim = size === SIZES.at(-1) ? ` (aim < ${LIMIT_MS} ms)` : '';
    console.log(
      `  ${String(size).padStart(4)} sessions ${best.toFixed(0).padStart(7)} ms  ${(best / size).toFixed(2)} ms each${aim}`,
    );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
  rmSync(child, { force: true });
}
