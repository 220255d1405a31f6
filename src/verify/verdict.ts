import type { ProfileState } from '../model/profile.ts';
import type { VerifyRun, VerifyVerdict } from '../model/verify.ts';

export interface VerdictInput {
  /** In their order; the first that did not become ready is the last. */
  readonly runs: readonly VerifyRun[];
  /** How many runs were wanted. */
  readonly wanted: number;
  /** Was the first run meant to be linked by hand? */
  readonly pair: boolean;
  /** Before the first run, or after it was linked by hand. */
  readonly before: ProfileState | null;
  /** After the last run ended; `null`: not looked. */
  readonly after: ProfileState | null;
}

export interface Judgement {
  readonly verdict: VerifyVerdict;
  readonly reason: string;
  readonly lostAt: number | null;
}

/** What a login cannot become by a clean stop. */
const GONE: Readonly<Partial<Record<ProfileState, string>>> = {
  missing: 'the directory holds no profile any more',
  'logged-out': 'the login is no longer stored in it',
  'never-linked': 'it holds no login any more',
  incomplete: 'half of the login is missing from it',
};

function lost(run: number, why: string): Judgement {
  return { verdict: 'lost', reason: why, lostAt: run };
}

function inconclusive(reason: string): Judgement {
  return { verdict: 'inconclusive', reason, lostAt: null };
}

/** What the runs prove. Pure: the verdict comes from what the library said, not from what the profile looks like. */
export function judge({ runs, wanted, pair, before, after }: VerdictInput): Judgement {
  const last = runs.at(-1);
  if (last === undefined) return inconclusive('no run was made');
  const { n, outcome } = last;
  // Only what was seen can be seen to be gone: which names hold a login is an inference, a directory without a profile is none.
  const gone = GONE[after ?? 'unknown'];
  const goneNow = before === 'linked' || after === 'missing' ? gone : undefined;

  if (outcome === 'interrupted') return inconclusive(`it was interrupted in run ${n}`);
  if (outcome === 'ready') {
    if (runs.length < wanted) return inconclusive(`run ${n + 1} was not made`);
    if (goneNow !== undefined) {
      return lost(
        n,
        `all ${n} runs were ready, but after the last one ended ${goneNow}: the next start shows a QR code`,
      );
    }
    const restarts = wanted - 1;
    const unclean = runs.filter(({ clean, stop }) => !clean && stop !== 'SIGKILL').map((run) => run.n);
    const note = unclean.length === 0 ? '' : `; the browser of run ${unclean.join(', ')} did not end cleanly`;
    return {
      verdict: 'survived',
      reason: `the session was ready without a QR code after ${restarts === 1 ? 'the restart' : `each of ${restarts} restarts`}${note}`,
      lostAt: null,
    };
  }
  if (n > 1) {
    const previous = `run ${n - 1} was ready`;
    if (outcome === 'qr') return lost(n, `${previous}, run ${n} shows a QR code`);
    if (outcome === 'logged-out') {
      return lost(
        n,
        `${previous}, in run ${n} WhatsApp ended the link (${last.error ?? 'logged out'}); the directory was left as it is`,
      );
    }
    if (after === 'missing' && before === 'linked') {
      return lost(n, `${previous}, before run ${n} the profile vanished (${last.error ?? outcome})`);
    }
    return inconclusive(`${previous}, run ${n} could not tell: ${last.error ?? outcome}`);
  }
  if (pair && (outcome === 'qr' || outcome === 'timeout')) {
    return inconclusive(`no phone was linked: ${last.error ?? 'the time was over'}`);
  }
  if (outcome === 'qr') {
    return {
      verdict: 'not-linked',
      reason: 'the first run shows a QR code: this session is not linked, so there is nothing to lose',
      lostAt: null,
    };
  }
  if (outcome === 'logged-out') {
    return {
      verdict: 'not-linked',
      reason: `in the first run WhatsApp ended the link (${last.error ?? 'logged out'}): this session was no longer linked before it was tested`,
      lostAt: null,
    };
  }
  return inconclusive(`the first run could not tell: ${last.error ?? outcome}`);
}
