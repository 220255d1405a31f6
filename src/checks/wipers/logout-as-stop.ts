import { defineCheck } from '../../model/check.ts';
import type { Severity } from '../../model/finding.ts';
import type { SourceDeletion } from '../../model/wiper.ts';

/** Names of requests and events that mean an end for now, not for good. */
const STOP_WORDS = /restart|reload|stop|shutdown|close|reconnect|disconnect|pause|exit|kill|destroy/i;

/** `error`: every stop logs out. `warning`: something that is meant to stop or restart does. `null`: it is meant as a logout. */
function severityOf({ trigger, triggerName, condition }: SourceDeletion): Severity | null {
  if (trigger === 'signal' || trigger === 'start' || trigger === 'timer')
    return condition == null ? 'error' : 'warning';
  if (trigger === 'event') return 'warning';
  if (trigger === 'test') return null;
  return STOP_WORDS.test(triggerName ?? '') ? 'warning' : 'info';
}

export default defineCheck({
  code: 'WA307',
  name: 'logout-as-stop',
  family: 'wipers',
  severity: 'error',
  needs: ['sourceDeletions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'client.logout() is called where client.destroy() is meant.',
  why:
    'logout() unlinks the device at WhatsApp and deletes the profile (LocalAuth.logout); nothing brings it back but a new pairing. ' +
    'destroy() only closes the browser, and the next initialize() goes on with the same login.',
  fix: ['Use await client.destroy() to stop or restart; keep logout() for a person who wants the link to end.'],
  run({ sourceDeletions }) {
    return {
      findings: sourceDeletions.flatMap((deletion) => {
        if (deletion.kind !== 'logout') return [];
        const severity = severityOf(deletion);
        if (severity === null) return [];
        const { file, line, what, trigger, triggerName, condition } = deletion;
        const when = triggerName === null ? trigger : `${trigger} ${triggerName}`;
        return [
          {
            severity,
            confidence: trigger === 'unknown' ? ('medium' as const) : ('high' as const),
            message:
              severity === 'info'
                ? `${what} unlinks the device and deletes the session on request (${when}).`
                : `${what} at ${when} unlinks the device and deletes the session; destroy() would only close the browser.`,
            event: when,
            locations: [{ file, line }],
            evidence: [what, ...(condition == null ? [] : [condition])],
            remediation:
              severity === 'info'
                ? {
                    summary: 'Nothing, if that is what the caller wants',
                    steps: ['Make sure that nothing calls it to stop or restart the bot; use destroy() there.'],
                  }
                : {
                    summary: 'Stop with destroy()',
                    steps: [`Replace ${what} by ${what.replace('logout', 'destroy')} and await it.`],
                  },
            identity: ['logout', file, what, trigger],
          },
        ];
      }),
    };
  },
});
