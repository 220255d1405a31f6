import { UNKNOWN_TEXT } from '../../effect.ts';
import { readJustfile, readMakefile, readTaskfile, runTask, type TaskFile } from '../../scripts/taskfiles.ts';
import type { Call, Ok, Tool } from '../shell.ts';
import { suspects } from './follow.ts';

const FILES = {
  make: { names: ['GNUmakefile', 'makefile', 'Makefile'], read: readMakefile },
  just: { names: ['justfile', 'Justfile', '.justfile'], read: readJustfile },
  task: { names: ['Taskfile.yml', 'Taskfile.yaml', 'taskfile.yml', 'taskfile.yaml'], read: readTaskfile },
} as const;

const VALUED: ReadonlySet<string> = new Set([
  '-C',
  '--directory',
  '-f',
  '--file',
  '--makefile',
  '-j',
  '-l',
  '-I',
  '-o',
  '-W',
  '-d',
  '--dir',
  '--taskfile',
  '--justfile',
  '--working-directory',
]);

function runner(tool: 'make' | 'just' | 'task'): Tool {
  return (call: Call): Ok => {
    const { shell } = call;
    const { run } = shell;
    const names: string[] = [];
    const set = new Map<string, string>();
    let directory: string | null = null;
    let file: string | null = null;
    for (let at = 0; at < call.args.length; at += 1) {
      const arg = call.args[at] ?? '';
      if (arg === '--') break;
      const equals = arg.indexOf('=');
      if (arg.startsWith('-')) {
        const name = equals < 0 ? arg : arg.slice(0, equals);
        let value = equals < 0 ? '' : arg.slice(equals + 1);
        if (/^-j\d*$/.test(name)) {
          if (/^\d+$/.test(call.args[at + 1] ?? '')) at += 1;
          continue;
        }
        if (VALUED.has(name) && equals < 0 && !(tool !== 'task' && name === '-d')) {
          at += 1;
          value = call.args[at] ?? '';
        }
        if (['-C', '--directory', '-d', '--dir', '--working-directory'].includes(name)) directory = value;
        else if (['-f', '--file', '--makefile', '--taskfile', '--justfile'].includes(name)) file = value;
        else if (tool === 'make' && (name === '-n' || name === '--dry-run')) return true;
      } else if (/^\w+=/.test(arg)) set.set(arg.slice(0, equals), arg.slice(equals + 1));
      else names.push(arg);
    }
    if (shell.cwd.includes(UNKNOWN_TEXT)) return 'assumed';
    const inner = shell.spawn(
      run.context.flavour === undefined || run.context.flavour === 'unknown' ? 'dash' : run.context.flavour,
    );
    if (directory !== null) {
      const found = shell.find(directory, true);
      if (found.entry?.kind !== 'directory') return false;
      inner.cwd = found.path;
    }
    for (const [name, value] of set) {
      inner.vars.set(name, value);
      inner.exported.add(name);
    }
    const candidates = file === null ? FILES[tool].names : [file];
    let read: TaskFile | null = null;
    for (const name of candidates) {
      const text = run.tree.text(inner.path(name));
      if (text === null) continue;
      read = FILES[tool].read(text);
      break;
    }
    if (read === null) {
      const meant = suspects(shell, names);
      if (meant !== null)
        run.doubtSessions(
          `there is no ${FILES[tool].names.at(-1) ?? 'task file'} here to read the task from`,
          meant,
          tool,
          shell.via,
        );
      return false;
    }
    for (const name of read.optional ?? []) {
      const value = shell.exported.has(name) ? shell.get(name) : undefined;
      if (value !== undefined && !set.has(name)) set.set(name, value);
    }
    const [first, ...others] = names.length === 0 ? [read.first ?? ''] : names;
    const key = `${tool} ${inner.cwd} ${first ?? ''}`;
    if (first === undefined || run.active.includes(key) || run.active.length > 30) return 'assumed';
    run.active.push(key);
    const seen = new Set<string>();
    let targets = names.length === 0 ? [first] : names;
    const recipe = read.tasks.get(first);
    if (tool === 'just' && recipe !== undefined) {
      // The words after a recipe fill its parameters.
      for (const [index, parameter] of recipe.parameters.entries()) {
        const [name = '', preset] = parameter.split('=');
        const value = others[index] ?? preset?.replace(/^['"]|['"]$/g, '');
        if (value !== undefined) set.set(name, value);
      }
      targets = [first, ...others.slice(recipe.parameters.length)];
    }
    let ok: Ok = true;
    for (const name of targets) {
      if (ok !== false) ok = runTask(call, { file: read, tool, set }, name, inner, seen);
    }
    run.active.pop();
    return ok;
  };
}

export const TASK_TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['make', runner('make')],
  ['gmake', runner('make')],
  ['just', runner('just')],
  ['task', runner('task')],
  ['go-task', runner('task')],
]);
