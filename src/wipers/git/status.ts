import type { GitFact } from '../../model/facts.ts';
import { type AbsolutePath, absolutePath, relativeTo } from '../../model/path.ts';
import type { Reader } from '../../model/reader.ts';
import { type IgnoreRules, readIgnoreRules } from './ignore-rules.ts';
import { findRepository, type Repository } from './repository.ts';
import { readTracked, type Tracked } from './tracked.ts';

/** A repository with what it ignores and tracks. */
export interface OpenRepository {
  readonly repository: Repository;
  readonly rules: IgnoreRules;
  readonly tracked: Tracked;
}

/** The repository that holds `path`, read once; `null` when there is none. */
export async function openRepository(
  reader: Reader,
  path: AbsolutePath,
  home: AbsolutePath | null = null,
): Promise<OpenRepository | null> {
  const repository = findRepository(reader, path, home);
  if (repository === null) return null;
  const rules = await readIgnoreRules(reader, repository, home);
  return { repository, rules, tracked: readTracked(reader, repository) };
}

/**
 * What git would do with each session directory: is it ignored, and by which rule; is anything of it tracked.
 * Nothing is run. A directory outside of the repository is neither.
 */
export async function gitStatus(
  reader: Reader,
  project: AbsolutePath,
  sessionDirectories: readonly AbsolutePath[],
  home: AbsolutePath | null = null,
): Promise<GitFact> {
  const opened = await openRepository(reader, project, home);
  const hasIgnoreFile = reader.status(absolutePath(`${project}/.gitignore`)).ok;
  if (opened === null) {
    const alone = await readLooseRules(reader, project);
    return {
      repository: null,
      hasIgnoreFile,
      sessions: sessionDirectories.map((path) => describe(project, path, alone, null)),
    };
  }
  const { repository, rules, tracked } = opened;
  return {
    repository: repository.top,
    hasIgnoreFile,
    sessions: sessionDirectories.map((path) => describe(project, path, { rules, top: repository.top }, tracked)),
  };
}

/** An exported tree without `.git`: its ignore files still say what will be ignored once it is committed. */
async function readLooseRules(
  reader: Reader,
  project: AbsolutePath,
): Promise<{ rules: IgnoreRules; top: AbsolutePath }> {
  const repository: Repository = {
    top: project,
    directory: project,
    common: project,
    config: { excludesFile: '/nonexistent', ignoreCase: false, hashBytes: 20, bare: false },
  };
  return { rules: await readIgnoreRules(reader, repository, null), top: project };
}

function describe(
  project: AbsolutePath,
  path: AbsolutePath,
  { rules, top }: { rules: IgnoreRules; top: AbsolutePath },
  tracked: Tracked | null,
): GitFact['sessions'][number] {
  const name = relativeTo(path, project) ?? path;
  if (relativeTo(path, top) === null)
    return { path: name, ignored: false, ignoredBy: null, tracked: false, outside: true };
  const verdict = rules.test(path, true);
  return {
    path: name,
    ignored: verdict.ignored,
    ignoredBy: verdict.ignored ? verdict.by : null,
    tracked: tracked === null ? false : tracked.holds(path),
    outside: false,
  };
}
