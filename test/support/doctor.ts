import { spawn, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll } from 'vitest';

export const REPOSITORY = resolve(import.meta.dirname, '../..');
/** `WA_DOCTOR_BINARY` tests another build: a copy that nobody rebuilds meanwhile, an installed package. */
export const BINARY = process.env['WA_DOCTOR_BINARY'] ?? join(REPOSITORY, 'bin/wa-doctor.js');

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout?: number;
}

/** The scrubbed environment: nothing of the machine that runs the tests but a PATH. */
export function scrubbed(env: RunOptions['env'] = {}): Record<string, string> {
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8', ...env };
}

/** Runs the real binary and waits for its end. */
export function doctor(args: readonly string[], { cwd = REPOSITORY, env, timeout = 60_000 }: RunOptions = {}): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BINARY, ...args], {
    cwd,
    env: scrubbed(env),
    encoding: 'utf8',
    timeout,
    maxBuffer: 256 * 1024 * 1024,
  });
  return { code: status, stdout, stderr };
}

/** Runs the real binary and parses the one JSON document on standard output. */
export function doctorJson<T = Record<string, never>>(
  args: readonly string[],
  options?: RunOptions,
): Run & { json: T } {
  const run = doctor([...args, '--json'], options);
  if (run.stdout === '') throw new Error(`no output (exit ${run.code}): ${run.stderr}`);
  return { ...run, json: JSON.parse(run.stdout) as T };
}

/** The real binary, started and left running. */
export function startDoctor(args: readonly string[], { cwd = REPOSITORY, env }: RunOptions = {}) {
  return spawn(process.execPath, [BINARY, ...args], { cwd, env: scrubbed(env), stdio: ['ignore', 'pipe', 'pipe'] });
}

const made: string[] = [];
afterAll(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A new directory outside the repository, removed after the tests of the file. */
export function scratch(name = 'case'): string {
  const directory = mkdtempSync(join(tmpdir(), `wa-doctor-${name}-`));
  made.push(directory);
  return directory;
}

/** Files by relative path, written below a directory. */
export function write(directory: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [name, text] of Object.entries(files)) {
    const path = join(directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return directory;
}

/** A copy of a fixture, free to change. */
export function fixture(name: string): string {
  const directory = scratch(name.replaceAll('/', '-'));
  cpSync(join(REPOSITORY, 'test/fixtures', name), directory, { recursive: true, verbatimSymlinks: true });
  return directory;
}
