import type { Mount, MountTable } from '../model/mount.ts';
import type { AbsolutePath } from '../model/path.ts';

/** A mount table, prepared for looking up paths. Built once per table, in linear time. */
export interface MountIndex {
  readonly table: MountTable;
  /** The mount that the process has as `/`; `null` for a process whose root is a plain directory of a mount outside its view. */
  readonly root: Mount | null;
  readonly byId: ReadonlyMap<number, Mount>;
  /** By mount point: the mounts there by the id of the mount they are mounted on. */
  readonly children: ReadonlyMap<string, ReadonlyMap<number, Mount>>;
  /** By mount point: mounts whose parent is not in the table. They are attached by path. */
  readonly orphans: ReadonlyMap<string, Mount>;
}

/**
 * The process root among the lines for `/`: one whose parent is not in the table (or is itself, as for an initial rootfs).
 * A line for `/` whose parent is another line for `/` was mounted over the root later: look-ups start below it and never see it.
 */
function processRoot(
  candidates: readonly Mount[],
  byId: ReadonlyMap<number, Mount>,
  used: ReadonlyMap<number, number>,
): Mount | null {
  let best: Mount | null = null;
  for (const mount of candidates) {
    if (mount.parent !== mount.id && byId.has(mount.parent)) continue;
    // Two such lines do not come from one kernel; the one that carries the other mounts is the root that was meant.
    if (!best || (used.get(mount.id) ?? 0) > (used.get(best.id) ?? 0)) best = mount;
  }
  return best;
}

/** Prepare a table. Linear in the number of mounts; no order of lines is assumed (a child may precede its parent). */
export function mountIndex(table: MountTable): MountIndex {
  const byId = new Map<number, Mount>();
  const used = new Map<number, number>();
  for (const mount of table.mounts) {
    byId.set(mount.id, mount);
    used.set(mount.parent, (used.get(mount.parent) ?? 0) + 1);
  }
  const children = new Map<string, Map<number, Mount>>();
  const orphans = new Map<string, Mount>();
  const slash: Mount[] = [];
  for (const mount of table.mounts) {
    // gVisor prints mounts that it has not resolved yet with the id 0 and the type `promise`: they have no place in the tree.
    if (mount.mountPoint === '/') {
      slash.push(mount);
    } else if (mount.parent !== mount.id && byId.has(mount.parent)) {
      let here = children.get(mount.mountPoint);
      if (!here) {
        here = new Map();
        children.set(mount.mountPoint, here);
      }
      here.set(mount.parent, mount);
    } else {
      orphans.set(mount.mountPoint, mount);
    }
  }
  return { table, root: processRoot(slash, byId, used), byId, children, orphans };
}

/** The mount that is on top at `directory` when one arrives there on `current`. */
function descend(index: MountIndex, current: Mount | null, directory: string): Mount | null {
  const here = index.children.get(directory);
  let top = current;
  let moved = false;
  if (here) {
    // Bounded by the number of mounts on this point: a table that is not the kernel's may hold a circle.
    for (let steps = here.size; steps > 0; steps -= 1) {
      const next = top ? here.get(top.id) : undefined;
      if (!next) break;
      top = next;
      moved = true;
    }
  }
  if (moved) return top;
  const orphan = index.orphans.get(directory);
  if (!orphan) return top;
  top = orphan;
  if (here) {
    for (let steps = here.size; steps > 0; steps -= 1) {
      const next = here.get(top.id);
      if (!next) break;
      top = next;
    }
  }
  return top;
}

/**
 * The mount that `path` lands on, found as the kernel does it: from the process root, component by component, down to the mount whose
 * parent is the current mount and whose mount point is this directory, again while that one is itself covered. `path` must have its
 * links followed already. `null`: no line of the table covers it. Linear in the depth of the path.
 */
export function covering(index: MountIndex, path: AbsolutePath): Mount | null {
  let current = index.root;
  let at = 1;
  while (at < path.length) {
    const slash = path.indexOf('/', at);
    const end = slash < 0 ? path.length : slash;
    current = descend(index, current, path.slice(0, end));
    at = end + 1;
  }
  return current;
}

/**
 * The mount with the kernel's own id (`mnt_id` in fdinfo), where the table has it and it can cover `path`; else the walk.
 * The id is exact also where mounts were moved or made in the meantime; a table read earlier may lack it.
 */
export function coveringById(index: MountIndex, path: AbsolutePath, mountId: number | null): Mount | null {
  if (mountId !== null) {
    const mount = index.byId.get(mountId);
    const point = mount?.mountPoint;
    if (mount && point && (point === '/' || path === point || path.startsWith(`${point}/`))) return mount;
  }
  return covering(index, path);
}

/** The mounts that can be reached by their own mount point: nothing lies over them. In the order of the table. */
export function visibleMounts(index: MountIndex): Mount[] {
  return index.table.mounts.filter((mount) => covering(index, mount.mountPoint as AbsolutePath) === mount);
}

/** Where `path` lies inside the file system of its mount: the root of the mount and the rest of the path. */
export function effectivePath(mount: Mount, path: AbsolutePath): string {
  const rest = path === mount.mountPoint ? '' : path.slice(mount.mountPoint === '/' ? 0 : mount.mountPoint.length);
  if (mount.root === '/') return rest === '' ? '/' : rest;
  return mount.root + (rest === '/' ? '' : rest);
}
