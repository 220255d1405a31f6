import { matchesName } from '../../paths.ts';

interface Rule {
  readonly segments: readonly string[];
  readonly negated: boolean;
  readonly directoriesOnly: boolean;
}

/** One list of patterns in the format of .gitignore, and the directory (relative to the work tree) they count from. */
export interface RuleList {
  readonly base: string;
  readonly rules: readonly Rule[];
}

const MATCH = { dot: true, extended: false };
const RULE_LIMIT = 5_000;

export function parseRules(text: string, base: string): RuleList {
  const rules: Rule[] = [];
  for (const line of text.split('\n')) {
    let pattern = line.replace(/\r$/, '').replace(/(?<!\\)[ \t]+$/, '');
    if (pattern === '' || pattern.startsWith('#') || rules.length >= RULE_LIMIT) continue;
    const negated = pattern.startsWith('!');
    if (negated) pattern = pattern.slice(1);
    const directoriesOnly = pattern.endsWith('/');
    if (directoriesOnly) pattern = pattern.slice(0, -1);
    const anchored = pattern.includes('/');
    const segments = pattern.replace(/^\//, '').split('/');
    if (pattern === '') continue;
    rules.push({ segments: anchored ? segments : ['**', ...segments], negated, directoriesOnly });
  }
  return { base, rules };
}

/** Does the list hold a rule that is not an exception? */
export function excludesAnything(list: RuleList): boolean {
  return list.rules.some(({ negated }) => !negated);
}

/** Match path components, `**` for any number of them. */
export function matchesPath(pattern: readonly string[], path: readonly string[], at = 0, from = 0): boolean {
  for (let index = at; index < pattern.length; index += 1) {
    const part = pattern[index] ?? '';
    if (part === '**') {
      if (index === pattern.length - 1) return from < path.length;
      for (let skip = from; skip < path.length; skip += 1) if (matchesPath(pattern, path, index + 1, skip)) return true;
      return false;
    }
    const name = path[from];
    if (name === undefined || !matchesName(part, name, MATCH)) return false;
    from += 1;
  }
  return from === path.length;
}

/** What a list says of this very path, not of those above it; `null`: nothing. Later rules win. */
export function decide(list: RuleList, path: string, directory: boolean): boolean | null {
  const { base } = list;
  if (base !== '' && !path.startsWith(`${base}/`)) return null;
  const parts = (base === '' ? path : path.slice(base.length + 1)).split('/');
  for (let index = list.rules.length - 1; index >= 0; index -= 1) {
    const rule = list.rules[index];
    if (rule === undefined || (rule.directoriesOnly && !directory)) continue;
    if (matchesPath(rule.segments, parts)) return !rule.negated;
  }
  return null;
}

/**
 * Is a path (relative to the work tree) excluded by these lists, the strongest first? What lies in an excluded directory is too.
 */
export function excluded(lists: readonly RuleList[], path: string, directory: boolean): boolean {
  const parts = path.split('/');
  for (let length = 1; length <= parts.length; length += 1) {
    const prefix = parts.slice(0, length).join('/');
    for (const list of lists) {
      const answer = decide(list, prefix, length < parts.length || directory);
      if (answer === true) return true;
      if (answer === false) break;
    }
  }
  return false;
}
