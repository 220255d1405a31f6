/** Tables of the programs that stand in a start command. */

/** Programs that run the script named by their first operand. */
export const RUNTIMES: ReadonlySet<string> = new Set([
  'node',
  'nodejs',
  'bun',
  'ts-node',
  'ts-node-esm',
  'ts-node-dev',
  'tsnd',
  'tsx',
  'nodemon',
  'node-dev',
  'babel-node',
  'vite-node',
  'esno',
  'esmo',
  'sucrase-node',
  'swc-node',
  'esr',
  'supervisor',
  'forever',
  'coffee',
  'deno',
  'electron',
  'ndb',
]);

/** Frameworks that find the entry themselves: which words start the program, and which script they run if that is fixed. */
export const FRAMEWORKS: ReadonlyMap<string, { readonly words: readonly string[]; readonly entry: string | null }> =
  new Map([
    ['next', { words: ['start', 'dev'], entry: null }],
    ['nest', { words: ['start'], entry: 'dist/main.js' }],
    ['strapi', { words: ['start', 'develop', 'dev'], entry: null }],
    ['nuxt', { words: ['start', 'dev', 'preview'], entry: null }],
    ['remix-serve', { words: [], entry: null }],
    ['react-router-serve', { words: [], entry: null }],
    ['astro', { words: ['dev', 'preview'], entry: null }],
    ['fastify', { words: ['start'], entry: null }],
    ['adonis', { words: ['serve'], entry: null }],
    ['nx', { words: ['serve'], entry: null }],
    ['turbo', { words: ['dev', 'start'], entry: null }],
  ]);

/** Options that take their value as the next word, by program; what is not listed here takes none. */
export const VALUE_OPTIONS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'node',
    new Set([
      '-r',
      '--require',
      '--import',
      '--loader',
      '--experimental-loader',
      '-C',
      '--conditions',
      '--title',
      '--watch-path',
      '--env-file',
      '--env-file-if-exists',
      '--icu-data-dir',
    ]),
  ],
  [
    'ts-node',
    new Set([
      '-r',
      '--require',
      '-P',
      '--project',
      '-O',
      '--compiler-options',
      '-C',
      '--compiler',
      '-I',
      '--ignore',
      '--cwd',
      '--dir',
    ]),
  ],
  [
    'ts-node-dev',
    new Set([
      '-r',
      '--require',
      '-P',
      '--project',
      '--ignore',
      '--ignore-watch',
      '--watch',
      '--interval',
      '--debounce',
      '--tree-kill-signal',
    ]),
  ],
  [
    'tsx',
    new Set([
      '-r',
      '--require',
      '--import',
      '--loader',
      '--tsconfig',
      '--env-file',
      '--env-file-if-exists',
      '--ignore',
      '--exclude',
      '--include',
    ]),
  ],
  [
    'nodemon',
    new Set([
      '-w',
      '--watch',
      '-i',
      '--ignore',
      '-e',
      '--ext',
      '-x',
      '--exec',
      '-d',
      '--delay',
      '--config',
      '-s',
      '--signal',
      '-r',
      '--require',
      '--cwd',
      '--script-args',
    ]),
  ],
  ['bun', new Set(['-r', '--preload', '--env-file', '--cwd', '-c', '--config', '--port'])],
  ['babel-node', new Set(['--presets', '--plugins', '--config-file', '-r', '--extensions', '-x'])],
  [
    'forever',
    new Set([
      '-l',
      '-o',
      '-e',
      '-m',
      '-c',
      '--uid',
      '--pidFile',
      '--sourceDir',
      '--workingDir',
      '--minUptime',
      '--spinSleepTime',
      '--killSignal',
    ]),
  ],
  [
    'supervisor',
    new Set(['-w', '-i', '-e', '-x', '-n', '-p', '--watch', '--ignore', '--extensions', '--exec', '--no-restart-on']),
  ],
  ['vite-node', new Set(['-c', '--config', '-r', '--root', '-m', '--mode'])],
]);

const SAME_OPTIONS: Readonly<Record<string, string>> = {
  nodejs: 'node',
  'node-dev': 'ts-node-dev',
  tsnd: 'ts-node-dev',
  'ts-node-esm': 'ts-node',
  'swc-node': 'node',
  electron: 'node',
  esno: 'tsx',
};

const NONE: ReadonlySet<string> = new Set();

/** Options of a runtime that are followed by a value. */
export function valueOptions(runtime: string): ReadonlySet<string> {
  return VALUE_OPTIONS.get(SAME_OPTIONS[runtime] ?? runtime) ?? NONE;
}

/** How a program hands over to the command in its own arguments. */
export interface Wrapper {
  /** Options that take the next word. */
  readonly values?: readonly string[];
  /** Operands before the command. */
  readonly operands?: number;
  /** The command starts after `--` only (a first word without dash would belong to the program). */
  readonly dashes?: boolean;
  /** Leading `NAME=value` words are variables. */
  readonly assigns?: boolean;
  /** Does it become the command (exec) rather than stay as its parent? */
  readonly replaces: boolean;
  /** Options that name an environment file. */
  readonly envFile?: readonly string[];
  /** The first operand is the user. */
  readonly user?: boolean;
  /** Quotes around a command as one word: the rest is a shell text. */
  readonly shell?: boolean;
}

export const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map<string, Wrapper>([
  ['exec', { replaces: true, values: ['-a'] }],
  ['command', { replaces: true }],
  ['nohup', { replaces: true }],
  ['nice', { replaces: true, values: ['-n', '--adjustment'] }],
  ['ionice', { replaces: true, values: ['-c', '-n'] }],
  ['stdbuf', { replaces: true, values: ['-i', '-o', '-e'] }],
  ['setsid', { replaces: true }],
  ['catchsegv', { replaces: false }],
  ['time', { replaces: false }],
  ['env', { replaces: true, assigns: true, values: ['-u', '-C', '--unset', '--chdir'] }],
  ['cross-env', { replaces: false, assigns: true }],
  ['cross-env-shell', { replaces: false, assigns: true, shell: true }],
  ['dotenv', { replaces: false, values: ['-e', '-v', '-c'], envFile: ['-e'], dashes: false }],
  [
    'dotenvx',
    { replaces: false, values: ['-f', '-e', '--env-file', '--env'], envFile: ['-f', '--env-file'], dashes: true },
  ],
  ['env-cmd', { replaces: false, values: ['-f', '--file', '-e', '--environments', '-r'], envFile: ['-f', '--file'] }],
  ['doppler', { replaces: false, dashes: true }],
  ['infisical', { replaces: false, dashes: true }],
  ['op', { replaces: false, dashes: true }],
  ['dumb-init', { replaces: false, values: ['-r', '--rewrite'] }],
  ['tini', { replaces: false, values: ['-p', '-e'] }],
  ['tini-static', { replaces: false, values: ['-p', '-e'] }],
  ['catatonit', { replaces: false }],
  ['docker-init', { replaces: false }],
  ['s6-setuidgid', { replaces: true, operands: 1, user: true }],
  ['su-exec', { replaces: true, operands: 1, user: true }],
  ['gosu', { replaces: true, operands: 1, user: true }],
  ['setpriv', { replaces: true, values: ['--reuid', '--regid', '--groups'] }],
  ['chpst', { replaces: true, values: ['-u', '-U', '-e', '-/', '-n', '-l', '-L'] }],
  ['sudo', { replaces: false, values: ['-u', '-g', '-h', '-p', '-C', '-D'] }],
  [
    'xvfb-run',
    {
      replaces: false,
      values: [
        '-n',
        '-s',
        '-e',
        '-f',
        '-l',
        '-p',
        '-w',
        '--server-num',
        '--server-args',
        '--error-file',
        '--auth-file',
      ],
    },
  ],
  ['dbus-run-session', { replaces: false, values: ['--config-file'] }],
  ['timeout', { replaces: false, values: ['-s', '-k', '--signal', '--kill-after'], operands: 1 }],
  [
    'dockerize',
    {
      replaces: false,
      values: ['-wait', '-timeout', '-template', '-stdout', '-stderr', '-wait-retry-interval', '-env', '-env-section'],
    },
  ],
  ['wait-for-it', { replaces: true, dashes: true }],
  ['wait-for-it.sh', { replaces: true, dashes: true }],
  ['wait-for', { replaces: true, dashes: true }],
  ['wait-for.sh', { replaces: true, dashes: true }],
  ['docker-entrypoint.sh', { replaces: true }],
  ['npx', { replaces: false, values: ['-p', '--package', '-c', '--call', '-w', '--workspace'] }],
  ['pnpx', { replaces: false }],
  ['bunx', { replaces: false }],
]);

/** Package managers: the word that runs a script, and the words that run a program. */
export const PACKAGE_MANAGERS: ReadonlySet<string> = new Set(['npm', 'yarn', 'pnpm', 'bun', 'yarnpkg']);

/** Sub-commands of package managers that are not scripts. */
export const MANAGER_COMMANDS: ReadonlySet<string> = new Set([
  'install',
  'i',
  'ci',
  'add',
  'remove',
  'rm',
  'uninstall',
  'update',
  'upgrade',
  'up',
  'audit',
  'cache',
  'config',
  'set',
  'get',
  'publish',
  'pack',
  'version',
  'view',
  'info',
  'init',
  'create',
  'link',
  'unlink',
  'ls',
  'list',
  'outdated',
  'prune',
  'rebuild',
  'dedupe',
  'login',
  'logout',
  'whoami',
  'why',
  'import',
  'store',
  'fetch',
  'approve-builds',
  'pkg',
  'global',
  'deploy',
  'x',
]);
