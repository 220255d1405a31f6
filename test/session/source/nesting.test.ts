import { describe, expect, it } from 'vitest';
import { findDeepNesting } from '../../../src/session/source/nesting.ts';
import { loadParser } from '../../../src/session/source/parse.ts';

const DEEP: Readonly<Record<string, (n: number) => string>> = {
  parentheses: (n) => `${'('.repeat(n)}1${')'.repeat(n)}`,
  arrays: (n) => '['.repeat(n) + ']'.repeat(n),
  'arrays by line': (n) => '[\n'.repeat(n) + ']\n'.repeat(n),
  additions: (n) => `x = a${'+a'.repeat(n)}`,
  'additions by line': (n) => `x = a${'\n+ a'.repeat(n)}`,
  negations: (n) => `x = ${'!'.repeat(n)}a`,
  conditionals: (n) => `x = ${'a?b:'.repeat(n)}c`,
  'conditionals by line': (n) => `x = ${'a\n? b\n: '.repeat(n)}c`,
  arrows: (n) => `x = ${'a=>'.repeat(n)}c`,
  ifs: (n) => `${'if(a)'.repeat(n)}c()`,
  'ifs by line': (n) => `${'if(a)\n'.repeat(n)}c()`,
  'else ifs': (n) => `if(a){}${'else if(a){}'.repeat(n)}`,
  'else ifs by line': (n) => `if(a){\n}\n${'else if(a){\n}\n'.repeat(n)}`,
  assignments: (n) => `${'a='.repeat(n)}1`,
  'assignments by line': (n) => `${'a=\n'.repeat(n)}1`,
  news: (n) => `x = ${'new '.repeat(n)}a`,
  templates: (n) => `${'`${'.repeat(n)}1${'}`'.repeat(n)}`,
  labels: (n) => `${Array.from({ length: n }, (_, i) => `a${i}:`).join('')};`,
  'labels by line': (n) => `${Array.from({ length: n }, (_, i) => `a${i}:\n`).join('')};`,
  powers: (n) => `x = a${'**a'.repeat(n)}`,
  alternatives: (n) => `x = a${'||a'.repeat(n)}`,
  'conditional types': (n) => `type A = ${'a extends b ? c : '.repeat(n)}d`,
  elements: (n) => `x=${'<a>'.repeat(n)}${'</a>'.repeat(n)}`,
  'elements by line': (n) => `x=${'<a>\n'.repeat(n)}${'</a>\n'.repeat(n)}`,
  calls: (n) => `x = a${'()'.repeat(n)}`,
  members: (n) => `x = a${'.a'.repeat(n)}`,
  'behind strings that hold closing brackets': (n) => `x = ${'(")))", '.repeat(n)}1${')'.repeat(n)}`,
  'behind a comment that holds a quote': (n) => `// don't\n${'('.repeat(n)}1${')'.repeat(n)}`,
  'behind a regular expression that holds a quote': (n) => `if (a) /["'\`]/.test(b)\n${'('.repeat(n)}1${')'.repeat(n)}`,
  'behind a division': (n) => `x = a / ${'('.repeat(n)}1${')'.repeat(n)}`,
};

describe('findDeepNesting', () => {
  it.each(Object.entries(DEEP))('refuses 100,000 levels of %s within a second', (_, make) => {
    const text = make(100_000);
    const started = performance.now();
    expect(findDeepNesting(text)).not.toBeNull();
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it.each(Object.entries(DEEP))('lets nothing through that the parser does not survive: %s', async (name, make) => {
    const parser = await loadParser();
    if (!parser.ok) throw new Error(parser.reason);
    const file = name.startsWith('elements') ? 'a.tsx' : 'a.ts';
    for (const n of [200, 900, 1999, 2500, 3900]) parser.parse(file, make(n));
  });

  it.each([
    ['3,000 statements without semicolons', 'const a = require("a")\n'.repeat(3000)],
    ['3,000 calls without semicolons', 'app.get("/", handler)\n'.repeat(3000)],
    ['3,000 assignments without semicolons', 'state.a = call(b)\nstate.c = d\n'.repeat(3000)],
    ['3,000 conditional statements', 'if (a) {\n  b()\n}\n'.repeat(3000)],
    ['3,000 one-line conditions', 'if (a) b(c)\n'.repeat(3000)],
    ['a list of 5,000 objects', `x = [${'{ a: 1, b: [2] },\n'.repeat(5000)}]`],
    ['strings that hold opening brackets', `x = [${"'(((',".repeat(3000)}]`],
    ['apostrophes in the text of elements', `x = <div>${"<p>don't (really</p>,"}</div>\n`],
  ])('keeps %s', (_, text) => {
    expect(findDeepNesting(text)).toBeNull();
  });
});
