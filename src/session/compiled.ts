import { absolutePath } from '../model/path.ts';
import { isRecord } from './source/manifest.ts';
import { joinRelative, parseJsonc } from './source/paths.ts';
import type { SourceTree } from './source/tree.ts';

const CONFIG_LIMIT = 256 * 1024;

/** Where the compiler puts the files of a package, relative to the package root; `null` when nothing says so. */
export function compiledDirectory(tree: SourceTree, packageRoot: string): { from: string; to: string } | null {
  const prefix = packageRoot === '' ? '' : `${packageRoot}/`;
  for (const name of ['tsconfig.build.json', 'tsconfig.json']) {
    const read = tree.reader.text(absolutePath(`${tree.root}/${prefix}${name}`), CONFIG_LIMIT);
    if (!read.ok) continue;
    let json: unknown;
    try {
      json = parseJsonc(read.value);
    } catch {
      continue;
    }
    const options = isRecord(json) && isRecord(json['compilerOptions']) ? json['compilerOptions'] : {};
    if (typeof options['outDir'] !== 'string') continue;
    const to = joinRelative('', options['outDir']);
    if (to === null || to === '') continue;
    if (typeof options['rootDir'] === 'string') {
      const from = joinRelative('', options['rootDir']);
      return from === null ? null : { from, to };
    }
    return {
      from: commonRoot(tree.files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length))),
      to,
    };
  }
  return null;
}

/** The compiler's own rule where `rootDir` is not set: the common directory of all inputs. */
function commonRoot(files: readonly string[]): string {
  const inputs = files.filter(
    (file) => /\.[cm]?tsx?$/.test(file) && !/(^|\/)(tests?|__tests__)\/|\.(test|spec|config)\./.test(file),
  );
  const [first] = inputs;
  if (first === undefined) return '';
  let common = first.split('/').slice(0, -1);
  for (const file of inputs) {
    const parts = file.split('/').slice(0, -1);
    let length = 0;
    while (length < common.length && common[length] === parts[length]) length++;
    common = common.slice(0, length);
  }
  return common.join('/');
}
