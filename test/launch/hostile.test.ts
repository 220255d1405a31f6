import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createReader } from '../../src/facts/reader.ts';
import { interpolate } from '../../src/launch/compose/interpolate.ts';
import { parseDotenv } from '../../src/launch/env-file.ts';
import { expandDockerfile } from '../../src/launch/expand.ts';
import { findLaunches } from '../../src/launch/find.ts';
import { exportedLiteral } from '../../src/launch/js-literal.ts';
import { shellCommands } from '../../src/launch/shell.ts';
import { readUnit } from '../../src/launch/systemd-file.ts';
import { splitWords } from '../../src/launch/words.ts';
import { parseYaml } from '../../src/launch/yaml.ts';
import { absolutePath } from '../../src/model/path.ts';
import { find, manifest, withBot } from './support/project.ts';

const IMAGE = 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node","index.js"]';
const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
  .split('')
  .map((letter, at) => `${letter}: &${letter} [${Array(9).fill(`*${'abcdefgh'[at]}`).join(',')}]`)
  .join('\n')}\nservices:\n  bot: {build: ., volumes: *i}\n`;
const anchors = `${Array.from({ length: 5000 }, (_, at) => `x${at}: &a${at} {v: ${at}}`).join('\n')}\nservices:\n  bot: {build: .}\n`;

/** Files that are too much, and the reason that is given. */
const ROWS: readonly [string, Record<string, string>, RegExp | null][] = [
  ['a YAML bomb', { 'docker-compose.yml': bomb }, /docker-compose\.yml: it was not read/],
  ['anchors by the thousand', { 'docker-compose.yml': anchors }, null],
  ['deep flow collections', { 'docker-compose.yml': `a: ${'['.repeat(100_000)}` }, /nested too deeply/],
  ['deep sequences', { 'docker-compose.yml': `${'- '.repeat(50_000)}x` }, /nested too deeply/],
  [
    'a compose file that includes itself',
    { 'docker-compose.yml': 'include: [docker-compose.yml]\nservices:\n  bot: {build: .}\n' },
    /include each other in a circle/,
  ],
  [
    'two that include each other',
    {
      'docker-compose.yml': 'include: [b.yml]\nservices:\n  bot: {build: .}\n',
      'b.yml': 'include: [docker-compose.yml]\n',
    },
    /in a circle/,
  ],
  [
    'a service that extends itself',
    { 'docker-compose.yml': 'services:\n  bot: {build: ., extends: bot}\n' },
    /extends itself/,
  ],
  [
    'a .env with NUL bytes',
    { 'docker-compose.yml': 'services:\n  bot: {build: ., env_file: .env}\n', '.env': 'A=1\0\0B=2\n' },
    /\.env: it holds NUL bytes/,
  ],
  [
    'a Dockerfile of 20 MB',
    { Dockerfile: `FROM node:20\n${'RUN echo x\n'.repeat(1_900_000)}` },
    /Dockerfile: it holds/,
  ],
  [
    'a Dockerfile of many instructions',
    { Dockerfile: `FROM node:20\n${'ENV A=1\n'.repeat(20_000)}` },
    /more than 3000 instructions/,
  ],
  ['a Dockerfile without FROM', { Dockerfile: 'RUN x\n' }, /has no FROM/],
  ['a binary compose file', { 'docker-compose.yml': `services:\0` }, /NUL bytes/],
  ['half a package.json', { 'package.json': '{"scripts":{"start":"node' }, /package\.json: it is not valid JSON/],
  ['half an ecosystem file', { 'ecosystem.config.js': 'module.exports = { apps: [{' }, null],
  ['a deep ecosystem file', { 'ecosystem.config.js': `module.exports=${'['.repeat(100_000)}` }, /nested too deeply/],
  [
    'names that reach for prototypes',
    {
      'docker-compose.yml':
        'services:\n  __proto__: {build: ., environment: {__proto__: x, constructor: y}}\n  bot: {build: ., environment: {__proto__: x}}\n',
    },
    null,
  ],
  ['a broken TOML', { 'fly.toml': '[mounts\n' }, /not valid TOML/],
  [
    'a deep shell',
    { 'package.json': manifest({ start: `${'('.repeat(5_000)}node index.js${')'.repeat(5_000)}` }) },
    null,
  ],
];

describe('too much, or broken: a reason, no hang, no crash', () => {
  test.each(ROWS)('%s', async (_, files, reason) => {
    const before = performance.now();
    const found = await find(withBot({ Dockerfile: IMAGE, ...files }));
    expect(performance.now() - before).toBeLessThan(20_000);
    if (reason === null) expect(found.problems.filter((problem) => /could not be read:/.test(problem))).toEqual([]);
    else expect(found.problems.join('\n')).toMatch(reason);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('links out of the tree show nothing, and a pipe is not opened', async () => {
    const machine = mkdtempSync(join(tmpdir(), 'wa-links-'));
    const outside = join(machine, 'outside');
    const root = join(machine, 'root');
    mkdirSync(join(root, 'srv/bot'), { recursive: true });
    mkdirSync(outside);
    writeFileSync(join(outside, 'docker-compose.yml'), 'services:\n  bot: {build: ., environment: {STOLEN: 1}}\n');
    symlinkSync(join(outside, 'docker-compose.yml'), join(root, 'srv/bot/docker-compose.yml'));
    symlinkSync('/dev/zero', join(root, 'srv/bot/Dockerfile'));
    symlinkSync('..', join(root, 'srv/bot/up'));
    writeFileSync(join(root, 'srv/bot/package.json'), manifest({ start: 'node index.js' }));
    try {
      const found = await findLaunches(createReader({ root }), absolutePath('/srv/bot'), ['']);
      expect(found.launches.map((launch) => launch.id)).toEqual(['npm:start']);
      expect(JSON.stringify(found)).not.toContain('STOLEN');
    } finally {
      rmSync(machine, { recursive: true, force: true });
    }
  });

  test('a copy source that climbs out of the project stays out', async () => {
    const found = await find(
      withBot({ Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY ../../etc /etc\nCOPY . .\nCMD ["node","index.js"]' }),
    );
    expect(found.launches[0]?.image?.copies).toEqual([
      { from: 'etc', at: '/etc' },
      { from: '', at: '/app' },
    ]);
  });
});

const weird = fc.string({
  unit: fc.constantFrom(
    '$',
    '{',
    '}',
    ':',
    '-',
    '?',
    '+',
    'A',
    'b',
    '"',
    "'",
    '\\',
    '\n',
    ' ',
    '=',
    '(',
    ')',
    '|',
    '&',
    ';',
    '#',
    '\0',
    '%',
    '[',
    ']',
    '<',
  ),
  maxLength: 200,
});
const variables = new Map([
  ['A', 'value'],
  ['b', ''],
]);

describe('parsers take any text', () => {
  test('expansion ends and is text', () => {
    fc.assert(
      fc.property(weird, (text) => {
        expect(typeof interpolate(text, variables)).toBe('string');
        expect(typeof expandDockerfile(text, variables)).toBe('string');
        expect(Array.isArray(splitWords(text))).toBe(true);
        readUnit([text]);
      }),
      { numRuns: 2000 },
    );
  });

  test('words of text without anything special are what a split gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '-', '/', '.', '='), minLength: 1, maxLength: 8 }), {
          maxLength: 10,
        }),
        (words) => {
          expect(splitWords(words.join(' '))).toEqual(words);
        },
      ),
    );
  });

  test('shell, YAML, dotenv and JavaScript', async () => {
    await fc.assert(
      fc.asyncProperty(weird, async (text) => {
        await shellCommands(text, absolutePath('/x'), variables);
        await parseYaml(text, 10_000);
        await parseDotenv(text);
        await exportedLiteral(text, 'x.js', '/x');
      }),
      { numRuns: 400 },
    );
  });
});

test('the marker that hostile files would have left is not there', () => {
  expect(existsSync('/tmp/wa-doctor-was-run')).toBe(false);
});
