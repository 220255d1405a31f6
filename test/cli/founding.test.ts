import { describe, expect, it } from 'vitest';
import type { Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';
import { doctor, doctorJson, fixture } from '../support/doctor.ts';

const PROJECT = '/app/whatsapp-service';
const audit = (root: string) => doctorJson<Report>(['audit', PROJECT, '--root', root]);
const codes = (findings: readonly Finding[]) => new Set(findings.map(({ code }) => code));

describe('the founding case', () => {
  const { json: report, code } = audit(fixture('founding/root'));

  it('finds the five causes of the analysis by hand, and fails', () => {
    expect([...codes(report.findings)]).toEqual(
      expect.arrayContaining(['WA101', 'WA201', 'WA202', 'WA301', 'WA401', 'WA510']),
    );
    expect(report.findings.find((finding) => finding.code === 'WA401')?.severity).toBe('info');
    expect({ code, verdict: report.verdict }).toEqual({ code: 1, verdict: 'lost' });
  });

  it('recognises Kubernetes and not WSL', () => {
    expect(report.platform?.kinds).toContain('kubernetes');
    expect(report.platform?.kinds.join()).not.toMatch(/wsl/i);
  });

  it('shows both places: kept on /app, lost on the overlay', () => {
    const byPath = Object.fromEntries(
      report.sessions.map(({ userDataDir, durability }) => [userDataDir, durability?.survives.containerRestart]),
    );
    expect(byPath).toEqual({ '/app/whatsapp-service/.wwebjs_auth/session': true, '/.wwebjs_auth/session': false });
  });

  it('answers the requirements as the analysis did', () => {
    expect(report.requirements.map(({ name, answer }) => [name, answer])).toEqual([
      ['stable absolute data path', false],
      ['not in a temporary directory', 'unknown'],
      ['not in a build directory', 'unknown'],
      ['correct permissions', false],
      ['survives restarts', false],
    ]);
  });

  it('judges /app, /tmp and / as the analysis did', () => {
    const row = (path: string) =>
      report.locations.find((location) => location.path === path)?.survives.containerRestart;
    expect([row('/app'), row('/tmp'), row('/')]).toEqual([true, false, false]);
  });

  it('answers what deletes the session', () => {
    const answer = (what: string) => report.wipeTriggers.find((trigger) => trigger.what === what)?.deletes;
    expect({
      clean: answer('npm run clean'),
      install: answer('npm install'),
      rebuild: answer('container rebuild'),
      git: answer('git clean -fdx'),
    }).toEqual({ clean: true, install: false, rebuild: true, git: true });
  });

  it('recommends a directory under /app, with a fix to paste', () => {
    expect(report.recommended).toBe('/app/data/whatsapp-sessions');
    const lines = report.prescription?.steps.flatMap((step) => step.lines).join('\n');
    expect(lines).toContain('mkdir -p /app/data/whatsapp-sessions && chmod 700 /app/data/whatsapp-sessions');
    expect(lines).toContain('SESSION_PATH=/app/data/whatsapp-sessions');
  });

  it('puts the verdict first on the screen of a person', () => {
    const { stdout, stderr } = doctor(['audit', PROJECT, '--root', fixture('founding/root')]);
    expect(stderr).toBe('');
    expect(stdout.split('\n').slice(0, 5).join('\n')).toContain('WILL BE LOST');
    expect(stdout).toContain('npm run clean');
    for (const line of stdout.split('\n')) expect(line).not.toMatch(/\u001b/);
  });

  it('says the same bytes for the same facts', () => {
    const root = fixture('founding/root');
    const facts = `${root}/facts.json`;
    expect(doctor(['audit', PROJECT, '--root', root, '--facts-out', facts])).toMatchObject({ code: 0, stdout: '' });
    const replayed = doctor(['audit', '--facts', facts, '--json']);
    expect(doctor(['audit', '--facts', facts, '--json']).stdout).toBe(replayed.stdout);
    expect(JSON.parse(replayed.stdout).findings).toEqual(report.findings);
    expect(replayed.code).toBe(1);
  });
});

describe('the same bot after the fix', () => {
  const { json: report, code } = audit(fixture('founding/fixed/root'));

  it('is safe, with no error and no warning', () => {
    expect(report.findings.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(report.checks.filter(({ outcome }) => outcome === 'unknown' || outcome === 'error')).toEqual([]);
    expect({ code, verdict: report.verdict }).toEqual({ code: 0, verdict: 'safe' });
  });
});
