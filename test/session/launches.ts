import type { Launch } from '../../src/model/launch.ts';
import { absolutePath } from '../../src/model/path.ts';

/** A launch of the package at the root, started in `/app`; every field can be set otherwise. */
export function launch(fields: Partial<Launch> & Pick<Launch, 'id'>): Launch {
  return {
    kind: 'npm',
    file: 'package.json',
    line: 1,
    command: 'node index.js',
    packageRoot: '',
    entry: 'index.js',
    cwd: absolutePath('/app'),
    packageAt: absolutePath('/app'),
    env: {},
    envHidden: null,
    user: null,
    home: null,
    replicas: null,
    overlaps: false,
    stop: { signal: null, timeoutSeconds: null, pid1: null, supervisor: null, init: 'unknown' },
    stops: [],
    mountTable: 'none',
    mounts: null,
    pid: null,
    limits: { pids: null, memoryBytes: null, shmBytes: null },
    notes: [],
    ...fields,
  };
}
