/**
 * A mount table by mount point, without making a `Mount` of every line: a question about a path needs a dozen of a node's 20,000 lines.
 * Measured on 20,000 lines (5 MB), 200 paths, in a fresh process: finding the mount points with `indexOf` costs a quarter of parsing
 * all lines, and half of a scan of the bytes by hand, which runs in the interpreter until it is compiled (`node bench/mounts.bench.mjs`).
 */
import type { Mount } from '../model/mount.ts';
import { decodeField } from './escape.ts';

export interface Lines {
  /** Mounts on a mount point, in the order of the table. */
  at(point: string): readonly Mount[];
  /** The last mount with this id. */
  find(id: number): Mount | null;
  /** Mounts of the file system types that are wanted, in the order of the table, at most `limit` of each type. */
  ofTypes(wanted: (fstype: string) => boolean, limit: number): Mount[];
  /** Every mount, in the order of the table. */
  all(): readonly Mount[];
  /** Lines that are no mounts. */
  skipped(): number;
}

const NONE: readonly Mount[] = [];

/** Append without making a list for what nearly always stays alone. */
function append(map: Map<string, number | number[]>, key: string, value: number): void {
  const before = map.get(key);
  if (before === undefined) map.set(key, value);
  else if (typeof before === 'number') map.set(key, [before, value]);
  else before.push(value);
}

const GROUPS = 1024;
/** Group of the mount points that hold an escape: their text is not their name. */
const ESCAPED = GROUPS;

/** Names that the kernel escapes, or that other writers do. */
const NEEDS_ESCAPE = /[^!-~]|[\\#]/;
/** An escape that no kernel writes: it may stand for any character. */
const ODD_ESCAPE = /\\(?!040|011|012|134|043)/;

/** Group of the mount point between two positions: a poor hash that makes no string. */
function groupOf(text: string, from: number, to: number): number {
  const length = to - from;
  const middle = text.charCodeAt(from + (length >> 1));
  return (length * 37 + text.charCodeAt(to - 1) * 11 + middle * 3) & (GROUPS - 1);
}

/**
 * The lines of a text. Linear.
 *
 * @param limit lines after this one are skipped
 * @param parse makes a mount of a line, or `null`
 */
export function textLines(text: string, limit: number, parse: (text: string, line: number) => Mount | null): Lines {
  const starts: number[] = [];
  const groups: number[][] = Array.from({ length: GROUPS + 1 }, () => []);
  const types = new Map<string, number | number[]>();
  // The next blank, escape and separator from here on: where there is none left, no line looks for one again.
  let escaped = -1;
  let space = -1;
  let dash = -1;
  let from = 0;
  while (from < text.length && starts.length < limit) {
    const newline = text.indexOf('\n', from);
    const end = newline < 0 ? text.length : newline;
    const line = starts.length;
    starts.push(from);
    if (space < from) space = text.indexOf(' ', from);
    if (space < 0) space = text.length;
    const parent = space < end ? space + 1 : 0;
    const device = parent > 0 ? text.indexOf(' ', parent) + 1 : 0;
    const root = device > 0 ? text.indexOf(' ', device) + 1 : 0;
    const point = root > 0 ? text.indexOf(' ', root) + 1 : 0;
    const options = point > 0 ? text.indexOf(' ', point) + 1 : 0;
    // Beyond the line means: not a mount. The next search starts on the next line anyway, so that none is walked twice.
    if (options > 0 && options <= end) {
      if (escaped < point) escaped = text.indexOf('\\', point);
      if (escaped < 0) escaped = text.length;
      groups[escaped < options ? ESCAPED : groupOf(text, point, options - 1)]?.push(line);
      // The separator is the first field after the options that is exactly `-`.
      const optional = text.indexOf(' ', options);
      if (optional >= 0 && dash < optional) dash = text.indexOf(' - ', optional);
      if (dash < 0) dash = text.length;
      if (optional >= 0 && dash < end) append(types, text.slice(dash + 3, text.indexOf(' ', dash + 3)), line);
    }
    from = end + 1;
  }
  const rest =
    from < text.length
      ? text
          .slice(from)
          .split('\n')
          .filter((line) => line !== '').length
      : 0;

  /** Mount points of the groups that were asked for: most of a node's lines lie where nobody asks. */
  const points = new Map<string, number | number[]>();
  const collect = (group: number): void => {
    for (const line of groups[group] ?? []) {
      let at = starts[line] ?? 0;
      for (let field = 0; field < 4; field += 1) at = text.indexOf(' ', at) + 1;
      append(points, decodeField(text.slice(at, text.indexOf(' ', at))), line);
    }
    groups[group] = [];
  };

  let odd: boolean | null = null;
  const hasOddEscapes = (): boolean => {
    odd ??= ODD_ESCAPE.test(text);
    return odd;
  };

  const made = new Map<number, Mount | null>();
  const mount = (line: number): Mount | null => {
    let known = made.get(line);
    if (known === undefined) {
      const start = starts[line] ?? 0;
      const end = text.indexOf('\n', start);
      known = parse(text.slice(start, end < 0 ? text.length : end), line + 1);
      made.set(line, known);
    }
    return known;
  };
  const list = (lines: number | readonly number[] | undefined): readonly Mount[] => {
    if (lines === undefined) return NONE;
    return (typeof lines === 'number' ? [lines] : lines).flatMap((line) => mount(line) ?? []);
  };
  let everything: readonly Mount[] | null = null;
  const all = (): readonly Mount[] => {
    everything ??= starts.flatMap((_, line) => mount(line) ?? []);
    return everything;
  };
  let ids: Map<number, Mount> | null = null;
  return {
    at(point) {
      collect(groupOf(point, 0, point.length));
      if ((groups[ESCAPED]?.length ?? 0) > 0 && (NEEDS_ESCAPE.test(point) || hasOddEscapes())) collect(ESCAPED);
      return list(points.get(point));
    },
    find(id) {
      // A few look-ups do without the map of all ids: the kernel's id of one path, the parent of one line.
      ids ??= new Map(all().map((each) => [each.id, each]));
      return ids.get(id) ?? null;
    },
    ofTypes(wanted, most) {
      const found: number[] = [];
      for (const [fstype, lines] of types) {
        if (wanted(decodeField(fstype))) found.push(...(typeof lines === 'number' ? [lines] : lines.slice(0, most)));
      }
      return found.sort((a, b) => a - b).flatMap((line) => mount(line) ?? []);
    },
    all,
    skipped() {
      const blank = starts.filter((start) => text.charCodeAt(start) === 0x0a).length;
      return starts.length - blank - all().length + rest;
    },
  };
}

/** The same for a table that is there as mounts: declared, or from a facts file. */
export function arrayLines(mounts: readonly Mount[], skipped: number): Lines {
  const points = new Map<string, Mount[]>();
  const ids = new Map<number, Mount>();
  for (const mount of mounts) {
    const here = points.get(mount.mountPoint);
    if (here) here.push(mount);
    else points.set(mount.mountPoint, [mount]);
    ids.set(mount.id, mount);
  }
  return {
    at: (point) => points.get(point) ?? NONE,
    find: (id) => ids.get(id) ?? null,
    ofTypes: (wanted, limit) => {
      const counts = new Map<string, number>();
      return mounts.filter(({ fstype }) => {
        const count = counts.get(fstype) ?? 0;
        counts.set(fstype, count + 1);
        return count < limit && wanted(fstype);
      });
    },
    all: () => mounts,
    skipped: () => skipped,
  };
}
