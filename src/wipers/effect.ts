import type { Answer } from '../model/answer.ts';
import type { AbsolutePath } from '../model/path.ts';
import type { World } from './world.ts';

/**
 * Stands in a pattern or path for text that is not known before it runs (`backup-$(date)`); matches anything.
 * A private-use character: it cannot come from a sane file name, and it survives JSON.
 */
export const UNKNOWN_TEXT = '\u{E0FF}';

/**
 * What a command (or a call in JavaScript) does to files.
 * `delete` removes what the patterns name (`recursive`: with everything below); `empty` keeps the directory or file and removes what
 * is in it; `move` takes it away to `to`; `copy` and `create` make something exist; `volumes` removes container volumes;
 * `unknown` is a program or file that was not understood and could matter.
 */
export type EffectKind = 'delete' | 'empty' | 'move' | 'copy' | 'create' | 'volumes' | 'unknown';

/** `certain`: happens when the command runs to its end; `possible`: depends on something not known, see `reason`. */
export type Certainty = 'certain' | 'possible';

export interface CommandEffect {
  readonly kind: EffectKind;
  /**
   * Absolute paths or globs (relative ones count from the package root).
   * Globs are expanded only when `glob` is true: `*`, `?`, `[…]`, `**`, `{a,b}` and extended globs, as rimraf and globby read them.
   * May hold `UNKNOWN_TEXT`. For `unknown`: the paths it was given, as far as they are known.
   */
  readonly patterns: readonly string[];
  readonly glob: boolean;
  /** `delete` only: directories go with all they hold. Without it a directory stays. */
  readonly recursive: boolean;
  /** `move` and `copy` only: where to. */
  readonly to: string | null;
  /** `rm`, `rimraf`, `git clean`, `fs.rmSync`, … */
  readonly tool: string;
  readonly certainty: Certainty;
  /** Why it is only possible, or why it is not understood. */
  readonly reason: string | null;
  /** The way to the tool: script names, files with lines, commands. */
  readonly via: readonly string[];
  /**
   * Where the effect was computed on a model of the tree (shell commands): exactly what was touched of the sessions
   * and of the directories that hold them. Takes the place of `patterns` when the effect is judged again.
   */
  readonly touched?: readonly string[];
}

/** What reading one JavaScript source gave. */
export interface JavaScriptEffects {
  /** In the order in which they would happen when the program is run from its first line. */
  readonly effects: readonly CommandEffect[];
  /** What could not be read or understood and could matter; empty: the program was understood. */
  readonly gaps: readonly string[];
}

/** A JavaScript program as a shell command names it: `node x.js a b`, `node -e '…' a`. */
export interface JavaScriptProgram {
  readonly source:
    | { readonly file: AbsolutePath }
    | { readonly code: string; readonly module: 'commonjs' | 'module' | 'unknown' };
  /** `process.argv` from index 2 on; may hold `UNKNOWN_TEXT`. */
  readonly args: readonly string[];
  readonly cwd: AbsolutePath;
  /** Variables known to be set. */
  readonly env: ReadonlyMap<string, string>;
  readonly via: readonly string[];
}

/** Given by the JavaScript part. Must not throw. */
export type AnalyseJavaScript = (program: JavaScriptProgram) => JavaScriptEffects;

/** One session directory to judge against: a profile (`session-x`) or a data path that holds profiles. */
export interface SessionTarget {
  /** As it is called in the report. */
  readonly name: string;
  readonly path: AbsolutePath;
}

/** Which shell stands behind `sh`. They differ in brace expansion, `[[`, arrays, … */
export type ShellFlavour = 'dash' | 'bash' | 'busybox' | 'unknown';

export interface CommandContext {
  readonly world: World;
  readonly cwd: AbsolutePath;
  /** The directory that holds package.json; `cwd` where absent. */
  readonly root?: AbsolutePath;
  readonly sessions: readonly SessionTarget[];
  /** Variables known to be set; everything else counts as unset. */
  readonly env?: ReadonlyMap<string, string>;
  /** Home directory; `null` or absent: not known. */
  readonly home?: AbsolutePath | null;
  readonly flavour?: ShellFlavour;
  readonly via?: readonly string[];
  readonly javascript?: AnalyseJavaScript;
}

/** What a command does to the sessions and to volumes. */
export interface CommandJudgement {
  readonly effects: readonly CommandEffect[];
  readonly sessions: readonly TargetVerdict[];
  readonly removesVolumes: Answer;
}

export interface TargetVerdict {
  readonly target: SessionTarget;
  readonly deleted: Answer;
  readonly partial: boolean;
  /** Why it is unknown, or what it does instead; `null` when nothing of the session is touched or it is plainly deleted. */
  readonly reason: string | null;
}
