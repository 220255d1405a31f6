import { type Answer, every } from '../model/answer.ts';
import type { Requirement } from '../model/report.ts';
import type { SessionPath } from '../model/session-path.ts';
import type { FactStates } from './run.ts';

/** Directories that a build empties or fills (WA205 judges them; here they answer a requirement). */
const BUILD_DIRECTORIES = /(^|\/)(dist|build|out|\.next|\.nuxt|\.output|node_modules|coverage|target)(\/|$)/;
const TEMPORARY = /^\/(tmp|var\/tmp|dev\/shm|run)(\/|$)/;

type Judge = (session: SessionPath) => { answer: Answer; detail: string };

function judgePath(rule: (path: string) => boolean, good: string, bad: (path: string) => string): Judge {
  return ({ userDataDir, dependsOnCwd }) => {
    if (userDataDir === null) return { answer: 'unknown', detail: 'the path could not be resolved' };
    if (!rule(userDataDir)) return { answer: false, detail: bad(userDataDir) };
    return dependsOnCwd
      ? { answer: 'unknown', detail: 'it depends on the working directory' }
      : { answer: true, detail: good };
  };
}

function survivesRestarts({ durability }: SessionPath): { answer: Answer; detail: string } {
  if (durability === null) return { answer: 'unknown', detail: 'no mount table to judge it by' };
  const { survives, reasons } = durability;
  const answer = every([survives.processRestart, survives.containerRestart, survives.recreate, survives.reboot]);
  return { answer, detail: reasons[0]?.text ?? durability.resolved };
}

/** Sessions that a mount table judges; without any, all: the answer is unknown then. */
function withTable(sessions: readonly SessionPath[]): readonly SessionPath[] {
  const judged = sessions.filter(({ durability }) => durability !== null);
  return judged.length > 0 ? judged : sessions;
}

function overall(sessions: readonly SessionPath[], judge: Judge): { answer: Answer; detail: string } {
  const judged = sessions.map(judge);
  const answer = judged.length === 0 ? 'unknown' : every(judged.map((one) => one.answer));
  const details = judged.filter((one) => one.answer === answer).map((one) => one.detail);
  return { answer, detail: [...new Set(details)].slice(0, 2).join('; ') || 'no session path is known' };
}

/**
 * The five requirements of LocalAuth, answered for all sessions at once: one `no` decides.
 * Empty when the bot uses no LocalAuth.
 */
export function requirementsOf(states: FactStates): Requirement[] {
  const sites = states.sites?.ok === true ? states.sites.value : [];
  if (!sites.some(({ strategy, role }) => strategy === 'LocalAuth' && role === 'bot')) return [];
  const sessions = states.sessions?.ok === true ? states.sessions.value : [];
  const access = states.access?.ok === true ? states.access.value : null;

  const permissions = (): { answer: Answer; detail: string } => {
    if (access === null) {
      const reason = states.access?.ok === false ? states.access.reason : 'no deploy target to look at';
      return { answer: 'unknown', detail: reason };
    }
    const blocked = access.sessions.find(({ writable }) => writable === false);
    if (blocked !== undefined) return { answer: false, detail: `${blocked.looked}: ${blocked.reason}` };
    if (access.runsAsRoot === true) return { answer: false, detail: `runs as root (${access.evidence[0] ?? 'uid 0'})` };
    return { answer: every(access.sessions.map(({ writable }) => writable)), detail: 'the bot can write there' };
  };

  return [
    {
      name: 'stable absolute data path',
      ...overall(sessions, ({ dependsOnCwd, userDataDir }) =>
        userDataDir === null && !dependsOnCwd
          ? { answer: 'unknown', detail: 'the path could not be resolved' }
          : dependsOnCwd
            ? { answer: false, detail: 'relative: it depends on the working directory' }
            : { answer: true, detail: String(userDataDir) },
      ),
    },
    {
      name: 'not in a temporary directory',
      ...overall(
        sessions,
        judgePath(
          (path) => !TEMPORARY.test(path),
          'it is not',
          (path) => `${path} is temporary`,
        ),
      ),
    },
    {
      name: 'not in a build directory',
      ...overall(
        sessions,
        judgePath(
          (path) => !BUILD_DIRECTORIES.test(path),
          'it is not',
          (path) => `${path} is emptied by builds`,
        ),
      ),
    },
    { name: 'correct permissions', ...permissions() },
    { name: 'survives restarts', ...overall(withTable(sessions), survivesRestarts) },
  ];
}
