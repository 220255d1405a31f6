import type { Answer } from './answer.ts';
import type { AuthSite, SourcePlace } from './auth-site.ts';
import type { Launch, StopOutcome } from './launch.ts';
import type { Durability, MountTable, Platform } from './mount.ts';
import type { AbsolutePath } from './path.ts';
import type { IgnoreComment } from './policy.ts';
import type { Profile } from './profile.ts';
import type { SessionPath } from './session-path.ts';
import type { VerifyFact } from './verify.ts';
import type { Script, SourceDeletion } from './wiper.ts';

/** The package under examination, and what is installed beside it. */
export interface ProjectFact {
  /** As it is called in the report. */
  readonly path: AbsolutePath;
  readonly name: string | null;
  /** Package roots (relative to the project) that depend on whatsapp-web.js; empty: no bot here. */
  readonly botPackages: readonly string[];
  /** Dependency range by package root, `null` where only the source uses it. */
  readonly libraryRange: string | null;
  /** Installed versions, from node_modules or the lock file. */
  readonly libraryVersion: string | null;
  readonly puppeteerVersion: string | null;
  readonly hasDockerfile: boolean;
}

/** What git would do with a path: read from ignore files and the index; git itself is never run. */
export interface GitFact {
  readonly repository: AbsolutePath | null;
  /** Does the project bring a `.gitignore`, so that it is kept in git wherever it comes from? */
  readonly hasIgnoreFile?: boolean;
  readonly sessions: readonly {
    readonly path: string;
    readonly ignored: Answer;
    readonly ignoredBy: string | null;
    readonly tracked: Answer;
    /** Lies outside of the repository's work tree: git has no business with it. */
    readonly outside?: boolean;
  }[];
}

/**
 * What a signal handler of the bot does. `no`: it ends the process and leaves the browser; `no-exit`: it does neither.
 * `none`: there is no handler.
 */
export type HandlerKind = 'none' | 'awaited' | 'awaited-but-raced' | 'not-awaited' | 'no' | 'no-exit' | 'unknown';

/** How the source ends the client: handlers, destroy calls, looks before initialize. */
export interface LifecycleFact {
  readonly signals: readonly (SourcePlace & {
    readonly signal: string;
    readonly destroysClient: 'awaited' | 'awaited-but-raced' | 'not-awaited' | 'no' | 'unknown';
    /** `process.on`, or the library that registers it. */
    readonly by: string;
    /** Does the handler end the process itself? */
    readonly exits: boolean;
  })[];
  readonly destroyIssues: readonly (SourcePlace & {
    readonly kind:
      | 'not-awaited'
      | 'reinitialize-without-destroy'
      | 'exit-without-destroy'
      | 'competing-handlers'
      | 'relink-in-process';
    readonly detail: string;
  })[];
  /** Places where an awaited destroy() is followed by a new client at once: no fault, see WA401. */
  readonly recreates: readonly (SourcePlace & { readonly detail: string })[];
  /** Does the source look at the session directory before it initialises? Where. */
  readonly preflight: { readonly answer: Answer; readonly places: readonly SourcePlace[] };
  readonly initialize: readonly (SourcePlace & { readonly trigger: string })[];
  readonly puppeteer: string | null;
  readonly library: string | null;
  /** What becomes of the browser when node itself gets the signal, outside of any supervisor. */
  readonly direct: readonly StopOutcome[];
}

/** Who runs the bot as far as can be seen, and who may write where. */
export interface AccessFact {
  readonly runsAsRoot: Answer;
  readonly evidence: readonly string[];
  readonly sessions: readonly {
    readonly path: AbsolutePath;
    /** The path, or the nearest existing ancestor that was looked at. */
    readonly looked: AbsolutePath;
    readonly exists: boolean;
    readonly mode: string | null;
    readonly uid: number | null;
    readonly gid: number | null;
    /** Can the bot's user write there? */
    readonly writable: Answer;
    readonly reason: string;
  }[];
}

/** Free space under each session path. */
export interface SpaceFact {
  readonly sessions: readonly {
    readonly path: AbsolutePath;
    readonly looked: AbsolutePath;
    readonly bytesFree: number;
    readonly bytesTotal: number;
    readonly inodesFree: number;
    readonly inodesTotal: number;
  }[];
}

/** A place that was judged beside the sessions: `/`, `/tmp`, `/app`. */
export interface PlacesFact {
  readonly places: readonly Durability[];
  /** Best data path that is writable, persistent and fit, or `null`. */
  readonly recommended: AbsolutePath | null;
}

/** Something that watches files and starts the bot again when they change. */
export interface WatcherHandling {
  readonly file: string;
  readonly line: number;
  /** Script, service or application. */
  readonly name: string;
  readonly command: string;
  /** `nodemon`, `node --watch`, `tsx watch`, `pm2 watch`, `compose develop.watch`. */
  readonly tool: string;
  readonly sessions: readonly {
    readonly path: string;
    readonly watched: Answer;
    /** The pattern that watches or ignores it. */
    readonly reason: string;
  }[];
  /** The same watcher with the session left out. */
  readonly fix: string;
}

/** An image that is built from this tree, and whether the session goes into it. */
export interface ImageHandling {
  readonly dockerfile: string;
  readonly line: number | null;
  /** Relative to the project. */
  readonly context: string;
  readonly ignoreFile: string | null;
  readonly sessions: readonly {
    readonly path: string;
    readonly inContext: Answer;
    /** `.dockerignore:3 .wwebjs_auth`. */
    readonly ignoredBy: string | null;
    readonly copied: Answer;
  }[];
}

/** A job that copies the profile. */
export interface BackupHandling {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly command: string;
  readonly tool: string;
  readonly automatic: boolean;
  /** Does the same script stop the bot before? */
  readonly stopsBot: Answer;
  readonly sessions: readonly { readonly path: string; readonly copied: Answer }[];
}

/** What else handles the files of a session. */
export interface HandlingFact {
  readonly watchers: readonly WatcherHandling[];
  readonly images: readonly ImageHandling[];
  readonly backups: readonly BackupHandling[];
}

/** Every fact by name. Plain serialisable data: paths, lines, spans, parsed structures; no source text. */
export interface Facts {
  readonly project: ProjectFact;
  readonly platform: Platform;
  readonly mounts: MountTable;
  readonly sites: readonly AuthSite[];
  readonly launches: readonly Launch[];
  readonly sessions: readonly SessionPath[];
  readonly places: PlacesFact;
  readonly scripts: readonly Script[];
  readonly sourceDeletions: readonly SourceDeletion[];
  readonly handling: HandlingFact;
  readonly lifecycle: LifecycleFact;
  readonly profiles: readonly Profile[];
  readonly git: GitFact;
  readonly access: AccessFact;
  readonly space: SpaceFact;
  /** Comments that accept a finding, in the files that the other facts name. */
  readonly ignores: readonly IgnoreComment[];
  readonly verify: VerifyFact;
}

export type FactName = keyof Facts;

/** A fact, or the reason why it could not be had. */
export type FactState<T> =
  | { readonly ok: true; readonly value: T; readonly gaps: readonly string[] }
  | { readonly ok: false; readonly reason: string };
