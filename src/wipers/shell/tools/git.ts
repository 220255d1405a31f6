import type { AbsolutePath } from '../../../model/path.ts';
import { absolutePath, isInside, relativeTo } from '../../../model/path.ts';
import { UNKNOWN_TEXT } from '../../effect.ts';
import { matchesText, related } from '../../paths.ts';
import { record } from '../record.ts';
import { drop, removeAll } from '../remove.ts';
import type { Call, Ok, Run, Shell, Tool } from '../shell.ts';
import type { Entry, Found } from '../tree.ts';
import { excluded, excludesAnything, matchesPath, parseRules, type RuleList } from './git-ignore.ts';
import { NO_VALUES, type Options, readOptions } from './options.ts';

interface Repository {
  readonly top: AbsolutePath;
  /** No `.git` here: judged as if the package were the top of a checkout that ignores the session. */
  readonly assumed: boolean;
}

function repositoryOf(shell: Shell): Repository | null {
  if (shell.cwd.includes(UNKNOWN_TEXT)) return null;
  for (let at = absolutePath(shell.cwd); ; at = absolutePath(`${at}/..`)) {
    if (shell.run.tree.find(`${at}/.git`).entry !== null) return { top: at, assumed: false };
    if (at === '/') break;
  }
  const { root } = shell.run;
  // There was a repository, and the script has removed it.
  if (shell.run.models.world.kind(absolutePath(`${root}/.git`)) !== null) return null;
  return isInside(absolutePath(shell.cwd), root) ? { top: root, assumed: true } : null;
}

/** Ignore rules along the way to a path, the strongest first. */
function standardRules(shell: Shell, repository: Repository, path: AbsolutePath): RuleList[] {
  const lists: RuleList[] = [];
  const relative = relativeTo(path, repository.top) ?? '';
  const parts = relative === '' ? [] : relative.split('/').slice(0, -1);
  for (let length = 0; length <= parts.length; length += 1) {
    const base = parts.slice(0, length).join('/');
    const text = shell.run.tree.text(`${repository.top}/${base}/.gitignore`);
    if (text !== null) lists.unshift(parseRules(text, base));
  }
  const own = shell.run.tree.text(`${repository.top}/.git/info/exclude`);
  if (own !== null) lists.push(parseRules(own, ''));
  if (repository.assumed) {
    const sessions = shell.run.models.sessions.map(({ target }) => relativeTo(target.path, repository.top));
    lists.push(
      parseRules(
        sessions
          .filter((name) => name !== null && name !== '')
          .map((name) => `/${name}/`)
          .join('\n'),
        '',
      ),
    );
  }
  return lists;
}

interface Pathspec {
  /** Relative to the top; `''`: everything. */
  readonly pattern: string;
  readonly glob: boolean;
  /** The text as git keeps it: with a slash at the end where one was written. */
  readonly text: string;
  readonly anyCase: boolean;
  /** `:(glob)`: `*` stops at a slash. */
  readonly pathname?: boolean;
}

interface Pathspecs {
  readonly include: readonly Pathspec[];
  readonly exclude: readonly Pathspec[];
}

function readPathspecs(shell: Shell, repository: Repository, words: readonly string[]): Pathspecs | null {
  const include: Pathspec[] = [];
  const exclude: Pathspec[] = [];
  for (const word of words) {
    if (word.includes(UNKNOWN_TEXT)) return null;
    let text = word;
    let negative = false;
    let fromTop = false;
    let literal = false;
    let anyCase = false;
    let pathname = false;
    const long = /^:\(([\w,]*)\)/.exec(text);
    if (long !== null) {
      const magic = (long[1] ?? '').split(',');
      negative = magic.includes('exclude');
      fromTop = magic.includes('top');
      literal = magic.includes('literal');
      anyCase = magic.includes('icase');
      pathname = magic.includes('glob');
      text = text.slice(long[0].length);
    } else if (/^:[!^/]+/.test(text)) {
      const short = /^:[!^/]+:?/.exec(text)?.[0] ?? '';
      negative = /[!^]/.test(short);
      fromTop = short.includes('/');
      text = text.slice(short.length);
    }
    const full = fromTop
      ? absolutePath(`${repository.top}/${text}`)
      : absolutePath(`/${shell.path(text === '' ? '.' : text)}`);
    const pattern = relativeTo(full, repository.top);
    if (pattern === null) return null;
    const spelt = pattern !== '' && /\/\.?$/.test(text) ? `${pattern}/` : pattern;
    (negative ? exclude : include).push({
      pattern,
      glob: !literal && /[*?[]/.test(pattern),
      text: spelt,
      anyCase,
      pathname,
    });
  }
  if (include.length === 0) {
    const pattern = relativeTo(absolutePath(shell.cwd), repository.top) ?? '';
    include.push({ pattern, glob: false, text: pattern === '' ? '' : `${pattern}/`, anyCase: false });
  }
  return { include, exclude };
}

/** @param path relative; a directory with a slash at its end, as git matches it: `*Default` names no directory `Default/` */
function specMatches({ pattern, glob, anyCase, pathname }: Pathspec, path: string): boolean {
  const [wanted, given] = anyCase ? [pattern.toLowerCase(), path.toLowerCase()] : [pattern, path];
  if (wanted === '' || given === wanted || given.startsWith(`${wanted}/`)) return true;
  if (!glob) return false;
  return pathname === true ? matchesPath(wanted.split('/'), given.split('/')) : matchesText(wanted, given);
}

/** Could something below the directory match? */
function specReaches({ pattern, glob }: Pathspec, directory: string): boolean {
  if (pattern.startsWith(`${directory}/`)) return true;
  if (!glob) return false;
  const fixed = pattern.slice(0, pattern.search(/[*?[]/));
  return fixed.startsWith(`${directory}/`) || `${directory}/`.startsWith(fixed);
}

/** The part of a pathspec before its first wildcard. */
function fixedText({ text, glob }: Pathspec): string {
  return glob ? text.slice(0, text.search(/[*?[]/)) : text;
}

/**
 * With -X git never asks whether an ignored directory matches a pathspec: it only leaves out those that no pathspec, not even one
 * that excludes, shares its beginning with, letter by letter. So `-X sessions` takes `session` too, and `-X . ':!sessions'` takes
 * `sessions` (dir.c, simplify_away and treat_directory; seen with git 2.39).
 */
function ignoredDirectoryGoes({ include, exclude }: Pathspecs, directory: string): boolean {
  const first = include[0] === undefined ? '' : fixedText(include[0]);
  let shared = first.length;
  for (const spec of include) {
    const text = fixedText(spec);
    let same = 0;
    while (same < shared && text[same] === first[same]) same += 1;
    shared = same;
  }
  // Git starts in the directory that all pathspecs have in common.
  const start = first.slice(0, first.lastIndexOf('/', shared - 1) + 1);
  if (shared > 0 && start !== '' && !start.startsWith(`${directory}/`) && !directory.startsWith(start)) return false;
  return [...include, ...exclude].some((spec) => {
    const text = fixedText(spec);
    const length = Math.min(text.length, directory.length);
    const [one, other] = [text.slice(0, length), directory.slice(0, length)];
    return one === other || (spec.anyCase && one.toLowerCase() === other.toLowerCase());
  });
}

interface Sweep {
  readonly repository: Repository;
  readonly specs: Pathspecs;
  readonly mode: 'untracked' | 'everything' | 'ignored';
  /** Directories without tracked files are entered. */
  readonly directories: boolean;
  readonly nested: boolean;
  readonly extra: RuleList;
  /** Every file is handed over, also where a whole directory goes. */
  readonly singly?: boolean;
  /** What is done with each file or directory that goes. */
  readonly take: (found: Found) => void;
}

/** Walk the part of the work tree that matters to sessions and hand over what git would remove. */
function sweep(shell: Shell, options: Sweep): void {
  const { run } = shell;
  const { tree } = run;
  const near = run.models.sessions.flatMap(({ target, profiles }) => [
    target.path,
    ...profiles.map(({ path }) => path),
  ]);
  const profiles = new Set<AbsolutePath>(
    run.models.sessions.flatMap((session) => session.profiles.map(({ path }) => path)),
  );
  const ruleCache = new Map<string, RuleList[]>();
  const rulesFor = (path: AbsolutePath): RuleList[] => {
    const directory = path.slice(0, path.lastIndexOf('/'));
    const known = ruleCache.get(directory);
    if (known !== undefined) return known;
    const lists = [
      options.extra,
      ...(options.mode === 'everything' ? [] : standardRules(shell, options.repository, path)),
    ];
    ruleCache.set(directory, lists);
    return lists;
  };
  const matched = (path: string): boolean =>
    options.specs.include.some((spec) => specMatches(spec, path)) &&
    !options.specs.exclude.some((spec) => specMatches(spec, path));
  const reached = (path: string): boolean => options.specs.include.some((spec) => specReaches(spec, path));

  const gone: AbsolutePath[] = [];
  const standard = new Map<string, RuleList[]>();
  /**
   * What holds no session is left out, but for files that are ignored: a later glob could name them. Others are tracked as a rule.
   */
  const matters = (path: AbsolutePath, entry: Entry): boolean => {
    if (near.some((session) => related(session, path))) return true;
    if (entry.kind === 'directory') return false;
    const directory = path.slice(0, path.lastIndexOf('/'));
    let rules = standard.get(directory);
    if (rules === undefined) {
      rules = standardRules(shell, options.repository, path);
      standard.set(directory, rules);
    }
    return excluded(rules, relativeTo(path, options.repository.top) ?? '', false);
  };

  /** Returns whether the entry is gone afterwards. */
  const visit = (path: AbsolutePath, entry: Entry, depth: number, wholly: boolean): boolean => {
    if (depth > 64 || !run.step(0.2)) return false;
    const relative = relativeTo(path, options.repository.top) ?? '';
    const directory = entry.kind === 'directory';
    const trackedAnswer = run.models.world.tracked?.(path) ?? false;
    if (!directory) {
      if (trackedAnswer === true || !matched(relative)) return false;
      const hit = wholly || (options.mode === 'ignored') === excluded(rulesFor(path), relative, false);
      if (!hit) return false;
      gone.push(path);
      return true;
    }
    if (depth > 0 && tree.child(entry, '.git') !== null && !options.nested) return false;
    const ignored = excluded(rulesFor(path), relative, true);
    if (options.mode === 'ignored' && ignored && options.singly !== true && trackedAnswer !== true && !wholly) {
      if (!options.directories || !ignoredDirectoryGoes(options.specs, relative)) return false;
      gone.push(path);
      return true;
    }
    const isMatched = matched(`${relative}/`);
    // With -X a pathspec that excludes a directory does not keep git from going into it.
    const entered = options.mode === 'ignored' && ignoredDirectoryGoes(options.specs, relative);
    if (!isMatched && !entered && !reached(relative) && !options.specs.include.some((spec) => spec.glob)) return false;
    if (ignored && options.mode !== 'ignored') return false;
    if (
      !options.directories &&
      trackedAnswer !== true &&
      isMatched &&
      options.specs.include.every(({ pattern }) => pattern === '' || relative !== pattern)
    ) {
      return false;
    }
    const all = wholly || (options.mode === 'ignored' && ignored && isMatched);
    // Inside a profile nothing is told apart once all of it goes.
    const plain = all || (options.mode === 'everything' && options.extra.rules.length === 0);
    if (
      plain &&
      options.singly !== true &&
      isMatched &&
      trackedAnswer !== true &&
      options.specs.exclude.length === 0 &&
      profiles.has(path)
    ) {
      gone.push(path);
      return true;
    }
    if (options.mode === 'ignored' && profiles.has(path) && !rulesFor(absolutePath(`${path}/x`)).some(excludesAnything))
      return false;
    let left = 0;
    for (const name of tree.names(entry)) {
      const inner = absolutePath(`${path}/${name}`);
      const child = tree.child(entry, name);
      if (child === null) continue;
      if (!matters(inner, child)) {
        if (options.mode !== 'everything' && depth > 0) left += 1;
        continue;
      }
      if (!visit(inner, child, depth + 1, all)) left += 1;
    }
    if (left > 0 || trackedAnswer === true || !isMatched) return false;
    if (options.mode === 'ignored' && !all) return false;
    gone.push(path);
    return true;
  };

  const top = tree.find(options.repository.top).entry;
  if (top === null) return;
  for (const name of tree.names(top)) {
    const path = absolutePath(`${options.repository.top}/${name}`);
    const child = tree.child(top, name);
    if (name === '.git' || child === null) continue;
    if (matters(path, child)) visit(path, child, 1, false);
  }
  // At the end: what goes (an ignore file) still counts while git looks.
  for (const path of gone) options.take(tree.find(path));
}

/** How many directories a relative path climbs at its highest. */
function climbs(path: string): number {
  let at = 0;
  let highest = 0;
  for (const part of path.split('/')) {
    if (part === '..') at += 1;
    else if (part !== '' && part !== '.') at -= 1;
    highest = Math.max(highest, at);
  }
  return highest;
}

/** Sessions that the command itself adds to the index by force: what git does with them afterwards is not acted out. */
const FORCED = new WeakSet<Run>();

function clean(call: Call): Ok {
  const { shell } = call;
  const excludes: string[] = [];
  // -e may be given several times, also at the end of a bundle.
  const args: string[] = [];
  const { args: words } = call;
  let rest = words.length;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--') {
      rest = at + 1;
      break;
    }
    const bundle = /^-([a-zA-Z]*?)e(.*)$/s.exec(word);
    if (bundle !== null && !word.startsWith('--')) {
      if (bundle[1] !== '') args.push(`-${bundle[1]}`);
      if (bundle[2] !== '') excludes.push(bundle[2] ?? '');
      else {
        at += 1;
        excludes.push(words[at] ?? '');
      }
    } else if (word.startsWith('--exclude=')) excludes.push(word.slice(10));
    else if (word === '--exclude') {
      at += 1;
      excludes.push(words[at] ?? '');
    } else args.push(word);
  }
  const { flags, operands } = readOptions({ ...call, args, raws: args }, NO_VALUES);
  const specs = [...operands.map(({ text }) => text), ...words.slice(rest)];
  const forced = flags.has('f') || flags.has('force');
  const interactive = flags.has('i') || flags.has('interactive');
  if (flags.has('n') || flags.has('dry-run')) return true;
  if (!forced && !interactive) return false;
  if (flags.has('x') && flags.has('X')) return false;
  const repository = repositoryOf(shell);
  if (repository === null) return false;
  // A path above the top of the work tree is refused, also when it leads back in.
  const depth = (relativeTo(absolutePath(shell.cwd), repository.top) ?? '')
    .split('/')
    .filter((part) => part !== '').length;
  // An empty one is refused too.
  if (specs.some((spec) => spec === '' || (!spec.startsWith('/') && climbs(spec) > depth))) return false;
  const pathspecs = readPathspecs(shell, repository, specs);
  if (pathspecs === null) return 'unknown';
  const touched: AbsolutePath[] = [];
  const forces = args.reduce(
    (count, arg) => count + (arg === '--force' ? 1 : /^-[a-zA-Z]+$/.test(arg) ? arg.split('f').length - 1 : 0),
    0,
  );
  const run = (): void => {
    sweep(shell, {
      repository,
      specs: pathspecs,
      mode: flags.has('x') ? 'everything' : flags.has('X') ? 'ignored' : 'untracked',
      directories: flags.has('d') || specs.length > 0,
      nested: forces >= 2,
      extra: parseRules(excludes.join('\n'), ''),
      take: (found) => {
        if (drop(shell, found)) touched.push(found.path);
      },
    });
    record(shell, {
      kind: 'delete',
      tool: `git clean ${words.filter((word) => /^-[a-zA-Z]+$/.test(word)).join(' ')}`.trim(),
      patterns: specs.length === 0 ? ['.'] : specs.map((spec) => shell.shown(spec)),
      touched,
      reason: null,
    });
  };
  if (interactive && !forced) shell.run.perhaps('git clean -i asks what to remove', run);
  else run();
  return true;
}

/** Trees that `git stash` took away, newest last. */
const STASHES = new WeakMap<Run, { path: AbsolutePath; entry: Entry }[][]>();

function stash(call: Call): Ok {
  const { shell } = call;
  const { run } = shell;
  const [first] = call.args;
  const kept = STASHES.get(run) ?? [];
  STASHES.set(run, kept);
  if (first === 'pop' || first === 'apply') {
    for (const { path, entry } of (first === 'pop' ? kept.pop() : kept.at(-1)) ?? []) {
      const parent = absolutePath(`${path}/..`);
      run.tree.makeDirectories(parent, run.doubt);
      const found = run.tree.find(path);
      if (found.parent !== null && found.entry === null) run.tree.place(found.parent, found.name, entry, run.doubt);
    }
    return true;
  }
  if (first !== undefined && !first.startsWith('-') && first !== 'push' && first !== 'save') return true;
  const { flags, operands } = readOptions(
    { ...call, args: call.args.slice(first === undefined || first.startsWith('-') ? 0 : 1) },
    new Set(['m', 'message']),
  );
  const all = flags.has('a') || flags.has('all');
  const taken: { path: AbsolutePath; entry: Entry }[] = [];
  if (!all && !flags.has('u') && !flags.has('include-untracked')) {
    kept.push(taken);
    return true;
  }
  const repository = repositoryOf(shell);
  if (repository === null) return false;
  const words = first === 'save' ? [] : operands.map(({ text }) => text);
  // Without a path a stash takes the whole work tree, wherever it is called.
  const specs =
    words.length === 0
      ? { include: [{ pattern: '', glob: false, text: '', anyCase: false }], exclude: [] }
      : readPathspecs(shell, repository, words);
  if (specs === null) return 'unknown';
  const touched: AbsolutePath[] = [];
  sweep(shell, {
    repository,
    specs,
    mode: all ? 'everything' : 'untracked',
    directories: true,
    nested: false,
    extra: parseRules('', ''),
    take: (found) => {
      if (found.entry !== null) taken.push({ path: found.path, entry: found.entry });
      if (drop(shell, found)) touched.push(found.path);
    },
  });
  kept.push(taken.reverse());
  record(shell, { kind: 'move', tool: `git stash ${all ? '--all' : '-u'}`, patterns: ['.'], touched, to: 'the stash' });
  return true;
}

/** Commands that write the committed state over tracked files. */
function restoreTracked(shell: Shell, tool: string): Ok {
  for (const { target, profiles } of shell.run.models.sessions) {
    if (!profiles.some(({ path }) => shell.run.models.world.tracked?.(path) === true)) continue;
    shell.run.doubtSessions(
      `${target.name} is tracked by git: ${tool} puts the committed files over it`,
      [target.path],
      tool,
      shell.via,
    );
  }
  return 'assumed';
}

function remove(call: Call, options: Options): Ok {
  const { shell } = call;
  if (options.flags.has('cached') || options.flags.has('n') || options.flags.has('dry-run')) return 'unknown';
  const repository = repositoryOf(shell);
  if (repository === null) return false;
  const specs = readPathspecs(
    shell,
    repository,
    options.operands.map(({ text }) => text),
  );
  if (specs === null) return 'unknown';
  const touched: AbsolutePath[] = [];
  const { tracked } = shell.run.models.world;
  for (const { target, profiles } of shell.run.models.sessions) {
    const relative = relativeTo(target.path, repository.top);
    if (relative === null || tracked === undefined) continue;
    const reaches = specs.include.some((spec) => specMatches(spec, relative) || specReaches(spec, relative));
    if (!reaches || !profiles.some(({ path }) => tracked(path) === true)) continue;
    const found = shell.run.tree.find(target.path);
    if (found.entry !== null && drop(shell, found)) touched.push(found.path);
  }
  record(shell, {
    kind: 'delete',
    tool: 'git rm',
    patterns: options.operands.map(({ raw }) => shell.shown(raw)),
    touched,
  });
  if (!specs.include.some(({ pattern }) => pattern === '')) return touched.length > 0 ? true : 'unknown';
  // All tracked files go, the ignore rules among them.
  const rules = shell.run.tree.find(`${repository.top}/.gitignore`);
  if (rules.entry !== null) shell.run.tree.remove(rules, shell.run.doubt);
  return 'assumed';
}

/** Names of untracked files: only those of sessions are printed, the others do not matter. */
function listFiles(call: Call): Ok {
  const { shell, io } = call;
  const { flags } = readOptions(call, new Set(['x', 'X', 'exclude', 'exclude-from']));
  if (!flags.has('o') && !flags.has('others')) {
    io.output?.write(flags.has('z') ? '' : '');
    return true;
  }
  const repository = repositoryOf(shell);
  if (repository === null) return false;
  const end = flags.has('z') ? '\0' : '\n';
  const ignored = flags.has('i') || flags.has('ignored');
  const standard = flags.has('exclude-standard');
  const specs = readPathspecs(shell, repository, []);
  if (specs === null || io.output === null) return true;
  const base = absolutePath(shell.cwd);
  sweep(shell, {
    repository,
    specs,
    mode: ignored ? 'ignored' : standard ? 'untracked' : 'everything',
    directories: true,
    nested: false,
    singly: true,
    extra: parseRules('', ''),
    take: (found) => {
      if (found.entry?.kind !== 'directory') io.output?.write(`${relativeTo(found.path, base) ?? found.path}${end}`);
    },
  });
  return true;
}

const git: Tool = (call) => {
  const { shell } = call;
  let at = 0;
  let cwd = shell.cwd;
  for (let word = call.args[at]; word?.startsWith('-') === true; word = call.args[at]) {
    if (word === '-C') {
      const to = call.args[at + 1] ?? '.';
      const found = shell.find(to, true);
      if (found.entry?.kind !== 'directory') return to.includes(UNKNOWN_TEXT) ? 'unknown' : false;
      cwd = found.path;
      at += 1;
    } else if (['-c', '--git-dir', '--work-tree', '--namespace'].includes(word)) at += 1;
    at += 1;
  }
  const [verb] = call.args.slice(at);
  const before = shell.cwd;
  const inner: Call = { ...call, args: call.args.slice(at + 1), raws: call.raws.slice(at + 1) };
  shell.cwd = cwd;
  if (verb === 'add' && inner.args.some((arg) => arg === '--force' || /^-[a-zA-Z]*f/.test(arg))) FORCED.add(shell.run);
  if (FORCED.has(shell.run) && ['clean', 'stash', 'reset', 'checkout', 'restore', 'rm'].includes(verb ?? '')) {
    shell.run.doubtSessions(`the command adds ignored files to git before git ${verb}`, [], `git ${verb}`, shell.via);
    return 'assumed';
  }
  try {
    switch (verb) {
      case 'clean':
        return clean(inner);
      case 'stash':
        return stash(inner);
      case 'rm':
        return remove(inner, readOptions(inner, NO_VALUES));
      case 'ls-files':
        return listFiles(inner);
      case 'mv': {
        const { operands } = readOptions(inner, NO_VALUES);
        return operands.length === 0 ? false : 'unknown';
      }
      case 'init': {
        const [where] = readOptions(inner, new Set(['b', 'initial-branch', 'template'])).operands;
        const to = shell.path(where?.text ?? '.');
        if (!to.includes(UNKNOWN_TEXT)) shell.run.tree.makeDirectories(`${to}/.git`, shell.run.doubt);
        return true;
      }
      case 'worktree':
        if (inner.args[0] !== 'remove') return 'assumed';
        return removeAll(
          shell,
          'git worktree remove',
          readOptions({ ...inner, args: inner.args.slice(1), raws: inner.raws.slice(1) }, NO_VALUES).operands,
          { recursive: true, force: false },
        );
      case 'reset':
        return inner.args.includes('--hard') ? restoreTracked(shell, 'git reset --hard') : 'assumed';
      case 'checkout':
      case 'switch':
      case 'restore':
        return restoreTracked(shell, `git ${verb}`);
      case 'rev-parse': {
        const repository = repositoryOf(shell);
        if (inner.args.includes('--show-toplevel') && repository !== null) {
          call.io.output?.write(`${repository.top}\n`);
          return true;
        }
        call.io.output?.write(`${UNKNOWN_TEXT}\n`);
        return 'assumed';
      }
      case 'diff':
      case 'merge-base':
      case 'grep':
      case 'status':
      case 'show-ref':
      case 'ls-remote':
        call.io.output?.write(`${UNKNOWN_TEXT}\n`);
        return verb === 'status' ? 'assumed' : 'unknown';
      case 'submodule':
        return 'assumed';
      default:
        call.io.output?.write(`${UNKNOWN_TEXT}\n`);
        return 'assumed';
    }
  } finally {
    shell.cwd = before;
  }
};

export const GIT_TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([['git', git]]);
