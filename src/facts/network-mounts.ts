import { readFileSync } from 'node:fs';
import { parseMountinfo } from '../mounts/mountinfo.ts';

/** Types whose every call may wait for another machine or a user-space daemon (mounts.md, section 4). */
const NETWORK_TYPES =
  /^(nfs\d?|cifs|smb3|smbfs|9p|autofs|fuse|fuse\..+|fuseblk|ceph|lustre|beegfs|afs|coda|gpfs|pvfs2)$/;
/** FUSE types that answer from this kernel's own container set-up and do not stall on a network. */
const LOCAL_FUSE = new Set(['fuse.lxcfs', 'fuse.fuse-overlayfs', 'fuse.snapfuse']);

function pointsOf(table: string, prefix: string): string[] {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(table);
  } catch {
    return [];
  }
  return parseMountinfo(bytes, table, 'live')
    .mounts.filter(
      ({ fstype, mountPoint }) => mountPoint !== '/' && NETWORK_TYPES.test(fstype) && !LOCAL_FUSE.has(fstype),
    )
    .map(({ mountPoint }) => prefix + mountPoint);
}

/**
 * Real mount points that may stall: of this process and, below `/proc/PID/root`, of the process under examination.
 * Read from the kernel's table, never by touching the mounts.
 */
export function networkMountPoints(pid: number | null): ReadonlySet<string> {
  const own = pointsOf('/proc/self/mountinfo', '');
  return new Set(pid === null ? own : [...own, ...pointsOf(`/proc/${pid}/mountinfo`, `/proc/${pid}/root`)]);
}
