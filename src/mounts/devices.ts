import type { Answer } from '../model/answer.ts';
import type { DiskEvidence, PlatformEvidence } from './evidence.ts';

/**
 * The disk of a source: `/dev/nvme0n1p1` → `nvme0n1`, `/dev/sda1` → `sda`, `/dev/mapper/x` → `mapper/x`; `null` when it is none.
 * Several disks may be name spaces of one NVMe controller (`nvme0n4` is a disk, not a partition).
 */
export function diskName(source: string): string | null {
  const name = /^\/dev\/((?:mapper\/)?[^/\s]+)$/.exec(source)?.[1];
  if (!name) return null;
  if (name.startsWith('mapper/')) return name;
  return (
    /^((?:nvme\d+n\d+|mmcblk\d+|loop\d+|md\d+|nbd\d+|rbd\d+|zd\d+))p\d+$/.exec(name)?.[1] ??
    /^((?:[svhx]|xv)d[a-z]+)\d+$/.exec(name)?.[1] ??
    name
  );
}

/** Is the source a part of a disk? Volumes that a cluster attaches are nearly always whole disks. */
export function isPartition(source: string): boolean {
  const disk = diskName(source);
  return disk !== null && !disk.startsWith('mapper/') && source !== `/dev/${disk}`;
}

/** A block device that is memory: `/dev/zram0`, `/dev/ram0`. */
export function isMemoryDevice(source: string): boolean {
  return /^\/dev\/(zram|ram)\d+$/.test(source);
}

export function isLoopDevice(source: string): boolean {
  return /^\/dev\/loop\d+(p\d+)?$/.test(source);
}

/** What a block device is, by its name or by the model in sysfs. */
export interface DeviceKind {
  readonly code: string;
  /** Does data outlive the machine? */
  readonly nodeLoss: Answer;
  /** Does the disk come back after a reboot of the machine? */
  readonly reboot: Answer;
  /** Is it a disk that belongs to the machine and not to the workload? */
  readonly local: boolean;
  readonly text: string;
}

/** Models as sysfs prints them. Sources: vendors' documentation, docs/storage.md. */
const MODELS: readonly [RegExp, DeviceKind][] = [
  [
    /^Amazon Elastic Block Store/,
    {
      code: 'network-disk',
      nodeLoss: true,
      reboot: true,
      local: false,
      text: 'an Amazon EBS volume: a disk on the network',
    },
  ],
  [
    /^Amazon EC2 NVMe Instance Storage/,
    {
      code: 'instance-store',
      nodeLoss: false,
      reboot: true,
      local: true,
      text: 'an EC2 instance store: lost when the instance stops',
    },
  ],
  [
    /^(nvme_card-pd|PersistentDisk)/,
    {
      code: 'network-disk',
      nodeLoss: true,
      reboot: true,
      local: false,
      text: 'a Google persistent disk: a disk on the network',
    },
  ],
  [
    /^(EphemeralDisk|nvme_card\d*$)/,
    {
      code: 'local-ssd',
      nodeLoss: false,
      reboot: true,
      local: true,
      text: 'a Google local SSD: lost when the instance stops',
    },
  ],
  [
    /^MSFT NVMe Accelerator/,
    {
      code: 'network-disk',
      nodeLoss: true,
      reboot: true,
      local: false,
      text: 'an Azure remote disk: a disk on the network',
    },
  ],
  [
    /^Microsoft NVMe Direct Disk/,
    {
      code: 'vm-temp-disk',
      nodeLoss: false,
      reboot: 'unknown',
      local: true,
      text: 'an Azure temporary disk: lost when the machine is deallocated, resized or moved',
    },
  ],
];

/** Names that tell. */
const SOURCES: readonly [RegExp, DeviceKind][] = [
  [
    /^\/dev\/rbd(\d|\/)/,
    {
      code: 'network-disk',
      nodeLoss: true,
      reboot: true,
      local: false,
      text: 'a Ceph RBD image: a disk on the network',
    },
  ],
  [
    /^\/dev\/drbd/,
    {
      code: 'network-disk',
      nodeLoss: true,
      reboot: true,
      local: false,
      text: 'a DRBD device: replicated to another machine',
    },
  ],
  [
    /^\/dev\/(mapper\/mpath|disk\/by-path\/ip-[^/]*-iscsi-)/,
    { code: 'network-disk', nodeLoss: true, reboot: true, local: false, text: 'a disk of a storage network' },
  ],
  [
    /^\/dev\/longhorn\//,
    {
      code: 'replicated-disk',
      nodeLoss: 'unknown',
      reboot: true,
      local: false,
      text: 'a Longhorn volume: replicated as configured',
    },
  ],
];

/** sysfs evidence on a source: of the disk, or of all the disks below it when they agree. */
export function deviceKind(source: string, evidence: PlatformEvidence): DeviceKind | null {
  for (const [pattern, kind] of SOURCES) if (pattern.test(source)) return kind;
  const disk = diskName(source);
  if (!disk) return null;
  let below = [disk];
  let result: DeviceKind | null = null;
  // Device mapper on RAID on disks: three floors in practice.
  for (let floor = 0; floor < 4 && below.length > 0; floor += 1) {
    const next: string[] = [];
    for (const name of below) {
      const found: DiskEvidence | undefined = Object.hasOwn(evidence.sysBlock, name)
        ? evidence.sysBlock[name]
        : undefined;
      const model = found?.model?.trim();
      const kind = model ? MODELS.find(([pattern]) => pattern.test(model))?.[1] : undefined;
      if (kind && result && kind.code !== result.code) return null;
      if (kind) result = kind;
      next.push(...(found?.slaves ?? []));
    }
    below = next.slice(0, 64);
  }
  return result;
}

/** Where the file behind a loop device lies, on the machine that set it up. */
export function backingFile(source: string, evidence: PlatformEvidence): string | null {
  const disk = diskName(source);
  if (!disk?.startsWith('loop') || !Object.hasOwn(evidence.sysBlock, disk)) return null;
  return evidence.sysBlock[disk]?.backingFile ?? null;
}
