/** Launches are built from the parts that a source knows; everything else is what "not said" means. */
import type { Launch, LaunchKind } from '../model/launch.ts';

type Optional = Partial<Omit<Launch, 'id' | 'kind' | 'packageRoot' | 'stop'>> & {
  readonly stop?: Partial<Launch['stop']>;
};

const NO_STOP: Launch['stop'] = { signal: null, timeoutSeconds: null, pid1: null, supervisor: null, init: 'unknown' };

/** A launch with the given parts. */
export function draftLaunch(id: string, kind: LaunchKind, packageRoot: string, parts: Optional): Launch {
  const { stop, ...rest } = parts;
  return {
    file: null,
    line: null,
    command: null,
    entry: null,
    cwd: null,
    packageAt: null,
    env: {},
    envHidden: null,
    user: null,
    home: null,
    replicas: null,
    overlaps: 'unknown',
    stops: [],
    mountTable: 'none',
    mounts: null,
    pid: null,
    limits: { pids: null, memoryBytes: null, shmBytes: null },
    notes: [],
    ...rest,
    id,
    kind,
    packageRoot,
    stop: { ...NO_STOP, ...stop },
  };
}

/** A record without a prototype, so that names from files cannot reach one. */
export function recordOf(entries: Iterable<readonly [string, string]>): Record<string, string> {
  const record: Record<string, string> = Object.create(null);
  for (const [name, value] of entries) record[name] = value;
  return record;
}
