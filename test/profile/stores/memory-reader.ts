import type { AbsolutePath } from '../../../src/model/path.ts';
import type { FileStatus, Reader, ReadFailure, ReadResult } from '../../../src/model/reader.ts';

/** Content of a file: bytes, or a size and a function that makes any part of it (for files larger than memory). */
export type Content = Uint8Array | { readonly size: number; read(offset: number, length: number): Uint8Array };

const sizeOf = (content: Content) => (content instanceof Uint8Array ? content.length : content.size);

/** A reader of files in memory: path → content. Directories follow from the paths. */
export function memoryReader(files: ReadonlyMap<string, Content>): Reader {
  const fail = <T>(path: AbsolutePath, kind: ReadFailure['kind']): ReadResult<T> => ({
    ok: false,
    failure: { kind, path, reason: kind },
  });
  const bytes = (path: AbsolutePath, limit = 8 * 1024 * 1024): ReadResult<Uint8Array> => {
    const content = files.get(path);
    if (content === undefined) return fail(path, 'missing');
    if (sizeOf(content) > limit) return fail(path, 'too-large');
    return { ok: true, value: content instanceof Uint8Array ? content : content.read(0, content.size) };
  };
  const isDirectory = (path: string) => [...files.keys()].some((file) => file.startsWith(`${path}/`));
  const status = (path: AbsolutePath): ReadResult<FileStatus> => {
    const content = files.get(path);
    if (content === undefined && !isDirectory(path)) return fail(path, 'missing');
    const kind = content === undefined ? 'directory' : 'file';
    const size = content === undefined ? 0 : sizeOf(content);
    const rest = { mode: 0o600, uid: 0, gid: 0, device: 1, inode: 1, mtime: 1, ctime: 1, birthtime: 1 };
    return { ok: true, value: { kind, size, ...rest } };
  };
  return {
    status,
    list(path) {
      const names = new Map<string, 'file' | 'directory'>();
      for (const file of files.keys()) {
        if (!file.startsWith(`${path}/`)) continue;
        const rest = file.slice(path.length + 1);
        const slash = rest.indexOf('/');
        names.set(slash < 0 ? rest : rest.slice(0, slash), slash < 0 ? 'file' : 'directory');
      }
      if (names.size === 0) return fail(path, files.has(path) ? 'not-a-directory' : 'missing');
      const entries = [...names].map(([name, kind]) => ({ name, kind }));
      return { ok: true, value: entries.sort((a, b) => (a.name < b.name ? -1 : 1)) };
    },
    bytes,
    text(path, limit) {
      const read = bytes(path, limit);
      return read.ok ? { ok: true, value: new TextDecoder().decode(read.value) } : read;
    },
    open(path) {
      const content = files.get(path);
      if (content === undefined) return fail(path, 'missing');
      if (content instanceof Uint8Array) {
        const read = (offset: number, length: number) => content.slice(offset, offset + length);
        return { ok: true, value: { size: content.length, read, close() {} } };
      }
      return { ok: true, value: { size: content.size, read: content.read, close() {} } };
    },
    link: (path) => fail(path, 'unsupported'),
    resolve: (path: AbsolutePath) => fail(path, 'unsupported'),
    space: (path) => fail(path, 'unsupported'),
    writable: () => ({ ok: true, value: false }),
    mountId: () => null,
  };
}
