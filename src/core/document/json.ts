/** JSON with places: every value and key knows its line and column, so that a fault in a file is named where it stands. */

/** Line and column, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface JsonEntry {
  readonly key: string;
  readonly at: Place;
  readonly value: JsonNode;
}

export type JsonNode = { readonly at: Place } & (
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'list'; readonly items: readonly JsonNode[] }
  | { readonly kind: 'record'; readonly entries: readonly JsonEntry[] }
);

export type JsonResult =
  | { readonly ok: true; readonly node: JsonNode }
  | { readonly ok: false; readonly at: Place; readonly reason: string };

/** A config file nests four levels deep. */
const DEPTH_LIMIT = 32;

/** Everything of a string that JSON takes as it is, in one step. */
const PLAIN = /[^"\\\u0000-\u001f]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const SPACE = /[ \t\r\n]*/y;
const WORDS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['true', true],
  ['false', false],
  ['null', null],
]);
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);

class Fault extends Error {
  readonly offset: number;
  constructor(offset: number, reason: string) {
    super(reason);
    this.offset = offset;
  }
}

/** Offsets at which lines start. */
function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/**
 * Parse JSON (RFC 8259; a byte order mark is accepted). Never throws; nothing from the text becomes a property name.
 * @param twice a key that stands twice in one record is a fault, because JSON.parse silently takes the last one; `allow` for files that
 * others wrote.
 */
export function parseJson(text: string, twice: 'refuse' | 'allow' = 'refuse'): JsonResult {
  const body = text.startsWith('\uFEFF') ? text.slice(1) : text;
  const starts = lineStarts(body);
  let at = 0;

  const placeOf = (offset: number): Place => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };

  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(body)?.[0] ?? '';
    at += found.length;
    return found;
  };

  const unexpected = (wanted: string): Fault => {
    if (at >= body.length) return new Fault(at, `the file ends where ${wanted} should follow`);
    if (body.startsWith('//', at) || body.startsWith('/*', at) || body[at] === '#')
      return new Fault(at, 'JSON has no comments');
    return new Fault(at, `${wanted} should stand here`);
  };

  const readString = (): string => {
    const start = at;
    at += 1;
    let value = '';
    for (;;) {
      value += take(PLAIN);
      const next = body[at];
      if (next === '"') {
        at += 1;
        return value;
      }
      if (next !== '\\') {
        throw new Fault(next === undefined ? start : at, 'the text in quotes does not end on its line');
      }
      const letter = body[at + 1] ?? '';
      const plain = ESCAPES.get(letter);
      if (plain !== undefined) {
        value += plain;
        at += 2;
        continue;
      }
      const code = /^[0-9a-fA-F]{4}$/.exec(body.slice(at + 2, at + 6))?.[0];
      if (letter !== 'u' || code === undefined) throw new Fault(at, 'JSON has no such escape');
      value += String.fromCharCode(Number.parseInt(code, 16));
      at += 6;
    }
  };

  const readValue = (depth: number): JsonNode => {
    if (depth > DEPTH_LIMIT) throw new Fault(at, `it is nested more than ${DEPTH_LIMIT} levels deep`);
    take(SPACE);
    const place = placeOf(at);
    const first = body[at];
    if (first === '{') return { at: place, kind: 'record', entries: readEntries(depth) };
    if (first === '[') return { at: place, kind: 'list', items: readItems(depth) };
    if (first === '"') return { at: place, kind: 'string', value: readString() };
    for (const [word, value] of WORDS) {
      if (!body.startsWith(word, at)) continue;
      at += word.length;
      return value === null ? { at: place, kind: 'null' } : { at: place, kind: 'boolean', value };
    }
    const number = take(NUMBER);
    if (number !== '') return { at: place, kind: 'number', value: Number(number) };
    throw unexpected('a value');
  };

  /** What stands between brackets: values with commas between, none after the last. */
  const readBetween = (end: string, one: () => void): void => {
    at += 1;
    take(SPACE);
    if (body[at] === end) {
      at += 1;
      return;
    }
    for (;;) {
      one();
      take(SPACE);
      if (body[at] === end) {
        at += 1;
        return;
      }
      if (body[at] !== ',') throw unexpected(`a comma or ${end}`);
      const comma = at;
      at += 1;
      take(SPACE);
      if (body[at] === end) throw new Fault(comma, 'JSON allows no comma after the last one');
    }
  };

  const readItems = (depth: number): JsonNode[] => {
    const items: JsonNode[] = [];
    readBetween(']', () => items.push(readValue(depth + 1)));
    return items;
  };

  const readEntries = (depth: number): JsonEntry[] => {
    const entries: JsonEntry[] = [];
    const known = new Set<string>();
    readBetween('}', () => {
      take(SPACE);
      if (body[at] !== '"') throw unexpected('a key in double quotes');
      const start = at;
      const key = readString();
      if (twice === 'refuse' && known.has(key))
        throw new Fault(start, `the key ${JSON.stringify(key)} stands here for the second time`);
      known.add(key);
      take(SPACE);
      if (body[at] !== ':') throw unexpected('a colon');
      at += 1;
      entries.push({ key, at: placeOf(start), value: readValue(depth + 1) });
    });
    return entries;
  };

  try {
    const node = readValue(0);
    take(SPACE);
    if (at < body.length) throw unexpected('the end of the file');
    return { ok: true, node };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ok: false, at: placeOf(error.offset), reason: error.message };
  }
}
