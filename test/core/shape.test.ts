import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/core/document/json.ts';
import { choice, either, flag, list, map, readShape, record, text } from '../../src/core/document/shape.ts';
import { nearest, suggestion } from '../../src/core/document/suggest.ts';

const SHAPE = record(
  'about',
  { name: text('a name') },
  {
    size: choice('a size', ['small', 'large']),
    tags: list('tags', text('a tag'), 'a list of tags'),
    any: either('any', flag('all'), list('some', text('one'), 'a list of texts')),
    by: map('by name', ['red', 'blue'], flag('on'), 'colour'),
  },
);

function read(source: string) {
  const parsed = parseJson(source);
  if (!parsed.ok) throw new Error(parsed.reason);
  return readShape(SHAPE, parsed.node);
}

describe('reads', () => {
  it('what fits, and knows where it stands', () => {
    const result = read('{"name": "x", "size": "large",\n "tags": ["a"], "any": true, "by": {"red": false}}');
    expect(result).toMatchObject({ ok: true, value: { name: 'x', size: 'large', tags: ['a'], any: true } });
    if (!result.ok) return;
    expect(result.value.by?.get('red')).toEqual({ value: false, at: { line: 2, column: 37 } });
    expect(result.value.places.get('tags')).toEqual({ line: 2, column: 2 });
    expect(result.value.at).toEqual({ line: 1, column: 1 });
  });
});

describe('refuses, with the place and the reason', () => {
  it.each([
    ['{}', '1:1 "name" is missing here'],
    ['{"name": 1}', '1:2 "name": it must be a text'],
    ['{"name": " "}', '1:2 "name": it must not be blank'],
    ['{"nam": "x"}', '1:1 "name" is missing here (and 1 more)'],
    [
      '{"name": "x", "size": "smal"}',
      '1:15 "size": "smal" is not known: it must be one of small, large; did you mean "small"?',
    ],
    ['{"name": "x", "size": 1}', '1:15 "size": it must be one of small, large'],
    ['{"name": "x", "tags": ["a", 1]}', '1:29 it must be a text'],
    ['{"name": "x", "tags": "a"}', '1:15 "tags": it must be a list of tags'],
    ['{"name": "x", "any": 1}', '1:15 "any": it must be true or false or a list of texts'],
    ['{"name": "x", "any": ["a", 2]}', '1:28 it must be a text'],
    ['{"name": "x", "by": {"reed": true}}', '1:22 there is no colour "reed"; did you mean "red"?'],
    ['{"name": "x", "by": {"red": 1}}', '1:22 it must be true or false'],
    ['{"name": "x", "__proto__": 1}', '1:15 there is no setting "__proto__" here'],
    ['1', '1:1 it must be a record in braces'],
  ])('%s', (source, expected) => {
    const result = read(source);
    expect(result.ok ? 'accepted' : `${result.at.line}:${result.at.column} ${result.reason}`).toBe(expected);
  });
});

describe('suggests', () => {
  it.each([
    ['failon', 'failOn'],
    ['fialOn', 'failOn'],
    ['failOnn', 'failOn'],
    ['baselin', 'baseline'],
    ['xyz', null],
    ['', null],
    ['f'.repeat(10_000), null],
  ])('%s → %s', (word, expected) => {
    expect(nearest(word, ['failOn', 'baseline', 'show'])).toBe(expected);
  });

  it('nothing where nothing is near', () => {
    expect([suggestion('qqqqqq', ['show']), suggestion('sho', ['show'])]).toEqual(['', '; did you mean "show"?']);
  });
});
