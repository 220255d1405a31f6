import fc from 'fast-check';
import type { Case } from './commands.ts';

/** Grammar of shell commands over the fake project: every production is text that a shell accepts or refuses on its own terms. */

const pick = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom(...texts);

const PLACE = pick(
  '.wwebjs_auth',
  'sessions',
  'session',
  'data/sessions',
  'data',
  'dist',
  'coverage',
  'src',
  'nothing',
  'sessions/session-5511',
  'sessions/session-5511/Default',
  'session/session/Default/IndexedDB',
  'session/session/Default/Cache',
  '.wwebjs_auth/session/SingletonLock',
  'data/keep.json',
  '.wwebjs_cache',
  'packages/../sessions',
  'dist/../data',
);

const GLOB = pick(
  's*',
  'sess*',
  'session?',
  '.w*',
  '.wwebjs_*',
  'data/*',
  'data/s*',
  '*/session*',
  '*/*',
  '[a-r]*',
  'sessio[!n]s',
  'sessions/*',
  '*.log',
  'sessions/*/Default/*',
  'no*match',
  '{dist,sessions}',
  'data/{sessions,keep.json}',
  '*s',
  '?wwebjs*',
);

const around = (place: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(pick('', '', '', './', '$PWD/', './src/../'), place, pick('', '', '', '/', '/.'))
    .map((parts) => parts.join(''));

const PATH = fc.oneof(
  { weight: 4, arbitrary: around(PLACE) },
  { weight: 2, arbitrary: GLOB },
  { weight: 1, arbitrary: pick('.', '..', '""', '*') },
);

/** The same word, quoted in one of the ways a shell knows. */
const quoted = (path: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(path, fc.nat(5)).map(([word, way]) => {
    if (/["$]/.test(word)) return way === 0 && !word.includes('"') ? `"${word}"` : word;
    if (way === 0) return `"${word}"`;
    if (way === 1) return `'${word}'`;
    if (way === 2) return `${word.slice(0, 2)}"${word.slice(2)}"`;
    if (way === 3) return `${word.slice(0, -1)}\\${word.slice(-1)}`;
    return word;
  });

const words = (path: fc.Arbitrary<string>, most = 2): fc.Arbitrary<string> =>
  fc.array(quoted(path), { minLength: 1, maxLength: most }).map((list) => list.join(' '));

const joined = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((list) => list.filter((part) => part !== '').join(' '));

const FIND = joined(
  fc.constant('find'),
  fc.oneof(around(PLACE), pick('.', './', 'sessions data', '*')),
  pick('', '', '-maxdepth 1', '-mindepth 1', '-mindepth 1 -maxdepth 1', '-maxdepth 2', '-depth'),
  pick(
    '',
    '-type f',
    '-type d',
    '-type l',
    '-not -type d',
    '-type d -o -name nothing',
    '-name "session*"',
    '-name "Singleton*"',
    "-name '*.log'",
    '-name .wwebjs_auth -prune -o -type f',
    '-path "./data/*"',
    "-path '*/Default/*'",
    '! -name dist',
    '-not -path "./sessions*" -not -path "./.git*"',
    '-iname SESSIONS',
    '-regex ".*/sessions.*"',
    '\\( -name sessions -o -name session \\)',
    '-empty',
    '-size +1k',
    '-mtime +30',
    '-newer package.json',
    '-wholename "sessions/*"',
  ),
  pick(
    '-delete',
    '-delete',
    '-exec rm -rf {} +',
    '-exec rm -rf {} \\;',
    '-exec rm -f {} \\;',
    '-print',
    '| xargs rm -rf',
    '-print0 | xargs -0 rm -rf',
    '-execdir rm -rf {} +',
  ),
);

const GIT = joined(
  fc.constant('git clean'),
  pick('-fd', '-fdx', '-fX', '-fdX', '-fx', '-ffdx', '-f -d -x', '-dx', '-nfdx', '-xdf', '-fq', '-Xdf'),
  pick(
    '',
    '',
    '',
    '-e sessions',
    '-e "s*"',
    "-e '/session/'",
    "-e '!/sessions/'",
    '-e data',
    '-e .wwebjs_auth -e sessions',
  ),
  fc.oneof(
    fc.constant(''),
    words(around(PLACE)),
    words(
      GLOB.filter((glob) => glob !== '*.log'),
      1,
    ),
    pick(
      "-- . ':!sessions'",
      "':(exclude)data'",
      '-- sess',
      "':/data'",
      "':(glob)**/Default'",
      "':(icase)SESSIONS'",
      '-- data/ sessions/',
    ),
  ),
);

const NODE_TOOL = joined(
  pick(
    'rimraf',
    'rimraf',
    'rimraf -g',
    'rimraf --glob',
    'del-cli',
    'del-cli',
    'del-cli --dot',
    'shx rm -rf',
    'npx rimraf',
    'del-cli --force',
  ),
  fc.oneof(
    // rimraf gives up somewhere on the way when the parent does not let it: which files are left then is chance.
    words(PATH.filter((path) => path !== '..')),
    pick(
      '"data/**"',
      '"**/session*"',
      "'*' '!sessions'",
      "'.*'",
      '"{sessions,dist}"',
      "'data/*' '!data/sessions'",
      "'**/*.log'",
      "'sessions/**' '!sessions'",
      "'!(sessions|data)'",
      '"s*/**/Default"',
    ),
  ),
);

const REMOVE = fc.oneof(
  {
    weight: 6,
    arbitrary: joined(
      pick('rm', 'rm', 'rm', '\\rm', 'command rm', '/bin/rm', 'env rm', 'A=1 rm', 'exec rm', 'nohup rm'),
      pick('-rf', '-rf', '-rf', '-r', '-f', '-fr', '-R', '-rfv', '-r -f', '-rf --', '-d', '', '--recursive --force'),
      words(PATH),
    ),
  },
  { weight: 4, arbitrary: FIND },
  { weight: 4, arbitrary: GIT },
  { weight: 2, arbitrary: NODE_TOOL },
  {
    weight: 2,
    arbitrary: fc.oneof(
      joined(pick('rmdir', 'rmdir -p', 'unlink'), words(around(PLACE), 1)),
      joined(fc.constant('mv'), words(PATH, 1), pick('tmp-away', 'dist', '"$TMPDIR"', '/nowhere/x', 'sessions')),
      joined(fc.constant('truncate -s 0'), words(PATH)),
      joined(
        pick('cp -r', 'cp -rf', 'ln -sfn', 'mkdir -p', 'touch'),
        words(around(PLACE), 1),
        pick('dist', 'sessions', 'copy', 'dist/x'),
      ),
    ),
  },
);

const TEST = fc.oneof(
  joined(pick('[ -d', '[ -e', '[ -f', '[ ! -d', '[ ! -e', '[ -n', '[ -z'), quoted(around(PLACE)), fc.constant(']')),
  pick(
    'true',
    'false',
    'test -d data',
    'ls nothing',
    'ls data',
    '[ "$HOME" ]',
    'grep -q nope README.md',
    'grep -q project README.md',
    '! true',
    'cd nothing',
    'cd data',
  ),
);

const QUIET = pick(
  'true',
  'false',
  ':',
  'echo hello',
  'mkdir -p dist',
  'ls',
  'set -e',
  'set -u',
  'cd data',
  'cd src',
  'cd ..',
  'cd "$PWD"',
  'cd nothing',
  'cd - ',
  'touch x',
  'exit 0',
  'umask 022',
  'cd sessions',
  'mkdir sessions2',
);

/** `\n` stands where a shell wants a separator. */
const COMMAND = fc.letrec<{ command: string; simple: string }>((tie) => ({
  simple: fc.oneof({ weight: 5, arbitrary: REMOVE }, { weight: 2, arbitrary: QUIET }),
  command: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 6, arbitrary: tie('simple') },
    {
      weight: 4,
      arbitrary: fc
        .tuple(tie('command'), pick(' && ', ' || ', '; ', ' && '), tie('command'))
        .map((parts) => parts.join('')),
    },
    // Both sides of a pipe run at the same time: which of two deletions comes first is nobody's to say.
    { weight: 1, arbitrary: fc.tuple(QUIET, tie('simple')).map((parts) => parts.join(' | ')) },
    { weight: 2, arbitrary: fc.tuple(TEST, pick(' && ', ' || '), tie('simple')).map((parts) => parts.join('')) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          pick('cd data', 'cd sessions', 'cd src/lib', 'cd nothing', 'cd data/sessions', 'cd "$HOME"'),
          pick(' && ', '; ', ' || '),
          REMOVE,
        )
        .map((parts) => parts.join('')),
    },
    { weight: 1, arbitrary: tie('command').map((inner) => `(${inner})`) },
    { weight: 1, arbitrary: tie('command').map((inner) => `{ ${inner}; }`) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          words(PATH, 3),
          pick(
            'rm -rf "$x"',
            'rm -rf $x',
            'rm -rf "./$x"',
            '[ -d "$x" ] && rm -rf "$x"',
            'rm -rf "${x%/}"',
            'rm -f $x/*',
            '[ "$x" = sessions ] || rm -rf "$x"',
            'case $x in s*) continue;; esac; rm -rf "$x"',
            '[ "$x" = dist ] && break; rm -rf "$x"',
          ),
        )
        .map(([list, body]) => `for x in ${list}; do ${body}; done`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(TEST, tie('command'), tie('command'))
        .map(([test, one, two]) => `if ${test}; then ${one}; else ${two}; fi`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          quoted(fc.oneof(around(PLACE), GLOB)),
          pick(
            'rm -rf "$V"',
            'rm -rf $V',
            'rm -rf "${V:-dist}"',
            'rm -rf "${V:?}"/*',
            'rm -rf "${V}x"',
            'rm -rf "${V%/*}"',
            'rm -rf "${V##*/}"',
            'find "$V" -delete',
            'git clean -fdx "$V"',
            'rm -rf "$W$V"',
            'rm -rf ${U:-$V}',
            'rm -rf ${V:+dist}',
            'cd "$V" && rm -rf *',
            'eval "rm -rf $V"',
            'sh -c "rm -rf $V"',
            "V='dist' sh -c 'rm -rf $V'",
            'rm -rf "$(dirname "$V")"',
            'rm -rf "$(echo $V)"',
          ),
        )
        .map(([value, use]) => `V=${value}; ${use}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          words(PATH, 3),
          pick(
            'xargs rm -rf',
            'xargs -n 1 rm -rf',
            'xargs -I{} rm -rf {}',
            'while read -r x; do rm -rf "$x"; done',
            'xargs -r rm -f',
            'grep s | xargs rm -rf',
            'tr " " "\\n" | grep -v session | xargs rm -rf',
            'cat > /dev/null',
          ),
        )
        .map(([list, use]) => `echo ${list} | ${use}`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          words(PATH),
          pick(
            'f() { rm -rf "$1"; }; f',
            'f() { rm -rf "$@"; }; f',
            'f() { shift; rm -rf "$@"; }; f dist',
            'f() { [ $# -gt 1 ] && rm -rf "$2"; }; f',
            'set --',
          ),
        )
        .map(([list, head]) => (head === 'set --' ? `set -- ${list}; rm -rf "$1"` : `${head} ${list}`)),
    },
    {
      weight: 1,
      arbitrary: tie('command')
        .filter((inner) => !inner.includes("'"))
        .map((inner) => `sh -c '${inner}'`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(words(around(PLACE), 1), tie('command'), tie('command'))
        .map(([word, one, two]) => `case ${word} in s*|.w*) ${one};; *) ${two};; esac`),
    },
    {
      weight: 1,
      arbitrary: fc
        .tuple(
          tie('simple'),
          pick(
            ' > /dev/null 2>&1',
            ' 2>/dev/null || true',
            ' > sessions/out',
            ' < /dev/null',
            ' >> app.log',
            ' & wait',
            ' < nothing',
          ),
        )
        .map((parts) => parts.join('')),
    },
  ),
})).command;

/** Commands from the grammar, the same for the same seed. */
export function generate(seed: number, count: number): Case[] {
  const made = new Set<string>();
  for (let round = 0; made.size < count && round < 10; round += 1) {
    for (const command of fc.sample(COMMAND, { seed: seed + round, numRuns: count })) {
      if (command.length < 400 && made.size < count) made.add(command);
    }
  }
  return [...made].map((command) => ({ group: 'generated', command, shell: 'sh' }));
}
