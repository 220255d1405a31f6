/** The Dockerfiles of the project as launches of their own: `docker build` and `docker run` with no options. */
import type { Launch } from '../model/launch.ts';
import { containerLaunches } from './container.ts';
import { finalStage, readDockerfile } from './dockerfile.ts';
import { addOnMounts } from './platforms/home-assistant.ts';
import type { Project } from './source.ts';
import { directoryOf, inProject, type TreeFile } from './tree.ts';

/** Docker's own default (docs.docker.com, docker stop). */
export const DOCKER_STOP_SECONDS = 10;

const NAMES =
  /^(Dockerfile|Containerfile)([._-][\w.-]+)?$|^[\w.-]+\.(Dockerfile|Containerfile|dockerfile)$|^dockerfile$/;
const NOT_ONE = /\.(md|txt|ya?ml|json|sh|dockerignore|bak|old|example|template|j2|tmpl)$/i;

/** Is it a Dockerfile by its name? */
export function isDockerfile(file: TreeFile): boolean {
  return NAMES.test(file.name) && !NOT_ONE.test(file.name);
}

/** The sources of COPY and ADD, roughly: enough to tell which directory is the build context. */
function copied(text: string): string[] {
  const sources: string[] = [];
  for (const line of text.split('\n').slice(0, 3000)) {
    const match = /^\s*(?:COPY|ADD)\s+(?!.*--from)(.+?)\s*\\?$/i.exec(line.slice(0, 2000));
    if (match === null) continue;
    const words = (match[1] ?? '')
      .replace(/[[\]",]/g, ' ')
      .split(/\s+/)
      .filter((word) => word !== '' && !word.startsWith('--'));
    words.pop();
    for (const word of words) if (!/[*?$]|:\/\//.test(word) && word !== '.' && word !== './') sources.push(word);
  }
  return sources;
}

/**
 * The directory that a Dockerfile is built in when nothing says so: the nearest one at or above it in which its COPY sources exist.
 */
export function guessContext(project: Project, path: string): string {
  const own = directoryOf(path);
  const sources = copied(project.text(path) ?? '');
  if (sources.length === 0) {
    // `docker/Dockerfile` with `COPY . .` is built from the directory that holds the package.
    for (let at = own; ; at = directoryOf(at)) {
      if (project.exists(at === '' ? 'package.json' : `${at}/package.json`)) return at;
      if (at === '') return own;
    }
  }
  let best = own;
  let most = -1;
  for (let at = own; ; at = directoryOf(at)) {
    const hits = sources.filter((source) => {
      const target = inProject(at, source);
      return target !== null && project.exists(target);
    }).length;
    if (hits > most) {
      most = hits;
      best = at;
    }
    if (at === '') return best;
  }
}

/** Launches of the Dockerfiles that no other launch builds. */
export async function dockerfileLaunches(
  project: Project,
  used: ReadonlySet<string>,
): Promise<{ launches: Launch[]; skipped: string[] }> {
  const launches: Launch[] = [];
  const skipped: string[] = [];
  const files = project.tree.files.filter((file) => isDockerfile(file) && !used.has(file.path));
  for (const file of files.slice(0, 200)) {
    const result = await dockerfileLaunch(project, file.path);
    launches.push(...result.launches);
    if (result.skipped !== null) skipped.push(result.skipped);
  }
  return { launches, skipped };
}

async function dockerfileLaunch(
  project: Project,
  path: string,
): Promise<{ launches: Launch[]; skipped: string | null }> {
  const context = guessContext(project, path);
  const read = await readDockerfile(project, path, { context });
  if (!read.ok) {
    project.problem(read.reason);
    return { launches: [], skipped: null };
  }
  const stage = finalStage(read.model, null);
  if (stage === null) return { launches: [], skipped: null };
  const addOn = await addOnMounts(project, directoryOf(path));
  const besideBot = project.packages.includes(directoryOf(path)) || project.packages.includes(context);
  return containerLaunches(project, {
    id: `dockerfile:${path}`,
    kind: 'dockerfile',
    file: path,
    line: stage.line,
    origin: path,
    engine: 'docker',
    stage,
    dockerfile: path,
    context,
    image: null,
    entrypoint: null,
    command: null,
    workdir: null,
    env: new Map(),
    hidden: [],
    user: null,
    mounts: addOn ?? [],
    replicas: null,
    overlaps: 'unknown',
    supervisor: 'docker',
    stopSignal: null,
    stopSeconds: DOCKER_STOP_SECONDS,
    init: false,
    limits: { pids: null, memoryBytes: null, shmBytes: null },
    notes: addOn === null ? [] : ['it is an add-on of Home Assistant, which mounts /data and what `map` names'],
    presumed: besideBot
      ? `${path} does not copy the bot's package; it is taken for the bot's image because it lies beside its package.json`
      : null,
  });
}
