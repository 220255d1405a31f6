import type { FactName } from '../model/facts.ts';
import { absolutePath } from '../model/path.ts';
import type { IgnoreComment } from '../model/policy.ts';
import { defineFact, type Seen } from './graph.ts';
import { ignoreComments } from './ignore-comments.ts';

/** The facts that name the files in which findings are located. */
const NAMING: readonly FactName[] = ['sites', 'launches', 'lifecycle', 'scripts', 'sourceDeletions', 'handling'];
/** Keys under which they do. */
const KEYS: ReadonlySet<string> = new Set(['file', 'dockerfile', 'ignoreFile']);

/** A project with 10,000 source files has findings in a few dozen. */
const FILE_LIMIT = 2000;
const VALUE_LIMIT = 1_000_000;
const DEPTH_LIMIT = 12;
/** No source or configuration that people write comments in is larger. */
const SIZE_LIMIT = 4 * 1024 * 1024;

/** Every file that the facts name, relative to the project, in the order of code units. */
export function filesNamed(seen: Seen): string[] {
  const files = new Set<string>();
  let values = 0;
  const visit = (value: unknown, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > DEPTH_LIMIT || ++values > VALUE_LIMIT) return;
    if (Array.isArray(value)) {
      for (const item of value) visit(item, depth + 1);
      return;
    }
    for (const [key, item] of Object.entries(value)) {
      if (typeof item === 'string') {
        if (KEYS.has(key)) files.add(item);
      } else visit(item, depth + 1);
    }
  };
  for (const name of NAMING) {
    const state = seen.get(name);
    if (state?.ok === true) visit(state.value, 0);
  }
  // JSON has no comments.
  return [...files].filter((file) => file !== '' && !/\.json$|\0/.test(file)).sort();
}

/**
 * The comments that accept findings, in the files that the other facts name. It is collected last and needs none of them: what was not
 * collected has no findings. A file that cannot be read accepts nothing.
 */
export const ignores = defineFact({
  name: 'ignores',
  needs: [],
  collect(machine, _, __, seen): readonly IgnoreComment[] {
    return filesNamed(seen)
      .slice(0, FILE_LIMIT)
      .flatMap((file) => {
        const path = file.startsWith('/') ? file : `${machine.project}/${file}`;
        const text = machine.reader.text(absolutePath(path), SIZE_LIMIT);
        return text.ok ? ignoreComments(file, text.value) : [];
      });
  },
});
