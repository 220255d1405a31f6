import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ignoreComments } from '../../src/facts/ignore-comments.ts';

const one = (file: string, ...lines: string[]) => ignoreComments(file, lines.join('\n'))[0];

describe('what a comment is about', () => {
  it.each([
    ['a trailing comment', 'a.js', ['x(); // wa-doctor-ignore WA201 -- why'], [1]],
    ['a comment alone on its line', 'a.ts', ['// wa-doctor-ignore WA201 -- why', 'x();'], [1, 2]],
    ['… with blank lines between', 'a.ts', ['// wa-doctor-ignore WA201 -- why', '', ' ', 'x();'], [1, 4]],
    ['next-line', 'a.mjs', ['// wa-doctor-ignore-next-line WA201 -- why', 'x();'], [2]],
    ['two stacked', 'c.yml', ['# wa-doctor-ignore-next-line WA101 -- a', '# wa-doctor-ignore WA103 -- b', 'x:'], [3]],
    ['a block comment', 'a.js', ['/* wa-doctor-ignore WA201 -- why */ x();'], [1, 2]],
    ['a line of a block comment', 'a.js', ['/**', ' * wa-doctor-ignore-next-line WA201 -- why', ' */'], [3]],
    ['YAML', 'docker-compose.yml', ['  bot:  # wa-doctor-ignore WA101 -- why'], [1]],
    ['a Dockerfile', 'Dockerfile', ['# wa-doctor-ignore WA101 -- why', 'FROM node'], [1, 2]],
    ['a shell script', 'deploy.sh', ['rm -rf x # wa-doctor-ignore WA301 -- why'], [1]],
    ['a unit file', 'bot.service', ['; wa-doctor-ignore WA101 -- why', '[Service]'], [1, 2]],
    ['the whole file', 'Procfile', ['# wa-doctor-ignore-file WA101 -- why'], null],
    ['Windows lines', 'a.js', ['// wa-doctor-ignore WA201 -- why\r', 'x();\r'], [1, 2]],
  ] as const)('%s', (_, file, lines, about) => {
    expect(one(file, ...lines)).toMatchObject({ lines: about, problem: null });
  });

  it('codes, last day and reason', () => {
    expect(one('a.js', '// wa-doctor-ignore WA201, wa202 until=2027-01-31 -- the unit -- fixes it */')).toEqual({
      file: 'a.js',
      line: 1,
      lines: [1, 2],
      codes: ['WA201', 'WA202'],
      until: '2027-01-31',
      reason: 'the unit -- fixes it',
      problem: null,
    });
  });
});

describe('what suppresses nothing says why', () => {
  it.each([
    ['// wa-doctor-ignore WA201', /gives no reason; write: wa-doctor-ignore WA201 -- why/],
    ['// wa-doctor-ignore WA201 --', /gives no reason/],
    ['// wa-doctor-ignore WA201 --   */', /gives no reason/],
    ['// wa-doctor-ignore WA201 --why', /"--why" is neither/],
    ['// wa-doctor-ignore -- why', /names no check/],
    ['// wa-doctor-ignore all -- why', /"all" is neither a check code/],
    ['// wa-doctor-ignore WA201 until=tomorrow -- why', /"until=tomorrow" is neither/],
    ['// wa-doctor-ignore WA201 until=2027-02-30 -- why', /there is no day 2027-02-30/],
    ['// wa-doctor-ignore-nextline WA201 -- why', /there is no "wa-doctor-ignore-nextline"/],
  ])('%s', (line, problem) => {
    expect(one('a.js', line)?.problem).toMatch(problem);
  });
});

describe('what is no such comment', () => {
  it.each([
    ['a.js', 'const wa-doctor-ignore = 1'],
    ['a.js', 'say("wa-doctor-ignore WA201 -- why")'],
    ['a.js', '# wa-doctor-ignore WA201 -- why'],
    ['Dockerfile', 'RUN echo wa-doctor-ignore WA101 -- why'],
  ])('%s: %s', (file, line) => {
    expect(ignoreComments(file, line)).toEqual([]);
  });
});

it('never throws, whatever the text', () => {
  const word = fc.constantFrom('wa-doctor-ignore', '//', '#', ' ', '\n', 'WA201', '--', 'until=', '*/', '-file', '9');
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string())), fc.constantFrom('a.js', 'a.yml'), (parts, file) => {
      for (const { lines, line, codes, reason, problem } of ignoreComments(file, parts.join(''))) {
        expect(line).toBeGreaterThan(0);
        expect(lines === null || lines.every((at) => at >= line)).toBe(true);
        if (problem === null) expect(codes.length > 0 && reason !== null && reason.trim() !== '').toBe(true);
      }
    }),
  );
});

it('takes time in proportion to the text', () => {
  const text = `${'// wa-doctor-ignore WA201 -- why\n\n'.repeat(1000)}${'\n'.repeat(1_000_000)}`;
  const started = performance.now();
  expect(ignoreComments('a.js', text)).toHaveLength(1000);
  expect(performance.now() - started).toBeLessThan(10_000);
});
