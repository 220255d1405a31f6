import { readdirSync, readFileSync } from 'node:fs';

/** Processes that were started with exactly this word on their command line; empty where there is no /proc. */
export function processesWith(flag: string): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(flag);
      } catch {
        return false;
      }
    });
}
