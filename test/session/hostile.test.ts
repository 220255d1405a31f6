import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createReader } from '../../src/facts/reader.ts';
import type { Expression } from '../../src/model/expression.ts';
import { absolutePath } from '../../src/model/path.ts';
import { evaluateExpression } from '../../src/session/evaluate/run.ts';
import { findAuthSites } from '../../src/session/sites.ts';
import { type Files, sitesOf, summary, withProject } from './project.ts';

const CJS = "const { Client, LocalAuth } = require('whatsapp-web.js');\n";
const GOOD = { 'good.js': `${CJS}new LocalAuth({ dataPath: 'ok' });` };
const GOOD_SITE = 'good.js:2 LocalAuth relative-literal none ok/session';

const HOSTILE: readonly (readonly [string, Files, RegExp | null])[] = [
  [
    'a minified file of 5 MB',
    { 'a.js': `${CJS}${'var a=[1,2,3];'.repeat(360_000)}` },
    /a\.js was skipped: it holds \d+ bytes/,
  ],
  ['a bundle that calls itself minified', { 'a.min.js': `${CJS}new LocalAuth();` }, null],
  [
    '100,000 levels of nesting',
    { 'a.js': `${CJS}${'('.repeat(100_000)}1${')'.repeat(100_000)}` },
    /a\.js was skipped: it nests deeper/,
  ],
  [
    'syntax that is broken',
    { 'a.js': `${CJS}new LocalAuth({ dataPath: ` },
    /a\.js was skipped: it does not parse \(line 2/,
  ],
  ['bytes that are no text', { 'a.js': `${CJS}\0\u0001\ufffd` }, /a\.js was skipped/],
  [
    'an import circle',
    {
      'a.js': `${CJS}const b = require('./b');\nmodule.exports = { d: b.d };\nnew LocalAuth({ dataPath: b.d });`,
      'b.js': "const a = require('./a');\nmodule.exports = { d: a.d };",
    },
    null,
  ],
  [
    'a re-export circle',
    {
      'a.mjs': "export * from './b.mjs';\n",
      'b.mjs': "export * from './a.mjs';\n",
      'c.mjs':
        "import { x } from './a.mjs';\nimport { LocalAuth } from 'whatsapp-web.js';\nnew LocalAuth({ dataPath: x });",
    },
    null,
  ],
  [
    'a constant that is made from itself',
    { 'a.js': `${CJS}let a = b; let b = a; a = b + a;\nnew LocalAuth({ dataPath: a });` },
    null,
  ],
  [
    'a function without end',
    { 'a.js': `${CJS}function f(x) { return f(x + 'a') + f(x); }\nnew LocalAuth({ dataPath: f('a') });` },
    null,
  ],
  [
    'classes that extend each other',
    {
      'a.js': `${CJS}class A extends B { constructor(o) { super(o); } }\nclass B extends A { constructor(o) { super(o); } }\nnew A({});\nnew LocalAuth({ dataPath: new A().x });`,
    },
    null,
  ],
  [
    'objects that double at every step',
    {
      'a.js': `${CJS}const a0 = { x: 1 };\n${Array.from({ length: 60 }, (_, i) => `const a${i + 1} = { l: a${i}, r: a${i}, ...a${i} };`).join('\n')}\nnew LocalAuth({ dataPath: a60.l.r.l.r.x + a60.r.l.q });`,
    },
    null,
  ],
  [
    'texts that double at every step',
    {
      'a.js': `${CJS}const a0 = 'x';\n${Array.from({ length: 60 }, (_, i) => `const a${i + 1} = a${i} + a${i};`).join('\n')}\nnew LocalAuth({ dataPath: a60 });`,
    },
    null,
  ],
  [
    'branches that double at every step',
    {
      'a.js': `${CJS}const a0 = process.env.A;\n${Array.from({ length: 60 }, (_, i) => `const a${i + 1} = process.env.X${i} ? a${i} : a${i} + 'x';`).join('\n')}\nnew LocalAuth({ dataPath: a60 });`,
    },
    null,
  ],
  [
    'names of the prototype',
    {
      'a.js': `${CJS}const c = { __proto__: { dataPath: 'p' }, constructor: 1 };\nnew LocalAuth({ dataPath: c.toString, clientId: process.env.__proto__ });`,
    },
    null,
  ],
  [
    'a manifest with names of the prototype',
    {
      'package.json':
        '{"__proto__":{"x":1},"dependencies":{"__proto__":"1","constructor":"1","whatsapp-web.js":"1"},"imports":{"__proto__":"./x"}}',
    },
    null,
  ],
  ['a manifest that is no JSON', { 'sub/package.json': '{' }, /sub\/package\.json could not be read/],
  [
    'a tsconfig that extends itself',
    {
      'tsconfig.json': '{"extends":"./tsconfig.json"}',
      'a.ts': "import x from '@/x';\nimport { LocalAuth } from 'whatsapp-web.js';\nnew LocalAuth({ dataPath: x });",
    },
    null,
  ],
  [
    'a tsconfig of comments without end',
    {
      'tsconfig.json': '/*'.repeat(60_000),
      'a.ts': "import x from '@/x';\nimport { LocalAuth } from 'whatsapp-web.js';\nnew LocalAuth({ dataPath: x });",
    },
    null,
  ],
  [
    'a thousand callers',
    {
      'a.js': `${CJS}function f(d) { new LocalAuth({ dataPath: d }); }\n${Array.from({ length: 1000 }, (_, i) => `f('d${i}');`).join('\n')}`,
    },
    null,
  ],
];

describe('hostile sources', () => {
  it.each(HOSTILE)('%s: a reason or a result, quickly, and the rest is still found', async (_, files, problem) => {
    const started = performance.now();
    const found = await sitesOf({ ...GOOD, ...files });
    // A second on a quiet machine; the tests share theirs.
    expect(performance.now() - started).toBeLessThan(5000);
    expect(summary(found)).toContain(GOOD_SITE);
    if (problem !== null) expect(found.problems.join('\n')).toMatch(problem);
  });

  it('follows no link to a directory and none out of the tree', async () => {
    await withProject(GOOD, async (root) => {
      mkdirSync(`${root}/x`);
      symlinkSync(root, `${root}/x/up`);
      symlinkSync('/etc', `${root}/etc`);
      symlinkSync('/dev/zero', `${root}/zero.js`);
      writeFileSync(`${root}/y.js`, `${CJS}new LocalAuth({ dataPath: require('./zero.js') });`);
      const found = await findAuthSites(createReader(), root);
      expect(found.sites.map(({ file }) => file)).toEqual(['good.js', 'y.js']);
    });
  });

  it('a project that is not there, or is a file', async () => {
    const reader = createReader();
    for (const path of ['/nowhere/at/all', '/etc/hostname']) {
      const found = await findAuthSites(reader, absolutePath(path));
      expect(found.sites).toEqual([]);
      expect(found.problems).not.toEqual([]);
    }
  });
});

const CONTEXT = {
  env: { A: '/a', B: 'b' },
  envHidden: null,
  cwd: absolutePath('/app'),
  packageAt: absolutePath('/app'),
  home: absolutePath('/root'),
  tmpdir: absolutePath('/tmp'),
  arguments: ['--x', 'y'],
  compiled: null,
};

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 5 },
    fc
      .oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
      .map((value): Expression => ({ kind: 'literal', value })),
    fc.constantFrom('A', 'B', 'C', '__proto__').map((name): Expression => ({ kind: 'env', name })),
    fc.constantFrom<Expression>(
      { kind: 'undefined' },
      { kind: 'cwd' },
      { kind: 'homedir' },
      { kind: 'tmpdir' },
      { kind: 'dirname', file: '../x/y.js' },
    ),
    fc.constantFrom<Expression>(
      { kind: 'dynamic', text: 'a.b(c)' },
      { kind: 'unknown', text: 'x', reason: 'y' },
      { kind: 'unstable', cause: 'c', text: 'uuid()' },
    ),
    fc
      .tuple(fc.constantFrom('concat', 'join', 'resolve'), fc.array(tie('expression'), { maxLength: 4 }))
      .map(([kind, parts]) => ({ kind, parts }) as Expression),
    fc
      .tuple(fc.constantFrom('or', 'nullish', 'and', 'equal', 'not-equal'), tie('expression'), tie('expression'))
      .map(([kind, left, right]) => ({ kind, left, right }) as Expression),
    fc
      .tuple(
        fc.constantFrom(
          'default',
          'dirname',
          'basename',
          'trim',
          'integer',
          'argv',
          'argument',
          'replace-pattern',
          'odd',
        ),
        fc.array(tie('expression'), { maxLength: 3 }),
      )
      .map(([name, args]): Expression => ({ kind: 'call', name, args })),
  ),
}));

describe('evaluateExpression', () => {
  it('never throws, and gives a value or a reason for any expression', () => {
    fc.assert(
      fc.property(expression, fc.constantFrom<'default' | 'dynamic'>('default', 'dynamic'), (tree, prefer) => {
        const result = evaluateExpression(tree, { ...CONTEXT, prefer });
        expect(Array.isArray(result.trail)).toBe(true);
        expect(evaluateExpression(tree, { ...CONTEXT, prefer })).toEqual(result);
      }),
      { numRuns: 400 },
    );
  });
});
