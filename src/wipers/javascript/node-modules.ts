import { posix } from 'node:path';
import { UNKNOWN_TEXT } from '../effect.ts';
import { type Files, fault, option } from './files.ts';
import { Thrown } from './flow.ts';
import type { Machine } from './machine.ts';
import { fromData } from './members.ts';
import {
  Arr,
  alternativesOf,
  choice,
  Func,
  native,
  nativeObject,
  Obj,
  Settled,
  textOf,
  truthy,
  Unknown,
  type Value,
} from './value.ts';

type Action = (args: readonly Value[]) => Value;

/** Run an action for each path that an argument can mean; when there are several, each only may happen. */
function forPaths(machine: Machine, files: Files, value: Value, tool: string, act: (path: string) => Value): Value {
  const paths = files.paths(value);
  const [only] = paths;
  const several = alternativesOf(value).length > 1 && !(value instanceof Arr);
  if (only === undefined) {
    if (value instanceof Unknown || (typeof value === 'string' && value.includes(UNKNOWN_TEXT)))
      unknownPath(files, value, tool);
    return undefined;
  }
  if (!several && paths.length === 1) return act(only);
  let last: Value;
  for (const path of paths) {
    if (several) last = machine.maybe('the path is one of several', () => act(path)).value ?? undefined;
    else last = act(path);
  }
  return last;
}

function unknownPath(files: Files, value: Value, tool: string): void {
  const text = value instanceof Unknown ? value.from : 'the path';
  files.record('unknown', tool, [], { reason: `the path is not known (${text})` });
}

/** What an action without a result gives. */
function nothing(_done: unknown): undefined {
  return undefined;
}

/** Each action of `fs`, as it is without `Sync`, callbacks or promises. */
function actions(machine: Machine, files: Files): Readonly<Record<string, Action>> {
  const yes = (options: Value, name: string): boolean => {
    const value = option(options, name);
    return truthy(value) ?? true;
  };
  const on = (tool: string, act: (path: string, args: readonly Value[]) => Value): Action => {
    return (args) => forPaths(machine, files, args[0], tool, (path) => act(path, args));
  };
  const look = (act: (path: string, args: readonly Value[]) => Value, otherwise: Value): Action => {
    return (args) => {
      const paths = files.paths(args[0]);
      const [path] = paths;
      if (path === undefined) return otherwise;
      return paths.length === 1
        ? act(path, args)
        : choice(
            paths.map((one) => machine.maybe('the path is one of several', () => act(one, args)).value ?? undefined),
          );
    };
  };
  const two = (tool: string, act: (from: string, to: string) => void): Action => {
    return (args) => {
      const [to] = files.paths(args[1]);
      return forPaths(machine, files, args[0], tool, (from) => nothing(act(from, to ?? UNKNOWN_TEXT)));
    };
  };
  const writes = on('fs.writeFile', (path, [, data]) =>
    nothing(files.write(path, 'fs.writeFile', typeof data === 'string' && !data.includes(UNKNOWN_TEXT) ? data : null)),
  );
  const makes = on('fs.mkdir', (path) => nothing(files.makeDirectories(path)));
  const read: Action = look((path, args) => {
    const text = files.text(path);
    if (text === null && !machine.exploring && !path.includes(UNKNOWN_TEXT) && files.kind(path, true) === null)
      throw fault('ENOENT', path);
    return text !== null && args.length > 1 ? text : text === null ? new Unknown('the content of a file') : text;
  }, new Unknown('the content of a file'));
  const removeAll = on('fs.remove', (path) =>
    nothing(files.remove(path, 'fs.remove', { recursive: true, force: true })),
  );
  const empty = on('fs.emptyDir', (path) => nothing(files.empty(path, 'fs.emptyDir')));
  const exists = look((path) => files.exists(path), new Unknown('whether a file exists'));
  return {
    rm: on('fs.rm', (path, [, options]) =>
      nothing(files.remove(path, 'fs.rm', { recursive: yes(options, 'recursive'), force: yes(options, 'force') })),
    ),
    rmdir: on('fs.rmdir', (path, [, options]) =>
      nothing(files.remove(path, 'fs.rmdir', { recursive: yes(options, 'recursive'), force: false, directory: true })),
    ),
    unlink: on('fs.unlink', (path) => nothing(files.remove(path, 'fs.unlink', { recursive: false, force: false }))),
    remove: removeAll,
    rimraf: removeAll,
    emptyDir: empty,
    emptydir: empty,
    rename: two('fs.rename', (from, to) => files.move(from, to, 'fs.rename')),
    move: two('fs.move', (from, to) => files.move(from, to, 'fs.move')),
    copyFile: two('fs.copyFile', (from, to) => files.copy(from, to, 'fs.copyFile')),
    cp: two('fs.cp', (from, to) => files.copy(from, to, 'fs.cp')),
    copy: two('fs.copy', (from, to) => files.copy(from, to, 'fs.copy')),
    truncate: on('fs.truncate', (path) => nothing(files.write(path, 'fs.truncate', null))),
    writeFile: writes,
    outputFile: writes,
    appendFile: () => undefined,
    writeJson: writes,
    outputJson: writes,
    mkdir: makes,
    mkdirp: makes,
    mkdirs: makes,
    ensureDir: makes,
    ensureFile: () => undefined,
    mkdtemp: () => `/tmp/${UNKNOWN_TEXT}`,
    exists,
    pathExists: exists,
    access: look((path) => {
      const found = files.exists(path);
      if (found === false && !machine.exploring) throw fault('ENOENT', path);
      return undefined;
    }, undefined),
    stat: look((path) => files.status(path, true), new Unknown('the status of a file')),
    lstat: look((path) => files.status(path, false), new Unknown('the status of a file')),
    readdir: (args) => {
      const [path] = files.paths(args[0]);
      if (path !== undefined) return files.list(path, args[1]);
      const made = new Arr();
      made.open = true;
      return made;
    },
    opendir: (args) => {
      const [path] = files.paths(args[0]);
      return path === undefined ? new Unknown('a directory') : files.list(path, new Obj([['withFileTypes', true]]));
    },
    readFile: read,
    readJson: (args) => {
      const text = read([args[0], 'utf8']);
      try {
        return typeof text === 'string' ? fromData(JSON.parse(text)) : text;
      } catch {
        return new Unknown('a JSON file');
      }
    },
    realpath: look((path) => {
      if (path.includes(UNKNOWN_TEXT)) return path;
      const found = files.find(path, true);
      if (found.entry === null && !machine.exploring) throw fault('ENOENT', path);
      return found.path;
    }, UNKNOWN_TEXT),
    readlink: () => new Unknown('the target of a link'),
    chmod: () => undefined,
    utimes: () => undefined,
    close: () => undefined,
  };
}

/** `fs`, `fs-extra` and `graceful-fs`: every action as `…Sync`, with a callback, and as a promise. */
export function fileModule(machine: Machine, files: Files): { fs: Obj; promises: Obj; extra: Obj } {
  const fs = new Obj();
  const promises = new Obj();
  const extra = new Obj();
  for (const [name, act] of Object.entries(actions(machine, files))) {
    const asPromise = native(name, ({ args }) => promised(() => act(args)));
    const plain = native(name, ({ args }) => {
      const callback = args.at(-1);
      if (!(callback instanceof Func)) return name === 'exists' ? act(args) : promised(() => act(args));
      if (name === 'exists') return machine.call(callback, undefined, [act(args)]);
      let result: Value;
      try {
        result = act(args.slice(0, -1));
      } catch (error) {
        if (!(error instanceof Thrown)) throw error;
        machine.call(callback, undefined, [error.value]);
        return undefined;
      }
      machine.call(callback, undefined, [null, result]);
      if (machine.exploring)
        machine.maybe('only when an error occurs', () => machine.call(callback, undefined, [new Unknown('error')]));
      return undefined;
    });
    const sync = native(`${name}Sync`, ({ args }) => act(args));
    fs.props.set(name, plain);
    fs.props.set(`${name}Sync`, sync);
    promises.props.set(name, asPromise);
    extra.props.set(name, plain);
    extra.props.set(`${name}Sync`, sync);
  }
  fs.props.set('promises', promises);
  extra.props.set('promises', promises);
  for (const object of [fs, extra, promises]) {
    object.props.set(
      'constants',
      new Obj([
        ['F_OK', 0],
        ['R_OK', 4],
        ['W_OK', 2],
        ['X_OK', 1],
      ]),
    );
    object.open = true;
  }
  return { fs, promises, extra };
}

export function promised(act: () => Value): Value {
  try {
    const value = act();
    return value instanceof Settled ? value : new Settled(value);
  } catch (error) {
    if (error instanceof Thrown) return new Settled(error.value, true);
    throw error;
  }
}

function joined(parts: readonly Value[], join: (...texts: string[]) => string): Value {
  const open = parts.findIndex((part) => part instanceof Unknown && part.alternatives !== null);
  if (open >= 0) {
    const options = alternativesOf(parts[open]).filter((one) => one !== undefined && one !== null);
    return choice(
      options.map((one) =>
        joined(
          parts.map((part, index) => (index === open ? one : part)),
          join,
        ),
      ),
      'a path',
    );
  }
  // `path.resolve(undefined)` throws: there is no such path. Beside known parts it is more likely that we have missed its value.
  if (parts.length > 0 && parts.every((part) => part === undefined || part === null)) return new Unknown('a path', []);
  return join(...parts.map((part) => (part === undefined || part === null ? '' : textOf(part))));
}

/** `path`: texts with unknown parts go through as one component each. */
export function pathModule(files: Files): Obj {
  const on = (name: string, act: (text: string, args: readonly Value[]) => Value): [string, Value] => [
    name,
    native(name, ({ args }) => {
      const results = alternativesOf(args[0]).map((one) =>
        one instanceof Unknown ? UNKNOWN_TEXT : act(textOf(one), args),
      );
      return choice(results, 'a path');
    }),
  ];
  const made = new Obj([
    ['sep', '/'],
    ['delimiter', ':'],
    ['join', native('join', ({ args }) => joined(args, (...texts) => posix.join(...texts)))],
    [
      'resolve',
      native('resolve', ({ args }) =>
        joined(args, (...texts) => {
          const last = texts.findLastIndex((text) => text.startsWith('/') || text.startsWith(UNKNOWN_TEXT));
          const used = last < 0 ? [files.cwd, ...texts] : texts.slice(last);
          return posix.normalize(used.filter((text) => text !== '').join('/')).replace(/(.)\/$/, '$1');
        }),
      ),
    ],
    on('dirname', (text) => posix.dirname(text)),
    on('basename', (text, [, suffix]) => posix.basename(text, typeof suffix === 'string' ? suffix : undefined)),
    on('extname', (text) => (text.endsWith(UNKNOWN_TEXT) ? new Unknown('extname') : posix.extname(text))),
    on('normalize', (text) => posix.normalize(text)),
    on('isAbsolute', (text) => (text.startsWith(UNKNOWN_TEXT) ? new Unknown('isAbsolute') : text.startsWith('/'))),
    on('parse', (text) => new Obj(Object.entries(posix.parse(text)))),
    [
      'relative',
      native('relative', ({ args: [from, to] }) => {
        if (
          typeof from !== 'string' ||
          typeof to !== 'string' ||
          from.includes(UNKNOWN_TEXT) ||
          to.includes(UNKNOWN_TEXT)
        )
          return UNKNOWN_TEXT;
        return posix.relative(files.absolute(from), files.absolute(to));
      }),
    ],
  ]);
  made.props.set('posix', made);
  made.props.set('default', made);
  return made;
}

export function osModule(home: string | null): Obj {
  const made = nativeObject({
    homedir: () => home ?? UNKNOWN_TEXT,
    tmpdir: () => '/tmp',
    platform: () => 'linux',
    type: () => 'Linux',
    hostname: () => UNKNOWN_TEXT,
    release: () => UNKNOWN_TEXT,
  });
  made.props.set('EOL', '\n');
  made.open = true;
  return made;
}

export function urlModule(): Obj {
  const toPath = native('fileURLToPath', ({ args: [value] }) => {
    const text = value instanceof Obj ? value.props.get('href') : value;
    return typeof text === 'string' ? text.replace(/^file:\/\//, '') : UNKNOWN_TEXT;
  });
  const toUrl = native('pathToFileURL', ({ args: [value] }) => makeUrl(`file://${textOf(value)}`));
  return new Obj([
    ['fileURLToPath', toPath],
    ['pathToFileURL', toUrl],
    ['URL', urlClass()],
  ]);
}

function makeUrl(href: string): Obj {
  const made = new Obj([
    ['href', href],
    ['pathname', href.replace(/^file:\/\//, '')],
  ]);
  made.open = true;
  return made;
}

/** `new URL(relative, import.meta.url)`. */
export function urlClass(): Func {
  return native('URL', ({ args: [path, base] }) => {
    const text = textOf(path);
    const from = base instanceof Obj ? textOf(base.props.get('href') ?? '') : typeof base === 'string' ? base : '';
    if (/^[a-z]+:/i.test(text)) return makeUrl(text);
    if (!from.startsWith('file://')) return new Unknown('URL');
    const directory = from.slice('file://'.length, from.lastIndexOf('/') + 1);
    return makeUrl(`file://${posix.normalize(directory + text)}`);
  });
}
