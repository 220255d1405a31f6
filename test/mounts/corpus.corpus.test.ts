import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { labelsIn, score } from './labels.ts';

const corpus = process.env['WA_CORPUS'] ?? resolve(import.meta.dirname, '../../../shared/corpus');
const own = resolve(import.meta.dirname, '../fixtures/mounts');
const real = resolve(corpus, 'mounts-real');

describe.each([
  { name: 'composed and kernel tables', folder: own, tables: 65, count: 284 },
  { name: "tables of other projects' tests", folder: real, tables: 29, count: 78 },
])('$name', ({ name, folder, tables, count }) => {
  test.skipIf(!existsSync(folder))('every label is right or honestly unknown', () => {
    const labels = labelsIn(folder);
    expect(labels.length).toBe(count);
    expect(new Set(labels.map((label) => label.file)).size).toBeLessThanOrEqual(tables);
    const { right, unknown, wrong, misses } = score(folder, labels);
    console.log(`${name}: ${labels.length} labels, ${right} answers right, ${unknown} unknown, ${wrong} wrong`);
    expect(misses.filter((miss) => !miss.includes(' unknown, not '))).toEqual([]);
    expect(wrong).toBe(0);
    expect(unknown).toBeLessThanOrEqual(0.02 * (right + unknown + wrong));
  });
  if (!existsSync(folder)) console.log(`skipped: ${count} labels of ${name}: ${folder} is absent`);
});
