import { it } from 'vitest';
import { fuzz } from './stores/fuzz-run.ts';

const INPUTS = Number(process.env['WA_FUZZ'] ?? 200_000);

it(`${INPUTS} hostile profiles: no throw, no hang, no more than 64 MiB`, async () => {
  const start = performance.now();
  const counts = await fuzz(1_000_000, INPUTS);
  for (const [kind, { inputs, damaged }] of counts) console.log(`${kind}: ${inputs} inputs, ${damaged} called damaged`);
  console.log(`${((performance.now() - start) / INPUTS).toFixed(2)} ms each`);
});
