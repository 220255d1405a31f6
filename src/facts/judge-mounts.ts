import { resolve } from 'node:path';
import { UsageError } from '../model/errors.ts';
import type { Durability, Mount, Platform } from '../model/mount.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import { visibleMounts } from '../mounts/covering.ts';
import { fileSystemType } from '../mounts/fstypes.ts';
import type { Machine } from './machine.ts';
import { storageOf } from './storage.ts';

export interface JudgedMounts {
  readonly platform: Platform;
  readonly paths: readonly Durability[];
  readonly recommended: AbsolutePath | null;
}

/** Mount points below these are the system's own; `--all` shows them. */
const SYSTEM = /^\/(proc|sys|dev)(\/|$)/;

function holdsData(machine: Machine, mount: Mount): boolean {
  if (SYSTEM.test(mount.mountPoint) || fileSystemType(mount.fstype, mount.source).nature === 'pseudo') return false;
  if (!machine.live || machine.mountinfo !== null) return true;
  // A single file that is mounted (`/etc/hosts`) holds no session.
  const status = machine.reader.status(mount.mountPoint as AbsolutePath);
  return !status.ok || status.value.kind === 'directory';
}

/**
 * Judge the paths (absolute, or relative to `cwd`), or without any every mount that can hold data (`all`: every mount).
 * @throws UsageError when the mount table cannot be read.
 */
export function judgeMounts(machine: Machine, paths: readonly string[], cwd: string, all: boolean): JudgedMounts {
  let storage: ReturnType<typeof storageOf>;
  try {
    storage = storageOf(machine);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const base = machine.live ? cwd : '/';
  // Not normalised by text: `..` after a link means the parent of the link's target.
  const wanted = paths.map((path) => ({ typed: path, path: path.startsWith('/') ? path : `${base}/${path}` }));
  const listed =
    wanted.length > 0
      ? wanted
      : visibleMounts(storage.context.index)
          .filter((mount) => all || holdsData(machine, mount))
          .map(({ mountPoint }) => ({ typed: mountPoint, path: mountPoint }));
  return {
    platform: storage.platform,
    paths: listed.map(({ typed, path }) => ({ ...storage.judge(path), path: typed })),
    recommended: storage.recommend(absolutePath(resolve(base))),
  };
}
