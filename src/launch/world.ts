/** The file system in which a command runs, as far as the project tells: the project itself, or an image made from it. */
import {
  type AbsolutePath,
  absolutePath,
  baseName,
  isInside,
  parentOf,
  relativeTo,
  resolvePath,
} from '../model/path.ts';
import type { Project } from './source.ts';
import { inProject } from './tree.ts';

/** A directory or file of the project that lies at `at` in the launch's file system. */
export interface Placement {
  /** Relative to the project. */
  readonly from: string;
  readonly at: AbsolutePath;
}

/** Where things lie for one launch. */
export interface World {
  readonly project: Project;
  /** Later placements lie over earlier ones. */
  readonly placements: readonly Placement[];
}

/** The world of a launch that runs in the checkout itself. */
export function checkoutWorld(project: Project): World {
  return { project, placements: [{ from: '', at: project.root }] };
}

/** The project's file that a path of the launch's file system shows, or `null`. The newest placement that has it wins. */
export function toProject(world: World, path: AbsolutePath): string | null {
  let guess: string | null = null;
  for (let at = world.placements.length - 1; at >= 0; at -= 1) {
    const placement = world.placements[at];
    if (placement === undefined || !isInside(path, placement.at)) continue;
    const below = inProject(placement.from, relativeTo(path, placement.at) ?? '');
    if (below === null) continue;
    if (world.project.exists(below)) return below;
    guess ??= below;
  }
  return guess;
}

/** Where a path of the project lies in the launch's file system, or `null`. */
export function fromProject(world: World, path: string): AbsolutePath | null {
  for (let at = world.placements.length - 1; at >= 0; at -= 1) {
    const placement = world.placements[at];
    if (placement === undefined) continue;
    if (placement.from === '' || path === placement.from || path.startsWith(`${placement.from}/`)) {
      const below = placement.from === '' ? path : path.slice(placement.from.length + 1);
      return (below === '' ? placement.at : `${placement.at === '/' ? '' : placement.at}/${below}`) as AbsolutePath;
    }
  }
  return null;
}

/**
 * What `COPY --from=stage source target` takes over from the placements of that stage.
 *
 * @param directory is the target a directory?
 */
export function fromImage(
  placements: readonly Placement[],
  source: AbsolutePath,
  target: AbsolutePath,
  directory: boolean,
): readonly Placement[] {
  const taken: Placement[] = [];
  for (const placement of placements) {
    if (isInside(placement.at, source)) {
      const below = relativeTo(placement.at, source) ?? '';
      // A single file goes into the directory under its own name.
      const file =
        below === '' && directory && placement.from.slice(placement.from.lastIndexOf('/') + 1) === baseName(source);
      const isFile = file && /\.[a-z]+$/i.test(baseName(source));
      const at = isFile ? resolvePath(target, baseName(source)) : below === '' ? target : resolvePath(target, below);
      taken.push({ from: placement.from, at });
    } else if (isInside(source, placement.at)) {
      const below = relativeTo(source, placement.at) ?? '';
      const from = placement.from === '' ? below : `${placement.from}/${below}`;
      const isFile = directory && /\.[a-z]+$/i.test(baseName(source));
      taken.push({ from, at: isFile ? resolvePath(target, baseName(source)) : target });
    }
  }
  return taken;
}

/**
 * Where the package lies in the launch's file system: where its package.json is, else where one of its directories is; `null` when
 * nothing of it is there.
 */
export function packagePlace(world: World, packageRoot: string): AbsolutePath | null {
  const manifest = packageRoot === '' ? 'package.json' : `${packageRoot}/package.json`;
  const exact = fromProject(world, manifest);
  if (exact !== null) return parentOf(exact);
  const own = world.placements.filter(
    (placement) => placement.from !== '' && world.project.packageOf(placement.from) === packageRoot,
  );
  for (const placement of own.toReversed()) {
    const below = packageRoot === '' ? placement.from : placement.from.slice(packageRoot.length + 1);
    // A file or directory of the package at the same place below some directory: that one stands for the package.
    if (below !== '' && placement.at.endsWith(`/${below}`)) {
      return absolutePath(placement.at.slice(0, -below.length - 1) || '/');
    }
  }
  // What a build made of it, copied to some place of its own: `COPY --from=build /app/dist .`
  return own.findLast((placement) => !/\.[a-z]+$/i.test(placement.from))?.at ?? null;
}
