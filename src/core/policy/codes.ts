import { UsageError } from '../../model/errors.ts';
import { suggestion } from '../document/suggest.ts';

/** What a check is called: `WA101`, `ephemeral-storage`. */
export interface CheckName {
  readonly code: string;
  readonly name: string;
}

/**
 * The codes that the user means, by code or by name, in any case.
 * @throws UsageError for a check that there is not; names the nearest one.
 */
export function resolveCodes(said: readonly string[], checks: readonly CheckName[]): string[] {
  return said.map((word) => {
    const check = checks.find(({ code, name }) => code === word.toUpperCase() || name === word.toLowerCase());
    if (check !== undefined) return check.code;
    const known = /^wa/i.test(word) ? checks.map(({ code }) => code) : checks.map(({ name }) => name);
    throw new UsageError(`there is no check ${word}${suggestion(word, known) || '; wa-doctor checks lists them'}`);
  });
}
