/** A Docker or Podman container as its engine describes it. The only place that calls an engine. */
import { draftLaunch, recordOf } from '../launch/draft.ts';
import type { Launch, LaunchVolume } from '../model/launch.ts';
import type { Mount, MountTable } from '../model/mount.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import { type DeclaredEngine, declaredMount, declaredTable } from '../mounts/declare.ts';

/** An engine that does not answer in this time is stuck: `docker inspect` takes 0.1 s on an idle machine, 2 s on a busy one. */
const TIME_LIMIT_MS = 15_000;
const OUTPUT_LIMIT = 8 * 1024 * 1024;

/** What `inspect` says, in the doctor's words. */
export interface EngineContainer {
  readonly engine: DeclaredEngine;
  readonly id: string;
  readonly name: string;
  /** First process of the container as the host numbers it; `null` when it does not run. */
  readonly pid: number | null;
  readonly mounts: MountTable;
  readonly volumes: readonly LaunchVolume[];
  readonly image: string | null;
  readonly workdir: AbsolutePath;
  readonly env: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly user: string | null;
  readonly hostname: string | null;
  readonly stopSignal: string | null;
  readonly stopSeconds: number | null;
  readonly init: boolean;
  readonly autoRemove: boolean;
  readonly restartPolicy: string | null;
  readonly limits: Launch['limits'];
  readonly readOnly: boolean;
  /** Compose project and service, where compose made it. */
  readonly compose: { readonly project: string; readonly service: string } | null;
}

export type Inspected =
  | { readonly ok: true; readonly container: EngineContainer }
  | { readonly ok: false; readonly reason: string };

type Fields = Readonly<Record<string, unknown>>;
const fields = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const number = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : null;
const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : typeof value === 'string' && value !== '' ? value.split(' ') : [];

/** Names that an engine gives: nothing that could be taken for an option. */
const NAME = /^[A-Za-z0-9][\w.-]{0,254}$/;

/** Ask Docker, then Podman, for a container. Never throws; ends within half a minute. */
export async function inspectContainer(name: string): Promise<Inspected> {
  if (!NAME.test(name)) return { ok: false, reason: `"${name.slice(0, 60)}" is not the name or id of a container` };
  const { execa } = await import('execa');
  const reasons: string[] = [];
  for (const engine of ['docker', 'podman'] as const) {
    const result = await execa(engine, ['container', 'inspect', name], {
      cwd: '/',
      timeout: TIME_LIMIT_MS,
      // A client that waits for a stuck engine may ignore SIGTERM.
      forceKillAfterDelay: 1000,
      maxBuffer: OUTPUT_LIMIT,
      reject: false,
      stdin: 'ignore',
    });
    if (result.failed) {
      if (result.code === 'ENOENT') reasons.push(`${engine} is not installed`);
      else if (result.timedOut) reasons.push(`${engine} did not answer within ${TIME_LIMIT_MS / 1000} s`);
      else
        reasons.push(
          `${engine}: ${(result.stderr ?? result.shortMessage ?? '').trim().split('\n')[0]?.slice(0, 200) ?? 'it failed'}`,
        );
      continue;
    }
    try {
      const parsed: unknown = JSON.parse(result.stdout);
      return { ok: true, container: readInspect(list(parsed)[0], engine) };
    } catch {
      reasons.push(`${engine}: its answer could not be read`);
    }
  }
  return { ok: false, reason: reasons.join('; ') };
}

/** One entry of `inspect`'s answer. */
export function readInspect(value: unknown, engine: DeclaredEngine): EngineContainer {
  const top = fields(value);
  const config = fields(top['Config']);
  const host = fields(top['HostConfig']);
  const state = fields(top['State']);
  const name = (text(top['Name']) ?? 'container').replace(/^\//, '');
  const origin = `${engine} inspect ${name}`;
  const mounts: Mount[] = [];
  const volumes: LaunchVolume[] = [];
  const add = (
    at: string,
    kind: LaunchVolume['kind'],
    mount: Parameters<typeof declaredMount>[0],
    volumeName: string | null,
    stable: LaunchVolume['stable'],
    reason: string | null,
  ): void => {
    mounts.push(declaredMount(mount));
    volumes.push({
      at: absolutePath(at),
      kind,
      name: volumeName,
      realName: volumeName,
      stable,
      reason,
      file: origin,
      line: null,
    });
  };
  for (const item of list(top['Mounts'])) {
    const mount = fields(item);
    const at = text(mount['Destination']);
    if (at === null || !at.startsWith('/')) continue;
    const target = absolutePath(at);
    const readOnly = mount['RW'] === false;
    const volume = text(mount['Name']);
    const type = text(mount['Type']);
    if (type === 'tmpfs')
      add(at, 'tmpfs', { kind: 'tmpfs', engine, at: target }, null, false, 'memory, emptied when the container stops');
    else if (type === 'volume' && volume !== null) {
      const anonymous = /^[0-9a-f]{64}$/.test(volume);
      add(
        at,
        anonymous ? 'anonymous' : 'named',
        { kind: anonymous ? 'anonymous-volume' : 'named-volume', engine, at: target, name: volume, readOnly },
        anonymous ? null : volume,
        !anonymous,
        anonymous ? 'a volume without a name belongs to one container' : null,
      );
    } else
      add(
        at,
        'bind',
        { kind: 'bind', engine, at: target, source: text(mount['Source']) ?? '/srv', readOnly },
        text(mount['Source']),
        true,
        null,
      );
  }
  for (const at of Object.keys(fields(host['Tmpfs']))) {
    if (at.startsWith('/') && !volumes.some((volume) => volume.at === at))
      add(
        at,
        'tmpfs',
        { kind: 'tmpfs', engine, at: absolutePath(at) },
        null,
        false,
        'memory, emptied when the container stops',
      );
  }
  const readOnly = host['ReadonlyRootfs'] === true;
  const root = readOnly ? [declaredMount({ kind: 'writable-layer', engine, at: absolutePath('/'), readOnly })] : [];
  const env = recordOf(
    list(config['Env']).flatMap((item): [string, string][] => {
      const equals = typeof item === 'string' ? item.indexOf('=') : -1;
      return typeof item === 'string' && equals > 0 ? [[item.slice(0, equals), item.slice(equals + 1)]] : [];
    }),
  );
  const labels = fields(config['Labels']);
  const project = text(labels['com.docker.compose.project']);
  const service = text(labels['com.docker.compose.service']);
  const words = [...list(config['Entrypoint']), ...list(config['Cmd'])].filter((word) => typeof word === 'string');
  const workdir = text(config['WorkingDir']) ?? '/';
  const shm = number(host['ShmSize']);
  return {
    engine,
    id: text(top['Id']) ?? '',
    name,
    pid: number(state['Pid']),
    mounts: { ...declaredTable(origin, engine, [...root, ...mounts]), kind: 'engine' },
    volumes,
    image: text(config['Image']),
    workdir: absolutePath(workdir.startsWith('/') ? workdir : `/${workdir}`),
    env,
    command: words,
    user: text(config['User']),
    hostname: text(config['Hostname']),
    stopSignal: text(config['StopSignal']),
    stopSeconds: typeof config['StopTimeout'] === 'number' ? config['StopTimeout'] : null,
    init: host['Init'] === true,
    autoRemove: host['AutoRemove'] === true,
    restartPolicy: text(fields(host['RestartPolicy'])['Name']),
    limits: { pids: number(host['PidsLimit']), memoryBytes: number(host['Memory']), shmBytes: shm },
    readOnly,
    compose: project === null || service === null ? null : { project, service },
  };
}

/** Docker's and Podman's default between the signal and SIGKILL. */
const STOP_SECONDS = 10;

/**
 * The launch of a container: what the engine knows, with what its live process shows where it runs.
 *
 * @param live launch of the bot's process in the container (`findBotProcesses`), or `null` when it does not run or cannot be read
 */
export function containerLaunch(container: EngineContainer, live: Launch | null): Launch {
  const notes = [
    ...(container.autoRemove ? ['--rm: the container is removed, with its writable layer, as soon as it stops'] : []),
    ...(container.pid === null ? ['the container does not run: its processes could not be looked at'] : []),
  ];
  const stop: Launch['stop'] = {
    signal: container.stopSignal ?? 'SIGTERM',
    timeoutSeconds: container.stopSeconds ?? STOP_SECONDS,
    pid1: live?.stop.pid1 ?? container.command[0] ?? null,
    supervisor: container.engine,
    init: container.init ? true : (live?.stop.init ?? 'unknown'),
  };
  const shared = {
    limits: container.limits,
    volumes: container.volumes,
    overlaps: false as const,
    image: { dockerfile: null, context: null, name: container.image, copies: [], ignoreFile: null },
  };
  if (live !== null) return { ...live, ...shared, stop, notes: [...live.notes, ...notes] };
  return draftLaunch(`process:${container.name}`, 'process', '', {
    ...shared,
    command: container.command.join(' '),
    cwd: container.workdir,
    env: container.env,
    user: container.user,
    stop,
    mountTable: 'live',
    mounts: container.mounts,
    notes,
  });
}
