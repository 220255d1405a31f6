import { defineCheck } from '../../model/check.ts';
import type { FindingDraft, Severity } from '../../model/finding.ts';
import type { SourceDeletion } from '../../model/wiper.ts';

const WHEN: Readonly<Record<SourceDeletion['trigger'], string>> = {
  start: 'the start of the bot',
  event: 'the event',
  signal: 'the signal',
  timer: 'a timer',
  route: 'a request',
  test: 'a test run',
  unknown: 'a call',
};

function whenOf({ trigger, triggerName }: SourceDeletion): string {
  if (trigger === 'start') return WHEN.start;
  return triggerName === null ? WHEN[trigger] : `${WHEN[trigger]} ${triggerName}`;
}

/**
 * `error` only for what happens at every start, stop or tick without a condition. On `disconnected` and `auth_failure` the login may
 * already be void (after LOGOUT it is), so that is a warning; on request it is what the caller asked for.
 */
function severityOf({ trigger, condition }: SourceDeletion): Severity {
  // After a LOGOUT the login is void; removing what is left of it loses nothing.
  if (trigger === 'event' && /LOGOUT|UNPAIRED/.test(condition ?? '')) return 'info';
  if ((trigger === 'start' || trigger === 'signal' || trigger === 'timer') && condition == null) return 'error';
  // What a caller asks for by name is a feature: worth knowing, no more.
  return trigger === 'route' || trigger === 'test' ? 'info' : 'warning';
}

function findingOf(deletion: SourceDeletion): FindingDraft | null {
  const whole = deletion.sessions.filter(({ deleted }) => deleted === true);
  const [first] = whole.length > 0 ? whole : deletion.sessions.filter(({ partial }) => partial);
  if (first === undefined) return null;
  const { file, line, what, condition } = deletion;
  const when = whenOf(deletion);
  // RemoteAuth keeps the login in its store and empties this directory itself at every start.
  const remote = /(^|\/)RemoteAuth(-[^/]*)?$/.test(first.path);
  return {
    severity: remote
      ? 'info'
      : whole.length > 0
        ? severityOf(deletion)
        : deletion.trigger === 'route'
          ? 'info'
          : 'warning',
    confidence: deletion.trigger === 'unknown' ? 'medium' : 'high',
    message:
      whole.length > 0
        ? `The bot's own code deletes the session ${first.path} at ${when}.`
        : `The bot's own code removes files out of the profile ${first.path} at ${when}.`,
    event: when,
    locations: [{ file, line }],
    evidence: [what, ...(condition == null ? [] : [condition])],
    remediation: {
      summary: 'Delete the session only when it is known to be void',
      steps:
        deletion.trigger === 'event'
          ? [
              'Delete it only when the reason of `disconnected` is LOGOUT; on any other reason call client.initialize() again.',
              'On `auth_failure` move the directory aside instead of deleting it.',
            ]
          : deletion.trigger === 'route'
            ? ['Ask for a confirmation in the request, and name the endpoint for what it does (unlink).']
            : [
                'Take the deletion out; a stale lock needs only the three Singleton* links removed, and only when no browser runs.',
              ],
    },
    identity: ['source', file, what],
  };
}

export default defineCheck({
  code: 'WA304',
  name: 'source-deletes-session',
  family: 'wipers',
  severity: 'error',
  needs: ['sourceDeletions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'medium',
  implies: 'lost',
  what: "The bot's own code removes the session directory.",
  why:
    'Code that deletes the session "to start clean" runs more often than its author thinks: disconnected comes for a lost network too, ' +
    'auth_failure for a slow page, and a handler of SIGTERM at every deploy.',
  fix: ['Delete the session only after a LOGOUT, or on request.'],
  run({ sourceDeletions }) {
    const findings: FindingDraft[] = [];
    const unknown: string[] = [];
    for (const deletion of sourceDeletions) {
      if (deletion.kind !== 'delete') continue;
      const finding = findingOf(deletion);
      if (finding !== null) findings.push(finding);
      else if (deletion.trigger !== 'test') {
        const open = deletion.sessions.find(({ deleted }) => deleted === 'unknown');
        if (open !== undefined) {
          findings.push({
            severity: 'info',
            confidence: 'low',
            message: `The bot's own code may delete the session ${open.path} at ${whenOf(deletion)}: ${open.reason ?? 'the path is not known before it runs'}.`,
            event: whenOf(deletion),
            locations: [{ file: deletion.file, line: deletion.line }],
            evidence: [deletion.what],
            identity: ['source', deletion.file, deletion.what, 'unknown'],
          });
        }
      }
    }
    return { findings, unknown };
  },
});
