/** What the platform says, whatever a mount looks like. */
import type { Mount } from '../model/mount.ts';
import { type AbsolutePath, isInside } from '../model/path.ts';
import type { Context } from './context.ts';
import { fileSystemType } from './fstypes.ts';
import { describeMount, type Ruling, ruling } from './ruling.ts';

/** Does the mount show the same layer as `/`: it itself, or a bind of a directory in it? */
export function onRootLayer(context: Context, mount: Mount): boolean {
  const root = context.index.root;
  if (!root) return false;
  if (mount === root) return true;
  if (mount.device !== root.device || mount.fstype !== root.fstype || mount.source !== root.source) return false;
  return root.root === '/' || isInside(mount.root as AbsolutePath, root.root as AbsolutePath);
}

/** A platform's own rule for a path, where it has one. `mount` rules hold only at or below a mount on that point. */
export function placeRule(context: Context, mount: Mount, path: AbsolutePath): Ruling | null {
  const { host } = context;
  for (const place of host?.row.storage?.places ?? []) {
    const at = place.at as AbsolutePath;
    if (!isInside(path, at)) continue;
    if (place.mount && (mount.mountPoint === '/' || !isInside(mount.mountPoint as AbsolutePath, at))) continue;
    if (place.mount && fileSystemType(mount.fstype, mount.source).nature === 'ram') continue;
    return ruling(
      'platform-place',
      place.survives,
      'high',
      place.text,
      `${host?.row.name}: ${host?.evidence}; ${describeMount(mount)}`,
    );
  }
  return null;
}

type RuleName = 'root' | 'disk' | 'memory' | 'bind';

/** What the platform's storage rules say of this sort of mount, whatever it looks like. */
export function platformRule(context: Context, name: RuleName, mount: Mount): Ruling | null {
  for (const found of [context.host, ...context.overlayRules]) {
    const letters = found?.row.storage?.[name];
    if (!found || letters === undefined) continue;
    const volume = letters.charAt(2) === 'T';
    return ruling(
      volume ? 'platform-volume' : name === 'root' ? 'platform-ephemeral-root' : 'platform-ephemeral-storage',
      letters,
      found.hint ? 'low' : name === 'root' ? 'high' : 'medium',
      volume ? `a disk of its own on ${found.row.name}` : (found.row.storage?.text ?? found.row.name),
      `${found.row.name}: ${found.evidence}; ${describeMount(mount)}`,
    );
  }
  return null;
}
