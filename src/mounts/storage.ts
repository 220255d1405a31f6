/** What kind of storage a mount is: the rules of docs/storage.md, in their order. */
import type { Mount } from '../model/mount.ts';
import { type AbsolutePath, isInside } from '../model/path.ts';
import { type Context, deviceKey, type Engine, upperDirectory, upperMount } from './context.ts';
import { covering, effectivePath } from './covering.ts';
import { DECLARED_CLAIM } from './declare.ts';
import { backingFile, deviceKind, isLoopDevice, isMemoryDevice, isPartition } from './devices.ts';
import { DATA_LOSS_WARNING } from './evidence.ts';
import { type FileSystemType, fileSystemType } from './fstypes.ts';
import { innermostLocation } from './locations.ts';
import { type Letters, letters, meet, survival, type Verdict } from './survival.ts';

/** What one rule found, with the evidence it stands on. */
export interface Ruling extends Verdict {
  readonly evidence: string;
}

/** A mount in one line, for evidence. */
export function describeMount(mount: Mount): string {
  const root = mount.root === '/' ? '' : `, root ${mount.root}`;
  return `${mount.fstype} ${mount.source} on ${mount.mountPoint}${root}`;
}

const ruling = (
  code: string,
  survives: Letters,
  confidence: Verdict['confidence'],
  text: string,
  evidence: string,
): Ruling => ({
  code,
  survives,
  confidence,
  text,
  evidence,
});

/** `/` of a container, by engine. */
const LAYERS: Readonly<Record<Exclude<Engine, 'host'>, Verdict>> = {
  docker: {
    code: 'writable-layer',
    survives: 'TTFTF',
    confidence: 'high',
    text: "the container's writable layer: kept by stop and start, gone when the container is replaced",
  },
  podman: {
    code: 'writable-layer',
    survives: 'TTF?F',
    confidence: 'high',
    text:
      "the container's writable layer: kept by stop and start, gone when the container is replaced; Quadlet and generated units " +
      'replace it at every start of the service',
  },
  kubernetes: {
    code: 'writable-layer',
    survives: 'TFFFF',
    confidence: 'high',
    text: 'the writable layer of a container in a pod: every container restart begins with a fresh one',
  },
  application: {
    code: 'writable-layer',
    survives: 'T?F?F',
    confidence: 'medium',
    text: 'the writable layer of a container whose engine cannot be told: gone when the container is replaced',
  },
  system: {
    code: 'system-container-root',
    survives: 'TT?TF',
    confidence: 'medium',
    text: 'the root of a system container: long-lived, not an image layer; it goes when the container is deleted',
  },
};

/** Does the mount show the same layer as `/`: it itself, or a bind of a directory in it? */
function onRootLayer(context: Context, mount: Mount): boolean {
  const root = context.index.root;
  if (!root) return false;
  if (mount === root) return true;
  if (mount.device !== root.device || mount.fstype !== root.fstype || mount.source !== root.source) return false;
  return root.root === '/' || isInside(mount.root as AbsolutePath, root.root as AbsolutePath);
}

/** A platform's own rule for a path, where it has one. `mount` rules hold only at or below a mount on that point. */
function placeRule(context: Context, mount: Mount, path: AbsolutePath): Ruling | null {
  const { host } = context;
  for (const place of host?.row.storage?.places ?? []) {
    const at = place.at as AbsolutePath;
    if (!isInside(path, at)) continue;
    if (place.mount && (mount.mountPoint === '/' || !isInside(mount.mountPoint as AbsolutePath, at))) continue;
    if (place.mount && fileSystemType(mount.fstype, mount.source).nature === 'ram') continue;
    return ruling(
      'platform-place',
      place.survives,
      'high',
      place.text,
      `${host?.row.name}: ${host?.evidence}; ${describeMount(mount)}`,
    );
  }
  return null;
}

type RuleName = 'root' | 'disk' | 'memory' | 'bind';

/** What the platform's storage rules say of this sort of mount, whatever it looks like. */
function platformRule(context: Context, name: RuleName, mount: Mount): Ruling | null {
  for (const found of [context.host, ...context.overlayRules]) {
    const letters = found?.row.storage?.[name];
    if (!found || letters === undefined) continue;
    const volume = letters.charAt(2) === 'T';
    return ruling(
      volume ? 'platform-volume' : name === 'root' ? 'platform-ephemeral-root' : 'platform-ephemeral-storage',
      letters,
      found.hint ? 'low' : name === 'root' ? 'high' : 'medium',
      volume ? `a disk of its own on ${found.row.name}` : (found.row.storage?.text ?? found.row.name),
      `${found.row.name}: ${found.evidence}; ${describeMount(mount)}`,
    );
  }
  return null;
}

/** Memory file systems: lost at reboot, and earlier where a container owns them. */
function memory(context: Context, mount: Mount, path: AbsolutePath): Ruling {
  const evidence = describeMount(mount);
  const { engine } = context;
  const location = innermostLocation(effectivePath(mount, path)) ?? innermostLocation(path);
  if (location?.location.code === 'systemd-private-tmp') return { ...location.location, evidence };
  const pod = innermostLocation(mount.mountPoint);
  if (pod?.location.mark === 'kubernetes' || pod?.location.code === 'k8s-volume') {
    return ruling('k8s-memory-volume', 'TTFFF', 'high', 'a volume of a pod in memory: it goes with the pod', evidence);
  }
  if (location?.location.managed) {
    const pods = location.location.code === 'k8s-projected';
    return { ...location.location, survives: pods ? 'TTFFF' : 'T?FFF', evidence };
  }
  const { overlayRules, host } = context;
  if (host?.row.storage?.memory || (overlayRules.length > 0 && (mount.root === '/' || mount === context.index.root))) {
    const rule = platformRule(context, 'memory', mount);
    if (rule) return { ...rule, code: 'memory' };
  }
  if (/^\/run\/user\/\d+$/.test(mount.mountPoint)) {
    const survives = engine === 'host' ? '?T?FF' : '?F?FF';
    return ruling(
      'user-runtime-directory',
      survives,
      'high',
      "the login's runtime directory: removed when the user has no session left",
      evidence,
    );
  }
  if (engine === 'host') {
    const runtime = /^(?:\/private)?\/([^/]+)$/.exec(mount.root)?.[1];
    const named = (context.evidence.env['RUNTIME_DIRECTORY'] ?? '').split(':').some((directory) => {
      return directory.startsWith('/') && isInside(path, directory as AbsolutePath);
    });
    if (
      named ||
      isInside(path, '/run/private' as AbsolutePath) ||
      mount.mountPoint.startsWith('/run/credentials/') ||
      (runtime && mount.mountPoint === `/run/${runtime}`)
    ) {
      return ruling(
        'runtime-directory',
        '???FF',
        'medium',
        'the RuntimeDirectory of a systemd service: removed at stop unless it is preserved',
        evidence,
      );
    }
    return ruling(
      'memory',
      'TTTFF',
      'high',
      `${mount.fstype} keeps files in memory until the machine reboots`,
      evidence,
    );
  }
  if (mount.root !== '/' && mount !== context.index.root) {
    if (engine === 'kubernetes') {
      return ruling(
        'host-memory',
        'T?FFF',
        'medium',
        'a directory in the memory of the node, made for this container or pod',
        evidence,
      );
    }
    return ruling(
      'host-memory',
      'TTTFF',
      'medium',
      "a directory of the host's memory: it outlives the container, not a reboot of the host",
      evidence,
    );
  }
  if (engine === 'kubernetes') {
    // The runtime makes /dev and the masks over /proc and /sys anew for each container; /dev/shm belongs to the sandbox.
    if (mount.mountPoint !== '/dev/shm' && /^\/(dev|proc|sys)(\/|$)/.test(mount.mountPoint)) {
      return ruling('container-memory', 'TFFFF', 'high', 'memory that the runtime makes for each container', evidence);
    }
    const sized = /(?:^|,)size=/.test(mount.superOptions);
    if (sized && mount.source !== 'none') {
      return ruling(
        'k8s-memory-volume',
        'TTFFF',
        'medium',
        'a volume of the pod in memory (emptyDir with medium Memory, secret): it goes with the pod',
        evidence,
      );
    }
    return ruling('container-memory', 'T?FFF', 'medium', 'memory of the container or pod', evidence);
  }
  const survives = engine === 'application' ? 'T?FFF' : 'TFFFF';
  return ruling(
    'container-memory',
    survives,
    engine === 'application' ? 'medium' : 'high',
    'memory of the container: gone when it stops',
    evidence,
  );
}

/** A server on this very machine is no proof of another one. */
function networkRule(mount: Mount): Ruling {
  const evidence = describeMount(mount);
  const local = /^(127\.|localhost[:/]|\[?::1\]?[:/]|\/\/(127\.|localhost\/))/.test(mount.source);
  if (!local) return ruling('network', 'TTTTT', 'high', 'a file system of another machine', evidence);
  // The mount helper of Amazon EFS runs a TLS tunnel on ports 20049 and up (aws efs-utils).
  if (/(?:^|,)port=2\d{4}(?:,|$)/.test(mount.superOptions) && mount.fstype === 'nfs4') {
    return ruling(
      'network',
      'TTTTT',
      'medium',
      'NFS through a local tunnel, as the EFS mount helper makes it',
      evidence,
    );
  }
  return ruling(
    'network-local',
    'TTTT?',
    'low',
    'the server is this machine or a tunnel: where the data lies cannot be seen',
    evidence,
  );
}

/** 9p, virtiofs and the shares of hypervisors and desktops. */
function share(mount: Mount, path: AbsolutePath): Ruling {
  const evidence = describeMount(mount);
  const { fstype, source, superOptions } = mount;
  const sandboxed =
    (fstype === '9p' && /(?:^|,)rfdno=/.test(superOptions)) ||
    (fstype === 'virtiofs' && /^(kataShared|none)$/.test(source));
  if (sandboxed) {
    const location = innermostLocation(effectivePath(mount, path));
    if (location) return { ...location.location, confidence: 'medium', evidence };
    return ruling(
      'sandboxed-mount',
      'TT???',
      'low',
      'a mount from outside the sandbox: emptyDir, host directory and volume all look like this',
      evidence,
    );
  }
  if (fstype === '9p') {
    const remote =
      /(?:^|,)trans=tcp(?:,|$)/.test(superOptions) ||
      (!/trans=/.test(superOptions) &&
        /^(\d{1,3}(\.\d{1,3}){3}|\[?[0-9a-f:]+:[0-9a-f:]*\]?|[\w-]+(\.[\w-]+)+)$/i.test(source));
    if (remote) return ruling('network', 'TTTTT', 'medium', '9p from another machine', evidence);
  }
  return ruling(
    'host-share',
    'TTTTF',
    'high',
    "a directory of the virtual machine's host: on the host's disk, outlives containers and the machine",
    evidence,
  );
}

/** What the layers of an overlay rest on, where this table can tell. */
function stack(context: Context, mount: Mount, path: AbsolutePath, depth: number): Ruling {
  const evidence = describeMount(mount);
  const location = innermostLocation(path) ?? innermostLocation(upperDirectory(mount) ?? '');
  if (location && (location.location.code === 'writable-layer' || location.location.code === 'pod-writable-layer')) {
    return { ...location.location, evidence };
  }
  const upper = upperDirectory(mount);
  if (mount.fstype === 'overlay' && upper === null && mount.source !== 'none') {
    return ruling(
      'read-only-image',
      'TTTTF',
      'medium',
      'an overlay without an upper layer: an image of the system',
      evidence,
    );
  }
  const seen = context.evidence.files.includes(upper ?? '') && mount.mountPoint !== '/';
  const below = upper?.startsWith('/')
    ? (upperMount(context.index, mount) ?? (seen ? covering(context.index, upper as AbsolutePath) : null))
    : null;
  if (below && below !== mount && upper) {
    const inner = rule(context, below, upper as AbsolutePath, depth + 1);
    return {
      ...inner,
      code: `overlay-on-${inner.code}`,
      text: `an overlay whose upper layer is on ${below.mountPoint}: ${inner.text}`,
      evidence: `${evidence}; upperdir=${upper}; ${inner.evidence}`,
    };
  }
  if (mount.fstype !== 'overlay' && mount.fstype !== 'overlayfs') {
    const text = 'a union of directories: where its upper layer lies cannot be seen from here';
    return ruling('stack-unresolved', 'TT???', 'low', text, evidence);
  }
  if (mount === context.index.root || mount.mountPoint === '/') {
    return ruling(
      'overlay-unresolved',
      'TTT?F',
      'low',
      'an overlay as /: where its upper layer lies cannot be seen from here',
      evidence,
    );
  }
  return ruling(
    'overlay-unresolved',
    'TT??F',
    'low',
    "the upper layer is named in its mounter's view: where it lies cannot be seen from here",
    evidence,
  );
}

/** Local disks on a machine without containers. */
function hostDisk(context: Context, mount: Mount, depth: number): Ruling {
  const evidence = describeMount(mount);
  if (!isLoopDevice(mount.source)) return ruling('local-disk', 'TTTTF', 'high', 'a disk of this machine', evidence);
  const file = backingFile(mount.source, context.evidence);
  const below = file?.startsWith('/') ? covering(context.index, file as AbsolutePath) : null;
  const text = 'a loop device: it survives what its backing file survives';
  if (!file || !below || below === mount) return ruling('loop-device', 'TTT?F', 'low', text, evidence);
  const inner = rule(context, below, file as AbsolutePath, depth + 1);
  // Whether the file is attached again after a reboot cannot be seen.
  const survives = letters(meet(survival(inner.survives), survival('TTT?T')));
  return {
    ...inner,
    survives,
    code: 'loop-device',
    confidence: 'low',
    text: `${text}, ${file}: ${inner.text}`,
    evidence: `${evidence}; ${inner.evidence}`,
  };
}

/** A local disk inside a container: a volume, a bind, or a disk of its own. */
function containerDisk(context: Context, mount: Mount, evidence: string): Ruling {
  const shared = context.machineDevices.has(deviceKey(mount));
  const bind = platformRule(context, 'bind', mount);
  const disk = platformRule(context, 'disk', mount);
  if (shared && bind) return bind;
  if (disk && (!shared || !bind)) return disk;
  switch (context.engine) {
    case 'kubernetes':
      if (mount.source.startsWith(DECLARED_CLAIM)) {
        return ruling('k8s-claim', 'TTTT?', 'high', 'a PersistentVolumeClaim', evidence);
      }
      if (shared) {
        return ruling(
          'k8s-host-path',
          'TT?TF',
          'medium',
          'a directory of the node (hostPath): found again only if the pod returns to the same node',
          evidence,
        );
      }
      if (isPartition(mount.source) && mount.root !== '/') {
        return ruling(
          'k8s-host-path',
          'TT?T?',
          'low',
          'a directory of a partition: of the node or of a volume',
          evidence,
        );
      }
      return ruling(
        'k8s-block-volume',
        'TTTT?',
        'medium',
        'a disk of its own in the pod: the form that a PersistentVolume has',
        evidence,
      );
    case 'system':
      return ruling(
        'system-container-mount',
        'TTTTF',
        'medium',
        'a mount that the container manager adds: it does not belong to the root of the container',
        evidence,
      );
    case 'application':
      return shared
        ? ruling('bind', 'TTTTF', 'medium', 'a directory of the host', evidence)
        : ruling(
            'block-volume',
            'TTTT?',
            'medium',
            'a disk of its own in the container: the form that a volume has',
            evidence,
          );
    default:
      return ruling(
        'bind',
        'TTTTF',
        mount.root === '/' ? 'medium' : 'high',
        'a directory or disk of the host, mounted into the container',
        evidence,
      );
  }
}

function disk(context: Context, mount: Mount, path: AbsolutePath, depth: number): Ruling {
  const evidence = describeMount(mount);
  if (isMemoryDevice(mount.source)) {
    return ruling(
      'memory-device',
      'TTTFF',
      'high',
      'a block device in memory: lost when the machine reboots',
      evidence,
    );
  }
  const place = placeRule(context, mount, path);
  if (place) return place;
  const location =
    innermostLocation(mount.root) ?? (context.engine === 'host' ? innermostLocation(mount.mountPoint) : null);
  if (location && mount !== context.index.root) {
    const bind = location.location.managed ? null : platformRule(context, 'bind', mount);
    // A scheduler's rule about binds holds for its engine's volumes too; an allocation directory has its own.
    if (bind && (location.location.code === 'named-volume' || location.location.code === 'anonymous-volume'))
      return bind;
    if (context.host?.row.family === 'paas' && location.location.code === 'named-volume') {
      const volume = platformRule(context, 'disk', mount);
      if (volume) return volume;
    }
    return { ...location.location, evidence: `${evidence}: ${location.text}` };
  }
  if (context.engine === 'host') {
    const own = platformRule(context, mount.mountPoint === '/' || onRootLayer(context, mount) ? 'root' : 'disk', mount);
    return own ?? hostDisk(context, mount, depth);
  }
  return containerDisk(context, mount, evidence);
}

/** A daemon that encrypts or mirrors a directory which the source names. */
function encrypted(context: Context, mount: Mount, depth: number): Ruling {
  const evidence = describeMount(mount);
  const below = mount.source.startsWith('/') ? covering(context.index, mount.source as AbsolutePath) : null;
  if (!below || below === mount || depth > 3) {
    return ruling(
      'encrypted',
      '?????',
      'low',
      'a daemon between the files and the disk: the directory behind it is not named',
      evidence,
    );
  }
  const inner = rule(context, below, mount.source as AbsolutePath, depth + 1);
  return {
    ...inner,
    code: `encrypted-on-${inner.code}`,
    confidence: 'low',
    text: `the files lie encrypted or mirrored in ${mount.source}: ${inner.text}`,
    evidence: `${evidence}; ${inner.evidence}`,
  };
}

/** An application container's or platform's disposable layer, where the mount shows it. */
function layer(context: Context, mount: Mount, path: AbsolutePath): Ruling | null {
  if (context.engine === 'host' || !onRootLayer(context, mount)) return null;
  const location = innermostLocation(mount.root);
  if (location?.location.code === 'ephemeral-machine') return { ...location.location, evidence: describeMount(mount) };
  if (
    mount !== context.index.root &&
    location &&
    location.location.code !== 'writable-layer' &&
    !location.location.systemRoot
  )
    return null;
  return (
    placeRule(context, mount, path) ??
    platformRule(context, 'root', mount) ?? {
      ...LAYERS[context.engine],
      evidence: `${describeMount(mount)}; ${context.engineEvidence}`,
    }
  );
}

const unknownStorage = (code: string, text: string, mount: Mount): Ruling =>
  ruling(code, '?????', 'low', text, describeMount(mount));

function byNature(context: Context, mount: Mount, path: AbsolutePath, type: FileSystemType, depth: number): Ruling {
  switch (type.nature) {
    case 'pseudo':
      return ruling('pseudo', 'FFFFF', 'high', 'files of the kernel: no storage', describeMount(mount));
    case 'ram':
      return memory(context, mount, path);
    case 'net':
      // Lima mounts directories of the host over a reverse sshfs: the source has no server.
      if (mount.fstype === 'fuse.sshfs' && mount.source.startsWith(':')) return share(mount, path);
      return networkRule(mount);
    case 'cluster':
      return ruling('cluster', 'TTTTT', 'medium', 'a disk that several machines share', describeMount(mount));
    case 'object':
      return ruling('object-store', 'TTTTT', 'high', 'a bucket of an object store', describeMount(mount));
    case 'share':
      return share(mount, path);
    case 'image':
      return ruling(
        'read-only-image',
        'TTTTF',
        'high',
        'a read-only image: it cannot hold a session',
        describeMount(mount),
      );
    case 'pool':
      return ruling('pool', 'TTTTF', 'medium', 'a pool of local disks', describeMount(mount));
    case 'stack':
      return stack(context, mount, path, depth);
    case 'encrypted':
      return encrypted(context, mount, depth);
    case 'disk':
      return disk(context, mount, path, depth);
    case 'trigger':
      return unknownStorage('automount', 'an automount point: what is behind it appears on access', mount);
    case 'gateway':
      return unknownStorage('gateway', 'a gateway of the desktop: what is behind it cannot be seen', mount);
    case 'unresolved':
      return unknownStorage('unresolved', 'the sandbox has not mounted this yet', mount);
    default:
      return unknownStorage('unknown-type', `the file system type ${mount.fstype} is not known to the doctor`, mount);
  }
}

/** The storage that `path` lands on, without the modifiers that depend on the path below the mount. Depth-limited. */
export function rule(context: Context, mount: Mount, path: AbsolutePath, depth = 0): Ruling {
  if (depth > 4) return unknownStorage('too-deep', 'layers upon layers: the doctor stopped looking', mount);
  const type = fileSystemType(mount.fstype, mount.source);
  if (mount.root.endsWith('//deleted')) {
    const gone = innermostLocation(mount.root.slice(0, -'//deleted'.length));
    if (gone?.location.code === 'systemd-private-tmp') {
      return {
        ...gone.location,
        code: 'deleted',
        evidence: describeMount(mount),
        text: 'a PrivateTmp that was removed while it was mounted: nothing new can be made there',
      };
    }
    return ruling(
      'deleted',
      '??FFF',
      'high',
      'the directory was deleted while it was mounted here: what is in it cannot be reached by name again',
      describeMount(mount),
    );
  }
  if (
    type.nature !== 'pseudo' &&
    type.nature !== 'ram' &&
    type.nature !== 'net' &&
    type.nature !== 'object' &&
    type.nature !== 'image'
  ) {
    const found = layer(context, mount, path);
    if (found) return found;
  }
  return byNature(context, mount, path, type, depth);
}

/** Things that take away from what the storage survives: each holds beside the ruling. */
export function modifiers(context: Context, mount: Mount, path: AbsolutePath, base: Ruling): Ruling[] {
  const found: Ruling[] = [];
  const effective = effectivePath(mount, path);
  const { nature } = fileSystemType(mount.fstype, mount.source);
  const onDisk = nature === 'disk' || nature === 'pool';
  // A pattern that begins at or below the mount point: an emptyDir reached through a hostPath, a volume reached on the host.
  if (onDisk || nature === 'stack') {
    const inner = innermostLocation(effective);
    const rootEnd = mount.root === '/' ? 0 : mount.root.length;
    if (inner && inner.end > rootEnd && inner.location.code !== base.code && !inner.location.systemRoot) {
      const layerOfAnother = inner.location.code === 'writable-layer' && context.engine !== 'host';
      if (!layerOfAnother) found.push({ ...inner.location, evidence: `${describeMount(mount)}: ${inner.text}` });
    }
  }
  if (onDisk && base.code !== 'writable-layer' && base.code !== 'platform-ephemeral-root') {
    const cleaned = cleaner(context, mount, path, effective);
    if (cleaned) found.push(cleaned);
  }
  if (onDisk) {
    const kind = deviceKind(mount.source, context.evidence);
    if (kind && !kind.local) found.push(ruling(kind.code, 'TTTTT', 'high', kind.text, mount.source));
    if (kind?.local) {
      const recreate = context.engine === 'kubernetes' ? '?' : 'T';
      found.push(
        ruling(kind.code, `TT${recreate}${kind.reboot === true ? 'T' : '?'}F`, 'medium', kind.text, mount.source),
      );
    }
    if (mount.mountPoint !== '/' && context.evidence.files.includes(`${mount.mountPoint}/${DATA_LOSS_WARNING}`)) {
      found.push(
        ruling(
          'vm-temp-disk',
          'TTT?F',
          'medium',
          'a temporary disk of the virtual machine: lost when it is deallocated, resized or moved',
          `${mount.mountPoint}/${DATA_LOSS_WARNING}`,
        ),
      );
    }
  }
  return found;
}

/** Directories that systems clean by age or at boot, where they lie on a disk. The cleaner does not cross into other mounts. */
const CLEANED: readonly {
  readonly at: string;
  readonly survives: (engine: Engine) => Letters;
  readonly text: string;
}[] = [
  {
    at: '/var/tmp',
    survives: () => 'TTTTT',
    text: 'systemd-tmpfiles removes what was not used for 30 days from /var/tmp',
  },
  {
    at: '/tmp',
    survives: (engine) => (engine === 'system' ? 'T?T?T' : 'TTT?T'),
    text: 'distributions clear /tmp at boot, or remove what was not used for 10 days',
  },
];

function cleaner(context: Context, mount: Mount, path: AbsolutePath, effective: string): Ruling | null {
  for (const { at, survives, text } of CLEANED) {
    const directory = at as AbsolutePath;
    const own = context.engine === 'host' || context.engine === 'system';
    const here = own && isInside(path, directory) && isInside(directory, mount.mountPoint as AbsolutePath);
    // A directory below the host's /tmp that is mounted elsewhere is still cleaned by the host.
    const bound =
      !here && mount.mountPoint !== '/' && mount.root !== '/' && isInside(effective as AbsolutePath, directory);
    if (here || bound)
      return ruling('cleaned-directory', survives(context.engine), 'medium', text, bound ? `root ${effective}` : path);
  }
  return null;
}
