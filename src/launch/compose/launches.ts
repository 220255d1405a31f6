/** The services of compose files that start the bot. */
import type { Launch } from '../../model/launch.ts';
import { type Container, type ContainerMount, containerLaunches } from '../container.ts';
import { DOCKER_STOP_SECONDS } from '../docker-files.ts';
import { finalStage, type ImageStage, readDockerfile } from '../dockerfile.ts';
import { parseDockerEnvFile, parseDotenv } from '../env-file.ts';
import { type Candidate, likelyBot, ownImages } from '../own-image.ts';
import type { Project } from '../source.ts';
import { inProject } from '../tree.ts';
import { composeSets } from './files.ts';
import { isUnset, unsetNames, written } from './interpolate.ts';
import { ComposeLoader, type ComposeProject } from './load.ts';
import type { Service } from './service.ts';
import { volumeMount } from './volumes.ts';

export interface ComposeResult {
  readonly launches: readonly Launch[];
  readonly skipped: readonly string[];
}

/** Launches of every compose file: the base with its override, and each variant alone or over the base. */
export async function composeLaunches(project: Project): Promise<ComposeResult> {
  const loader = new ComposeLoader(project);
  const launches: Launch[] = [];
  const skipped: string[] = [];
  for (const set of composeSets(project.tree.files).slice(0, 100)) {
    const together: string[][] = set.base.length === 0 ? [] : [[...set.base]];
    for (const variant of set.variants.slice(0, 50)) {
      const alone = set.base.length === 0 || (await loader.standsAlone(variant));
      const [base] = set.base;
      together.push(alone || base === undefined ? [variant] : [base, variant]);
    }
    for (const files of together) {
      const compose = await loader.load(files);
      if (compose === null) continue;
      const result = await projectLaunches(project, compose);
      launches.push(...result.launches);
      skipped.push(...result.skipped);
    }
  }
  return { launches, skipped };
}

const candidateOf = (name: string, service: Service): Candidate => ({
  name,
  image: service.image ?? null,
  targets: service.volumes.map((volume) => volume.target),
});

interface Image {
  readonly stage: ImageStage | null;
  readonly dockerfile: string | null;
  readonly context: string | null;
  /** Why the image is taken for the bot's although the file does not say so. */
  readonly presumed: string | null;
}

async function projectLaunches(project: Project, compose: ComposeProject): Promise<ComposeResult> {
  const launches: Launch[] = [];
  const skipped: string[] = [];
  const foreign: [string, Service][] = [];
  const missing: string[] = [];
  for (const [name, service] of compose.services) {
    const image = await builtImage(project, compose, service, missing);
    if (image === null) {
      foreign.push([name, service]);
      continue;
    }
    const result = await containerLaunches(project, await container(project, compose, name, service, image));
    launches.push(...result.launches);
    if (result.skipped !== null) skipped.push(result.skipped);
  }
  // An image from a registry may be the bot's, if nothing that is built here is.
  if (launches.length > 0) return { launches, skipped };
  for (const [name, service] of foreign) {
    const reason =
      service.build === undefined
        ? likelyBot(
            project,
            candidateOf(name, service),
            foreign.map(([other, its]) => candidateOf(other, its)),
          )
        : 'its build context is not in the tree';
    if (reason === null) {
      skipped.push(
        `${compose.files[0]} service ${name} runs ${service.image ?? service.build?.written}, which is not the bot`,
      );
      continue;
    }
    for (const image of await ownImages(project)) {
      const presumed = `${name} runs ${written(service.image ?? service.build?.written ?? '')}; it is taken for the image of ${image.dockerfile} because ${reason}`;
      const candidate = await container(project, compose, name, service, { ...image, presumed: null });
      const result = await containerLaunches(project, { ...candidate, notes: [...candidate.notes, presumed] });
      if (result.launches.length === 0) continue;
      launches.push(...result.launches);
      break;
    }
  }
  // A service whose Dockerfile is elsewhere matters only while nothing is known to be the bot's.
  if (launches.length === 0) for (const reason of missing) project.problem(reason);
  return { launches, skipped };
}

/** The image that a service builds from this tree, or runs with the project bound into it; `null` when it is somebody else's. */
async function builtImage(
  project: Project,
  compose: ComposeProject,
  service: Service,
  missing: string[],
): Promise<Image | null> {
  let { build } = service;
  if (build === undefined && service.image !== undefined) {
    // Another service may build the image that this one runs.
    for (const other of compose.services.values())
      if (other.build !== undefined && other.image === service.image) build = other.build;
  }
  if (build === undefined) {
    const bound = service.volumes.some((volume) => volume.shows !== null && holdsPackage(project, volume.shows));
    return bound ? { stage: null, dockerfile: null, context: null, presumed: null } : null;
  }
  const { context } = build;
  if (context === null || !project.isDirectory(context)) return null;
  const path = build.dockerfile === null || build.inline !== null ? null : inProject(context, build.dockerfile);
  const dockerfile = path ?? defaultDockerfile(project, context);
  const read = await readDockerfile(project, dockerfile, { context, args: build.args, text: build.inline });
  if (!read.ok) {
    const reason = `${service.file}: ${read.reason}`;
    if (build.inline === null && !project.exists(dockerfile)) missing.push(reason);
    else project.problem(reason);
    return null;
  }
  const stage = finalStage(read.model, build.target);
  if (stage === null) {
    project.problem(`${service.file}: ${dockerfile} has no stage ${build.target}`);
    return null;
  }
  const presumed = project.packages.includes(context)
    ? `${dockerfile} does not copy the bot's package; it is taken for the bot's image because it is built in the package's directory`
    : null;
  return { stage, dockerfile, context, presumed };
}

function defaultDockerfile(project: Project, context: string): string {
  const at = (name: string): string => (context === '' ? name : `${context}/${name}`);
  return project.exists(at('Dockerfile'))
    ? at('Dockerfile')
    : project.exists(at('dockerfile'))
      ? at('dockerfile')
      : project.exists(at('Containerfile'))
        ? at('Containerfile')
        : at('Dockerfile');
}

/** Is the package itself, or a directory above it, what is bound? A bound `./src` or `./sessions` does not make an image the bot's. */
function holdsPackage(project: Project, path: string): boolean {
  return project.packages.some((root) => path === '' || root === path || root.startsWith(`${path}/`));
}

/** Environment of a service in compose's order: env_file, then environment. */
async function environment(
  project: Project,
  service: Service,
): Promise<{ env: Map<string, string>; hidden: string[] }> {
  const env = new Map<string, string>();
  const hidden: string[] = [];
  for (const use of service.envFiles) {
    const text = use.path === null ? null : project.text(use.path);
    if (text === null) {
      hidden.push(`the env_file ${written(use.written)} is not in the tree`);
      continue;
    }
    const parsed = use.raw ? parseDockerEnvFile(text) : await parseDotenv(text);
    if (!parsed.ok) {
      project.problem(`${use.path}: ${parsed.reason}`);
      hidden.push(`the env_file ${use.written} could not be read: ${parsed.reason}`);
      continue;
    }
    for (const [name, value] of parsed.values) env.set(name, value);
  }
  for (const [name, value] of service.environment) {
    if (value === null) {
      hidden.push(`${name} is taken over from the shell that runs compose`);
      env.delete(name);
    } else if (isUnset(value)) {
      hidden.push(`${name} depends on ${unsetNames(value).join(', ')}, which is set nowhere in the project`);
      env.delete(name);
    } else env.set(name, value);
  }
  return { env, hidden };
}

async function container(
  project: Project,
  compose: ComposeProject,
  name: string,
  service: Service,
  image: Image,
): Promise<Container> {
  const { env, hidden } = await environment(project, service);
  const label = compose.files.join('+');
  const notes = [...compose.notes];
  const mounts: ContainerMount[] = [];
  for (const volume of service.volumes) {
    const top = volume.source === null ? undefined : compose.volumes.get(volume.source);
    const mount = volumeMount(volume, 'docker', top?.value ?? null, top?.raw ?? null, compose.name);
    if (mount === null)
      notes.push(`the volume ${written(`${volume.source ?? ''}:${volume.target}`)} could not be placed`);
    else mounts.push(mount);
  }
  if (service.profiles.length > 0) notes.push(`started only with the profile ${service.profiles.join(' or ')}`);
  const text = (value: string | undefined): string | null => (value === undefined || isUnset(value) ? null : value);
  return {
    id: `compose:${label}#${name}`,
    kind: 'compose',
    file: service.file,
    line: service.line,
    origin: `${label} service ${name}`,
    engine: 'docker',
    stage: image.stage,
    dockerfile: image.dockerfile,
    context: image.context,
    image: text(service.image) ?? image.stage?.base ?? null,
    entrypoint: service.entrypoint ?? null,
    command: service.command ?? null,
    workdir: text(service.workdir),
    env,
    hidden,
    user: text(service.user),
    mounts,
    replicas: service.replicas ?? null,
    overlaps: service.startFirst === true,
    supervisor: 'docker',
    stopSignal: service.stopSignal ?? null,
    stopSeconds: service.stopSeconds ?? DOCKER_STOP_SECONDS,
    init: service.init ?? false,
    limits: {
      pids: service.pids ?? null,
      memoryBytes: service.memoryBytes ?? null,
      shmBytes: service.shmBytes ?? null,
    },
    notes,
    presumed: image.presumed,
    rootReadOnly: service.readOnly === true,
  };
}
