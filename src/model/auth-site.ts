import type { Answer } from './answer.ts';
import type { Expression } from './expression.ts';

export type Strategy = 'LocalAuth' | 'RemoteAuth' | 'NoAuth' | 'custom';

/** A place in the source. `file` is relative to the project, lines and columns count from 1. */
export interface SourcePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export type DataPathKind =
  | 'default'
  | 'relative-literal'
  | 'absolute-literal'
  | 'env'
  | 'env-with-default'
  | 'computed'
  | 'unknown';

export type ClientIdKind = 'none' | 'literal' | 'env' | 'dynamic' | 'unstable';

/** What the bot asks of puppeteer, as far as it matters to the session. `null`: not set. */
export interface BrowserOptions {
  readonly userDataDir: Expression | null;
  readonly args: readonly string[];
  readonly headless: string | null;
  readonly pipe: Answer | null;
  readonly executablePath: Expression | null;
  /** `browserWSEndpoint` or `browserURL`: the browser runs elsewhere. */
  readonly remote: Expression | null;
  readonly handleSIGINT: Answer | null;
  readonly handleSIGTERM: Answer | null;
  readonly handleSIGHUP: Answer | null;
  /** True when a part of the options could not be evaluated. */
  readonly incomplete: boolean;
  /** Further options that are set and decide whether the page opens on a session, by their dotted names. Absent: none is. */
  readonly client?: ClientOptions;
}

/** Options of the Client by name: `webVersion`, `webVersionCache.path`, `userAgent`, `puppeteer.ignoreHTTPSErrors`, … */
export type ClientOptions = Readonly<Record<string, Expression>>;

/** A place in the source that builds an auth strategy for a whatsapp-web.js Client. */
export interface AuthSite extends SourcePlace {
  readonly strategy: Strategy;
  /** Package root that the site belongs to, relative to the project (`''`: the project itself). */
  readonly packageRoot: string;
  readonly dataPath: {
    readonly kind: DataPathKind;
    /** The source text, shortened. */
    readonly expression: string | null;
    readonly env: readonly string[];
    /** What it evaluates to with the environment unset (relative paths as written). */
    readonly value: string | null;
    readonly tree: Expression;
  };
  readonly clientId: {
    readonly kind: ClientIdKind;
    readonly value: string | null;
    readonly expression: string | null;
    readonly tree: Expression;
  };
  readonly browser: BrowserOptions;
  /** RemoteAuth only. */
  readonly backupSyncIntervalMs: number | null;
  /** RemoteAuth only: what of its options and events can be seen. */
  readonly remoteAuth?: {
    /** `missing`: all of the options can be seen, and there is none. */
    readonly store: 'given' | 'missing' | 'unknown';
    readonly interval: 'given' | 'missing' | 'unknown';
    /** Does anybody in the package listen to `remote_session_saved`? */
    readonly savedListener: boolean;
  };
  /** How often each start comes by: `once` stands at the top of a module under no condition, `repeated` in a loop there. Absent: not known. */
  readonly runs?: 'once' | 'repeated';
  /** The profile relative to the project, environment unset, working directory = package root. */
  readonly userDataDir: string | null;
  /** Where the build of this package puts compiled files (`{ from: 'src', to: 'dist' }`, relative to the package root), or `null`. */
  readonly compiled?: { readonly from: string; readonly to: string } | null;
  /** Is the site in a test, an example or documentation rather than in the bot? */
  readonly role: 'bot' | 'test' | 'example';
}
