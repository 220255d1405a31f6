import type { Answer } from './answer.ts';
import type { Durability } from './mount.ts';
import type { AbsolutePath } from './path.ts';

/** AuthSite × Launch: the directory in which this bot, started this way, really keeps its login. */
export interface SessionPath {
  /** `file:line` of the site. */
  readonly site: string;
  /** Id of the launch; `null` when no launch is known and the package root stands in. */
  readonly launch: string | null;
  readonly userDataDir: AbsolutePath | null;
  /** Why `userDataDir` is `null`, or `null`. */
  readonly unknown: string | null;
  /** How it was resolved: which file, variable, default, working directory. */
  readonly trail: readonly string[];
  readonly dependsOnCwd: boolean;
  readonly exists: Answer;
  /** `null` when there is no mount table to judge by. */
  readonly durability: Durability | null;
  /** An absolute data path on persistent storage that the doctor verified, or `null`. */
  readonly recommended: AbsolutePath | null;
}
