import type { Answer } from './answer.ts';
import type { MountTable } from './mount.ts';
import type { AbsolutePath } from './path.ts';

export type LaunchKind =
  | 'npm'
  | 'dockerfile'
  | 'compose'
  | 'kubernetes'
  | 'pm2'
  | 'systemd'
  | 'supervisor'
  | 'procfile'
  | 'platform'
  | 'process';

/** What happens to the browser when this launch is stopped with one signal (issue 7). */
export interface StopOutcome {
  readonly signal: string;
  readonly browser: 'clean' | 'killed' | 'orphaned' | 'unknown';
  /** Seconds of Local Storage writes that are lost; 0 when none. `null`: unknown. */
  readonly lostSeconds: number | null;
  /** The story, step by step, as a person would tell it. */
  readonly chain: readonly string[];
}

/** A disk, directory or memory that a launch mounts, as its file names it. The mount table says what lies where; this says whose it is. */
export interface LaunchVolume {
  readonly at: AbsolutePath;
  readonly kind:
    | 'named'
    | 'anonymous'
    | 'bind'
    | 'tmpfs'
    | 'empty-dir'
    | 'claim'
    | 'host-path'
    | 'config'
    | 'platform-disk'
    | 'other';
  /** As written: the volume's name, the host's directory, the claim. */
  readonly name: string | null;
  /** What the engine calls it: `<project>_<volume>`; `null` where that is the same or is not known. */
  readonly realName: string | null;
  /** Does the next deploy, from another checkout directory too, find the same storage? */
  readonly stable: Answer;
  /** Why it is not, or not surely, stable. */
  readonly reason: string | null;
  readonly file: string;
  readonly line: number | null;
}

/** What a sandbox takes away from a process on its machine, beside the mount table (systemd's Protect… and Private… settings). */
export interface LaunchSandbox {
  /** `/tmp` and `/var/tmp` are private and are removed when the service stops. */
  readonly privateTmp: boolean;
  /** Trees that the process cannot write to… */
  readonly readOnly: readonly AbsolutePath[];
  /** …except below these. */
  readonly writable: readonly AbsolutePath[];
  /** Trees that it sees as empty or not at all. */
  readonly hidden: readonly AbsolutePath[];
}

/** The image that a launch runs, where this tree holds its Dockerfile. */
export interface LaunchImage {
  /** Relative to the project; `null`: only the image's name is known. */
  readonly dockerfile: string | null;
  /** Build context, relative to the project (`''`: the project itself). */
  readonly context: string | null;
  readonly name: string | null;
  /** What lies where: `from` is relative to the project. In the order in which the build copies. */
  readonly copies: readonly { readonly from: string; readonly at: AbsolutePath }[];
  /** The ignore file that the build reads, relative to the project. */
  readonly ignoreFile: string | null;
}

/** One way in which the bot is started. */
export interface Launch {
  /** Unique within a report: `npm:start`, `compose:docker-compose.yml#bot`, `process:4711`. */
  readonly id: string;
  readonly kind: LaunchKind;
  /** Relative to the project; `null` for a live process. */
  readonly file: string | null;
  readonly line: number | null;
  readonly command: string | null;
  /** Package root that it starts, relative to the project. */
  readonly packageRoot: string;
  /** The script that node is given, relative to the package root, where it can be told. */
  readonly entry: string | null;
  /** Working directory in the launch's own file system; `null`: not fixed by this launch. */
  readonly cwd: AbsolutePath | null;
  /** `cwd` is the usual one and not fixed by the launch: why. Absent: it is fixed. */
  readonly cwdAssumed?: string;
  /** Where the package root lies in the launch's own file system (`/usr/src/app` in an image). */
  readonly packageAt: AbsolutePath | null;
  /** Variables that this launch sets. Real values; redaction happens at the exits. */
  readonly env: Readonly<Record<string, string>>;
  /** May variables be set that cannot be seen (`envFrom` of another tree, a missing env_file)? The reason, or `null`. */
  readonly envHidden: string | null;
  readonly user: string | null;
  readonly home: AbsolutePath | null;
  /** `null`: not said (one). */
  readonly replicas: number | null;
  /** Do two generations overlap at an update (rolling update, cluster reload)? */
  readonly overlaps: Answer;
  readonly stop: {
    readonly signal: string | null;
    readonly timeoutSeconds: number | null;
    /** What runs as PID 1 or is signalled first: `node`, `npm`, `sh`, `tini`. */
    readonly pid1: string | null;
    /** Who stops it: `docker`, `kubernetes`, `pm2`, `systemd`. */
    readonly supervisor: string | null;
    readonly init: Answer;
    /**
     * Who gets the signal: the first process (absent), every process of the launch with the browser's own (systemd's control group,
     * pm2's treekill, a Heroku dyno), or the first one, and SIGKILL for the others as soon as that has ended (`KillMode=mixed`).
     */
    readonly reaches?: 'all' | 'first-then-kill';
  };
  readonly stops: readonly StopOutcome[];
  readonly mountTable: 'live' | 'declared' | 'none';
  /** The table that judges its paths; `null` with `live`: the machine's own; `null` with `none`: there is none. */
  readonly mounts: MountTable | null;
  readonly pid: number | null;
  readonly limits: {
    readonly pids: number | null;
    readonly memoryBytes: number | null;
    readonly shmBytes: number | null;
  };
  /** What was recognised and not evaluated, in plain words. */
  readonly notes: readonly string[];
  /** Programs from the first process to the one that runs the script: `dumb-init`, `npm`, `sh`, `node`. */
  readonly chain?: readonly string[];
  /** What it mounts, in the words of its file. */
  readonly volumes?: readonly LaunchVolume[];
  readonly image?: LaunchImage;
  readonly sandbox?: LaunchSandbox;
  /** Browsers that a live process has started, with the profile that each really uses (in the launch's own file system). */
  readonly browsers?: readonly { readonly pid: number; readonly userDataDir: AbsolutePath }[];
  /** Hosting platform that its file belongs to: `heroku`, `render`, `fly`. */
  readonly platform?: string;
}
