import { expect, it } from 'vitest';
import { FUZZERS } from './fuzz.ts';
import { fuzz } from './fuzz-run.ts';

it('3,000 hostile profiles: no throw, no hang, no more than 64 MiB', async () => {
  const counts = await fuzz(1, 3_000);
  for (const kind of FUZZERS) {
    const count = counts.get(kind);
    // Any keys and values in a whole database are no damage. Every other fuzzer must reach damage and health, or it tests nothing.
    if (kind === 'keys') expect(count?.damaged, kind).toBe(0);
    else expect(count?.damaged, kind).toBeGreaterThan(0);
    expect(count?.damaged, kind).toBeLessThan(count?.inputs ?? 0);
  }
});
