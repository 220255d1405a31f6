import type {
  AndOr,
  ArithmeticFor,
  Assignment,
  Case,
  Command,
  CommandNode,
  CompoundList,
  If,
  ParsedScript,
  Pipeline,
  PipelineNode,
  Redirection,
  Statement,
  TestExpression,
  While,
  Word,
} from 'unbash';
import { UNKNOWN_TEXT } from '../effect.ts';
import { matchesText } from '../paths.ts';
import { arithmetic } from './arithmetic.ts';
import { type Expanded, expandParts, expandPattern, expandText, expandWords, type Substitution } from './expand.ts';
import type { ShellParser } from './parser.ts';
import { redirect } from './redirect.ts';
import { type Call, CONSENT, DEPTH_LIMIT, Input, type Io, type Ok, Output, type Shell } from './shell.ts';
import { compareNumbers, compareText, testFile } from './test-command.ts';

/** Rounds of one loop that are acted out. */
const LOOP_LIMIT = 500;
/** Rounds of a loop whose condition never changes (`while true`). */
const ENDLESS_LIMIT = 3;

const CONSENTS = ['y', 'Y', 'yes', 'YES', 'Yes'];

/** Does the shell go on after `&&`? */
export function succeeded(ok: Ok): boolean {
  return ok === true || ok === 'assumed';
}

/** Acts shell scripts out on the model. One object serves any number of shells. */
export class Interpreter {
  private readonly parser: ShellParser;
  private readonly dispatch: (call: Call) => Ok;
  private readonly substitution: Substitution;

  constructor(parser: ShellParser, dispatch: (call: Call) => Ok) {
    this.parser = parser;
    this.dispatch = dispatch;
    this.substitution = {
      output: (shell, script) => this.output(shell, script),
      word: (text) => this.parser.word(text),
    };
  }

  /** Run the text of a script. */
  source(shell: Shell, text: string, io: Io): Ok {
    if (shell.depth > DEPTH_LIMIT) {
      shell.run.giveUp('scripts call each other too deeply');
      return 'unknown';
    }
    const script = this.parser.script(text);
    if (script === null) {
      shell.run.doubtSessions(`the script is too long to be read (${text.length} characters)`, [], 'sh', shell.via);
      return 'unknown';
    }
    return this.script(shell, script, text, io);
  }

  private script(shell: Shell, script: ParsedScript, text: string, io: Io): Ok {
    const broken = script.errors?.reduce<number | null>(
      (low, { pos }) => (low === null || pos < low ? pos : low),
      null,
    );
    const refused =
      shell.flavour === 'dash'
        ? this.parser.refusedByDash(script, text)
        : shell.extglob
          ? null
          : this.extended(script, text);
    let stop = script.commands.length;
    const error = broken ?? refused;
    if (error !== null && error !== undefined) {
      // A shell reads line by line: what stands on the lines before the mistake has already run.
      stop = 0;
      for (const [index, statement] of script.commands.entries()) {
        const before = script.commands[index - 1];
        const newLine = before === undefined || text.slice(before.end, statement.pos).includes('\n');
        if (newLine && statement.pos <= error) stop = index;
      }
    }
    const ok = this.statements(shell, script.commands.slice(0, stop), io);
    if (stop === script.commands.length || shell.flow !== null) return ok;
    if (broken !== null && broken !== undefined) {
      const reason = `the command could not be read as shell: ${script.errors?.[0]?.message ?? 'syntax error'}`;
      shell.run.doubtSessions(reason, [], 'sh', shell.via);
      return 'unknown';
    }
    shell.flow = { kind: 'exit', levels: 0, ok: false };
    return false;
  }

  /** `!(…)` in bash is a syntax error until `shopt -s extglob` has run on a line before. */
  private extended(script: ParsedScript, text: string): number | null {
    if (!/[?*+@!]\(/.test(text) || text.includes('extglob')) return null;
    const at = this.parser.refusedByDash(script, text);
    return at !== null && /[?*+@!]\(/.test(text.slice(at, at + 2)) ? at : null;
  }

  private output(shell: Shell, script: ParsedScript | undefined): string {
    if (script === undefined || shell.depth > DEPTH_LIMIT || !shell.run.step()) return UNKNOWN_TEXT;
    const inner = shell.fork();
    const output = new Output();
    const io = { input: new Input(''), output };
    shell.last = this.statements(inner, script.commands, io);
    this.atExit(inner, io);
    return output.text.replace(/\n+$/, '');
  }

  private list(shell: Shell, list: CompoundList, io: Io): Ok {
    return this.statements(shell, list.commands, io);
  }

  private statements(shell: Shell, statements: readonly Statement[], io: Io): Ok {
    let ok: Ok = true;
    for (const statement of statements) {
      if (shell.flow !== null || !shell.run.step()) return ok;
      if (statement.background === true) {
        this.node(shell.fork(), statement.command, io);
        ok = true;
      } else ok = this.node(shell, statement.command, io);
      shell.last = ok;
    }
    return ok;
  }

  /** Run what may not run: afterwards an `exit 0` or `return` in it makes the rest doubtful too. */
  private perhaps(shell: Shell, reason: string, action: () => Ok): Ok {
    const { run } = shell;
    const ok = run.perhaps(reason, action);
    const { flow } = shell;
    if (flow !== null) {
      shell.flow = null;
      // An exit with failure in a branch is a guard; the normal run passes it.
      if (flow.kind === 'break' || flow.kind === 'continue' || succeeded(flow.ok)) run.doubt ??= reason;
    }
    return ok;
  }

  private condition<T>(shell: Shell, action: () => T): T {
    shell.conditions += 1;
    try {
      return action();
    } finally {
      shell.conditions -= 1;
    }
  }

  private node(shell: Shell, node: PipelineNode | AndOr, io: Io): Ok {
    if (node.type === 'AndOr') return this.andOr(shell, node, io);
    if (node.type === 'Pipeline') return this.pipeline(shell, node, io);
    const ok = this.command(shell, node, io);
    if (ok === false && shell.errexit && shell.conditions === 0 && shell.flow === null && node.type !== 'If') {
      if (shell.run.doubt === null) shell.flow = { kind: 'exit', levels: 0, ok: false };
    }
    return ok;
  }

  private andOr(shell: Shell, node: AndOr, io: Io): Ok {
    const [first, ...rest] = node.commands;
    if (first === undefined) return true;
    let ok = rest.length === 0 ? this.node(shell, first, io) : this.condition(shell, () => this.node(shell, first, io));
    for (const [index, command] of rest.entries()) {
      if (shell.flow !== null) return ok;
      shell.last = ok;
      const and = node.operators[index] === '&&';
      const last = index === rest.length - 1;
      const next = (): Ok =>
        last ? this.node(shell, command, io) : this.condition(shell, () => this.node(shell, command, io));
      if (and) {
        if (ok === false) continue;
        if (ok === 'unknown') {
          const right = this.perhaps(shell, 'it runs only if the command before it succeeds', next);
          ok = right === false ? false : 'unknown';
        } else ok = next();
      } else if (ok === true) continue;
      else if (ok === false) ok = next();
      else {
        this.perhaps(shell, 'it runs only if the command before it fails', next);
        ok = ok === 'assumed' ? 'assumed' : 'unknown';
      }
    }
    return ok;
  }

  private pipeline(shell: Shell, node: Pipeline, io: Io): Ok {
    const negated = node.prefixes.filter(({ type }) => type === 'Negation').length % 2 === 1;
    let ok: Ok = true;
    const [only] = node.commands;
    if (node.commands.length === 1 && only !== undefined) {
      ok = negated ? this.condition(shell, () => this.command(shell, only, io)) : this.command(shell, only, io);
    } else {
      let input = io.input;
      let failed = false;
      for (const [index, command] of node.commands.entries()) {
        const last = index === node.commands.length - 1;
        const output = last ? io.output : new Output();
        ok = this.command(shell.fork(), command, { input, output });
        failed ||= ok === false;
        if (!last) input = new Input(output?.text ?? '');
      }
      if (shell.pipefail && failed) ok = false;
      if (ok === false && shell.errexit && shell.conditions === 0 && !negated && shell.run.doubt === null) {
        shell.flow = { kind: 'exit', levels: 0, ok: false };
      }
    }
    if (!negated) return ok;
    if (ok === true) return false;
    return ok === false ? true : 'unknown';
  }

  private command(shell: Shell, node: CommandNode, io: Io): Ok {
    switch (node.type) {
      case 'Command':
        return this.simple(shell, node, io);
      case 'Redirected':
        return this.redirected(shell, node.redirects, io, (inner) => this.command(shell, node.command, inner));
      case 'BraceGroup':
        return this.list(shell, node.body, io);
      case 'Subshell': {
        const inner = shell.fork();
        const ok = this.list(inner, node.body, io);
        const flow = inner.flow;
        this.atExit(inner, io);
        return flow !== null && (flow.kind === 'exit' || flow.kind === 'return') ? flow.ok : ok;
      }
      case 'If':
        return this.branch(shell, node, io);
      case 'For':
      case 'Select':
        return this.each(shell, node.name.value, node.wordlist, node.body, io);
      case 'ArithmeticFor':
        if (shell.flavour === 'dash') return false;
        return this.counted(shell, node, io);
      case 'While':
        return this.loop(shell, node, io);
      case 'Case':
        return this.choice(shell, node, io);
      case 'Function':
        shell.functions.set(node.name.value, { body: node.body });
        return true;
      case 'TestCommand':
        if (shell.flavour === 'dash') return false;
        return this.test(shell, node.expression);
      case 'ArithmeticCommand': {
        if (shell.flavour === 'dash') return false;
        const value = arithmetic(node.expression, shell);
        return value === UNKNOWN_TEXT ? 'unknown' : value !== '0';
      }
      case 'Coproc':
        if (node.body.type !== 'CompoundList') this.command(shell.fork(), node.body, io);
        return 'assumed';
    }
  }

  /** Run what `trap … EXIT` left. */
  atExit(shell: Shell, io: Io): void {
    const { exitTrap, flow } = shell;
    if (exitTrap === null) return;
    shell.exitTrap = null;
    shell.flow = null;
    this.source(shell, exitTrap, io);
    shell.flow = flow;
  }

  private branch(shell: Shell, node: If, io: Io): Ok {
    const arms = [node, ...node.elif];
    let doubt: string | null = null;
    const guarded = (body: CompoundList): Ok =>
      doubt === null ? this.list(shell, body, io) : this.perhaps(shell, doubt, () => this.list(shell, body, io));
    for (const { clause, then } of arms) {
      const ok = this.condition(shell, () => this.list(shell, clause, io));
      if (shell.flow !== null) return ok;
      if (ok === true) {
        const result = guarded(then);
        return doubt === null ? result : 'unknown';
      }
      if (ok === false) continue;
      const reason = 'it depends on a condition that is not known before it runs';
      if (ok === 'assumed' && doubt === null) guarded(then);
      else this.perhaps(shell, reason, () => this.list(shell, then, io));
      if (shell.flow !== null) return 'unknown';
      doubt = reason;
    }
    if (node.else !== undefined) {
      const result = guarded(node.else);
      return doubt === null ? result : 'unknown';
    }
    return doubt === null ? true : 'unknown';
  }

  /** Leave a loop? Counts `break` and `continue` down. */
  private leaves(shell: Shell): boolean {
    const { flow } = shell;
    if (flow === null) return false;
    if (flow.kind === 'exit' || flow.kind === 'return') return true;
    if (flow.levels > 1) {
      flow.levels -= 1;
      return true;
    }
    shell.flow = null;
    return flow.kind === 'break';
  }

  private each(shell: Shell, name: string, words: readonly Word[] | undefined, body: CompoundList, io: Io): Ok {
    const list = words === undefined ? shell.args : this.words(shell, words).map(({ text }) => text);
    let ok: Ok = true;
    for (const item of list) {
      if (!shell.run.step()) break;
      if (shell.run.doubt === null) shell.vars.set(name, item);
      else shell.vars.set(name, item);
      ok =
        item === UNKNOWN_TEXT
          ? this.perhaps(shell, 'it depends on output that is not known before it runs', () =>
              this.list(shell, body, io),
            )
          : this.list(shell, body, io);
      if (this.leaves(shell)) break;
    }
    return ok;
  }

  private loop(shell: Shell, node: While, io: Io): Ok {
    let unknown = 0;
    for (let round = 0; round < LOOP_LIMIT && shell.run.step(); round += 1) {
      const before = shell.run.effects.length;
      let ok = this.condition(shell, () => this.list(shell, node.clause, io));
      if (node.kind === 'until') ok = ok === true ? false : ok === false ? true : 'unknown';
      if (shell.flow !== null) return ok;
      if (ok === false) return true;
      if (ok === true) this.list(shell, node.body, io);
      else {
        this.perhaps(shell, 'it runs in a loop whose condition is not known before it runs', () =>
          this.list(shell, node.body, io),
        );
        unknown += 1;
      }
      if (this.leaves(shell)) return true;
      if (unknown > 0 || (round >= ENDLESS_LIMIT && io.input.text === null && shell.run.effects.length === before))
        return 'assumed';
    }
    return 'assumed';
  }

  private counted(shell: Shell, node: ArithmeticFor, io: Io): Ok {
    arithmetic(node.initialize, shell);
    let ok: Ok = true;
    for (let round = 0; round < LOOP_LIMIT && shell.run.step(1); round += 1) {
      const test = node.test === undefined ? '1' : arithmetic(node.test, shell);
      if (test === '0') return ok;
      if (test === UNKNOWN_TEXT) {
        return this.perhaps(shell, 'it runs in a counted loop', () => this.list(shell, node.body, io));
      }
      ok = this.list(shell, node.body, io);
      if (this.leaves(shell)) return ok;
      arithmetic(node.update, shell);
    }
    return 'assumed';
  }

  private choice(shell: Shell, node: Case, io: Io): Ok {
    const value = expandText(shell, node.word, this.substitution);
    let unsure: string | null = null;
    let falls = false;
    let ok: Ok = true;
    for (const item of node.items) {
      const patterns = item.pattern.map((word) => expandPattern(shell, word, this.substitution));
      let hit = falls || patterns.some((pattern) => matchesText(pattern, value, shell.extglob));
      let maybe = false;
      if (value === CONSENT) hit = patterns.some((pattern) => CONSENTS.some((yes) => matchesText(pattern, yes)));
      else if (value.includes(UNKNOWN_TEXT) && !falls) {
        const all = patterns.includes('*');
        maybe = !all;
        hit = all;
      }
      if (maybe) {
        unsure = 'it depends on a value that is not known before it runs';
        this.perhaps(shell, unsure, () => this.list(shell, item.body, io));
        continue;
      }
      if (!hit) continue;
      ok =
        unsure === null
          ? this.list(shell, item.body, io)
          : this.perhaps(shell, unsure, () => this.list(shell, item.body, io));
      falls = item.terminator === ';&';
      if (item.terminator === ';;' || item.terminator === undefined) break;
      if (shell.flow !== null) break;
    }
    return unsure === null ? ok : 'unknown';
  }

  private words(shell: Shell, words: readonly Word[]): Expanded[] {
    return expandWords(shell, words, this.substitution);
  }

  private assign(shell: Shell, assignment: Assignment): void {
    const { value, name } = assignment;
    if (value.type === 'ArrayValue') {
      const items = this.words(shell, value.elements).map(({ text }) => text);
      shell.arrays.set(name, assignment.append ? [...(shell.arrays.get(name) ?? []), ...items] : items);
      return;
    }
    const text = expandText(shell, value, this.substitution);
    if (assignment.index !== undefined) {
      shell.arrays.set(name, [...(shell.arrays.get(name) ?? []), text]);
      return;
    }
    shell.set(name, assignment.append ? (shell.get(name) ?? '') + text : text);
  }

  private redirected(shell: Shell, redirects: readonly Redirection[], io: Io, action: (io: Io) => Ok): Ok {
    if (redirects.length === 0) return action(io);
    return redirect(shell, redirects, io, {
      text: (word) => this.words(shell, word === undefined ? [] : [word])[0]?.text ?? '',
      parts: (parts) => expandParts(shell, parts, this.substitution),
      action,
    });
  }

  private simple(shell: Shell, node: Command, io: Io): Ok {
    const assignments = node.prefix.filter((part) => part.type === 'Assignment');
    if (node.name === undefined) {
      shell.last = true;
      return this.redirected(shell, node.redirects, io, () => {
        for (const assignment of assignments) this.assign(shell, assignment);
        return shell.last;
      });
    }
    const declares = DECLARATIONS.has(node.name.value);
    const words: Expanded[] = this.words(shell, [node.name]);
    for (const argument of node.args) {
      if (argument.type === 'Word') words.push(...this.words(shell, [argument]));
      else if (declares) {
        this.assign(shell, argument);
        words.push({ text: argument.name, raw: argument.text });
      } else {
        const { value } = argument;
        const text = value.type === 'Word' ? this.words(shell, [this.parser.word(argument.text) ?? value]) : [];
        words.push(...text);
      }
    }
    if (shell.flow !== null) return false;
    const [head, ...rest] = words;
    if (head === undefined || head.text === '') {
      for (const assignment of assignments) this.assign(shell, assignment);
      return head === undefined ? shell.last : false;
    }
    const call = (inner: Io): Ok =>
      this.execute({
        name: head.text,
        args: rest.map(({ text }) => text),
        raws: rest.map(({ raw }) => raw),
        shell,
        io: inner,
      });
    if (assignments.length === 0) return this.redirected(shell, node.redirects, io, call);
    const before = new Map(shell.vars);
    const exported = new Set(shell.exported);
    for (const assignment of assignments) {
      this.assign(shell, assignment);
      shell.exported.add(assignment.name);
    }
    const ok = this.redirected(shell, node.redirects, io, call);
    shell.vars = before;
    shell.exported = exported;
    return ok;
  }

  /** Run words: a function of the script, or whatever `dispatch` makes of them. */
  execute(call: Call): Ok {
    const { shell } = call;
    if (!shell.run.step()) return 'unknown';
    const known = shell.functions.get(call.name);
    if (known === undefined) return this.dispatch(call);
    if (shell.depth > DEPTH_LIMIT) {
      shell.run.giveUp('functions call each other too deeply');
      return 'unknown';
    }
    const { args } = shell;
    shell.args = [...call.args];
    shell.depth += 1;
    const body = known.body as CommandNode | CompoundList;
    let ok = body.type === 'CompoundList' ? this.list(shell, body, call.io) : this.command(shell, body, call.io);
    shell.depth -= 1;
    shell.args = args;
    if (shell.flow?.kind === 'return') {
      ok = shell.flow.ok;
      shell.flow = null;
    }
    return ok;
  }

  /** `[[ … ]]` */
  private test(shell: Shell, node: TestExpression, depth = 0): Ok {
    if (depth > 50) return 'unknown';
    const text = (word: Word): string => expandText(shell, word, this.substitution);
    switch (node.type) {
      case 'TestGroup':
        return this.test(shell, node.expression, depth + 1);
      case 'TestNot': {
        const ok = this.test(shell, node.operand, depth + 1);
        if (node.negations.length % 2 === 0) return ok;
        return ok === true ? false : ok === false ? true : 'unknown';
      }
      case 'TestLogical': {
        let all: Ok = node.operator === '&&';
        for (const operand of node.operands) {
          const ok = this.test(shell, operand, depth + 1);
          if (node.operator === '&&' ? ok === false : ok === true) return ok;
          if (ok === 'unknown') all = 'unknown';
        }
        return all;
      }
      case 'TestUnary':
        return testFile(shell, node.operator, text(node.operand));
      case 'TestBinary': {
        const left = text(node.left);
        if (node.operator === '=~') {
          if (left === CONSENT) return /[yY]/.test(node.right.text) ? true : 'unknown';
          return left.includes(UNKNOWN_TEXT) ? 'unknown' : simpleRegex(left, node.right.value);
        }
        if (['=', '==', '!='].includes(node.operator)) {
          const pattern = expandPattern(shell, node.right, this.substitution);
          const equal =
            left === CONSENT || left.includes(UNKNOWN_TEXT)
              ? compareText(left, '=', text(node.right))
              : matchesText(pattern, left, true);
          if (node.operator !== '!=') return equal;
          return equal === true ? false : equal === false ? true : 'unknown';
        }
        return compareNumbers(shell, left, node.operator, text(node.right));
      }
    }
  }
}

const DECLARATIONS: ReadonlySet<string> = new Set(['export', 'readonly', 'local', 'declare', 'typeset']);

/** `^literal`, `literal$`, `^(a|b)$` without other operators; anything else is unknown, so that no pattern can run away. */
function simpleRegex(text: string, pattern: string): Ok {
  const start = pattern.startsWith('^');
  const end = pattern.endsWith('$');
  const body = pattern.slice(start ? 1 : 0, end ? -1 : undefined);
  if (/[.*+?[\]{}\\]/.test(body)) return 'unknown';
  const choices = /^\((.*)\)$/.exec(body)?.[1]?.split('|') ?? body.split('|');
  return choices.some((choice) => {
    if (start && end) return text === choice;
    if (start) return text.startsWith(choice);
    return end ? text.endsWith(choice) : text.includes(choice);
  });
}
