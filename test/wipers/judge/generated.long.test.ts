import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacks } from '../../support/needs.ts';
import { compare, inWords } from './compare.ts';
import { generate } from './generate.ts';
import { makeTemplate } from './sandbox.ts';

const COUNT = Number(process.env['WA_JUDGE_COUNT'] ?? 400);
/** Repeat a run with `WA_SEED=<the printed seed>`. */
const SEED = Number(process.env['WA_SEED'] ?? Math.floor(Math.random() * 1e9));

describe.skipIf(lacks('linux', 'root', 'unshare', 'git'))('the shell itself as the judge of generated commands', () => {
  let template: ReturnType<typeof makeTemplate>;
  beforeAll(() => {
    template = makeTemplate();
  });
  afterAll(() => template.remove());

  it(`agrees on ${COUNT} commands from the grammar (seed ${SEED})`, { timeout: 1_200_000 }, async () => {
    const result = await compare(template.directory, generate(SEED, COUNT));
    console.log(inWords(`generated (seed ${SEED})`, result));
    expect(result.wrong).toEqual([]);
    expect(result.open / result.judged).toBeLessThanOrEqual(0.05);
    expect(result.judged).toBeGreaterThan(COUNT * 0.9);
  });
});
