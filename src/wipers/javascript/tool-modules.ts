import { type CommandEffect, UNKNOWN_TEXT } from '../effect.ts';
import { expandBraces, hasGlob, matchesText } from '../paths.ts';
import { type Files, normal, option } from './files.ts';
import type { Machine } from './machine.ts';
import { listOf } from './statements.ts';
import { Arr, alternativesOf, Func, native, Obj, Settled, textOf, truthy, Unknown, type Value } from './value.ts';

/** Runs a shell command on the same world; given by the shell part. */
export type RunShell = (
  command: string,
  where: { readonly cwd: string; readonly env: ReadonlyMap<string, string>; readonly via: readonly string[] },
) => readonly CommandEffect[];

/** What the tools need beside the machine. */
export interface ToolBox {
  readonly machine: Machine;
  readonly files: Files;
  readonly env: ReadonlyMap<string, string>;
  readonly shell: RunShell | null;
  /** Major version of an installed or declared package. */
  readonly major: (name: string) => number | null;
}

const quote = (word: string): string =>
  /^[\w@%+=:,./\u{E0FF}-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;

/** A command line is run: what it deletes is done here too. */
function runCommand({ machine, files, env, shell }: ToolBox, command: string, options: Value, tool: string): void {
  if (command.replaceAll(UNKNOWN_TEXT, '').trim() === '') {
    files.record('unknown', tool, [], { reason: machine.doubt ?? 'the command is not known' });
    return;
  }
  if (shell === null) return;
  const [cwd] = files.paths(option(options, 'cwd') ?? files.cwd);
  machine.step(200);
  const effects = shell(command, { cwd: cwd ?? files.cwd, env, via: [] });
  for (const effect of effects) {
    const { kind, patterns, glob, recursive, to, tool: by, reason, via, touched } = effect;
    files.record(kind, by, patterns, {
      glob,
      recursive,
      to,
      reason: machine.doubt ?? reason,
      via,
      ...(touched === undefined ? {} : { touched }),
    });
    if (kind === 'delete' || kind === 'move' || kind === 'empty') {
      for (const path of touched ?? []) files.take(path, effect.certainty === 'certain');
    }
  }
}

const output = (): Obj => {
  const made = new Obj([
    ['stdout', UNKNOWN_TEXT],
    ['stderr', UNKNOWN_TEXT],
    ['exitCode', 0],
    ['status', 0],
  ]);
  made.open = true;
  return made;
};

function wordsOf(value: Value): string[] {
  const items = value === undefined ? [] : listOf(value);
  if (items !== null && value instanceof Arr) return items.map((item) => textOf(item));
  if (value instanceof Arr) return [...value.items.map((item) => textOf(item)), UNKNOWN_TEXT];
  return value instanceof Unknown ? [UNKNOWN_TEXT] : [];
}

/** A program with its arguments as one command line. */
function commandLine(file: Value, args: Value, options: Value): string {
  const program = textOf(file).replace(/^.*\/(?=node$)/, '');
  const words = wordsOf(args);
  const inShell = truthy(option(options, 'shell')) === true;
  return inShell ? [program, ...words].join(' ') : [program, ...words].map(quote).join(' ');
}

function lastCallback(args: readonly Value[]): Func | null {
  const last = args.at(-1);
  return last instanceof Func ? last : null;
}

export function childProcess(box: ToolBox): Obj {
  const { machine } = box;
  const done = (args: readonly Value[], result: Value): Value => {
    const callback = lastCallback(args);
    if (callback !== null) machine.call(callback, undefined, [null, UNKNOWN_TEXT, UNKNOWN_TEXT]);
    return result;
  };
  const line = (name: string, result: () => Value): [string, Value] => [
    name,
    native(name, ({ args }) => {
      for (const command of alternativesOf(args[0]))
        runCommand(box, command instanceof Unknown ? UNKNOWN_TEXT : textOf(command), args[1], name);
      return done(args, result());
    }),
  ];
  const program = (name: string, result: () => Value, before = ''): [string, Value] => [
    name,
    native(name, ({ args }) => {
      const listed = args[1] instanceof Arr || args[1] instanceof Unknown;
      const options = listed ? args[2] : args[1];
      runCommand(box, before + commandLine(args[0], listed ? args[1] : undefined, options), options, name);
      return done(args, result());
    }),
  ];
  return new Obj([
    line('exec', childObject),
    line('execSync', () => UNKNOWN_TEXT),
    program('spawn', childObject),
    program('spawnSync', output),
    program('execFile', childObject),
    program('execFileSync', () => UNKNOWN_TEXT),
    program('fork', childObject, 'node '),
  ]);
}

/** A running child: its events come at once. */
function childObject(): Obj {
  const made = new Obj();
  made.kind = 'child';
  made.open = true;
  return made;
}

/** The command of a tagged template, arguments quoted as zx and execa do. */
function templateCommand(args: readonly Value[]): string {
  const [strings, ...values] = args;
  const parts = strings === undefined ? [] : wordsOf(strings);
  return parts
    .map((part, index) => {
      if (index >= values.length) return part;
      const value = values[index];
      const words = value instanceof Arr ? wordsOf(value) : [textOf(value)];
      return part + words.map(quote).join(' ');
    })
    .join('');
}

/** `$` of zx and execa: a tag, or a function that takes options and gives a tag. */
function dollar(box: ToolBox, synchronous = false): Func {
  const made: Func = native('$', ({ args }) => {
    if (!(args[0] instanceof Arr)) return made;
    runCommand(box, templateCommand(args), undefined, '$');
    return synchronous ? output() : new Settled(output());
  });
  if (!synchronous) made.props.set('sync', dollar(box, true));
  return made;
}

export function zxModule(box: ToolBox, modules: (name: string) => Value): Obj {
  const { files } = box;
  const shell = dollar(box);
  const made = new Obj([
    ['$', shell],
    [
      'cd',
      native('cd', ({ args: [path] }) => {
        const [to] = files.paths(path);
        if (to !== undefined) files.cwd = to;
        return undefined;
      }),
    ],
    ['within', native('within', ({ args: [callback] }) => box.machine.call(callback, undefined, []))],
    ['question', native('question', () => new Settled(new Unknown('the answer', null, true)))],
    ['spinner', native('spinner', ({ args }) => box.machine.call(args.at(-1), undefined, []))],
    ['retry', native('retry', ({ args }) => box.machine.call(args.at(-1), undefined, []))],
    ['sleep', native('sleep', () => new Settled(undefined))],
    ['echo', native('echo', () => undefined)],
    ['fs', modules('fs-extra')],
    ['path', modules('path')],
    ['os', modules('os')],
    ['glob', modules('globby')],
    ['chalk', new Unknown('chalk')],
  ]);
  made.open = true;
  return made;
}

export function execaModule(box: ToolBox): Obj {
  const run = (name: string, result: () => Value): Func =>
    native(name, ({ args }) => {
      if (args[0] instanceof Arr) {
        runCommand(box, templateCommand(args), undefined, name);
        return result();
      }
      const listed = args[1] instanceof Arr || args[1] instanceof Unknown;
      const options = listed ? args[2] : args[1];
      runCommand(box, commandLine(args[0], listed ? args[1] : undefined, options), options, name);
      return result();
    });
  const whole = (name: string, result: () => Value): Func =>
    native(name, ({ args }) => {
      runCommand(box, textOf(args[0]), args[1], name);
      return result();
    });
  const later = (): Value => new Settled(output());
  const main = run('execa', later);
  const made: [string, Value][] = [
    ['execa', main],
    ['execaSync', run('execaSync', output)],
    ['execaCommand', whole('execaCommand', later)],
    ['execaCommandSync', whole('execaCommandSync', output)],
    ['execaNode', run('execaNode', later)],
    ['$', dollar(box)],
  ];
  for (const [name, value] of made) main.props.set(name, value);
  main.props.set('command', whole('execa.command', later));
  main.props.set('commandSync', whole('execa.commandSync', output));
  main.props.set('sync', run('execa.sync', output));
  return new Obj([...made, ['default', main]]);
}

/** Globs with negations, as globby, fast-glob and del read them: existing paths. */
function globbed(files: Files, patterns: readonly string[], options: Value, dotDefault: boolean): string[] {
  const [base] = files.paths(option(options, 'cwd') ?? files.cwd);
  const from = base ?? files.cwd;
  const dot = truthy(option(options, 'dot')) ?? dotDefault;
  const found = new Set<string>();
  const expanded = patterns.flatMap((pattern) => expandBraces(pattern));
  const ignored = [
    ...expanded.filter((one) => one.startsWith('!')).map((one) => one.slice(1)),
    ...wordsOf(option(options, 'ignore')),
  ];
  for (const pattern of expanded) {
    if (pattern.startsWith('!')) continue;
    for (const path of files.glob(pattern, from, dot)) found.add(normal(path));
  }
  const excluded = (path: string): boolean =>
    ignored.some((pattern) => {
      const full = normal(pattern.startsWith('/') ? pattern : `${from}/${pattern}`);
      return path === full || matchesText(full, path, true) || path.startsWith(`${full.replace(/\/\*\*$/, '')}/`);
    });
  return [...found].filter((path) => !excluded(path)).sort();
}

function textsOf(value: Value): string[] {
  if (value instanceof Arr) return value.items.flatMap((item) => textsOf(item));
  return alternativesOf(value).flatMap((one) => (typeof one === 'string' ? [one] : []));
}

/** `glob`, `globby`, `fast-glob`, `tinyglobby`, `node:fs` glob: lists of existing paths. */
export function globModule({ machine, files }: ToolBox): Func {
  const list = (args: readonly Value[]): Arr => {
    const patterns = textsOf(args[0]);
    if (patterns.length === 0 || patterns.some((pattern) => pattern.includes(UNKNOWN_TEXT))) {
      const made = new Arr();
      made.open = true;
      return made;
    }
    const absolute = truthy(option(args[1], 'absolute')) === true;
    const [base] = files.paths(option(args[1], 'cwd') ?? files.cwd);
    const prefix = `${base ?? files.cwd}/`;
    return new Arr(
      globbed(files, patterns, args[1], false).map((path) =>
        !absolute && path.startsWith(prefix) ? path.slice(prefix.length) : path,
      ),
    );
  };
  const main = native('glob', ({ args }) => {
    const callback = lastCallback(args);
    if (callback === null) return new Settled(list(args));
    machine.call(callback, undefined, [null, list(args)]);
    return undefined;
  });
  const sync = native('globSync', ({ args }) => list(args));
  for (const name of ['sync', 'globSync', 'globbySync']) main.props.set(name, sync);
  for (const name of ['glob', 'globby', 'default']) main.props.set(name, main);
  return main;
}

/** Take what a deletion tool was given. */
function removeAll({ files }: ToolBox, tool: string, value: Value, asGlob: boolean, options: Value): void {
  const paths = textsOf(value);
  if (paths.length === 0 || value instanceof Unknown || (value instanceof Arr && value.open)) {
    if (value instanceof Unknown && value.alternatives === null)
      files.record('unknown', tool, [], { reason: `the path is not known (${value.from})` });
    if (value instanceof Arr && value.open)
      files.record('unknown', tool, [], { reason: 'the list of paths is not known' });
  }
  if (!asGlob) {
    for (const path of paths) {
      const absolute = files.absolute(path);
      if (absolute.replaceAll(UNKNOWN_TEXT, '').replaceAll('/', '') === '')
        files.record('unknown', tool, [], { reason: 'the path is not known' });
      else files.remove(absolute, tool, { recursive: true, force: true });
    }
    return;
  }
  const matches = globbed(files, paths, options, truthy(option(options, 'dot')) ?? false);
  const [base] = files.paths(option(options, 'cwd') ?? files.cwd);
  const shown = paths.map((path) => (path.startsWith('!') ? path : files.absolute(path, base)));
  if (shown.length > 0)
    files.record(
      'delete',
      tool,
      shown.filter((path) => !path.startsWith('!')),
      { recursive: true, glob: paths.some((path) => hasGlob(path)), touched: matches },
    );
  for (const path of matches) files.take(path, true);
}

export function rimrafModule(box: ToolBox): Func {
  const { machine } = box;
  const globs = (args: readonly Value[]): boolean => {
    const [, options] = args;
    const asked = option(options, 'glob');
    if (asked !== undefined) return truthy(asked) === true || asked instanceof Obj;
    return args.some((arg) => arg instanceof Func) || (box.major('rimraf') ?? 6) < 4;
  };
  const act = (args: readonly Value[]): void =>
    removeAll(box, 'rimraf', args[0] instanceof Arr ? args[0] : args[0], globs(args), args[1]);
  const main = native('rimraf', ({ args }) => {
    const callback = lastCallback(args);
    act(args);
    if (callback !== null) machine.call(callback, undefined, [null]);
    return new Settled(true);
  });
  const sync = native('rimrafSync', ({ args }) => {
    act(args);
    return true;
  });
  for (const name of ['rimraf', 'default', 'native', 'manual', 'moveRemove', 'posix', 'windows'])
    main.props.set(name, main);
  for (const name of ['sync', 'rimrafSync', 'nativeSync']) main.props.set(name, sync);
  return main;
}

export function delModule(box: ToolBox): Func {
  const main = native('del', ({ args }) => {
    removeAll(box, 'del', args[0], true, args[1]);
    return new Settled(new Arr());
  });
  const sync = native('deleteSync', ({ args }) => {
    removeAll(box, 'del', args[0], true, args[1]);
    return new Arr();
  });
  for (const name of ['deleteAsync', 'default']) main.props.set(name, main);
  for (const name of ['deleteSync', 'sync']) main.props.set(name, sync);
  return main;
}

/** `trash`, `premove`, `fs-jetpack.remove` and others that take a path and remove it with all it holds. */
export function plainRemover(box: ToolBox, tool: string): Func {
  const main = native(tool, ({ args }) => {
    const callback = lastCallback(args);
    removeAll(box, tool, args[0], false, args[1]);
    if (callback !== null) box.machine.call(callback, undefined, [null]);
    return new Settled(undefined);
  });
  for (const name of ['default', 'sync', 'premove', 'remove']) main.props.set(name, main);
  return main;
}

export function shelljsModule(box: ToolBox): Obj {
  const { files } = box;
  const split = (args: readonly Value[]): { flags: string; operands: string[] } => {
    const words = args.flatMap((arg) => textsOf(arg));
    const [first] = words;
    if (args[0] instanceof Obj) {
      const flags = [...args[0].props]
        .filter(([, value]) => value === true)
        .map(([key]) => key.replace(/^-/, ''))
        .join('');
      return { flags, operands: words };
    }
    return first?.startsWith('-') === true
      ? { flags: first.slice(1), operands: words.slice(1) }
      : { flags: '', operands: words };
  };
  const expand = (operands: readonly string[]): string[] =>
    operands.flatMap((operand) => (hasGlob(operand) ? files.glob(operand) : [files.absolute(operand)]));
  const made = new Obj([
    [
      'rm',
      native('rm', ({ args }) => {
        const { flags, operands } = split(args);
        const recursive = /[rR]/.test(flags);
        const shown = operands.map((operand) => files.absolute(operand));
        for (const path of expand(operands)) {
          const { entry } = files.find(path);
          if (entry !== null && entry.kind === 'directory' && !recursive) continue;
          if (path.includes(UNKNOWN_TEXT) || entry !== null) files.remove(path, 'shell.rm', { recursive, force: true });
        }
        if (shown.length > 0 && operands.some((one) => hasGlob(one)))
          files.record('delete', 'shell.rm', shown, { recursive, glob: true, touched: [] });
        return output();
      }),
    ],
    [
      'mv',
      native('mv', ({ args }) => {
        const { operands } = split(args);
        const to = operands.at(-1);
        if (to === undefined) return output();
        const target = files.absolute(to);
        for (const path of expand(operands.slice(0, -1))) {
          const into =
            files.kind(target, true) === 'directory' ? `${target}/${path.slice(path.lastIndexOf('/') + 1)}` : target;
          if (files.find(path).entry !== null) files.move(path, into, 'shell.mv');
        }
        return output();
      }),
    ],
    [
      'cd',
      native('cd', ({ args: [path] }) => {
        const [to] = files.paths(path);
        if (to !== undefined) files.cwd = to;
        return output();
      }),
    ],
    ['pwd', native('pwd', () => files.cwd)],
    [
      'exec',
      native('exec', ({ args }) => {
        runCommand(box, textOf(args[0]), args[1], 'shell.exec');
        return output();
      }),
    ],
    [
      'test',
      native('test', ({ args: [flag, path] }) => {
        const [at] = files.paths(path);
        if (at === undefined) return new Unknown('test');
        const kind = files.kind(at, true);
        if (flag === '-d') return kind === 'directory';
        if (flag === '-f') return kind === 'file';
        return flag === '-e' ? kind !== null : new Unknown('test');
      }),
    ],
    [
      'ls',
      native('ls', ({ args }) => {
        const { operands } = split(args);
        const names = (operands.length === 0 ? ['.'] : operands).flatMap((operand) => {
          const paths = hasGlob(operand) ? files.glob(operand) : [files.absolute(operand)];
          return paths.flatMap((path) => {
            const { entry } = files.find(path, true);
            if (entry?.kind !== 'directory' || hasGlob(operand)) return entry === null ? [] : [path];
            return files.tree.names(entry).filter((name) => !name.startsWith('.'));
          });
        });
        return new Arr(names);
      }),
    ],
    [
      'mkdir',
      native('mkdir', ({ args }) => {
        for (const operand of split(args).operands) files.makeDirectories(files.absolute(operand));
        return output();
      }),
    ],
    ['echo', native('echo', () => output())],
    ['which', native('which', () => new Unknown('which'))],
    ['exit', native('exit', () => undefined)],
  ]);
  made.props.set('default', made);
  made.open = true;
  return made;
}

/** Everything that asks a person; the answer counts as a yes. */
export function promptModule(machine: Machine, callable: boolean): Obj {
  const consent = new Unknown('the answer', null, true);
  const ask = native('question', ({ args }) => {
    const callback = lastCallback(args);
    if (callback !== null) {
      machine.call(callback, undefined, [consent]);
      return undefined;
    }
    return new Settled(consent);
  });
  const create = native('createInterface', () => {
    const made = new Obj([
      ['question', ask],
      [
        'on',
        native('on', ({ args: [name, callback] }) => {
          if (name === 'line') machine.call(callback, undefined, [consent]);
          return undefined;
        }),
      ],
      ['close', native('close', () => undefined)],
    ]);
    made.open = true;
    return made;
  });
  const made = new Obj([
    ['createInterface', create],
    ['question', ask],
    ['promises', new Obj([['createInterface', create]])],
  ]);
  if (callable) made.props.set('default', ask);
  for (const name of ['prompt', 'confirm', 'keyInYN', 'keyInYNStrict', 'input', 'select']) {
    made.props.set(name, name === 'keyInYN' || name === 'keyInYNStrict' ? native(name, () => consent) : ask);
  }
  return made;
}
