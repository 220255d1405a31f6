import { defineCheck } from '../../src/model/check.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { Report } from '../../src/model/report.ts';

/** One report that holds every kind of thing; all formats are tested on it. */
export const SAMPLE_CHECKS = [
  defineCheck({
    code: 'WA101',
    name: 'ephemeral-storage',
    family: 'storage',
    severity: 'error',
    needs: ['platform'],
    targets: ['host'],
    since: '0.1.0',
    effort: 'medium',
    implies: 'lost',
    what: 'The session is on storage that dies.',
    why: 'It is gone after the next restart.',
    fix: ['Mount a volume.'],
    run: () => ({ findings: [] }),
  }),
  defineCheck({
    code: 'WA301',
    name: 'destructive-script',
    family: 'wipers',
    severity: 'warning',
    needs: ['platform'],
    targets: ['host'],
    since: '0.1.0',
    effort: 'low',
    what: 'A script deletes the session.',
    why: 'Someone runs it.',
    fix: ['Exclude the session.'],
    run: () => ({ findings: [] }),
  }),
];

interface Change {
  readonly message?: string;
  readonly file?: string;
}

/** Errors of WA101, numbered. */
export function sampleFindings(count: number, change: Change = {}): Finding[] {
  return Array.from({ length: count }, (_, index) => ({
    code: 'WA101',
    check: 'ephemeral-storage',
    severity: 'error',
    confidence: 'high',
    message: change.message ?? `The session in /app/${index} is lost.`,
    event: 'docker compose up --force-recreate',
    locations: [{ file: change.file ?? 'src/bot.js', line: index + 1, column: 3 }],
    evidence: ['overlay overlay on /'],
    remediation: { summary: 'Mount a volume', steps: ['Mount a volume.'], effort: 'medium' },
    docs: 'https://example.org/WA101',
    fingerprint: index.toString(16).padStart(16, '0'),
    suppressed: null,
    baseline: null,
  }));
}

const survives = {
  processRestart: true,
  containerRestart: false,
  recreate: false,
  reboot: 'unknown',
  nodeLoss: false,
} as const;

export const SAMPLE: Report = {
  schema: 'wa-doctor/report@1',
  tool: { name: 'wa-doctor', version: '0.1.0' },
  project: '/srv/bot',
  target: 'host',
  platform: { kinds: ['docker'], evidence: ['docker: /.dockerenv exists'] },
  verdict: 'lost',
  headline: 'The session in /app/0 is lost.',
  partial: false,
  findings: [
    ...sampleFindings(1),
    {
      code: 'WA301',
      check: 'destructive-script',
      severity: 'warning',
      confidence: 'medium',
      message: 'npm run clean deletes <b>"it" & more</b> | `x` \u001b[31m at 100%',
      event: null,
      locations: [{ file: 'pack age,json', line: 7 }, { path: '/srv/bot/.wwebjs_auth' }, { pid: 42 }],
      evidence: ['rm -rf .wwebjs_auth\nsecond line', 'a\u0007bell'],
      remediation: { summary: 'Exclude the session', steps: ['One.', 'Two.'], effort: 'low' },
      docs: 'https://example.org/WA301',
      fingerprint: '00000000000000ff',
      suppressed: null,
      baseline: 'known',
    },
    {
      ...(sampleFindings(1, { message: 'accepted', file: 'old.js' })[0] as Finding),
      fingerprint: '00000000000000aa',
      suppressed: { reason: 'staging only', by: 'config' },
    },
  ],
  checks: [
    { code: 'WA101', outcome: 'fail', reason: null, undeclared: false },
    { code: 'WA301', outcome: 'unknown', reason: 'package.json could not be read <&>', undeclared: false },
  ],
  requirements: [{ name: 'survives restarts', answer: false, detail: 'overlay' }],
  locations: [{ path: '/app', survives, risk: 'lost when the container restarts' }],
  sessions: [],
  wipeTriggers: [{ what: 'npm run clean', deletes: true, detail: 'rm -rf .wwebjs_auth' }],
  recommended: '/data/whatsapp-sessions',
  prescription: {
    dataPath: '/data/whatsapp-sessions',
    steps: [{ title: 'make it', lines: ['mkdir -p /data/whatsapp-sessions'] }],
  },
  policy: { failOn: 'error', show: 'info', showSuppressed: true, config: null, baseline: null, notes: [] },
  summary: { error: 1, warning: 1, info: 0, unknown: 1, suppressed: 1, known: 1, hidden: 0, redacted: 0 },
};
