/** What /proc says about one process. Everything goes through a Reader, so that a copied /proc is read like a live one. */
import { type AbsolutePath, absolutePath, baseName, isInside, relativeTo, resolvePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';

/** Kernels limit arguments and environment together to a quarter of the stack (execve(2)); real bots have a few kB. */
const CMDLINE_LIMIT = 2 * 1024 * 1024;
const ENVIRON_LIMIT = 4 * 1024 * 1024;
/** pid_max of a 64-bit kernel is 4 million; a host with more processes than this is not one that runs a bot. */
const PROCESS_LIMIT = 50_000;

const decoder = new TextDecoder();

/** One process, as far as anybody may see it. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly name: string;
  readonly argv: readonly string[];
  readonly uid: number | null;
  /** Its number in its innermost pid namespace; 1 is the first process of a container. */
  readonly innerPid: number | null;
}

/** Words separated by NUL. Programs that rewrite their title leave one string with spaces. */
export function splitArguments(bytes: Uint8Array): string[] {
  const text = decoder.decode(bytes).replace(/\0+$/, '');
  if (text === '') return [];
  const words = text.split('\0');
  return words.length === 1 ? text.split(/\s+/) : words;
}

function statusOf(text: string): { parent: number; name: string; uid: number | null; innerPid: number | null } {
  const field = (name: string): string | null => new RegExp(`^${name}:\\s*(.*)$`, 'm').exec(text)?.[1] ?? null;
  const uid = field('Uid')?.split(/\s+/)[1];
  const inner = field('NSpid')?.trim().split(/\s+/).at(-1);
  return {
    parent: Number(field('PPid') ?? 0),
    name: field('Name') ?? '',
    uid: uid === undefined ? null : Number(uid),
    innerPid: inner === undefined || inner === '' ? null : Number(inner),
  };
}

/** Every process that can be seen, with what everybody may read of it. Kernel threads are left out. */
export function listProcesses(proc: Reader): { processes: ReadonlyMap<number, ProcessEntry>; problem: string | null } {
  const processes = new Map<number, ProcessEntry>();
  const listed = proc.list(absolutePath('/proc'));
  if (!listed.ok) return { processes, problem: `/proc: ${listed.failure.reason}` };
  for (const entry of listed.value) {
    if (!/^[1-9]\d{0,8}$/.test(entry.name)) continue;
    if (processes.size >= PROCESS_LIMIT)
      return { processes, problem: `only the first ${PROCESS_LIMIT} processes were looked at` };
    const pid = Number(entry.name);
    const cmdline = proc.bytes(absolutePath(`/proc/${pid}/cmdline`), CMDLINE_LIMIT);
    if (!cmdline.ok) continue;
    const argv = splitArguments(cmdline.value);
    if (argv.length === 0) continue;
    const status = proc.text(absolutePath(`/proc/${pid}/status`));
    const { parent, name, uid, innerPid } = statusOf(status.ok ? status.value : '');
    processes.set(pid, { pid, parent, name, argv, uid, innerPid });
  }
  return { processes, problem: null };
}

/** The part of /proc/PID that only the owner and root may read. */
export interface ProcessView {
  /** In the process's own root. */
  readonly cwd: AbsolutePath;
  /** The process's root in the file system that `proc` shows. */
  readonly root: AbsolutePath;
  readonly env: Readonly<Record<string, string>>;
  readonly mountinfo: Uint8Array | null;
  /** The program file, in the process's own root, or `null`. */
  readonly exe: string | null;
}

function parseEnvironment(bytes: Uint8Array): Record<string, string> {
  const env: Record<string, string> = Object.create(null);
  for (const record of decoder.decode(bytes).split('\0')) {
    const equals = record.indexOf('=');
    if (equals > 0) env[record.slice(0, equals)] = record.slice(equals + 1);
  }
  return env;
}

/** Read that part, or the reason why it cannot be read. */
export function viewProcess(
  proc: Reader,
  pid: number,
): { ok: true; view: ProcessView } | { ok: false; denied: boolean; reason: string } {
  const at = (name: string): AbsolutePath => absolutePath(`/proc/${pid}/${name}`);
  const cwd = proc.link(at('cwd'));
  if (!cwd.ok) return { ok: false, denied: cwd.failure.kind === 'denied', reason: cwd.failure.reason };
  const environ = proc.bytes(at('environ'), ENVIRON_LIMIT);
  if (!environ.ok) return { ok: false, denied: environ.failure.kind === 'denied', reason: environ.failure.reason };
  const root = proc.link(at('root'));
  const rootPath =
    root.ok && root.value.startsWith('/') ? absolutePath(root.value.replace(/ \(deleted\)$/, '')) : absolutePath('/');
  const inRoot = (path: string): string => {
    if (rootPath === '/' || !path.startsWith('/')) return path;
    const absolute = absolutePath(path);
    return isInside(absolute, rootPath) ? `/${relativeTo(absolute, rootPath) ?? ''}` : path;
  };
  const directory = inRoot(cwd.value.replace(/ \(deleted\)$/, ''));
  const mountinfo = proc.bytes(at('mountinfo'), 64 * 1024 * 1024);
  const exe = proc.link(at('exe'));
  return {
    ok: true,
    view: {
      // A directory outside of the namespace is shown as `(unreachable)/…`; nothing in it can be named.
      cwd: directory.startsWith('/') ? absolutePath(directory) : absolutePath('/'),
      root: rootPath,
      env: parseEnvironment(environ.value),
      mountinfo: mountinfo.ok ? mountinfo.value : null,
      exe: exe.ok ? inRoot(exe.value.replace(/ \(deleted\)$/, '')) : null,
    },
  };
}

const RUNTIMES = /^(node|nodejs|node\d+|bun|deno|electron|tsx|ts-node)$/;

/** Does the process run JavaScript, as far as its name tells? */
export function isRuntime(entry: ProcessEntry): boolean {
  const program = baseName((entry.argv[0] ?? '') as AbsolutePath).split(' ')[0] ?? '';
  return RUNTIMES.test(program) || RUNTIMES.test(entry.name) || entry.name === 'MainThread';
}

/** The profile of a browser's main process; `null` for every other process. */
export function userDataDirOf(entry: ProcessEntry): string | null {
  if (entry.argv.some((word) => word.startsWith('--type='))) return null;
  const option = entry.argv.find((word) => word.startsWith('--user-data-dir='));
  return option === undefined ? null : option.slice('--user-data-dir='.length);
}

const NODE_VALUES = new Set([
  '-r',
  '--require',
  '--import',
  '--loader',
  '--experimental-loader',
  '-C',
  '--conditions',
  '--title',
  '--watch-path',
  '--env-file',
]);

/** The operands of a runtime's command line that may be scripts: the script itself, and behind a tool of node_modules its own. */
export function scriptsOf(entry: ProcessEntry, cwd: AbsolutePath): AbsolutePath[] {
  const operands: string[] = [];
  for (let at = 1; at < entry.argv.length && operands.length < 2; at += 1) {
    const word = entry.argv[at] ?? '';
    if (word.startsWith('-')) {
      if (NODE_VALUES.has(word)) at += 1;
      if (['-e', '--eval', '-p', '--print'].includes(word)) return [];
      continue;
    }
    if (word === '' || ((word === 'run' || word === 'watch') && operands.length === 0)) continue;
    operands.push(word.startsWith('file://') ? word.slice(7) : word);
    if (!word.includes('node_modules')) break;
  }
  return operands.map((word) => resolvePath(cwd, word));
}
