import * as fs from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { CanaryPlace } from '../model/verify.ts';

const NAME = 'sentinel.json';
const SCHEMA = 'wa-doctor/sentinel@1';
/** Our own file is some 300 bytes; anything larger is not it. */
const MAX_BYTES = 64 * 1024;

/** A small file that says where and when it was written. */
export interface Sentinel {
  readonly token: string;
  readonly place: CanaryPlace;
  /** Did a browser plant the token too? */
  readonly browser: boolean;
  /** Directories that were made for it; removed with it when they are empty. */
  readonly made: readonly string[];
}

export type SentinelReading =
  | { readonly kind: 'kept'; readonly sentinel: Sentinel; readonly now: CanaryPlace }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'unknown'; readonly reason: string };

function bootId(): string | null {
  try {
    return fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return null;
  }
}

function placeOf({ dev, ino }: fs.Stats): CanaryPlace {
  return { host: hostname(), bootId: bootId(), device: dev, inode: ino };
}

/**
 * Write a sentinel so that it is on disk when this returns: the file and its directory are synchronised.
 * @throws the error of the file system
 */
export function writeSentinel(directory: string, content: Omit<Sentinel, 'place'>): CanaryPlace {
  const [draft, final] = [join(directory, `${NAME}.new`), join(directory, NAME)];
  const file = fs.openSync(draft, 'wx', 0o600);
  let place: CanaryPlace;
  try {
    place = placeOf(fs.fstatSync(file));
    fs.writeSync(file, `${JSON.stringify({ schema: SCHEMA, ...content, place }, null, 2)}\n`);
    fs.fsyncSync(file);
  } finally {
    fs.closeSync(file);
  }
  fs.renameSync(draft, final);
  const parent = fs.openSync(directory, 'r');
  try {
    fs.fsyncSync(parent);
  } finally {
    fs.closeSync(parent);
  }
  return place;
}

function parse(text: string): Sentinel | null {
  try {
    const found = JSON.parse(text) as Partial<Sentinel> & { schema?: unknown };
    const { token, place, browser, made } = found;
    const whole =
      found.schema === SCHEMA &&
      typeof token === 'string' &&
      typeof browser === 'boolean' &&
      typeof place?.host === 'string' &&
      typeof place.device === 'number' &&
      typeof place.inode === 'number' &&
      (place.bootId === null || typeof place.bootId === 'string') &&
      Array.isArray(made) &&
      made.every((name) => typeof name === 'string');
    return whole ? { token, place, browser, made } : null;
  } catch {
    return null;
  }
}

/** Read the sentinel in a directory. Never throws. */
export function readSentinel(directory: string): SentinelReading {
  let file: number;
  try {
    file = fs.openSync(
      join(directory, NAME),
      fs.constants.O_RDONLY | fs.constants.O_NOFOLLOW | fs.constants.O_NONBLOCK,
    );
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR'
      ? { kind: 'lost', reason: `there is no canary in ${directory}` }
      : { kind: 'unknown', reason: `the canary in ${directory} cannot be read (${code ?? 'unknown error'})` };
  }
  try {
    const status = fs.fstatSync(file);
    const text = status.isFile() && status.size <= MAX_BYTES ? fs.readFileSync(file, 'utf8') : '';
    const sentinel = parse(text);
    return sentinel === null
      ? { kind: 'lost', reason: `the canary in ${directory} is there but its content is not what was written` }
      : { kind: 'kept', sentinel, now: placeOf(status) };
  } catch (error) {
    return { kind: 'unknown', reason: `the canary in ${directory} cannot be read (${(error as Error).message})` };
  } finally {
    fs.closeSync(file);
  }
}
