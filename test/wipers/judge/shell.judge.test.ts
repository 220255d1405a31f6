import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../../support/needs.ts';
import { CASES, type Case } from './commands.ts';
import { compare, inWords } from './compare.ts';
import { generate } from './generate.ts';
import { makeTemplate } from './sandbox.ts';

/** A few of every group, evenly spread; all of them are run by the long test. npm takes its time, so fewer of those that start it. */
function sample(cases: readonly Case[]): Case[] {
  const groups = new Map<string, Case[]>();
  for (const item of cases) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  return [...groups].flatMap(([group, all]) => {
    const count = /node tools|npm scripts/.test(group) ? 2 : 3;
    return Array.from(
      { length: count },
      (_, index) => all[Math.floor(((index + 0.5) * all.length) / count)] ?? [],
    ).flat();
  });
}

const SOME = [...sample(CASES), ...generate(1, 12)];

describe.skipIf(lacks('linux', 'root', 'unshare', 'git'))('the shell itself as the judge, in short', () => {
  let template: ReturnType<typeof makeTemplate>;
  beforeAll(() => {
    template = makeTemplate();
  });
  afterAll(() => template.remove());

  it(`agrees on ${SOME.length} commands over all constructs`, { timeout: 300_000 }, async () => {
    const result = await compare(template.directory, SOME);
    console.log(inWords('short', result));
    expect(result.wrong).toEqual([]);
    expect(result.open).toBeLessThanOrEqual(4);
    expect(result.judged).toBeGreaterThan(SOME.length * 0.9);
  });
});
