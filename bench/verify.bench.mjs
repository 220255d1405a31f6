// What verify costs beside the same two runs with the bare library, each in its own process; and what the canary takes. Interleaved,
// medians. Needs a browser; the page is the stand-in of the tests, nothing leaves the machine. BENCH_VERIFY_RUNS sets the rounds.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';

const ROUNDS = Number(process.env.BENCH_VERIFY_RUNS ?? 10);
const BROWSER = '/usr/bin/chromium';
const REPOSITORY = resolve(import.meta.dirname, '..');
const BINARY = join(REPOSITORY, 'bin/wa-doctor.js');

if (!existsSync(BROWSER)) {
  console.log('verify: not measured, there is no browser here');
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'wa-bench-verify-'));

/** The stand-in is TypeScript; its page lies beside its source. */
async function standInModule() {
  const source = join(REPOSITORY, 'test/support/stand-in');
  const outfile = join(folder, 'stand-in.mjs');
  await build({
    entryPoints: [join(source, 'server.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
    define: { 'import.meta.dirname': JSON.stringify(source) },
  });
  return await import(outfile);
}

/** One run as a bot makes it: ready, destroy, exit. */
const BARE = `
const { Client, LocalAuth } = require(${JSON.stringify(join(REPOSITORY, 'node_modules/whatsapp-web.js'))});
const [dataPath, args] = JSON.parse(process.argv[2]);
const client = new Client({
  authStrategy: new LocalAuth({ dataPath }),
  webVersionCache: { type: 'none' },
  puppeteer: { executablePath: ${JSON.stringify(BROWSER)}, args, headless: true, pipe: true },
});
client.on('qr', () => process.exit(9));
client.on('ready', async () => { await client.destroy(); process.exit(0); });
client.initialize();
`;

async function timed(args) {
  const started = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const code = await new Promise((done) => child.once('exit', done));
  return { ms: performance.now() - started, code, out };
}

const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const { startStandIn } = await standInModule();
const standIn = await startStandIn();
try {
  writeFileSync(join(folder, 'bare.cjs'), BARE);
  const flags = standIn.browserArgs.map((arg) => `--browser-arg=${arg}`);
  const verifyOf = (session, ...more) => [
    BINARY,
    ...['verify', REPOSITORY, '--session', session, '--browser', BROWSER, '--yes', '--json'],
    ...flags,
    ...more,
  ];
  const base = join(folder, 'base/session');
  void standIn.waiting().then(() => standIn.pair('"49151000000:11@c.us"'));
  const linked = await timed(verifyOf(base, '--pair'));
  if (linked.code !== 0) throw new Error(`no linked profile: ${linked.out}`);

  const times = { bare: [], verify: [], full: [], apart: [], canary: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    const [one, other] = ['bare', 'doctor'].map((name) => join(folder, `${name}-${round}`));
    for (const path of [one, other]) cpSync(base, join(path, 'session'), { recursive: true, verbatimSymlinks: true });
    const bare = join(folder, 'bare.cjs');
    const argument = JSON.stringify([one, [...standIn.browserArgs]]);
    const runs = [await timed([bare, argument]), await timed([bare, argument])];
    if (runs.some(({ code }) => code !== 0)) throw new Error('the bare library did not become ready');
    times.bare.push(runs[0].ms + runs[1].ms);
    // Without the copy, because the copy hides the loading of the library: subtracting it would flatter.
    const verified = await timed(verifyOf(join(other, 'session'), '--no-backup'));
    if (verified.code !== 0) throw new Error(`not survived: ${verified.out}`);
    const { inspect } = JSON.parse(verified.out).timings;
    times.verify.push(verified.ms - inspect);
    const full = await timed(verifyOf(join(other, 'session')));
    const { backup } = JSON.parse(full.out).timings;
    times.full.push(full.ms);
    times.apart.push(backup + inspect);
    times.canary.push((await timed([BINARY, 'canary', '--browser', BROWSER, join(folder, `canary-${round}`)])).ms);
    for (const path of [one, other]) rmSync(path, { recursive: true, force: true });
  }
  const [bare, verify] = [median(times.bare), median(times.verify)];
  const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
  console.log(`verify, ${ROUNDS} rounds, medians`);
  console.log(`  two runs with the bare library   ${seconds(bare)}`);
  console.log(`  verify without copy, inspection  ${seconds(verify)}  ${(verify / bare).toFixed(2)}x (aim <= 1.15)`);
  console.log(`  copy and inspection              ${seconds(median(times.apart))}`);
  console.log(`  verify with both                 ${seconds(median(times.full))}`);
  console.log(`  canary                           ${seconds(median(times.canary))} (aim <= 2.5 s on a quiet machine)`);
} finally {
  await standIn.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}
