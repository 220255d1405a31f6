/** Services of the machine that start the bot: what /etc says beside what the project says. */
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import { openProject } from './source.ts';
import { supervisorLaunches } from './supervisor.ts';
import { systemdLaunches } from './systemd.ts';
import { directoryOf, type TreeFile } from './tree.ts';

/** Directories of service definitions; a manager is one line. supervisord.org (configuration), systemd.unit(5). */
const DIRECTORIES: readonly { readonly at: string; readonly names: RegExp }[] = [
  { at: 'etc', names: /^supervisord\.conf$/ },
  { at: 'etc/supervisor', names: /\.(conf|ini)$/ },
  { at: 'etc/supervisor/conf.d', names: /\.(conf|ini)$/ },
  { at: 'etc/supervisord.d', names: /\.(conf|ini)$/ },
  { at: 'etc/supervisor.d', names: /\.(conf|ini)$/ },
  { at: 'etc/systemd/system', names: /\.service$/ },
  { at: 'usr/local/lib/systemd/system', names: /\.service$/ },
];
/** Units of a well-filled server; more are not read. */
const FILE_LIMIT = 500;

function entry(path: string): TreeFile {
  return { path, name: path.slice(path.lastIndexOf('/') + 1), directory: directoryOf(path) };
}

/**
 * Launches of the bot's packages by supervisor programs and systemd units of the machine. Their `file` is absolute.
 *
 * @param project where the project lies; @param packageRoots its bot packages, relative to it
 */
export async function findMachineLaunches(
  reader: Reader,
  project: AbsolutePath,
  packageRoots: readonly string[],
): Promise<{ launches: Launch[]; problems: string[] }> {
  const root = absolutePath('/');
  const files = DIRECTORIES.flatMap(({ at, names }) => {
    const listed = reader.list(absolutePath(`/${at}`), FILE_LIMIT);
    if (!listed.ok) return [];
    return listed.value
      .filter(({ name, kind }) => names.test(name) && (kind === 'file' || kind === 'link'))
      .map(({ name }) => entry(`${at}/${name}`));
  });
  if (files.length === 0) return { launches: [], problems: [] };
  const below = project.slice(1);
  const roots = new Map(
    packageRoots.map((packageRoot) => [[below, packageRoot].filter((part) => part !== '').join('/'), packageRoot]),
  );
  const manifests = [...roots.keys()].map((directory) =>
    entry(directory === '' ? 'package.json' : `${directory}/package.json`),
  );
  const problems = new Set<string>();
  const tree = { files: [...files, ...manifests], problems: [], devContainers: [] };
  const machine = openProject(reader, root, [...roots.keys()], problems, tree);
  const found = [...(await supervisorLaunches(machine, () => false)), ...(await systemdLaunches(machine))];
  const launches = found.map((launch) => ({
    ...launch,
    id: launch.file === null ? launch.id : launch.id.replace(launch.file, `/${launch.file}`),
    file: launch.file === null ? null : `/${launch.file}`,
    packageRoot: roots.get(launch.packageRoot) ?? launch.packageRoot,
    ...(launch.kind === 'supervisor' && launch.cwd === null
      ? {
          cwd: root,
          cwdAssumed:
            'no directory= is set: the program starts where supervisord runs, which is / when the system starts it',
        }
      : {}),
  }));
  return { launches, problems: [...problems].sort() };
}
