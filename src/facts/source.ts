import { absolutePath } from '../model/path.ts';
import { openSource, type SourceTree } from '../session/source/tree.ts';
import type { Machine } from './machine.ts';

const known = new WeakMap<Machine, Promise<SourceTree>>();

async function open(machine: Machine): Promise<SourceTree> {
  const opened = await openSource(machine.reader, machine.project);
  if (!opened.ok) throw new Error(opened.reason);
  return opened.tree;
}

/**
 * The parsed source of the project, opened once for all facts.
 * @throws Error with the reason when source cannot be parsed here (no native binding of the parser).
 */
export function sourceOf(machine: Machine): Promise<SourceTree> {
  let tree = known.get(machine);
  if (tree === undefined) {
    tree = open(machine);
    known.set(machine, tree);
  }
  return tree;
}

/** Version of an installed package, from the nearest `node_modules` at or above a package root; `null`: not installed. */
export function installedVersion(machine: Machine, packageRoot: string, name: string): string | null {
  let at = absolutePath(`${machine.project}/${packageRoot}`);
  for (;;) {
    const text = machine.reader.text(absolutePath(`${at}/node_modules/${name}/package.json`), 1024 * 1024);
    if (text.ok) {
      const version = /"version"\s{0,8}:\s{0,8}"([^"]{1,60})"/.exec(text.value)?.[1];
      if (version !== undefined) return version;
    }
    if (at === '/') return null;
    at = absolutePath(`${at}/..`);
  }
}
