/**
 * The simple commands of a shell text with the directory and the variables in force at each: what is needed to tell which script a
 * start command gives to node. Nothing is run.
 */
import type {
  AndOr,
  Assignment,
  Command,
  CompoundList,
  DoubleQuotedChild,
  ParameterExpansionPart,
  Statement,
  Word,
  WordPart,
} from 'unbash';
import { type AbsolutePath, resolvePath } from '../model/path.ts';

/** Longest text that is parsed: start scripts of the real bots have at most 4 kB. */
const TEXT_LIMIT = 128 * 1024;
const DEPTH_LIMIT = 40;
const COMMAND_LIMIT = 2_000;

/** A value that cannot be known is `null`. */
export type Value = string | null;

export interface ShellState {
  /** `null`: changed to a directory that cannot be known. */
  cwd: AbsolutePath | null;
  readonly variables: Map<string, Value>;
  /** Names that children see. */
  readonly exported: Set<string>;
}

export interface SimpleCommand {
  readonly words: readonly Value[];
  /** `NAME=value` before the command. */
  readonly assignments: ReadonlyMap<string, Value>;
  readonly state: ShellState;
  /** Where it stands: the lists that it is in and its place in each. Two commands of one list run one after the other. */
  readonly path: readonly Step[];
  /** Is it the only command of the text, so that most shells replace themselves by it? */
  readonly alone: boolean;
}

/** A place in a list of commands. */
export interface Step {
  readonly list: number;
  readonly index: number;
  /** Started with `&`: the next one does not wait for it. */
  readonly background: boolean;
}

/** Must `first` have ended before `second` starts? */
export function endsBefore(first: SimpleCommand, second: SimpleCommand): boolean {
  for (const [at, step] of first.path.entries()) {
    const other = second.path[at];
    if (other === undefined || other.list !== step.list) return false;
    if (step.background && other.index !== step.index) return false;
    if (step.index !== other.index) return step.index < other.index;
  }
  return false;
}

function copyState(state: ShellState): ShellState {
  return { cwd: state.cwd, variables: new Map(state.variables), exported: new Set(state.exported) };
}

function parameter(part: ParameterExpansionPart, variables: ReadonlyMap<string, Value>): Value {
  if (part.prefix !== undefined || part.index !== undefined) return null;
  const known = variables.get(part.parameter);
  const operation = part.operation;
  if (operation === undefined) return known ?? null;
  if (operation.type !== 'Default') return null;
  const set = operation.operator.startsWith(':') ? Boolean(known) : known !== undefined;
  if (known === null) return null;
  switch (operation.operator) {
    case '-':
    case ':-':
    case '=':
    case ':=':
      return set && known !== undefined ? known : expandWord(operation.operand, variables);
    default:
      return set && known !== undefined ? known : null;
  }
}

function expandPart(part: WordPart | DoubleQuotedChild, variables: ReadonlyMap<string, Value>): Value {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
      return part.value;
    case 'Glob':
    case 'BraceExpansion':
    case 'ExtendedGlob':
      return part.text;
    case 'DoubleQuoted':
    case 'LocaleString':
      return concat(part.parts, variables);
    case 'SimpleExpansion':
      return variables.get(part.text.slice(1)) ?? null;
    case 'ParameterExpansion':
      return parameter(part, variables);
    case 'CommandExpansion':
      return part.text === '$(pwd)' || part.text === '`pwd`' ? (variables.get('PWD') ?? null) : null;
    default:
      return null;
  }
}

function concat(parts: readonly (WordPart | DoubleQuotedChild)[], variables: ReadonlyMap<string, Value>): Value {
  let text = '';
  for (const part of parts) {
    const value = expandPart(part, variables);
    if (value === null) return null;
    text += value;
  }
  return text;
}

/** A word as the command would get it; globs stay as written. `null`: not known. */
export function expandWord(word: Word, variables: ReadonlyMap<string, Value>): Value {
  return word.parts === undefined ? word.value : concat(word.parts, variables);
}

function assigned(assignment: Assignment, variables: ReadonlyMap<string, Value>): Value {
  return assignment.value.type === 'Word' ? expandWord(assignment.value, variables) : null;
}

class Walk {
  readonly commands: SimpleCommand[] = [];
  readonly alone: boolean;
  #lists = 0;
  #path: readonly Step[] = [];

  constructor(alone: boolean) {
    this.alone = alone;
  }

  list(statements: readonly Statement[], state: ShellState, depth: number): void {
    this.#lists += 1;
    const list = this.#lists;
    const before = this.#path;
    for (const [index, statement] of statements.entries()) {
      this.#path = [...before, { list, index, background: statement.background === true }];
      this.node(statement.command as Node, state, depth);
    }
    this.#path = before;
  }

  /** Either branch may run: what differs afterwards is not known. */
  branches(state: ShellState, depth: number, bodies: readonly CompoundList[]): void {
    const before = copyState(state);
    for (const body of bodies) {
      const inside = copyState(before);
      this.list(body.commands, inside, depth);
      for (const [name, value] of inside.variables) {
        if (before.variables.get(name) !== value) state.variables.set(name, null);
      }
      for (const name of inside.exported) state.exported.add(name);
      if (inside.cwd !== before.cwd) state.cwd = null;
    }
  }

  node(node: Node, state: ShellState, depth: number): void {
    if (depth > DEPTH_LIMIT || this.commands.length >= COMMAND_LIMIT) return;
    switch (node.type) {
      case 'Command':
        this.simple(node, state);
        return;
      case 'AndOr':
        this.andOr(node, state, depth);
        return;
      case 'Pipeline':
        for (const part of node.commands) {
          this.node(part as Node, node.commands.length > 1 ? copyState(state) : state, depth + 1);
        }
        return;
      case 'Subshell':
        this.list(node.body.commands, copyState(state), depth + 1);
        return;
      case 'BraceGroup':
        this.list(node.body.commands, state, depth + 1);
        return;
      case 'Redirected':
        this.node(node.command as Node, state, depth + 1);
        return;
      case 'If':
        this.list(node.clause.commands, state, depth + 1);
        this.branches(
          state,
          depth + 1,
          [node.then, ...node.elif.map((branch) => branch.then), node.else].filter((body) => body !== undefined),
        );
        return;
      case 'Case':
        this.branches(
          state,
          depth + 1,
          node.items.map((item) => item.body),
        );
        return;
      case 'While':
        this.list(node.clause.commands, state, depth + 1);
        this.branches(state, depth + 1, [node.body]);
        return;
      case 'For':
        state.variables.set(node.name.value, null);
        this.branches(state, depth + 1, [node.body]);
        return;
      default:
        return;
    }
  }

  /** `a && b`: one after the other. With `||` either may run. */
  andOr(node: AndOr, state: ShellState, depth: number): void {
    const before = this.#path;
    const either = node.operators.includes('||');
    this.#lists += 1;
    const list = this.#lists;
    for (const [index, part] of node.commands.entries()) {
      this.#path = [...before, { list: either ? list + index * 1e6 : list, index, background: false }];
      this.node(part as Node, state, depth + 1);
    }
    this.#path = before;
  }

  simple(command: Command, state: ShellState): void {
    const assignments = new Map<string, Value>();
    for (const part of command.prefix) {
      if (part.type === 'Assignment') assignments.set(part.name, assigned(part, state.variables));
    }
    if (command.name === undefined) {
      for (const [name, value] of assignments) state.variables.set(name, value);
      return;
    }
    const name = expandWord(command.name, state.variables);
    if (name === 'export' || name === 'set' || name === 'readonly' || name === 'declare') {
      for (const part of command.suffix) {
        if (part.type === 'Assignment') {
          state.variables.set(part.name, assigned(part, state.variables));
          state.exported.add(part.name);
        } else if (part.type === 'Word') {
          // `set NAME=value` is how Windows people write it; npm on Linux would not set it, and then nothing is lost either.
          if (name === 'export' && /^[A-Za-z_]\w*$/.test(part.value)) state.exported.add(part.value);
        }
      }
      return;
    }
    const words: Value[] = [name];
    for (const part of command.suffix) {
      if (part.type === 'Word') words.push(expandWord(part, state.variables));
      else if (part.type === 'Assignment') words.push(`${part.name}=${assigned(part, state.variables) ?? ''}`);
    }
    if (name === 'cd' || name === 'pushd') {
      const target = words[1];
      if (target === undefined || target === null || target === '-' || state.cwd === null) state.cwd = null;
      else state.cwd = resolvePath(state.cwd, target);
      state.variables.set('PWD', state.cwd);
      return;
    }
    this.commands.push({ words, assignments, state: copyState(state), path: this.#path, alone: this.alone });
  }
}

type Node = Statement['command'] | CompoundNode;
type CompoundNode = Exclude<Statement['command'], never>;

/**
 * Every simple command of `text`, in the order of the text, both branches of conditions.
 *
 * @param cwd working directory at the start; `null` when it is not known
 * @param variables environment at the start
 */
export async function shellCommands(
  text: string,
  cwd: AbsolutePath | null,
  variables: ReadonlyMap<string, Value>,
): Promise<readonly SimpleCommand[]> {
  if (text.length > TEXT_LIMIT) return [];
  const { parse } = await import('unbash');
  const script = parse(text);
  const first = script.commands[0];
  const alone = script.commands.length === 1 && first?.command.type === 'Command';
  const walk = new Walk(alone);
  const state: ShellState = { cwd, variables: new Map(variables), exported: new Set() };
  if (cwd !== null) state.variables.set('PWD', cwd);
  walk.list(script.commands, state, 0);
  return walk.commands;
}
