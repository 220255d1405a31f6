import type { ChromiumFit, Mount } from '../model/mount.ts';
import type { FileSystemType } from './fstypes.ts';

/** Fit for a Chromium profile, and why not. */
export interface Fitness {
  readonly fit: ChromiumFit;
  readonly why: string | null;
}

/** A profile of whatsapp-web.js takes 60 to 150 MB after some days of use (docs/storage.md); less room cannot hold one. */
const PROFILE_BYTES = 150 * 1024 * 1024;

const hasOption = (options: string, name: string): boolean => `,${options},`.includes(`,${name},`);

/** `size=65536k` of a tmpfs in bytes, or `null`. */
export function tmpfsSize(superOptions: string): number | null {
  const match = /(?:^|,)size=(\d{1,15})([kmgKMG]?)(?:,|$)/.exec(superOptions);
  if (!match) return null;
  const units: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };
  return Number(match[1]) * (units[(match[2] ?? '').toLowerCase()] ?? 1);
}

/** Can the mount be written to at all? Both the mount and the file system below it can be read-only. */
export function isReadOnly(mount: Mount): boolean {
  return hasOption(mount.options, 'ro') || hasOption(mount.superOptions, 'ro');
}

/** Details of a mount that change what its type says, most serious first. */
const DETAILS: readonly {
  readonly types: RegExp;
  readonly fit: ChromiumFit;
  readonly when: (mount: Mount) => boolean;
  readonly why: string;
}[] = [
  {
    types: /^(cifs|smb3|smb2)$/,
    fit: 'no',
    when: (mount) => !/(?:^|,)(mfsymlinks|unix|posix|posixpaths|linux)(?:,|$)/.test(mount.superOptions),
    why: 'SMB without mfsymlinks refuses symbolic links, so Chromium cannot make its SingletonLock',
  },
  {
    types: /^lustre$/,
    fit: 'no',
    when: (mount) => hasOption(mount.superOptions, 'noflock'),
    why: 'Lustre mounted with noflock has no file locks',
  },
  {
    types: /^(nfs|nfs3|nfs4)$/,
    fit: 'risk',
    when: (mount) => hasOption(mount.superOptions, 'nolock') || hasOption(mount.superOptions, 'local_lock=all'),
    why: 'NFS with nolock or local_lock=all: nothing stops two machines from opening one profile',
  },
  {
    types: /^(tmpfs|ramfs)$/,
    fit: 'risk',
    when: (mount) => (tmpfsSize(mount.superOptions) ?? Number.POSITIVE_INFINITY) < PROFILE_BYTES,
    why: 'this tmpfs is too small for a profile of some days',
  },
  {
    types: /^overlay$/,
    fit: 'risk',
    when: (mount) => hasOption(mount.superOptions, 'volatile'),
    why: 'an overlay mounted volatile does not sync: a crash can leave the stores damaged',
  },
];

/** How well a Chromium profile works on this mount. Independent of whether it survives. */
export function fitnessOf(mount: Mount, type: FileSystemType): Fitness {
  if (isReadOnly(mount)) return { fit: 'no', why: 'the mount is read-only' };
  for (const detail of DETAILS) {
    if (detail.types.test(mount.fstype) && detail.when(mount)) return { fit: detail.fit, why: detail.why };
  }
  return { fit: type.fit, why: type.why === '' ? null : type.why };
}
