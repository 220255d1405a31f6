import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import { buildReport } from '../../src/core/report.ts';
import { runChecks } from '../../src/core/run.ts';
import { factsNeeded } from '../../src/core/select.ts';
import { collectFacts } from '../../src/facts/graph.ts';
import { FACTS } from '../../src/facts/index.ts';
import { openMachine } from '../../src/facts/machine.ts';
import type { Verdict } from '../../src/model/report.ts';
import { corpus, lacks } from '../support/needs.ts';

interface Label {
  readonly repo: string;
  readonly overallVerdict: string;
  readonly verdictDetail?: string;
}

/** The corpus labels as verdicts: contract.md, "The corpus labels map so". */
function expected(label: string): Verdict {
  if (label.startsWith('survives')) return 'safe';
  return label.startsWith('depends-on-cwd') ? 'at-risk' : 'lost';
}

const BOTS = process.env['WA_BOTS'] ?? '';

async function audit(project: string) {
  const machine = await openMachine({
    root: null,
    mountinfo: null,
    pid: null,
    container: null,
    target: 'repo',
    project,
    sessions: [],
    ownEnv: {},
    ownCwd: project,
    now: 0,
    clock: () => 0,
  });
  const checks = CHECKS.filter(({ targets }) => targets.includes('repo'));
  const { states } = await collectFacts(FACTS, [...factsNeeded(checks), 'project'], machine);
  const { findings, outcomes } = runChecks(checks, 'repo', states);
  return buildReport({
    version: '0',
    project,
    target: 'repo',
    checks: CHECKS,
    states,
    findings,
    outcomes,
    partial: false,
  });
}

describe.skipIf(lacks('corpus/bots', 'corpus/checkouts'))('verdicts of the labelled repositories', () => {
  it('agree with the labels; none is wrong', async () => {
    const labels: Label[] = JSON.parse(readFileSync(corpus('bots/bots.json'), 'utf8'));
    const rows: string[] = [];
    let right = 0;
    let unknown = 0;
    let wrong = 0;
    for (const { repo, overallVerdict } of labels) {
      const folder = join(BOTS, repo.replace('/', '+'));
      if (!existsSync(folder)) continue;
      const report = await audit(folder);
      const aim = expected(overallVerdict);
      if (report.verdict === aim) right += 1;
      else if (report.verdict === 'unknown') unknown += 1;
      else wrong += 1;
      if (report.verdict !== aim) {
        rows.push(
          `${repo}: ${overallVerdict} → ${report.verdict}: ${report.headline} ${report.findings
            .filter(({ severity }) => severity !== 'info')
            .map(({ code, severity }) => `${code}/${severity}`)
            .join(' ')}`,
        );
      }
    }
    console.log([`verdicts: ${right} right, ${unknown} unknown, ${wrong} wrong`, ...rows].join('\n'));
    expect(wrong).toBe(0);
    expect(unknown).toBeLessThanOrEqual(Math.floor(labels.length / 10));
  }, 600_000);
});
