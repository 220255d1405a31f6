/** What kind of storage a mount is: the rules of docs/storage.md, in their order. */
import type { Mount } from '../model/mount.ts';
import type { AbsolutePath } from '../model/path.ts';
import { containerDisk } from './container-disk.ts';
import { type Context, type Engine, upperDirectory, upperMount } from './context.ts';
import { covering } from './covering.ts';
import { backingFile, isLoopDevice, isMemoryDevice } from './devices.ts';
import { type FileSystemType, fileSystemType } from './fstypes.ts';
import { innermostLocation } from './locations.ts';
import { memory } from './memory.ts';
import { onRootLayer, placeRule, platformRule } from './platform-rules.ts';
import { networkRule, share } from './remote.ts';
import { describeMount, type Ruling, ruling, unknownStorage } from './ruling.ts';
import { letters, meet, survival, type Verdict } from './survival.ts';

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

/** A container that was not made by compose: the next `docker run` or `podman run` makes a new volume. */
const RUN_AGAIN = {
  survives: 'TTFTF',
  confidence: 'high',
  text: 'an anonymous volume of a container that compose did not make: kept by stop and start, but the next run makes an empty one',
} as const;

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
    const told = { ...location.location, evidence: `${evidence}: ${location.text}` };
    return location.location.code === 'anonymous-volume' && context.evidence.madeBy === 'run'
      ? { ...told, ...RUN_AGAIN }
      : told;
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
