/** The `.env` that a bot reads itself when it starts, in its working directory. */
import { type AbsolutePath, resolvePath } from '../model/path.ts';
import { matches } from './copy-sources.ts';
import { parseDotenv } from './env-file.ts';
import { readManifest } from './manifest.ts';
import { toProject, type World } from './world.ts';

/** Packages that read `.env` of the working directory; nobody installs one without calling it. */
const READERS = ['dotenv', 'dotenv-safe', 'dotenv-flow', 'dotenv-expand', '@nestjs/config', '@dotenvx/dotenvx'];

/** What is read, for the environment and for the trail. */
export interface OwnEnvironment {
  readonly values: ReadonlyMap<string, string>;
  readonly note: string | null;
  /** The note as a list. */
  readonly notes: readonly string[];
}

const NOTHING: OwnEnvironment = { values: new Map(), note: null, notes: [] };

/** Does an ignore file of a build keep `.env` out of the image? Patterns of names only; the last one that matches counts. */
function keptOut(text: string, name: string): boolean {
  let out = false;
  for (const line of text.split(/\r?\n/).slice(0, 2000)) {
    const pattern = line.trim();
    if (pattern === '' || pattern.startsWith('#')) continue;
    const plain = pattern
      .replace(/^!/, '')
      .replace(/^\.?\//, '')
      .replace(/^\*\*\//, '')
      .slice(0, 200);
    if (matches(name, plain)) out = !pattern.startsWith('!');
  }
  return out;
}

/**
 * The variables that the bot takes from `.env`, without those that are set already.
 *
 * @param set variables in force before the bot starts: they win
 * @param ignoreFile the build's ignore file (relative to the project), where the world is an image
 */
export async function ownEnvironment(
  world: World,
  packageRoot: string,
  cwd: AbsolutePath | null,
  runtime: string | null,
  set: ReadonlyMap<string, string>,
  ignoreFile: string | null = null,
): Promise<OwnEnvironment> {
  if (cwd === null) return NOTHING;
  const manifest = readManifest(world.project, packageRoot);
  const reader = runtime === 'bun' ? 'bun' : READERS.find((name) => manifest?.dependencies.has(name));
  if (reader === undefined) return NOTHING;
  const path = toProject(world, resolvePath(cwd, '.env'));
  if (path === null || !world.project.exists(path)) return NOTHING;
  const ignored = ignoreFile === null ? null : world.project.text(ignoreFile);
  if (ignored !== null && keptOut(ignored, '.env')) return NOTHING;
  const text = world.project.text(path);
  const parsed = text === null ? null : await parseDotenv(text);
  if (parsed === null) return NOTHING;
  if (!parsed.ok) {
    world.project.problem(`${path}: ${parsed.reason}`);
    return NOTHING;
  }
  const values = new Map([...parsed.values].filter(([name]) => !set.has(name)));
  if (values.size === 0) return NOTHING;
  const note = `${reader} reads ${path} in the working directory`;
  return { values, note, notes: [note] };
}
