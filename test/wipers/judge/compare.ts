import { loadCommandAnalyser } from '../../../src/wipers/shell/analyse.ts';
import { lacks } from '../../support/needs.ts';
import type { Case } from './commands.ts';
import { predict, sandboxWorld } from './predict.ts';
import { fateOf, type Outcome, runForReal, SESSIONS } from './sandbox.ts';

export interface Comparison {
  readonly judged: number;
  readonly right: number;
  /** One line a session that the prediction leaves open, with the reason. */
  readonly unknown: readonly string[];
  /** Commands behind `unknown`. */
  readonly open: number;
  readonly wrong: readonly string[];
  /** A command that the busy machine did not let finish proves nothing. */
  readonly timedOut: readonly string[];
}

/** Commands that this machine can run; how many are left out is printed. */
function runnable(cases: readonly Case[]): readonly Case[] {
  const needsRsync = (command: string): boolean => /\brsync\b/.test(command);
  const count = cases.filter(({ command }) => needsRsync(command)).length;
  if (count === 0 || !lacks('rsync')) return cases;
  console.log(`shell as judge: ${count} commands that call rsync are left out`);
  return cases.filter(({ command }) => !needsRsync(command));
}

/** Run every command for real, and set what the analysis predicted against what is left. */
export async function compare(template: string, wanted: readonly Case[]): Promise<Comparison> {
  const cases = runnable(wanted);
  const analyser = await loadCommandAnalyser();
  const world = sandboxWorld(template);
  const outcomes = runForReal(template, [{ command: 'true' }, ...cases]);
  const before = outcomes[0]?.left ?? {};
  const wrong: string[] = [];
  const unknown: string[] = [];
  const timedOut: string[] = [];
  let right = 0;
  let open = 0;
  for (const [index, item] of cases.entries()) {
    const outcome = outcomes[index + 1] as Outcome;
    if (outcome.timedOut) {
      timedOut.push(item.command);
      continue;
    }
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
    if (unsure) open += 1;
    if (lines.length > 0)
      wrong.push(
        `[${item.group}] ${item.command}\n    ${lines.join('; ')} (exit ${outcome.status}) ${outcome.stderr.split('\n')[0] ?? ''}`,
      );
    else if (!unsure) right += 1;
  }
  return { judged: cases.length - timedOut.length, right, unknown, open, wrong, timedOut };
}

/** The result in words, for the log. */
export function inWords(name: string, result: Comparison): string {
  const { judged, right, open, wrong, timedOut, unknown } = result;
  const blocks: [string, readonly string[]][] = [
    ['wrong', wrong],
    ['unknown', unknown],
    ['timed out', timedOut],
  ];
  return [
    `shell as judge, ${name}: ${judged} commands, right ${right}, unknown ${open}, wrong ${wrong.length}, timed out ${timedOut.length}`,
    ...blocks.flatMap(([title, lines]) => (lines.length === 0 ? [] : [`${title}:`, ...lines])),
  ].join('\n');
}
