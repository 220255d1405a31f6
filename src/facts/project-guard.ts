import { UsageError } from '../model/errors.ts';
import { absolutePath } from '../model/path.ts';
import { jsonFault } from './json-fault.ts';
import type { Machine } from './machine.ts';

/** A package.json of npm's own largest monorepos stays below 200 kB; 8 MiB is no package.json. */
const MANIFEST_LIMIT = 8 * 1024 * 1024;

/**
 * The project must be a directory, and its package.json, where there is one, must be readable and well-formed: anything else is wrong
 * use, said in one line before any fact is collected.
 * @param typed the project as the user typed it, for the message.
 * @throws UsageError
 */
export function checkProject({ reader, project }: Machine, typed: string | null): void {
  const name = typed ?? project;
  const status = reader.resolve(project);
  if (!status.ok) throw new UsageError(`${name}: ${status.failure.reason}`);
  if (!status.value.exists) throw new UsageError(`${name}: there is no such directory`);
  const entry = reader.status(status.value.resolved);
  if (!entry.ok) throw new UsageError(`${name}: ${entry.failure.reason}`);
  if (entry.value.kind !== 'directory')
    throw new UsageError(
      `${name}: it is not a directory but a ${entry.value.kind}; name the directory that holds package.json`,
    );

  const manifest = reader.text(absolutePath(`${project}/package.json`), MANIFEST_LIMIT);
  if (!manifest.ok) {
    if (manifest.failure.kind === 'missing') return;
    throw new UsageError(`${name}/package.json: ${manifest.failure.reason}`);
  }
  const fault = jsonFault(manifest.value);
  if (fault !== null)
    throw new UsageError(`${name}/package.json:${fault.line}:${fault.column}: it is not JSON: ${fault.reason}`);
}
