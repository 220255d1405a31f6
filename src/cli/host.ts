import type { Page, Style } from '../report/text.ts';
import { PLAIN } from '../report/text.ts';

/** What the command line takes from the process around it; the only place that reads `process.env` and the clock. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: NodeJS.Platform;
  readonly uid: number | null;
  readonly interactive: boolean;
  /** Milliseconds since the epoch, read once. */
  readonly now: number;
  readonly clock: () => number;
  readonly signal: AbortSignal;
  out(text: string): void;
  err(text: string): void;
  page(color: boolean | undefined): Promise<Page>;
}

const DEFAULT_WIDTH = 80;
const MAX_WIDTH = 120;

function widthOf(env: Host['env']): number {
  const said = Number(env['COLUMNS']);
  const columns = process.stdout.columns ?? (Number.isInteger(said) && said > 0 ? said : DEFAULT_WIDTH);
  return Math.max(40, Math.min(columns, MAX_WIDTH));
}

/** chalk costs a few milliseconds: it is loaded only when there is something to colour. */
async function styleOf(env: Host['env'], wanted: boolean | undefined): Promise<Style> {
  const forced = env['FORCE_COLOR'] !== undefined && env['FORCE_COLOR'] !== '0' && env['FORCE_COLOR'] !== 'false';
  const refused =
    wanted === false || (env['NO_COLOR'] ?? '') !== '' || env['FORCE_COLOR'] === '0' || env['TERM'] === 'dumb';
  if (refused || (!forced && !process.stdout.isTTY)) return PLAIN;
  const { Chalk } = await import('chalk');
  const chalk = new Chalk({ level: 1 });
  return {
    bold: (text) => chalk.bold(text),
    dim: (text) => chalk.dim(text),
    red: (text) => chalk.red(text),
    yellow: (text) => chalk.yellow(text),
    green: (text) => chalk.green(text),
    cyan: (text) => chalk.cyan(text),
  };
}

/** The process that the doctor runs in. */
export function thisHost(signal: AbortSignal): Host {
  const { env } = process;
  return {
    env,
    cwd: process.cwd(),
    platform: process.platform,
    uid: process.getuid?.() ?? null,
    interactive: process.stdout.isTTY === true && env['CI'] === undefined,
    now: Date.now(),
    clock: () => performance.now(),
    signal,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    page: async (color) => ({ style: await styleOf(env, color), width: widthOf(env) }),
  };
}
