/** One application of a pm2 file or of a pm2 command line, as it is written. */
export interface Pm2App {
  readonly name: string | null;
  readonly script: string | null;
  /** As written; relative to the directory in which pm2 is called. */
  readonly cwd: string | null;
  readonly args: readonly string[];
  /** `null`: chosen by pm2 from the file's name. */
  readonly interpreter: string | null;
  readonly nodeArgs: readonly string[];
  readonly env: ReadonlyMap<string, string>;
  /** Names of the `env_NAME` blocks. */
  readonly environments: readonly string[];
  readonly hidden: readonly string[];
  /** Number of processes; `null`: `max`, or not a plain number. */
  readonly instances: number | null;
  readonly cluster: boolean;
  readonly killTimeoutMs: number | null;
  /** Does pm2 signal the whole process tree (its default), or the process alone? */
  readonly treekill: boolean;
  readonly user: string | null;
  readonly watch: boolean;
  readonly line: number | null;
  readonly file: string | null;
}
