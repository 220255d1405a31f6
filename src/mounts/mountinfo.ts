import type { Mount, MountTable } from '../model/mount.ts';
import { decodeBytes, decodeField } from './escape.ts';
import { arrayLines, type Lines, textLines } from './lines.ts';

/**
 * A table longer than this is cut: real nodes have thousands of lines, and the kernel itself stops at 100,000 mounts in a name space
 * (fs.mount-max, Documentation/admin-guide/sysctl/fs.rst).
 */
export const MAX_LINES = 200_000;

/** Fields before the optional ones: id, parent, device, root, mount point, options. */
const FIXED_FIELDS = 6;

/** `text` from `from` to `to` as a non-negative whole number, or -1. */
function wholeNumber(text: string, from: number, to: number): number {
  if (to <= from || to - from > 15) return -1;
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

const NO_OPTIONAL: readonly string[] = [];

/**
 * One line of mountinfo, or `null` when it is not one. Fields are split on one space: a source may be empty. The separator is the
 * first field that is exactly `-` at index 6 or later; the super options are the rest of the line (old kernels left spaces there).
 */
export function parseLine(text: string, line: number): Mount | null {
  const ends: number[] = [];
  let at = 0;
  for (let field = 0; field < FIXED_FIELDS; field += 1) {
    const end = text.indexOf(' ', at);
    if (end < 0) return null;
    ends.push(end);
    at = end + 1;
  }
  const [idEnd = 0, parentEnd = 0, deviceEnd = 0, rootEnd = 0, pointEnd = 0, optionsEnd = 0] = ends;
  const id = wholeNumber(text, 0, idEnd);
  const parent = wholeNumber(text, idEnd + 1, parentEnd);
  if (id < 0 || parent < 0) return null;
  const colon = text.indexOf(':', parentEnd + 1);
  if (colon < 0 || colon >= deviceEnd) return null;

  let optional: string[] | null = null;
  for (;;) {
    const end = text.indexOf(' ', at);
    if (end < 0) return null;
    if (end - at === 1 && text.charCodeAt(at) === 0x2d) {
      at = end + 1;
      break;
    }
    optional ??= [];
    optional.push(text.slice(at, end));
    at = end + 1;
  }
  const typeEnd = text.indexOf(' ', at);
  if (typeEnd < 0) return null;
  const sourceEnd = text.indexOf(' ', typeEnd + 1);
  const point = decodeField(text.slice(rootEnd + 1, pointEnd));
  if (!point.startsWith('/')) return null;
  return {
    id,
    parent,
    device: text.slice(parentEnd + 1, deviceEnd),
    root: decodeField(text.slice(deviceEnd + 1, rootEnd)),
    mountPoint: point,
    options: text.slice(pointEnd + 1, optionsEnd),
    optional: optional ?? NO_OPTIONAL,
    fstype: decodeField(text.slice(at, typeEnd)),
    source: decodeField(text.slice(typeEnd + 1, sourceEnd < 0 ? text.length : sourceEnd)),
    superOptions: sourceEnd < 0 ? '' : text.slice(sourceEnd + 1),
    line,
  };
}

/** Tables whose lines are not made into mounts yet. */
const read = new WeakMap<MountTable, Lines>();

/**
 * A mount table from the bytes of mountinfo (proc_pid_mountinfo(5)). Total: it never throws; lines that do not parse are counted in
 * `skipped`. Lines end at `\n` only: carriage returns, form feeds and Unicode line separators are part of names. Linear in the size.
 * `mounts` and `skipped` are made when they are first read; `mountIndex` does without them.
 *
 * @param origin what to call the table in evidence: `/proc/self/mountinfo`
 */
export function parseMountinfo(bytes: Uint8Array, origin: string, kind: MountTable['kind']): MountTable {
  const lines = textLines(decodeBytes(bytes), MAX_LINES, parseLine);
  const table: MountTable = {
    kind,
    origin,
    get mounts() {
      return lines.all();
    },
    get skipped() {
      return lines.skipped();
    },
  };
  read.set(table, lines);
  return table;
}

/** The lines of any table: of a text where it was parsed here, else of its mounts. */
export function tableLines(table: MountTable): Lines {
  return read.get(table) ?? arrayLines(table.mounts, table.skipped);
}
