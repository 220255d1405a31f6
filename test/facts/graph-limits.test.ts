import { afterEach, expect, it, vi } from 'vitest';
import { collectFacts, defineFact } from '../../src/facts/graph.ts';
import type { Machine } from '../../src/facts/machine.ts';

const machine = { clock: () => 0 } as unknown as Machine;
const hangs = defineFact({ name: 'git', needs: [], collect: () => new Promise<never>(() => {}) });
const quick = defineFact({ name: 'ignores', needs: [], collect: () => [] });

afterEach(() => {
  vi.useRealTimers();
});

it('a fact that never ends is cut off at its limit, with the reason; the rest is collected', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const collecting = collectFacts([hangs, quick], ['git', 'ignores'], machine);
  await vi.advanceTimersByTimeAsync(31_000);
  expect(await collecting).toMatchObject({
    partial: false,
    states: {
      git: { ok: false, reason: 'it took longer than 30 s and was cut off' },
      ignores: { ok: true, value: [] },
    },
  });
});

it('an interrupt ends the wait for a fact that hangs, and what was read stays', async () => {
  const interrupt = new AbortController();
  const collecting = collectFacts([quick, hangs], ['ignores', 'git'], machine, interrupt.signal);
  setTimeout(() => interrupt.abort(), 20);
  expect(await collecting).toMatchObject({
    partial: true,
    states: { ignores: { ok: true }, git: { ok: false, reason: 'interrupted while it was read' } },
  });
});
