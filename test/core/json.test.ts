import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonNode, parseJson } from '../../src/core/document/json.ts';

function plain(node: JsonNode): unknown {
  switch (node.kind) {
    case 'null':
      return null;
    case 'list':
      return node.items.map(plain);
    case 'record':
      return Object.fromEntries(node.entries.map(({ key, value }) => [key, plain(value)]));
    default:
      return node.value;
  }
}

const hasTwice = (text: string): boolean => {
  const result = parseJson(text);
  return !result.ok && result.reason.includes('second time');
};

describe('agrees with JSON.parse', () => {
  it('on every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), fc.constantFrom(0, 2, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const result = parseJson(text);
        expect(result.ok && JSON.stringify(plain(result.node))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  it('on what is no JSON', () => {
    const piece = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"a"',
      ':',
      ',',
      '1',
      '-',
      '.',
      'e1',
      'true',
      'null',
      ' ',
      '\\',
      '"',
      '01',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join('');
        let parsed = true;
        try {
          JSON.parse(text);
        } catch {
          parsed = false;
        }
        expect(parseJson(text).ok).toBe(parsed && !hasTwice(text));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('names the place', () => {
  it.each([
    ['{\n  "a": 1,\n  "b": tru\n}', 3, 8, /a value/],
    ['{\n  "a": 1\n  "b": 2\n}', 3, 3, /a comma or }/],
    ['{ "a": 1, }', 1, 9, /no comma after the last/],
    ['{\n  // why\n}', 2, 3, /no comments/],
    ['{ "a": 1, "a": 2 }', 1, 11, /"a" stands here for the second time/],
    ['{ "a": "b\n" }', 1, 10, /does not end/],
    ['{ "a": "\\x" }', 1, 9, /no such escape/],
    ['{ a: 1 }', 1, 3, /a key in double quotes/],
    ['', 1, 1, /the file ends where a value should follow/],
    ['{} {}', 1, 4, /the end of the file/],
    ['['.repeat(100), 1, 34, /nested more than 32/],
  ])('%j at %i:%i', (text, line, column, reason) => {
    const result = parseJson(text);
    expect(result).toMatchObject({ ok: false, at: { line, column } });
    expect(!result.ok && result.reason).toMatch(reason);
  });

  it('of every key and value', () => {
    const result = parseJson('\uFEFF{\n  "a": [1,\n    {"b": 2}]\n}');
    expect(result).toMatchObject({
      ok: true,
      node: {
        at: { line: 1, column: 1 },
        entries: [{ at: { line: 2, column: 3 }, value: { items: [{}, { at: { line: 3, column: 5 } }] } }],
      },
    });
  });
});

it('makes no property of a key', () => {
  const result = parseJson('{"__proto__": {"polluted": true}}');
  expect(result.ok).toBe(true);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it('takes time in proportion to the text', () => {
  const started = performance.now();
  parseJson(`[${'{"a":"b\\n"},\n'.repeat(20_000)}1]`);
  parseJson(`"${'a'.repeat(1_000_000)}`);
  expect(performance.now() - started).toBeLessThan(3000);
});
