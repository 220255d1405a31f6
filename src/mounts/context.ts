import type { Mount, Platform } from '../model/mount.ts';
import type { AbsolutePath } from '../model/path.ts';
import { covering, type MountIndex } from './covering.ts';
import { diskName } from './devices.ts';
import { type PlatformEvidence, type Recognised, recognise } from './evidence.ts';
import { fileSystemType } from './fstypes.ts';
import { innermostLocation } from './locations.ts';

/**
 * Who made the mount at `/`, and so what a restart does to it:
 * `application` is a container of an unknown engine; `system` a container that lives on (LXC, nspawn); `host` no container.
 */
export type Engine = 'kubernetes' | 'docker' | 'podman' | 'application' | 'system' | 'host';

/** What holds for all paths of one table. Computed once. */
export interface Context {
  readonly index: MountIndex;
  readonly evidence: PlatformEvidence;
  readonly engine: Engine;
  /** Why this engine, in words. */
  readonly engineEvidence: string;
  /** A hosting platform, workspace or CI whose storage rules override the look of the mounts. */
  readonly host: Recognised | null;
  /** Other rows with storage rules (Nomad, Flatpak). */
  readonly overlayRules: readonly Recognised[];
  readonly recognised: readonly Recognised[];
  /** Devices that carry the files of the engine or kubelet: the disk of the machine below the container. */
  readonly machineDevices: ReadonlySet<string>;
  readonly gvisor: boolean;
  /** What does not fit together. */
  readonly contradictions: readonly string[];
}

/** Files that engines and kubelet mount into every container. */
const ENGINE_FILES = [
  '/etc/hosts',
  '/etc/hostname',
  '/etc/resolv.conf',
  '/dev/termination-log',
  '/run/.containerenv',
] as const;
const SERVICE_ACCOUNT = [
  '/run/secrets/kubernetes.io/serviceaccount',
  '/var/run/secrets/kubernetes.io/serviceaccount',
] as const;

/** Overlays that systems without containers have as `/`: live media, read-only roots, image-based systems, routers. */
const HOST_OVERLAY_SOURCES =
  /^(composefs|overlayroot|overlayfs:\/overlay|\/cow|cowfs|airootfs|miso|LiveOS_rootfs|live-rw|rootfs|ro-root|overlay-root|\/dev\/mapper\/live-rw)$/;

/** `upperdir=` of an overlay, a path of whoever mounted it. */
export function upperDirectory(mount: Mount): string | null {
  return /(?:^|,)upperdir=([^,]*)/.exec(mount.superOptions)?.[1] ?? null;
}

/** The device of a mount as a key: by source where that is a device (btrfs numbers each subvolume apart). */
export function deviceKey(mount: Mount): string {
  return diskName(mount.source) ? mount.source : mount.device;
}

const exactly = (index: MountIndex, path: string): Mount | null => {
  const mount = covering(index, path as AbsolutePath);
  return mount?.mountPoint === path && path !== '/' ? mount : null;
};

/** The mount that carries the upper layer, where this table itself shows it apart from `/`. */
export function upperMount(index: MountIndex, mount: Mount): Mount | null {
  const upper = upperDirectory(mount);
  if (!upper?.startsWith('/')) return null;
  const below = covering(index, upper as AbsolutePath);
  return below && below !== mount && below !== index.root && below.fstype !== 'overlay' ? below : null;
}

function isHostOverlay(root: Mount): boolean {
  if (HOST_OVERLAY_SOURCES.test(root.source)) return true;
  return root.fstype === 'overlay' && upperDirectory(root) === null && root.source !== 'none';
}

/** A machine with an init system of its own: what no application container and no microVM of a platform has. */
function looksLikeHost(index: MountIndex): boolean {
  const root = index.root;
  if (!root || fileSystemType(root.fstype, root.source).nature !== 'disk') return false;
  if (index.lines.ofTypes((fstype) => fstype === 'autofs', 100).some((mount) => mount.source === 'systemd-1'))
    return true;
  if (['/boot', '/boot/efi', '/efi'].some((point) => exactly(index, point) !== null)) return true;
  return index.lines
    .ofTypes((fstype) => fstype === 'tmpfs', 100)
    .some((mount) => /^\/run\/user\/\d+$/.test(mount.mountPoint));
}

/** A mark of a pod: a root field below the kubelet's pod directory, on a mount that is not itself the kubelet's. */
function podMark(index: MountIndex): Mount | null {
  for (const path of SERVICE_ACCOUNT) {
    const mount = exactly(index, path);
    if (mount) return mount;
  }
  // A pod has its files in these places; what is left is a table that was cut, and only where / is a layer.
  for (const path of ENGINE_FILES) {
    const mount = exactly(index, path);
    if (mount && innermostLocation(mount.root)?.location.mark === 'kubernetes') return mount;
  }
  if (!rootIsLayer(index.root)) return null;
  for (const mount of index.lines.all()) {
    if (!mount.root.includes('/pods/') && !mount.root.includes('/sandboxes/')) continue;
    if (mount.mountPoint.includes('/pods/')) continue;
    const found = innermostLocation(mount.root);
    if (found?.location.mark === 'kubernetes') return mount;
  }
  return null;
}

/** A directory of a disk as `/`: nspawn and chroot do that. btrfs and zfs have subvolumes there, ostree its deployments. */
function isDirectoryRoot(root: Mount): boolean {
  if (!root.root.startsWith('/') || root.root === '/' || root.fstype === 'btrfs') return false;
  if (/^\/ostree\/|\/ostree\/deploy\//.test(root.root) || root.root.endsWith('//deleted')) return false;
  return fileSystemType(root.fstype, root.source).nature === 'disk';
}

function rootIsLayer(root: Mount | null): boolean {
  if (!root) return false;
  const { nature } = fileSystemType(root.fstype, root.source);
  return nature === 'stack' || root.fstype === '9p' || root.fstype === 'virtiofs';
}

interface EngineChoice {
  readonly engine: Engine;
  readonly why: string;
}

function chooseEngine(
  index: MountIndex,
  recognised: readonly Recognised[],
  hostShape: boolean,
  contradictions: string[],
): EngineChoice {
  const root = index.root;
  const by = (kind: string): Recognised | undefined => recognised.find((found) => found.row.kind === kind);
  const pod = podMark(index);
  if (pod) return { engine: 'kubernetes', why: `${pod.mountPoint} comes from the kubelet (${pod.root})` };
  const podman = by('podman');
  const docker = by('docker');
  const mounted = podman?.mounted ? podman : docker?.mounted ? docker : undefined;
  const systemOverlay = root !== null && rootIsLayer(root) && isHostOverlay(root);
  // In Docker-in-Docker a mount on /var/lib/docker looks as if it carried the upper layer: the engine's own signs go first.
  const hostOverlay =
    systemOverlay || (!mounted && root !== null && rootIsLayer(root) && upperMount(index, root) !== null);
  if (mounted && !systemOverlay) {
    if (by('kubernetes'))
      contradictions.push('a variable names Kubernetes, the mounts are those of a plain container engine');
    return { engine: mounted.row.kind === 'podman' ? 'podman' : 'docker', why: mounted.evidence };
  }
  const kubernetes = by('kubernetes') ?? recognised.find((found) => found.row.implies === 'kubernetes');
  if (kubernetes) {
    if (!hostShape) return { engine: 'kubernetes', why: kubernetes.evidence };
    contradictions.push(`${kubernetes.evidence}, but the mounts are those of a machine, not of a pod`);
  }
  const engine = podman ?? docker;
  if (engine) {
    if (rootIsLayer(root) && !hostOverlay)
      return { engine: engine.row.kind === 'podman' ? 'podman' : 'docker', why: engine.evidence };
    contradictions.push(`${engine.evidence}, but / is not the layer of a container`);
  }
  const system = recognised.find((found) => found.row.family === 'system-container');
  if (system && !hostOverlay) return { engine: 'system', why: system.evidence };
  if (root) {
    const found = innermostLocation(root.root);
    if (found?.location.systemRoot) return { engine: 'system', why: `/ is ${root.root}` };
    if (isDirectoryRoot(root)) return { engine: 'system', why: `/ is the directory ${root.root} of ${root.source}` };
    if (rootIsLayer(root) && !hostOverlay)
      return { engine: 'application', why: `/ is ${root.fstype} from ${root.source}` };
  }
  return { engine: 'host', why: 'no sign of a container' };
}

/** Families whose rules override the look of the mounts. */
const RULING = new Set(['paas', 'workspace', 'ci']);

/** Put together what holds for every path of a table. */
export function contextOf(index: MountIndex, evidence: PlatformEvidence): Context {
  const recognised = recognise(evidence, index);
  const contradictions: string[] = [];
  const hostShape = looksLikeHost(index);
  const { engine, why } = chooseEngine(index, recognised, hostShape, contradictions);
  const ruling = recognised.filter((found) => {
    if (!RULING.has(found.row.family) || !found.row.storage) return false;
    // On a declared table the mounts are drawn by the doctor: how they look says nothing against what the project states.
    const decided = evidence.statedBy != null || index.table.kind === 'declared';
    if (decided && found.row.kind === evidence.stated) return true;
    if (found.row.noEngine && (engine === 'docker' || engine === 'podman')) {
      contradictions.push(
        `${found.evidence}, but the container is one of ${engine} (${why}), which ${found.row.name} does not use`,
      );
      return false;
    }
    if (found.row.family !== 'paas' || !hostShape || engine !== 'host') return true;
    contradictions.push(
      `${found.evidence}, but the mounts are those of a machine of its own, not of ${found.row.name}`,
    );
    return false;
  });
  const machineDevices = new Set<string>();
  if (engine !== 'host') {
    for (const path of ENGINE_FILES) {
      const mount = exactly(index, path);
      if (mount && fileSystemType(mount.fstype, mount.source).nature === 'disk') machineDevices.add(deviceKey(mount));
    }
    for (const mount of index.lines.all()) {
      if (mount.root === '/' || diskName(mount.source) === null || machineDevices.has(deviceKey(mount))) continue;
      const mark = innermostLocation(mount.root)?.location.mark;
      if (mark) machineDevices.add(deviceKey(mount));
    }
  }
  return {
    index,
    evidence,
    engine,
    engineEvidence: why,
    host: ruling[0] ?? null,
    overlayRules: recognised.filter((found) => found.row.storage && !RULING.has(found.row.family)),
    recognised,
    machineDevices,
    gvisor: recognised.some((found) => found.row.kind === 'gvisor'),
    contradictions,
  };
}

/** The platform for a report: every kind that was recognised, innermost first, each with its evidence. */
export function platformOf(context: Context): Platform {
  const kinds: string[] = [];
  const evidence: string[] = [];
  const add = (kind: string, why: string): void => {
    if (kinds.includes(kind)) return;
    kinds.push(kind);
    evidence.push(`${kind}: ${why}`);
  };
  const dropped = (found: Recognised): boolean => {
    const { kind, family } = found.row;
    // In a pod the container engine is the kubelet's tool: Docker and Podman rules do not hold there.
    if (context.engine === 'kubernetes') return family === 'engine' && kind !== 'containerd' && kind !== 'nomad';
    if (family === 'kubernetes') return true;
    if (context.engine === 'host')
      return family === 'engine' || family === 'system-container' || (family === 'paas' && context.host !== found);
    if (context.engine === 'podman' || context.engine === 'docker')
      return kind !== context.engine && (kind === 'docker' || kind === 'podman');
    return false;
  };
  if (context.engine === 'kubernetes') add('kubernetes', context.engineEvidence);
  for (const found of context.recognised) if (!dropped(found)) add(found.row.kind, found.evidence);
  const own: Readonly<Record<Engine, string>> = {
    kubernetes: 'kubernetes',
    docker: 'docker',
    podman: 'podman',
    application: 'container',
    system: 'system-container',
    host: 'host',
  };
  if (context.engine !== 'system' || !context.recognised.some((found) => found.row.family === 'system-container')) {
    add(own[context.engine], context.engineEvidence);
  }
  for (const text of context.contradictions) evidence.push(`contradiction: ${text}`);
  const event = context.host?.row.storage?.event;
  return event === undefined ? { kinds, evidence } : { kinds, evidence, event };
}

/** What kind of machine this is, with the evidence for each word. */
export function detectPlatform(evidence: PlatformEvidence, index: MountIndex): Platform {
  return platformOf(contextOf(index, evidence));
}
