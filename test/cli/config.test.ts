import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import { configNode, readConfig } from '../../src/cli/config-read.ts';
import type { Report } from '../../src/model/report.ts';
import { schemaDocuments } from '../../src/schema/documents.ts';
import { doctor, doctorJson, REPOSITORY, scratch, write } from '../support/doctor.ts';

const MANIFEST =
  '{ "name": "bot", "dependencies": { "whatsapp-web.js": "1.34.7" }, "scripts": { "start": "node index.js" } }';
const SOURCE = (dataPath = '') => `const { Client, LocalAuth } = require('whatsapp-web.js');
new Client({ authStrategy: new LocalAuth(${dataPath}) }).initialize();
`;
const COMPOSE = `services:
  bot:
    build: .
    volumes: ["data:/app/.wwebjs_auth"]
  staging:
    build: .
volumes: { data: {} }
`;
const DOCKERFILE = 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node", "index.js"]\n';
const DEPLOYED = { 'docker-compose.yml': COMPOSE, Dockerfile: DOCKERFILE };
const bot = (files: Record<string, string> = {}) =>
  write(scratch('config'), { 'package.json': MANIFEST, 'index.js': SOURCE(), ...files });
const text = (value: unknown) => JSON.stringify(value, null, 2);
const audit = (directory: string, ...args: string[]) => doctorJson<Report>(['audit', directory, ...args]);

interface Shown {
  readonly file: string | null;
  readonly settings: readonly { readonly name: string; readonly value: unknown; readonly by: string }[];
}
const shown = (directory: string, ...args: string[]) => doctorJson<Shown>(['config', directory, ...args]).json;
const rowOf = ({ settings }: Shown, name: string) => settings.find((row) => row.name === name);

const validator = (name: string) =>
  new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(join(REPOSITORY, `schema/${name}.json`), 'utf8')));

describe('where it stands', () => {
  it.each([
    ['wa-doctor.config.json', { 'wa-doctor.config.json': '{"failOn":"warning"}' }, 'wa-doctor.config.json:1:2'],
    ['.wa-doctor.json', { '.wa-doctor.json': '\uFEFF{\n"failOn":"warning"}' }, '.wa-doctor.json:2:1'],
    [
      'package.json#wa-doctor',
      { 'package.json': MANIFEST.replace('}\n', '').replace(/ }$/, ',\n "wa-doctor": {"failOn": "warning"} }') },
      'package.json:2:16',
    ],
  ] as const)('%s', (file, files, by) => {
    const config = shown(bot(files));
    expect([config.file, rowOf(config, 'failOn')]).toEqual([file, { name: 'failOn', value: 'warning', by }]);
  });

  it('none: defaults, and a package that is called wa-doctor is no config', () => {
    const config = shown(bot({ 'package.json': MANIFEST.replace('"scripts": {', '"scripts": { "wa-doctor": "x",') }));
    expect([config.file, rowOf(config, 'failOn')?.by]).toEqual([null, 'default']);
  });

  it('two are wrong use', () => {
    const run = doctor(['audit', bot({ 'wa-doctor.config.json': '{}', '.wa-doctor.json': '{}' })]);
    expect([run.code, run.stdout, run.stderr]).toEqual([2, '', expect.stringContaining('both configure wa-doctor')]);
  });

  it('--config names another, --no-config none', () => {
    const directory = bot({ 'wa-doctor.config.json': '{"failOn":"warning"}', 'ci.json': '{"failOn":"info"}' });
    const named = shown(directory, '--config', join(directory, 'ci.json'));
    expect(rowOf(named, 'failOn')).toMatchObject({ value: 'info' });
    expect(rowOf(shown(directory, '--no-config'), 'failOn')).toMatchObject({ value: 'error', by: 'default' });
  });
});

describe('a mistake is named where it stands', () => {
  it.each([
    ['{ "failon": "error" }', '1:3', 'there is no setting "failon" here; did you mean "failOn"?'],
    [
      '{\n  "failOn": "fatal"\n}',
      '2:3',
      '"failOn": "fatal" is not known: it must be one of error, warning, info, never',
    ],
    ['{ "severity": {\n  "WA20": "off" } }', '2:3', 'there is no check "WA20"; did you mean "WA20'],
    ['{ "severity": { "WA201": "of" } }', '1:17', 'did you mean "off"?'],
    ['{ "suppressions": [\n { "code": "WA201" } ] }', '2:2', '"reason" is missing here'],
    ['{ "suppressions": [ { "code": "WA201", "reason": "  " } ] }', '1:40', '"reason": it must not be blank'],
    [
      '{ "suppressions": [ { "code": "WA201", "reason": "x", "until": "2027-02-30" } ] }',
      '1:55',
      'there is no day 2027-02-30',
    ],
    ['{ "suppressions": [ { "code": "WA201", "reason": "x", "util": 1 } ] }', '1:55', 'did you mean "until"?'],
    ['{ "allowUnknown": "WA101" }', '1:3', '"allowUnknown": it must be true or false or a list of check codes'],
    ['{ "allowUnknown": ["WA101", "WA999"] }', '1:29', '"WA999" is not known'],
    ['{ "platform": "herokuu" }', '1:3', 'did you mean "heroku"?'],
    ['{ "deploy": {} }', '1:13', '"target" is missing here'],
    ['[]', '1:1', 'it must be a record in braces'],
    ['{ "a": 1, "b": 2 }', '1:3', 'there is no setting "a" here (and 1 more)'],
    ['{ "failOn": "error", }', '1:20', 'it is not JSON: JSON allows no comma after the last one'],
    [
      '{ "failOn": "error", "failOn": "never" }',
      '1:22',
      'it is not JSON: the key "failOn" stands here for the second time',
    ],
    ['{ // why\n}', '1:3', 'it is not JSON: JSON has no comments'],
  ])('%s', (config, place, reason) => {
    const run = doctor(['audit', bot({ 'wa-doctor.config.json': config })]);
    expect([run.code, run.stdout, run.stderr.trimEnd().split('\n').length]).toEqual([2, '', 1]);
    expect(run.stderr).toContain(`wa-doctor: wa-doctor.config.json:${place}: `);
    expect(run.stderr).toContain(reason);
  });

  it('in package.json too, and twice the same key elsewhere in it is not our business', () => {
    const manifest = `{ "name": "a", "name": "bot",\n "wa-doctor": { "show": 1 } }`;
    expect(doctor(['config', bot({ 'package.json': manifest })]).stderr).toContain(
      'package.json:2:17: "show": it must be one of error, warning, info',
    );
  });

  it('every command that reads the project says so', () => {
    const directory = bot({ 'wa-doctor.config.json': '{' });
    for (const command of ['audit', 'path', 'scripts', 'config'])
      expect([command, doctor([command, directory]).code]).toEqual([command, 2]);
  });
});

describe('the file is hostile input', () => {
  it.each(['wa-doctor.config.json', '.wa-doctor.json'])(
    '%s that leads out of the project, is huge, or no file',
    (name) => {
      const outside = write(scratch('outside'), { 'secret.json': '{"password":"hunter2"}' });
      const link = bot();
      symlinkSync(join(outside, 'secret.json'), join(link, name));
      expect(doctor(['audit', link])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('leads out of the project'),
      });
      expect(doctor(['audit', link]).stderr).not.toContain('password');
      const huge = bot({ [name]: `{"$schema":"${'x'.repeat(1024 * 1024)}"}` });
      expect(doctor(['audit', huge])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('more than the limit'),
      });
      const folder = bot();
      mkdirSync(join(folder, name));
      expect(doctor(['audit', folder])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('not a regular file'),
      });
    },
  );

  it('below --root it is read below that root', () => {
    const root = write(scratch('root'), {
      'app/package.json': MANIFEST,
      'app/index.js': SOURCE(),
      'etc/base.json': '{"schema":"wa-doctor/baseline@1","entries":[]}',
      'app/wa-doctor.config.json': '{"failOn":"never","baseline":"base.json"}',
    });
    symlinkSync('/etc/base.json', join(root, 'app/base.json'));
    expect(doctor(['config', '/app', '--root', root]).stderr).toContain(
      'the baseline base.json must lie in the project',
    );
    write(root, { 'app/wa-doctor.config.json': '{"failOn":"never","baseline":"../etc/base.json"}' });
    expect(doctor(['config', '/app', '--root', root]).stderr).toContain('must lie in the project');
    write(root, { 'app/wa-doctor.config.json': '{"failOn":"never"}' });
    expect(rowOf(shown('/app', '--root', root), 'failOn')?.value).toBe('never');
  });

  it('pollutes nothing', () => {
    const run = doctor([
      'config',
      bot({ 'wa-doctor.config.json': '{"__proto__":{"failOn":"never"},"constructor":1}' }),
    ]);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('there is no setting "__proto__" here')]);
  });

  it('control characters in it do not reach the terminal', () => {
    const run = doctor(['config', bot({ 'wa-doctor.config.json': '{"\\u001b[31m":1}' })]);
    expect(run.code).toBe(2);
    expect(run.stderr).not.toContain('\u001b');
  });
});

describe('the definition that validates is the schema that is published', () => {
  const ajv = new Ajv2020({ strict: false });
  const schema = ajv.compile({ ...schemaDocuments(CHECKS)['config-file@1'] });
  const accepted = (value: unknown): boolean => {
    const parsed = configNode(JSON.stringify(value), null);
    return parsed.ok && parsed.node !== null && readConfig(parsed.node, 'c.json', '/srv').ok;
  };

  it('both accept what the documentation shows', () => {
    const doc = readFileSync(join(REPOSITORY, 'docs/policy.md'), 'utf8');
    const example = JSON.parse(/```json\n([\s\S]*?)```/.exec(doc)?.[1] ?? '');
    expect([accepted(example), schema(example)]).toEqual([true, true]);
  });

  it('both accept and refuse the same', () => {
    const word = fc.constantFrom(
      'error',
      'off',
      'never',
      'WA201',
      'WA999',
      'fly',
      'host',
      'repo',
      '',
      ' ',
      'x',
      '2027-01-31',
    );
    const suppression = fc.record(
      { code: word, reason: word, until: word, path: word, fingerprint: word, more: word },
      { requiredKeys: [] },
    );
    const value = fc.oneof(
      word,
      fc.boolean(),
      fc.constant(null),
      fc.integer(),
      fc.array(word, { maxLength: 3 }),
      fc.array(suppression, { maxLength: 2 }),
      fc.record({ target: word }, { requiredKeys: [] }),
      fc.dictionary(word, word, { maxKeys: 2 }),
    );
    const names = ['$schema', 'target', 'deploy', 'session', 'platform', 'failOn', 'show', 'only', 'skip', 'severity'];
    const more = ['suppressions', 'baseline', 'allowUnknown', 'allowNoBot', 'inlineIgnores', 'odd'];
    const config = fc.record(Object.fromEntries([...names, ...more].map((name) => [name, value])), {
      requiredKeys: [],
    });
    const few = fc.dictionary(fc.constantFrom(...names, ...more), value, { maxKeys: 2 });
    fc.assert(
      fc.property(fc.oneof(few, config), (candidate) => {
        expect([candidate, accepted(candidate)]).toEqual([candidate, schema(candidate)]);
      }),
      { numRuns: 3000 },
    );
  });
});

describe('flags over file over defaults', () => {
  const directory = bot({
    'wa-doctor.config.json': text({
      target: 'repo',
      failOn: 'warning',
      skip: ['WA201'],
      platform: 'fly',
      session: '/a/session',
    }),
  });
  it.each([
    ['target', 'repo', 'wa-doctor.config.json:2:3', ['--target', 'host'], 'host', '--target'],
    ['failOn', 'warning', 'wa-doctor.config.json:3:3', ['--fail-on', 'never'], 'never', '--fail-on'],
    ['show', 'info', 'default', ['--show', 'error'], 'error', '--show'],
    ['skip', ['WA201'], 'wa-doctor.config.json:4:3', ['--skip', 'WA301'], ['WA301'], '--skip'],
    ['platform', 'fly', 'wa-doctor.config.json:7:3', ['--platform', 'host'], 'host', '--platform'],
    ['session', ['/a/session'], 'wa-doctor.config.json:8:3', ['--session', '/b/session'], ['/b/session'], '--session'],
  ] as const)('%s', (name, value, by, flags, other, flag) => {
    expect(rowOf(shown(directory), name)).toEqual({ name, value, by });
    expect(rowOf(shown(directory, ...flags), name)).toEqual({ name, value: other, by: flag });
  });

  it('who chose the target', () => {
    const plain = bot();
    expect(rowOf(shown(plain), 'target')).toMatchObject({ value: 'host', by: 'default' });
    const ci = doctorJson<Shown>(['config', plain], { env: { GITLAB_CI: '1' } }).json;
    expect(rowOf(ci, 'target')).toMatchObject({ value: 'repo', by: 'GITLAB_CI' });
    expect(rowOf(shown(directory, '--mountinfo', '/proc/self/mountinfo'), 'target')?.value).toBe('host');
  });

  it('the report of config is what its schema says', () => {
    const validate = validator('config@1');
    const full = bot({
      'wa-doctor.config.json': text({
        severity: { WA510: 'off' },
        suppressions: [{ code: 'WA201', reason: 'r', until: '2020-01-01' }],
        baseline: 'b.json',
        allowUnknown: true,
      }),
      'b.json': '{"schema":"wa-doctor/baseline@1","entries":[]}',
    });
    for (const one of [full, directory, bot()]) {
      const { json } = doctorJson<Record<string, unknown>>(['config', one]);
      expect(validate(json), JSON.stringify(validate.errors)).toBe(true);
    }
    const human = doctor(['config', full]).stdout;
    expect(human).toMatch(/severity\.WA510 +off +wa-doctor\.config\.json:3:5/);
    expect(human).toContain('over since 2020-01-01');
    expect(human).toContain('0 findings are known (b.json)');
  });
});

describe('declarations act', () => {
  const launches = ({ json }: { json: Report }) => [...new Set(json.sessions.map(({ launch }) => launch))];

  it.each([
    ['compose service bot', ['compose:docker-compose.yml#bot']],
    ['Compose staging', ['compose:docker-compose.yml#staging']],
    ['compose:docker-compose.yml#bot', ['compose:docker-compose.yml#bot']],
    ['docker-compose.yml', ['compose:docker-compose.yml#bot', 'compose:docker-compose.yml#staging']],
    ['npm start', ['npm:start']],
  ])('deploy target "%s"', (target, expected) => {
    const directory = bot({ ...DEPLOYED, 'wa-doctor.config.json': text({ deploy: { target } }) });
    expect(launches(audit(directory, '--target', 'repo'))).toEqual(expected);
  });

  it('a deploy target decides the verdict', () => {
    const directory = bot(DEPLOYED);
    const verdict = (deploy: string) => {
      const { json } = audit(directory, '--target', 'repo', '--deploy', deploy);
      return json.checks.find(({ code }) => code === 'WA101')?.outcome === 'fail'
        ? json.findings.find(({ code }) => code === 'WA101')?.severity
        : 'none';
    };
    expect([verdict('compose service bot'), verdict('compose service staging')]).toEqual(['info', 'error']);
  });

  it('a deploy target that is not there is wrong use, with its place', () => {
    const directory = bot({ 'wa-doctor.config.json': text({ deploy: { target: 'compose service bot' } }) });
    const run = doctor(['audit', directory, '--target', 'repo']);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toBe(
      'wa-doctor: wa-doctor.config.json:3:5: no launch is called "compose service bot"; those found are npm:start\n',
    );
  });

  it('a session path stands in for one that is computed', () => {
    const files = { 'index.js': SOURCE('{ dataPath: await fetchPath() }'), ...DEPLOYED };
    const before = audit(bot(files), '--target', 'repo', '--deploy', 'compose bot');
    expect(before.json.sessions[0]?.userDataDir).toBeNull();
    const directory = bot({ ...files, 'wa-doctor.config.json': text({ session: '/app/.wwebjs_auth/session' }) });
    const { json } = audit(directory, '--target', 'repo', '--deploy', 'compose bot');
    expect(json.sessions[0]).toMatchObject({
      userDataDir: '/app/.wwebjs_auth/session',
      survives: { recreate: true },
      trail: expect.arrayContaining(['wa-doctor.config.json:2:3 declares /app/.wwebjs_auth/session']),
    });
    expect(json.checks.find(({ code }) => code === 'WA101')).toMatchObject({ outcome: 'fail', reason: null });
  });

  it('a declared session is what scripts are tested against', () => {
    const files = { 'package.json': MANIFEST.replace('"start"', '"clean": "rm -rf data", "start"') };
    const deletes = (config: Record<string, string>) =>
      audit(bot({ ...files, ...config }), '--target', 'repo').json.findings.some(({ code }) => code === 'WA301');
    expect(deletes({})).toBe(false);
    expect(deletes({ 'wa-doctor.config.json': text({ session: 'data/session' }) })).toBe(true);
  });

  it.each([
    ['fly', 'error', false],
    ['heroku', 'error', false],
    ['kubernetes', 'error', false],
    ['docker', 'error', false],
    ['host', 'info', true],
    ['lxc', 'info', false],
  ])('platform %s judges what declares no mounts', (platform, severity, recreate) => {
    const root = write(scratch('srv'), { 'package.json': MANIFEST, 'index.js': SOURCE("{ dataPath: '/srv/wa' }") });
    const undeclared = audit(root, '--target', 'repo');
    expect(undeclared.json.checks.find(({ code }) => code === 'WA101')?.outcome).toBe('unknown');
    write(root, { 'wa-doctor.config.json': text({ platform }) });
    const { json } = audit(root, '--target', 'repo');
    expect(json.findings.find(({ code }) => code === 'WA101')?.severity).toBe(severity);
    expect(json.sessions[0]?.survives?.recreate === true).toBe(recreate);
  });

  it('platform on a machine: its rules hold, and the evidence names who says so', () => {
    const root = write(scratch('machine'), {
      'app/package.json': MANIFEST,
      'app/index.js': SOURCE("{ dataPath: '/srv/wa' }"),
      'proc/self/mountinfo': '25 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n',
    });
    const severity = (...args: string[]) =>
      audit('/app', '--root', root, '--only', 'WA101', ...args).json.findings.find(({ code }) => code === 'WA101')
        ?.severity;
    expect([severity(), severity('--platform', 'fly')]).toEqual(['info', 'error']);
    const { json } = audit('/app', '--root', root, '--platform', 'fly');
    expect(json.platform?.kinds).toContain('fly');
    expect(json.platform?.evidence).toContain('fly: --platform declares Fly.io');
  });
});
