import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { doctor, scratch, write } from '../support/doctor.ts';
import { lacks } from '../support/needs.ts';

/**
 * Every kind of secret, planted in every place at once, each with a value of its own; then no exit of the real program may show any of
 * them: every format, the facts file, every describing command, the messages of errors.
 */

const digits = (length: number) =>
  fc.stringMatching(new RegExp(`^[1-9][0-9]{${length - 1}}$`)).filter((text) => !/^(\d)\1+$/.test(text));
const word = (length: number) => fc.stringMatching(new RegExp(`^[A-Za-z][A-Za-z0-9]{${length - 1}}$`));
const mixed = (length: number) => word(length).map((text) => `${text.slice(0, -6)}aB3x7Q`);

/** What is planted, and how it would be written. */
const KINDS = {
  phone: digits(12).map((secret) => ({ secret, text: secret })),
  plus: digits(11).map((secret) => ({ secret: `+${secret}`, text: `+${secret}` })),
  github: mixed(36).map((tail) => ({ secret: `ghp_${tail}`, text: `ghp_${tail}` })),
  openai: mixed(40).map((tail) => ({ secret: `sk-${tail}`, text: `sk-${tail}` })),
  random: mixed(40).map((secret) => ({ secret, text: secret })),
  named: word(12).map((secret) => ({ secret, text: `MY_PASSWORD=${secret}` })),
  flag: word(14).map((secret) => ({ secret, text: `--auth-token ${secret}` })),
  address: word(12).map((secret) => ({ secret, text: `https://bot:${secret}@example.org/x` })),
  query: word(16).map((secret) => ({ secret, text: `https://example.org/hook?sig=${secret}` })),
} as const;
type Kind = keyof typeof KINDS;
type Planted = Readonly<Record<Kind, { readonly secret: string; readonly text: string }>>;

/** A name of a file can hold no slash. */
const IN_NAMES: readonly Kind[] = ['phone', 'plus', 'github', 'openai', 'random', 'named'];

const PLACES = [
  'directory',
  'fileName',
  'dataPath',
  'clientId',
  'script',
  'scriptFile',
  'compose',
  'composeList',
  'composeCommand',
  'volume',
  'dockerfile',
  'workflow',
  'pm2',
  'systemd',
  'dotenv',
  'environment',
  'config',
  'packageName',
  'session',
] as const;
type Place = (typeof PLACES)[number];

/** One planting a place; kinds go round, so that after a few runs each was everywhere. */
function planted(seed: number): fc.Arbitrary<Readonly<Record<Place, { secret: string; text: string }>>> {
  const names = Object.keys(KINDS) as Kind[];
  return fc.record(
    Object.fromEntries(
      PLACES.map((place, index) => {
        const inName = place === 'directory' || place === 'fileName' || place === 'session' || place === 'volume';
        const choice = inName ? IN_NAMES : names;
        return [place, KINDS[choice[(seed + index) % choice.length] as Kind]];
      }),
    ) as Record<Place, fc.Arbitrary<Planted[Kind]>>,
  );
}

const envValue = { dotenv: 'correct horse 7 battery', environment: 'Tr0ub4dor and 3' };

function project(at: (place: Place) => string): string {
  const root = join(scratch('secrets'), `bot-${at('directory')}`);
  const q = JSON.stringify;
  return write(root, {
    'package.json': q({
      name: 'bot',
      description: at('packageName'),
      scripts: {
        start: `node index.js`,
        clean: `rm -rf data .wwebjs_auth && echo ${at('script')}`,
        [`clean-${at('phoneName' as Place)}`]: 'rm -rf .wwebjs_auth',
        wipe: 'sh wipe.sh',
      },
      dependencies: { 'whatsapp-web.js': '1.34.7' },
    }),
    'index.js': `require('dotenv').config();\nconst { Client, LocalAuth } = require('whatsapp-web.js');\nconst path = require('path');\nnew Client({ authStrategy: new LocalAuth({ dataPath: ${q(`./data/${at('dataPath')}`)}, clientId: process.env.CLIENT_ID || ${q(at('clientId'))} }) }).initialize();\n`,
    [`second-${at('fileName')}.js`]: `const { Client, LocalAuth } = require('whatsapp-web.js');\nnew Client({ authStrategy: new LocalAuth({ dataPath: process.env.DB_PASSWORD }) }).initialize();\n`,
    'wipe.sh': `#!/bin/sh\n# ${at('scriptFile')}\nrm -rf .wwebjs_auth "${at('scriptFile')}"\n`,
    'docker-compose.yml': `services:\n  bot:\n    build: .\n    command: ["node", "index.js", ${q(at('composeCommand'))}]\n    environment:\n      OWNER: ${q(at('compose'))}\n      API_TOKEN: ${q(envValue.dotenv)}\n    volumes:\n      - ${q(`/srv/${at('volume')}:/data`)}\n  other:\n    image: node:20\n    working_dir: /app\n    command: node index.js\n    environment:\n      - ${q(`EXTRA=${at('composeList')}`)}\n`,
    Dockerfile: `FROM node:20\nWORKDIR /app\nENV NOTE="${at('dockerfile')}"\nCOPY . .\nCMD ["node", "index.js", "${at('dockerfile')}"]\n`,
    '.github/workflows/deploy.yml': `on: push\njobs:\n  x:\n    runs-on: ubuntu-latest\n    steps:\n      - run: git clean -fdx && rm -rf .wwebjs_auth ${at('workflow')}\n`,
    'ecosystem.config.js': `module.exports = { apps: [{ name: 'bot', script: 'index.js', args: ${q(at('pm2'))}, env: { NOTE: ${q(at('pm2'))} } }] };\n`,
    'bot.service': `[Service]\nWorkingDirectory=/srv/bot\nEnvironment="NOTE=${at('systemd')}"\nExecStart=/usr/bin/node index.js "${at('systemd')}"\n`,
    '.env': `DB_PASSWORD=${q(envValue.dotenv)}\nNOTE=${at('dotenv')}\nCLIENT_ID=${at('dotenv').replace(/[^\w-]/g, '')}\n`,
    'wa-doctor.config.json': q({ suppressions: [{ code: 'WA201', reason: at('config') }] }),
    [`.wwebjs_auth/session-${at('session')}/Default/Preferences`]: '{}',
  });
}

const FORMATS = ['human', 'json', 'sarif', 'junit', 'github', 'gitlab', 'markdown', 'html', 'checkstyle', 'prometheus'];

/** Everything that the program says of a project, by exit. */
function exits(root: string, env: Record<string, string>): Map<string, string> {
  const out = scratch('exits');
  const told = new Map<string, string>();
  const formats = FORMATS.slice(1).flatMap((format) => ['--format', `${format}=${join(out, format)}`]);
  const run = doctor(['audit', root, '--show-suppressed', ...formats], { env });
  expect([0, 1, 3], run.stderr).toContain(run.code);
  told.set('human', run.stdout);
  told.set('standard error', run.stderr);
  for (const format of FORMATS.slice(1)) told.set(format, readFileSync(join(out, format), 'utf8'));
  doctor(['audit', root, '--facts-out', join(out, 'facts.json'), '--baseline-out', join(out, 'base.json')], { env });
  told.set('facts', readFileSync(join(out, 'facts.json'), 'utf8'));
  for (const command of ['path', 'scripts', 'config', 'inspect']) {
    const { stdout, stderr } = doctor([command, root, '--json'], { env });
    told.set(command, stdout + stderr);
  }
  const plain = doctor(['path', root], { env });
  told.set('path for people', plain.stdout + plain.stderr);
  const list = doctor(['scripts', root], { env });
  told.set('scripts for people', list.stdout + list.stderr);
  const look = doctor(['inspect', join(root, '.wwebjs_auth')], { env });
  told.set('inspect for people', look.stdout + look.stderr);
  const wrong = doctor(['audit', join(root, 'missing')], { env });
  told.set('an error', wrong.stdout + wrong.stderr);
  return told;
}

/** As a text could hold it: as it is, in JSON, in a URI. */
function forms(secret: string): string[] {
  const bare = secret.replace(/^\+/, '');
  return [...new Set([bare, JSON.stringify(bare).slice(1, -1), encodeURIComponent(bare)])];
}

function survivors(told: Map<string, string>, secrets: Readonly<Record<string, string>>): string[] {
  const found: string[] = [];
  for (const [exit, text] of told)
    for (const [name, secret] of Object.entries(secrets))
      for (const form of forms(secret)) {
        const at = text.indexOf(form);
        if (at >= 0) found.push(`${name} in ${exit}: ${text.slice(Math.max(0, at - 80), at + form.length + 20)}`);
      }
  return found;
}

describe('no planted secret survives', () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8])(
    'kinds over places, turn %i',
    (turn) => {
      fc.assert(
        fc.property(planted(turn), digits(12), (values, phoneName) => {
          const root = project((place) => values[place]?.text ?? phoneName);
          const env = { CHILD: values.environment.text, SERVICE_TOKEN: envValue.environment };
          const secrets = {
            ...Object.fromEntries(PLACES.map((place) => [place, values[place].secret])),
            scriptName: phoneName,
            ...envValue,
          };
          expect(survivors(exits(root, env), secrets)).toEqual([]);
        }),
        { numRuns: 1, endOnFailure: true },
      );
    },
    180_000,
  );

  it.skipIf(lacks('linux'))('of the arguments and the environment of a process', async () => {
    const root = write(scratch('process'), {
      'package.json': '{"name":"bot","dependencies":{"whatsapp-web.js":"1"}}',
      'index.js':
        "const { Client, LocalAuth } = require('whatsapp-web.js');\nsetInterval(() => {}, 1000);\nprocess.stdout.write('up');\nif (process.env.NEVER) new Client({ authStrategy: new LocalAuth({ dataPath: process.env.DATA }) });\n",
      'node_modules/whatsapp-web.js/index.js': 'module.exports = {};',
      'node_modules/whatsapp-web.js/package.json': '{"name":"whatsapp-web.js","version":"1.34.7"}',
    });
    const secrets = {
      phone: '491701234567',
      token: 'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
      password: 'hunter2hunter',
      value: 'correct horse battery',
    };
    const child = spawn(
      process.execPath,
      [
        'index.js',
        `--owner=${secrets.phone}`,
        `--github-token`,
        secrets.token,
        `--db=mysql://bot:${secrets.password}@db/x`,
      ],
      { cwd: root, env: { PATH: process.env['PATH'] ?? '', DB_PASSWORD: secrets.value, DATA: `./s-${secrets.phone}` } },
    );
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const told = new Map<string, string>();
      for (const args of [['audit', '--json'], ['audit'], ['path', '--json'], ['path']]) {
        const run = doctor([...args, '--pid', String(child.pid)]);
        expect([0, 1, 3]).toContain(run.code);
        told.set(args.join(' '), run.stdout + run.stderr);
      }
      expect(told.get('path --json')).toContain('‹phone#');
      expect(survivors(told, secrets)).toEqual([]);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

it('equal values have equal tokens in one report, and the report counts them', () => {
  const root = write(scratch('equal'), {
    'package.json':
      '{"name":"bot","scripts":{"clean":"rm -rf .wwebjs_auth/session-491701234567"},"dependencies":{"whatsapp-web.js":"1"}}',
    'index.js':
      "const { Client, LocalAuth } = require('whatsapp-web.js');\nnew Client({ authStrategy: new LocalAuth({ clientId: '491701234567' }) }).initialize();",
  });
  const { stdout } = doctor(['audit', root, '--json']);
  expect(new Set(stdout.match(/‹phone#\d+›/g))).toEqual(new Set(['‹phone#1›']));
  expect(JSON.parse(stdout).summary.redacted).toBe(stdout.match(/‹\w+#\d+›/g)?.length);
});
