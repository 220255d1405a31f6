import type { AbsolutePath } from '../../../src/model/path.ts';
import type { EntryKind, World } from '../../../src/wipers/world.ts';

/** A world made of texts; directories come from the paths. A path that ends with `/` is an empty directory. */
export function memoryWorld(files: Readonly<Record<string, string>>, tracked?: (path: string) => boolean): World {
  const texts = new Map<string, string>();
  const directories = new Map<string, Set<string>>([['/', new Set()]]);
  for (const [path, text] of Object.entries(files)) {
    const parts = path.split('/').filter((part) => part !== '');
    let at = '';
    for (const [index, part] of parts.entries()) {
      directories.get(at === '' ? '/' : at)?.add(part);
      at += `/${part}`;
      const file = index === parts.length - 1 && !path.endsWith('/');
      if (file) texts.set(at, text);
      else if (!directories.has(at)) directories.set(at, new Set());
    }
  }
  return {
    kind(path: AbsolutePath): EntryKind | null {
      if (texts.has(path)) return 'file';
      return directories.has(path) ? 'directory' : null;
    },
    names: (path) => {
      const names = directories.get(path);
      return names === undefined ? null : [...names].sort();
    },
    text: (path) => texts.get(path) ?? null,
    resolve: (path) => (texts.has(path) || directories.has(path) ? path : null),
    ...(tracked === undefined ? {} : { tracked }),
  };
}
