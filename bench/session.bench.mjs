// Source analysis on a repository of 10,000 source files (100 MB), three of them relevant, beside `rg -l whatsapp-web.js` and
// `node -e 0`, interleaved in one run, medians. Aim: at most 4x rg + 2x node in wall time, under 250 MiB at the peak.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

const RUNS = Number(process.env.BENCH_RUNS ?? 7);
const FILES = 10_000;
const BYTES = 10_240;

function layOut(root) {
  const line = (index) =>
    `export const value${index} = compute(input, ${index}, { name: 'row ${index}', list: [1, 2, 3] });\n`;
  let body = '';
  for (let index = 0; body.length < BYTES; index += 1) body += line(index);
  for (let index = 0; index < FILES - 3; index += 1) {
    const directory = join(root, 'src', `module${Math.floor(index / 50)}`);
    if (index % 50 === 0) mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, `file${index}.ts`), `// ${index}\n${body}`);
  }
  writeFileSync(join(root, 'package.json'), '{"dependencies":{"whatsapp-web.js":"^1.34.0"}}');
  writeFileSync(
    join(root, 'src/config.ts'),
    "// for whatsapp-web.js\nexport const dataPath = process.env.WA_PATH ?? './sessions';\n",
  );
  writeFileSync(
    join(root, 'src/client.ts'),
    "import { Client, LocalAuth } from 'whatsapp-web.js';\nimport { dataPath } from './config';\nexport const make = (clientId: string) => new Client({ authStrategy: new LocalAuth({ clientId, dataPath }) });\n",
  );
  writeFileSync(
    join(root, 'src/index.ts'),
    "// starts whatsapp-web.js\nimport { make } from './client';\nmake('main').initialize();\n",
  );
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

/** Files that are skipped with a reason: the whole command with each of them and without, medians (aim: within a second of it). */
function skipped() {
  const place = mkdtempSync(join(tmpdir(), 'wa-bench-skipped-'));
  const head = "const { LocalAuth } = require('whatsapp-web.js');";
  const files = {
    'minified, 5 MB': head + 'var a=function(){return LocalAuth};'.repeat(150_000),
    '100,000 brackets deep': `${head}x=${'['.repeat(100_000)}${']'.repeat(100_000)}`,
    '100,000 parentheses deep': `${head}x=${'('.repeat(100_000)}1${')'.repeat(100_000)}`,
  };
  try {
    writeFileSync(join(place, 'package.json'), '{"name":"bot","dependencies":{"whatsapp-web.js":"1"}}');
    writeFileSync(join(place, 'index.js'), `${head}\n`);
    const run = () => {
      const started = process.hrtime.bigint();
      const { stdout } = spawnSync(
        process.execPath,
        ['bin/wa-doctor.js', 'audit', place, '--target', 'repo', '--json'],
        {
          encoding: 'utf8',
        },
      );
      return { ms: Number(process.hrtime.bigint() - started) / 1e6, stdout };
    };
    for (const [name, text] of Object.entries(files)) {
      const times = { with: [], without: [] };
      let said = false;
      for (let round = 0; round < RUNS; round += 1) {
        writeFileSync(join(place, 'odd.js'), text);
        const first = run();
        said = first.stdout.includes('odd.js was skipped');
        times.with.push(first.ms);
        rmSync(join(place, 'odd.js'));
        times.without.push(run().ms);
      }
      const more = median(times.with) - median(times.without);
      console.log(
        `  ${name}: ${said ? 'skipped with a reason' : 'NOT SKIPPED'}, ${more.toFixed(0)} ms more (aim < 1000)`,
      );
    }
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

const work = mkdtempSync(join(tmpdir(), 'wa-bench-session-'));
const child = resolve(import.meta.dirname, '../node_modules/.session-child.mjs');
try {
  layOut(work);
  await build({
    entryPoints: [resolve(import.meta.dirname, 'session-child.ts')],
    outfile: child,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const commands = {
    rg: ['rg', ['-l', '--fixed-strings', 'whatsapp-web.js', work]],
    node: [process.execPath, ['-e', '0']],
    sites: [process.execPath, [child, work]],
  };
  const times = { rg: [], node: [], sites: [] };
  let said = '';
  for (let run = 0; run <= RUNS; run += 1) {
    for (const [name, [command, args]] of Object.entries(commands)) {
      const started = process.hrtime.bigint();
      const { stdout, error } = spawnSync(command, args, { encoding: 'utf8' });
      if (error) throw error;
      if (run > 0) times[name].push(Number(process.hrtime.bigint() - started) / 1e6);
      if (name === 'sites') said = stdout.trim();
    }
  }
  const [rg, node, sites] = [median(times.rg), median(times.node), median(times.sites)];
  const limit = 4 * rg + 2 * node;
  console.log(`source analysis, ${FILES} files of ${BYTES} bytes, three relevant, ${RUNS} runs each, medians`);
  console.log(
    `  rg ${rg.toFixed(0)} ms, node -e 0 ${node.toFixed(0)} ms, analysis ${sites.toFixed(0)} ms (aim <= ${limit.toFixed(0)} ms)`,
  );
  console.log(`  ${said} (aim: peak < 250 MiB)`);
  skipped();
} finally {
  rmSync(work, { recursive: true, force: true });
  rmSync(child, { force: true });
}
