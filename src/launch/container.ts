/** A container as an engine would start it: an image, what its launcher overrides, and what is mounted. Becomes launches. */
import type { Launch, LaunchKind, LaunchVolume } from '../model/launch.ts';
import type { Mount } from '../model/mount.ts';
import { type AbsolutePath, absolutePath, isInside, resolvePath } from '../model/path.ts';
import { type DeclaredEngine, declaredMount, declaredTable } from '../mounts/declare.ts';
import { type Attribution, attribute } from './attribute.ts';
import { baseImage, homeOf, isInfrastructure, isOtherServer } from './base-images.ts';
import { type CommandText, followCommand, type Started } from './command.ts';
import type { ImageStage } from './dockerfile.ts';
import { ownEnvironment } from './dotenv.ts';
import { draftLaunch, recordOf } from './draft.ts';
import type { Project } from './source.ts';
import { type Placement, packagePlace, type World } from './world.ts';

/** A mount of a container with the words of its file. */
export interface ContainerMount {
  readonly mount: Mount;
  readonly volume: LaunchVolume;
  /** The project's directory that is bound there, relative to the project. */
  readonly shows: string | null;
}

export interface Container {
  readonly id: string;
  readonly kind: LaunchKind;
  readonly file: string;
  readonly line: number | null;
  /** What to call its mount table: `docker-compose.yml service bot`. */
  readonly origin: string;
  readonly engine: DeclaredEngine;
  readonly stage: ImageStage | null;
  readonly dockerfile: string | null;
  readonly context: string | null;
  readonly image: string | null;
  readonly entrypoint: CommandText | null;
  readonly command: CommandText | null;
  readonly workdir: string | null;
  readonly env: ReadonlyMap<string, string>;
  readonly hidden: readonly string[];
  readonly user: string | null;
  readonly mounts: readonly ContainerMount[];
  readonly replicas: number | null;
  readonly overlaps: Launch['overlaps'];
  readonly supervisor: string;
  readonly stopSignal: string | null;
  readonly stopSeconds: number | null;
  readonly init: Launch['stop']['init'];
  readonly limits: Launch['limits'];
  readonly notes: readonly string[];
  readonly platform?: string;
  /** Does something outside say that this container is the bot, although its command cannot be followed? The reason. */
  readonly presumed: string | null;
  /** Does the file not say what is mounted (a platform's dashboard does)? Then there is no mount table. */
  readonly mountsUnsaid?: boolean;
  /** Is the image's own file system mounted read-only? */
  readonly rootReadOnly?: boolean;
}

/** ENTRYPOINT and CMD together as the engine runs them. */
function wholeCommand(container: Container): { command: CommandText | null; text: string | null } {
  const { stage } = container;
  const entrypoint = container.entrypoint ?? stage?.entrypoint ?? null;
  // A new entrypoint drops the image's command (docs.docker.com, compose and Kubernetes alike).
  const command = container.command ?? (container.entrypoint === null ? (stage?.command ?? null) : null);
  const text = [entrypoint, command]
    .filter((part) => part !== null)
    .map((part) => ('words' in part ? part.words.join(' ') : part.shell))
    .filter((part) => part !== '' && part !== 'docker-entrypoint.sh')
    .join(' ');
  if (entrypoint === null) return { command, text: text === '' ? null : text };
  if ('shell' in entrypoint) return { command: entrypoint, text };
  const tail =
    command === null
      ? []
      : 'words' in command
        ? command.words
        : [...(command.with ?? ['/bin/sh', '-c']), command.shell];
  const words = [...entrypoint.words, ...tail];
  return { command: words.length === 0 ? null : { words }, text: text === '' ? null : text };
}

/** Volumes of the image that nothing covers become anonymous ones. */
function imageVolumes(container: Container): ContainerMount[] {
  const covered = new Set(container.mounts.map((mount) => mount.volume.at));
  const mounts: ContainerMount[] = [];
  if (container.engine === 'kubernetes') return mounts;
  for (const { at, line } of container.stage?.volumes ?? []) {
    if (covered.has(at)) continue;
    covered.add(at);
    mounts.push({
      mount: declaredMount({ kind: 'anonymous-volume', engine: container.engine, at }),
      volume: {
        at,
        kind: 'anonymous',
        name: null,
        realName: null,
        stable: false,
        reason: 'VOLUME of the image with no volume mounted there: every new container gets an empty one',
        file: container.dockerfile ?? container.file,
        line,
      },
      shows: null,
    });
  }
  return mounts;
}

/** What PID 1 is, and whether an init stands before the bot. */
function stopOf(container: Container, chain: readonly string[]): Launch['stop'] {
  const first = container.init === true ? 'init' : (chain[0] ?? null);
  const inits = ['dumb-init', 'tini', 'tini-static', 'catatonit', 'docker-init', 's6-svscan', 'init'];
  return {
    signal: container.stopSignal ?? container.stage?.stopSignal ?? 'SIGTERM',
    timeoutSeconds: container.stopSeconds,
    pid1: first,
    supervisor: container.supervisor,
    init:
      container.init === true || (first !== null && inits.includes(first)) ? true : first === null ? 'unknown' : false,
  };
}

/** Is it the project itself that an image clones? By the name of its directory, or by what its package.json says. */
function isOwnRepository(project: Project, url: string): boolean {
  const [, owner = '', name = ''] = /([\w.-]+)[/:]([\w.-]+?)(?:\.git)?\/*$/.exec(url) ?? [];
  const folder = project.root.slice(project.root.lastIndexOf('/') + 1);
  if (name !== '' && (folder === name || folder.endsWith(`+${name}`))) return true;
  return ['', ...project.packages].some((root) =>
    project.text(root === '' ? 'package.json' : `${root}/package.json`)?.includes(`${owner}/${name}`),
  );
}

/** The bot launches of a container; empty, with the reason, when it does not start the bot. */
export async function containerLaunches(
  project: Project,
  container: Container,
): Promise<{ launches: Launch[]; skipped: string | null }> {
  const { stage } = container;
  const env = new Map<string, string>([...(stage?.env ?? []), ...container.env]);
  const binds: Placement[] = container.mounts
    .filter((mount) => mount.shows !== null)
    .map((mount) => ({ from: mount.shows ?? '', at: mount.volume.at }));
  const clones: Placement[] = (stage?.clones ?? [])
    .filter((clone) => isOwnRepository(project, clone.url))
    .map((clone) => ({ from: '', at: clone.at }));
  const placements: Placement[] = [...clones, ...(stage?.placements ?? []), ...binds];
  const world: World = { project, placements };
  const base =
    stage?.workdir ?? absolutePath((container.image === null ? null : baseImage(container.image)?.workdir) ?? '/');
  const cwd = container.workdir === null ? base : resolvePath(base, container.workdir);
  const { command, text } = wholeCommand(container);
  const { started, lost } =
    command === null
      ? { started: [], lost: ['the command of an image from elsewhere'] }
      : await followCommand(command, { cwd, env }, world);

  const found: { started: Started | null; attribution: Attribution; note: string | null }[] = [];
  for (const one of started) {
    const attribution = attribute(one, world);
    if (attribution === null) continue;
    const own = await ownEnvironment(
      world,
      attribution.packageRoot,
      one.cwd,
      one.runtime,
      new Map([...env, ...one.env]),
      ignoreFor(project, container, one.cwd),
    );
    found.push({ started: { ...one, env: new Map([...own.values, ...one.env]) }, attribution, note: own.note });
  }
  if (found.length === 0) {
    const presumed = presume(project, container, world, cwd, started, lost);
    if (typeof presumed === 'string') return { launches: [], skipped: presumed };
    found.push(presumed);
  }

  const mounts = [...container.mounts, ...imageVolumes(container)];
  const root = container.rootReadOnly
    ? [declaredMount({ kind: 'writable-layer', engine: container.engine, at: absolutePath('/'), readOnly: true })]
    : [];
  const table = container.mountsUnsaid
    ? null
    : declaredTable(container.origin, container.engine, [...root, ...mounts.map((mount) => mount.mount)]);
  const launches = found.map(({ started: one, attribution, note }, index): Launch => {
    const user = one?.user ?? container.user ?? stage?.user ?? null;
    const ownEnv = new Map([...env, ...(one?.env ?? [])]);
    const hidden = [...container.hidden, ...(one?.hidden ?? [])];
    const chain = one?.chain ?? [];
    const home = ownEnv.get('HOME') ?? homeOf(user, stage?.base ?? container.image);
    const signalled = stopOf(container, chain);
    return draftLaunch(
      index === 0 ? container.id : `${container.id}:${index + 1}`,
      container.kind,
      attribution.packageRoot,
      {
        file: container.file,
        line: container.line,
        command: text,
        entry: attribution.entry,
        cwd: one === null ? cwd : one.cwd,
        packageAt: attribution.packageAt,
        env: recordOf(ownEnv),
        envHidden: hidden.length === 0 ? null : hidden.join('; '),
        user,
        home: home === null || !home.startsWith('/') ? null : absolutePath(home),
        replicas:
          one?.pm2?.cluster === true && (one.pm2.instances ?? 2) > 1 ? (one.pm2.instances ?? 2) : container.replicas,
        overlaps: container.overlaps,
        stop: signalled,
        mountTable: table === null ? 'none' : 'declared',
        mounts: table,
        limits: container.limits,
        notes: [...container.notes, ...(note === null ? [] : [note])],
        chain: container.init === true ? ['init', ...chain] : chain,
        volumes: mounts.map((mount) => mount.volume),
        image: {
          dockerfile: container.dockerfile,
          context: container.context,
          name: container.image,
          copies: stage?.placements ?? [],
          ignoreFile: ignoreFile(project, container),
        },
        ...(container.platform === undefined ? {} : { platform: container.platform }),
      },
    );
  });
  return { launches, skipped: null };
}

/** The ignore file that decides what of `directory` is in the image; `null` where a bind shows the checkout itself. */
function ignoreFor(project: Project, container: Container, directory: AbsolutePath | null): string | null {
  const bound = container.mounts.some(
    (mount) => mount.shows !== null && directory !== null && isInside(directory, mount.volume.at),
  );
  return bound ? null : ignoreFile(project, container);
}

/** A Dockerfile's own ignore file comes first (docs.docker.com, build context). */
function ignoreFile(project: Project, container: Container): string | null {
  if (container.dockerfile === null || container.context === null) return null;
  const own = `${container.dockerfile}.dockerignore`;
  if (project.exists(own)) return own;
  const shared = container.context === '' ? '.dockerignore' : `${container.context}/.dockerignore`;
  return project.exists(shared) ? shared : null;
}

/** The command cannot be followed to a script of the bot. Is this container the bot all the same? */
function presume(
  project: Project,
  container: Container,
  world: World,
  cwd: AbsolutePath | null,
  started: readonly Started[],
  lost: readonly string[],
): { started: null; attribution: Attribution; note: string } | string {
  const base = container.stage?.base ?? container.image;
  if (started.some((one) => one.entry !== null)) {
    return `${container.origin} starts ${started.find((one) => one.entry !== null)?.entry}, which is not the bot's package`;
  }
  if (base !== null && (container.stage === null ? isInfrastructure(base) : isOtherServer(base))) {
    return `${container.origin} runs ${base}, which is not the bot`;
  }
  const [first] = lost;
  if (first === undefined) return `${container.origin} starts no script of the bot's package`;
  for (const packageRoot of project.packages) {
    const at = packagePlace(world, packageRoot);
    if (at === null) continue;
    return {
      started: null,
      attribution: { packageRoot, packageAt: at, entry: null },
      note: `${first} could not be followed; the container holds the bot's package at ${at}`,
    };
  }
  const [only] = project.packages;
  if (container.presumed !== null && only !== undefined) {
    const packageRoot =
      project.packages.find((root) => container.context !== null && root === container.context) ?? only;
    return {
      started: null,
      attribution: { packageRoot, packageAt: cwd ?? ('/' as AbsolutePath), entry: null },
      note: container.presumed,
    };
  }
  return `${container.origin} does not hold the bot's package`;
}
