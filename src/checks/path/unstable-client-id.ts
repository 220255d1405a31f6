import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import type { Launch } from '../../model/launch.ts';
import { casesBySite, launchName, locationOfSite, type SessionCase, sessionCases } from '../../model/launch-words.ts';

/** Does the host name change with every start of this launch? It does where each container gets its own. */
function renamesHost(launch: Launch | null): boolean {
  if (launch === null) return false;
  if (launch.kind === 'kubernetes') return !/statefulset/i.test(launch.id);
  return ['dockerfile', 'compose', 'platform', 'procfile'].includes(launch.kind);
}

function judge(cases: readonly SessionCase[]): FindingDraft[] {
  const bad = cases.filter(
    ({ session, launch }) => session.unstable && (session.unstable.cause !== 'the host name' || renamesHost(launch)),
  );
  const [first] = bad;
  const unstable = first?.session.unstable;
  if (first?.site == null || !unstable) return [];
  const { site } = first;
  const part = site.clientId.kind === 'unstable' ? 'client id' : 'data path';
  return [
    {
      severity: bad.length === cases.length ? 'error' : 'warning',
      confidence: 'high',
      message: `The ${part} is made from ${unstable.cause} (${unstable.text}): every start looks for a session in a new, empty directory.`,
      event: unstable.cause === 'the host name' ? 'a new container' : 'the next start of the process',
      locations: [locationOfSite(site)],
      evidence: bad
        .slice(0, 5)
        .map(({ session, launch }) => `${launchName(launch)} → ${session.userDataDir ?? 'unknown'}`),
      remediation: {
        summary: `Use a constant ${part}`,
        steps: [
          `Keep the ${part} in the configuration (or in the database beside the account), and read it at every start.`,
          'Rename the newest session-* directory to the constant name while the bot is stopped, so that nobody has to scan again.',
        ],
      },
      identity: ['unstable', site.file, unstable.text],
    },
  ];
}

export default defineCheck({
  code: 'WA204',
  name: 'unstable-client-id',
  family: 'path',
  severity: 'error',
  needs: ['sites', 'launches', 'sessions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'The client id (or the data path) comes from a uuid, the time, a random number, the process id or the host name.',
  why:
    'The session directory is named after the client id. An id that differs at every start names a directory that does not exist yet: ' +
    'the bot asks for the QR code, and the old sessions pile up beside it.',
  fix: ['Use a constant client id that is kept in the configuration.'],
  run({ sites, launches, sessions }) {
    if (sessions.length === 0) return { findings: [], notApplicable: 'no session path is known' };
    return { findings: [...casesBySite(sessionCases(sessions, sites, launches)).values()].flatMap(judge) };
  },
});
