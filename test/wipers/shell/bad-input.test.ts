import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { absolutePath } from '../../../src/model/path.ts';
import { type CommandAnalyser, loadCommandAnalyser, sessionTarget } from '../../../src/wipers/shell/analyse.ts';
import { memoryWorld } from './memory-world.ts';

const root = absolutePath('/project');
let analyser: CommandAnalyser;
beforeAll(async () => {
  analyser = await loadCommandAnalyser();
});

function judge(command: string, scripts: Readonly<Record<string, string>> = {}) {
  const world = memoryWorld({ '/project/package.json': JSON.stringify({ scripts }) });
  return analyser.judge(command, {
    world,
    cwd: root,
    sessions: [sessionTarget(root, '.wwebjs_auth')],
    flavour: 'dash',
  });
}

/** CPU, not time on the wall: the machine may be busy. */
function seconds(action: () => void): number {
  const before = process.cpuUsage();
  action();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

describe('bad input is unknown with a reason, in bounded time', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['10 MB of one script', 'rm -rf dist; '.repeat(800_000)],
    ['unterminated single quote', "rm -rf 'dist"],
    ['unterminated double quote', 'rm -rf "dist'],
    ['unterminated substitution', 'rm -rf $(ls'],
    ['unterminated if', 'if true; then rm -rf dist'],
  ];
  it.each(cases)('%s', (_, command) => {
    let result: ReturnType<typeof judge> | undefined;
    expect(seconds(() => (result = judge(command)))).toBeLessThan(5);
    expect(result?.sessions[0]).toMatchObject({ deleted: 'unknown' });
    expect(result?.sessions[0]?.reason).toMatch(/read/);
  });

  it('ten thousand scripts in a circle', () => {
    const scripts = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, n) => [`s${n}`, `npm run s${(n + 1) % 10_000}`]),
    );
    expect(seconds(() => expect(judge('npm run s0', scripts).sessions[0]?.deleted).toBe('unknown'))).toBeLessThan(5);
  });

  it('a short circle deletes nothing by itself', () => {
    expect(judge('npm run a', { a: 'npm run b', b: 'npm run a' }).sessions[0]?.deleted).toBe(false);
    expect(judge('npm run a', { a: 'npm run b', b: 'npm run a; rm -rf .wwebjs_auth' }).sessions[0]?.deleted).toBe(true);
  });

  const bounded: readonly (readonly [string, string])[] = [
    ['deep nesting', `${'('.repeat(5_000)}rm -rf x${')'.repeat(5_000)}`],
    ['deep sh -c', 'sh -c "'.repeat(60)],
    ['endless loop', 'while true; do rm -rf dist; done'],
    ['endless function', 'f() { f; f; }; f'],
    ['fork bomb', ':(){ :|:& };:'],
    ['brace bomb', `rm -rf ${'{a,b}'.repeat(40)}`],
    ['glob bomb', `rm -rf ${'*a'.repeat(500)}`],
    ['extended glob bomb', `rimraf -g "${'+(a|aa)'.repeat(50)}b"`],
    ['growing variable', `X=a; ${'X=$X$X; '.repeat(60)} rm -rf $X`],
    ['regex bomb', `echo ${'a'.repeat(200)} | grep -E '(a+)+b' && rm -rf dist`],
    ['binary', String.fromCharCode(...Array.from({ length: 20_000 }, (_, n) => (n * 7919) % 256))],
    ['many words', `rm -rf ${'x '.repeat(100_000)}`],
  ];
  it.each(bounded)('%s is bounded', (_, command) => {
    expect(seconds(() => judge(command))).toBeLessThan(8);
  });

  it('never throws and always answers', () => {
    const word = fc.constantFrom(
      'rm',
      '-rf',
      '.wwebjs_auth',
      '"',
      "'",
      '$(',
      ')',
      '`',
      '&&',
      '||',
      ';',
      '|',
      '{',
      '}',
      '(',
      'if',
      'then',
      'fi',
      '*',
      '$X',
      '${',
      '<<',
      '>',
      'find',
      '-exec',
      '\\',
      '\n',
      'git',
      'clean',
      '-fdx',
      'cd',
      '..',
      '[',
      ']',
      '\u0000',
      'del',
      '/s',
      'npm',
      'run',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 25 }), (words) => {
        const { sessions } = judge(words.join(' '));
        expect(sessions).toHaveLength(1);
        if (sessions[0]?.deleted === 'unknown') expect(sessions[0].reason).toBeTruthy();
      }),
      { numRuns: 300 },
    );
  });
});
