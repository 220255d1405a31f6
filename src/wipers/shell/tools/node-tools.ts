import type { AbsolutePath } from '../../../model/path.ts';
import { absolutePath, isInside } from '../../../model/path.ts';
import { UNKNOWN_TEXT } from '../../effect.ts';
import { expandBraces, hasGlob, matchesText } from '../../paths.ts';
import { walkGlob } from '../glob-walk.ts';
import { record } from '../record.ts';
import { drop, dropUnknown, removeAll } from '../remove.ts';
import type { Call, Ok, Shell, Tool } from '../shell.ts';
import { FILE_TOOLS } from './files.ts';
import type { Operand } from './options.ts';
import { NO_VALUES, readOptions, reworded } from './options.ts';
import { TEXT_TOOLS } from './text.ts';

/** Paths that patterns of minimatch or globby name: braces, extended globs, `**`. */
function globbed(shell: Shell, pattern: string, dot: boolean): string[] {
  const found = new Set<string>();
  for (const choice of expandBraces(pattern)) {
    const base = choice.startsWith('/') ? '/' : shell.path('.');
    const options = {
      dot,
      extended: true,
      globstar: true,
      globstarDot: dot,
      step: () => shell.run.step(0.2),
    };
    for (const path of walkGlob(shell.run.tree, base, choice, options)) found.add(path);
  }
  return [...found].sort();
}

/**
 * rimraf: literal paths since version 4 unless `--glob`; version 2 and 3 always read globs. Which one is installed is looked up,
 * literal otherwise. An empty argument is the working directory (`path.resolve('')`). The names that a shell leaves unexpanded decide only where they hold glob characters.
 */
const rimraf: Tool = (call) => {
  const { shell } = call;
  const operands: Operand[] = [];
  let glob = rimrafVersion(shell) < 4;
  let literal = false;
  let preserve = true;
  for (const [index, arg] of call.args.entries()) {
    if (!literal && arg === '--') literal = true;
    else if (!literal && (arg === '-g' || arg === '--glob' || arg.startsWith('--glob='))) glob = true;
    else if (!literal && (arg === '-G' || arg === '--no-glob')) glob = false;
    else if (!literal && arg === '--no-preserve-root') preserve = false;
    else if (!literal && (arg === '-h' || arg === '--help' || arg === '--version')) return true;
    else if (!literal && arg.startsWith('-')) {
      if (!KNOWN_RIMRAF.test(arg)) return false;
    } else operands.push({ text: arg === '' ? shell.cwd : arg, raw: call.raws[index] ?? arg });
  }
  if (operands.length === 0) return false;
  if (preserve && operands.some(({ text }) => /^\/+$/.test(text))) return false;
  const items = operands.flatMap((operand) =>
    glob && (hasGlob(operand.text, true) || operand.text.includes('{')) && !operand.text.includes(UNKNOWN_TEXT)
      ? globbed(shell, operand.text, false).map((text) => ({ text, raw: operand.raw }))
      : [operand],
  );
  if (items.length === 0) {
    record(shell, { kind: 'delete', tool: 'rimraf', patterns: operands.map(({ raw }) => shell.shown(raw)) });
  }
  removeAll(shell, 'rimraf', items, { recursive: true, force: true });
  return true;
};

const KNOWN_RIMRAF =
  /^(?:-rf|-fr|-i|-I|-v|-V|--(?:no-)?(?:interactive|verbose)|--preserve-root|--(?:impl|tmp|max-retries|retry-delay|backoff)=.*)$/;

/** Major version of rimraf in the project; 6 where it is not installed. */
function rimrafVersion(shell: Shell): number {
  const text = shell.run.tree.text(`${shell.run.root}/node_modules/rimraf/package.json`);
  const version = text === null ? null : /"version"\s*:\s*"(\d+)\./.exec(text);
  return version === null ? 6 : Number(version[1]);
}

/** del-cli: globs always, names that begin with a dot only where the pattern says so, nothing outside the directory without `--force`. */
const del: Tool = (call) => {
  const { shell } = call;
  const { flags, operands } = readOptions(call, unknownLongOptions(call.args));
  const dot = flags.has('dot');
  if (flags.has('dry-run') || flags.has('dryRun') || flags.has('d') || flags.has('help') || flags.has('version'))
    return true;
  // fast-glob refuses an empty pattern, and del then does nothing at all.
  if (operands.length === 0 || operands.some(({ text }) => text === '')) return false;
  const force = flags.has('force') || flags.has('f');
  const cwd = absolutePath(shell.cwd);
  const wanted = operands.filter(({ text }) => !text.startsWith('!'));
  const patterns = operands.map(({ raw }) => raw);
  // One pattern that starts at the top makes fast-glob walk from there for all of them.
  const anyTop = wanted.some(({ text }) => globBase(text) === '' && hasGlob(text, true));
  const found = new Map<string, string>();
  const touched: AbsolutePath[] = [];
  for (const [index, { text, raw }] of operands.entries()) {
    if (text.startsWith('!')) continue;
    if (text.includes(UNKNOWN_TEXT)) {
      touched.push(...dropUnknown(shell, shell.path(text)));
      continue;
    }
    const base = anyTop ? '' : globBase(text);
    // Negative patterns hold for the positive ones before them.
    const not = operands
      .slice(index)
      .filter((operand) => operand.text.startsWith('!'))
      .flatMap((operand) => expandBraces(operand.text.slice(1).replace(/^\.\//, '')));
    for (const path of globbed(shell, text, dot)) {
      const plain = path.replace(/^\.\//, '').replace(/\/$/, '');
      // globby's `a/**` does not name `a`.
      if (text.endsWith('/**') && plain === text.slice(0, -3).replace(/^\.\//, '')) continue;
      if (not.some((pattern) => spares(pattern, plain, base))) continue;
      found.set(path, raw);
    }
  }
  if (wanted.length === 0) return true;
  const items = [...found].sort(([a], [b]) => (a < b ? 1 : -1));
  let ok: Ok = true;
  for (const [text] of items) {
    const path = absolutePath(`/${shell.path(text)}`);
    if (!force && (path === cwd || !isInside(path, cwd))) {
      // del refuses; what it has begun with in parallel may be gone.
      ok = false;
      break;
    }
  }
  if (ok === false) {
    record(shell, {
      kind: 'delete',
      tool: 'del-cli',
      patterns: patterns.map((raw) => shell.shown(raw)),
      reason: 'del refuses paths outside the working directory',
    });
    return false;
  }
  for (const [text] of items) {
    const entry = shell.find(text);
    if (entry.entry !== null && drop(shell, entry)) touched.push(entry.path);
  }
  record(shell, {
    kind: 'delete',
    tool: 'del-cli',
    patterns: patterns.map((raw) => shell.shown(raw)),
    touched,
    glob: true,
  });
  return true;
};

/** Options that del-cli does not know take the word that follows (`del-cli --dot x` deletes nothing): so reads meow. */
function unknownLongOptions(args: readonly string[]): ReadonlySet<string> {
  return new Set(
    args.flatMap((arg, at) => {
      const name = /^--(?!no-)([^=]+)$/.exec(arg)?.[1];
      if (name === undefined || DEL_OPTIONS.has(name)) return [];
      const next = args[at + 1];
      return next === undefined || next.startsWith('-') ? [] : [name];
    }),
  );
}

const DEL_OPTIONS: ReadonlySet<string> = new Set(['force', 'dry-run', 'dryRun', 'verbose', 'help', 'version']);

/** The directory that fast-glob starts from: what stands before the first component with a wildcard; a plain path is its own. */
function globBase(pattern: string): string {
  const parts = pattern.replace(/^\.\//, '').split('/');
  const first = parts.findIndex((part) => hasGlob(part, true) || part.includes('{'));
  return (first < 0 ? parts : parts.slice(0, first)).join('/');
}

/**
 * Does a negative pattern keep a path? It does when it matches the path itself, or a directory on the way from the base that is then
 * not entered; fast-glob looks at the latter only for patterns that end in a plain name or in `/**`. `a/**` names `a` too.
 */
function spares(pattern: string, path: string, base: string): boolean {
  const matches = (text: string): boolean =>
    globMatches(pattern, text) || (pattern.endsWith('/**') && globMatches(pattern.slice(0, -3), text));
  if (matches(path)) return true;
  const last = pattern.split('/').at(-1) ?? '';
  if (!pattern.endsWith('/**') && hasGlob(last, true)) return false;
  const parts = path.split('/');
  return parts.slice(0, -1).some((_, index) => {
    const prefix = parts.slice(0, index + 1).join('/');
    return prefix !== base && !base.startsWith(`${prefix}/`) && matches(prefix);
  });
}

/** Does a glob with `**` match a relative path, or a directory above it? */
function globMatches(pattern: string, path: string): boolean {
  const clean = pattern.replace(/\/$/, '');
  const parts = path.split('/');
  const wanted = clean.split('/');
  const match = (at: number, from: number): boolean => {
    if (at === wanted.length) return from === parts.length;
    const part = wanted[at] ?? '';
    if (part === '**') {
      if (at === wanted.length - 1) return from < parts.length;
      for (let skip = from; skip <= parts.length; skip += 1) if (match(at + 1, skip)) return true;
      return false;
    }
    const name = parts[from];
    return name !== undefined && matchesText(part, name, true) && match(at + 1, from + 1);
  };
  return match(0, 0);
}

/** Commands of shelljs, by the words after `shx`. */
const shx: Tool = (call) => {
  const { shell } = call;
  let at = 0;
  let negate = false;
  for (let word = call.args[at]; word?.startsWith('-') === true; word = call.args[at]) {
    if (word === '--negate') negate = true;
    at += 1;
  }
  const name = call.args[at];
  if (name === undefined) return false;
  const inner: Call = { ...call, name, args: call.args.slice(at + 1), raws: call.raws.slice(at + 1) };
  const expanded = (): Call => {
    const args: string[] = [];
    const raws: string[] = [];
    for (const [index, arg] of inner.args.entries()) {
      const matches =
        !arg.startsWith('-') && (hasGlob(arg, true) || arg.includes('{')) && !arg.includes(UNKNOWN_TEXT)
          ? globbed(shell, arg, false)
          : [];
      for (const text of matches.length === 0 ? [arg] : matches) {
        args.push(text);
        raws.push(inner.raws[index] ?? arg);
      }
    }
    return { ...inner, args, raws };
  };
  const run = (): Ok => {
    switch (name) {
      case 'rm': {
        const { flags, operands } = readOptions(expanded(), NO_VALUES);
        const recursive = flags.has('r') || flags.has('R');
        return removeAll(shell, 'shx rm', operands, { recursive, force: flags.has('f') });
      }
      case 'mv':
      case 'cp':
      case 'mkdir':
      case 'touch':
      case 'ln':
        return FILE_TOOLS.get(name)?.(expanded()) ?? 'assumed';
      case 'test': {
        const [flag, file] = inner.args;
        if (flag === undefined || file === undefined || file.includes(UNKNOWN_TEXT)) return 'unknown';
        const { entry } = shell.find(file, true);
        if (entry === null) return false;
        if (flag === '-d') return entry.kind === 'directory';
        return flag === '-f' ? entry.kind === 'file' : true;
      }
      case 'true':
        return true;
      case 'false':
        return false;
      case 'cd':
      case 'set':
        return true;
      default:
        return TEXT_TOOLS.get(name)?.(inner) ?? 'assumed';
    }
  };
  const ok = run();
  return negate ? (ok === false ? true : ok === true ? false : 'unknown') : ok;
};

/** Literal paths, always recursive: premove, rmrf, fs-extra's command line, … */
const literal: Tool = (call) => {
  const { operands } = readOptions(call, NO_VALUES);
  removeAll(call.shell, call.name, operands, { recursive: true, force: true });
  return true;
};

/** Globs, always recursive. */
const globbing: Tool = (call) => {
  const { shell } = call;
  const { operands } = readOptions(call, NO_VALUES);
  const items = operands.flatMap((operand) =>
    hasGlob(operand.text, true) || operand.text.includes('{')
      ? globbed(shell, operand.text, call.name === 'trash').map((text) => ({ text, raw: operand.raw }))
      : [operand],
  );
  removeAll(shell, call.name, items, { recursive: true, force: true });
  return true;
};

/** `empty-dir`-like tools keep the directory. */
const emptying: Tool = (call) => {
  const { shell } = call;
  const items = readOptions(call, NO_VALUES).operands.flatMap(({ text, raw }) => {
    const { entry } = shell.find(text, true);
    return entry === null
      ? []
      : shell.run.tree.names(entry).map((name) => ({ text: `${text}/${name}`, raw: `${raw}/*` }));
  });
  return removeAll(shell, call.name, items, { recursive: true, force: true });
};

export const NODE_TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['rimraf', rimraf],
  ['del', del],
  ['del-cli', del],
  ['shx', shx],
  ['premove', literal],
  ['rmrf', literal],
  ['rm-rf', literal],
  ['rm-cli', literal],
  ['nuke-dir', literal],
  ['rimraf-standalone', literal],
  ['trash-cli', globbing],
  ['rmdir-cli', globbing],
  ['del-dir', globbing],
  ['empty-dir-cli', emptying],
  ['make-empty-dir', emptying],
]);

export { reworded };
