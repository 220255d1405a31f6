/** Every way in which a project says that its bot is started. */
import type { Launch } from '../model/launch.ts';
import type { AbsolutePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import { composeLaunches } from './compose/launches.ts';
import { dockerfileLaunches } from './docker-files.ts';
import { dockerRunLaunches } from './docker-run.ts';
import { kubernetesLaunches } from './kubernetes/launches.ts';
import { npmLaunches } from './npm.ts';
import { appYamlLaunches } from './platforms/app-yaml.ts';
import { flyLaunches } from './platforms/fly.ts';
import { herokuLaunches } from './platforms/heroku.ts';
import { railwayLaunches } from './platforms/railway.ts';
import { renderLaunches } from './platforms/render.ts';
import { pm2Launches } from './pm2-launches.ts';
import { procfileLaunches } from './procfile.ts';
import { withoutOtherPrograms } from './reach.ts';
import { openProject, type Project } from './source.ts';
import { supervisorLaunches } from './supervisor.ts';
import { systemdLaunches } from './systemd.ts';

/** Launches, and what could not be looked at. */
export interface Found {
  readonly launches: Launch[];
  /** One plain sentence each; sorted. */
  readonly problems: string[];
  /** Containers of the project that are not the bot, with the reason. */
  readonly skipped: string[];
}

/**
 * Find the launches that can start a bot package, from package scripts, container and platform files. Nothing is run, nothing outside
 * of the project is read.
 *
 * @param projectRoot where the project lies on the machine that `reader` shows
 * @param packageRoots packages (relative to the project, `''` for itself) that hold the bot
 */
export async function findLaunches(
  reader: Reader,
  projectRoot: AbsolutePath,
  packageRoots: readonly string[],
): Promise<Found> {
  const problems = new Set<string>();
  if (packageRoots.length === 0) return { launches: [], problems: [], skipped: [] };
  const project = openProject(reader, projectRoot, packageRoots, problems);
  const launches: Launch[] = [];
  const skipped: string[] = [];
  for (const [name, source] of SOURCES) {
    try {
      launches.push(...(await source(project, launches, skipped)));
    } catch (error) {
      problems.add(`${name} could not be read: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const bots = withoutOtherPrograms(project, launches, skipped);
  return { launches: unique(bots), problems: [...problems].sort(), skipped: [...new Set(skipped)].sort() };
}

type Source = (project: Project, before: readonly Launch[], skipped: string[]) => Promise<readonly Launch[]>;

const SOURCES: readonly (readonly [string, Source])[] = [
  ['package scripts', npmLaunches],
  ['pm2 files', pm2Launches],
  ['systemd units', systemdLaunches],
  ['supervisor configurations', async (project) => supervisorLaunches(project, () => false)],
  ['Procfile', procfileLaunches],
  ['compose files', async (project, _, skipped) => noting(skipped, await composeLaunches(project))],
  ['Kubernetes manifests', async (project, _, skipped) => noting(skipped, await kubernetesLaunches(project))],
  ['docker run lines', dockerRunLaunches],
  ['render.yaml', renderLaunches],
  ['fly.toml', flyLaunches],
  ['Railway and Nixpacks files', railwayLaunches],
  ['heroku.yml', herokuLaunches],
  ['app.yaml', appYamlLaunches],
  ['Dockerfiles', bareImages],
];

/**
 * Dockerfiles that nothing else builds. Where another file says how the bot's container is run, nobody says how these are: their
 * mounts are not known.
 */
async function bareImages(project: Project, before: readonly Launch[], skipped: string[]): Promise<Launch[]> {
  const used = new Set(before.map((launch) => launch.image?.dockerfile).filter((path) => path != null));
  const described = new Set(
    before
      .filter((launch) => launch.mountTable === 'declared' && launch.image !== undefined)
      .map((launch) => launch.packageRoot),
  );
  const launches = noting(skipped, await dockerfileLaunches(project, used));
  return launches.map((launch) =>
    described.has(launch.packageRoot)
      ? {
          ...launch,
          mountTable: 'none',
          mounts: null,
          notes: [...launch.notes, 'no file says how this image is run or what is mounted into it'],
        }
      : launch,
  );
}

/** Keep why some are no launches; give back those that are. */
function noting(
  skipped: string[],
  result: { readonly launches: readonly Launch[]; readonly skipped: readonly string[] },
): readonly Launch[] {
  skipped.push(...result.skipped);
  return result.launches;
}

/** Ids are unique in a report. */
function unique(launches: readonly Launch[]): Launch[] {
  const seen = new Map<string, number>();
  return launches.map((launch) => {
    const count = (seen.get(launch.id) ?? 0) + 1;
    seen.set(launch.id, count);
    return count === 1 ? launch : { ...launch, id: `${launch.id}~${count}` };
  });
}
