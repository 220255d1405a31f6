import { absolutePath } from '../../../model/path.ts';
import { UNKNOWN_TEXT } from '../../effect.ts';
import { succeeded } from '../interpreter.ts';
import { type Call, CONSENT, type Ok, type Shell, type Tool } from '../shell.ts';
import { testWords } from '../test-command.ts';

const cd: Tool = ({ args, shell, io }) => {
  const words = args.filter((arg) => !/^-[LPe@]+$/.test(arg) && arg !== '--');
  let to = words[0];
  if (to === undefined) to = shell.get('HOME') ?? shell.run.context.home ?? `/${UNKNOWN_TEXT}`;
  if (to === '-') {
    to = shell.before;
    io.output?.write(`${to}\n`);
  }
  if (to === '') return true;
  const go = (path: string): Ok => {
    shell.before = shell.cwd;
    shell.cwd = path;
    return true;
  };
  const full = to.startsWith('/') || to.startsWith(UNKNOWN_TEXT) ? to : `${shell.cwd}/${to}`;
  if (full.includes(UNKNOWN_TEXT)) return go(full.startsWith('/') ? full : `/${full}`);
  if (shell.container !== null) return go(absolutePath(full));
  const { entry, path } = shell.find(to, true);
  if (entry === null || entry.kind !== 'directory') return false;
  return go(path);
};

const exit = (kind: 'exit' | 'return'): Tool => {
  return ({ args, shell }) => {
    const [code] = args;
    const ok: Ok = code === undefined ? shell.last : /^\d+$/.test(code) ? Number(code) % 256 === 0 : 'unknown';
    shell.flow = { kind, levels: 0, ok };
    return ok;
  };
};

const leave = (kind: 'break' | 'continue'): Tool => {
  return ({ args, shell }) => {
    shell.flow = { kind, levels: Math.max(1, Number(args[0] ?? 1) || 1), ok: true };
    return true;
  };
};

const read: Tool = ({ args, shell, io }) => {
  const names: string[] = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (/^-[a-zA-Z]*[pdntNua]$/.test(arg)) at += 1;
    else if (!arg.startsWith('-')) names.push(arg);
  }
  if (names.length === 0) names.push('REPLY');
  if (io.input.text === null) {
    for (const name of names) shell.vars.set(name, CONSENT);
    return true;
  }
  const line = io.input.line();
  if (line === null) {
    for (const name of names) shell.vars.set(name, '');
    return false;
  }
  const ifs = shell.get('IFS');
  const words =
    ifs === '' || line.includes(UNKNOWN_TEXT) ? [line] : line.trim().split(ifs === undefined ? /[ \t]+/ : ifs);
  for (const [index, name] of names.entries()) {
    const last = index === names.length - 1;
    shell.vars.set(name, last ? words.slice(index).join(' ') : (words[index] ?? ''));
  }
  return true;
};

const declare: Tool = ({ args, shell, name }) => {
  for (const arg of args) {
    if (arg.startsWith('-')) continue;
    const equals = arg.indexOf('=');
    const variable = equals < 0 ? arg : arg.slice(0, equals);
    if (equals > 0 && /^\w+$/.test(variable)) shell.set(variable, arg.slice(equals + 1));
    if (name === 'export' && /^\w+$/.test(variable)) shell.exported.add(variable);
  }
  return true;
};

const unset: Tool = ({ args, shell }) => {
  for (const arg of args) {
    shell.vars.delete(arg);
    shell.arrays.delete(arg);
    if (args.includes('-f')) shell.functions.delete(arg);
  }
  return true;
};

const set: Tool = ({ args, shell }) => {
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      shell.args = args.slice(at + 1);
      return true;
    }
    if (!/^[-+][a-zA-Z]+$/.test(arg)) {
      shell.args = args.slice(at);
      return true;
    }
    const on = arg.startsWith('-');
    for (const letter of arg.slice(1)) {
      if (letter === 'o') {
        at += 1;
        // dash 0.5.12 does not know this option, and a mistake in a special built-in ends the shell.
        if (args[at] === 'pipefail' && shell.flavour === 'dash') {
          shell.flow = { kind: 'exit', levels: 0, ok: false };
          return false;
        }
        shell.option(args[at] ?? '', on);
      } else shell.option(letter, on);
    }
  }
  return true;
};

const shopt: Tool = ({ args, shell }) => {
  const on = args.includes('-s');
  for (const name of args) {
    if (name === 'extglob') shell.extglob = on;
    if (name === 'globstar') shell.globstar = on;
    if (name === 'dotglob') shell.dotglob = on;
    if (name === 'nullglob') shell.nullglob = on;
  }
  return true;
};

const source: Tool = (call) => {
  const [file, ...args] = call.args;
  const { shell } = call;
  if (file === undefined) return false;
  if (file.includes(UNKNOWN_TEXT)) return 'unknown';
  const text = shell.run.tree.text(shell.path(file));
  const { entry } = shell.find(file, true);
  if (entry === null) {
    // A special built-in: dash stops when the file is missing.
    if (shell.flavour === 'dash') shell.flow = { kind: 'exit', levels: 0, ok: false };
    return false;
  }
  if (text === null) return 'unknown';
  const before = shell.args;
  if (args.length > 0) shell.args = args;
  const { via } = shell;
  shell.via = [...via, file];
  shell.depth += 1;
  const ok = shell.run.engine.source(shell, text, call.io);
  shell.depth -= 1;
  shell.via = via;
  shell.args = before;
  const flow = shell.flow as Shell['flow'];
  if (flow?.kind === 'return') {
    shell.flow = null;
    return flow.ok;
  }
  return ok;
};

const evaluate: Tool = ({ args, shell, io }) => {
  const text = args.join(' ');
  if (text.includes(UNKNOWN_TEXT)) {
    // `eval "$(ssh-agent)"`, `eval $(…)`: environments; the rest of the text would have to be a deletion by itself.
    if (!/\b(?:rm|rimraf|unlink|clean|delete)\b/.test(text)) return 'assumed';
  }
  shell.depth += 1;
  const ok = shell.run.engine.source(shell, text, io);
  shell.depth -= 1;
  return ok;
};

const trap: Tool = ({ args, shell }) => {
  const [command, ...signals] = args;
  if (command !== undefined && signals.some((name) => name === 'EXIT' || name === '0')) {
    shell.exitTrap = command === '-' ? null : command;
  }
  return true;
};

const shift: Tool = ({ args, shell }) => {
  const count = Number(args[0] ?? 1);
  if (!Number.isInteger(count) || count > shell.args.length) return false;
  shell.args = shell.args.slice(count);
  return true;
};

const pushd: Tool = (call) => {
  const { shell } = call;
  const back = shell.get('DIRSTACK_') ?? '';
  const here = shell.cwd;
  const ok = cd(call);
  if (ok === true) shell.vars.set('DIRSTACK_', `${here}\n${back}`);
  return ok;
};

const popd: Tool = (call) => {
  const { shell } = call;
  const [top, ...rest] = (shell.get('DIRSTACK_') ?? '').split('\n');
  if (top === undefined || top === '') return false;
  shell.vars.set('DIRSTACK_', rest.join('\n'));
  return cd({ ...call, args: [top] });
};

const test: Tool = ({ args, shell, name }) => {
  if (name !== '[') return testWords(shell, args);
  return args.at(-1) === ']' ? testWords(shell, args.slice(0, -1)) : false;
};

function runWords(call: Call): Ok {
  const [head, ...rest] = call.args;
  if (head === undefined) return true;
  return call.shell.run.engine.execute({ ...call, name: head, args: rest, raws: call.raws.slice(1) });
}

const execTool: Tool = (call) => {
  if (call.args.length === 0) return true;
  const ok = runWords(call);
  call.shell.flow = { kind: 'exit', levels: 0, ok: succeeded(ok) ? true : ok };
  return ok;
};

const onlyBash =
  (tool: Tool): Tool =>
  (call) =>
    call.shell.flavour === 'dash' ? false : tool(call);

export const BUILTINS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['cd', cd],
  ['chdir', cd],
  [':', () => true],
  ['true', () => true],
  ['false', () => false],
  ['exit', exit('exit')],
  ['return', exit('return')],
  ['break', leave('break')],
  ['continue', leave('continue')],
  ['read', read],
  ['export', declare],
  ['readonly', declare],
  ['local', declare],
  ['declare', onlyBash(declare)],
  ['typeset', onlyBash(declare)],
  ['unset', unset],
  ['set', set],
  ['shopt', onlyBash(shopt)],
  ['.', source],
  ['source', onlyBash(source)],
  ['eval', evaluate],
  ['trap', trap],
  ['shift', shift],
  ['pushd', onlyBash(pushd)],
  ['popd', onlyBash(popd)],
  ['test', test],
  ['[', test],
  ['exec', execTool],
  ['builtin', onlyBash(runWords)],
]);
