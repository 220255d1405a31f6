import type { Check } from '../model/check.ts';

/** Every check, by code. A new check is one file and one line here. */
export const CHECKS: readonly Check[] = [];
