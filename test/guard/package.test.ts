import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { installDoctor } from '../lifecycle/real/bot.ts';
import { doctorJson, REPOSITORY, scratch, write } from '../support/doctor.ts';

const DIST = join(REPOSITORY, 'dist');
const LIMIT = 60_000;

describe('wa-doctor/guard as a package', () => {
  let bot: string;
  beforeAll(() => {
    bot = scratch('guard-package');
    installDoctor(bot, REPOSITORY);
  });

  it('is at most 60 kB: what every bot loads as it is, and with what looks at the session as it travels', () => {
    const parts = [
      'guard.js',
      ...readdirSync(join(DIST, 'chunks'))
        .filter((name) => name.startsWith('guard-'))
        .map((name) => `chunks/${name}`),
    ];
    const texts = parts.map((part) => readFileSync(join(DIST, part)));
    expect(texts.length).toBeGreaterThan(1);
    expect(texts[0]?.length).toBeLessThanOrEqual(LIMIT);
    expect(texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0)).toBeLessThanOrEqual(LIMIT);
  });

  it.each([
    ['import', 'bot.mjs', "import { gracefulShutdown, assertPersistentSession } from 'wa-doctor/guard';"],
    ['require', 'bot.cjs', "const { gracefulShutdown, assertPersistentSession } = require('wa-doctor/guard');"],
  ])('works by %s, with no other package there', (_, file, line) => {
    // No dependency of the doctor is installed in this directory, whatsapp-web.js and puppeteer neither.
    const rest = `
assertPersistentSession({ dataPath: './data' }, { log: null }).then((report) => {
  console.log(JSON.stringify([typeof gracefulShutdown, report.state, report.problems.map(({ code }) => code)]));
});`;
    write(bot, { [file]: `${line}${rest}\n` });
    const [kind, state, codes] = JSON.parse(
      execFileSync(process.execPath, [join(bot, file)], { cwd: bot, encoding: 'utf8' }),
    );
    expect([kind, state]).toEqual(['function', 'missing']);
    expect(codes).toContain('WA501');
  });

  it('makes the example bot safe, without a warning', () => {
    const { code, json } = doctorJson<{ findings: { code: string; severity: string }[]; verdict: unknown }>([
      'audit',
      join(REPOSITORY, 'examples/guarded-bot'),
      '--target',
      'repo',
    ]);
    expect(json.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(code).toBe(0);
  });

  it('is what makes it safe', () => {
    const text = readFileSync(join(REPOSITORY, 'examples/guarded-bot/index.js'), 'utf8');
    const without = text.replace('  gracefulShutdown(client);\n', '').replace('    ...puppeteerFlags,\n', '');
    expect(without.length).toBeLessThan(text.length - 40);
    const files = ['package.json', 'Dockerfile', 'docker-compose.yml'];
    const copy = write(scratch('unguarded'), {
      'index.js': without,
      ...Object.fromEntries(files.map((name) => [name, readFileSync(join(REPOSITORY, 'examples/guarded-bot', name))])),
    });
    const { json } = doctorJson<{ findings: { code: string }[] }>(['audit', copy, '--target', 'repo']);
    expect(json.findings.map(({ code }) => code)).toContain('WA402');
  });
});
