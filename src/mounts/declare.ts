/**
 * Mount tables that nobody has mounted yet: what an engine will make of a Dockerfile, a compose service or a pod spec.
 * The mounts look the way the engine makes them (see docs/storage.md), so that one function judges declared and live tables alike.
 */
import type { Mount, MountTable } from '../model/mount.ts';
import { type AbsolutePath, isInside, relativeTo } from '../model/path.ts';

export type DeclaredKind =
  | 'writable-layer'
  | 'named-volume'
  | 'anonymous-volume'
  | 'bind'
  | 'tmpfs'
  | 'empty-dir'
  | 'memory-empty-dir'
  | 'pvc'
  | 'config-map'
  | 'secret'
  | 'host-path';

export type DeclaredEngine = 'docker' | 'podman' | 'kubernetes';

/** One mount as a file declares it. */
export interface Declaration {
  readonly kind: DeclaredKind;
  readonly engine: DeclaredEngine;
  /** The mount point in the container; `/` for a writable layer. */
  readonly at: AbsolutePath;
  /** Name of the volume or claim. */
  readonly name?: string;
  /** The host's path of a bind or hostPath; the server's path where `fstype` is a network file system. */
  readonly source?: string;
  /** Directory inside the volume. */
  readonly subPath?: string;
  readonly readOnly?: boolean;
  /** File system of a volume with driver options or of an NFS volume of a pod: `nfs4`, `cifs`. Default: a local disk. */
  readonly fstype?: string;
}

/** Stand-ins for what only the engine knows. Any value of the same form is judged alike. */
const CONTAINER_ID = '0'.repeat(64);
const POD_ID = '00000000-0000-4000-8000-000000000000';

export const DOCKER_ROOT = '/var/lib/docker';
export const PODMAN_ROOT = '/var/lib/containers/storage';
export const POD_DIRECTORY = `/var/lib/kubelet/pods/${POD_ID}`;

/** The host's disk: what carries volumes, binds and the files that the engine manages. */
const HOST_DISK = { device: '8:1', fstype: 'ext4', source: '/dev/sda1', superOptions: 'rw' } as const;

/** Host directories that lie in memory: a bind of one is a bind of a tmpfs. */
const HOST_MEMORY = ['/run', '/var/run', '/dev/shm'] as const;

type Shape = Pick<Mount, 'device' | 'root' | 'fstype' | 'source' | 'superOptions'>;

const onDisk = (root: string): Shape => ({ ...HOST_DISK, root });
const inMemory = (root: string, superOptions = 'rw'): Shape => ({
  device: '0:99',
  root,
  fstype: 'tmpfs',
  source: 'tmpfs',
  superOptions,
});

const WRITABLE_LAYER: Readonly<Record<DeclaredEngine, string>> = {
  docker: `lowerdir=${DOCKER_ROOT}/overlay2/l/A,upperdir=${DOCKER_ROOT}/overlay2/${CONTAINER_ID}/diff`,
  podman: `lowerdir=${PODMAN_ROOT}/overlay/l/A,upperdir=${PODMAN_ROOT}/overlay/${CONTAINER_ID}/diff`,
  kubernetes:
    'lowerdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs,' +
    'upperdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/2/fs',
};

const volumeRoot = (engine: DeclaredEngine, name: string): string =>
  `${engine === 'podman' ? PODMAN_ROOT : DOCKER_ROOT}/volumes/${name}/_data`;

/** A bind shows the host's directory as root; one below /run or /dev/shm shows the host's tmpfs. */
function bound(source: string): Shape {
  if (source.startsWith('/')) {
    for (const memory of HOST_MEMORY) {
      if (!isInside(source as AbsolutePath, memory as AbsolutePath)) continue;
      return inMemory(`/${relativeTo(source as AbsolutePath, memory as AbsolutePath) || 'host'}`);
    }
  }
  return onDisk(source.startsWith('/') ? source : `/srv/${source}`);
}

/** A volume name that is 64 hex digits would be an anonymous one; a claim's name must not look like a path. */
const plainName = (name: string | undefined, fallback: string): string => (name ?? '').replace(/\//g, '-') || fallback;

function shape(declaration: Declaration): Shape {
  const { engine, name, source, subPath, fstype } = declaration;
  const below = subPath ? `/${subPath.replace(/^\/+|\/+$/g, '')}` : '';
  if (fstype)
    return { device: '0:98', root: below || '/', fstype, source: source ?? 'server:/volume', superOptions: 'rw' };
  switch (declaration.kind) {
    case 'writable-layer':
      return {
        device: '0:50',
        root: '/',
        fstype: 'overlay',
        source: 'overlay',
        superOptions: `rw,${WRITABLE_LAYER[engine]}`,
      };
    case 'named-volume':
      return onDisk(volumeRoot(engine, plainName(name, 'volume')) + below);
    case 'anonymous-volume':
      return onDisk(volumeRoot(engine, 'a'.repeat(64)) + below);
    case 'bind':
    case 'host-path':
      return bound((source ?? '/srv/host') + below);
    case 'tmpfs':
    case 'memory-empty-dir':
    case 'secret':
      return inMemory('/', 'rw,size=65536k');
    case 'empty-dir':
      return onDisk(`${POD_DIRECTORY}/volumes/kubernetes.io~empty-dir/${plainName(name, 'volume')}${below}`);
    case 'config-map':
      return onDisk(`${POD_DIRECTORY}/volumes/kubernetes.io~configmap/${plainName(name, 'volume')}${below}`);
    case 'pvc': {
      // A device of its own is what a claim looks like inside a pod; the path says that a claim was stated.
      const claim = plainName(name, 'claim');
      return {
        device: '259:64',
        root: below || '/',
        fstype: 'ext4',
        source: `${DECLARED_CLAIM}${claim}`,
        superOptions: 'rw',
      };
    }
  }
}

/** Source of a volume that a pod spec states as a PersistentVolumeClaim. */
export const DECLARED_CLAIM = '/dev/declared/claim-';

/** One mount in the form its engine gives it. Ids and lines are set by `declaredTable`. */
export function declaredMount(declaration: Declaration): Mount {
  const readOnly = declaration.readOnly || declaration.kind === 'config-map' || declaration.kind === 'secret';
  return {
    id: 0,
    parent: 0,
    ...shape(declaration),
    mountPoint: declaration.at,
    options: readOnly ? 'ro,relatime' : 'rw,relatime',
    optional: [],
    line: 0,
  };
}

/** What every container of an engine has beside the declared mounts: it tells the engine, as in a live table. */
function engineMounts(engine: DeclaredEngine): Mount[] {
  const mount = (at: string, rest: Shape): Mount => ({
    id: 0,
    parent: 0,
    ...rest,
    mountPoint: at,
    options: 'rw,relatime',
    optional: [],
    line: 0,
  });
  const files: Readonly<Record<DeclaredEngine, Shape>> = {
    docker: onDisk(`${DOCKER_ROOT}/containers/${CONTAINER_ID}/hosts`),
    podman: inMemory(`/containers/storage/overlay-containers/${CONTAINER_ID}/userdata/hosts`),
    kubernetes: onDisk(`${POD_DIRECTORY}/etc-hosts`),
  };
  const always = [
    mount('/proc', { device: '0:51', root: '/', fstype: 'proc', source: 'proc', superOptions: 'rw' }),
    mount('/sys', { device: '0:52', root: '/', fstype: 'sysfs', source: 'sysfs', superOptions: 'ro' }),
    mount('/dev', { ...inMemory('/', 'rw,size=65536k,mode=755'), device: '0:53' }),
    mount('/dev/shm', { ...inMemory('/', 'rw,size=65536k'), device: '0:54', source: 'shm' }),
    mount('/etc/hosts', files[engine]),
  ];
  if (engine === 'kubernetes') {
    always.push(mount('/dev/termination-log', onDisk(`${POD_DIRECTORY}/containers/bot/00000000`)));
  }
  return always;
}

/**
 * A table of declared mounts with the writable layer of `engine` at `/` (unless one of the mounts is declared there) and what the
 * engine always adds. Mounts declared later at the same point lie on top.
 *
 * @param origin what to call it in evidence: `docker-compose.yml service bot`
 */
export function declaredTable(origin: string, engine: DeclaredEngine, declared: readonly Mount[]): MountTable {
  const root =
    declared.find((mount) => mount.mountPoint === '/') ??
    declaredMount({ kind: 'writable-layer', engine, at: '/' as AbsolutePath });
  const rest = [...engineMounts(engine), ...declared.filter((mount) => mount.mountPoint !== '/')];
  // Engines mount the shallower point first, so that a volume on /data never hides one on /data/session.
  const depth = (mount: Mount): number => mount.mountPoint.split('/').length;
  const ordered = rest
    .map((mount, at) => ({ mount, at }))
    .sort((a, b) => depth(a.mount) - depth(b.mount) || a.at - b.at);
  const mounts: Mount[] = [{ ...root, id: 1, parent: 0, line: 1 }];
  for (const { mount } of ordered) {
    let parent = 1;
    for (const other of mounts) {
      if (other.mountPoint === '/' || isInside(mount.mountPoint as AbsolutePath, other.mountPoint as AbsolutePath)) {
        // Later in the list is deeper or on top: the last one wins.
        parent = other.id;
      }
    }
    mounts.push({ ...mount, id: mounts.length + 1, parent, line: mounts.length + 1 });
  }
  return { kind: 'declared', origin, mounts, skipped: 0 };
}
