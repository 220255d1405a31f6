import type { Durability } from '../../src/model/mount.ts';
import { absolutePath } from '../../src/model/path.ts';
import { contextOf } from '../../src/mounts/context.ts';
import { mountIndex } from '../../src/mounts/covering.ts';
import { durability } from '../../src/mounts/durability.ts';
import { NO_EVIDENCE, type PlatformEvidence } from '../../src/mounts/evidence.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';

/** Lines of mountinfo in short: `point fstype source [root] [options] [super options] [device]`, mounted on `/` in order. */
export interface Line {
  readonly at: string;
  readonly type: string;
  readonly source?: string;
  readonly root?: string;
  readonly options?: string;
  readonly superOptions?: string;
  readonly device?: string;
}

export const HEX = 'abcdef0123456789'.repeat(4);

const escaped = (text: string): string =>
  text.replace(/[ \t\n\\]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);

/** A table in the kernel's format. The parent of a mount is the deepest earlier one that contains it. */
export function mountinfo(lines: readonly Line[]): Uint8Array {
  const text: string[] = [];
  for (const [index, line] of lines.entries()) {
    let parent = 1;
    for (const [other, earlier] of lines.slice(0, index).entries()) {
      if (earlier.at === '/' || line.at === earlier.at || line.at.startsWith(`${earlier.at}/`)) parent = 100 + other;
    }
    if (line.at === '/') parent = 1;
    const device = line.device ?? (line.source?.startsWith('/dev/') ? `8:${line.source.length}` : `0:${40 + index}`);
    text.push(
      `${100 + index} ${parent} ${device} ${escaped(line.root ?? '/')} ${escaped(line.at)} ${line.options ?? 'rw,relatime'} - ${line.type} ${escaped(line.source ?? line.type)} ${line.superOptions ?? 'rw'}\n`,
    );
  }
  return new TextEncoder().encode(text.join(''));
}

export const disk = (at: string, source: string, root = '/', device?: string): Line => ({
  at,
  type: 'ext4',
  source,
  root,
  ...(device ? { device } : {}),
});

export const tmpfs = (at: string, root = '/', superOptions = 'rw,size=65536k'): Line => ({
  at,
  type: 'tmpfs',
  source: 'tmpfs',
  root,
  superOptions,
});

const base: Line[] = [
  { at: '/proc', type: 'proc' },
  { at: '/sys', type: 'sysfs' },
];

/** Docker container: overlay2 root, engine files from the host's disk. */
export const docker = (...more: Line[]): Line[] => [
  {
    at: '/',
    type: 'overlay',
    superOptions: `rw,lowerdir=/var/lib/docker/overlay2/l/A,upperdir=/var/lib/docker/overlay2/${HEX}/diff`,
  },
  ...base,
  tmpfs('/dev'),
  disk('/etc/hosts', '/dev/sda1', `/var/lib/docker/containers/${HEX}/hosts`),
  ...more,
];

/** Pod on containerd. */
export const pod = (...more: Line[]): Line[] => [
  {
    at: '/',
    type: 'overlay',
    superOptions:
      'rw,lowerdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs,upperdir=/var/lib/containerd/io.containerd.snapshotter.v1.overlayfs/snapshots/2/fs',
  },
  ...base,
  tmpfs('/dev'),
  disk('/etc/hosts', '/dev/nvme0n1p1', '/var/lib/kubelet/pods/3446fc1e-2aee-4e27-a588-c9cace32c260/etc-hosts'),
  ...more,
];

/** Overlay root whose engine cannot be told. */
export const bare = (...more: Line[]): Line[] => [
  { at: '/', type: 'overlay', superOptions: 'rw,lowerdir=/l,upperdir=/u,workdir=/w' },
  ...base,
  tmpfs('/dev'),
  ...more,
];

/** A machine with systemd. */
export const machine = (...more: Line[]): Line[] => [
  disk('/', '/dev/sda1'),
  ...base,
  { at: '/dev', type: 'devtmpfs', source: 'udev' },
  { at: '/run', type: 'tmpfs', superOptions: 'rw,size=800000k' },
  { at: '/proc/sys/fs/binfmt_misc', type: 'autofs', source: 'systemd-1' },
  ...more,
];

export function judgeOn(lines: readonly Line[], path: string, evidence: Partial<PlatformEvidence> = {}): Durability {
  const index = mountIndex(parseMountinfo(mountinfo(lines), 'test', 'file'));
  const context = contextOf(index, { ...NO_EVIDENCE, ...evidence });
  return durability({ path, resolved: absolutePath(path), exists: 'unknown', context });
}
