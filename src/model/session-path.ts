import type { Answer } from './answer.ts';
import type { Strategy } from './auth-site.ts';
import type { Durability } from './mount.ts';
import type { AbsolutePath } from './path.ts';

/** AuthSite × Launch: the directory in which this bot, started this way, really keeps its login. */
export interface SessionPath {
  /** `file:line` of the site. */
  readonly site: string;
  readonly strategy: Strategy;
  /** Id of the launch; `null` when no launch is known and the package root stands in. */
  readonly launch: string | null;
  readonly userDataDir: AbsolutePath | null;
  /** Why `userDataDir` is `null`, or `null`. */
  readonly unknown: string | null;
  /** How it was resolved: which file, variable, default, working directory. */
  readonly trail: readonly string[];
  readonly dependsOnCwd: boolean;
  readonly exists: Answer;
  /** Why the path could differ at run time (a variable that may be set out of sight), or `null`. */
  readonly uncertain?: string | null;
  /** Variables that the path or the client id is read from and that this launch does not set. */
  readonly unset?: readonly string[];
  /** Set when a part of the path differs at every start. */
  readonly unstable?: { readonly cause: string; readonly text: string } | null;
  /** The browser runs elsewhere in this launch (`browserWSEndpoint` is set): its address, else `null`. */
  readonly remote?: string | null;
  /** `null` when there is no mount table to judge by. */
  readonly durability: Durability | null;
  /** An absolute data path on persistent storage that the doctor verified, or `null`. */
  readonly recommended: AbsolutePath | null;
}
