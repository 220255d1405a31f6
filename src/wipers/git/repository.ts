import { type AbsolutePath, absolutePath, parentOf, resolvePath } from '../../model/path.ts';
import type { Reader } from '../../model/reader.ts';

/** A git repository's places. Git itself is never run: a hostile `.git/config` runs code. */
export interface Repository {
  /** Top of the work tree. */
  readonly top: AbsolutePath;
  /** `.git`, or the directory that a `.git` file names (work trees, submodules). */
  readonly directory: AbsolutePath;
  /** Where `info/exclude` and `config` lie; another than `directory` in an extra work tree. */
  readonly common: AbsolutePath;
  readonly config: RepositoryConfig;
}

export interface RepositoryConfig {
  readonly excludesFile: string | null;
  readonly ignoreCase: boolean;
  readonly hashBytes: 20 | 32;
  readonly bare: boolean;
}

const SMALL_FILE_LIMIT = 256 * 1024;
const CLIMB_LIMIT = 40;

function firstLine(reader: Reader, path: AbsolutePath): string | null {
  const read = reader.text(path, SMALL_FILE_LIMIT);
  return read.ok ? (read.value.split('\n')[0] ?? '').trim() : null;
}

/** Does the directory look like a git directory (what git itself asks: `HEAD`, `objects`, `refs`)? */
function isGitDirectory(reader: Reader, path: AbsolutePath): boolean {
  return reader.status(absolutePath(`${path}/HEAD`)).ok;
}

/** The repository that holds `path`, searched upwards; `null` when there is none. */
export function findRepository(
  reader: Reader,
  path: AbsolutePath,
  home: AbsolutePath | null = null,
): Repository | null {
  let at = path;
  for (let climbed = 0; climbed < CLIMB_LIMIT; climbed += 1) {
    const dotGit = absolutePath(`${at}/.git`);
    const status = reader.status(dotGit);
    if (status.ok) {
      const directory = gitDirectory(reader, dotGit, at);
      if (directory !== null && isGitDirectory(reader, directory)) {
        const common = firstLine(reader, absolutePath(`${directory}/commondir`));
        const shared = common === null ? directory : resolvePath(directory, common);
        return { top: at, directory, common: shared, config: readConfig(reader, shared, home) };
      }
    }
    if (at === '/') return null;
    at = parentOf(at);
  }
  return null;
}

function gitDirectory(reader: Reader, dotGit: AbsolutePath, top: AbsolutePath): AbsolutePath | null {
  const status = reader.status(dotGit);
  if (!status.ok) return null;
  if (status.value.kind === 'file') {
    const line = firstLine(reader, dotGit);
    return line?.startsWith('gitdir: ') === true ? resolvePath(top, line.slice('gitdir: '.length)) : null;
  }
  const resolved = reader.resolve(dotGit);
  return resolved.ok && resolved.value.exists ? resolved.value.resolved : null;
}

/** The values that matter, of the user's configuration and then of the repository's (the later wins). */
function readConfig(reader: Reader, common: AbsolutePath, home: AbsolutePath | null): RepositoryConfig {
  const values = new Map<string, string>();
  const files = [absolutePath('/etc/gitconfig')];
  if (home !== null) files.push(absolutePath(`${home}/.config/git/config`), absolutePath(`${home}/.gitconfig`));
  files.push(absolutePath(`${common}/config`));
  for (const file of files) {
    const read = reader.text(file, SMALL_FILE_LIMIT);
    if (read.ok) for (const [key, value] of parseConfig(read.value)) values.set(key, value);
  }
  const yes = (key: string): boolean => /^(?:true|yes|on|1|)$/i.test(values.get(key) ?? 'false');
  return {
    excludesFile: values.get('core.excludesfile') ?? null,
    ignoreCase: yes('core.ignorecase'),
    hashBytes: values.get('extensions.objectformat') === 'sha256' ? 32 : 20,
    bare: yes('core.bare'),
  };
}

/** `section.key` (lower case) and value, in order. Sections with a subsection are left out; includes are not followed. */
export function parseConfig(text: string): [string, string][] {
  const entries: [string, string][] = [];
  let section: string | null = null;
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    const header = /^\[\s*([A-Za-z0-9.-]+)\s*("(?:[^"\\]|\\.)*")?\s*\]/.exec(line);
    if (header !== null) {
      section = header[2] === undefined ? (header[1] ?? '').toLowerCase() : null;
      continue;
    }
    const entry = /^([A-Za-z][A-Za-z0-9-]*)\s*(?:=\s*(.*))?$/.exec(line);
    if (section === null || entry === null) continue;
    entries.push([`${section}.${(entry[1] ?? '').toLowerCase()}`, configValue(entry[2] ?? 'true')]);
  }
  return entries;
}

function configValue(raw: string): string {
  let value = '';
  let quoted = false;
  for (let at = 0; at < raw.length; at += 1) {
    const char = raw.charAt(at);
    if (char === '"') quoted = !quoted;
    else if (char === '\\') {
      at += 1;
      value += raw.charAt(at);
    } else if (!quoted && (char === '#' || char === ';')) break;
    else value += char;
  }
  return value.trim();
}
