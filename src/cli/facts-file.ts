import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FactStates } from '../core/run.ts';
import { createReader } from '../facts/reader.ts';
import type { Target } from '../model/check.ts';
import { UsageError } from '../model/errors.ts';
import { absolutePath } from '../model/path.ts';
import { jsonDocument } from '../report/json.ts';
import type { Host } from './host.ts';

/** What `--facts-out` writes and `--facts` reads. */
export interface FactsFile {
  readonly schema: 'wa-doctor/facts@1';
  readonly target: Target;
  readonly project: string;
  readonly facts: FactStates;
  /** How many values were redacted. */
  readonly redacted: number;
}

/** A facts file of a host with hundreds of sessions and a 5,000-line mount table stays below 16 MB. */
const FACTS_LIMIT = 64 * 1024 * 1024;

/** @throws UsageError when the file is missing, broken or of another version. */
export function readFactsFile(path: string, host: Host): FactsFile {
  const text = createReader().text(absolutePath(resolve(host.cwd, path)), FACTS_LIMIT);
  if (!text.ok) throw new UsageError(`--facts ${path}: ${text.failure.reason}`);
  let file: unknown;
  try {
    file = JSON.parse(text.value);
  } catch (error) {
    throw new UsageError(`--facts ${path}: it is not JSON (${error instanceof Error ? error.message : error})`);
  }
  const { schema, facts, target } = (file ?? {}) as Partial<FactsFile>;
  if (schema !== 'wa-doctor/facts@1')
    throw new UsageError(`--facts ${path}: it is not a facts file (no schema "wa-doctor/facts@1")`);
  if (typeof facts !== 'object' || facts === null || (target !== 'host' && target !== 'repo')) {
    throw new UsageError(`--facts ${path}: it holds no facts or no target`);
  }
  return file as FactsFile;
}

/** @throws UsageError when the file cannot be written. */
export function writeFactsFile(path: string, file: FactsFile, host: Host): void {
  try {
    writeFileSync(resolve(host.cwd, path), jsonDocument(file), { mode: 0o600 });
  } catch (error) {
    throw new UsageError(`--facts-out ${path}: it cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
