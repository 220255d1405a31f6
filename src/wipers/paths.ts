import type { AbsolutePath } from '../model/path.ts';
import { isInside } from '../model/path.ts';
import { UNKNOWN_TEXT } from './effect.ts';

/** Steps one name may cost before the match is given up; keeps hostile patterns (`*a*a*a…`, nested `+(…)`) bounded. */
const MATCH_BUDGET = 20_000;
/** Words that one brace expansion may produce. */
const BRACE_LIMIT = 512;

type Token =
  | { readonly kind: 'char'; readonly char: string }
  | { readonly kind: 'one' }
  | { readonly kind: 'star' }
  | { readonly kind: 'class'; readonly test: (char: string) => boolean }
  | { readonly kind: 'group'; readonly operator: string; readonly choices: readonly (readonly Token[])[] };

const POSIX_CLASSES: ReadonlyMap<string, RegExp> = new Map([
  ['alpha', /[A-Za-z]/],
  ['digit', /[0-9]/],
  ['alnum', /[A-Za-z0-9]/],
  ['upper', /[A-Z]/],
  ['lower', /[a-z]/],
  ['space', /\s/],
  ['punct', /[!-/:-@[-`{-~]/],
  ['xdigit', /[0-9A-Fa-f]/],
]);

function readClass(pattern: string, start: number): { token: Token; end: number } | null {
  let at = start + 1;
  const negated = pattern[at] === '!' || pattern[at] === '^';
  if (negated) at += 1;
  const singles = new Set<string>();
  const ranges: [string, string][] = [];
  const named: RegExp[] = [];
  for (let first = true; at < pattern.length; first = false) {
    let char = pattern.charAt(at);
    if (char === ']' && !first) {
      const test = (name: string): boolean =>
        negated !==
        (singles.has(name) ||
          ranges.some(([low, high]) => name >= low && name <= high) ||
          named.some((kind) => kind.test(name)));
      return { token: { kind: 'class', test }, end: at + 1 };
    }
    if (char === '[' && pattern[at + 1] === ':') {
      const close = pattern.indexOf(':]', at + 2);
      const kind = close < 0 ? undefined : POSIX_CLASSES.get(pattern.slice(at + 2, close));
      if (kind !== undefined) {
        named.push(kind);
        at = close + 2;
        continue;
      }
    }
    if (char === '\\' && at + 1 < pattern.length) {
      at += 1;
      char = pattern.charAt(at);
    }
    const high = pattern[at + 2];
    if (pattern[at + 1] === '-' && high !== undefined && high !== ']') {
      ranges.push([char, high]);
      at += 3;
    } else {
      singles.add(char);
      at += 1;
    }
  }
  return null;
}

/** The end of the group that opens at `open` (index of the parenthesis), and its alternatives. */
function readGroup(pattern: string, open: number): { parts: string[]; end: number } | null {
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < pattern.length; at += 1) {
    const char = pattern[at];
    if (char === '\\') at += 1;
    else if (char === '(') depth += 1;
    else if (char === '|' && depth === 1) {
      parts.push(pattern.slice(from, at));
      from = at + 1;
    } else if (char === ')') {
      depth -= 1;
      if (depth === 0) {
        parts.push(pattern.slice(from, at));
        return { parts, end: at + 1 };
      }
    }
  }
  return null;
}

function tokens(pattern: string, extended: boolean, depth: number): Token[] {
  const list: Token[] = [];
  for (let at = 0; at < pattern.length; ) {
    const char = pattern.charAt(at);
    if (extended && depth < 8 && pattern[at + 1] === '(' && '?*+@!'.includes(char)) {
      const group = readGroup(pattern, at + 1);
      if (group !== null) {
        list.push({
          kind: 'group',
          operator: char,
          choices: group.parts.map((part) => tokens(part, extended, depth + 1)),
        });
        at = group.end;
        continue;
      }
    }
    if (char === '*' || char === UNKNOWN_TEXT) {
      if (list.at(-1)?.kind !== 'star') list.push({ kind: 'star' });
      at += 1;
    } else if (char === '?') {
      list.push({ kind: 'one' });
      at += 1;
    } else if (char === '[') {
      const read = readClass(pattern, at);
      list.push(read?.token ?? { kind: 'char', char });
      at = read?.end ?? at + 1;
    } else {
      if (char === '\\' && at + 1 < pattern.length) at += 1;
      list.push({ kind: 'char', char: pattern.charAt(at) });
      at += 1;
    }
  }
  return list;
}

/** Every index at which `list` can end when it starts at `from`; sets keep the work polynomial where backtracking would not be. */
function ends(list: readonly Token[], text: string, from: number, budget: { left: number }): Set<number> {
  let current = new Set([from]);
  for (const token of list) {
    const next = new Set<number>();
    if (token.kind === 'star') for (let end = Math.min(...current); end <= text.length; end += 1) next.add(end);
    for (const at of current) {
      budget.left -= 1;
      if (budget.left < 0) return new Set();
      if (token.kind === 'star') break;
      if (token.kind === 'group') for (const end of groupEnds(token, text, at, budget)) next.add(end);
      else if (at < text.length) {
        const char = text.charAt(at);
        if (token.kind === 'one' || (token.kind === 'char' ? token.char === char : token.test(char))) next.add(at + 1);
      }
    }
    if (next.size === 0) return next;
    current = next;
  }
  return current;
}

function groupEnds(
  token: Extract<Token, { kind: 'group' }>,
  text: string,
  from: number,
  budget: { left: number },
): Set<number> {
  const once = (start: number): Set<number> => {
    const found = new Set<number>();
    for (const choice of token.choices) for (const end of ends(choice, text, start, budget)) found.add(end);
    return found;
  };
  if (token.operator === '!') {
    const taken = once(from);
    const rest = new Set<number>();
    for (let end = from; end <= text.length; end += 1) if (!taken.has(end)) rest.add(end);
    return rest;
  }
  const found = once(from);
  if (token.operator === '*' || token.operator === '+') {
    const queue = [...found];
    for (let start = queue.pop(); start !== undefined && budget.left > 0; start = queue.pop()) {
      for (const end of once(start)) {
        if (found.has(end)) continue;
        found.add(end);
        queue.push(end);
      }
    }
  }
  if (token.operator === '*' || token.operator === '?') found.add(from);
  return found;
}

export interface MatchOptions {
  /** `*` also matches a leading dot. */
  readonly dot: boolean;
  /** `+(…)`, `!(…)` and friends are patterns. */
  readonly extended: boolean;
}

const cache = new Map<string, readonly Token[]>();

function compiled(pattern: string, extended: boolean): readonly Token[] {
  const key = extended ? `x${pattern}` : `-${pattern}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = tokens(pattern, extended, 0);
  if (cache.size > 500) cache.clear();
  cache.set(key, made);
  return made;
}

/** Patterns with at most one `*` and nothing else that is special: `name`, `*.js`, `session*`. */
const SIMPLE = /^[^*?[\\(\u{E0FF}]*\*?[^*?[\\(\u{E0FF}]*$/u;
const simple = new Map<string, readonly [string, string] | null>();

function simpleParts(pattern: string): readonly [string, string] | null {
  const known = simple.get(pattern);
  if (known !== undefined) return known;
  const star = pattern.indexOf('*');
  const made: readonly [string, string] | null =
    star < 0 || !SIMPLE.test(pattern) ? null : [pattern.slice(0, star), pattern.slice(star + 1)];
  if (simple.size > 500) simple.clear();
  simple.set(pattern, made);
  return made;
}

/** Does the glob of one path component match a name? Backslash quotes. Time is bounded: a hopeless pattern does not match. */
export function matchesName(pattern: string, name: string, options: MatchOptions): boolean {
  if (pattern === name) return true;
  if (pattern === '*') return options.dot || !name.startsWith('.');
  if (!/[*?[\\(\u{E0FF}]/u.test(pattern)) return false;
  const parts = simpleParts(pattern);
  if (parts !== null) {
    const [head, tail] = parts;
    if (!options.dot && name.startsWith('.') && !head.startsWith('.')) return false;
    return name.length >= head.length + tail.length && name.startsWith(head) && name.endsWith(tail);
  }
  const list = compiled(pattern, options.extended);
  const [first] = list;
  if (!options.dot && name.startsWith('.')) {
    const explicit =
      (first?.kind === 'char' && first.char === '.') ||
      (first?.kind === 'group' && first.choices.some(([head]) => head?.kind === 'char' && head.char === '.'));
    if (!explicit) return false;
  }
  return ends(list, name, 0, { left: MATCH_BUDGET }).has(name.length);
}

/** fnmatch without regard to `/` or dots, as `find -path`, `case` and `[[ == ]]` match. */
export function matchesText(pattern: string, text: string, extended = false): boolean {
  if (pattern === '*') return true;
  return ends(compiled(pattern, extended), text, 0, { left: MATCH_BUDGET * 10 }).has(text.length);
}

/** Does the text hold an active glob character? Backslash quotes. */
export function hasGlob(pattern: string, extended = false): boolean {
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern.charAt(at);
    if (char === '\\') at += 1;
    else if (char === '*' || char === '?' || char === '[') return true;
    else if (extended && pattern[at + 1] === '(' && '+@!'.includes(char)) return true;
  }
  return false;
}

/** Put a backslash before everything that a glob would read as special. */
export function quoteGlob(text: string): string {
  return /[*?[\]\\(){}!+@|]/.test(text) ? text.replace(/[*?[\]\\(){}!+@|]/g, '\\$&') : text;
}

/** The opposite of `quoteGlob`: what a pattern without active characters names. */
export function unquoteGlob(pattern: string): string {
  return pattern.includes('\\') ? pattern.replace(/\\(.)/gs, '$1') : pattern;
}

function braceBody(text: string, open: number): { parts: string[]; end: number } | null {
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  let quote = '';
  for (let at = open; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"') at += 1;
    } else if (char === '\\') at += 1;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '{') depth += 1;
    else if (char === ',' && depth === 1) {
      parts.push(text.slice(from, at));
      from = at + 1;
    } else if (char === '}') {
      depth -= 1;
      if (depth === 0) {
        parts.push(text.slice(from, at));
        return { parts, end: at + 1 };
      }
    }
  }
  return null;
}

function sequence(body: string): string[] | null {
  const match = /^(-?\d{1,6}|[A-Za-z])\.\.(-?\d{1,6}|[A-Za-z])(?:\.\.(-?\d{1,4}))?$/.exec(body);
  const [, low, high, by] = match ?? [];
  if (low === undefined || high === undefined) return null;
  const letters = /[A-Za-z]/.test(low);
  if (letters !== /[A-Za-z]/.test(high)) return null;
  const first = letters ? low.charCodeAt(0) : Number(low);
  const last = letters ? high.charCodeAt(0) : Number(high);
  const step = Math.max(1, Math.abs(Number(by ?? 1)));
  const width = /^-?0\d/.test(low) || /^-?0\d/.test(high) ? Math.max(low.length, high.length) : 0;
  const list: string[] = [];
  for (let n = first; (first <= last ? n <= last : n >= last) && list.length < BRACE_LIMIT; ) {
    list.push(letters ? String.fromCharCode(n) : String(n).padStart(width, '0'));
    n += first <= last ? step : -step;
  }
  return list;
}

/**
 * Brace expansion as bash and minimatch do it: `a{b,c{d,e}}` → `ab acd ace`, `{1..3}`. Quotes and backslashes are respected
 * and kept. At most 512 words; beyond that the text comes back unexpanded.
 */
export function expandBraces(text: string, depth = 0): string[] {
  if (depth > 16) return [text];
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"') at += 1;
      continue;
    }
    if (char === '\\') at += 1;
    else if (char === "'" || char === '"') quote = char;
    else if (char === '{' && text[at - 1] !== '$') {
      const body = braceBody(text, at);
      if (body === null) continue;
      const [only] = body.parts;
      const choices = body.parts.length > 1 ? body.parts : only === undefined ? null : sequence(only);
      if (choices === null) continue;
      const head = text.slice(0, at);
      const tails = expandBraces(text.slice(body.end), depth + 1);
      const result: string[] = [];
      for (const choice of choices) {
        for (const middle of body.parts.length > 1 ? expandBraces(choice, depth + 1) : [choice]) {
          for (const tail of tails) {
            result.push(head + middle + tail);
            if (result.length > BRACE_LIMIT) return [text];
          }
        }
      }
      return result;
    }
  }
  return [text];
}

/** Could a path with `UNKNOWN_TEXT` in it be this path, once the text is known? */
export function couldBe(pattern: string, path: AbsolutePath): boolean {
  return matchesText(quoteGlob(pattern), path);
}

/** Does one of the two hold the other (or are they the same)? */
export function related(one: AbsolutePath, other: AbsolutePath): boolean {
  return isInside(one, other) || isInside(other, one);
}
