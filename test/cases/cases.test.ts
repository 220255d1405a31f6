import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import { doctor, doctorJson, REPOSITORY, scratch, write } from '../support/doctor.ts';

/**
 * Public threads, retold as a small repository and host and judged end to end (knowledge: cases.md, by their numbers there). The
 * others, 5 and 18, stand where their subject is tested, in test/profile.
 */

const HOST = [
  '26 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw',
  '27 26 0:5 / /proc rw,nosuid,nodev,noexec - proc proc rw',
  '28 26 0:24 / /run rw,nosuid,nodev - tmpfs tmpfs rw',
].join('\n');

const MANIFEST = JSON.stringify({
  name: 'bot',
  scripts: { start: 'node index.js' },
  dependencies: { 'whatsapp-web.js': '^1.34.7' },
});

function source(auth: string): string {
  return `const { Client, LocalAuth } = require('whatsapp-web.js');\nconst client = new Client({ authStrategy: ${auth} });\nclient.initialize();\n`;
}

function audit(project: string, files: Readonly<Record<string, string>>, more: readonly string[] = []) {
  const root = write(scratch('case'), files);
  return doctorJson<Report>(['audit', project, '--root', root, ...more]);
}

function only(report: Report, code: string): Finding {
  const found = report.findings.filter((finding) => finding.code === code);
  expect(
    found.map((finding) => finding.code),
    JSON.stringify(report.findings.map((finding) => finding.code)),
  ).toContain(code);
  return found[0] as Finding;
}

describe('case 3: the profile on a dyno', () => {
  const { json, code } = audit('/app', {
    'proc/self/mountinfo': '1 0 254:1 / / rw,relatime - ext4 /dev/root rw\n2 1 0:5 / /proc rw - proc proc rw\n',
    'proc/self/environ': 'DYNO=web.1\0HOME=/app\0PORT=5000\0',
    'app/package.json': MANIFEST,
    'app/Procfile': 'web: node index.js\n',
    'app/index.js': source("new LocalAuth({ dataPath: './userDataDir/' })"),
  });

  it('is lost, on storage of the dyno', () => {
    const finding = only(json, 'WA101');
    expect(finding.severity).toBe('error');
    expect(finding.message).toContain('/app/userDataDir/session');
    expect(`${finding.event} ${finding.message}`).toMatch(/dyno|heroku/i);
    expect({ verdict: json.verdict, code }).toEqual({ verdict: 'lost', code: 1 });
  });
});

describe('case 20: the browser was replaced by an older build', () => {
  const { json } = audit('/srv/bot', {
    'proc/self/mountinfo': HOST,
    'srv/bot/package.json': MANIFEST,
    'srv/bot/index.js': `const { Client, LocalAuth } = require('whatsapp-web.js');
const client = new Client({
  authStrategy: new LocalAuth({ dataPath: '/var/lib/wa' }),
  puppeteer: { executablePath: '/opt/puppeteer/chrome/linux-146.0.7680.31/chrome-linux64/chrome' },
});
client.initialize();
`,
    'opt/puppeteer/chrome/linux-146.0.7680.31/chrome-linux64/chrome': '',
    'var/lib/wa/session/Last Version': '149.0.7827.155',
    'var/lib/wa/session/Local State': '{}',
    'var/lib/wa/session/Default/Preferences': '{"profile":{"exit_type":"Normal"}}',
  });

  it('names both versions', () => {
    expect(only(json, 'WA507').message).toMatch(/149.*146/);
  });
});

describe('case 22: too little disk', () => {
  it('says how much is left where the session is stored', () => {
    const root = write(scratch('case'), {
      'proc/self/mountinfo': HOST,
      'srv/bot/package.json': MANIFEST,
      'srv/bot/index.js': source("new LocalAuth({ dataPath: '/var/lib/wa' })"),
      'var/lib/wa/session/Local State': '{}',
      'var/lib/wa/session/Default/Preferences': '{}',
    });
    const file = `${root}/facts.json`;
    // The space of a real disk cannot be made here: the facts of the host are captured, and this one is changed.
    expect(doctor(['audit', '/srv/bot', '--root', root, '--facts-out', file]).code).toBe(0);
    const captured = JSON.parse(readFileSync(file, 'utf8'));
    captured.facts.space.value.sessions = captured.facts.space.value.sessions.map((row: object) => ({
      ...row,
      bytesFree: 30 * 1024 * 1024,
      bytesTotal: 20 * 1024 ** 3,
    }));
    write(root, { 'facts.json': JSON.stringify(captured) });
    const { json, code } = doctorJson<Report>(['audit', '--facts', file]);
    const finding = only(json, 'WA105');
    expect(finding.severity).toBe('error');
    expect(finding.message).toMatch(/3[01](\.\d)? ?M/);
    expect(code).toBe(1);
  });
});

describe('case 23: an unwritable directory', () => {
  const { json, code } = audit('/srv/bot', {
    'proc/self/mountinfo': `${HOST}\n40 26 8:16 / /data ro,relatime - ext4 /dev/sdb ro\n`,
    'etc/passwd': 'root:x:0:0::/root:/bin/sh\nbot:x:1000:1000::/home/bot:/bin/sh\n',
    'srv/bot/package.json': MANIFEST,
    'srv/bot/index.js': source("new LocalAuth({ dataPath: '/data' })"),
    'data/.keep': '',
  });

  it('is said for what it is, not as a running browser', () => {
    const finding = only(json, 'WA106');
    expect(finding.severity).toBe('error');
    expect(finding.message).toContain('/data');
    expect(json.findings.map((one) => one.code)).not.toContain('WA504');
    expect(code).toBe(1);
  });
});

describe('case 8: pm2 in cluster mode', () => {
  const { json, code } = audit('/srv/bot', {
    'proc/self/mountinfo': HOST,
    'srv/bot/package.json': MANIFEST,
    'srv/bot/index.js': source("new LocalAuth({ dataPath: '/var/lib/wa' })"),
    'srv/bot/ecosystem.config.js':
      "module.exports = { apps: [{ name: 'bot', script: 'index.js', exec_mode: 'cluster', instances: 8 }] };\n",
  });

  it('says that eight instances share one session', () => {
    const finding = only(json, 'WA405');
    expect(finding.severity).toBe('error');
    expect(finding.message).toMatch(/\b8\b/);
    expect(finding.remediation.steps.join(' ')).toMatch(/fork|instances/);
    expect(code).toBe(1);
  });
});

describe('case 9: a handler that never finishes', () => {
  const files = (version: string) => ({
    'proc/self/mountinfo': HOST,
    'srv/bot/package.json': MANIFEST,
    'srv/bot/node_modules/puppeteer/package.json': JSON.stringify({ name: 'puppeteer', version }),
    'srv/bot/index.js': `const { Client, LocalAuth } = require('whatsapp-web.js');
const client = new Client({ authStrategy: new LocalAuth({ dataPath: '/var/lib/wa' }) });
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, async () => {
    await client.destroy();
    process.exit(0);
  });
}
client.initialize();
`,
  });

  it.each([
    ['24.38.0', ['SIGINT', 'SIGTERM']],
    ['18.2.1', ['SIGINT']],
  ])('with puppeteer %s the handler of %j is cut off', (version, signals) => {
    const finding = only(audit('/srv/bot', files(version)).json, 'WA402');
    expect(finding.severity).toBe('error');
    for (const signal of signals) expect(finding.message).toContain(signal);
    if (!signals.includes('SIGTERM')) expect(finding.message).not.toContain('SIGTERM');
    expect(finding.remediation.steps.join(' ')).toContain('handleSIGINT: false');
  });
});

/** The facts of a root, with the profile that a live machine would show, judged anew. */
function replay(files: Readonly<Record<string, string>>, path: string, profile: object) {
  const root = write(scratch('case'), files);
  const file = join(scratch('case-facts'), 'facts.json');
  expect(doctor(['audit', '/srv/bot', '--root', root, '--facts-out', file]).code).toBe(0);
  const saved = JSON.parse(readFileSync(file, 'utf8'));
  const example = join(REPOSITORY, 'test/fixtures/checks/WA408/bad/case.json');
  const [linked] = JSON.parse(readFileSync(example, 'utf8')).facts.profiles;
  saved.facts.profiles = { ok: true, value: [{ ...linked, path, ...profile }], gaps: [] };
  writeFileSync(file, JSON.stringify(saved));
  return doctorJson<Report>(['audit', '--facts', file]).json;
}

describe('case 11: tested too early', () => {
  const born = Date.UTC(2026, 10, 25, 10, 0, 5);
  const report = replay(
    {
      'proc/self/mountinfo': HOST,
      'srv/bot/package.json': MANIFEST,
      'srv/bot/index.js': source("new LocalAuth({ dataPath: '/var/lib/wa' })"),
    },
    '/var/lib/wa/session',
    { lastExit: 'unclean', bornAt: born, lastUsed: born + 20_000, idleDays: 0, state: 'never-linked' },
  );

  it('says how short the pairing lived, and blames no storage', () => {
    const finding = only(report, 'WA506');
    expect(finding.severity).toBe('warning');
    expect(`${finding.message} ${finding.evidence.join(' ')}`).toMatch(/20 s/);
    expect(report.findings.filter(({ code, severity }) => code.startsWith('WA1') && severity !== 'info')).toEqual([]);
  });
});

describe('case 15: intact, but not started', () => {
  const report = replay(
    {
      'proc/self/mountinfo': HOST,
      'srv/bot/package.json': MANIFEST,
      'srv/bot/index.js': readFileSync(
        join(REPOSITORY, 'test/fixtures/checks/WA408/bad/root/srv/bot/index.js'),
        'utf8',
      ),
    },
    '/var/lib/wa/session-main',
    {},
  );

  it('says that the session is complete and that nothing starts it', () => {
    const finding = only(report, 'WA408');
    expect(finding.severity).toBe('warning');
    expect(finding.message).toMatch(/session-main is complete, and no browser runs for it/);
    expect(finding.remediation.steps.join(' ')).toMatch(/Do not pair again and do not move/);
  });

  it('advises neither a new mount nor a new pairing', () => {
    const loud = report.findings.filter(({ severity }) => severity !== 'info');
    expect(loud.filter(({ code }) => code.startsWith('WA1') || code.startsWith('WA5'))).toEqual([]);
  });
});

describe('case 1: volume and data path point to different places, and two replicas', () => {
  const { json, code } = audit('/srv/server', {
    'proc/self/mountinfo': HOST,
    'srv/server/package.json': MANIFEST,
    'srv/server/Dockerfile':
      'FROM node:18\nWORKDIR /usr/src/app\nCOPY package.json ./\nRUN npm ci\nCOPY . .\nCMD ["node", "index.js"]\n',
    'srv/server/.env': 'WWEBJS_AUTH=./volumes/wweb_auth\n',
    'srv/server/docker-compose.yml': `services:
  server:
    image: server
    build: .
    env_file: .env
    volumes:
      - ./volumes/log/server:/var/log/nodejs
      - ./volumes/wweb_auth:/usr/src/app/.wweb_auth
    deploy:
      replicas: 2
      restart_policy:
        condition: any
`,
    'srv/server/index.js': `const path = require('path');
const { Client, LocalAuth } = require('whatsapp-web.js');
function start(id) {
  const client = new Client({
    authStrategy: new LocalAuth({ clientId: id, dataPath: path.join(\`\${__dirname}/\${process.env.WWEBJS_AUTH}\`) }),
  });
  client.initialize();
}
start('main');
`,
  });

  it('names where the session goes and where the volume is', () => {
    const mismatch = only(json, 'WA107');
    expect(mismatch.severity).toBe('error');
    expect(mismatch.message).toContain('/usr/src/app/volumes/wweb_auth');
    expect(mismatch.message).toContain('/usr/src/app/.wweb_auth');
  });

  it('and that two replicas share one session', () => {
    const owners = only(json, 'WA405');
    expect(owners.severity).toBe('error');
    expect(`${owners.message} ${owners.evidence.join(' ')}`).toMatch(/replicas|\b2\b/);
    expect({ verdict: json.verdict, code }).toEqual({ verdict: 'lost', code: 1 });
  });
});

describe('case 13: the incognito flag', () => {
  const { json, code } = audit('/srv/bot', {
    'proc/self/mountinfo': HOST,
    'srv/bot/package.json': MANIFEST,
    'srv/bot/index.js': `const { Client, LocalAuth } = require('whatsapp-web.js');
const client = new Client({
  authStrategy: new LocalAuth({ dataPath: '/var/lib/wa' }),
  puppeteer: { args: ['--incognito', '--no-sandbox'] },
});
client.initialize();
`,
  });

  it('says that nothing is stored, and which flag to remove', () => {
    const finding = only(json, 'WA203');
    expect(finding.severity).toBe('error');
    expect(finding.message).toContain('--incognito');
    expect(`${finding.remediation.summary} ${finding.remediation.steps.join(' ')}`).toMatch(/remove|take/i);
    expect(code).toBe(1);
  });
});
