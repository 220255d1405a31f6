import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createReader } from '../../../src/facts/reader.ts';
import type { Reader } from '../../../src/model/reader.ts';

/** Content of a file, `null` for a directory, or where a link leads. */
export type Entry = string | Uint8Array | null | { readonly link: string };

const made: string[] = [];

/** A machine below a temporary root: its files by absolute path. */
export function machineWith(files: Readonly<Record<string, Entry>>): {
  readonly root: string;
  readonly reader: Reader;
} {
  const root = mkdtempSync(join(tmpdir(), 'wa-machine-'));
  made.push(root);
  for (const [path, entry] of Object.entries(files)) {
    const at = join(root, path);
    mkdirSync(dirname(at), { recursive: true });
    if (entry === null) mkdirSync(at, { recursive: true });
    else if (typeof entry === 'string' || entry instanceof Uint8Array) writeFileSync(at, entry);
    else symlinkSync(entry.link, at);
  }
  chmodSync(root, 0o755);
  return { root, reader: createReader({ root }) };
}

export function removeMachines(): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true });
}

/** Files of /proc for one process. */
export function processFiles(
  pid: number,
  spec: {
    readonly command: readonly string[];
    readonly parent?: number;
    readonly name?: string;
    readonly fds?: readonly string[];
    readonly namespace?: string;
  },
): Record<string, Entry> {
  const name = spec.name ?? spec.command[0]?.split('/').pop() ?? 'x';
  return {
    [`/proc/${pid}/cmdline`]: spec.command.map((word) => `${word}\0`).join(''),
    [`/proc/${pid}/stat`]: `${pid} (${name}) S ${spec.parent ?? 1} 1 1 0`,
    [`/proc/${pid}/fd`]: null,
    ...Object.fromEntries((spec.fds ?? []).map((link, fd) => [`/proc/${pid}/fd/${fd}`, { link }])),
    ...(spec.namespace === undefined ? {} : { [`/proc/${pid}/ns/mnt`]: { link: spec.namespace } }),
  };
}

export const HOSTNAME = { '/proc/sys/kernel/hostname': '0a1b2c3d4e5f\n' };
