import { closeSync } from 'node:fs';
import { type AbsolutePath, absolutePath, parentOf } from '../model/path.ts';
import type {
  DirectoryEntry,
  FileStatus,
  OpenFile,
  Reader,
  ReadFailure,
  ReadResult,
  ResolvedPath,
} from '../model/reader.ts';
import { type Disk, localDisk, openChecked, readOpen, readOpenInto } from './disk.ts';
import { createScanner } from './scan.ts';

export interface ReaderOptions {
  /** Real directory that stands for `/`; default `/`. */
  readonly root?: string;
  /** Process whose `/proc/self` is meant; default: the one that `root` itself shows. */
  readonly self?: number | null;
  /** Real mount points on network file systems; everything below is touched through `networkDisk` only. */
  readonly networkMounts?: ReadonlySet<string>;
  readonly networkDisk?: Disk | null;
}

/** Linux follows at most 40 links in one look-up (path_resolution(7)). */
const LINK_LIMIT = 40;
/** Largest path that Linux takes (PATH_MAX); longer ones are refused before they cost anything. */
const PATH_LIMIT = 4096;
const DEFAULT_FILE_LIMIT = 8 * 1024 * 1024;
const DEFAULT_LIST_LIMIT = 100_000;

const ERRNO: Readonly<Record<string, readonly [ReadFailure['kind'], string]>> = {
  ENOENT: ['missing', 'it does not exist'],
  ENOTDIR: ['missing', 'a part of the path is not a directory'],
  EACCES: ['denied', 'the user that runs the doctor may not read it'],
  EPERM: ['denied', 'the user that runs the doctor may not read it'],
  ELOOP: ['link-loop', 'its links lead in a circle'],
  ENAMETOOLONG: ['unsupported', 'the name is longer than the system allows'],
  ESTALE: ['changed', 'another file took its place while it was read'],
  ETIMEDOUT: ['stalled', 'the network file system that it is on does not answer'],
};

function fail<T>(kind: ReadFailure['kind'], path: AbsolutePath, reason: string): ReadResult<T> {
  return { ok: false, failure: { kind, path, reason } };
}

function failed<T>(error: unknown, path: AbsolutePath): ReadResult<T> {
  const code = (error as NodeJS.ErrnoException).code ?? 'EIO';
  const [kind, reason] = ERRNO[code] ?? ['io', `the system says ${code}`];
  return fail(kind, path, reason);
}

/** Where the walk arrived: the name with links before it followed, in both worlds. */
interface Place {
  readonly path: AbsolutePath;
  readonly real: string;
  readonly status: FileStatus | null;
}

const decoder = new TextDecoder('utf-8');

/**
 * A {@link Reader} of this machine, or of the one below `root`.
 * With a root every link is followed as if `root` were `/`, so that none leads out of it; `..` above `/` stays at `/`.
 */
export function createReader(options: ReaderOptions = {}): Reader {
  const root = options.root === undefined || options.root === '/' ? '' : options.root.replace(/\/+$/, '');
  const networkMounts = options.networkMounts ?? new Set<string>();
  /** Directories whose links are followed: the walk of a tree asks for the same parents again and again. */
  const directories = new Map<string, Place>();

  const scanners = new Map<number, ReturnType<typeof createScanner>>();

  const realOf = (path: string): string => {
    if (options.self != null && (path === '/proc/self' || path.startsWith('/proc/self/'))) {
      return `/proc/${options.self}${path.slice('/proc/self'.length)}`;
    }
    return path === '/' ? root || '/' : root + path;
  };

  const diskOf = (real: string): Disk => {
    if (networkMounts.size === 0) return localDisk;
    // The root mount is exempt: the doctor itself runs from there.
    for (let at = real; at.length > 1; at = at.slice(0, at.lastIndexOf('/'))) {
      if (networkMounts.has(at)) return options.networkDisk ?? localDisk;
    }
    return localDisk;
  };

  const lstat = (path: AbsolutePath): Place => {
    const real = realOf(path);
    try {
      return { path, real, status: diskOf(real).lstat(real) };
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'ENOENT' || code === 'ENOTDIR') return { path, real, status: null };
      throw error;
    }
  };

  /** Path resolution as path_resolution(7) has it, by hand, so that no step leaves the root. Throws errno errors. */
  const walk = (path: string, followLast: boolean): Place => {
    if (path.length > PATH_LIMIT) throw Object.assign(new Error('ENAMETOOLONG'), { code: 'ENAMETOOLONG' });
    let links = 0;
    const top = directories.get('/') ?? lstat(absolutePath('/'));
    directories.set('/', top);
    let here = top;
    const rest = path.split('/').reverse();
    while (rest.length > 0) {
      const part = rest.pop();
      if (part === undefined || part === '' || part === '.') continue;
      if (part === '..') {
        here = directories.get(parentOf(here.path)) ?? lstat(parentOf(here.path));
        continue;
      }
      // `here` is normalised and `part` a plain name: no need to take the path apart again (a third of the time of 500 sessions).
      const next = (here.path === '/' ? `/${part}` : `${here.path}/${part}`) as AbsolutePath;
      if (here.status === null || here.status.kind !== 'directory') {
        here = { path: next, real: realOf(next), status: null };
        continue;
      }
      const place = directories.get(next) ?? lstat(next);
      if (place.status?.kind === 'directory') directories.set(next, place);
      if (place.status?.kind === 'link' && (followLast || !rest.every((name) => name === '' || name === '.'))) {
        if (++links > LINK_LIMIT) throw Object.assign(new Error('ELOOP'), { code: 'ELOOP' });
        const target = diskOf(place.real).readlink(place.real);
        if (target.startsWith('/')) here = top;
        rest.push(...target.split('/').reverse());
        continue;
      }
      here = place;
    }
    return here;
  };

  const attempt = <T>(path: AbsolutePath, action: () => ReadResult<T>): ReadResult<T> => {
    try {
      return action();
    } catch (error) {
      return failed(error, path);
    }
  };

  const regular = (path: AbsolutePath, followLast: boolean): ReadResult<Place & { status: FileStatus }> => {
    const place = walk(path, followLast);
    const { status } = place;
    if (status === null) return fail('missing', path, 'it does not exist');
    if (status.kind !== 'file') {
      return fail(
        'not-a-file',
        path,
        `it is not a regular file but a ${status.kind}, and the doctor opens only regular files`,
      );
    }
    return { ok: true, value: { ...place, status } };
  };

  const bytes = (path: AbsolutePath, limit: number): ReadResult<Uint8Array> =>
    attempt(path, () => {
      const file = regular(path, true);
      if (!file.ok) return file;
      const { real, status } = file.value;
      if (status.size > limit) {
        return fail('too-large', path, `it holds ${status.size} bytes, more than the limit of ${limit}`);
      }
      // Files of /proc and /sys say size 0 and hold more: read one byte beyond the limit to tell.
      const length = status.size === 0 && /^\/(proc|sys)\//.test(path) ? limit + 1 : status.size;
      const value = length === 0 ? new Uint8Array() : diskOf(real).read(real, status, 0, length);
      if (value.length > limit) return fail('too-large', path, `it holds more than the limit of ${limit} bytes`);
      return { ok: true, value };
    });

  return {
    status: (path) =>
      attempt(path, () => {
        const { status } = walk(path, false);
        return status === null ? fail('missing', path, 'it does not exist') : { ok: true, value: status };
      }),

    list: (path, limit = DEFAULT_LIST_LIMIT) =>
      attempt<DirectoryEntry[]>(path, () => {
        const { real, status } = walk(path, true);
        if (status === null) return fail('missing', path, 'it does not exist');
        if (status.kind !== 'directory')
          return fail('not-a-directory', path, `it is not a directory but a ${status.kind}`);
        const { entries, more } = diskOf(real).readdir(real, limit);
        if (more) return fail('too-large', path, `it holds more than ${limit} entries`);
        entries.sort((a, b) => (a.name < b.name ? -1 : 1));
        return { ok: true, value: entries };
      }),

    text(path, limit = DEFAULT_FILE_LIMIT) {
      const result = bytes(path, limit);
      return result.ok ? { ok: true, value: decoder.decode(result.value) } : result;
    },

    bytes: (path, limit = DEFAULT_FILE_LIMIT) => bytes(path, limit),

    scan: (path, names, limit, visit) =>
      attempt<null>(path, () => {
        const { real, status } = walk(path, true);
        if (status?.kind !== 'directory') return fail('missing', path, 'it is not a directory');
        if (diskOf(real) !== localDisk) return fail('unsupported', path, 'it is on a network file system');
        const scan = scanners.get(limit) ?? createScanner(limit);
        scanners.set(limit, scan);
        for (const name of names) {
          const piece = scan(`${real}/${name}`);
          visit(
            name,
            typeof piece === 'string'
              ? failed(Object.assign(new Error(piece), { code: piece }), absolutePath(`${path}/${name}`))
              : { ok: true, value: piece },
          );
        }
        return { ok: true, value: null };
      }),

    open: (path) =>
      attempt<OpenFile>(path, () => {
        const file = regular(path, false);
        if (!file.ok) return file;
        const { real, status } = file.value;
        const disk = diskOf(real);
        if (disk !== localDisk) {
          const read = (offset: number, length: number) => disk.read(real, status, offset, length);
          return { ok: true, value: { size: status.size, read, close() {} } };
        }
        const fd = openChecked(real, status);
        const read = (offset: number, length: number) => readOpen(fd, offset, length);
        const readInto = (target: Uint8Array, offset: number) => readOpenInto(fd, target, offset);
        return { ok: true, value: { size: status.size, read, readInto, close: () => closeSync(fd) } };
      }),

    link: (path) =>
      attempt(path, () => {
        const { real, status } = walk(path, false);
        if (status === null) return fail('missing', path, 'it does not exist');
        if (status.kind !== 'link') return fail('not-a-file', path, 'it is not a symbolic link');
        return { ok: true, value: diskOf(real).readlink(real) };
      }),

    resolve: (path) =>
      attempt<ResolvedPath>(absolutePath(path), () => {
        const place = walk(path, true);
        if (place.status !== null) {
          return { ok: true, value: { resolved: place.path, exists: true, existing: place.path } };
        }
        let existing = parentOf(place.path);
        while (existing !== '/' && lstat(existing).status === null) existing = parentOf(existing);
        return { ok: true, value: { resolved: place.path, exists: false, existing } };
      }),

    space: (path) =>
      attempt(path, () => {
        const { real, status } = walk(path, true);
        if (status === null) return fail('missing', path, 'it does not exist');
        return { ok: true, value: diskOf(real).statfs(real) };
      }),

    writable: (path) =>
      attempt(path, () => {
        const { real, status } = walk(path, true);
        if (status === null) return fail('missing', path, 'it does not exist');
        return { ok: true, value: diskOf(real).writable(real) };
      }),

    mountId(path) {
      // Below a given root the kernel's ids are those of this machine, not of the one examined.
      if (root !== '' && options.self == null) return null;
      try {
        const place = walk(path, true);
        if (place.status === null) return null;
        return diskOf(place.real).mountId(place.real);
      } catch {
        return null;
      }
    },
  };
}
