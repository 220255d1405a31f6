import { expect } from 'vitest';
import { absolutePath } from '../../../src/model/path.ts';
import { readStores } from '../../../src/profile/stores.ts';
import { Dice, evilProfile } from './fuzz.ts';
import { memoryReader } from './memory-reader.ts';

/** An input that takes longer is a hang: the usual one takes a millisecond, a busy machine may pause for some hundred. */
const HANG_MS = 3_000;
/** What one reading may allocate, all in all; that no garbage was collected meanwhile holds for nearly all of them. */
const MEMORY = 64 * 1024 * 1024;
/** What the process may grow by over all readings: garbage that was not collected yet, and nothing that stays. */
const GROWTH = 160 * 1024 * 1024;

/**
 * Read `inputs` hostile profiles. Fails on a throw, a hang, more than 64 MiB, or a result that breaks its promises.
 * @returns how many of each kind, and how many were called damaged
 */
export async function fuzz(first: number, inputs: number): Promise<Map<string, { inputs: number; damaged: number }>> {
  const counts = new Map<string, { inputs: number; damaged: number }>();
  for (let seed = first; seed < first + 200; seed++) await once(seed, new Map());
  const before = process.resourceUsage().maxRSS * 1024;
  for (let seed = first; seed < first + inputs; seed++) await once(seed, counts);
  expect(process.resourceUsage().maxRSS * 1024 - before, 'growth').toBeLessThan(GROWTH);
  return counts;
}

async function once(seed: number, counts: Map<string, { inputs: number; damaged: number }>): Promise<void> {
  const { kind, files } = evilProfile(new Dice(seed));
  const memory = inUse();
  const start = performance.now();
  const reading = await readStores(memoryReader(files), absolutePath('/p'), seed % 2 === 0 ? 'full' : 'quick').catch(
    (error: unknown) => {
      throw new Error(`seed ${seed} (${kind}) throws: ${error instanceof Error ? error.stack : String(error)}`);
    },
  );
  const took = performance.now() - start;
  if (took > HANG_MS) throw new Error(`seed ${seed} (${kind}) takes ${Math.round(took)} ms`);
  const allocated = inUse() - memory;
  if (allocated > MEMORY) throw new Error(`seed ${seed} (${kind}) allocates ${allocated} bytes`);
  const damaged = reading.stores.some(({ state }) => state === 'damaged');
  for (const { goodLength, size } of reading.tornLogs) {
    if (goodLength > size) throw new Error(`seed ${seed}: a good length behind the end`);
  }
  if (reading.stores.length !== 2) throw new Error(`seed ${seed}: ${reading.stores.length} stores`);
  const count = counts.get(kind) ?? { inputs: 0, damaged: 0 };
  counts.set(kind, { inputs: count.inputs + 1, damaged: count.damaged + (damaged ? 1 : 0) });
}

function inUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
