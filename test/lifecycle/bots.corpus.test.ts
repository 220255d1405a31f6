import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LifecycleFact } from '../../src/model/facts.ts';
import { doctorJson } from '../support/doctor.ts';
import { lacks } from '../support/needs.ts';

/** Real repositories and their labels: who handles SIGINT and SIGTERM, does that close the client, and what else ends it badly. */
const BOTS = resolve(process.env['WA_BOTS'] ?? '../bots');
const LABELS = join(resolve(process.env['WA_CORPUS'] ?? '../shared/corpus'), 'bots/bots.json');

interface BotLabel {
  readonly repo: string;
  readonly signalHandling: 'none' | 'sigint' | 'sigterm' | 'both';
  readonly signalDestroysClient: string;
  readonly destroyIssues: readonly { readonly file: string; readonly line: number; readonly why: string }[];
}
type Verdict = 'right' | 'unknown' | 'wrong';

const labels: readonly BotLabel[] = existsSync(LABELS) ? JSON.parse(readFileSync(LABELS, 'utf8')) : [];
const folderOf = ({ repo }: BotLabel) => join(BOTS, repo.replace('/', '+'));
const present = labels.filter((label) => existsSync(folderOf(label)));

/** Issues with a kill of the browser by hand are the profile's business (WA304 and WA402), not a call of the client. */
const NEAR = 2;

function handlingOf({ signals }: LifecycleFact): string {
  const names = new Set(signals.map(({ signal }) => signal).filter((name) => name === 'SIGINT' || name === 'SIGTERM'));
  return names.size === 2 ? 'both' : names.has('SIGINT') ? 'sigint' : names.has('SIGTERM') ? 'sigterm' : 'none';
}

function destroysOf({ signals }: LifecycleFact): string {
  const said = new Set(
    signals.filter(({ signal }) => /^SIG(INT|TERM)$/.test(signal)).map(({ destroysClient }) => destroysClient),
  );
  if (said.size === 0) return 'n/a';
  for (const strongest of ['awaited', 'awaited-but-raced', 'not-awaited', 'unknown'] as const)
    if (said.has(strongest)) return strongest;
  return 'no';
}

describe.skipIf(lacks('corpus/bots', 'corpus/checkouts'))(`lifecycle of ${present.length} real bots`, () => {
  const counts: Record<string, Record<Verdict, number>> = {};
  const wrong: string[] = [];
  const missed: string[] = [];
  const count = (what: string, verdict: Verdict, text: string): void => {
    counts[what] ??= { right: 0, unknown: 0, wrong: 0 };
    counts[what][verdict] += 1;
    if (verdict === 'wrong') wrong.push(`${what}: ${text}`);
  };

  it('signal handling, what it does to the client, and other endings', { timeout: 600_000 }, () => {
    for (const label of present) {
      const { json } = doctorJson<{ lifecycle: LifecycleFact }>(['path', folderOf(label), '--target', 'repo']);
      const { lifecycle } = json;
      const handling = handlingOf(lifecycle);
      count(
        'signalHandling',
        handling === label.signalHandling ? 'right' : 'wrong',
        `${label.repo}: ${label.signalHandling}, said ${handling}`,
      );
      const destroys = destroysOf(lifecycle);
      const verdict = destroys === label.signalDestroysClient ? 'right' : destroys === 'unknown' ? 'unknown' : 'wrong';
      count('signalDestroysClient', verdict, `${label.repo}: ${label.signalDestroysClient}, said ${destroys}`);
      for (const issue of label.destroyIssues) {
        const places = [
          ...lifecycle.destroyIssues,
          // A handler that ends badly is told as a handler.
          ...lifecycle.signals.filter(({ destroysClient }) => destroysClient !== 'awaited'),
        ];
        const seen = places.some(({ file, line }) => file === issue.file && Math.abs(line - issue.line) <= NEAR);
        count('destroyIssues', seen ? 'right' : 'unknown', '');
        if (!seen) missed.push(`${label.repo} ${issue.file}:${issue.line}: ${issue.why}`);
      }
    }
    for (const [what, { right, unknown, wrong: bad }] of Object.entries(counts))
      console.log(`${what}: ${right} right, ${unknown} unknown or missed, ${bad} wrong`);
    for (const line of missed) console.log(`missed: ${line}`);
    expect(wrong).toEqual([]);
    for (const what of ['signalHandling', 'signalDestroysClient'])
      expect(counts[what]?.unknown ?? 0).toBeLessThanOrEqual(present.length / 10);
  });
});
