import type { Mount } from '../model/mount.ts';
import { type AbsolutePath, isInside } from '../model/path.ts';
import type { Context, Engine } from './context.ts';
import { effectivePath } from './covering.ts';
import { deviceKind } from './devices.ts';
import { DATA_LOSS_WARNING } from './evidence.ts';
import { fileSystemType } from './fstypes.ts';
import { innermostLocation } from './locations.ts';
import { describeMount, type Ruling, ruling } from './ruling.ts';
import type { Letters } from './survival.ts';

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
