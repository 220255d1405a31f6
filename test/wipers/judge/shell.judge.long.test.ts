import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCommandAnalyser } from '../../../src/wipers/shell/analyse.ts';
import { lacks } from '../../support/needs.ts';
import { type Case, CASES } from './commands.ts';
import { predict, sandboxWorld } from './predict.ts';
import { fateOf, makeTemplate, type Outcome, runForReal, SESSIONS } from './sandbox.ts';

/** Compare prediction and truth for many commands. */
export async function compare(template: string, cases: readonly Case[]) {
  const analyser = await loadCommandAnalyser();
  const world = sandboxWorld(template);
  const outcomes = runForReal(template, [{ command: 'true' }, ...cases]);
  const before = outcomes[0]?.left ?? {};
  const wrong: string[] = [];
  const unknown: string[] = [];
  let right = 0;
  for (const [index, item] of cases.entries()) {
    const outcome = outcomes[index + 1] as Outcome;
    // A command that the busy machine did not let finish proves nothing; how many is printed.
    if (outcome.timedOut) continue;
    const predicted = predict(analyser, world, item);
    const lines: string[] = [];
    let unsure = false;
    for (const [at, session] of SESSIONS.entries()) {
      const verdict = predicted[at];
      const fate = fateOf(session, before, outcome.left);
      if (verdict?.deleted === 'unknown') {
        unsure = true;
        unknown.push(`[${item.group}] ${item.command} | ${session}: ${fate} | ${verdict.reason}`);
        continue;
      }
      const guess = verdict?.deleted === true ? 'deleted' : verdict?.partial === true ? 'partial' : 'intact';
      if (guess !== fate) lines.push(`${session}: said ${guess}, was ${fate}`);
    }
    if (lines.length > 0)
      wrong.push(
        `[${item.group}] ${item.command}\n    ${lines.join('; ')} (exit ${outcome.status}) ${outcome.stderr.split('\n')[0] ?? ''}`,
      );
    else if (!unsure) right += 1;
  }
  return { right, wrong, unknown, timedOut: outcomes.filter(({ timedOut }) => timedOut).length };
}

describe.skipIf(lacks('linux', 'root', 'unshare', 'git'))('the shell itself as the judge', () => {
  let template: ReturnType<typeof makeTemplate>;
  let folder = '';
  beforeAll(() => {
    template = makeTemplate();
    folder = mkdtempSync(join(tmpdir(), 'wa-judge-report-'));
  });
  afterAll(() => {
    template.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  it(`agrees on ${CASES.length} commands`, { timeout: 900_000 }, async () => {
    const { right, wrong, unknown, timedOut } = await compare(template.directory, CASES);
    const commands = new Set(unknown.map((line) => line.slice(0, line.indexOf(' | '))));
    console.log(
      `shell as judge: ${CASES.length} commands, right ${right}, unknown ${commands.size}, wrong ${wrong.length}, timed out ${timedOut}\nwrong:\n${wrong.join('\n')}\nunknown:\n${unknown.join('\n')}`,
    );
    writeFileSync(join(folder, 'wrong.txt'), wrong.join('\n'));
    expect(wrong).toEqual([]);
    expect(commands.size / CASES.length).toBeLessThanOrEqual(0.05);
  });
});
