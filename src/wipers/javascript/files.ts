import { absolutePath } from '../../model/path.ts';
import type { CommandEffect, EffectKind } from '../effect.ts';
import { UNKNOWN_TEXT } from '../effect.ts';
import { quoteGlob } from '../paths.ts';
import { walkGlob } from '../shell/glob-walk.ts';
import type { Found, Tree } from '../shell/tree.ts';
import { Thrown } from './flow.ts';
import type { Machine } from './machine.ts';
import { Arr, alternativesOf, native, Obj, truthy, Unknown, type Value } from './value.ts';

/** What the program does to files, with the place that does it. */
export interface Deed {
  readonly effect: CommandEffect;
  /** `logout`: the library's own deletion, which also unlinks the device; `store`: the remote copy of RemoteAuth. */
  readonly kind: 'delete' | 'logout' | 'store';
  readonly file: string;
  readonly line: number;
  readonly what: string;
  readonly trigger: import('./machine.ts').Trigger;
  /** The function around the call: for the guess of a trigger. */
  readonly around: string | null;
}

const DEED_LIMIT = 4_000;

export function fault(code: string, path: string): Thrown {
  return new Thrown(
    new Obj([
      ['message', `${code}: ${path}`],
      ['code', code],
    ]),
  );
}

export function option(options: Value, name: string): Value {
  return options instanceof Obj ? options.props.get(name) : undefined;
}

/** The file system as the program sees and changes it. */
export class Files {
  cwd: string;
  readonly deeds: Deed[] = [];
  readonly tree: Tree;
  private readonly machine: Machine;
  private readonly via: readonly string[];

  constructor(machine: Machine, tree: Tree, cwd: string, via: readonly string[]) {
    this.machine = machine;
    this.tree = tree;
    this.cwd = cwd;
    this.via = via;
  }

  /** An absolute path as text. Starts with `UNKNOWN_TEXT` when its beginning is not known. */
  absolute(path: string, base = this.cwd): string {
    if (path.startsWith('file://')) return normal(path.slice('file://'.length));
    if (path.startsWith('/')) return normal(path);
    return path.startsWith(UNKNOWN_TEXT) ? path : normal(`${base}/${path}`);
  }

  /** The paths that an argument can mean; empty when nothing is known of it. */
  paths(value: Value): string[] {
    const paths: string[] = [];
    for (const one of alternativesOf(value)) {
      if (typeof one === 'string') {
        const path = this.absolute(one);
        if (path.replaceAll(UNKNOWN_TEXT, '').replaceAll('/', '') !== '' || path === '/') paths.push(path);
      } else if (one instanceof Obj) {
        const href = one.props.get('href');
        if (typeof href === 'string') paths.push(this.absolute(href));
      } else if (one instanceof Arr && !one.open) for (const item of one.items) paths.push(...this.paths(item));
    }
    return paths;
  }

  /** Remember what was done. */
  record(
    kind: EffectKind,
    tool: string,
    patterns: readonly string[],
    more: {
      readonly recursive?: boolean;
      readonly glob?: boolean;
      readonly to?: string | null;
      readonly reason?: string | null;
      readonly deed?: 'delete' | 'logout' | 'store';
      readonly touched?: readonly string[];
      readonly via?: readonly string[];
    } = {},
  ): void {
    const { machine } = this;
    if (this.deeds.length >= DEED_LIMIT) return;
    const top = machine.stack.at(-1);
    const reason = more.reason ?? machine.doubt;
    const unit = top?.unit;
    const around = unit === undefined || top === undefined ? null : unit.source.functionAround(top.node);
    this.deeds.push({
      effect: {
        kind,
        patterns: [...patterns],
        glob: more.glob ?? false,
        recursive: more.recursive ?? false,
        to: more.to ?? null,
        tool,
        certainty: reason === null ? 'certain' : 'possible',
        reason,
        via: [...this.via, ...machine.place(), ...(more.via ?? [])],
        ...(more.touched === undefined ? {} : { touched: more.touched }),
      },
      kind: more.deed ?? 'delete',
      file: unit?.name ?? '',
      line: unit === undefined || top === undefined ? 0 : unit.source.position(top.node.start).line,
      what: unit === undefined || top === undefined ? tool : unit.source.text(top.node, 100),
      trigger: machine.trigger,
      around: around === null || unit === undefined ? null : unit.source.text(around, 160),
    });
  }

  /** Existing paths that a text with unknown parts can name. */
  matching(path: string): string[] {
    if (!path.includes(UNKNOWN_TEXT)) return this.tree.find(path).entry === null ? [] : [path];
    if (path.startsWith(UNKNOWN_TEXT)) return [];
    const pattern = path
      .split('/')
      .map((part) => part.split(UNKNOWN_TEXT).map(quoteGlob).join('*'))
      .join('/');
    return this.glob(pattern, '/', true);
  }

  /** Existing paths that a glob names, absolute. */
  glob(pattern: string, base = this.cwd, dot = false): string[] {
    const found = walkGlob(this.tree, base, pattern, {
      dot,
      extended: true,
      globstar: true,
      globstarDot: dot,
      step: () => {
        this.machine.step();
        return true;
      },
    });
    return found.map((path) => (path.startsWith('/') ? path : normal(`${base}/${path}`)));
  }

  find(path: string, follow = false): Found {
    return this.tree.find(path, follow);
  }

  /** Take one existing path away. */
  take(path: string, certain: boolean): void {
    this.tree.remove(
      this.tree.find(path),
      certain ? this.machine.doubt : (this.machine.doubt ?? 'the path is only partly known'),
    );
  }

  /** `fs.rm` and its kin on one path. */
  remove(
    path: string,
    tool: string,
    how: { readonly recursive: boolean; readonly force: boolean; readonly directory?: boolean },
  ): void {
    const { machine } = this;
    if (path.includes(UNKNOWN_TEXT)) {
      this.record('delete', tool, [path], {
        recursive: how.recursive,
        reason: machine.doubt ?? 'a part of the path is not known',
      });
      for (const match of this.matching(path)) {
        const { entry } = this.find(match);
        if (how.recursive || entry?.kind !== 'directory') this.take(match, false);
      }
      return;
    }
    const found = this.find(path);
    const lenient = machine.exploring;
    if (found.entry === null) {
      if (how.force || lenient) {
        if (how.force) this.record('delete', tool, [path], { recursive: how.recursive });
        return;
      }
      throw fault('ENOENT', path);
    }
    const isDirectory = found.entry.kind === 'directory';
    if (isDirectory && !how.recursive) {
      const empty = this.tree.names(found.entry).length === 0;
      if (how.directory !== true || !empty) {
        if (lenient) return;
        throw fault(how.directory === true ? 'ENOTEMPTY' : 'ERR_FS_EISDIR', path);
      }
    } else if (!isDirectory && how.directory === true && !lenient) throw fault('ENOTDIR', path);
    this.record('delete', tool, [path], { recursive: how.recursive });
    this.tree.remove(found, machine.doubt);
  }

  empty(path: string, tool: string): void {
    this.record('empty', tool, [path], { recursive: true });
    for (const match of this.matching(path)) {
      const { entry } = this.find(match, true);
      if (entry?.kind !== 'directory') continue;
      for (const name of this.tree.names(entry)) this.take(`${match}/${name}`, !path.includes(UNKNOWN_TEXT));
    }
  }

  move(from: string, to: string, tool: string): void {
    const { machine, tree } = this;
    const found = this.find(from);
    if (found.entry === null && !from.includes(UNKNOWN_TEXT)) {
      if (machine.exploring) return;
      throw fault('ENOENT', from);
    }
    this.record('move', tool, [from], { to, recursive: true });
    if (found.entry === null) {
      for (const match of this.matching(from)) this.take(match, false);
      return;
    }
    const target = this.find(to);
    tree.remove(found, machine.doubt);
    if (target.parent !== null) tree.place(target.parent, target.name, found.entry, machine.doubt);
  }

  copy(from: string, to: string, tool: string): void {
    this.record('copy', tool, [from], { to, recursive: true });
    const { entry } = this.find(from, true);
    const target = this.find(to);
    if (entry === null || target.parent === null) return;
    if (target.entry?.kind === 'directory' && entry.kind === 'directory') {
      for (const name of this.tree.names(entry)) this.copyInto(`${from}/${name}`, `${to}/${name}`);
    } else this.tree.place(target.parent, target.name, this.tree.copy(entry), this.machine.doubt);
  }

  private copyInto(from: string, to: string, depth = 0): void {
    const { entry } = this.find(from, true);
    const target = this.find(to);
    this.machine.step();
    if (entry === null || depth > 32) return;
    if (target.entry?.kind === 'directory' && entry.kind === 'directory') {
      for (const name of this.tree.names(entry)) this.copyInto(`${from}/${name}`, `${to}/${name}`, depth + 1);
    } else if (target.parent !== null)
      this.tree.place(target.parent, target.name, this.tree.copy(entry), this.machine.doubt);
  }

  exists(path: string, follow = true): Value {
    if (path.includes(UNKNOWN_TEXT)) return new Unknown('whether a file exists');
    const { entry, doubt } = this.find(path, follow);
    if (entry === null) return false;
    return doubt === null ? true : new Unknown('whether a file exists');
  }

  kind(path: string, follow: boolean): string | null {
    const { entry } = this.find(path, follow);
    return entry?.kind ?? null;
  }

  /** Names in a directory, or directory entries with their kinds. */
  list(path: string, options: Value): Value {
    const withTypes = truthy(option(options, 'withFileTypes')) === true;
    if (path.includes(UNKNOWN_TEXT)) return this.openNames(path, withTypes);
    const { entry } = this.find(path, true);
    if (entry === null) {
      if (this.machine.exploring) return this.openNames(path, withTypes);
      throw fault('ENOENT', path);
    }
    if (entry.kind !== 'directory') throw fault('ENOTDIR', path);
    const deep = truthy(option(options, 'recursive')) === true;
    const made = new Arr();
    const add = (directory: string, prefix: string, depth: number): void => {
      const inner = this.find(directory, true).entry;
      if (inner === null || depth > 32) return;
      for (const name of this.tree.names(inner)) {
        this.machine.step();
        const full = directory === '/' ? `/${name}` : `${directory}/${name}`;
        const kind = this.kind(full, false);
        made.items.push(withTypes ? this.entry(name, directory, kind) : prefix + name);
        if (deep && kind === 'directory') add(full, `${prefix}${name}/`, depth + 1);
      }
    };
    add(path, '', 0);
    return made;
  }

  private openNames(directory: string, withTypes: boolean): Value {
    const made = new Arr([withTypes ? this.entry(UNKNOWN_TEXT, directory, null) : UNKNOWN_TEXT]);
    made.open = true;
    return made;
  }

  private entry(name: string, directory: string, kind: string | null): Value {
    return new Obj([['name', name], ['path', directory], ['parentPath', directory], ...kindMethods(kind)]);
  }

  status(path: string, follow: boolean): Value {
    if (path.includes(UNKNOWN_TEXT)) {
      const made = new Obj(kindMethods(null));
      made.open = true;
      return made;
    }
    const kind = this.kind(path, follow);
    if (kind === null && !this.machine.exploring) throw fault('ENOENT', path);
    const made = new Obj(kindMethods(kind));
    made.open = true;
    return made;
  }

  makeDirectories(path: string): void {
    if (!path.includes(UNKNOWN_TEXT)) this.tree.makeDirectories(path, this.machine.doubt);
  }

  /** A file comes into being or gets new content. */
  write(path: string, tool: string, text: string | null): void {
    if (path.includes(UNKNOWN_TEXT)) return;
    const found = this.find(path, true);
    if (found.entry !== null) {
      if (found.entry.kind === 'file') {
        this.record('empty', tool, [path]);
        this.tree.spoil(found.entry, this.machine.doubt);
      }
    } else this.tree.makeDirectories(path.slice(0, path.lastIndexOf('/')) || '/', this.machine.doubt);
    if (text !== null && found.entry !== null && this.machine.doubt === null) found.entry.text = text;
  }

  text(path: string): string | null {
    return path.includes(UNKNOWN_TEXT) ? null : this.tree.text(path);
  }
}

function kindMethods(kind: string | null): [string, Value][] {
  const is = (wanted: string): Value =>
    native('is', () => (kind === null || kind === 'other' ? new Unknown('the kind of a file') : kind === wanted));
  return [
    ['isDirectory', is('directory')],
    ['isFile', is('file')],
    ['isSymbolicLink', is('link')],
  ];
}

/** Normalise by text as `path.normalize` does; unknown parts count as one component. */
export function normal(path: string): string {
  return absolutePath(path.startsWith('/') ? path : `/${path}`);
}
