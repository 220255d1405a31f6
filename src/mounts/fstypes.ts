import type { ChromiumFit } from '../model/mount.ts';

/**
 * What is behind a file system type:
 * `disk` local block storage · `ram` gone at reboot · `pseudo` no storage · `net` another machine · `cluster` a disk that machines
 * share · `object` an object store · `share` a directory of the host of this virtual machine · `image` read-only · `pool` local disks
 * behind a daemon · `stack` depends on the layer below · `encrypted` depends on the directory named as source · `trigger` mounted on
 * access · `gateway` desktop gateways · `unresolved` gVisor has not mounted it yet · `unknown`.
 */
export type Nature =
  | 'disk'
  | 'ram'
  | 'pseudo'
  | 'net'
  | 'cluster'
  | 'object'
  | 'share'
  | 'image'
  | 'pool'
  | 'stack'
  | 'encrypted'
  | 'trigger'
  | 'gateway'
  | 'unresolved'
  | 'unknown';

export interface FileSystemType {
  readonly nature: Nature;
  /** Fit for a Chromium profile: locks, shared mmap, atomic rename, symbolic links, directory fsync. */
  readonly fit: ChromiumFit;
  /** Why it is not `yes`. */
  readonly why: string;
}

const row = (names: string, nature: Nature, fit: ChromiumFit, why = ''): [string, FileSystemType][] =>
  names.split(' ').map((name) => [name, { nature, fit, why }]);

const NETWORK_LOCKS = 'locks and shared memory maps go over the network, where SQLite and LevelDB are not safe';
const HOST_SHARE = 'shares of the host corrupt SQLite and serve stale contents';

/** By type as mountinfo prints it. Sources: kernel documentation and the projects' own, gathered in docs/storage.md. */
const TYPES: ReadonlyMap<string, FileSystemType> = new Map([
  ...row(
    'ext3 ext4 xfs btrfs zfs f2fs bcachefs jfs reiserfs reiser4 nilfs2 apfs hfs lxfs wslfs simfs ufs ufs2',
    'disk',
    'yes',
  ),
  ...row('ext2 minix', 'disk', 'risk', 'no journal: a power cut can lose files'),
  ...row('jffs2 ubifs yaffs2 logfs', 'disk', 'risk', 'raw flash: shared writable memory maps are not certain'),
  ...row(
    'ntfs3 ntfs fuseblk fuse.ntfs-3g fuse.exfat fuse.fuse-ext2 fuse.ext2',
    'disk',
    'risk',
    'NTFS and exFAT drivers fail on shared memory maps or symbolic links',
  ),
  ...row('vfat msdos exfat fat', 'disk', 'no', 'no symbolic links, which SingletonLock needs'),
  ...row('hfsplus fuse.apfs', 'disk', 'risk', 'often mounted read-only or without its journal'),
  ...row('sdcardfs esdfs', 'share', 'no', 'no symbolic links, which SingletonLock needs'),
  ...row('tmpfs ramfs rootfs', 'ram', 'yes'),
  ...row('devtmpfs hugetlbfs', 'ram', 'no', 'not a place for files'),
  ...row(
    'proc sysfs cgroup cgroup2 devpts mqueue debugfs tracefs securityfs configfs bpf pstore efivarfs binfmt_misc fusectl ' +
      'rpc_pipefs nsfs selinuxfs nfsd usbfs sockfs pipefs oprofilefs resctrl functionfs smackfs xenfs secretmem openpromfs ' +
      'inotifyfs spufs fuse.lxcfs dev devfs fdescfs',
    'pseudo',
    'no',
    'files of the kernel, no storage',
  ),
  ...row('nfs nfs3 nfs4 pnfs', 'net', 'risk', NETWORK_LOCKS),
  ...row('cifs smb3 smbfs smb2', 'net', 'risk', `${NETWORK_LOCKS}; symbolic links need mfsymlinks`),
  ...row('ceph fuse.ceph fuse.ceph-fuse', 'net', 'risk', 'shared memory maps are not coherent between machines'),
  ...row(
    'lustre beegfs pvfs2 orangefs gpfs afs coda ncpfs afpfs webdav davfs fuse.davfs fuse.davfs2 glusterfs fuse.glusterfs ' +
      'fuse.mfs fuse.moosefs fuse.lizardfs fuse.seaweedfs fuse.curlftpfs fuse.ipfs quobyte fuse.quobyte',
    'net',
    'risk',
    NETWORK_LOCKS,
  ),
  ...row('fuse.sshfs', 'net', 'risk', NETWORK_LOCKS),
  ...row('fuse.juicefs', 'net', 'yes'),
  ...row('gfs2 ocfs2 vmfs', 'cluster', 'yes'),
  ...row(
    'fuse.s3fs fuse.goofys fuse.gcsfuse fuse.blobfuse fuse.blobfuse2 fuse.rclone fuse.mountpoint-s3 fuse.ossfs fuse.ossfs2 ' +
      'fuse.cosfs fuse.obsfs fuse.geesefs fuse.yas3fs fuse.riofs fuse.tigrisfs',
    'object',
    'no',
    'an object store has no locks and no atomic rename',
  ),
  ...row(
    '9p drvfs virtiofs prl_fs fuse.vmhgfs-fuse vmhgfs fakeowner fuse.grpcfuse fuse.osxfs osxfs',
    'share',
    'risk',
    HOST_SHARE,
  ),
  ...row('vboxsf', 'share', 'no', 'VirtualBox shares have no shared memory maps and no directory fsync'),
  ...row(
    'fuse.mergerfs fuse.shfs fuse.unionfs fuse.snapraid',
    'pool',
    'risk',
    'memory maps need cache.files in the pool daemon',
  ),
  ...row('squashfs erofs cramfs romfs', 'image', 'no', 'read-only image'),
  ...row('iso9660 udf', 'image', 'no', 'read-only medium'),
  ...row('fuse.snapfuse fuse.squashfuse fuse.archivemount fuse.dwarfs', 'image', 'no', 'read-only image'),
  ...row('overlay overlayfs aufs', 'stack', 'yes'),
  ...row('unionfs fuse.unionfs-fuse', 'stack', 'risk', 'a union daemon that copies files up'),
  ...row('fuse.fuse-overlayfs', 'stack', 'risk', 'SQLite corruption was reported on fuse-overlayfs'),
  ...row('ecryptfs', 'encrypted', 'risk', 'file names are limited to about 143 bytes'),
  ...row(
    'fuse.gocryptfs fuse.encfs fuse.cryfs fuse.bindfs fuse.securefs',
    'encrypted',
    'risk',
    'a daemon between the files and the disk',
  ),
  ...row('autofs', 'trigger', 'unknown', 'the real file system appears on access'),
  ...row(
    'fuse.gvfsd-fuse fuse.gvfs-fuse-daemon fuse.portal fuse.kio-fuse',
    'gateway',
    'no',
    'a desktop gateway, no file system',
  ),
  ...row('promise', 'unresolved', 'unknown', 'the sandbox has not mounted it yet'),
]);

const UNKNOWN_TYPE: FileSystemType = {
  nature: 'unknown',
  fit: 'unknown',
  why: 'this file system type is not known to the doctor',
};

/** Sources that name what a plain `fuse` mount really is. */
const FUSE_SOURCES: readonly [RegExp, FileSystemType][] = [
  [
    /^(mountpoint-s3|s3fs|goofys|gcsfuse|blobfuse2?|rclone|ossfs|cosfs|geesefs)$/i,
    TYPES.get('fuse.s3fs') ?? UNKNOWN_TYPE,
  ],
  [/^(mergerfs|shfs)$/i, TYPES.get('fuse.mergerfs') ?? UNKNOWN_TYPE],
  [/^juicefs/i, TYPES.get('fuse.juicefs') ?? UNKNOWN_TYPE],
  [/^(fuse-overlayfs)$/i, TYPES.get('fuse.fuse-overlayfs') ?? UNKNOWN_TYPE],
  [/\.AppImage$/i, TYPES.get('squashfs') ?? UNKNOWN_TYPE],
];

/** What is known of a file system type. Plain FUSE is told by its source, the sub-type of FUSE by its name. */
export function fileSystemType(fstype: string, source: string): FileSystemType {
  const known = TYPES.get(fstype);
  if (known) return known;
  if (fstype === 'fuse' || fstype.startsWith('fuse.')) {
    const name = fstype === 'fuse' ? source : fstype.slice(5);
    for (const [pattern, type] of FUSE_SOURCES) if (pattern.test(name)) return type;
    // Android prints the shared storage of apps as `fuse /dev/fuse`.
    if (fstype === 'fuse' && source === '/dev/fuse') return TYPES.get('sdcardfs') ?? UNKNOWN_TYPE;
  }
  return UNKNOWN_TYPE;
}
