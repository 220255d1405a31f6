import type { Durability } from '../model/mount.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import type { Context } from './context.ts';
import { durability } from './durability.ts';

/** Where a path leads, as far as it could be followed. */
interface Followed {
  readonly resolved: AbsolutePath;
  readonly existing: AbsolutePath | null;
  readonly exists: boolean | 'unknown';
  readonly problem: string | null;
}

function follow(reader: Reader, path: string): Followed {
  // `..` after a link means the parent of the link's target: the Reader follows the path as it was typed.
  const result = reader.resolve(path as AbsolutePath);
  if (result.ok) return { ...result.value, problem: null };
  return { resolved: absolutePath(path), existing: null, exists: 'unknown', problem: result.failure.reason };
}

/**
 * Judge a path of the machine behind `reader`: links are followed, and on a live table the kernel's own mount id of the nearest existing
 * ancestor is used. `path` is absolute and may hold `..` and doubled slashes as typed.
 *
 * @param live is the table that of the processes that `reader` sees now? Then the user's own access counts too.
 */
export function judge(
  reader: Reader,
  context: Context,
  path: string,
  live = context.index.table.kind === 'live',
): Durability {
  const { resolved, existing, exists, problem } = follow(reader, path);
  const mountId = live && existing ? reader.mountId(existing) : null;
  // Below the deepest existing directory nothing can be mounted: its mount is the mount of the path.
  const judged = durability({ path, resolved, exists, context, mountId });
  if (problem) {
    const text = 'the path could not be followed: links in it were not seen';
    return {
      ...judged,
      confidence: 'low',
      reasons: [...judged.reasons, { code: 'not-followed', text, evidence: problem }],
    };
  }
  if (!live || judged.writable !== true || !existing) return judged;
  const access = reader.writable(existing);
  if (!access.ok || access.value) return judged;
  const text = 'the user that runs the doctor may not write there';
  return { ...judged, writable: false, reasons: [...judged.reasons, { code: 'no-access', text, evidence: existing }] };
}
