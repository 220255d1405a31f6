import { UNKNOWN_TEXT } from '../effect.ts';
import type { Call, Ok, Shell } from '../shell/shell.ts';

/** How deep prerequisites are followed. */
const DEPTH_LIMIT = 20;
const LINE_LIMIT = 20_000;

export interface Task {
  readonly name: string;
  readonly line: number;
  /** Tasks that run before. */
  readonly needs: readonly string[];
  /** Commands with their prefixes (`@`, `-`) taken off; each runs in a shell of its own unless `oneShell`. */
  readonly commands: readonly { readonly text: string; readonly ignoresFailure: boolean }[];
  /** Names of parameters, filled from the arguments. */
  readonly parameters: readonly string[];
  readonly shebang: boolean;
}

export interface TaskFile {
  readonly tasks: ReadonlyMap<string, Task>;
  readonly first: string | null;
  readonly variables: ReadonlyMap<string, string>;
  /** Variables set with `?=`: the environment wins. */
  readonly optional?: ReadonlySet<string>;
}

function command(text: string): { text: string; ignoresFailure: boolean } {
  const prefix = /^\s*[-@+]*/.exec(text)?.[0] ?? '';
  return { text: text.slice(prefix.length), ignoresFailure: prefix.includes('-') };
}

/** Read a Makefile: plain rules, prerequisites, simple variables. Conditionals are read as if all of their branches held. */
export function readMakefile(text: string): TaskFile {
  const tasks = new Map<string, Task>();
  const variables = new Map<string, string>();
  const optional = new Set<string>();
  let first: string | null = null;
  let open: string[] = [];
  const lines = text
    .replace(/\\\r?\n[ \t]*/g, ' ')
    .split(/\r?\n/)
    .slice(0, LINE_LIMIT);
  for (const [index, line] of lines.entries()) {
    if (line.startsWith('\t')) {
      if (line.trim() === '' || line.trim().startsWith('#')) continue;
      for (const name of open) {
        const task = tasks.get(name);
        if (task !== undefined) tasks.set(name, { ...task, commands: [...task.commands, command(line.slice(1))] });
      }
      continue;
    }
    const variable = /^(?:export\s+|override\s+)?([A-Za-z_][\w.-]*)\s*(\?|:|::|\+)?=\s*(.*)$/.exec(line);
    if (variable !== null) {
      const [, name = '', operator, value = ''] = variable;
      const before = variables.get(name);
      if (operator === '?' && before === undefined) optional.add(name);
      if (operator === '+') variables.set(name, `${before ?? ''} ${value}`.trim());
      else if (operator !== '?' || before === undefined) variables.set(name, value.replace(/\s+#.*$/, '').trim());
      continue;
    }
    const rule = /^([^\s:#=][^:#=]*)\s*::?(?!=)\s*([^;#]*)(?:;(.*))?$/.exec(line);
    if (rule === null) continue;
    const names = (rule[1] ?? '').trim().split(/\s+/);
    open = names;
    for (const name of names) {
      if (first === null && !name.startsWith('.')) first = name;
      const before = tasks.get(name);
      tasks.set(name, {
        name,
        line: before?.line ?? index + 1,
        needs: [
          ...(before?.needs ?? []),
          ...(rule[2] ?? '')
            .replace('|', ' ')
            .split(/\s+/)
            .filter((need) => need !== ''),
        ],
        commands: [...(before?.commands ?? []), ...(rule[3] === undefined ? [] : [command(rule[3])])],
        parameters: [],
        shebang: false,
      });
    }
  }
  return { tasks, first, variables, optional };
}

/** Read a justfile: recipes with parameters and dependencies, variables. */
export function readJustfile(text: string): TaskFile {
  const tasks = new Map<string, Task>();
  const variables = new Map<string, string>();
  let first: string | null = null;
  let open: string | null = null;
  for (const [index, line] of text.split(/\r?\n/).slice(0, LINE_LIMIT).entries()) {
    if (/^[ \t]/.test(line)) {
      const task = open === null ? undefined : tasks.get(open);
      if (task === undefined || line.trim() === '') continue;
      const shebang = task.shebang || (task.commands.length === 0 && line.trim().startsWith('#!'));
      tasks.set(task.name, { ...task, shebang, commands: [...task.commands, command(line)] });
      continue;
    }
    const variable = /^(?:export\s+)?([\w-]+)\s*:=\s*(.*)$/.exec(line);
    if (variable !== null) {
      const value = (variable[2] ?? '').trim();
      const plain = /^(?:'([^']*)'|"([^"]*)")$/.exec(value);
      variables.set(variable[1] ?? '', plain?.[1] ?? plain?.[2] ?? UNKNOWN_TEXT);
      continue;
    }
    const recipe = /^@?([\w-]+)((?:\s+[^:]*)?):(?!=)\s*(.*)$/.exec(line);
    if (recipe === null || line.startsWith('set ') || line.startsWith('alias ')) continue;
    const name = recipe[1] ?? '';
    first ??= name;
    open = name;
    tasks.set(name, {
      name,
      line: index + 1,
      needs: (recipe[3] ?? '')
        .replace(/&&/g, ' ')
        .replace(/[()]/g, ' ')
        .split(/\s+/)
        .filter((need) => /^[\w-]+$/.test(need)),
      commands: [],
      parameters: (recipe[2] ?? '')
        .trim()
        .split(/\s+/)
        .filter((word) => word !== '')
        .map((word) => word.replace(/^[*+$]+/, '')),
      shebang: false,
    });
  }
  return { tasks, first, variables };
}

/** Read a Taskfile.yml by indentation: tasks, cmds (strings, `cmd:`, `task:`), deps, vars. */
export function readTaskfile(text: string): TaskFile {
  const tasks = new Map<string, Task>();
  const variables = new Map<string, string>();
  let section = '';
  let name: string | null = null;
  let list = '';
  let block: { indent: number; parts: string[] } | null = null;
  let base = 2;
  const add = (change: (task: Task) => Task): void => {
    const task = name === null ? undefined : tasks.get(name);
    if (task !== undefined) tasks.set(task.name, change(task));
  };
  const plain = (value: string): string => {
    const match = /^(?:'((?:[^']|'')*)'|"((?:[^"\\]|\\.)*)")\s*$/.exec(value.trim());
    return match === null ? value.trim() : (match[1]?.replaceAll("''", "'") ?? match[2]?.replace(/\\(.)/g, '$1') ?? '');
  };
  const push = (value: string): void =>
    add((task) => ({ ...task, commands: [...task.commands, { text: value, ignoresFailure: false }] }));
  const flush = (): void => {
    if (block !== null) push(block.parts.join('\n'));
    block = null;
  };
  for (const [index, line] of text.split(/\r?\n/).slice(0, LINE_LIMIT).entries()) {
    const indent = line.search(/\S/);
    if (block !== null && (indent < 0 || indent >= (block as { indent: number }).indent)) {
      (block as { parts: string[] }).parts.push(line.trim());
      continue;
    }
    flush();
    if (indent < 0 || line.trim().startsWith('#')) continue;
    if (indent === 0) {
      section = /^([\w-]+)\s*:/.exec(line)?.[1] ?? '';
      name = null;
      continue;
    }
    if (section === 'vars') {
      const match = /^\s+(\w+)\s*:\s*(.+)$/.exec(line);
      if (match !== null)
        variables.set(match[1] ?? '', /^\{/.test(match[2] ?? '') ? UNKNOWN_TEXT : plain(match[2] ?? ''));
      continue;
    }
    if (section !== 'tasks') continue;
    if (name === null) base = indent;
    if (indent === base) {
      const match = /^\s+['"]?([^'":]+(?::[^'":\s]+)*)['"]?\s*:\s*(.*)$/.exec(line);
      if (match === null) continue;
      name = (match[1] ?? '').trim();
      list = 'cmds';
      tasks.set(name, { name, line: index + 1, needs: [], commands: [], parameters: [], shebang: false });
      const value = (match[2] ?? '').trim();
      if (value !== '' && !value.startsWith('#')) push(plain(value));
      continue;
    }
    const key = /^\s+(cmds|cmd|deps|vars|env|sources|generates|preconditions|status)\s*:\s*(.*)$/.exec(line);
    if (key !== null && !line.trim().startsWith('-')) {
      list = key[1] ?? '';
      const value = (key[2] ?? '').trim();
      if (list === 'cmd' && value !== '') push(plain(value));
      if (list === 'deps') {
        const needs =
          /^\[(.*)\]$/
            .exec(value)?.[1]
            ?.split(',')
            .map((need) => plain(need)) ?? [];
        add((task) => ({ ...task, needs: [...task.needs, ...needs] }));
      }
      if (list === 'cmds' && value.startsWith('[')) for (const item of value.slice(1, -1).split(',')) push(plain(item));
      continue;
    }
    const item = /^\s+-\s+(.*)$/.exec(line);
    if (item === null) continue;
    const value = (item[1] ?? '').trim();
    const named = /^(task|cmd)\s*:\s*(.*)$/.exec(value);
    if (list === 'deps') add((task) => ({ ...task, needs: [...task.needs, plain(named?.[2] ?? value)] }));
    else if (list === 'cmds' || list === 'cmd') {
      const text_ = named?.[2] ?? value;
      if (/^[|>][-+]?$/.test(text_)) block = { indent: indent + 2, parts: [] };
      else if (named?.[1] === 'task') push(`task ${plain(text_)}`);
      else push(plain(text_));
    }
  }
  flush();
  const [first] = tasks.keys();
  return { tasks, first: tasks.has('default') ? 'default' : (first ?? null), variables };
}

interface Runner {
  readonly file: TaskFile;
  readonly tool: 'make' | 'just' | 'task';
  readonly set: ReadonlyMap<string, string>;
}

function substitute(runner: Runner, task: Task, text: string, depth = 0): string {
  if (depth > 8 || text.length > 100_000) return text;
  const value = (name: string): string | null => {
    const found = runner.set.get(name) ?? runner.file.variables.get(name);
    return found === undefined ? null : substitute(runner, task, found, depth + 1);
  };
  if (runner.tool === 'make') {
    return text.replace(
      /\$\$|\$\(([^()]*(?:\([^()]*\)[^()]*)*)\)|\$\{([^{}]*)\}|\$([@<^*?%\w])/g,
      (whole, a?: string, b?: string, c?: string) => {
        if (whole === '$$') return '$';
        const name = a ?? b ?? c ?? '';
        if (name === '@') return task.name;
        if (name === '<') return task.needs[0] ?? '';
        if (name === '^') return task.needs.join(' ');
        if (/^(?:CURDIR|PWD)$/.test(name)) return '.';
        if (name === 'MAKE') return 'make';
        if (name === 'RM') return 'rm -f';
        if (/^shell\s/.test(name)) return `$(${name.slice(6)})`;
        if (/^(?:wildcard)\s/.test(name)) return name.slice(9);
        if (/\s/.test(name)) return UNKNOWN_TEXT;
        return value(name) ?? '';
      },
    );
  }
  if (runner.tool === 'just')
    return text.replace(/\{\{\s*([^{}]*?)\s*\}\}/g, (_, name: string) => value(name) ?? UNKNOWN_TEXT);
  return text.replace(
    /\{\{-?\s*\.?([^{}]*?)\s*-?\}\}/g,
    (_, name: string) => value(name) ?? (name === 'CLI_ARGS' ? '' : UNKNOWN_TEXT),
  );
}

/** Run a task with what it needs, in the directory of its file. */
export function runTask(call: Call, runner: Runner, name: string, shell: Shell, seen: Set<string>, depth = 0): Ok {
  const task = runner.file.tasks.get(name);
  if (task === undefined) return depth !== 0;
  if (seen.has(name) || depth > DEPTH_LIMIT) return true;
  seen.add(name);
  for (const need of task.needs) {
    const ok = runTask(call, runner, substitute(runner, task, need), shell, seen, depth + 1);
    if (ok === false) return false;
  }
  const run = (text: string): Ok => {
    const inner = shell.spawn(shell.flavour, [...shell.via, `${runner.tool} ${name}`]);
    const ok = shell.run.engine.source(inner, text, call.io);
    return inner.flow?.kind === 'exit' ? inner.flow.ok : ok;
  };
  if (task.shebang) return run(substitute(runner, task, task.commands.map(({ text }) => text).join('\n')));
  for (const { text, ignoresFailure } of task.commands) {
    if (run(substitute(runner, task, text)) === false && !ignoresFailure) return false;
  }
  return true;
}
