/** Launches of files that name a directory of the server: which package of the project was put there? */
import { type AbsolutePath, absolutePath, baseName, isInside, parentOf } from '../model/path.ts';
import type { Project } from './source.ts';

import type { Placement, World } from './world.ts';

/** Built files are not in the tree; a script below one of these is taken for one. */
const BUILT = /^(dist|build|out|lib|output|\.output)\//;

/**
 * The world of a process on a server: the checkout itself, and the project where the paths of the launch say that it lies.
 *
 * @param near directory of the declaring file, relative to the project
 * @param workdir working directory that the launch sets
 * @param scripts absolute or relative paths in its command
 */
export function deployedWorld(
  project: Project,
  near: string,
  workdir: AbsolutePath | null,
  scripts: readonly string[],
): World {
  const checkout: Placement = { from: '', at: project.root };
  if (workdir !== null && isInside(workdir, project.root)) return { project, placements: [checkout] };
  const owner = project.packageOf(near);
  const packages = [...project.packages].sort(
    (a, b) => Number(b === owner) - Number(a === owner) || b.length - a.length,
  );
  for (const root of packages) {
    const at = (path: string): string => (root === '' ? path : `${root}/${path}`);
    for (const script of scripts) {
      if (!script.startsWith('/')) continue;
      const absolute = absolutePath(script);
      if (isInside(absolute, project.root)) return { project, placements: [checkout] };
      // The longest tail of the path that is a file of the package.
      for (let above = parentOf(absolute); above !== '/'; above = parentOf(above)) {
        const tail = absolute.slice(above.length + 1);
        if (!project.exists(at(tail)) && !BUILT.test(tail)) continue;
        if (project.exists(at(tail)) || above === workdir || workdir === null)
          return { project, placements: [checkout, { from: root, at: above }] };
      }
    }
    if (workdir === null || workdir === '/') continue;
    const relative = scripts
      .filter((script) => !script.startsWith('/') && /[./]/.test(script))
      .map((script) => script.replace(/^\.\//, ''));
    const fits = relative.length === 0 || relative.some((script) => project.exists(at(script)) || BUILT.test(script));
    if (fits) return { project, placements: [checkout, { from: root, at: workdir }] };
    // The working directory may be that of the project, with the package below it.
    if (root !== '' && relative.some((script) => project.exists(script)))
      return { project, placements: [checkout, { from: '', at: workdir }] };
  }
  if (
    workdir !== null &&
    workdir !== '/' &&
    project.packages.some((root) => root !== '' && baseName(workdir) === baseName(`/${root}` as AbsolutePath))
  ) {
    const root =
      project.packages.find((candidate) => baseName(workdir) === baseName(`/${candidate}` as AbsolutePath)) ?? '';
    return { project, placements: [checkout, { from: root, at: workdir }] };
  }
  return { project, placements: [checkout] };
}
