// The benchmark, one command: whole-process times as ratios to `node -e 0`, measured in one run, interleaved, medians.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import process from 'node:process';

const RUNS = Number(process.env.BENCH_RUNS ?? 15);
const BINARY = 'bin/wa-doctor.js';
const EXAMPLE = ['audit', '/app/whatsapp-service', '--root', 'test/fixtures/founding/root'];

const cases = [
  { name: 'node -e 0', args: ['-e', '0'], limit: null },
  { name: '--version', args: [BINARY, '--version'], limit: 1.3 },
  { name: 'mounts /', args: [BINARY, 'mounts', '/'], limit: 1.5 },
  { name: 'audit (example)', args: [BINARY, ...EXAMPLE], limit: 3 },
];

function milliseconds(args) {
  const started = process.hrtime.bigint();
  spawnSync(process.execPath, args, { stdio: 'ignore', env: { PATH: process.env.PATH } });
  return Number(process.hrtime.bigint() - started) / 1e6;
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const times = new Map(cases.map(({ name }) => [name, []]));
for (let run = 0; run <= RUNS; run += 1) {
  for (const { name, args } of cases) {
    const time = milliseconds(args);
    if (run > 0) times.get(name).push(time);
  }
}
const base = median(times.get('node -e 0'));
console.log(`start-up, ${RUNS} runs each, medians, ratios to node -e 0 (${base.toFixed(1)} ms)`);
for (const { name, limit } of cases) {
  const value = median(times.get(name));
  const aim = limit === null ? '' : ` (aim <= ${limit})`;
  console.log(`  ${name.padEnd(18)} ${value.toFixed(1).padStart(8)} ms  ${(value / base).toFixed(2)}x${aim}`);
}

// Every other bench is a file of its own that prints its lines.
if (!process.argv.includes('--start-up')) {
  for (const file of readdirSync('bench')
    .filter((name) => name.endsWith('.bench.mjs'))
    .sort()) {
    console.log('');
    spawnSync(process.execPath, [`bench/${file}`], { stdio: 'inherit' });
  }
}
