/**
 * macOS and Windows: what their systems tell of a path, judged by the same levels. Neither has mount ids, roots or name spaces;
 * where no more can be known the answer is unknown, with the reason.
 */
import type { Durability, Mount, MountTable, Reason } from '../model/mount.ts';
import { type AbsolutePath, absolutePath, isInside } from '../model/path.ts';
import { fitnessOf } from './fitness.ts';
import { fileSystemType } from './fstypes.ts';
import { type Letters, survival } from './survival.ts';

/** A place with a rule of its own. */
interface Place {
  readonly code: string;
  readonly pattern: RegExp;
  readonly survives: Letters;
  readonly fit?: 'risk';
  readonly text: string;
}

const MAC_PLACES: readonly Place[] = [
  {
    code: 'cleaned-directory',
    pattern: /^\/(private\/)?(tmp|var\/tmp)(\/|$)|^\/(private\/)?var\/folders\/[^/]+\/[^/]+\/T(\/|$)/,
    survives: 'TTT?F',
    text: 'macOS removes what was not used for three days from temporary directories, and clears them at boot',
  },
  {
    code: 'synced-folder',
    pattern: /\/Library\/(Mobile Documents|CloudStorage)(\/|$)/,
    survives: 'TTTT?',
    fit: 'risk',
    text: 'a folder that a cloud client syncs: it evicts files and rewrites those of an open database',
  },
];

/** Directories of the sealed system volume that are links to the data volume (firmlinks). */
const FIRMLINKS = /^\/(Users|Applications|Library|opt|private|usr\/local|Volumes\/Macintosh HD|cores)(\/|$)/;
const DATA_VOLUME = '/System/Volumes/Data';

/**
 * The table that `mount` prints on macOS: `DEVICE on PATH (type, options)`. Read from the right, because paths may hold ` on ` and ` (`.
 * Total. Mounts carry parents by path: deeper ones lie on shallower ones.
 */
export function parseDarwinMounts(text: string, origin: string): MountTable {
  const found: Mount[] = [];
  let skipped = 0;
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const open = line.lastIndexOf(' (');
    const on = line.indexOf(' on /');
    if (open < 0 || on < 0 || on > open || !line.endsWith(')')) {
      skipped += 1;
      continue;
    }
    const options = line.slice(open + 2, -1).split(', ');
    const fstype = options[0] ?? '';
    found.push({
      id: found.length + 1,
      parent: 0,
      device: '0:0',
      root: '/',
      mountPoint: absolutePath(line.slice(on + 4, open)),
      options: options.includes('read-only') ? 'ro' : 'rw',
      optional: [],
      fstype,
      source: line.slice(0, on),
      superOptions: options.slice(1).join(','),
      line: at + 1,
    });
  }
  const byPoint = new Map(found.map((mount) => [mount.mountPoint, mount.id]));
  const parentOfPoint = (point: string): number => {
    for (let slash = point.lastIndexOf('/'); point !== '/' && slash >= 0; slash = point.lastIndexOf('/', slash - 1)) {
      const id = byPoint.get(point.slice(0, slash) || '/');
      if (id !== undefined) return id;
      if (slash === 0) break;
    }
    return 0;
  };
  const mounts = found.map((mount) => ({ ...mount, parent: parentOfPoint(mount.mountPoint) }));
  return { kind: 'live', origin, mounts, skipped };
}

function judged(
  path: string,
  resolved: AbsolutePath,
  mount: Mount | null,
  letters: Letters,
  reasons: Reason[],
): Durability {
  const fitness = mount ? fitnessOf(mount, fileSystemType(mount.fstype, mount.source)) : null;
  return {
    path,
    resolved,
    exists: 'unknown',
    mount,
    survives: survival(letters),
    writable: mount ? !/(^|,)ro(,|$)/.test(mount.options) : 'unknown',
    chromiumFit: fitness?.fit ?? 'unknown',
    confidence: letters.includes('?') ? 'low' : 'medium',
    reasons,
  };
}

/** A path on macOS, on a table of `parseDarwinMounts`. Firmlinks lead from the sealed root to the data volume. */
export function judgeDarwin(table: MountTable, path: AbsolutePath): Durability {
  const wanted =
    FIRMLINKS.test(path) && table.mounts.some((mount) => mount.mountPoint === DATA_VOLUME)
      ? absolutePath(`${DATA_VOLUME}${path}`)
      : path;
  let mount: Mount | null = null;
  for (const candidate of table.mounts) {
    if (!isInside(wanted, candidate.mountPoint as AbsolutePath)) continue;
    if (!mount || candidate.mountPoint.length >= mount.mountPoint.length) mount = candidate;
  }
  if (!mount) {
    return judged(path, path, null, '?????', [
      { code: 'no-mount', text: 'the system did not say what is mounted here', evidence: table.origin },
    ]);
  }
  const evidence = `${mount.fstype} ${mount.source} on ${mount.mountPoint}`;
  const { nature } = fileSystemType(mount.fstype, mount.source);
  const place = MAC_PLACES.find(({ pattern }) => pattern.test(path));
  if (place) {
    const result = judged(path, path, mount, place.survives, [{ code: place.code, text: place.text, evidence: path }]);
    return place.fit ? { ...result, chromiumFit: place.fit } : result;
  }
  const verdicts: Partial<Record<typeof nature, readonly [Letters, string, string]>> = {
    disk: ['TTTTF', 'local-disk', 'a disk of this Mac'],
    net: ['TTTTT', 'network', 'a file system of another machine'],
    ram: ['TTTFF', 'memory', 'memory: lost at reboot'],
    pseudo: ['FFFFF', 'pseudo', 'no storage'],
  };
  const [letters, code, text] = verdicts[nature] ?? [
    '?????',
    'unknown-type',
    `what ${mount.fstype} keeps is not known`,
  ];
  return judged(path, path, mount, letters, [{ code, text, evidence }]);
}

/** Drive types as Windows names them (`Win32_LogicalDisk.DriveType`): 2 removable, 3 fixed, 4 network, 6 RAM disk. */
export type WindowsDrive = 2 | 3 | 4 | 6 | null;

/**
 * A path on Windows (`C:\bot\.wwebjs_auth`, `\\server\share`).
 *
 * @param env the bot's environment: TEMP and the roots of OneDrive are read
 * @param drive what the system says of the drive, or `null` where it could not be asked
 */
export function judgeWindows(
  path: string,
  env: Readonly<Record<string, string | undefined>>,
  drive: WindowsDrive,
): Durability {
  const plain = path.replace(/\//g, '\\');
  const lower = plain.toLowerCase();
  const resolved = absolutePath(`/${plain.replace(/\\/g, '/')}`);
  const inside = (directory: string | undefined): boolean => {
    const root = directory?.replace(/\//g, '\\').replace(/\\+$/, '').toLowerCase();
    return root !== undefined && root !== '' && (lower === root || lower.startsWith(`${root}\\`));
  };
  const tell = (
    letters: Letters,
    code: string,
    text: string,
    fit: Durability['chromiumFit'],
    evidence = path,
  ): Durability => ({
    ...judged(path, resolved, null, letters, [{ code, text, evidence }]),
    writable: 'unknown',
    chromiumFit: fit,
  });
  if (/^\\\\wsl(\.localhost|\$)\\/.test(lower))
    return tell('TTTTF', 'host-share', 'a directory of a WSL distribution, reached through 9p', 'risk');
  if (lower.startsWith('\\\\')) return tell('TTTTT', 'network', 'a directory of another machine (UNC path)', 'risk');
  if (inside(env['TEMP']) || inside(env['TMP']) || inside('C:\\Windows\\Temp')) {
    return tell(
      'TTT?F',
      'windows-temp',
      'Storage Sense and clean-up tools remove unused files from the temporary directory',
      'yes',
    );
  }
  const synced = ['OneDrive', 'OneDriveConsumer', 'OneDriveCommercial'].find((name) => inside(env[name]));
  if (synced)
    return tell(
      'TTTT?',
      'synced-folder',
      'OneDrive takes files away from this computer and rewrites those of an open database',
      'risk',
      synced,
    );
  if (!/^[a-z]:\\/.test(lower)) return tell('?????', 'no-drive', 'the path names no drive', 'unknown');
  switch (drive) {
    case 3:
      return tell('TTTTF', 'local-disk', 'a fixed disk of this computer', 'yes');
    case 2:
      return tell('TTT??', 'removable-disk', 'a removable disk: it must be there at the next start', 'risk');
    case 4:
      return tell('TTTTT', 'network', 'a mapped drive of another machine', 'risk');
    case 6:
      return tell('TTTFF', 'memory', 'a RAM disk: lost at reboot', 'yes');
    default:
      return tell('T????', 'drive-unknown', 'the system could not be asked what kind of drive this is', 'unknown');
  }
}
