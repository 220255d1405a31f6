/** Storage that is not of this machine: network file systems, shares of the host, mounts from outside a sandbox. */
import type { Mount } from '../model/mount.ts';
import type { AbsolutePath } from '../model/path.ts';
import { effectivePath } from './covering.ts';
import { innermostLocation } from './locations.ts';
import { describeMount, type Ruling, ruling } from './ruling.ts';

/** A server on this very machine is no proof of another one. */
export function networkRule(mount: Mount): Ruling {
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
export function share(mount: Mount, path: AbsolutePath): Ruling {
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
