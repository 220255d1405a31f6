/** What the readers of platform files share: a service of a platform as a container. */
import type { Launch } from '../../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import { declaredMount } from '../../mounts/declare.ts';
import { type Container, type ContainerMount, containerLaunches } from '../container.ts';
import { finalStage, type ImageStage, readDockerfile } from '../dockerfile.ts';
import type { Project } from '../source.ts';
import { inProject } from '../tree.ts';
import type { Placement } from '../world.ts';

/** One service of a platform file. */
export interface PlatformService {
  readonly id: string;
  readonly platform: string;
  readonly file: string;
  readonly line: number | null;
  /** Start command; `null`: the image's own, or the platform's default. */
  readonly command: string | null;
  /** Directory of the service, relative to the project. */
  readonly directory: string;
  /** Dockerfile (relative to the project) with its context; `null`: the platform builds the source itself. */
  readonly dockerfile: string | null;
  readonly context: string;
  readonly target?: string | null;
  /** Where the platform puts the source that it builds itself. */
  readonly sourceAt: string;
  readonly env: ReadonlyMap<string, string>;
  readonly hidden: readonly string[];
  /** Disks that the file declares, by mount point. */
  readonly disks: readonly { readonly at: string; readonly name: string; readonly line: number | null }[];
  readonly replicas: number | null;
  readonly overlaps: Launch['overlaps'];
  readonly stopSignal: string | null;
  readonly stopSeconds: number | null;
  readonly memoryBytes?: number | null;
  readonly notes: readonly string[];
  readonly rootReadOnly?: boolean;
  readonly extraMounts?: readonly ContainerMount[];
}

/** A stage that stands for an image which the platform makes of the source. */
function builtStage(at: AbsolutePath, placements: Placement[], command: string | null): ImageStage {
  return {
    name: null,
    base: 'platform',
    env: new Map(),
    args: new Map(),
    workdir: at,
    user: null,
    entrypoint: null,
    command: command === null ? null : { shell: command },
    ownCommand: true,
    shell: ['/bin/sh', '-c'],
    volumes: [],
    placements,
    stopSignal: null,
    line: 1,
    clones: [],
  };
}

/** Launches of a platform's service. */
export async function platformLaunches(project: Project, service: PlatformService): Promise<Launch[]> {
  let stage: ImageStage;
  const notes = [...service.notes];
  if (service.dockerfile !== null) {
    const read = await readDockerfile(project, service.dockerfile, { context: service.context });
    if (!read.ok) {
      project.problem(`${service.file}: ${read.reason}`);
      return [];
    }
    const found = finalStage(read.model, service.target ?? null);
    if (found === null) return [];
    stage = found;
  } else {
    const at = absolutePath(service.sourceAt);
    stage = builtStage(at, [{ from: service.directory, at }], service.command ?? 'npm start');
  }
  const container: Container = {
    id: service.id,
    kind: 'platform',
    file: service.file,
    line: service.line,
    origin: `${service.file} (${service.platform})`,
    engine: 'docker',
    stage,
    dockerfile: service.dockerfile,
    context: service.context,
    image: null,
    entrypoint: null,
    command: service.command === null || service.dockerfile === null ? null : { shell: service.command },
    workdir: null,
    env: service.env,
    hidden: [...service.hidden, `${service.platform} sets variables that no file of the project shows`],
    user: null,
    mounts: [...service.disks.flatMap((disk) => diskMount(service.file, disk)), ...(service.extraMounts ?? [])],
    replicas: service.replicas,
    overlaps: service.overlaps,
    supervisor: service.platform,
    stopSignal: service.stopSignal,
    stopSeconds: service.stopSeconds,
    init: 'unknown',
    limits: { pids: null, memoryBytes: service.memoryBytes ?? null, shmBytes: null },
    notes,
    platform: service.platform,
    presumed: project.packages.includes(service.directory)
      ? `its start command is not in ${service.file}; it is taken for the bot because it is built from its package`
      : null,
    ...(service.rootReadOnly === undefined ? {} : { rootReadOnly: service.rootReadOnly }),
  };
  return (await containerLaunches(project, container)).launches;
}

function diskMount(file: string, disk: { at: string; name: string; line: number | null }): ContainerMount[] {
  if (!disk.at.startsWith('/')) return [];
  const at = absolutePath(disk.at);
  return [
    {
      mount: declaredMount({ kind: 'named-volume', engine: 'docker', at, name: disk.name }),
      volume: {
        at,
        kind: 'platform-disk',
        name: disk.name,
        realName: null,
        stable: true,
        reason: null,
        file,
        line: disk.line,
      },
      shows: null,
    },
  ];
}

/** The Dockerfile that a platform finds by itself in a directory, or `null`. */
export function dockerfileIn(project: Project, directory: string, named: string | null): string | null {
  const path = inProject(directory, named ?? 'Dockerfile');
  return path !== null && project.exists(path) ? path : null;
}
