/** Which bot package a started program belongs to. */
import { type AbsolutePath, isInside, relativeTo } from '../model/path.ts';
import type { Started } from './command.ts';
import { readManifest } from './manifest.ts';
import { packagePlace, toProject, type World } from './world.ts';

/** A program that starts a bot package, and where that package lies. */
export interface Attribution {
  readonly packageRoot: string;
  readonly packageAt: AbsolutePath;
  /** Relative to the package. */
  readonly entry: string | null;
}

/** The bot package that `started` starts, or `null` when it starts something else. */
export function attribute(started: Started, world: World): Attribution | null {
  const { project } = world;
  const where = started.entry ?? started.cwd;
  if (where === null) return null;
  let best: Attribution | null = null;
  for (const packageRoot of project.packages) {
    const at = packagePlace(world, packageRoot);
    if (at === null || !isInside(where, at)) continue;
    if (best !== null && best.packageAt.length > at.length) continue;
    best = { packageRoot, packageAt: at, entry: started.entry === null ? null : relativeTo(started.entry, at) };
  }
  const file = toProject(world, where);
  const owner = file === null ? null : project.packageOf(file);
  if (owner === null || best?.packageRoot === owner) return best;
  // Another package starts: it is the bot only if it uses the bot's package.
  const manifest = readManifest(project, owner);
  for (const packageRoot of project.packages) {
    const name = readManifest(project, packageRoot)?.name;
    if (name == null || manifest?.dependencies.has(name) !== true) continue;
    const at = packagePlace(world, packageRoot);
    if (at !== null) return { packageRoot, packageAt: at, entry: null };
  }
  return null;
}
