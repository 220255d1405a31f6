import type { BackupHandling } from '../model/facts.ts';
import { type AbsolutePath, absolutePath, isInside } from '../model/path.ts';
import type { SessionTarget } from './effect.ts';
import { covers } from './watch/tools.ts';
import { programOf, simpleCommands, valuesOf } from './watch/words.ts';
import type { FoundCommand } from './workflows/commands.ts';

/** Programs that copy a directory tree, and what tells that they do. */
const COPIERS: ReadonlyMap<string, (words: readonly string[]) => boolean> = new Map<
  string,
  (words: readonly string[]) => boolean
>([
  [
    'tar',
    (words) =>
      words.some((word, index) =>
        index === 0 ? /^-?[a-zA-Z]*c[a-zA-Z]*$/.test(word) : /^-[a-zA-Z]*c[a-zA-Z]*$/.test(word) || word === '--create',
      ),
  ],
  ['zip', () => true],
  ['7z', (words) => words[0] === 'a'],
  ['rsync', () => true],
  [
    'cp',
    (words) => words.some((word) => /^-[a-zA-Z]*[aRr]/.test(word) || word === '--recursive' || word === '--archive'),
  ],
  ['scp', (words) => words.some((word) => /^-[a-zA-Z]*r/.test(word))],
  ['rclone', (words) => /^(?:copy|sync|move)$/.test(words[0] ?? '')],
  ['restic', (words) => words.includes('backup')],
  ['borg', (words) => words.includes('create')],
  ['duplicity', () => true],
  ['kopia', (words) => words.includes('create')],
  ['aws', (words) => words[0] === 's3' && /^(?:cp|sync)$/.test(words[1] ?? '')],
  ['gsutil', (words) => words.some((word) => /^(?:cp|rsync)$/.test(word))],
  ['robocopy', () => true],
  ['xcopy', () => true],
  ['Compress-Archive', () => true],
]);
const ALWAYS_BACKUP = new Set(['restic', 'borg', 'duplicity', 'kopia', 'rclone']);
const BACKUP_WORDS = /backup|back-up|bak\b|snapshot|archive|respald|copia|dump|salva/i;
/** What ends the bot's browser before the copy. */
const STOPS =
  /\bpm2\s+(?:stop|delete|kill)\b|\b(?:docker|podman)(?:\s+|-)compose\b[^\n;&|]{0,200}\b(?:stop|down|pause)\b|\b(?:docker|podman)\s+(?:container\s+)?(?:stop|kill|pause|rm)\b|\bsystemctl\b[^\n;&|]{0,100}\bstop\b|\bservice\s+\S+\s+stop\b|\bsupervisorctl\s+stop\b|\bkubectl\s+scale\b|\bp?kill(?:all)?\b/;

/** Does this command copy a session as a backup, and does it stop the bot before? `null`: no backup. */
export function backupOf(
  found: FoundCommand,
  project: AbsolutePath,
  targets: readonly SessionTarget[],
): BackupHandling | null {
  if (found.machine === 'fresh') return null;
  const variables = new Map<string, string>();
  let cwd = absolutePath(`${project}/${found.directory}`);
  const expand = (word: string): string =>
    word.replace(
      /\$\{?(\w+)(?::-([^}]*))?\}?/g,
      (whole, name: string, otherwise?: string) => variables.get(name) ?? otherwise ?? whole,
    );
  for (const words of simpleCommands(found.command.slice(0, 200_000))) {
    const plain = words.map(expand);
    for (const word of plain) {
      const set = /^(?:export\s+)?([A-Za-z_]\w*)=(.*)$/.exec(word);
      if (set?.[1] === undefined) break;
      variables.set(set[1], set[2] ?? '');
    }
    const at = plain.findIndex((word) => COPIERS.has(programOf(word)) || word === 'cd');
    const program = programOf(plain[at] ?? '');
    const rest = plain.slice(at + 1);
    if (at < 0) continue;
    if (program === 'cd') {
      const [to] = rest;
      if (to !== undefined && !to.includes('$')) cwd = absolutePath(to.startsWith('/') ? to : `${cwd}/${to}`);
      continue;
    }
    if (COPIERS.get(program)?.(rest) !== true) continue;
    const meant =
      ALWAYS_BACKUP.has(program) ||
      found.automatic === 'schedule' ||
      BACKUP_WORDS.test(`${found.name} ${found.file} ${plain.join(' ')}`);
    if (!meant) continue;
    const [base = cwd] = valuesOf(rest, ['-C', '--directory']).map((one) =>
      absolutePath(one.startsWith('/') ? one : `${cwd}/${one}`),
    );
    const excludes = valuesOf(rest, ['--exclude', '-x', '--exclude-dir', '-xr!']);
    // The last operand of a copy is where it goes; an archive is named by an option or comes first.
    const operands = rest.filter(
      (word) => !word.startsWith('-') && !word.includes('$') && !/^[\w.-]+@?[\w.-]*:/.test(word),
    );
    const sources =
      program === 'cp' || program === 'rsync' || program === 'robocopy' || program === 'xcopy'
        ? operands.slice(0, Math.max(1, operands.length - 1))
        : operands;
    const paths = sources.map((word) => absolutePath(word.startsWith('/') ? word : `${base}/${word}`));
    const sessions = targets.map(({ name, path }) => {
      const copied =
        paths.some((source) => isInside(path, source) || isInside(source, path)) &&
        !excludes.some((one) => covers(one, path.slice(project.length + 1)));
      return { path: name, copied };
    });
    if (!sessions.some(({ copied }) => copied)) continue;
    const before = found.command.slice(0, Math.max(0, found.command.indexOf(words[at] ?? '')));
    return {
      file: found.file,
      line: found.line,
      name: found.name,
      command: words.join(' ').slice(0, 300),
      tool: program,
      automatic: found.automatic !== 'manual',
      stopsBot: STOPS.test(before),
      sessions,
    };
  }
  return null;
}
