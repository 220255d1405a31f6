import { toStandardError } from './shutdown.ts';
import { placeOf } from './target.ts';
import type { SessionOptions, SessionProblem, SessionReport, SessionTarget } from './types.ts';

/** The report of `assertPersistentSession` with `onProblem: 'throw'`. */
export class SessionError extends Error {
  override readonly name = 'SessionError';
  readonly report: SessionReport;
  constructor(report: SessionReport) {
    super(
      report.problems
        .filter(({ level }) => level === 'error')
        .map(({ message }) => message)
        .join(' '),
    );
    this.report = report;
  }
}

/** EX_CONFIG of sysexits.h: a supervisor that reads it does not restart for ever. */
const EXIT_CODE = 78;

async function look(target: SessionTarget, mustExist: boolean): Promise<SessionReport> {
  const place = placeOf(target);
  const nothing = { survives: null, writable: 'unknown', state: 'unknown' } as const;
  if (place.problem !== null) {
    return { ...nothing, ok: false, path: place.path, problems: [{ ...place.problem, level: 'error' }] };
  }
  if (place.path === null) return { ...nothing, ok: true, path: null, problems: [] };
  // Loaded only when asked: the mounts and the profile are most of the guard.
  const { lookAt } = await import('./look.ts');
  return await lookAt(place.path, place.kind, mustExist);
}

function say(problems: readonly SessionProblem[], log: (line: string) => void): void {
  for (const { code, level, message, fix } of problems) {
    log(`${level === 'error' ? 'error' : 'note'} ${code}: ${message}`);
    for (const step of fix) log(`  - ${step}`);
  }
}

/**
 * Look at the session before `client.initialize()`: will the place keep it, is it there, whole, and free? Reads only, in some
 * milliseconds, and starts nothing. Never rejects, except with `onProblem: 'throw'` (or when a function of yours throws).
 */
export async function assertPersistentSession(
  target: SessionTarget,
  { onProblem = 'warn', mustExist = false, log }: SessionOptions = {},
): Promise<SessionReport> {
  let report: SessionReport;
  try {
    report = await look(target, mustExist);
  } catch (error) {
    const message = `The session could not be looked at: ${error instanceof Error ? error.message : String(error)}.`;
    report = {
      ok: true,
      path: null,
      state: 'unknown',
      survives: null,
      writable: 'unknown',
      problems: [{ code: 'WA510', level: 'notice', message, fix: [] }],
    };
  }
  if (typeof onProblem === 'function') {
    onProblem(report);
    return report;
  }
  const write = log === undefined ? toStandardError : (log ?? (() => {}));
  if (onProblem !== 'throw' || report.ok) say(report.problems, write);
  if (!report.ok && onProblem === 'throw') throw new SessionError(report);
  if (!report.ok && onProblem === 'exit') process.exit(EXIT_CODE);
  return report;
}
