import type { Mount } from '../model/mount.ts';
import { type Context, deviceKey } from './context.ts';
import { DECLARED_CLAIM } from './declare.ts';
import { isPartition } from './devices.ts';
import { platformRule } from './platform-rules.ts';
import { type Ruling, ruling } from './ruling.ts';

/** A local disk inside a container: a volume, a bind, or a disk of its own. */
export function containerDisk(context: Context, mount: Mount, evidence: string): Ruling {
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
