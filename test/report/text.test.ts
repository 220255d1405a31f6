import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, PLAIN, paragraph, table, visible, wrap } from '../../src/report/text.ts';

describe('nothing steers the terminal', () => {
  it.each([
    ['\u001b[31mred', '\\x1b[31mred'],
    ['a\nb\rc\td', 'a\\nb\\rc\\td'],
    ['\u009b2J', '\\x9b2J'],
    ['evil\u202etxt.exe', 'evil\\u202etxt.exe'],
    ['\u0007\u007f', '\\x07\\x7f'],
  ])('%j is shown as %s', (text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('leaves no control character in any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(visible(text)).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });
});

describe('layout', () => {
  it('wraps at the width and leaves long paths whole', () => {
    expect(wrap('one two three', 7)).toEqual(['one two', 'three']);
    expect(wrap('at /a/very/long/path/that/must/stay/whole now', 10)).toContain(
      '/a/very/long/path/that/must/stay/whole',
    );
  });

  it('loses no word', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,12}$/)), fc.integer({ min: 1, max: 40 }), (words, width) => {
        expect(wrap(words.join(' '), width).join(' ')).toBe(words.join(' '));
      }),
    );
  });

  it('indents later lines as deep as the first', () => {
    expect(paragraph('  fix ', 'aaaa bbbb cccc dddd eeee', 20)).toEqual(['  fix aaaa bbbb cccc dddd', '      eeee']);
  });

  it('aligns the columns of a table by code points', () => {
    const [first, second] = table(
      [
        [{ text: 'ä' }, { text: 'x' }],
        [{ text: 'long' }, { text: 'y' }],
      ],
      80,
      0,
    );
    expect(columnsOf(first?.slice(0, first.indexOf('x')) ?? '')).toBe(
      columnsOf(second?.slice(0, second.indexOf('y')) ?? ''),
    );
    expect(PLAIN.red('x')).toBe('x');
  });
});
