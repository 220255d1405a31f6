import type { Durability } from '../model/mount.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import { UNKNOWN_PLATFORM } from '../mounts/evidence.ts';
import { defineFact } from './graph.ts';
import { isVisible, nearestExisting, statedPlatform, storageOf } from './storage.ts';

/** What kind of machine this is. A repository has none: the machine that happens to run the doctor is no evidence. */
export const platform = defineFact({
  name: 'platform',
  needs: [],
  collect: (machine) =>
    machine.target === 'repo' ? (statedPlatform(machine) ?? UNKNOWN_PLATFORM) : storageOf(machine).platform,
});

/** The machine's mount table. */
export const mounts = defineFact({ name: 'mounts', needs: [], collect: (machine) => storageOf(machine).table });

/** Places that everybody asks about, and where the session could go. */
export const places = defineFact({
  name: 'places',
  needs: ['sessions'],
  collect(machine, { sessions }) {
    const storage = storageOf(machine);
    const paths = new Set<AbsolutePath>();
    const own = storage.judge(machine.project);
    if (own.mount !== null) paths.add(absolutePath(own.mount.mountPoint));
    paths.add(absolutePath('/tmp'));
    paths.add(absolutePath('/'));
    for (const { durability } of sessions)
      if (durability?.mount != null && durability.path.startsWith('/')) paths.add(absolutePath(durability.path));
    const recommended = storage.recommend(machine.project);
    if (recommended !== null) paths.add(recommended);
    const judged: Durability[] = [...paths].map((path) => storage.judge(path));
    return { places: judged, recommended };
  },
});

/** Free space under each session that lies on this machine. */
export const space = defineFact({
  name: 'space',
  needs: ['sessions', 'launches'],
  collect(machine, { sessions, launches }, gap) {
    const elsewhere = new Set(launches.filter((launch) => !isVisible(machine, launch)).map(({ id }) => id));
    const rows = new Map<
      AbsolutePath,
      {
        path: AbsolutePath;
        looked: AbsolutePath;
        bytesFree: number;
        bytesTotal: number;
        inodesFree: number;
        inodesTotal: number;
      }
    >();
    for (const { userDataDir, launch } of sessions) {
      if (userDataDir === null || rows.has(userDataDir) || (launch !== null && elsewhere.has(launch))) continue;
      const looked = nearestExisting(machine, userDataDir);
      const space = machine.reader.space(looked);
      if (!space.ok) {
        gap(`the free space of ${looked} could not be read: ${space.failure.reason}`);
        continue;
      }
      const { bytesFree, bytesTotal, inodesFree, inodesTotal } = space.value;
      rows.set(userDataDir, { path: userDataDir, looked, bytesFree, bytesTotal, inodesFree, inodesTotal });
    }
    return { sessions: [...rows.values()] };
  },
});
