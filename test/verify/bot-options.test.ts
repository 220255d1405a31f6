import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import type { VerifyResult } from '../../src/model/verify.ts';
import { doctorJson, scratch } from '../support/doctor.ts';
import { lacks } from '../support/needs.ts';
import { BROWSER, processesOn, REPOSITORY } from './support.ts';

/**
 * A bot with options of its own, and a second stand-in: served by the library's own web version cache instead of a server, without any
 * network, and keeping its login under names that the doctor does not know.
 */
const PAGE = readFileSync(join(REPOSITORY, 'test/support/stand-in/page.html'), 'utf8')
  .replaceAll('last-wid-md', 'other-account')
  .replaceAll('WANoiseInfo', 'OtherNoise')
  .replaceAll('WAWebEncKeySalt', 'OtherSalt')
  .replaceAll('signal-storage', 'other-storage')
  .replaceAll('signal-meta-store', 'other-store')
  .replaceAll('wawc_db_enc', 'otherKeys')
  .replaceAll('model-storage', 'other-messages');

/** Link a profile by hand: puppeteer alone, every request answered here. */
async function linkBy(userDataDir: string): Promise<void> {
  const { launch } = await import('puppeteer');
  const browser = await launch({
    executablePath: BROWSER,
    userDataDir,
    pipe: true,
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND'],
  });
  try {
    let paired = false;
    const page = await browser.newPage();
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      const path = new URL(request.url()).pathname;
      if (path === '/stand-in/paired') paired = true;
      const body = path === '/' ? PAGE : path === '/stand-in/wait' ? 'token-1' : 'ok';
      void request.respond({ status: 200, contentType: 'text/html', body });
    });
    await page.goto('https://web.whatsapp.com/');
    while (!paired) await delay(20, undefined, { signal: AbortSignal.timeout(60_000) });
  } finally {
    await browser.close();
  }
}

/** A bot whose page comes from `pages/2.3000.77.html`, and whose browser is a program of its own. */
function bot(base: string, options = ''): string {
  const project = scratch();
  mkdirSync(join(project, 'pages'));
  writeFileSync(join(project, 'pages/2.3000.77.html'), PAGE);
  writeFileSync(
    join(project, 'package.json'),
    '{"name":"bot","scripts":{"start":"node index.js"},"dependencies":{"whatsapp-web.js":"1","dotenv":"16"}}',
  );
  writeFileSync(join(project, '.env'), 'CHROME=./browser.sh\n');
  writeFileSync(
    join(project, 'index.js'),
    `require('dotenv').config();
const { Client, LocalAuth } = require('whatsapp-web.js');
const client = new Client({
  authStrategy: new LocalAuth({ clientId: 'main', dataPath: './data' }),
  webVersion: '2.3000.77',
  webVersionCache: { type: 'local', path: './pages', strict: true },
  authTimeoutMs: 45000,
  bypassCSP: true,
  ${options}
  puppeteer: {
    executablePath: process.env.CHROME || '/usr/bin/nothing',
    args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND'],
  },
});
client.initialize();
`,
  );
  browser(project, '');
  symlinkSync(join(REPOSITORY, 'node_modules'), join(project, 'node_modules'));
  cpSync(base, join(project, 'data/session-main'), { recursive: true });
  return project;
}

/** The browser of the bot; `before` runs at its every start, with the number of the start in `$n`. */
function browser(project: string, before: string): void {
  const path = join(project, 'browser.sh');
  writeFileSync(
    path,
    `#!/bin/sh
echo x >> '${project}/starts'
n=$(wc -l < '${project}/starts')
echo "$@" >> '${project}/words'
${before}
exec ${BROWSER} "$@"
`,
  );
  chmodSync(path, 0o755);
}

const run = (project: string, ...args: string[]) =>
  doctorJson<VerifyResult>(['verify', project, '--yes', ...args], { cwd: project });
const files = (directory: string) => readdirSync(directory).sort();

describe.skipIf(lacks('chromium', 'root'))('verify with the options of the bot', { timeout: 300_000 }, () => {
  let base: string;
  beforeAll(async () => {
    base = join(scratch(), 'session-main');
    await linkBy(base);
  }, 120_000);

  it('opens the page that the bot opens, with the browser that the bot names', () => {
    const project = bot(base);
    const before = files(project);
    const { code, json } = run(project);
    expect(json.reason).toContain('without a QR code');
    expect({ code, verdict: json.verdict }).toEqual({ code: 0, verdict: 'survived' });
    expect(json.browser?.path).toBe(join(project, 'browser.sh'));
    expect(json.runs.map(({ outcome }) => outcome)).toEqual(['ready', 'ready']);
    // Two starts; no page was stored, no copy is left.
    expect(readFileSync(join(project, 'starts'), 'utf8')).toBe('x\nx\n');
    expect(files(project)).toEqual([...before, 'starts', 'words'].sort());
    expect(files(join(project, 'pages'))).toEqual(['2.3000.77.html']);
    expect(files(join(project, 'data'))).toEqual(['session-main']);
    expect(processesOn(join(project, 'data'))).toEqual([]);
  });

  it('a login under unknown names that is gone at the second start is lost, and its copy is kept', () => {
    const project = bot(base);
    browser(project, `[ "$n" = 2 ] && rm -rf '${project}/data/session-main'`);
    const { code, json } = run(project);
    expect({ code, verdict: json.verdict, lostAt: json.lostAt }).toEqual({ code: 1, verdict: 'lost', lostAt: 2 });
    expect(json.backup?.kept).toBe(true);
    expect(files(join(project, 'data'))).toContain(json.backup?.path.split('/').at(-1));
  });

  it('the session may be named, and the bot is still asked for its options', () => {
    const project = bot(base);
    const elsewhere = join(scratch(), 'session');
    cpSync(base, elsewhere, { recursive: true });
    const { json } = run(project, '--session', elsewhere);
    expect(json).toMatchObject({ verdict: 'survived', session: elsewhere });
  });

  it('without its page the bot does not start either: nothing is proved', () => {
    const project = bot(base);
    writeFileSync(join(project, 'index.js'), readFileSync(join(project, 'index.js'), 'utf8').replace('.77', '.78'));
    const { code, json } = run(project);
    expect({ code, verdict: json.verdict }).toEqual({ code: 3, verdict: 'inconclusive' });
    expect(json.reason).toContain('2.3000.78');
  });
});
