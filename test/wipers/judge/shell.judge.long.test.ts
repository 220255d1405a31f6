import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../../support/needs.ts';
import { CASES } from './commands.ts';
import { compare, inWords } from './compare.ts';
import { makeTemplate } from './sandbox.ts';

describe.skipIf(lacks('linux', 'root', 'unshare', 'git'))('the shell itself as the judge', () => {
  let template: ReturnType<typeof makeTemplate>;
  beforeAll(() => {
    template = makeTemplate();
  });
  afterAll(() => template.remove());

  it(`agrees on ${CASES.length} commands`, { timeout: 1_800_000 }, async () => {
    const result = await compare(template.directory, CASES);
    console.log(inWords('all', result));
    expect(result.wrong).toEqual([]);
    expect(result.open / result.judged).toBeLessThanOrEqual(0.05);
    expect(result.judged).toBeGreaterThan(CASES.length * 0.95);
  });
});
