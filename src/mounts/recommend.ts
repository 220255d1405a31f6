import type { Durability, Mount } from '../model/mount.ts';
import { type AbsolutePath, absolutePath, baseName, isInside, parentOf } from '../model/path.ts';
import type { Context } from './context.ts';
import { covering, type MountIndex } from './covering.ts';
import { diskName } from './devices.ts';
import { durabilityOf } from './durability.ts';
import { fileSystemType } from './fstypes.ts';

/** What to look at when a data path is chosen. */
export interface RecommendQuery {
  readonly context: Context;
  /** The project's directory: a mount that contains it is preferred. */
  readonly project?: AbsolutePath | null;
  /** The home of the user that runs the bot: on a machine without containers the path lies there for anybody but root. */
  readonly home?: AbsolutePath | null;
  /** Judge a candidate on the live machine (links, access). Default: the table alone. */
  readonly judge?: (path: AbsolutePath) => Durability;
  /** Is the mount point a directory that the bot's user can write to? Default: by the look of its name. */
  readonly usable?: (mountPoint: AbsolutePath) => boolean;
}

/** The directory that is recommended, below a mount that is not itself one for sessions. */
export const SESSIONS = 'whatsapp-sessions';

/** Mount points that belong to the system: a bot's data has no business there. */
const SYSTEM =
  /^\/(boot|dev|efi|etc|init|lib\w*|nix|ostree|proc|rom|run|s?bin|snap|sys|sysroot|tmp|usr|var\/(cache|lib\/(docker|containerd|containers|kubelet|lxcfs|lxd|snapd|nfs|systemd)|log|run|snap|tmp)|var\/lib\/private|mnt\/(wsl|wslg)|\.fly-[^/]*|\.reserved[^/]*|lost\+found)(\/|$)/;

const SESSION_NAME = /(^|[._-])(wwebjs\w*|wa|whatsapp\w*|sessions?|auth\w*)([._-]|$)/i;
const DATA_NAME = /^(data|storage|persist(ent)?|volume|state|sessions?)$/i;
const FILE_NAME = /\.[A-Za-z0-9]{1,5}$/;

/** A node may have thousands of volumes: beside the mounts that hold the project, the first of the table are looked at. */
const MAX_LINES = 100;
const MAX_CANDIDATES = 64;

const STORAGE = ['disk', 'net', 'cluster', 'pool', 'share', 'stack', 'unknown'];

/** Mounts to look at: those on the way to the project and the home, then the first of the table. */
function candidatesOf(index: MountIndex, ways: readonly AbsolutePath[]): Mount[] {
  const found = new Set<Mount>(index.root ? [index.root] : []);
  for (const way of ways) {
    for (let at = way; at !== '/'; at = parentOf(at)) {
      const mount = covering(index, at);
      if (mount) found.add(mount);
    }
  }
  // The type alone decides here; a FUSE mount is told by its source later.
  const wanted = (fstype: string): boolean => {
    const { nature } = fileSystemType(fstype, '');
    // Overlays beside / are the layers of containers.
    return nature !== 'stack' && STORAGE.includes(nature);
  };
  for (const mount of index.lines.ofTypes(wanted, MAX_LINES)) {
    if (found.size >= MAX_CANDIDATES) break;
    if (isCandidate(mount) && covering(index, mount.mountPoint as AbsolutePath) === mount) found.add(mount);
  }
  return [...found].filter(isCandidate);
}

/** May a session be put on this mount at all, by its look? */
function isCandidate(mount: Mount): boolean {
  const { nature } = fileSystemType(mount.fstype, mount.source);
  if (!STORAGE.includes(nature)) return false;
  if (mount.mountPoint === '/') return true;
  if (SYSTEM.test(mount.mountPoint)) return false;
  const name = baseName(mount.mountPoint as AbsolutePath);
  // A single file that is mounted has a name with an ending; a dot in front is a directory such as .wwebjs_auth.
  return !(FILE_NAME.test(name) && !name.startsWith('.'));
}

function pathOn(mount: Mount, query: RecommendQuery): AbsolutePath {
  const point = mount.mountPoint as AbsolutePath;
  if (point === '/') {
    const { home } = query;
    if (home && home !== '/' && home !== '/root' && covering(query.context.index, home) === mount)
      return absolutePath(`${home}/${SESSIONS}`);
    return absolutePath(`/var/lib/${SESSIONS}`);
  }
  const name = baseName(point);
  if (SESSION_NAME.test(name)) return point;
  if (DATA_NAME.test(name)) return absolutePath(`${point}/${SESSIONS}`);
  return absolutePath(`${point}/data/${SESSIONS}`);
}

/** Does the verdict allow a recommendation: writable, kept by everything that happens in ordinary running, fit for a profile? */
export function isRecommendable(judged: Durability): boolean {
  const { survives } = judged;
  return (
    judged.writable === true &&
    judged.chromiumFit === 'yes' &&
    survives.processRestart === true &&
    survives.containerRestart === true &&
    survives.recreate === true &&
    survives.reboot === true &&
    judged.confidence !== 'low'
  );
}

const CONFIDENCE = { high: 0, medium: 1, low: 2 } as const;

/**
 * The best data path on this machine: on a mount that is writable, persistent and fit, judged on the very path that is returned.
 * Preferred: a mount that contains the project, surer evidence, a disk that outlives the machine. `null`: none could be verified.
 */
export function recommendDataPath(query: RecommendQuery): AbsolutePath | null {
  const { context, project } = query;
  const judgeAt = query.judge ?? ((path: AbsolutePath) => durabilityOf(context, path));
  const candidates: { readonly path: AbsolutePath; readonly rank: readonly (number | string)[] }[] = [];
  const ways = [project, query.home].filter((way) => way !== null && way !== undefined);
  for (const mount of candidatesOf(context.index, ways)) {
    const path = pathOn(mount, query);
    if (covering(context.index, path) !== mount) continue;
    if (mount.mountPoint !== '/' && query.usable && !query.usable(mount.mountPoint as AbsolutePath)) continue;
    const judged = judgeAt(path);
    if (!isRecommendable(judged)) continue;
    const holds = project ? isInside(project, mount.mountPoint as AbsolutePath) : false;
    const named = SESSION_NAME.test(baseName(mount.mountPoint as AbsolutePath));
    candidates.push({
      path,
      rank: [
        // A volume made for the session first, then the mount that holds the project (the innermost), then any other, `/` last.
        named ? 0 : holds && mount.mountPoint !== '/' ? 1 : mount.mountPoint === '/' ? 3 : 2,
        holds ? -mount.mountPoint.length : 0,
        CONFIDENCE[judged.confidence],
        judged.survives.nodeLoss === true ? 0 : 1,
        diskName(mount.source) ? 0 : 1,
        path.length,
        path,
      ],
    });
  }
  candidates.sort((a, b) => {
    for (const [at, value] of a.rank.entries()) {
      const other = b.rank[at];
      if (other === undefined || value === other) continue;
      return value < other ? -1 : 1;
    }
    return 0;
  });
  return candidates[0]?.path ?? null;
}
