import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { makeBaseline } from '../core/policy/baseline.ts';
import type { Machine } from '../facts/machine.ts';
import { createReader } from '../facts/reader.ts';
import { UsageError } from '../model/errors.ts';
import { absolutePath, isInside, resolvePath } from '../model/path.ts';
import type { Baseline, Setting } from '../model/policy.ts';
import type { ReadResult } from '../model/reader.ts';
import { jsonDocument } from '../report/json.ts';
import type { Host } from './host.ts';

/** Ten thousand findings with their messages take 4 MB. */
const BASELINE_LIMIT = 32 * 1024 * 1024;

async function parse(name: string, read: ReadResult<string>): Promise<Baseline> {
  if (!read.ok) throw new UsageError(`${name}: ${read.failure.reason}`);
  const [{ parseJson }, { readShape }, { BASELINE_SHAPE }] = await Promise.all([
    import('../core/document/json.ts'),
    import('../core/document/shape.ts'),
    import('../core/policy/baseline-shape.ts'),
  ]);
  const parsed = parseJson(read.value);
  const at = ({ line, column }: { line: number; column: number }) => `${name}:${line}:${column}`;
  if (!parsed.ok) throw new UsageError(`${at(parsed.at)}: it is not JSON: ${parsed.reason}`);
  const file = readShape(BASELINE_SHAPE, parsed.node);
  if (!file.ok) throw new UsageError(`${at(file.at)}: it is no baseline: ${file.reason}`);
  return {
    file: name,
    entries: file.value.entries.map(({ fingerprint, code, message, place, reason, until }) => ({
      fingerprint,
      code,
      message: message ?? '',
      place: place ?? null,
      reason: reason ?? null,
      until: until ?? null,
    })),
  };
}

/** A file that the user names. @throws UsageError when it is missing or is no baseline, with the place. */
export function readNamedBaseline(path: string, host: Host): Promise<Baseline> {
  return parse(path, createReader().text(absolutePath(resolve(host.cwd, path)), BASELINE_LIMIT));
}

/** The file that the config of a project names: it must lie in the project. @throws UsageError */
export function readProjectBaseline({ value, by }: Setting<string>, { reader, project }: Machine): Promise<Baseline> {
  const path = resolvePath(project, value);
  const root = reader.resolve(project);
  const target = reader.resolve(path);
  const leaves =
    !isInside(path, project) || (root.ok && target.ok && !isInside(target.value.resolved, root.value.resolved));
  if (leaves) throw new UsageError(`${by}: the baseline ${value} must lie in the project`);
  return parse(value, reader.text(path, BASELINE_LIMIT));
}

/** Written aside and moved into place: the reasons in an older one must not be lost on a full disk. @throws UsageError */
export function writeBaseline(path: string, baseline: ReturnType<typeof makeBaseline>, host: Host): void {
  const target = resolve(host.cwd, path);
  const aside = `${target}.${host.now.toString(36)}.tmp`;
  try {
    writeFileSync(aside, jsonDocument(baseline), { flag: 'wx' });
    renameSync(aside, target);
  } catch (error) {
    rmSync(aside, { force: true });
    throw new UsageError(`--baseline-out ${path}: it cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
