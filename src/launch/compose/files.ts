/** Which compose files a project has, and which of them are used together. */
import type { TreeFile } from '../tree.ts';

/** In compose's own order of preference (docs.docker.com, compose file). */
const BASES = [
  'compose.yaml',
  'compose.yml',
  'docker-compose.yaml',
  'docker-compose.yml',
  'podman-compose.yaml',
  'podman-compose.yml',
];
const VARIANT =
  /^((docker|podman)[-_]?)?compose[._-][\w.-]+\.ya?ml$|^[\w.-]+[._-](docker[-_]?)?compose\.ya?ml$|^(docker-)?(stack|swarm)([._-][\w-]+)?\.ya?ml$/i;
const OVERRIDE = /^(docker-)?compose\.override\.ya?ml$/;
/** Copies to start from; used only when nothing else is there. */
const SAMPLE = /example|sample|template|\.dist\./i;

/** The compose files of one directory. */
export interface ComposeSet {
  readonly directory: string;
  /** Used by `docker compose` without `-f`, in this order; may be empty. */
  readonly base: readonly string[];
  /** Named on the command line: alone or over the base. */
  readonly variants: readonly string[];
}

/** Group the compose files by directory. */
export function composeSets(files: readonly TreeFile[]): ComposeSet[] {
  const byDirectory = new Map<string, TreeFile[]>();
  for (const file of files) {
    if (!BASES.includes(file.name.toLowerCase()) && !VARIANT.test(file.name)) continue;
    if (file.directory.startsWith('.github')) continue;
    const here = byDirectory.get(file.directory) ?? [];
    here.push(file);
    byDirectory.set(file.directory, here);
  }
  const sets: ComposeSet[] = [];
  for (const [directory, here] of [...byDirectory].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const base = BASES.map((name) => here.find((file) => file.name.toLowerCase() === name)).find(
      (file) => file !== undefined,
    );
    const override = here.find((file) => OVERRIDE.test(file.name));
    const rest = here.filter((file) => file !== base && file !== override);
    const real = rest.filter((file) => !SAMPLE.test(file.name));
    const variants = (base === undefined && real.length === 0 ? rest : real).map((file) => file.path);
    sets.push({
      directory,
      base: [base, base === undefined ? undefined : override]
        .filter((file) => file !== undefined)
        .map((file) => file.path),
      variants: base === undefined && override !== undefined ? [...variants, override.path] : variants,
    });
  }
  return sets;
}
