import type { Answer, Confidence } from './answer.ts';
import type { AbsolutePath } from './path.ts';

/** One line of mountinfo, decoded (proc_pid_mountinfo(5)). */
export interface Mount {
  readonly id: number;
  readonly parent: number;
  /** `major:minor`; major 0 means an anonymous device (overlay, tmpfs, btrfs, NFS, FUSE). */
  readonly device: string;
  /** Path inside the file system; values that do not start with `/` are pseudo (`net:[…]`). */
  readonly root: string;
  readonly mountPoint: string;
  readonly options: string;
  readonly optional: readonly string[];
  readonly fstype: string;
  readonly source: string;
  readonly superOptions: string;
  /** Number of the line in its table, from 1. */
  readonly line: number;
}

/**
 * A mount table, wherever it comes from: the live kernel, a file, an engine's inspect, or one declared by a Dockerfile with a compose
 * service or by a pod spec.
 */
export interface MountTable {
  readonly kind: 'live' | 'file' | 'engine' | 'declared';
  /** What to call it in evidence: `/proc/self/mountinfo`, `docker-compose.yml service bot`. */
  readonly origin: string;
  readonly mounts: readonly Mount[];
  /** Lines that did not parse. */
  readonly skipped: number;
}

/** Does data at a path survive these events? See `knowledge: levels` in docs/storage.md. */
export interface Survival {
  /** The bot stops and starts again in the same container, same boot. */
  readonly processRestart: Answer;
  /** The innermost container or microVM restarts the way its platform does it. */
  readonly containerRestart: Answer;
  /** The container is removed and made again; the pod is rescheduled; a redeploy. */
  readonly recreate: Answer;
  /** The kernel that runs the workload reboots and the same machine comes back. */
  readonly reboot: Answer;
  /** The machine and its local disks are gone for good. */
  readonly nodeLoss: Answer;
}

export type SurvivalLevel = keyof Survival;

export const SURVIVAL_LEVELS: readonly SurvivalLevel[] = [
  'processRestart',
  'containerRestart',
  'recreate',
  'reboot',
  'nodeLoss',
];

/** Can a Chromium profile work there: locks, mmap, rename, links? */
export type ChromiumFit = 'yes' | 'risk' | 'no' | 'unknown';

/** One step of the reasoning about a path, with the evidence it stands on. */
export interface Reason {
  /** A stable kebab-case name, `empty-dir`, `writable-layer`. */
  readonly code: string;
  readonly text: string;
  readonly evidence: string;
}

/** The judgement on one path on one mount table. */
export interface Durability {
  readonly path: string;
  readonly resolved: AbsolutePath;
  readonly exists: Answer;
  readonly mount: Mount | null;
  readonly survives: Survival;
  readonly writable: Answer;
  readonly chromiumFit: ChromiumFit;
  readonly confidence: Confidence;
  readonly reasons: readonly Reason[];
}

/** What kind of machine this is, with the evidence for each word. */
export interface Platform {
  /** Innermost first: `kubernetes`, `containerd`, `docker`, `wsl2`, `heroku`, `host`. */
  readonly kinds: readonly string[];
  readonly evidence: readonly string[];
  /** What people run or see when a hosting platform replaces the container: `a redeploy or restart on Render`. Absent: none known. */
  readonly event?: string;
}
