import type { Verdict } from './survival.ts';

/** A place that engines, kubelets and service managers make: known by its path inside the file system. */
export interface Location extends Verdict {
  /** Matched anywhere in the effective path: data directories move, their inner layout does not. */
  readonly pattern: RegExp;
  /** Files that an engine or the kubelet rewrites: nothing to keep data in. */
  readonly managed?: boolean;
  /** Whose mark it is: a pod's, a Docker or Podman container's. Says nothing about the machine itself when seen below a mount. */
  readonly mark?: 'kubernetes' | 'docker' | 'podman';
  /** The root directory of a container that lives on: a system container, no image layer. */
  readonly systemRoot?: boolean;
}

const HEX64 = '[0-9a-f]{64}';
/** Kinds of volume that kubelet keeps below a pod and that are no storage of the pod itself. */
const PROJECTED = '(?:configmap|secret|projected|downward-api)';

/**
 * Where two patterns match, the one that ends further right is the inner one and decides:
 * `/docker/volumes/minikube/_data/lib/kubelet/pods/…/kubernetes.io~empty-dir/x` is an emptyDir.
 * Columns of `survives`: process, container restart, re-creation, reboot, node loss.
 */
export const LOCATIONS: readonly Location[] = [
  // Kubernetes
  {
    code: 'k8s-emptydir',
    pattern: /(?:^|\/)pods\/[^/]+\/volumes\/kubernetes\.io~empty-dir\/[^/]+/g,
    survives: 'TTF?F',
    confidence: 'high',
    mark: 'kubernetes',
    text: 'an emptyDir: it lives as long as the pod stays on this node and is deleted with the pod',
  },
  {
    code: 'k8s-projected',
    pattern: new RegExp(`(?:^|/)pods/[^/]+/volumes/kubernetes\\.io~${PROJECTED}/[^/]+`, 'g'),
    survives: 'TTF?F',
    confidence: 'high',
    mark: 'kubernetes',
    managed: true,
    text: 'a configMap, secret or projected volume: rebuilt from the API for each pod',
  },
  {
    code: 'k8s-projected',
    pattern: /(?:^|\/)\.\.\d{4}_\d\d_\d\d_\d\d_\d\d_\d\d\.\d+(?=\/|$)/g,
    survives: 'TTF?F',
    confidence: 'high',
    mark: 'kubernetes',
    managed: true,
    text: 'a file of a configMap, secret or projected volume: rebuilt from the API for each pod',
  },
  {
    code: 'k8s-local-pv',
    pattern: /(?:^|\/)pods\/[^/]+\/volumes\/kubernetes\.io~local-volume\/[^/]+/g,
    survives: 'TTTTF',
    confidence: 'medium',
    text: 'a local PersistentVolume: the pod is bound to the node that has it',
  },
  {
    code: 'k8s-volume',
    pattern: /(?:^|\/)pods\/[^/]+\/(?:volumes\/[^/~]+~[^/]+\/[^/]+|volume-subpaths\/[^/]+)/g,
    survives: 'TTTT?',
    confidence: 'medium',
    text: 'a volume of a pod, seen on the node',
  },
  {
    code: 'k8s-volume',
    pattern: /(?:^|\/)plugins\/kubernetes\.io\/[^/]+\/[^/]+/g,
    survives: 'TTTT?',
    confidence: 'medium',
    text: 'a volume as the kubelet keeps it on the node',
  },
  {
    code: 'k8s-managed-file',
    pattern: /(?:^|\/)pods\/[^/]+\/(?:etc-hosts|containers\/[^/]+\/[^/]+)/g,
    survives: 'T?F?F',
    confidence: 'high',
    managed: true,
    mark: 'kubernetes',
    text: 'a file that the kubelet writes for each container',
  },
  {
    code: 'k8s-managed-file',
    pattern: /(?:^|\/)io\.containerd\.grpc\.v1\.cri\/sandboxes\/[^/]+\/[^/]+/g,
    survives: 'T?FFF',
    confidence: 'high',
    managed: true,
    mark: 'kubernetes',
    text: 'a file of the pod sandbox',
  },
  {
    code: 'k8s-local-pv',
    pattern: /(?:^|\/)(?:[^/]*pvc-[0-9a-f]{4}[^/]*|hostpath-provisioner\/[^/]+\/[^/]+|openebs\/local\/[^/]+)/g,
    survives: 'TTTTF',
    confidence: 'medium',
    text: 'a local-path PersistentVolume: the pod is bound to the node that has it',
  },
  // Docker, Podman, containerd
  {
    code: 'anonymous-volume',
    pattern: new RegExp(`(?:^|/)volumes/${HEX64}/_data`, 'g'),
    survives: 'TT?TF',
    confidence: 'medium',
    text:
      'an anonymous volume: kept by stop and start and taken over by "docker compose up", but a new "docker run" or ' +
      '"docker compose down" and "up" gets an empty one, and --rm deletes it',
  },
  {
    code: 'named-volume',
    pattern: new RegExp(`(?:^|/)volumes/(?!${HEX64}/)(?:[^/]+/)?[^/]+/_data`, 'g'),
    survives: 'TTTTF',
    confidence: 'high',
    text: 'a named volume: kept when the container is removed and made again; it lives on this host only',
  },
  {
    code: 'engine-managed-file',
    pattern: new RegExp(`(?:^|/)containers/${HEX64}/[^/]+`, 'g'),
    survives: 'T?F?F',
    confidence: 'high',
    managed: true,
    mark: 'docker',
    text: 'a file that the engine writes for this container id and makes anew with each new container',
  },
  {
    code: 'engine-managed-file',
    pattern: new RegExp(`(?:^|/)overlay-containers/${HEX64}/userdata`, 'g'),
    survives: 'T?FFF',
    confidence: 'high',
    managed: true,
    mark: 'podman',
    text: 'a file that Podman or CRI-O writes for this container',
  },
  {
    code: 'pod-writable-layer',
    pattern: /(?:^|\/)io\.containerd\.runtime\.v[12]\.[^/]+\/k8s\.io\/[^/]+\/rootfs/g,
    survives: 'TFFFF',
    confidence: 'high',
    text: "the writable layer of a pod's container: every container restart begins with a fresh one",
  },
  {
    code: 'writable-layer',
    pattern: new RegExp(
      '(?:^|/)(?:' +
        [
          'overlay2?/[^/]+/(?:merged|diff)',
          'io\\.containerd\\.snapshotter\\.v1\\.[^/]+/snapshots/[^/]+/(?:fs|diff)',
          'io\\.containerd\\.runtime\\.v[12]\\.[^/]+/[^/]+/[^/]+/rootfs',
          'rootfs/overlayfs/[^/]+',
          `(?:vfs/dir|btrfs/subvolumes|aufs/mnt|aufs/diff|devicemapper/mnt|zfs/graph)/[^/]+`,
          'libcontainerd/[^/]+/rootfs',
        ].join('|') +
        ')(?=/|$)',
      'g',
    ),
    survives: 'T?F?F',
    confidence: 'medium',
    text: 'the writable layer of some container, seen from outside: it goes when that container is replaced',
  },
  {
    code: 'system-container-root',
    pattern: /(?:^|\/)(?:lxc\/[^/]+|storage-pools\/[^/]+\/containers\/[^/]+|lxc-snapshots\/[^/]+)\/rootfs(?=\/|$)/g,
    survives: 'TT?TF',
    confidence: 'medium',
    systemRoot: true,
    text: 'the root of a system container: long-lived, not an image layer',
  },
  {
    code: 'system-container-root',
    pattern: /(?:^|\/)scon\/containers\/[^/]+\/rootfs(?=\/|$)/g,
    survives: 'TT?TF',
    confidence: 'medium',
    systemRoot: true,
    text: 'the root of an OrbStack machine: long-lived, not an image layer',
  },
  {
    code: 'ephemeral-machine',
    pattern: /(?:^|\/)\.#[^/]+(?=\/|$)/g,
    survives: 'TFFFF',
    confidence: 'medium',
    systemRoot: true,
    text: 'the snapshot of an ephemeral systemd-nspawn machine: removed when it stops',
  },
  // Schedulers and panels
  {
    code: 'nomad-alloc-dir',
    pattern: /(?:^|\/)alloc\/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?=\/|$)/g,
    survives: 'TTF?F',
    confidence: 'high',
    text: 'the directory of a Nomad allocation: removed with the allocation',
  },
  {
    code: 'panel-volume',
    pattern: /(?:^|\/)pterodactyl\/volumes\/[^/]+/g,
    survives: 'TTTTF',
    confidence: 'high',
    text: 'the server directory of the panel: kept when the container is made again',
  },
  {
    code: 'codespace-workspace',
    pattern: /(?:^|\/)codespacemount(?=\/|$)/g,
    survives: 'TTTT?',
    confidence: 'high',
    text: 'the workspace disk of a codespace: kept by stop, start and rebuild, gone when the codespace is deleted',
  },
  // systemd, snap
  {
    code: 'systemd-private-tmp',
    pattern: /(?:^|\/)systemd-private-[^/]+\/tmp(?=\/|$)/g,
    survives: 'FFFFF',
    confidence: 'high',
    text: 'the PrivateTmp of a systemd service: removed when the service stops, and fresh at every start',
  },
  {
    code: 'snap-private-tmp',
    pattern: /(?:^|\/)snap-private-tmp\/[^/]+\/tmp(?=\/|$)/g,
    survives: 'TTTFF',
    confidence: 'high',
    text: 'the private /tmp of a snap: cleared at boot',
  },
];

/**
 * Every pattern above needs one of these. Most paths have none, and one look is cheaper than thirty.
 * A new row that matches without one of them is found by the test of `LOCATIONS`.
 */
export const LOCATION_WORDS =
  /pods\/|volumes\/|containers\/|kubernetes\.io|sandboxes\/|pvc-|hostpath-provisioner|openebs|\d{4}_\d\d|overlay|snapshots\/|rootfs|vfs\/dir|subvolumes|aufs|devicemapper|graph|\.#|alloc\/|codespacemount|systemd-private-|snap-private-tmp/;

export interface LocationMatch {
  readonly location: Location;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * The innermost pattern in an effective path: the match that ends furthest right; of two that end together the longer one.
 * `null`: none. Linear in the path per row.
 */
export function innermostLocation(effective: string): LocationMatch | null {
  if (!LOCATION_WORDS.test(effective)) return null;
  let best: LocationMatch | null = null;
  for (const location of LOCATIONS) {
    for (const match of effective.matchAll(location.pattern)) {
      const end = match.index + match[0].length;
      if (best && (end < best.end || (end === best.end && match.index >= best.start))) continue;
      best = { location, start: match.index, end, text: match[0] };
    }
  }
  return best;
}
