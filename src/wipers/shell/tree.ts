import type { AbsolutePath } from '../../model/path.ts';
import { absolutePath } from '../../model/path.ts';
import type { EntryKind, World } from '../world.ts';

/** Links followed in one look-up before it counts as a loop (Linux: MAXSYMLINKS). */
const LINK_LIMIT = 40;
/** Names made or looked at by one command before the model stops growing. */
const ENTRY_LIMIT = 200_000;

/**
 * One entry of the model of the file system on which commands are acted out. Loaded from the world as it is looked at;
 * what commands change stays in here.
 */
export class Entry {
  kind: EntryKind;
  /** Where the entry came from; `null` when a command made it. Tells an untouched file from a new one of the same name. */
  readonly origin: AbsolutePath | null;
  /** The bytes of a file are the ones it had (`false`: emptied or overwritten). */
  intact = true;
  /** Why it may be gone; `null`: it is there for certain. */
  doubt: string | null = null;
  /** Known names; `null` for a name that is gone. */
  readonly children = new Map<string, Entry | null>();
  /** All names are in `children`. */
  listed: boolean;
  /** Names that are there, in order, until one comes or goes. */
  sorted: readonly string[] | null = null;
  /** Text of a file written by a command, where known. */
  text: string | null = null;
  /** Where a link made by a command leads. */
  link: string | null = null;

  constructor(kind: EntryKind, origin: AbsolutePath | null) {
    this.kind = kind;
    this.origin = origin;
    this.listed = origin === null;
  }
}

export interface Found {
  /** `null`: nothing there. */
  readonly entry: Entry | null;
  /** The directory that holds (or would hold) the name; `null` when that is missing too, or for `/`. */
  readonly parent: Entry | null;
  readonly name: string;
  /** Physical path: links before the last component followed. */
  readonly path: AbsolutePath;
  /** Why it (or a directory above it) may be gone; `null`: certain. */
  readonly doubt: string | null;
}

/**
 * The model: a copy-on-look file system. All changes go through its methods, which remember how to take them back: what was
 * looked at once serves the next command too.
 */
export class Tree {
  private readonly root: Entry = new Entry('directory', absolutePath('/'));
  private entries = 0;
  private readonly world: World;
  private readonly undo: (() => void)[] = [];

  constructor(world: World) {
    this.world = world;
  }

  /** Take back everything that commands did. What was looked at stays. */
  reset(): void {
    for (let back = this.undo.pop(); back !== undefined; back = this.undo.pop()) back();
  }

  /** Has it grown so large that a new one costs less memory? */
  get full(): boolean {
    return this.entries >= ENTRY_LIMIT;
  }

  private put(directory: Entry, name: string, entry: Entry | null): void {
    const before = directory.children.get(name);
    this.undo.push(() => {
      if (before === undefined) directory.children.delete(name);
      else directory.children.set(name, before);
      directory.sorted = null;
    });
    directory.children.set(name, entry);
    directory.sorted = null;
  }

  /** It may be gone, or may not be what it was. The first reason stays. */
  doubt(entry: Entry, reason: string): void {
    if (entry.doubt !== null) return;
    this.undo.push(() => {
      entry.doubt = null;
    });
    entry.doubt = reason;
  }

  /** What a file holds from now on, where known. */
  write(entry: Entry, text: string | null): void {
    const before = entry.text;
    this.undo.push(() => {
      entry.text = before;
    });
    entry.text = text;
  }

  private make(path: AbsolutePath, kind: EntryKind | 'unknown'): Entry {
    this.entries += 1;
    const entry = new Entry(kind === 'unknown' ? 'other' : kind, path);
    if (kind === 'unknown') entry.doubt = 'it could not be looked at';
    return entry;
  }

  /** The named child of a directory, loaded on first sight. */
  child(directory: Entry, name: string): Entry | null {
    const known = directory.children.get(name);
    if (known !== undefined) return known;
    if (directory.listed || directory.origin === null) return null;
    const path = (directory.origin === '/' ? `/${name}` : `${directory.origin}/${name}`) as AbsolutePath;
    const kind = this.world.kind(path);
    const entry = kind === null ? null : this.make(path, kind);
    directory.children.set(name, entry);
    if (entry !== null) directory.sorted = null;
    return entry;
  }

  /** Names in a directory, sorted. */
  names(directory: Entry): readonly string[] {
    if (!directory.listed && directory.origin !== null && this.entries < ENTRY_LIMIT) {
      for (const name of this.world.names(directory.origin) ?? []) this.child(directory, name);
      directory.listed = true;
      directory.sorted = null;
    }
    if (directory.sorted !== null) return directory.sorted;
    const names: string[] = [];
    for (const [name, entry] of directory.children) if (entry !== null) names.push(name);
    directory.sorted = names.sort();
    return directory.sorted;
  }

  private target(entry: Entry, directory: string): AbsolutePath | null {
    if (entry.link !== null) {
      return absolutePath(entry.link.startsWith('/') ? entry.link : `${directory}/${entry.link}`);
    }
    return entry.origin === null ? null : this.world.resolve(entry.origin);
  }

  /**
   * Look a path up, as the kernel walks it (`..` after a missing directory leads nowhere).
   * @param follow follow a link at the last component too
   */
  find(path: string, follow = false, links = 0): Found {
    let directory = this.root;
    /** Path of `directory` without a slash at the end; `''` for the root. */
    let at = '';
    let above: Entry[] | null = null;
    let parent: Entry | null = null;
    let doubt: string | null = null;
    let end = path.length;
    // What ends in `/` or `/.` means the directory itself.
    while (end > 0 && (path[end - 1] === '/' || (path[end - 1] === '.' && (end === 1 || path[end - 2] === '/'))))
      end -= 1;
    const slashed = end < path.length && end > 0;
    for (let from = 0; from < end; ) {
      let to = path.indexOf('/', from);
      if (to < 0 || to > end) to = end;
      const part = path.slice(from, to);
      const next = to + 1;
      from = next;
      if (part === '' || part === '.') continue;
      if (part === '..') {
        above ??= this.chain(at);
        directory = above.pop() ?? this.root;
        parent = above.at(-1) ?? null;
        at = at.slice(0, Math.max(0, at.lastIndexOf('/')));
        continue;
      }
      const last = next > end;
      const entry = directory.kind === 'directory' ? this.child(directory, part) : null;
      if (entry === null) {
        const rest = path
          .slice(next, end)
          .split('/')
          .filter((name) => name !== '' && name !== '.');
        const here = `${at}/${part}`;
        return {
          entry: null,
          parent: rest.length === 0 && directory.kind === 'directory' ? directory : null,
          name: rest.at(-1) ?? part,
          path: rest.length === 0 ? (here as AbsolutePath) : absolutePath([here, ...rest].join('/')),
          doubt,
        };
      }
      doubt = entry.doubt ?? doubt;
      if (entry.kind === 'link' && (!last || follow || slashed)) {
        const target = this.target(entry, at);
        const here = `${at}/${part}` as AbsolutePath;
        if (target === null || links >= LINK_LIMIT) return { entry: null, parent: null, name: part, path: here, doubt };
        const found = this.find(`${target}/${path.slice(next, end)}`, follow, links + 1);
        return { ...found, doubt: found.doubt ?? doubt };
      }
      if (last) return { entry, parent: directory, name: part, path: `${at}/${part}` as AbsolutePath, doubt };
      above?.push(directory);
      parent = directory;
      directory = entry;
      at += `/${part}`;
    }
    return {
      entry: directory,
      parent,
      name: at.slice(at.lastIndexOf('/') + 1),
      path: (at === '' ? '/' : at) as AbsolutePath,
      doubt,
    };
  }

  /** The directories above a directory that was walked to, from the root on. */
  private chain(at: string): Entry[] {
    const above: Entry[] = [];
    let directory: Entry | null = this.root;
    for (const part of at.split('/')) {
      if (part === '' || directory === null) continue;
      above.push(directory);
      directory = this.child(directory, part);
    }
    return above;
  }

  /** Take an entry out of its directory; with a reason it only becomes doubtful. */
  remove(found: Found, doubt: string | null): void {
    if (found.entry === null || found.parent === null) return;
    if (doubt !== null) this.doubt(found.entry, doubt);
    else this.put(found.parent, found.name, null);
  }

  /** Put an entry under a name, in place of what was there. */
  place(parent: Entry, name: string, entry: Entry, doubt: string | null): void {
    const before = this.child(parent, name);
    if (doubt !== null && before !== null) {
      this.doubt(before, doubt);
      return;
    }
    if (doubt !== null) this.doubt(entry, doubt);
    this.put(parent, name, entry);
  }

  /** Empty or overwrite a file. */
  spoil(entry: Entry, doubt: string | null): void {
    if (doubt !== null) this.doubt(entry, doubt);
    else {
      const { intact } = entry;
      this.undo.push(() => {
        entry.intact = intact;
      });
      entry.intact = false;
      this.write(entry, null);
    }
  }

  /** A copy with everything below it; files keep their identity, so that a copy that comes back counts as the original. */
  copy(entry: Entry, depth = 0): Entry {
    const made = new Entry(entry.kind, entry.origin);
    this.entries += 1;
    made.intact = entry.intact;
    made.doubt = entry.doubt;
    made.text = entry.text;
    made.link = entry.link;
    made.listed = entry.listed;
    if (depth < 64 && this.entries < ENTRY_LIMIT) {
      for (const [name, child] of entry.children) {
        made.children.set(name, child === null ? null : this.copy(child, depth + 1));
      }
    }
    return made;
  }

  /** Make a directory with its parents. Returns false where a file stands in the way. */
  makeDirectories(path: string, doubt: string | null): boolean {
    const parts = path.split('/').filter((part) => part !== '' && part !== '.');
    let at = '';
    for (const part of parts) {
      at += `/${part}`;
      if (part === '..') continue;
      const found = this.find(at, true);
      if (found.entry !== null) {
        if (found.entry.kind !== 'directory') return false;
      } else if (found.parent !== null) {
        this.place(found.parent, found.name, new Entry('directory', null), doubt);
      } else return false;
    }
    return true;
  }

  /** Text of a file as it is now; `null` when unknown. */
  text(path: string): string | null {
    const { entry } = this.find(path, true);
    if (entry === null || entry.kind !== 'file') return null;
    if (entry.text !== null) return entry.text;
    return entry.intact && entry.origin !== null ? this.world.text(entry.origin) : null;
  }
}
