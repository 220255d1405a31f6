import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { doctor, doctorJson, scratch, write } from '../support/doctor.ts';

const MANIFEST = JSON.stringify(
  { name: 'bot', dependencies: { 'whatsapp-web.js': '1.34.7' }, scripts: { clean: 'rm -rf .wwebjs_auth' } },
  null,
  2,
);
const SOURCE = `const { Client, LocalAuth } = require('whatsapp-web.js');
const client = new Client({ authStrategy: new LocalAuth() });
client.initialize();
`;
const COMPOSE = `services:
  bot:
    image: node:20
    working_dir: /app
    command: node index.js
    volumes: ["./:/app"]
`;
const DAY = ['--today', '2026-11-25'];

/** WA201 at index.js:2, WA301 at package.json. */
const bot = (more: Record<string, string> = {}) =>
  write(scratch('policy'), { 'package.json': MANIFEST, 'index.js': SOURCE, ...more });
const audit = (directory: string, ...args: string[]) =>
  doctorJson<Report>(['audit', directory, '--target', 'repo', '--allow-unknown', ...DAY, ...args]);
const config = (value: unknown) => ({ 'wa-doctor.config.json': JSON.stringify(value, null, 2) });
const state = ({ json }: { json: Report }, code: string) => {
  const found = json.findings.find((finding) => finding.code === code);
  if (found === undefined) throw new Error(`no finding of ${code}`);
  return found;
};
const notes = ({ json }: { json: Report }) => json.policy.notes.map(({ kind, by }) => `${kind} ${by}`);

describe('comments next to the line', () => {
  const at = (comment: string) => SOURCE.replace('\nconst client', `\n${comment}\nconst client`);

  it.each([
    ['alone before it', at('// wa-doctor-ignore WA201 -- the unit file fixes it'), 'index.js:2'],
    ['next-line', at('// wa-doctor-ignore-next-line WA201 until=2026-11-25 -- the unit file fixes it'), 'index.js:2'],
    ['behind it', SOURCE.replace('() });', '() }); // wa-doctor-ignore WA201 -- the unit file fixes it'), 'index.js:2'],
    ['for the file', `// wa-doctor-ignore-file WA201 -- the unit file fixes it\n${SOURCE}`, 'index.js:1'],
  ])('%s', (_, source, by) => {
    const run = audit(bot({ 'index.js': source }));
    expect(state(run, 'WA201').suppressed).toMatchObject({ reason: 'the unit file fixes it', by, kind: 'inline' });
    expect(run.json.summary.suppressed).toBe(1);
    expect(notes(run)).toEqual([]);
  });

  it.each([
    ['no reason', '// wa-doctor-ignore WA201', 'suppression-invalid'],
    ['over', '// wa-doctor-ignore WA201 until=2026-11-24 -- why', 'suppression-expired'],
    ['another check', '// wa-doctor-ignore WA202 -- why', 'suppression-unused'],
    ['no check at all', '// wa-doctor-ignore WA299 -- why', 'suppression-invalid'],
  ])('%s suppresses nothing and is said in one line', (_, comment, kind) => {
    const directory = bot({ 'index.js': at(comment) });
    const run = audit(directory);
    expect(state(run, 'WA201').suppressed).toBeNull();
    expect(notes(run)).toEqual([`${kind} index.js:2`]);
    expect(run.stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(/^wa-doctor: warning: index\.js:2: /)]);
    const human = doctor(['audit', directory, '--target', 'repo', ...DAY], { env: { COLUMNS: '120' } });
    expect(human.stdout.split('\n').filter((line) => line.startsWith('  index.js:2:'))).toHaveLength(1);
    expect(human.stderr).toBe('');
  });

  it('in YAML', () => {
    const mark = '    # wa-doctor-ignore-next-line WA403 WA404 -- why\n';
    const plain = audit(bot({ 'docker-compose.yml': COMPOSE }));
    const inFile = plain.json.findings.filter(({ locations }) =>
      locations.some((location) => 'file' in location && location.file === 'docker-compose.yml'),
    );
    expect(inFile.length).toBeGreaterThan(0);
    const codes = inFile.map(({ code }) => code).join(' ');
    const whole = `# wa-doctor-ignore-file ${codes} -- we know\n${COMPOSE}${mark}`;
    const run = audit(bot({ 'docker-compose.yml': whole }));
    for (const { code } of inFile)
      expect(state(run, code).suppressed).toMatchObject({ reason: 'we know', by: 'docker-compose.yml:1' });
  });

  it('--no-inline-ignores heeds none', () => {
    const directory = bot({ 'index.js': at('// wa-doctor-ignore WA201 -- why') });
    expect(state(audit(directory, '--no-inline-ignores'), 'WA201').suppressed).toBeNull();
    const off = bot({ 'index.js': at('// wa-doctor-ignore WA201 -- why'), ...config({ inlineIgnores: false }) });
    expect(state(audit(off), 'WA201').suppressed).toBeNull();
  });
});

describe('suppressions of the config file', () => {
  const suppressions = [{ code: 'WA201', reason: 'our image fixes it', path: '*.js', until: '2027-01-31' }];

  it('are marked, counted, hidden from people, and shown on demand', () => {
    const directory = bot(config({ suppressions }));
    const run = audit(directory);
    const by = 'wa-doctor.config.json:3:5';
    expect(state(run, 'WA201').suppressed).toEqual({
      reason: 'our image fixes it',
      by,
      kind: 'config',
      until: '2027-01-31',
    });
    const human = (...args: string[]) => doctor(['audit', directory, '--target', 'repo', ...DAY, ...args]).stdout;
    expect(human()).toContain('1 finding is suppressed (WA201): --show-suppressed shows it');
    expect(human()).not.toContain('relative-session-path');
    expect(human('--show-suppressed')).toContain('suppressed: our image fixes it');
  });

  it('come back after their last day, and the report says so', () => {
    const directory = bot(config({ suppressions }));
    const run = doctorJson<Report>(['audit', directory, '--target', 'repo', '--today', '2027-02-01']);
    expect(state(run, 'WA201').suppressed).toBeNull();
    expect(notes(run)).toEqual(['suppression-expired wa-doctor.config.json:3:5']);
  });

  it('have no say in the verdict, and the headline tells', () => {
    const all = [...new Set(audit(bot()).json.findings.map(({ code }) => code))];
    const { json } = audit(bot(config({ suppressions: all.map((code) => ({ code, reason: 'accepted' })) })));
    expect(json.verdict).toBe('safe');
    expect(json.headline).toContain('suppressed');
  });

  it('by session and by fingerprint', () => {
    const volume = `${COMPOSE}      - "data:/app/.wwebjs_auth"\nvolumes: {data: {}}\n`.replace(
      '["./:/app"]',
      '\n      - "./:/app"',
    );
    const plain = audit(bot({ 'docker-compose.yml': volume }));
    const about = plain.json.findings.find(({ locations }) => locations.some((one) => 'path' in one));
    const place = about?.locations.find((one) => 'path' in one);
    if (about === undefined || place === undefined) throw new Error('no finding about a path');
    const { path } = place as { path: string };
    const rows = [
      [{ code: about.code, reason: 'r', session: path }, true],
      [{ code: about.code, reason: 'r', session: '/elsewhere' }, false],
      [{ code: about.code, reason: 'r', fingerprint: about.fingerprint }, true],
      [{ code: about.code, reason: 'r', fingerprint: '0123456789abcdef' }, false],
    ] as const;
    for (const [suppression, fits] of rows) {
      const run = audit(bot({ 'docker-compose.yml': volume, ...config({ suppressions: [suppression] }) }));
      const found = run.json.findings.find(({ fingerprint }) => fingerprint === about.fingerprint);
      expect([suppression, found?.suppressed !== null]).toEqual([suppression, fits]);
    }
  });
});

describe('severities', () => {
  it('another one gates, and the verdict stays what the check says', () => {
    const directory = bot(config({ severity: { WA201: 'info', WA301: 'error' } }));
    const run = audit(directory);
    expect(state(run, 'WA201')).toMatchObject({ severity: 'info', overridden: { from: 'warning' } });
    expect(state(run, 'WA301')).toMatchObject({
      severity: 'error',
      overridden: { from: 'warning', by: 'wa-doctor.config.json:4:5' },
    });
    expect(run.code).toBe(1);
    expect(run.json.verdict).toBe(audit(bot()).json.verdict);
  });

  it('off does not run the check and says so; a flag wins', () => {
    const directory = bot(config({ severity: { WA510: 'off' } }));
    const run = audit(directory);
    expect(run.json.checks.some(({ code }) => code === 'WA510')).toBe(false);
    expect(notes(run)).toEqual(['check-off wa-doctor.config.json:3:5']);
    for (const flags of [['--severity', 'WA510=warning'], ['--only', 'WA510'], ['--no-config']])
      expect(state(audit(directory, ...flags), 'WA510').code).toBe('WA510');
  });

  it('what decides and is not run leaves the verdict open', () => {
    const { json } = audit(bot(), '--only', 'WA105,WA510');
    expect(json.verdict).toBe('unknown');
    expect(json.headline).toContain('left out');
  });

  it('checks by name', () => {
    const { json } = audit(bot(), '--only', 'Relative-Session-Path,wa301');
    expect(json.checks.map(({ code }) => code)).toEqual(['WA201', 'WA301']);
  });
});

describe('a baseline', () => {
  const paths = (directory: string) => ({ base: join(directory, 'base.json') });

  it('makes old findings known and lets new ones fail, over moved lines', () => {
    const directory = bot();
    const { base } = paths(directory);
    const first = audit(directory, '--baseline-out', base, '--fail-on', 'warning');
    expect([first.code, first.stderr]).toEqual([1, expect.stringMatching(/baseline of \d+ findings written to/)]);
    expect(first.json.findings.every(({ baseline }) => baseline === null)).toBe(true);

    write(directory, { 'index.js': `// moved\n\n\n${SOURCE}` });
    const second = audit(directory, '--baseline', base, '--fail-on', 'warning');
    expect(second.json.findings.map(({ baseline }) => baseline)).toEqual(second.json.findings.map(() => 'known'));
    expect([second.code, second.json.summary.known, notes(second)]).toEqual([0, second.json.findings.length, []]);

    write(directory, {
      'package.json': MANIFEST.replace('"clean"', '"start": "node index.js", "wipe": "rm -rf .wwebjs_auth", "clean"'),
    });
    const third = audit(directory, '--baseline', base, '--fail-on', 'warning');
    expect(third.code).toBe(1);
    const fresh = third.json.findings.filter(({ baseline }) => baseline === 'new').map(({ code }) => code);
    expect(fresh).toContain('WA301');
    expect(third.json.findings.find(({ baseline }) => baseline === 'known')).toBeDefined();
    const human = doctor(['audit', directory, '--target', 'repo', '--baseline', base]).stdout;
    expect(human).toMatch(/are known \(baseline .*\n?.*base\.json\)/);
    expect(human).toContain('relative-session-path');
  });

  it('reports the entries that fit nothing any more; writing it anew drops them and keeps reasons', () => {
    const directory = bot();
    const { base } = paths(directory);
    audit(directory, '--baseline-out', base);
    const file = JSON.parse(readFileSync(base, 'utf8'));
    for (const entry of file.entries) entry.reason = `why ${entry.code}`;
    write(directory, {
      'base.json': JSON.stringify(file),
      'package.json': MANIFEST.replace('rm -rf .wwebjs_auth', 'rm -rf dist'),
    });
    const run = audit(directory, '--baseline', base, '--baseline-out', base);
    expect(notes(run)).toEqual([`baseline-unused ${base}`]);
    expect(run.json.policy.notes[0]?.text).toContain('WA301');
    const written = JSON.parse(readFileSync(base, 'utf8'));
    expect(written.entries.map(({ code }: { code: string }) => code)).not.toContain('WA301');
    expect(written.entries.every(({ code, reason }: Record<string, string>) => reason === `why ${code}`)).toBe(true);
  });

  it('from the config file, relative to the project', () => {
    const directory = bot(config({ baseline: 'known/base.json', failOn: 'info' }));
    write(directory, { 'known/base.json': '{"schema":"wa-doctor/baseline@1","entries":[]}' });
    const base = join(directory, 'known/base.json');
    expect(audit(directory, '--baseline-out', base).code).toBe(1);
    expect(audit(directory).json.policy.baseline).toBe('known/base.json');
    expect(audit(directory).code).not.toBe(1);
  });

  it('holds no secrets, and fits in a replay of the facts too', () => {
    const directory = bot({ 'index.js': SOURCE.replace('LocalAuth()', "LocalAuth({ clientId: '491701234567' })") });
    const { base } = paths(directory);
    const live = audit(directory, '--baseline-out', base);
    expect(readFileSync(base, 'utf8')).not.toContain('491701234567');
    doctor(['audit', directory, '--target', 'repo', '--facts-out', join(directory, 'facts.json')]);
    const replay = doctorJson<Report>(['audit', '--facts', join(directory, 'facts.json'), '--baseline', base]);
    expect(replay.json.findings.map(({ fingerprint }) => fingerprint)).toEqual(
      live.json.findings.map(({ fingerprint }) => fingerprint),
    );
    expect(new Set(replay.json.findings.map(({ baseline }) => baseline))).toEqual(new Set(['known']));
  });

  it('is not written where no one bot is judged', () => {
    const directory = write(scratch('nobot'), { 'package.json': '{}' });
    const run = audit(directory, '--baseline-out', join(directory, 'base.json'));
    expect([run.code, existsSync(join(directory, 'base.json'))]).toEqual([3, false]);
    expect(run.stderr).toContain('no baseline was written');
  });
});

describe('what is hidden is counted', () => {
  it('--show', () => {
    const directory = bot();
    const all = audit(directory).json;
    const { json } = audit(directory, '--show', 'error');
    expect(json.findings).toEqual(all.findings.filter(({ severity }) => severity === 'error'));
    expect(json.summary).toEqual({ ...all.summary, hidden: all.findings.length - json.findings.length });
    const human = doctor(['audit', directory, '--target', 'repo', '--show', 'error']).stdout;
    expect(human).toMatch(/\d+ findings are hidden: below --show error/);
  });
});

describe('the same facts, the same bytes', () => {
  it('config, baseline, comments and the day travel with the facts', () => {
    const directory = bot({
      'index.js': SOURCE.replace('() });', '() }); // wa-doctor-ignore WA402 -- why'),
      ...config({
        suppressions: [{ code: 'WA201', reason: 'call +49 170 1234567', until: '2026-11-25' }],
        severity: { WA301: 'info', WA510: 'off' },
        baseline: 'base.json',
        show: 'info',
      }),
      'base.json': '{"schema":"wa-doctor/baseline@1","entries":[]}',
    });
    audit(directory, '--baseline-out', join(directory, 'base.json'));
    const facts = join(directory, 'facts.json');
    const live = audit(directory);
    doctor(['audit', directory, '--target', 'repo', ...DAY, '--facts-out', facts]);
    const elsewhere = scratch('elsewhere');
    const replay = () => doctorJson<Report>(['audit', '--facts', facts], { cwd: elsewhere });
    const strip = ({ json }: { json: Report }) => ({ ...json, summary: { ...json.summary, redacted: 0 } });
    expect(strip(replay())).toEqual(strip(live));
    expect(replay().stdout).toBe(replay().stdout);
    expect(state(live, 'WA201').suppressed?.reason).toContain('‹phone#');
    const later = doctorJson<Report>(['audit', '--facts', facts, '--today', '2026-11-26'], { cwd: elsewhere });
    expect(state(later, 'WA201').suppressed).toBeNull();
    const without = doctorJson<Report>(['audit', '--facts', facts, '--no-config'], { cwd: elsewhere });
    expect(state(without, 'WA201').suppressed).toBeNull();
  });
});

describe('standard output holds the report and nothing else', () => {
  const directory = bot({
    'index.js': `// wa-doctor-ignore WA201\n${SOURCE}`,
    ...config({ suppressions: [{ code: 'WA202', reason: 'unused' }] }),
  });
  const facts = join(directory, 'facts.json');
  doctor(['audit', directory, '--target', 'repo', '--facts-out', facts]);
  const broken = JSON.parse(readFileSync(facts, 'utf8'));
  // A value that no check expects: one that reads it stops with an error of its own.
  broken.facts.lifecycle = { ok: true, value: null, gaps: [] };
  write(directory, { 'broken.json': JSON.stringify(broken) });

  it('with timings and warnings, as JSON', () => {
    const run = audit(directory, '--timings');
    expect(JSON.parse(run.stdout).schema).toBe('wa-doctor/report@1');
    expect(run.stderr).toMatch(/^launches +[\d.]+ ms$/m);
    expect(run.stderr).toContain('wa-doctor: warning: index.js:1: this comment suppresses nothing');
  });

  it('when a check crashes: an error outcome, the others run, exit 3', () => {
    const run = doctorJson<Report>(['audit', '--facts', join(directory, 'broken.json'), '--fail-on', 'never']);
    const crashed = run.json.checks.filter(({ outcome }) => outcome === 'error');
    expect(crashed.length).toBeGreaterThan(0);
    expect(crashed[0]?.reason).toContain('error of its own');
    expect(run.json.checks.some(({ outcome }) => outcome === 'fail')).toBe(true);
    expect(run.code).toBe(3);
  });
});

describe('wrong use is one line, exit 2, and nothing is lost', () => {
  const directory = bot({
    'no.json': '{',
    'other.json': '{"schema":"wa-doctor/baseline@1","entries":[{"code":"WA201"}]}',
    'dup.json': '{\n  "schema": "wa-doctor/baseline@2",\n  "entries": []\n}',
  });
  const file = (name: string) => join(directory, name);
  it.each([
    ['a missing baseline', ['--baseline', '/nonexistent.json'], /^wa-doctor: \/nonexistent\.json: it does not exist$/],
    ['a broken baseline', ['--baseline', file('no.json')], /no\.json:1:2: it is not JSON: the file ends where/],
    [
      'an entry without fingerprint',
      ['--baseline', file('other.json')],
      /other\.json:1:45: it is no baseline: "fingerprint" is missing/,
    ],
    ['another version', ['--baseline', file('dup.json')], /dup\.json:2:3: it is no baseline: "schema": it must be/],
    ['a baseline that is no file', ['--baseline', directory], /not a regular file/],
    ['a code that there is not', ['--only', 'WA102,WA210'], /there is no check WA210; did you mean "WA/],
    ['a name that there is not', ['--skip', 'low-spice'], /there is no check low-spice; did you mean "low-space"\?/],
    ['a code to allow that there is not', ['--allow-unknown=WA999'], /there is no check WA999/],
    ['a severity that there is not', ['--severity', 'WA201=fatal'], /"WA201=fatal" must be a check and one of/],
    ['a severity without a check', ['--severity', 'off'], /"off" must be a check/],
    ['no check left', ['--only', 'WA201', '--skip', 'WA201'], /no check is left to run/],
    ['a day that there is not', ['--today', '2026-02-30'], /a day such as 2027-01-31/],
    [
      'a launch that there is not',
      ['--deploy', 'compose service bot'],
      /--deploy: no launch is called "compose service bot"/,
    ],
    ['a platform that there is not', ['--platform', 'herok'], /no such platform; did you mean "heroku"\?/],
    ['a missing config', ['--config', '/nonexistent.json'], /--config \/nonexistent\.json: it does not exist/],
    [
      'a baseline that cannot be written',
      ['--baseline-out', '/nonexistent/base.json'],
      /it cannot be written \(ENOENT\)/,
    ],
  ] as const)('%s', (_, args, line) => {
    const run = doctor(['audit', directory, '--target', 'repo', ...args]);
    expect({ code: run.code, stdout: run.stdout, lines: run.stderr.trimEnd().split('\n').length }).toEqual({
      code: 2,
      stdout: '',
      lines: 1,
    });
    expect(run.stderr.trimEnd()).toMatch(line);
  });

  it('a facts file that was changed by hand', () => {
    const facts = file('facts.json');
    doctor(['audit', directory, '--target', 'repo', '--facts-out', facts]);
    const good = JSON.parse(readFileSync(facts, 'utf8'));
    const bad: [string, unknown][] = [
      ['sessions', { ...good, facts: { ...good.facts, sessions: { ok: true, value: {}, gaps: [] } } }],
      ['git', { ...good, facts: { ...good.facts, git: 1 } }],
      ['ignores', { ...good, facts: { ...good.facts, ignores: { ok: true, value: [1], gaps: [] } } }],
      ['day', { ...good, day: 'today' }],
      ['policy', { ...good, policy: [] }],
      ['policy.settings', { ...good, policy: { config: null, settings: { failOn: 'error' }, baseline: null } }],
      [
        'policy.settings.suppressions',
        { ...good, policy: { config: null, settings: { suppressions: [{}] }, baseline: null } },
      ],
      ['policy.baseline', { ...good, policy: { config: null, settings: {}, baseline: { entries: 1 } } }],
    ];
    for (const [name, value] of bad) {
      write(directory, { 'bad.json': JSON.stringify(value) });
      const run = doctor(['audit', '--facts', file('bad.json')]);
      expect([run.code, run.stdout, run.stderr]).toEqual([2, '', expect.stringContaining(`"${name}" is not what`)]);
    }
  });
});
