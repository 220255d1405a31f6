import type { MountTable } from '../model/mount.ts';
import { type DeclaredEngine, declaredTable } from '../mounts/declare.ts';
import { type Family, PLATFORMS } from '../mounts/platforms.ts';

/** Families that a bot is deployed on. CI jobs, sandboxes and confinements are not where a bot lives. */
const FAMILIES: ReadonlySet<Family> = new Set(['paas', 'workspace', 'kubernetes', 'system-container']);
const ENGINES: Readonly<Record<string, DeclaredEngine>> = {
  docker: 'docker',
  podman: 'podman',
  kubernetes: 'kubernetes',
};
/** A machine of one's own, virtual or not. */
const HOST = 'host';

/** Every platform that the config file or a flag may declare. */
export const DECLARABLE_PLATFORMS: readonly string[] = [
  HOST,
  ...PLATFORMS.filter(({ kind, family }) => FAMILIES.has(family) || Object.hasOwn(ENGINES, kind)).map(
    ({ kind }) => kind,
  ),
].sort();

/** What a machine without containers shows: one disk. */
function hostTable(origin: string): MountTable {
  const disk = {
    id: 1,
    parent: 0,
    device: '8:1',
    root: '/',
    mountPoint: '/',
    options: 'rw,relatime',
    optional: [],
    fstype: 'ext4',
    source: '/dev/sda1',
    superOptions: 'rw',
    line: 1,
  };
  return { kind: 'declared', origin, mounts: [disk], skipped: 0 };
}

/**
 * What is mounted on a platform of which only the name is known: the layer of a container, or one disk. For launches that declare no
 * mounts themselves.
 */
export function declaredPlatformTable(kind: string, by: string): MountTable {
  const origin = `platform ${kind} (${by})`;
  const family = PLATFORMS.find((row) => row.kind === kind)?.family;
  if (kind === HOST || family === 'system-container') return hostTable(origin);
  return declaredTable(origin, ENGINES[kind] ?? 'docker', []);
}
