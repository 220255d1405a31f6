import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDay } from '../core/policy/days.ts';
import type { FactStates } from '../core/run.ts';
import { createReader } from '../facts/reader.ts';
import type { Target } from '../model/check.ts';
import { UsageError } from '../model/errors.ts';
import { absolutePath } from '../model/path.ts';
import type { Baseline, Settings } from '../model/policy.ts';
import { jsonDocument } from '../report/json.ts';
import type { Host } from './host.ts';

/** The policy of a project that travels with its facts, so that a replay says the same. */
export interface CarriedPolicy {
  readonly config: string | null;
  readonly settings: Settings;
  readonly baseline: Baseline | null;
}

/** What `--facts-out` writes and `--facts` reads. */
export interface FactsFile {
  readonly schema: 'wa-doctor/facts@1';
  readonly target: Target;
  readonly project: string;
  readonly facts: FactStates;
  /** The day on which they were collected: suppressions are judged on it. */
  readonly day?: string;
  /** What the config file of the project said, and the baseline that it named. */
  readonly policy?: CarriedPolicy;
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
  const { schema, facts, target, day, policy } = (file ?? {}) as Partial<FactsFile>;
  if (schema !== 'wa-doctor/facts@1')
    throw new UsageError(`--facts ${path}: it is not a facts file (no schema "wa-doctor/facts@1")`);
  if (typeof facts !== 'object' || facts === null || (target !== 'host' && target !== 'repo')) {
    throw new UsageError(`--facts ${path}: it holds no facts or no target`);
  }
  const odd = oddFact(facts) ?? (day === undefined || isDay(day) ? null : 'day') ?? oddPolicy(policy);
  if (odd !== null) throw new UsageError(`--facts ${path}: "${odd}" is not what a facts file holds there`);
  return file as FactsFile;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || isText(value);

/** Facts that every report reads beside the checks, and whether each is a list. The checks may fail on the others one by one. */
const FORMS: Readonly<Record<string, (value: unknown) => boolean>> = {
  sites: Array.isArray,
  sessions: Array.isArray,
  launches: Array.isArray,
  scripts: Array.isArray,
  ignores: (value) => Array.isArray(value) && value.every((one) => isRecord(one) && Array.isArray(one['codes'])),
  project: (value) => isRecord(value) && Array.isArray(value['botPackages']),
  places: (value) => isRecord(value) && Array.isArray(value['places']),
  platform: (value) => isRecord(value) && Array.isArray(value['kinds']),
  git: (value) => isRecord(value) && Array.isArray(value['sessions']),
  access: (value) => isRecord(value) && Array.isArray(value['sessions']),
};

/** The name of a state that is none, or `null`. */
function oddFact(facts: object): string | null {
  for (const [name, state] of Object.entries(facts) as [string, unknown][]) {
    if (!isRecord(state)) return name;
    const sound =
      state['ok'] === true ? Array.isArray(state['gaps']) : state['ok'] === false && isText(state['reason']);
    const form = Object.hasOwn(FORMS, name) ? FORMS[name] : undefined;
    if (!sound || (state['ok'] === true && form?.(state['value']) === false)) return name;
  }
  return null;
}

/** The name of the part of a policy that is not one, or `null`: this file was written by the doctor, and may have been changed. */
function oddPolicy(policy: unknown): string | null {
  if (policy === undefined) return null;
  if (!isRecord(policy) || !isTextOrNull(policy['config']) || !isRecord(policy['settings'])) return 'policy';
  const { baseline, settings } = policy;
  const { severities = [], suppressions = [], ...single } = settings as Record<string, unknown>;
  if (Object.values(single).some((setting) => !isRecord(setting) || !isText(setting['by']) || !('value' in setting)))
    return 'policy.settings';
  const rows = (value: unknown, ...texts: string[]): boolean =>
    Array.isArray(value) && value.every((row) => isRecord(row) && texts.every((name) => isText(row[name])));
  if (!rows(severities, 'code', 'severity', 'by')) return 'policy.settings.severities';
  if (!rows(suppressions, 'code', 'reason', 'by')) return 'policy.settings.suppressions';
  if (
    baseline === null ||
    (isRecord(baseline) && isText(baseline['file']) && rows(baseline['entries'], 'fingerprint', 'code'))
  )
    return null;
  return 'policy.baseline';
}

/** @throws UsageError when the file cannot be written. */
export function writeFactsFile(path: string, file: FactsFile, host: Host): void {
  try {
    writeFileSync(resolve(host.cwd, path), jsonDocument(file), { mode: 0o600 });
  } catch (error) {
    throw new UsageError(`--facts-out ${path}: it cannot be written (${(error as NodeJS.ErrnoException).code})`);
  }
}
