import type { Ignore } from 'ignore';
import { type AbsolutePath, absolutePath, relativeTo } from '../../model/path.ts';
import type { Reader } from '../../model/reader.ts';
import { decide, parseRules } from '../shell/tools/git-ignore.ts';
import type { Repository } from './repository.ts';

export interface IgnoreVerdict {
  readonly ignored: boolean;
  /** `.gitignore:3 .wwebjs_auth/`, relative to the work tree where it lies inside; `null` when no rule decided. */
  readonly by: string | null;
}

/** The rules of one ignore file. */
interface RuleFile {
  /** Directory (relative to the work tree, `''` for its top) that the patterns count from. */
  readonly base: string;
  readonly name: string;
  readonly rules: Ignore;
  readonly lines: readonly string[];
}

const FILE_LIMIT = 1024 * 1024;

/** What git ignores in a work tree: nested `.gitignore`, `.git/info/exclude`, `core.excludesFile`. */
export interface IgnoreRules {
  /** @param directory is the path a directory (or to become one)? */
  test(path: AbsolutePath, directory: boolean): IgnoreVerdict;
}

/**
 * Read the ignore rules of a repository. Files are read as they are needed.
 * @param home where `~/.config/git/ignore` is looked for; `null`: not looked for
 */
export async function readIgnoreRules(
  reader: Reader,
  repository: Repository,
  home: AbsolutePath | null,
): Promise<IgnoreRules> {
  const { default: ignore } = await import('ignore');
  const open = (path: AbsolutePath, base: string, name: string): RuleFile | null => {
    const read = reader.text(path, FILE_LIMIT);
    if (!read.ok) return null;
    const text = read.value.replace(/^\uFEFF/, '');
    const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
    const rules = ignore({ ignorecase: repository.config.ignoreCase, allowRelativePaths: true });
    lines.forEach((pattern, index) => {
      if (pattern !== '' && !pattern.startsWith('#')) rules.add({ pattern, mark: String(index + 1) });
    });
    return { base, name, rules, lines };
  };

  /** From weakest to strongest; the per-directory files come on top of them. */
  const shared: RuleFile[] = [];
  const excludes = excludesFile(repository.config.excludesFile, home);
  if (excludes !== null) {
    const file = open(excludes, '', excludes);
    if (file !== null) shared.push(file);
  }
  const info = open(absolutePath(`${repository.common}/info/exclude`), '', '.git/info/exclude');
  if (info !== null) shared.push(info);

  const nested = new Map<string, RuleFile | null>();
  const fileIn = (directory: string): RuleFile | null => {
    const known = nested.get(directory);
    if (known !== undefined) return known;
    const name = directory === '' ? '.gitignore' : `${directory}/.gitignore`;
    const path = absolutePath(`${repository.top}/${name}`);
    // Git does not follow a `.gitignore` that is a link (since 2.32).
    const status = reader.status(path);
    const made = status.ok && status.value.kind === 'file' ? open(path, directory, name) : null;
    nested.set(directory, made);
    return made;
  };

  /** What one path (not its parents) is told by the strongest file that says something. */
  const decide = (path: string, chain: readonly RuleFile[]): IgnoreVerdict | null => {
    for (let index = chain.length - 1; index >= 0; index -= 1) {
      const file = chain[index];
      if (file === undefined) continue;
      const inner = file.base === '' ? path : path.slice(file.base.length + 1);
      const told = lastMatch(file, inner, repository.config.ignoreCase);
      if (told !== null) return told;
    }
    return null;
  };

  return {
    test(path, directory) {
      const relative = relativeTo(path, repository.top);
      if (relative === null || relative === '') return { ignored: false, by: null };
      const parts = relative.split('/');
      const chain = [...shared];
      let verdict: IgnoreVerdict | null = null;
      for (let length = 1; length <= parts.length; length += 1) {
        const above = parts.slice(0, length - 1).join('/');
        const own = fileIn(above);
        if (own !== null) chain.push(own);
        const isDirectory = length < parts.length || directory;
        verdict = decide(parts.slice(0, length).join('/') + (isDirectory ? '/' : ''), chain);
        // What lies in an ignored directory cannot be taken back.
        if (verdict?.ignored === true) return verdict;
      }
      return verdict ?? { ignored: false, by: null };
    },
  };
}

/** The last rule of a file that matches this very path. */
function lastMatch(file: RuleFile, path: string, ignoreCase: boolean): IgnoreVerdict | null {
  const result = file.rules.test(path);
  if (result.unignored) return { ignored: false, by: null };
  if (!result.ignored || result.rule === undefined) return null;
  // The library passes "ignored" down from parents. Here the parents are known not to be ignored (a stronger file took them
  // back), so a rule counts only where it matches the path itself.
  const slash = path.lastIndexOf('/', path.length - 2);
  if (slash >= 0 && file.rules.test(path.slice(0, slash + 1)).ignored) return ownMatch(file, path, ignoreCase);
  const { pattern, mark } = result.rule;
  return { ignored: true, by: `${file.name}:${mark ?? '?'} ${pattern}` };
}

/** The last rule of a file that matches this very path, whatever it says of the directories above. */
function ownMatch(file: RuleFile, path: string, ignoreCase: boolean): IgnoreVerdict | null {
  const directory = path.endsWith('/');
  const plain = directory ? path.slice(0, -1) : path;
  const fold = (text: string): string => (ignoreCase ? text.toLowerCase() : text);
  for (let index = file.lines.length - 1; index >= 0; index -= 1) {
    const line = file.lines[index] ?? '';
    const answer = decide(parseRules(fold(line), ''), fold(plain), directory);
    if (answer === false) return { ignored: false, by: null };
    if (answer === true) return { ignored: true, by: `${file.name}:${index + 1} ${line}` };
  }
  return null;
}

function excludesFile(configured: string | null, home: AbsolutePath | null): AbsolutePath | null {
  if (configured === null) return home === null ? null : absolutePath(`${home}/.config/git/ignore`);
  if (configured.startsWith('~/')) return home === null ? null : absolutePath(`${home}/${configured.slice(2)}`);
  return configured.startsWith('/') ? absolutePath(configured) : null;
}
