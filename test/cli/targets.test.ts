import { describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { doctor, doctorJson, scratch, write } from '../support/doctor.ts';

const MANIFEST = (name: string) =>
  JSON.stringify({ name, scripts: { start: 'node index.js' }, dependencies: { 'whatsapp-web.js': '^1.34.7' } });
const SOURCE = (path: string) =>
  `const { Client, LocalAuth } = require('whatsapp-web.js');\nnew Client({ authStrategy: new LocalAuth({ dataPath: ${path} }) }).initialize();\n`;

describe('no bot', () => {
  const empty = write(scratch('nobot'), {
    'package.json': '{"name":"web","dependencies":{"express":"4"}}',
    'index.js': "require('express')();",
  });

  it('is not fine: exit 3, and the words that help', () => {
    const { code, stdout } = doctor(['audit', empty]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/no bot here/);
  });

  it('is accepted with --allow-no-bot', () => {
    expect(doctor(['audit', empty, '--allow-no-bot']).code).toBe(0);
  });

  it('an empty directory is no bot either', () => {
    expect(doctor(['audit', scratch('void')]).code).toBe(3);
  });
});

describe('a monorepo with two bots in packages', () => {
  const root = write(scratch('mono'), {
    'package.json': '{"name":"mono","private":true,"workspaces":["packages/*"]}',
    'packages/sales/package.json': MANIFEST('sales-bot'),
    'packages/sales/index.js': SOURCE("'./session'"),
    'packages/support/package.json': MANIFEST('support-bot'),
    'packages/support/index.js': SOURCE("'./session'"),
  });

  it('is asked for one of them by name', () => {
    const { code, stdout } = doctor(['audit', root]);
    expect(code).toBe(3);
    expect(stdout).toContain('packages/sales');
    expect(stdout).toContain('packages/support');
  });

  it('audits the one that is named', () => {
    const { code, json } = doctorJson<Report>(['audit', `${root}/packages/sales`, '--target', 'repo']);
    expect(code).not.toBe(70);
    expect(json.sessions).toHaveLength(1);
  });
});

describe('on a CI platform', () => {
  const project = write(scratch('ci'), { 'package.json': MANIFEST('bot'), 'index.js': SOURCE("'/var/lib/wa'") });

  it.each([
    ['CI', 'true'],
    ['GITHUB_ACTIONS', 'true'],
    ['GITLAB_CI', 'true'],
    ['JENKINS_URL', 'http://ci'],
  ])('%s=%s gives the repo target and nothing about the runner', (name, value) => {
    const { json } = doctorJson<Report>(['audit', project], { env: { [name]: value } });
    expect({ target: json.target, platform: json.platform, locations: json.locations }).toEqual({
      target: 'repo',
      platform: null,
      locations: [],
    });
    expect(json.findings.filter(({ code }) => /^WA(10[1-6]|5|601|602)/.test(code) && code !== 'WA510')).toEqual([]);
    const host = json.checks.filter(({ code }) => ['WA105', 'WA501', 'WA504', 'WA601', 'WA602'].includes(code));
    for (const { outcome, reason } of host)
      expect({ outcome, reason }).toEqual({ outcome: 'not-applicable', reason: 'no deploy target' });
  });

  it('CI=false is no CI', () => {
    expect(doctorJson<Report>(['audit', project], { env: { CI: 'false' } }).json.target).toBe('host');
  });

  it('says the target in the first line', () => {
    expect(doctor(['audit', project], { env: { CI: '1' } }).stdout.split('\n')[0]).toContain('target repo');
    expect(doctor(['audit', project]).stdout.split('\n')[0]).toContain('target host');
  });

  it('WA101 is unknown where no launch declares mounts', () => {
    const { json, code } = doctorJson<Report>(['audit', project, '--target', 'repo']);
    expect(json.checks.find((check) => check.code === 'WA101')).toMatchObject({ outcome: 'unknown' });
    expect(code).toBe(3);
  });
});
