import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './doctor.ts';

/** The rows of the table that a document marks with `<!-- table: NAME -->`, without its head; the documentation is the test. */
export function docTable(document: string, name: string): { head: string[]; rows: string[][] } {
  const text = readFileSync(join(REPOSITORY, document), 'utf8');
  const [, after] = text.split(`<!-- table: ${name} -->`);
  if (after === undefined) throw new Error(`${document} marks no table ${name}`);
  const lines = after.trimStart().split('\n');
  const end = lines.findIndex((line) => !line.startsWith('|'));
  const cells = lines.slice(0, end).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
  const [head, , ...rows] = cells;
  if (head === undefined || rows.length === 0) throw new Error(`the table ${name} of ${document} is empty`);
  return { head, rows };
}

/** `0 · 3 · 0` as numbers. */
export function codesOf(cell: string | undefined): number[] {
  return (cell ?? '').split(' · ').map(Number);
}

/** `` `--fail-on error` `` as words. */
export function flagOf(cell: string | undefined): string[] {
  return (cell ?? '')
    .replaceAll('`', '')
    .split(' ')
    .filter((word) => word.startsWith('--') || /^[a-z]+$/.test(word));
}
