import { matchesName } from '../paths.ts';
import { programOf, valuesOf } from './words.ts';

/** What one watcher watches, in paths and patterns relative to its directory. */
export interface Watching {
  readonly tool: string;
  /** Directories or globs; `.`: everything. Empty: only the files that the program imports. */
  readonly roots: readonly string[];
  readonly ignores: readonly string[];
  /** Endings of files that count; `null`: all. */
  readonly extensions: readonly string[] | null;
  /** Names that begin with a dot are left out. */
  readonly skipsDotted: boolean;
  /** How the session is left out: `--ignore <path>`. */
  readonly exclude: (path: string) => string;
}

/** Endings of files that a browser writes into a profile (measured: component manifests, extensions, service workers). */
const PROFILE_ENDINGS = new Set(['json', 'js', 'log', 'txt', 'html', 'css', 'png', 'dat', 'db']);

export interface NodemonSettings {
  readonly watch: readonly string[];
  readonly ignore: readonly string[];
  readonly ext: string | null;
  readonly exec: string | null;
}

export const NO_SETTINGS: NodemonSettings = { watch: [], ignore: [], ext: null, exec: null };

/** `nodemon`: the working directory, js/mjs/cjs/json, without dotted directories unless one is named (lib/monitor/watch.js). */
export function nodemonWatching(words: readonly string[], settings: NodemonSettings): Watching {
  const watch = [...valuesOf(words, ['--watch', '-w']), ...settings.watch];
  const given = valuesOf(words, ['--ext', '-e'])[0] ?? settings.ext;
  const typescript = words.some((word) => /\.tsx?$/.test(word)) || /ts-node|tsx/.test(settings.exec ?? '');
  const extensions =
    given === null
      ? ['js', 'mjs', 'cjs', 'json', ...(typescript ? ['ts'] : [])]
      : given.split(/[,\s]+/).map((one) => one.replace(/^[*.]+/, ''));
  return {
    tool: 'nodemon',
    roots: watch.length > 0 ? watch.filter((one) => !one.startsWith('!')) : ['.'],
    ignores: [
      ...valuesOf(words, ['--ignore', '-i']),
      ...settings.ignore,
      ...watch.filter((one) => one.startsWith('!')).map((one) => one.slice(1)),
      'node_modules',
      '.git',
    ],
    extensions: extensions.includes('') ? null : extensions,
    skipsDotted: !watch.some((one) => /(?:^|[/\\])\.[^./\\]/.test(one)),
    exclude: (path) => `--ignore '${path}/*'`,
  };
}

/** What a command line watches; `null` when it is no watcher that restarts a program. */
export function watchingOf(words: readonly string[], settings: NodemonSettings): Watching | null {
  const at = words.findIndex((word) => PROGRAMS.has(programOf(word)));
  const program = programOf(words[at] ?? '');
  const rest = words.slice(at + 1);
  if (at < 0) return null;
  const imported = (tool: string, roots: readonly string[], flag: string): Watching => ({
    tool,
    roots,
    ignores: ['node_modules'],
    extensions: null,
    skipsDotted: false,
    exclude: (path) => `${flag} without ${path}`,
  });
  if (program === 'nodemon') return nodemonWatching(rest, settings);
  if (program === 'node') {
    const paths = valuesOf(rest, ['--watch-path']);
    if (paths.length === 0 && !rest.includes('--watch')) return null;
    return imported('node --watch', paths, '--watch-path');
  }
  if (program === 'tsx' || program === 'bun' || program === 'deno') {
    if (!rest.includes('watch') && !rest.includes('--watch') && !rest.includes('--hot')) return null;
    return {
      ...imported(`${program} watch`, valuesOf(rest, ['--include']), '--include'),
      skipsDotted: true,
      ignores: ['node_modules', ...valuesOf(rest, ['--exclude', '--ignore'])],
    };
  }
  if (program === 'ts-node-dev' || program === 'tsnd' || program === 'node-dev')
    return imported(program, valuesOf(rest, ['--watch']), '--watch');
  if (program === 'pm2' || program === 'pm2-dev' || program === 'pm2-runtime') {
    if (program !== 'pm2-dev' && !rest.some((word) => word === '--watch' || word.startsWith('--watch='))) return null;
    const ignores = valuesOf(rest, ['--ignore-watch']).flatMap((one) => one.split(/\s+/));
    return pm2Watching(valuesOf(rest, ['--watch']), ignores);
  }
  if (program === 'onchange' || program === 'chokidar') {
    const globs = rest.filter((word) => !word.startsWith('-') && /[*/.]/.test(word)).slice(0, 20);
    return {
      ...imported(program, globs, ''),
      ignores: ['node_modules', ...valuesOf(rest, ['-i', '--ignore', '-e', '--exclude'])],
      exclude: (path) => `an exclusion of '${path}/**'`,
    };
  }
  return null;
}

const PROGRAMS = new Set([
  'nodemon',
  'node',
  'tsx',
  'bun',
  'deno',
  'ts-node-dev',
  'tsnd',
  'node-dev',
  'pm2',
  'pm2-dev',
  'pm2-runtime',
  'onchange',
  'chokidar',
]);

/** pm2: everything below the working directory; dotted names and node_modules are left out only while `ignore_watch` is not set (lib/Watcher.js). */
export function pm2Watching(roots: readonly string[], ignores: readonly string[]): Watching {
  return {
    tool: 'pm2 watch',
    roots: roots.length > 0 ? roots : ['.'],
    ignores: ignores.length > 0 ? ignores : ['node_modules'],
    extensions: null,
    skipsDotted: ignores.length === 0,
    exclude: (path) => `ignore_watch: ['node_modules', '${path}']`,
  };
}

function partsOf(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

/** Does a pattern name the directory or one above it: `data`, `./data/`, `data/**`, `**​/sessions/*`? */
export function covers(pattern: string, path: string): boolean {
  const wanted = partsOf(path);
  let rule = partsOf(pattern.replace(/^!/, ''));
  while (rule.length > 0 && /^\*+(?:\.\*)?$/.test(rule.at(-1) ?? '')) rule = rule.slice(0, -1);
  if (rule.length === 0) return true;
  const floating = rule[0] === '**' || rule.length === 1;
  const plain = rule.filter((part) => part !== '**');
  const matchAt = (start: number): boolean =>
    plain.every((part, index) => {
      const name = wanted[start + index];
      return name !== undefined && matchesName(part, name, { dot: true, extended: true });
    });
  if (!floating) return matchAt(0);
  return wanted.some((_, start) => matchAt(start));
}

/** Is a session (relative to the watcher's directory; `null`: outside of it) watched? */
export function judgeWatching(watching: Watching, path: string | null): { watched: boolean; reason: string } {
  const { tool, roots, ignores, extensions, skipsDotted } = watching;
  if (roots.length === 0) return { watched: false, reason: `${tool} watches only the files that the program imports` };
  if (path === null) return { watched: false, reason: 'it lies outside of the directory that is watched' };
  const root = roots.find(
    (one) => one === '.' || one === './' || covers(one, path) || partsOf(one).join('/').startsWith(`${path}/`),
  );
  if (root === undefined) return { watched: false, reason: `${tool} watches ${roots.join(', ')}` };
  const ignored = ignores.find((one) => covers(one, path));
  if (ignored !== undefined) return { watched: false, reason: `${tool} ignores ${ignored}` };
  if (skipsDotted && partsOf(path).some((part) => part.startsWith('.')))
    return { watched: false, reason: `${tool} leaves out names that begin with a dot` };
  if (extensions !== null && !extensions.some((one) => PROFILE_ENDINGS.has(one) || one === '*')) {
    return { watched: false, reason: `${tool} looks only at .${extensions.join(', .')}: a profile holds none` };
  }
  return {
    watched: true,
    reason: `${tool} watches ${root}${extensions === null ? '' : ` (.${extensions.join(', .')})`}`,
  };
}
