import { describe, expect, it } from 'vitest';
import type { ProfileState } from '../../src/model/profile.ts';
import type { VerifyRun, VerifyVerdict } from '../../src/model/verify.ts';
import { explain, MIN_SETTLE_MS, worthAnotherTry } from '../../src/verify/one-run.ts';
import { judge } from '../../src/verify/verdict.ts';

type Outcome = VerifyRun['outcome'];

function run(n: number, outcome: Outcome, clean = true): VerifyRun {
  return { n, stop: 'destroy', events: [], clean, outcome, error: outcome === 'ready' ? null : outcome };
}

interface Row {
  readonly outcomes: readonly Outcome[];
  readonly before?: ProfileState;
  readonly after?: ProfileState;
  readonly pair?: boolean;
  readonly wanted?: number;
  readonly verdict: VerifyVerdict;
  readonly lostAt?: number;
}

const TABLE: readonly Row[] = [
  { outcomes: ['ready', 'ready'], verdict: 'survived' },
  { outcomes: ['ready', 'ready', 'ready', 'ready'], wanted: 4, verdict: 'survived' },
  { outcomes: ['ready', 'qr'], verdict: 'lost', lostAt: 2 },
  { outcomes: ['ready', 'ready', 'qr'], wanted: 4, verdict: 'lost', lostAt: 3 },
  { outcomes: ['ready', 'logged-out'], verdict: 'lost', lostAt: 2 },
  { outcomes: ['ready', 'failed'], verdict: 'inconclusive' },
  { outcomes: ['ready', 'failed'], after: 'missing', verdict: 'lost', lostAt: 2 },
  { outcomes: ['ready', 'timeout'], verdict: 'inconclusive' },
  { outcomes: ['qr'], verdict: 'not-linked' },
  { outcomes: ['logged-out'], verdict: 'not-linked' },
  { outcomes: ['failed'], verdict: 'inconclusive' },
  { outcomes: ['timeout'], verdict: 'inconclusive' },
  { outcomes: [], verdict: 'inconclusive' },
  { outcomes: ['ready', 'interrupted'], verdict: 'inconclusive' },
  { outcomes: ['interrupted'], verdict: 'inconclusive' },
  // Every run was ready, and yet the next start will show a QR code.
  { outcomes: ['ready', 'ready'], after: 'logged-out', verdict: 'lost', lostAt: 2 },
  { outcomes: ['ready', 'ready'], after: 'incomplete', verdict: 'lost', lostAt: 2 },
  { outcomes: ['ready', 'ready'], after: 'missing', verdict: 'lost', lostAt: 2 },
  // What the profile reader cannot tell never overrules what the library said.
  { outcomes: ['ready', 'ready'], after: 'unknown', verdict: 'survived' },
  { outcomes: ['ready', 'ready'], before: 'never-linked', after: 'never-linked', verdict: 'survived' },
  { outcomes: ['ready', 'ready'], before: 'unknown', after: 'incomplete', verdict: 'survived' },
  { outcomes: ['timeout'], before: 'missing', pair: true, verdict: 'inconclusive' },
  { outcomes: ['ready', 'qr'], before: 'missing', pair: true, verdict: 'lost', lostAt: 2 },
  // Linked by hand, and seen on disk then.
  { outcomes: ['ready', 'ready'], before: 'linked', after: 'logged-out', pair: true, verdict: 'lost', lostAt: 2 },
  // A page that keeps its login under names that are not known here: what the library says counts.
  { outcomes: ['ready', 'ready'], before: 'missing', after: 'never-linked', pair: true, verdict: 'survived' },
  { outcomes: ['ready', 'ready'], before: 'never-linked', after: 'never-linked', verdict: 'survived' },
  { outcomes: ['ready', 'qr'], before: 'never-linked', after: 'never-linked', verdict: 'lost', lostAt: 2 },
  { outcomes: ['ready', 'ready'], before: 'never-linked', after: 'missing', verdict: 'lost', lostAt: 2 },
];

describe('what the runs prove', () => {
  it.each(TABLE)('$outcomes, $before → $after: $verdict', (row) => {
    const { outcomes, before = 'linked', after = 'linked', pair = false, wanted = 2, verdict, lostAt = null } = row;
    const runs = outcomes.map((outcome, index) => run(index + 1, outcome));
    expect(judge({ runs, wanted, pair, before, after })).toMatchObject({ verdict, lostAt });
  });

  it('never calls a first run that shows a QR code lost', () => {
    for (const after of ['missing', 'linked', 'incomplete', 'logged-out', 'never-linked', 'unknown'] as const) {
      expect(judge({ runs: [run(1, 'qr')], wanted: 2, pair: false, before: 'linked', after }).verdict).toBe(
        'not-linked',
      );
    }
  });

  it('says that a browser did not end cleanly', () => {
    const runs = [run(1, 'ready', false), run(2, 'ready')];
    const { reason } = judge({ runs, wanted: 2, pair: false, before: 'linked', after: 'linked' });
    expect(reason).toContain('the browser of run 1 did not end cleanly');
  });
});

describe('errors of the browser', () => {
  it.each([
    ['net::ERR_NAME_NOT_RESOLVED at https://web.whatsapp.com/', 'cannot be reached: no network'],
    ['net::ERR_TUNNEL_CONNECTION_FAILED at x', 'through the proxy'],
    ['auth timeout', 'did not come up in time'],
    [
      'Failed to launch\n\n[0]:ERROR: Running as root without --no-sandbox is not supported',
      '--browser-arg=--no-sandbox',
    ],
    ['The browser is already running for /x. Use a different `userDataDir`', 'could not claim the profile'],
    ['', 'without a reason'],
    ['Something new', 'Something new'],
  ])('%s', (text, words) => {
    expect(explain(text)).toContain(words);
  });

  it('tries again only when the page went elsewhere', () => {
    expect(worthAnotherTry({ ...run(2, 'failed'), error: 'Execution context was destroyed, most likely' })).toBe(true);
    expect(worthAnotherTry({ ...run(2, 'failed'), error: 'web.whatsapp.com cannot be reached' })).toBe(false);
    expect(worthAnotherTry({ ...run(2, 'qr'), error: 'Execution context was destroyed' })).toBe(false);
  });

  it('waits longer before a hard stop than Local Storage needs to reach the disk (5.6 s measured)', () => {
    expect(MIN_SETTLE_MS).toBeGreaterThanOrEqual(6000);
  });
});
