import { UNKNOWN_TEXT } from '../../effect.ts';
import { matchesName, matchesText, related } from '../../paths.ts';
import { record } from '../record.ts';
import { drop, dropUnknown } from '../remove.ts';
import type { Call, Ok, Tool } from '../shell.ts';
import type { Found } from '../tree.ts';
import { safeRegex } from './regex.ts';

/** Depth to which directories are walked. */
const DEPTH_LIMIT = 64;

type Node =
  | { readonly kind: 'and' | 'or' | 'list'; readonly left: Node; readonly right: Node }
  | { readonly kind: 'not'; readonly operand: Node }
  | { readonly kind: 'test'; readonly test: (at: Place) => Ok }
  | { readonly kind: 'act'; readonly act: (at: Place) => Ok };

interface Place {
  /** As find prints it. */
  readonly shown: string;
  readonly depth: number;
  readonly found: Found;
  pruned: boolean;
}

/** Options with one value that are tests whose answer nobody knows before the command runs. */
const UNKNOWN_TESTS: ReadonlySet<string> = new Set([
  '-mtime',
  '-atime',
  '-ctime',
  '-mmin',
  '-amin',
  '-cmin',
  '-newer',
  '-anewer',
  '-cnewer',
  '-newermt',
  '-size',
  '-perm',
  '-user',
  '-group',
  '-uid',
  '-gid',
  '-links',
  '-inum',
  '-samefile',
  '-fstype',
  '-used',
]);

class Find {
  minDepth = 0;
  maxDepth = DEPTH_LIMIT;
  contentsFirst = false;
  deletes = false;
  prunes = false;
  acts = false;
  quit = false;
  failed = false;
  follow = false;
  /** A directory was not empty: find goes on, and fails at its end. */
  incomplete = false;
  unsure = false;
  private readonly call: Call;
  private readonly words: readonly string[];
  private at = 0;
  private readonly batches: { words: string[]; paths: string[] }[] = [];
  readonly patterns: string[] = [];
  readonly touched: Found['path'][] = [];

  constructor(call: Call, words: readonly string[]) {
    this.call = call;
    this.words = words;
  }

  parse(): Node | null {
    if (this.words.length === 0) return null;
    const node = this.list(0);
    return this.at < this.words.length ? null : node;
  }

  private list(depth: number): Node {
    let left = this.or(depth);
    while (this.words[this.at] === ',') {
      this.at += 1;
      left = { kind: 'list', left, right: this.or(depth) };
    }
    return left;
  }

  private or(depth: number): Node {
    let left = this.and(depth);
    while (this.words[this.at] === '-o' || this.words[this.at] === '-or') {
      this.at += 1;
      left = { kind: 'or', left, right: this.and(depth) };
    }
    return left;
  }

  private and(depth: number): Node {
    let left = this.primary(depth);
    for (let word = this.words[this.at]; word !== undefined; word = this.words[this.at]) {
      if (word === '-o' || word === '-or' || word === ')' || word === ',') break;
      if (word === '-a' || word === '-and') this.at += 1;
      left = { kind: 'and', left, right: this.primary(depth) };
    }
    return left;
  }

  private primary(depth: number): Node {
    const word = this.words[this.at] ?? '';
    this.at += 1;
    if (depth > 50) return { kind: 'test', test: () => 'unknown' };
    if (word === '!' || word === '-not') return { kind: 'not', operand: this.primary(depth + 1) };
    if (word === '(') {
      const inner = this.list(depth + 1);
      if (this.words[this.at] === ')') this.at += 1;
      else this.failed = true;
      return inner;
    }
    return this.leaf(word);
  }

  private value(): string {
    const value = this.words[this.at];
    this.at += 1;
    if (value === undefined) this.failed = true;
    return value ?? '';
  }

  private leaf(word: string): Node {
    const test = (run: (at: Place) => Ok): Node => ({ kind: 'test', test: run });
    const name = (at: Place): string => lastName(at.shown);
    switch (word) {
      case '-name':
      case '-iname': {
        const pattern = this.value();
        this.patterns.push(pattern);
        if (pattern.includes(UNKNOWN_TEXT)) return test(() => 'unknown');
        const folded = word === '-iname';
        const options = { dot: true, extended: false };
        return test((at) =>
          folded
            ? matchesName(pattern.toLowerCase(), name(at).toLowerCase(), options)
            : matchesName(pattern, name(at), options),
        );
      }
      case '-path':
      case '-wholename':
      case '-ipath':
      case '-iwholename': {
        const pattern = this.value();
        if (pattern.includes(UNKNOWN_TEXT)) return test(() => 'unknown');
        const folded = word.startsWith('-i');
        return test((at) =>
          folded ? matchesText(pattern.toLowerCase(), at.shown.toLowerCase()) : matchesText(pattern, at.shown),
        );
      }
      case '-regex':
      case '-iregex': {
        const regex = safeRegex(this.value(), { line: true, ignoreCase: word === '-iregex' });
        return test((at) => (regex === null ? 'unknown' : regex.test(at.shown)));
      }
      case '-type':
      case '-xtype': {
        const kinds = this.value().split(',');
        return test((at) => {
          const kind = at.found.entry?.kind;
          return kinds.some((letter) => {
            if (letter === 'f') return kind === 'file';
            if (letter === 'd') return kind === 'directory';
            return letter === 'l' ? kind === 'link' : kind === 'other';
          });
        });
      }
      case '-empty':
        return test((at) => this.empty(at));
      case '-true':
        return test(() => true);
      case '-false':
        return test(() => false);
      case '-readable':
      case '-writable':
        return test(() => true);
      case '-executable':
        return test((at) => (at.found.entry?.kind === 'directory' ? true : 'unknown'));
      case '-nouser':
      case '-nogroup':
        return test(() => false);
      case '-maxdepth':
        this.maxDepth = Number(this.value());
        return test(() => true);
      case '-mindepth':
        this.minDepth = Number(this.value());
        return test(() => true);
      case '-depth':
      case '-d':
        this.contentsFirst = true;
        return test(() => true);
      case '-follow':
        this.follow = true;
        return test(() => true);
      case '-regextype':
        this.value();
        return test(() => true);
      case '-xdev':
      case '-mount':
      case '-daystart':
      case '-noleaf':
      case '-warn':
      case '-nowarn':
      case '-ignore_readdir_race':
        return test(() => true);
      case '-prune':
        this.prunes = true;
        return test((at) => {
          at.pruned = true;
          return true;
        });
      case '-quit':
        this.acts = true;
        return {
          kind: 'act',
          act: () => {
            if (this.call.shell.run.doubt === null) this.quit = true;
            return true;
          },
        };
      case '-delete':
        this.deletes = true;
        this.acts = true;
        this.contentsFirst = true;
        return { kind: 'act', act: (at) => this.remove(at) };
      case '-print':
      case '-print0':
      case '-ls': {
        this.acts = true;
        const end = word === '-print0' ? '\0' : '\n';
        return { kind: 'act', act: (at) => this.print(word === '-ls' ? UNKNOWN_TEXT : at.shown, end) };
      }
      case '-printf':
      case '-fprint': {
        const format = this.value();
        this.acts = true;
        return {
          kind: 'act',
          act: (at) =>
            this.print(
              format === '%p\\n' ? at.shown : format === '%p\\0' ? at.shown : UNKNOWN_TEXT,
              format.endsWith('0') ? '\0' : '\n',
            ),
        };
      }
      case '-exec':
      case '-execdir':
      case '-ok':
      case '-okdir':
        return this.exec(word.endsWith('dir'));
      default:
        if (UNKNOWN_TESTS.has(word)) {
          this.value();
          return test(() => 'unknown');
        }
        this.failed = true;
        return test(() => false);
    }
  }

  private print(text: string, end: string): Ok {
    const { io, shell } = this.call;
    if (io.output !== null) {
      // What is printed only perhaps must not count as printed for certain.
      io.output.write(`${shell.run.doubt === null ? text : doubtful(text)}${end}`);
    }
    return true;
  }

  private empty(at: Place): Ok {
    const { run } = this.call.shell;
    const { entry, path } = at.found;
    if (entry === null) return false;
    if (entry.kind === 'directory') return run.tree.names(entry).length === 0;
    if (entry.kind !== 'file') return false;
    if (!entry.intact) return true;
    const text = run.tree.text(path);
    return text === null ? 'unknown' : text === '';
  }

  private remove(at: Place): Ok {
    const { shell } = this.call;
    const { entry } = at.found;
    if (entry === null || at.shown === '.' || /\/\.$/.test(at.shown)) return entry !== null;
    if (entry.kind === 'directory' && shell.run.tree.names(entry).length > 0) {
      // In doubt the contents may have gone before; then the directory may go too.
      if (shell.run.doubt === null) this.incomplete = true;
      return false;
    }
    if (drop(shell, at.found)) this.touched.push(at.found.path);
    return true;
  }

  private exec(inDirectory: boolean): Node {
    this.acts = true;
    const words: string[] = [];
    for (let word = this.words[this.at]; word !== undefined; word = this.words[this.at]) {
      this.at += 1;
      if (word === ';') {
        return { kind: 'act', act: (at) => this.runFor(words, at, inDirectory) };
      }
      if (word === '+' && words.at(-1) === '{}') {
        const batch = { words: words.slice(0, -1), paths: [] as string[] };
        this.batches.push(batch);
        return {
          kind: 'act',
          act: (at) => {
            if (this.call.shell.run.doubt === null) batch.paths.push(at.shown);
            else this.execute([...batch.words, at.shown]);
            return true;
          },
        };
      }
      words.push(word);
    }
    this.failed = true;
    return { kind: 'test', test: () => false };
  }

  private runFor(words: readonly string[], at: Place, inDirectory: boolean): Ok {
    if (!inDirectory) return this.execute(words.map((word) => word.replaceAll('{}', at.shown)));
    const { shell } = this.call;
    const before = shell.cwd;
    shell.cwd = at.found.path.replace(/\/[^/]*$/, '') || '/';
    const ok = this.execute(words.map((word) => word.replaceAll('{}', `./${at.found.name}`)));
    shell.cwd = before;
    return ok;
  }

  private execute(words: readonly string[]): Ok {
    const [name, ...args] = words;
    if (name === undefined) return false;
    const { call } = this;
    const shell = call.shell.fork();
    return shell.run.engine.execute({ ...call, shell, name, args, raws: args });
  }

  finish(): void {
    for (const { words, paths } of this.batches) if (paths.length > 0) this.execute([...words, ...paths]);
  }

  /** Judge an entry and what lies below it. Written for few allocations: a tree has thousands of entries. */
  visit(root: Node | null, shown: string, found: Found, depth: number): void {
    const { run } = this.call.shell;
    const { tree } = run;
    if (this.quit || depth > Math.min(this.maxDepth, DEPTH_LIMIT) || !run.step(0.2)) return;
    const { entry } = found;
    if (entry === null) return;
    const place: Place = { shown, depth, found, pruned: false };
    if (!this.contentsFirst) this.judge(root, place);
    const descends = entry.kind === 'directory' && (!place.pruned || this.contentsFirst) && depth < this.maxDepth;
    if (descends && isElsewhere(this.call, found)) {
      // Another machine has other files there; none of them is a session.
      if (this.call.io.output !== null) this.call.io.output.write(`${shown}/${UNKNOWN_TEXT}\n`);
    } else if (descends && !(depth > 0 && isBulk(this.call, found))) {
      const prefix = shown.endsWith('/') ? shown : `${shown}/`;
      const base = found.path === '/' ? '/' : `${found.path}/`;
      for (const name of tree.names(entry)) {
        const child = tree.child(entry, name);
        if (child === null) continue;
        const path = (base + name) as Found['path'];
        this.visit(
          root,
          prefix + name,
          { entry: child, parent: entry, name, path, doubt: child.doubt ?? found.doubt },
          depth + 1,
        );
      }
    }
    if (this.contentsFirst) this.judge(root, place);
  }

  private judge(root: Node | null, place: Place): void {
    const { found, depth, shown } = place;
    const { io, shell } = this.call;
    if (depth < this.minDepth || this.quit) return;
    // A command may have taken it away meanwhile.
    if (depth > 0 && (found.parent === null || shell.run.tree.child(found.parent, found.name) !== found.entry)) return;
    const { doubt } = found;
    if (root !== null && this.acts) {
      if (doubt === null) this.evaluate(root, place);
      else shell.run.perhaps(doubt, () => this.evaluate(root, place));
      return;
    }
    const tell = (): void => {
      const hit = root === null ? true : this.evaluate(root, place);
      if (hit === true) io.output?.write(`${shown}\n`);
      else if (hit === 'unknown') io.output?.write(`${doubtful(shown)}\n`);
    };
    if (doubt === null) tell();
    else shell.run.perhaps(doubt, tell);
  }

  evaluate(node: Node, at: Place): Ok {
    switch (node.kind) {
      case 'test':
        return node.test(at);
      case 'act':
        return node.act(at);
      case 'not': {
        const ok = this.evaluate(node.operand, at);
        return ok === 'unknown' ? 'unknown' : ok === false;
      }
      case 'list':
        this.evaluate(node.left, at);
        return this.evaluate(node.right, at);
      default: {
        const left = this.evaluate(node.left, at);
        const stops = node.kind === 'and' ? left === false : left === true || left === 'assumed';
        if (stops) return left;
        if (left !== 'unknown') return this.evaluate(node.right, at);
        this.unsure = true;
        const right = this.call.shell.run.perhaps(
          'find chooses by age, size or owner, which is not known before it runs',
          () => this.evaluate(node.right, at),
        );
        if (node.kind === 'and') return right === false ? false : 'unknown';
        return right === true ? true : 'unknown';
      }
    }
  }
}

/** What `find` compares with `-name`: the last component, without slashes behind it. */
function lastName(shown: string): string {
  let end = shown.length;
  while (end > 1 && shown[end - 1] === '/') end -= 1;
  return shown.slice(shown.lastIndexOf('/', end - 1) + 1, end);
}

/** A path that may be printed or not: its last component is only perhaps this one. */
function doubtful(path: string): string {
  return path.replace(/[^/]*\/?$/, (last) => `${UNKNOWN_TEXT}${last}`);
}

const find: Tool = (call) => {
  const { shell, args } = call;
  const { run } = shell;
  let at = 0;
  while (/^-[HLPO]\d?$/.test(args[at] ?? '')) at += 1;
  const starts: string[] = [];
  for (let arg = args[at]; arg !== undefined && !/^(?:-|[(!,]$)/.test(arg); arg = args[at]) {
    starts.push(arg);
    at += 1;
  }
  if (starts.length === 0) starts.push('.');
  const search = new Find(call, args.slice(at));
  const root = search.parse();
  // GNU find refuses -delete beside -prune, because -delete turns the order round.
  if (search.failed || (args.length > at && root === null)) return false;
  if (search.deletes && search.prunes && !args.includes('-depth')) return false;
  let ok: Ok = true;
  const begin = (start: string, full: string): void => {
    search.visit(root, start, run.tree.find(full, search.follow || start.endsWith('/')), 0);
  };
  for (const start of starts) {
    const full = shell.path(start);
    if (args.includes('-quit') && run.doubt === null && search.acts) {
      run.perhaps('find stops at the first match, and which comes first is not known', () => begin(start, full));
      continue;
    }
    if (full.includes(UNKNOWN_TEXT)) {
      ok = 'unknown';
      if (search.deletes) {
        const touched = dropUnknown(shell, full);
        if (touched.length > 0)
          record(shell, {
            kind: 'delete',
            tool: 'find -delete',
            patterns: [shell.shown(start)],
            touched,
            reason: 'the start is not known before it runs',
          });
      } else if (search.acts) dropUnknownStart(call, full);
      call.io.output?.write(`${UNKNOWN_TEXT}\n`);
      continue;
    }
    const { entry } = run.tree.find(full, true);
    if (entry === null || start === '') ok = false;
    else begin(start, full);
  }
  search.finish();
  if (search.deletes) {
    record(shell, {
      kind: 'delete',
      tool: 'find -delete',
      patterns: starts.map((start) => [shell.shown(start), ...search.patterns].join('/**/')),
      touched: search.touched,
      recursive: false,
    });
  }
  if (search.incomplete) return false;
  return search.deletes && search.unsure && ok === true ? 'unknown' : ok;
};

/** -exec rm under an unknown start: what lies there could be the session. */
function dropUnknownStart(call: Call, full: string): void {
  if (!call.args.some((arg) => /^(?:rm|rimraf|unlink)$/.test(arg))) return;
  const touched = dropUnknown(call.shell, full);
  if (touched.length > 0) {
    record(call.shell, {
      kind: 'delete',
      tool: 'find -exec rm',
      patterns: [call.shell.shown(full)],
      touched,
      reason: 'the start is not known before it runs',
    });
  }
}

/** A directory of the machine outside of the project that holds no session. */
function isElsewhere(call: Call, found: Found): boolean {
  const { run } = call.shell;
  return (
    !related(found.path, run.root) &&
    !run.models.sessions.some(
      ({ target, profiles }) =>
        related(target.path, found.path) || profiles.some((profile) => related(profile.path, found.path)),
    )
  );
}

/** Directories with very many files in which no session lies are not walked: only what they print could matter. */
function isBulk(call: Call, found: Found): boolean {
  if (found.name !== 'node_modules' && found.name !== '.git') return false;
  return !call.shell.run.models.sessions.some(({ target }) => target.path.startsWith(`${found.path}/`));
}

export const FIND_TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['find', find],
  ['gfind', find],
]);
