import type { AbsolutePath } from '../../model/path.ts';
import { absolutePath, relativeTo } from '../../model/path.ts';
import type { CommandContext, CommandEffect, ShellFlavour } from '../effect.ts';
import { UNKNOWN_TEXT } from '../effect.ts';
import { couldBe, related } from '../paths.ts';
import type { SessionModels } from './profile-model.ts';
import type { Entry, Tree } from './tree.ts';

/** How a command ends. `assumed`: a program that is not acted out and normally succeeds. */
export type Ok = true | false | 'assumed' | 'unknown';

/** Stands for what a person types at a prompt; the analysis takes it as consent. */
export const CONSENT = '\u{E0FE}';

/** Commands, loop rounds and expansions that one script may cost. Ordinary scripts stay under 200. */
const STEP_LIMIT = 20_000;
/** How deep scripts, functions and substitutions may call each other. */
export const DEPTH_LIMIT = 40;
/** Characters of output that are kept. */
const OUTPUT_LIMIT = 1_000_000;

/** What a command writes to standard output. */
export class Output {
  text = '';
  write(text: string): void {
    if (this.text.length + text.length <= OUTPUT_LIMIT) this.text += text;
    else if (!this.text.endsWith(UNKNOWN_TEXT)) this.text += UNKNOWN_TEXT;
  }
}

/** What a command reads from standard input; `null`: a terminal, or nothing known. */
export class Input {
  private at = 0;
  readonly text: string | null;
  constructor(text: string | null) {
    this.text = text;
  }
  /** The next line without its end; `null` at the end. */
  line(): string | null {
    if (this.text === null || this.at >= this.text.length) return null;
    const end = this.text.indexOf('\n', this.at);
    const line = this.text.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.text.length : end + 1;
    return line;
  }
  rest(): string | null {
    if (this.text === null) return null;
    const rest = this.text.slice(this.at);
    this.at = this.text.length;
    return rest;
  }
}

export interface Io {
  readonly input: Input;
  /** `null`: nobody looks at it. */
  readonly output: Output | null;
}

/** One command about to run: words after expansion. */
export interface Call {
  readonly name: string;
  readonly args: readonly string[];
  /** For each argument the word before its globs were expanded; what a person would recognise. */
  readonly raws: readonly string[];
  readonly shell: Shell;
  readonly io: Io;
}

export type Tool = (call: Call) => Ok;

/** Ways back into the interpreter, so that tools that run commands (xargs, sudo, npm run) need not import it. */
export interface Engine {
  /** Run words as a command. */
  execute(call: Call): Ok;
  /** Run words as a program, past the functions of the script. */
  program(call: Call): Ok;
  /** Run the text of a script in the given shell. */
  source(shell: Shell, text: string, io: Io): Ok;
}

/** What all shells of one analysis share. */
export class Run {
  readonly tree: Tree;
  readonly effects: CommandEffect[] = [];
  /** Paths that were removed, moved or doubted. */
  readonly touched: AbsolutePath[] = [];
  /** Why what runs now may not run; `null`: it does. */
  doubt: string | null = null;
  /** Container volumes go. */
  volumes = false;
  steps = 0;
  /** Scripts and files being run, for circles. */
  readonly active: string[] = [];
  readonly context: CommandContext;
  readonly models: SessionModels;
  readonly engine: Engine;
  /** The directory that holds package.json. */
  readonly root: AbsolutePath;
  exhausted: string | null = null;

  constructor(context: CommandContext, models: SessionModels, engine: Engine, root: AbsolutePath, tree: Tree) {
    this.context = context;
    this.models = models;
    this.engine = engine;
    this.root = root;
    this.tree = tree;
  }

  /** Count a step; false when the budget is spent (then every session is doubtful). */
  step(cost = 1): boolean {
    this.steps += cost;
    if (this.steps <= STEP_LIMIT) return true;
    this.giveUp('it runs too many commands to be acted out');
    return false;
  }

  giveUp(reason: string): void {
    if (this.exhausted !== null) return;
    this.exhausted = reason;
    this.doubtSessions(reason, [], 'the analysis', []);
  }

  /** Run something that may or may not happen. */
  perhaps<T>(reason: string, action: () => T): T {
    const before = this.doubt;
    this.doubt = before ?? reason;
    try {
      return action();
    } finally {
      this.doubt = before;
    }
  }

  private nearSession(path: AbsolutePath): boolean {
    return this.models.sessions.some(
      ({ target, profiles }) => related(path, target.path) || profiles.some((profile) => related(path, profile.path)),
    );
  }

  /** Note that a path was removed, moved or doubted. */
  touch(path: AbsolutePath): boolean {
    const near = this.nearSession(path);
    if (near) this.touched.push(path);
    return near;
  }

  /**
   * Something that was not understood could delete sessions: those related to the paths, all of them without paths.
   * The sessions become doubtful.
   */
  doubtSessions(reason: string, paths: readonly string[], tool: string, via: readonly string[]): void {
    const { root } = this;
    const touched: AbsolutePath[] = [];
    for (const { target, profiles } of this.models.sessions) {
      const meant =
        paths.length === 0 ||
        paths.some((path) =>
          path.includes(UNKNOWN_TEXT)
            ? couldBe(path, target.path) || profiles.some((profile) => couldBe(path, profile.path))
            : absolutePath(path) !== root && related(absolutePath(path), target.path),
        );
      if (!meant) continue;
      for (const { path } of profiles) {
        const { entry } = this.tree.find(path, true);
        if (entry === null) continue;
        this.tree.doubt(entry, reason);
        this.touched.push(path);
        touched.push(path);
      }
    }
    if (touched.length === 0) return;
    this.effects.push({
      kind: 'unknown',
      patterns: paths,
      glob: false,
      recursive: true,
      to: null,
      tool,
      certainty: 'possible',
      reason,
      via,
      touched,
    });
  }
}

export interface ShellFunction {
  readonly body: unknown;
}

/** The state of one shell: what a subshell gets a copy of. */
export class Shell {
  readonly run: Run;
  cwd: string;
  before: string;
  vars: Map<string, string>;
  exported: Set<string>;
  arrays = new Map<string, readonly string[]>();
  functions: Map<string, ShellFunction>;
  args: string[] = [];
  zero = 'sh';
  readonly flavour: ShellFlavour;
  errexit = false;
  extglob = false;
  globstar = false;
  dotglob = false;
  nullglob = false;
  noglob = false;
  /** `set -a`: every variable that is set is exported. */
  allexport = false;
  pipefail = false;
  /** How often a condition is being evaluated: `set -e` does not count there. */
  conditions = 0;
  flow: { readonly kind: 'exit' | 'return' | 'break' | 'continue'; levels: number; readonly ok: Ok } | null = null;
  last: Ok = true;
  depth: number;
  exitTrap: string | null = null;
  via: readonly string[];
  /** Inside a container: where host directories are mounted (`host` null: a named volume). `null`: not in a container. */
  container: readonly { readonly at: string; readonly host: string | null }[] | null = null;

  constructor(run: Run, cwd: string, flavour: ShellFlavour, via: readonly string[], depth: number) {
    this.run = run;
    this.cwd = cwd;
    this.before = cwd;
    this.flavour = flavour;
    this.via = via;
    this.depth = depth;
    this.vars = new Map(run.context.env ?? []);
    this.exported = new Set(this.vars.keys());
    this.functions = new Map();
  }

  /** What `set -e`, `set +o pipefail`, `bash -f` switch: a letter or a long name. */
  option(name: string, on: boolean): void {
    if (name === 'e' || name === 'errexit') this.errexit = on;
    if (name === 'a' || name === 'allexport') this.allexport = on;
    if (name === 'pipefail') this.pipefail = on;
    if (name === 'f' || name === 'noglob') this.noglob = on;
  }

  /** A subshell: everything is copied, the file system is shared. */
  fork(): Shell {
    const made = new Shell(this.run, this.cwd, this.flavour, this.via, this.depth + 1);
    made.before = this.before;
    made.vars = new Map(this.vars);
    made.exported = new Set(this.exported);
    made.arrays = new Map(this.arrays);
    made.functions = new Map(this.functions);
    made.args = [...this.args];
    made.zero = this.zero;
    made.errexit = this.errexit;
    made.extglob = this.extglob;
    made.globstar = this.globstar;
    made.dotglob = this.dotglob;
    made.nullglob = this.nullglob;
    made.noglob = this.noglob;
    made.allexport = this.allexport;
    made.pipefail = this.pipefail;
    made.conditions = this.conditions;
    made.container = this.container;
    return made;
  }

  /** A new process that runs a script: only exported variables go along. */
  spawn(flavour: ShellFlavour, via: readonly string[] = this.via): Shell {
    const made = new Shell(this.run, this.cwd, flavour, via, this.depth + 1);
    made.vars = new Map([...this.vars].filter(([name]) => this.exported.has(name)));
    made.exported = new Set(this.exported);
    made.container = this.container;
    return made;
  }

  /** Absolute path of an argument, not normalised (`..` is walked physically). Holds `UNKNOWN_TEXT` where it is not known. */
  path(argument: string): string {
    if (argument.startsWith('/') || argument.startsWith(UNKNOWN_TEXT)) return this.mounted(argument);
    return this.mounted(`${this.cwd}/${argument}`);
  }

  /** Inside a container a path leads to the host only where the host is mounted. */
  private mounted(path: string): string {
    if (this.container === null) return path;
    const clean = absolutePath(`/${path}`);
    let best: { at: string; host: string | null } | null = null;
    for (const mount of this.container) {
      const inside = clean === mount.at || clean.startsWith(`${mount.at === '/' ? '' : mount.at}/`);
      if (inside && (best === null || mount.at.length > best.at.length)) best = mount;
    }
    if (best === null || best.host === null) return `/\u{E0FD}container${clean}`;
    return `${best.host}${clean.slice(best.at.length)}`;
  }

  get(name: string): string | undefined {
    if (name === 'PWD') return this.cwd;
    if (name === 'OLDPWD') return this.before;
    return this.vars.get(name);
  }

  set(name: string, value: string): void {
    const before = this.vars.get(name);
    if (this.allexport) this.exported.add(name);
    this.vars.set(name, this.run.doubt !== null && before !== undefined && before !== value ? UNKNOWN_TEXT : value);
  }

  /** Look a path up. */
  find(argument: string, follow = false): ReturnType<Tree['find']> {
    return this.run.tree.find(this.path(argument), follow);
  }

  /** How a path or pattern is shown: relative to the package where it lies inside. */
  shown(argument: string): string {
    const full = this.path(argument);
    if (full.includes(UNKNOWN_TEXT)) return full.replaceAll(UNKNOWN_TEXT, '…');
    const clean = absolutePath(`/${full}`);
    const relative = relativeTo(clean, this.run.root);
    if (relative === null) return clean;
    return relative === '' ? '.' : relative;
  }
}

export type { Entry };
