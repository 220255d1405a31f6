import type { Finding, Location } from '../../model/finding.ts';
import type { Baseline, BaselineEntry, PolicyNote } from '../../model/policy.ts';
import { BASELINE_SCHEMA } from './baseline-shape.ts';
import { isOver } from './days.ts';

/** Entries by fingerprint. Two findings can have the same one: each entry stands for one of them. */
function entryStock(entries: readonly BaselineEntry[]): Map<string, BaselineEntry[]> {
  const stock = new Map<string, BaselineEntry[]>();
  for (const entry of entries) {
    const known = stock.get(entry.fingerprint);
    if (known === undefined) stock.set(entry.fingerprint, [entry]);
    else known.push(entry);
  }
  return stock;
}

/** How many entries a note names. */
const NAMED = 5;

function named(entries: readonly BaselineEntry[]): string {
  const first = entries.slice(0, NAMED).map(({ code, fingerprint }) => `${code} ${fingerprint}`);
  return [...first, ...(entries.length > NAMED ? [`and ${entries.length - NAMED} more`] : [])].join(', ');
}

export interface BaselineInput {
  readonly baseline: Baseline;
  readonly day: string;
  /** Codes of all checks, run or not. */
  readonly codes: readonly string[];
  /** Codes of the checks that could look at everything. */
  readonly told: ReadonlySet<string>;
}

/** Marks every finding as known or new; nothing is left out. Says which entries are over or fit nothing any more. */
export function compareToBaseline(
  findings: readonly Finding[],
  { baseline, day, codes, told }: BaselineInput,
): { readonly findings: Finding[]; readonly notes: readonly PolicyNote[] } {
  const stock = entryStock(baseline.entries);
  const over: BaselineEntry[] = [];
  const marked = findings.map((finding): Finding => {
    const entry = stock.get(finding.fingerprint)?.shift();
    if (entry === undefined) return { ...finding, baseline: 'new' };
    if (!isOver(entry.until, day)) return { ...finding, baseline: 'known' };
    over.push(entry);
    return { ...finding, baseline: 'new' };
  });
  const left = [...stock.values()].flat().filter(({ code }) => told.has(code) || !codes.includes(code));
  const notes: PolicyNote[] = [];
  const say = (kind: PolicyNote['kind'], text: string) => notes.push({ kind, text, by: baseline.file });
  if (over.length > 0) {
    say('baseline-expired', `past their last day, so that these findings are new again: ${named(over)}`);
  }
  if (left.length > 0) {
    say('baseline-unused', `these entries fit no finding any more and can go: ${named(left)}`);
  }
  return { findings: marked, notes };
}

function placeOf(location: Location | undefined): string | null {
  if (location === undefined) return null;
  if ('file' in location) return location.line === undefined ? location.file : `${location.file}:${location.line}`;
  return 'path' in location ? location.path : `process ${location.pid}`;
}

function sortKey({ code, place, message, fingerprint }: BaselineEntry): string {
  return JSON.stringify([code, place, message, fingerprint]);
}

/**
 * The baseline of these findings, as written by `--baseline-out`: without the suppressed ones, sorted, so that it makes small diffs.
 * Reasons and last days of `previous` are kept, and so are its entries for checks that could not look this time.
 * @param findings redacted: the file is made to be committed.
 */
export function makeBaseline(
  findings: readonly Finding[],
  previous: Baseline | null,
  told: ReadonlySet<string>,
): { readonly schema: typeof BASELINE_SCHEMA; readonly entries: readonly BaselineEntry[] } {
  const stock = entryStock(previous?.entries ?? []);
  const entries = findings.flatMap((finding): BaselineEntry[] => {
    const before = stock.get(finding.fingerprint)?.shift();
    if (finding.suppressed !== null) return [];
    const { fingerprint, code, message, locations } = finding;
    const { reason = null, until = null } = before ?? {};
    return [{ fingerprint, code, message, place: placeOf(locations[0]), reason, until }];
  });
  const untold = [...stock.values()].flat().filter(({ code }) => !told.has(code));
  const all = [...entries, ...untold].map((entry) => [sortKey(entry), entry] as const);
  all.sort(([a], [b]) => (a < b ? -1 : 1));
  return { schema: BASELINE_SCHEMA, entries: all.map(([, entry]) => entry) };
}
