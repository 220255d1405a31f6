import type { Answer } from './answer.ts';

/** When a script runs without anybody asking for it. */
export type Automatic = 'manual' | 'install' | 'build' | 'start' | 'test' | 'stop' | 'publish' | 'ci' | 'schedule';

/** What one deletion covers. */
export interface Deletion {
  /** The path or glob as it reaches the tool, after expansion of what is known. */
  readonly pattern: string;
  /** The way from the script to the tool: script names, files with lines, commands. */
  readonly via: readonly string[];
  readonly tool: string;
}

/** Does the wiper delete this session? */
export interface SessionVerdict {
  /** The session directory, relative to the project where it lies inside. */
  readonly path: string;
  readonly deleted: Answer;
  /** Some files of the profile go and the login stays, or the profile is left damaged. */
  readonly partial: boolean;
  /** Why it is unknown, or what happens instead. */
  readonly reason: string | null;
}

/** A script, hook, workflow step or other command that may delete files. */
export interface Script {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly command: string;
  readonly automatic: Automatic;
  readonly deletes: readonly Deletion[];
  readonly sessions: readonly SessionVerdict[];
  readonly removesVolumes: boolean;
}

export type SourceTrigger = 'start' | 'event' | 'signal' | 'route' | 'timer' | 'test' | 'unknown';

/** A deletion in the bot's own source. */
export interface SourceDeletion {
  readonly file: string;
  readonly line: number;
  readonly trigger: SourceTrigger;
  /** The event, signal, route or function, where known. */
  readonly triggerName: string | null;
  /** The call, shortened: `fs.rmSync(sessionDir)`. */
  readonly what: string;
  readonly kind: 'delete' | 'logout';
  /** Why it happens only sometimes when the trigger comes, or `null`: always. */
  readonly condition?: string | null;
  readonly sessions: readonly SessionVerdict[];
}
