import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';

/**
 * Switches by which servers start the stored sessions when they start themselves (OpenWA, WAHA; causes.md, NOT_STARTED). Names that mean something else (`RECOVER_SESSIONS` is about page failures) are not here.
 */
const SWITCHES: ReadonlySet<string> = new Set(['AUTO_START_SESSIONS', 'WHATSAPP_RESTART_ALL_SESSIONS']);
const OFF = /^(?:false|0|no|off)$/i;

export default defineCheck({
  code: 'WA408',
  name: 'session-not-started',
  family: 'lifecycle',
  severity: 'warning',
  needs: ['lifecycle', 'profiles', 'launches'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  what: 'A complete session is stored, and nothing starts it when the bot starts.',
  why:
    'Servers for several accounts keep their clients in memory. After a restart the login is whole on disk, but no client is made for it ' +
    'until somebody asks: no messages, no QR code, and people pair again what was never lost.',
  fix: [
    'At start call initialize() for every session directory of the data path, or switch the automatic start of your server on.',
    'Do not pair again and do not move the data: the session is there.',
  ],
  run({ lifecycle, profiles, launches }) {
    const stored = profiles.filter(({ state, owner }) => state === 'linked' && owner.state !== 'live');
    if (stored.length === 0) return { findings: [], notApplicable: 'no linked session waits to be started' };
    const findings: FindingDraft[] = [];
    const quiet = stored.every(({ owner }) => owner.state === 'free' || owner.state === 'stale-local');
    const waiting = quiet ? ', and no browser runs for it' : '';
    const places = stored.map(({ path }) => ({ path }));
    const names = stored.map(({ path }) => path).join(', ');
    const whole = stored.length === 1 ? `The session ${names} is complete` : `The sessions ${names} are complete`;

    const { initialize } = lifecycle;
    if (initialize.length > 0 && initialize.every(({ trigger }) => trigger === 'route')) {
      findings.push({
        confidence: 'medium',
        message: `${whole}${waiting}: initialize() is called only when a request asks for it.`,
        event: 'every restart of the bot',
        locations: [...initialize.map(({ file, line, column }) => ({ file, line, column })), ...places],
        evidence: initialize.map(
          ({ file, line }) => `${file}:${line}: initialize() is reached from an HTTP route only`,
        ),
        identity: ['route', ...initialize.map(({ file }) => file)],
      });
    }
    for (const { id, env, file, line } of launches) {
      const off = Object.entries(env).filter(([name, value]) => SWITCHES.has(name) && OFF.test(value));
      for (const [name, value] of off) {
        findings.push({
          confidence: 'medium',
          message: `${whole}${waiting}: ${id} switches the automatic start off (${name}=${value}).`,
          event: 'every restart of the bot',
          locations: [...(file === null ? [] : [line === null ? { file } : { file, line }]), ...places],
          evidence: [`${id}: ${name}=${value}`],
          remediation: {
            summary: 'Switch the automatic start on',
            steps: [`Set ${name}=true in ${file ?? id}.`, 'Do not pair again: the session is complete.'],
          },
          identity: ['switch', id, name],
        });
      }
    }
    return { findings };
  },
});
