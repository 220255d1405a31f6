import type { Mount, MountTable } from '../model/mount.ts';
import type { AbsolutePath } from '../model/path.ts';
import type { Lines } from './lines.ts';
import { tableLines } from './mountinfo.ts';

/** A mount table, prepared for looking up paths. Built once per table, in linear time. */
export interface MountIndex {
  readonly table: MountTable;
  readonly lines: Lines;
  /** The mount that the process has as `/`; `null` for a process whose root is a plain directory of a mount outside its view. */
  readonly root: Mount | null;
  /** What lies on a mount point, for the points that were asked for. */
  readonly points: Map<string, Point | null>;
}

/** The mounts on one mount point, by the id of the mount that each lies on. Of two alike the later line stands. */
interface Point {
  readonly children: ReadonlyMap<number, Mount>;
  /** The last one whose parent is not in the table: it is attached by path. */
  readonly orphan: Mount | null;
  /** Tops of the stack by the id one arrives with: a table may put thousands of mounts on one point. */
  readonly tops: Map<number, Mount>;
}

/** Is the mount that carries this one in the table? A mount that is its own parent is an initial rootfs. */
const hangs = (lines: Lines, mount: Mount): boolean => mount.parent !== mount.id && lines.find(mount.parent) !== null;

/**
 * The process root among the lines for `/`: one whose parent is not in the table (or is itself, as for an initial rootfs).
 * A line for `/` whose parent is another line for `/` was mounted over the root later: look-ups start below it and never see it.
 */
function processRoot(lines: Lines): Mount | null {
  const slashes = lines.at('/');
  const [only] = slashes;
  if (slashes.length === 1 && only) {
    // Alone it is the root, unless it hangs on something in the table, which no kernel prints.
    return only;
  }
  const roots = slashes.filter((mount) => !hangs(lines, mount));
  if (roots.length <= 1) return roots[0] ?? null;
  // Two such lines do not come from one kernel; the one that carries the other mounts is the root that was meant.
  const carried = new Map<number, number>();
  for (const { parent } of lines.all()) carried.set(parent, (carried.get(parent) ?? 0) + 1);
  let best: Mount | null = null;
  for (const mount of roots) {
    if (!best || (carried.get(mount.id) ?? 0) > (carried.get(best.id) ?? 0)) best = mount;
  }
  return best;
}

/** Prepare a table. No order of lines is assumed (a child may precede its parent). */
export function mountIndex(table: MountTable): MountIndex {
  const lines = tableLines(table);
  return { table, lines, root: processRoot(lines), points: new Map() };
}

function pointAt(index: MountIndex, directory: string): Point | null {
  const known = index.points.get(directory);
  if (known !== undefined) return known;
  const mounts = directory === '/' ? [] : index.lines.at(directory);
  let point: Point | null = null;
  if (mounts.length > 0) {
    const children = new Map<number, Mount>();
    let orphan: Mount | null = null;
    for (const mount of mounts) {
      // Whether a parent is in the table is asked only where it is not the root: that is the costly question.
      if (mount.parent === index.root?.id || hangs(index.lines, mount)) children.set(mount.parent, mount);
      else orphan = mount;
    }
    point = { children, orphan, tops: new Map() };
  }
  index.points.set(directory, point);
  return point;
}

/** The topmost mount of a stack when one arrives there on `from`. */
function climb(point: Point, from: Mount): Mount {
  const known = point.tops.get(from.id);
  if (known) return known;
  let top = from;
  // Bounded by the number of mounts on the point: a table that is not the kernel's may hold a circle.
  for (let steps = point.children.size; steps > 0; steps -= 1) {
    const next = point.children.get(top.id);
    if (!next) break;
    top = next;
  }
  point.tops.set(from.id, top);
  return top;
}

/** The mount that is on top at `directory` when one arrives there on `current`. */
function descend(index: MountIndex, current: Mount | null, directory: string): Mount | null {
  const point = pointAt(index, directory);
  if (!point) return current;
  if (current) {
    const top = climb(point, current);
    if (top !== current) return top;
  }
  return point.orphan ? climb(point, point.orphan) : current;
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
  const mount = mountId === null ? null : index.lines.find(mountId);
  const point = mount?.mountPoint;
  if (mount && point && (point === '/' || path === point || path.startsWith(`${point}/`))) return mount;
  return covering(index, path);
}

/** The mounts that can be reached by their own mount point: nothing lies over them. In the order of the table. */
export function visibleMounts(index: MountIndex): Mount[] {
  return index.lines.all().filter((mount) => covering(index, mount.mountPoint as AbsolutePath) === mount);
}

/** Where `path` lies inside the file system of its mount: the root of the mount and the rest of the path. */
export function effectivePath(mount: Mount, path: AbsolutePath): string {
  const rest = path === mount.mountPoint ? '' : path.slice(mount.mountPoint === '/' ? 0 : mount.mountPoint.length);
  if (mount.root === '/') return rest === '' ? '/' : rest;
  return mount.root + (rest === '/' ? '' : rest);
}
