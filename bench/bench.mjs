// The benchmark, one command: whole-process times as ratios to `node -e 0`, measured in one run, interleaved, medians.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { buildSync } from 'esbuild';

const RUNS = Number(process.env.BENCH_RUNS ?? 15);
const BINARY = 'bin/wa-doctor.js';
const EXAMPLE = ['audit', '/app/whatsapp-service', '--root', 'test/fixtures/founding/root'];

/** A bot with a compose file and a linked profile of 100 MB. */
function composeBot() {
  const project = mkdtempSync(join(tmpdir(), 'wa-bench-compose-'));
  const write = (name, text) => writeFileSync(join(project, name), text);
  write(
    'package.json',
    JSON.stringify({
      name: 'bot',
      main: 'index.js',
      scripts: { start: 'node index.js', clean: 'rm -rf dist' },
      dependencies: { 'whatsapp-web.js': '1.34.7' },
    }),
  );
  write(
    'index.js',
    `const { Client, LocalAuth } = require('whatsapp-web.js');
const client = new Client({ authStrategy: new LocalAuth({ dataPath: process.env.DATA_PATH || './.wwebjs_auth' }) });
process.on('SIGTERM', async () => { await client.destroy(); process.exit(0); });
client.initialize();
`,
  );
  write(
    'Dockerfile',
    'FROM node:20\nWORKDIR /app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "index.js"]\n',
  );
  write(
    'docker-compose.yml',
    `services:
  bot:
    build: .
    environment:
      DATA_PATH: /app/data
    volumes:
      - sessions:/app/data
    stop_grace_period: 30s
volumes:
  sessions:
`,
  );
  const cache = 'node_modules/.cache';
  mkdirSync(cache, { recursive: true });
  const maker = join(mkdtempSync(join(cache, 'bench-')), 'child.mjs');
  buildSync({
    entryPoints: ['bench/profile-child.ts'],
    outfile: maker,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  mkdirSync(join(project, '.wwebjs_auth'));
  const size = String(100 * 1024 * 1024);
  const made = spawnSync(process.execPath, [maker, 'make', join(project, '.wwebjs_auth/session'), size, 'linked']);
  rmSync(join(maker, '..'), { recursive: true });
  if (made.status !== 0) throw new Error(String(made.stderr));
  return project;
}

const bot = composeBot();

const cases = [
  { name: 'node -e 0', args: ['-e', '0'], limit: null },
  { name: '--version', args: [BINARY, '--version'], limit: 1.3 },
  { name: 'mounts /', args: [BINARY, 'mounts', '/'], limit: 1.5 },
  { name: 'audit (example)', args: [BINARY, ...EXAMPLE], limit: 3 },
  { name: 'audit (compose)', args: [BINARY, 'audit', bot], limit: 5 },
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

rmSync(bot, { recursive: true });

// Every other bench is a file of its own that prints its lines.
if (!process.argv.includes('--start-up')) {
  for (const file of readdirSync('bench')
    .filter((name) => name.endsWith('.bench.mjs'))
    .sort()) {
    console.log('');
    spawnSync(process.execPath, [`bench/${file}`], { stdio: 'inherit' });
  }
}
