import type { AbsolutePath } from '../../../model/path.ts';
import { UNKNOWN_TEXT } from '../../effect.ts';
import { matchesName, matchesText } from '../../paths.ts';
import { record } from '../record.ts';
import { drop, removeAll } from '../remove.ts';
import type { Ok, Shell, Tool } from '../shell.ts';
import { Entry } from '../tree.ts';

interface Filter {
  readonly pattern: string;
  readonly include: boolean;
}

const VALUED = new Set([
  'e',
  'rsh',
  'f',
  'filter',
  'exclude',
  'include',
  'exclude-from',
  'include-from',
  'files-from',
  'B',
  'T',
  'temp-dir',
  'compare-dest',
  'copy-dest',
  'link-dest',
  'backup-dir',
  'suffix',
  'chmod',
  'chown',
  'bwlimit',
  'timeout',
  'port',
  'log-file',
  'password-file',
  'rsync-path',
  'max-size',
  'min-size',
  'info',
  'out-format',
  'max-delete',
  'partial-dir',
]);

/** Does a rule of rsync match? `path` relative to the root of the transfer. */
function matches(pattern: string, path: string, directory: boolean): boolean {
  let rule = pattern;
  if (rule.endsWith('/') && !rule.endsWith('***/')) {
    if (!directory) return false;
    rule = rule.slice(0, -1);
  }
  if (rule.endsWith('/***')) {
    const base = rule.slice(0, -4);
    return matches(`${base}/`, path, directory) || matches(`${base}/**`, path, directory);
  }
  const anchored = rule.startsWith('/');
  if (anchored) rule = rule.slice(1);
  if (!rule.includes('/') && !rule.includes('**')) {
    if (anchored) return !path.includes('/') && matchesName(rule, path, { dot: true, extended: false });
    return matchesName(rule, path.split('/').at(-1) ?? '', { dot: true, extended: false });
  }
  const whole = (text: string): boolean => {
    if (rule.includes('**')) return matchesText(rule, text);
    const want = rule.split('/');
    const have = text.split('/');
    return (
      want.length === have.length &&
      want.every((part, at) => matchesName(part, have[at] ?? '', { dot: true, extended: false }))
    );
  };
  if (anchored) return whole(path);
  const parts = path.split('/');
  return parts.some((_, from) => whole(parts.slice(from).join('/')));
}

function readFilters(shell: Shell, args: readonly string[]): { filters: Filter[]; unknown: boolean } {
  const filters: Filter[] = [];
  let unknown = false;
  const rule = (text: string): void => {
    const match = /^(?:([-+]|exclude|include),?!?\s+|([-+])\s*)(.+)$/.exec(text.trim());
    if (match === null) unknown = true;
    else {
      const sign = match[1] ?? match[2] ?? '-';
      filters.push({ pattern: match[3] ?? '', include: sign === '+' || sign === 'include' });
    }
  };
  const file = (name: string, include: boolean): void => {
    const text = shell.run.tree.text(shell.path(name));
    if (text === null) unknown = true;
    for (const line of (text ?? '').split('\n')) {
      if (line.trim() === '' || /^[#;]/.test(line)) continue;
      if (/^[-+] /.test(line)) rule(line);
      else filters.push({ pattern: line.trim(), include });
    }
  };
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg : arg.slice(0, equals);
    const value = (): string => {
      if (equals >= 0) return arg.slice(equals + 1);
      at += 1;
      return args[at] ?? '';
    };
    if (name === '--exclude') filters.push({ pattern: value(), include: false });
    else if (name === '--include') filters.push({ pattern: value(), include: true });
    else if (name === '--exclude-from') file(value(), false);
    else if (name === '--include-from') file(value(), true);
    else if (name === '--filter' || name === '-f') rule(value());
  }
  return { filters, unknown };
}

/** What rsync does at the receiving end when that is on this machine. */
const rsync: Tool = (call) => {
  const { shell, args } = call;
  const { run } = shell;
  const operands: string[] = [];
  const flags = new Set<string>();
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg.startsWith('--')) {
      const name = arg.slice(2).split('=')[0] ?? '';
      flags.add(name);
      if (!arg.includes('=') && VALUED.has(name)) at += 1;
    } else if (arg.startsWith('-') && arg.length > 1) {
      const letters = arg.slice(1);
      for (let index = 0; index < letters.length; index += 1) {
        const letter = letters.charAt(index);
        flags.add(letter);
        if (VALUED.has(letter)) {
          if (index === letters.length - 1) at += 1;
          break;
        }
      }
    } else operands.push(arg);
  }
  const to = operands.at(-1);
  const sources = operands.slice(0, -1);
  if (to === undefined || sources.length === 0 || flags.has('n') || flags.has('dry-run')) return 'assumed';
  const remote = (path: string): boolean => /^[^/]*:/.test(path);
  const deletes = [...flags].some((flag) => flag === 'del' || flag.startsWith('delete'));
  const recursive = flags.has('r') || flags.has('a') || flags.has('recursive') || flags.has('archive');
  const { filters, unknown } = readFilters(shell, args);
  if (flags.has('remove-source-files')) {
    for (const source of sources) {
      if (!remote(source)) removeFiles(shell, source, filters);
    }
  }
  if (remote(to)) return 'assumed';
  if (to.includes(UNKNOWN_TEXT) || sources.some((source) => source.includes(UNKNOWN_TEXT))) return 'assumed';
  const touched: AbsolutePath[] = [];
  let ok: Ok = 'assumed';
  for (const source of sources) {
    const contents = /(?:^|\/)\.?$/.test(source);
    const from = remote(source) ? null : shell.find(source, true);
    if (from !== null && from.entry === null) {
      ok = false;
      continue;
    }
    if (from !== null && from.entry?.kind !== 'directory') {
      copyFile(shell, from.entry, from.name, to);
      continue;
    }
    const name = from?.name ?? source.replace(/\/+$/, '').split(/[/:]/).at(-1) ?? '';
    const target = contents ? to : `${to.replace(/\/+$/, '')}/${name}`;
    if (!recursive) continue;
    const sync = (): void => {
      mirror(shell, from?.entry ?? null, shell.path(target), {
        prefix: contents ? '' : `${name}/`,
        filters,
        deletes,
        excluded: flags.has('delete-excluded'),
        touched,
      });
    };
    if (unknown) run.perhaps('the filter rules of rsync could not be read', sync);
    else if (from === null) run.perhaps('what the other machine holds is not known', sync);
    else sync();
  }
  if (deletes) record(shell, { kind: 'delete', tool: 'rsync --delete', patterns: [shell.shown(to)], touched });
  return ok;
};

function copyFile(shell: Shell, entry: Entry | null, name: string, to: string): void {
  if (entry === null) return;
  const into = shell.find(to, true);
  const target =
    into.entry?.kind === 'directory' || to.endsWith('/') ? shell.find(`${to.replace(/\/+$/, '')}/${name}`) : into;
  if (target.parent === null) return;
  shell.run.tree.place(target.parent, target.name, shell.run.tree.copy(entry), shell.run.doubt);
  shell.run.touch(target.path);
}

interface Mirror {
  readonly prefix: string;
  readonly filters: readonly Filter[];
  readonly deletes: boolean;
  readonly excluded: boolean;
  readonly touched: AbsolutePath[];
}

function mirror(shell: Shell, source: Entry | null, target: string, options: Mirror, depth = 0, at = ''): void {
  const { run } = shell;
  const { tree } = run;
  if (depth > 64 || !run.step()) return;
  tree.makeDirectories(target, run.doubt);
  const { entry } = tree.find(target, true);
  if (entry === null || entry.kind !== 'directory') return;
  const hidden = (path: string, directory: boolean): boolean => {
    const rule = options.filters.find(({ pattern }) => matches(pattern, options.prefix + path, directory));
    return rule !== undefined && !rule.include;
  };
  const names = source === null ? [] : tree.names(source);
  if (options.deletes) {
    for (const name of tree.names(entry)) {
      const child = tree.child(entry, name);
      const path = at + name;
      const excluded = hidden(path, child?.kind === 'directory');
      if (names.includes(name) && !(excluded && options.excluded)) continue;
      if (excluded && !options.excluded) continue;
      remove(shell, `${target}/${name}`, path, hidden, options);
    }
  }
  for (const name of names) {
    const child = source === null ? null : tree.child(source, name);
    if (child === null || hidden(at + name, child.kind === 'directory')) continue;
    const found = tree.find(`${target}/${name}`);
    if (child.kind === 'directory' && (found.entry === null || found.entry.kind === 'directory')) {
      mirror(shell, child, `${target}/${name}`, options, depth + 1, `${at}${name}/`);
    } else if (found.parent !== null && found.entry !== child) {
      tree.place(found.parent, found.name, tree.copy(child), run.doubt);
      run.touch(found.path);
    }
  }
}

/** Remove what the sender does not have; what is excluded below it stays, and with it the directories above. */
function remove(
  shell: Shell,
  full: string,
  path: string,
  hidden: (path: string, directory: boolean) => boolean,
  options: Mirror,
  depth = 0,
): boolean {
  const found = shell.run.tree.find(full);
  if (found.entry === null || depth > 64 || !shell.run.step(0.2)) return false;
  const inner = options.filters.length > 0 && found.entry.kind === 'directory';
  if (inner && !options.excluded) {
    let left = false;
    for (const name of shell.run.tree.names(found.entry)) {
      const child = shell.run.tree.child(found.entry, name);
      if (hidden(`${path}/${name}`, child?.kind === 'directory')) left = true;
      else if (!remove(shell, `${full}/${name}`, `${path}/${name}`, hidden, options, depth + 1)) left = true;
    }
    if (left) return false;
  }
  if (drop(shell, found)) options.touched.push(found.path);
  return true;
}

function removeFiles(shell: Shell, source: string, filters: readonly Filter[]): void {
  const { tree } = shell.run;
  const walk = (full: string, path: string, depth: number): void => {
    const found = tree.find(full, depth === 0);
    if (found.entry === null || depth > 64 || !shell.run.step(0.2)) return;
    if (
      filters.some(
        ({ pattern, include }) => !include && path !== '' && matches(pattern, path, found.entry?.kind === 'directory'),
      )
    )
      return;
    if (found.entry.kind !== 'directory') {
      removeAll(shell, 'rsync --remove-source-files', [{ text: found.path, raw: source }], {
        recursive: false,
        force: true,
      });
      return;
    }
    for (const name of tree.names(found.entry))
      walk(`${full}/${name}`, path === '' ? name : `${path}/${name}`, depth + 1);
  };
  if (!source.includes(UNKNOWN_TEXT)) walk(shell.path(source), '', 0);
}

export const RSYNC_TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([['rsync', rsync]]);
export { Entry };
