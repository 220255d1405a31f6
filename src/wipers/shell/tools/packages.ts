import type { AbsolutePath } from '../../../model/path.ts';
import { absolutePath } from '../../../model/path.ts';
import { UNKNOWN_TEXT } from '../../effect.ts';
import { hasGlob, matchesText } from '../../paths.ts';
import { type Manifest, manifestAt, nearestManifest, workspacesOf } from '../../scripts/manifest.ts';
import { walkGlob } from '../glob-walk.ts';
import { removeAll } from '../remove.ts';
import type { Call, Ok, Shell, Tool } from '../shell.ts';
import { safeRegex } from './regex.ts';
import { packageRunner } from './runners.ts';

/** How deep scripts may call scripts. */
const DEPTH_LIMIT = 30;
const INSTALL_HOOKS = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];
/** Scripts one selector (`clean:*`) may name. */
const SELECT_LIMIT = 200;

function quote(arg: string): string {
  return /^[\w@%+=:,./-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", "'\\''")}'`;
}

/** Run one script of a package with its pre and post hooks. `null`: there is no such script. */
export function runScript(call: Call, manifest: Manifest, name: string, args: readonly string[]): Ok | null {
  const { shell } = call;
  const { run } = shell;
  if (!manifest.scripts.has(name)) return null;
  const key = `script ${manifest.directory} ${name}`;
  if (run.active.includes(key)) {
    // It would call itself for ever.
    return 'assumed';
  }
  if (run.active.length >= DEPTH_LIMIT) {
    run.giveUp('scripts call each other too deeply');
    return 'unknown';
  }
  run.active.push(key);
  let ok: Ok = true;
  for (const [step, rest] of [
    [`pre${name}`, []],
    [name, args],
    [`post${name}`, []],
  ] as const) {
    const command = manifest.scripts.get(step);
    if (command === undefined || ok === false) continue;
    const inner = shell.spawn(
      run.context.flavour === undefined || run.context.flavour === 'unknown' ? shell.flavour : run.context.flavour,
      [...shell.via, `npm run ${step}`],
    );
    inner.cwd = manifest.directory;
    inner.vars.set('INIT_CWD', shell.cwd);
    inner.exported.add('INIT_CWD');
    inner.vars.set('npm_lifecycle_event', step);
    inner.exported.add('npm_lifecycle_event');
    ok = run.engine.source(inner, [command, ...rest.map(quote)].join(' '), call.io);
    if (inner.flow?.kind === 'exit') ok = inner.flow.ok;
  }
  run.active.pop();
  return ok;
}

/** Names that a selector of npm-run-all or pnpm means: `clean:*`, `build:**`, `/^clean:.+/`. */
function select(manifest: Manifest, selector: string): string[] {
  const names = [...manifest.scripts.keys()];
  const regex = /^\/(.*)\/$/.exec(selector);
  if (regex !== null) {
    const test = safeRegex(regex[1] ?? '', { extended: true });
    return test === null ? [] : names.filter((name) => test.test(name)).slice(0, SELECT_LIMIT);
  }
  if (!hasGlob(selector, true) && !selector.includes('{')) return manifest.scripts.has(selector) ? [selector] : [];
  // `:` separates as `/` does in a path: `*` stays within one part, `**` crosses.
  const pattern = selector.split(':');
  const fits = (want: readonly string[], have: readonly string[]): boolean => {
    const [head, ...rest] = want;
    if (head === undefined) return have.length === 0;
    if (head === '**')
      return have.some((_, skip) => fits(rest, have.slice(skip))) || rest.length === 0 || fits(rest, []);
    const [first, ...others] = have;
    return first !== undefined && matchesText(head, first, true) && fits(rest, others);
  };
  return names.filter((name) => fits(pattern, name.split(':'))).slice(0, SELECT_LIMIT);
}

function directoryOf(shell: Shell): AbsolutePath | null {
  return shell.cwd.includes(UNKNOWN_TEXT) ? null : absolutePath(shell.cwd);
}

function manifestFor(call: Call): Manifest | null {
  const directory = directoryOf(call.shell);
  return directory === null ? null : nearestManifest(call.shell.run, directory);
}

/** Run a script in every workspace package that has it. */
function inWorkspaces(
  call: Call,
  manifest: Manifest,
  names: readonly string[],
  args: readonly string[],
  only: readonly string[] = [],
): Ok {
  for (const member of workspacesOf(call.shell.run, manifest)) {
    if (
      only.length > 0 &&
      !only.some((name) => name === member.name || member.directory.endsWith(`/${name.replace(/^\.\//, '')}`))
    )
      continue;
    for (const name of names) runScript(call, member, name, args);
  }
  return 'assumed';
}

interface Parsed {
  readonly words: string[];
  readonly raws: string[];
  readonly after: string[];
  readonly directory: string | null;
  readonly workspaces: string[];
  readonly all: boolean;
  readonly ifPresent: boolean;
  readonly global: boolean;
}

const VALUED: ReadonlySet<string> = new Set([
  '--prefix',
  '-C',
  '--cwd',
  '--dir',
  '-w',
  '--workspace',
  '--filter',
  '-F',
  '--loglevel',
  '--registry',
  '--script-shell',
  '--workspace-concurrency',
  '--otp',
  '--tag',
  '--cache',
  '--userconfig',
]);

function parse(args: readonly string[], tool: string): Parsed {
  const words: string[] = [];
  const after: string[] = [];
  const workspaces: string[] = [];
  let directory: string | null = null;
  let all = false;
  let ifPresent = false;
  let global = false;
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') {
      after.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith('-')) {
      words.push(arg);
      // Everything but npm hands the words after the script's name on.
      const script =
        words.length > 1 ||
        !['run', 'run-script', 'exec', 'workspaces', 'workspace', 'dlx', 'x', 'foreach', 'rum', 'urn'].includes(
          words[0] ?? '',
        );
      if (tool !== 'npm' && script && words[0] !== 'workspace' && words[0] !== 'workspaces') {
        after.push(...args.slice(at + 1).filter((word, index) => !(index === 0 && word === '--')));
        break;
      }
      continue;
    }
    const equals = arg.indexOf('=');
    const name = equals < 0 ? arg : arg.slice(0, equals);
    // pnpm's -w and -r are switches.
    const valued = VALUED.has(name) && !(name === '-w' && tool !== 'npm');
    let value = equals < 0 ? '' : arg.slice(equals + 1);
    if (valued && equals < 0) {
      at += 1;
      value = args[at] ?? '';
    }
    if (['--prefix', '-C', '--cwd', '--dir'].includes(name)) directory = value;
    else if (['-w', '--workspace', '--filter', '-F'].includes(name) && valued) workspaces.push(value);
    else if (['-ws', '--workspaces', '-r', '--recursive', '-A', '--all', '--workspaces=true'].includes(name))
      all = true;
    else if (name === '--if-present') ifPresent = true;
    else if (name === '-g' || name === '--global') global = true;
  }
  return { words, raws: words, after, directory, workspaces, all, ifPresent, global };
}

/** Words that npm, yarn, pnpm and bun keep for themselves. */
const OWN_WORDS: ReadonlySet<string> = new Set([
  'add',
  'audit',
  'bin',
  'bugs',
  'cache',
  'config',
  'create',
  'dedupe',
  'deprecate',
  'dist-tag',
  'docs',
  'doctor',
  'edit',
  'explain',
  'fund',
  'help',
  'init',
  'info',
  'link',
  'list',
  'll',
  'login',
  'logout',
  'ls',
  'outdated',
  'owner',
  'pack',
  'ping',
  'pkg',
  'prefix',
  'profile',
  'prune',
  'publish',
  'query',
  'rebuild',
  'remove',
  'repo',
  'rm',
  'root',
  'search',
  'set',
  'shrinkwrap',
  'star',
  'team',
  'token',
  'un',
  'uninstall',
  'unlink',
  'unpublish',
  'up',
  'update',
  'upgrade',
  'version',
  'view',
  'whoami',
  'why',
  'node',
  'global',
  'policies',
  'self-update',
  'import',
  'licenses',
  'plugin',
  'set-version',
  'store',
  'patch',
  'env',
  'fetch',
  'deploy',
  'server',
  'approve-builds',
  'unplug',
  'workspaces',
  'workspace',
  'dlx',
  'exec',
  'pm',
  'x',
]);

const INSTALLS: ReadonlySet<string> = new Set([
  'install',
  'i',
  'ci',
  'clean-install',
  'it',
  'install-test',
  'cit',
  'isntall',
  'add',
]);

function install(call: Call, manifest: Manifest | null, verb: string, packages: readonly string[]): Ok {
  if (manifest === null) return 'assumed';
  if (verb === 'ci' || verb === 'clean-install' || verb === 'cit') {
    const path = `${manifest.directory}/node_modules`;
    removeAll(call.shell, 'npm ci', [{ text: path, raw: path }], { recursive: true, force: true });
  }
  if (packages.length > 0 || call.args.includes('--ignore-scripts')) return 'assumed';
  for (const hook of INSTALL_HOOKS) {
    const command = manifest.scripts.get(hook);
    if (command === undefined) continue;
    const own = new Map([[hook, command]]);
    runScript(call, { ...manifest, scripts: merged(manifest, own, hook) }, hook, []);
  }
  return 'assumed';
}

/** The scripts without the hooks around one: `install` already calls its own in order. */
function merged(manifest: Manifest, own: ReadonlyMap<string, string>, hook: string): ReadonlyMap<string, string> {
  return new Map(
    [...manifest.scripts].filter(([name]) => name !== `pre${hook}` && name !== `post${hook}`).concat([...own]),
  );
}

const manager: Tool = (call) => {
  const { name: tool, shell } = call;
  const parsed = parse(call.args, tool);
  const before = shell.cwd;
  if (parsed.directory !== null) {
    const found = shell.find(parsed.directory, true);
    if (found.entry?.kind !== 'directory') return parsed.directory.includes(UNKNOWN_TEXT) ? 'unknown' : false;
    shell.cwd = found.path;
  }
  try {
    return manage(call, tool, parsed);
  } finally {
    shell.cwd = before;
  }
};

function manage(call: Call, tool: string, parsed: Parsed): Ok {
  const [verb, ...rest] = parsed.words;
  const manifest = manifestFor(call);
  if (verb === undefined) return tool === 'yarn' ? install(call, manifest, 'install', []) : 'assumed';
  const exec = (words: readonly string[]): Ok => packageRunner({ ...call, name: 'npx', args: words, raws: words });
  const position = call.args.indexOf(verb);
  const following = call.args.slice(position + 1);
  const start = (names: readonly string[], args: readonly string[]): Ok => {
    if (manifest === null) return false;
    if (parsed.all || parsed.workspaces.length > 0) {
      const targets = names.length > 0 ? names : [];
      return inWorkspaces(call, manifest, targets, args, parsed.workspaces);
    }
    let ok: Ok = true;
    for (const name of names) {
      const chosen = tool === 'pnpm' && /^\/.*\/$/.test(name) ? select(manifest, name) : [name];
      for (const one of chosen) {
        const done = runScript(call, manifest, one, args);
        if (done === null) {
          const bin = tool === 'npm' ? parsed.ifPresent : exec([one, ...args]);
          if (bin === false) return false;
          ok = bin;
        } else ok = done;
      }
    }
    return ok;
  };
  if (verb === 'run' || verb === 'run-script' || verb === 'rum' || verb === 'urn') {
    const [name, ...more] = rest;
    return name === undefined ? 'assumed' : start([name], [...more, ...parsed.after]);
  }
  if (tool === 'npm' && ['test', 't', 'tst', 'start', 'stop'].includes(verb)) {
    return start([verb.startsWith('t') ? 'test' : verb], [...rest, ...parsed.after]);
  }
  if (tool === 'npm' && verb === 'restart') {
    return start(manifest?.scripts.has('restart') === true ? ['restart'] : ['stop', 'start'], []);
  }
  if (INSTALLS.has(verb) && !(verb === 'add')) {
    const ok = install(call, manifest, verb, parsed.global ? ['global'] : rest);
    if ((verb === 'it' || verb === 'cit') && manifest !== null) runScript(call, manifest, 'test', []);
    return ok;
  }
  switch (verb) {
    case 'exec':
    case 'x':
    case 'dlx':
      return exec(following.filter((word, index) => !(word === '--' && index === 0)));
    case 'publish':
    case 'pack':
      for (const hook of ['prepublishOnly', 'prepack', 'prepare', 'postpack', 'publish'])
        if (manifest !== null) runScript(call, manifest, hook, []);
      return 'assumed';
    case 'version':
      for (const hook of ['preversion', 'version', 'postversion']) {
        if (manifest?.scripts.has(hook))
          runScript(call, { ...manifest, scripts: merged(manifest, new Map(), hook) }, hook, []);
      }
      return 'assumed';
    case 'workspace': {
      const [member, ...words] = following;
      if (manifest === null || member === undefined) return 'assumed';
      const inner = words[0] === 'run' ? words.slice(1) : words;
      const [script, ...args] = inner;
      return script === undefined ? 'assumed' : inWorkspaces(call, manifest, [script], args, [member]);
    }
    case 'workspaces': {
      const words = following.filter((word) => !word.startsWith('-') && word !== 'foreach' && word !== 'run');
      const [script, ...args] = words;
      return manifest === null || script === undefined ? 'assumed' : inWorkspaces(call, manifest, [script], args);
    }
    case 'node':
      return call.shell.run.engine.execute({ ...call, name: 'node', args: following, raws: following });
  }
  if (tool === 'npm') return 'assumed';
  if (OWN_WORDS.has(verb) && manifest?.scripts.has(verb) !== true) return 'assumed';
  if (tool === 'bun' && /\.[cm]?[jt]sx?$/.test(verb))
    return call.shell.run.engine.execute({ ...call, name: 'node', args: call.args, raws: call.raws });
  // `yarn clean`, `pnpm clean`, `bun clean`: a script, or a program of node_modules/.bin.
  return start([verb], [...rest, ...parsed.after]);
}

/** npm-run-all, run-s, run-p. */
const runAll: Tool = (call) => {
  const manifest = manifestFor(call);
  if (manifest === null) return false;
  let ok: Ok = true;
  let continues = false;
  const parallel = call.name === 'run-p';
  for (let at = 0; at < call.args.length; at += 1) {
    const arg = call.args[at] ?? '';
    if (arg === '--') break;
    if (arg.startsWith('-')) {
      if (arg === '-c' || arg === '--continue-on-error') continues = true;
      if (['--max-parallel', '--npm-path', '--node-run'].includes(arg)) at += 1;
      if (
        (arg === '-s' || arg === '-p' || arg === '--serial' || arg === '--sequential' || arg === '--parallel') &&
        call.args[at + 1] === undefined
      )
        break;
      continue;
    }
    const [selector = ''] = arg.split(' ');
    const names = select(manifest, selector);
    // A selector without a script stops everything before anything runs.
    if (names.length === 0) return false;
  }
  for (const arg of call.args) {
    if (arg === '--') break;
    if (arg.startsWith('-')) continue;
    const [selector = '', ...words] = arg.split(' ');
    for (const name of select(manifest, selector)) {
      if (ok === false && !continues && !parallel) return false;
      const done = runScript(call, manifest, name, words);
      if (done === false) ok = false;
      else if (ok !== false && done !== null) ok = done;
    }
  }
  return ok;
};

/** turbo, lerna, nx, lage, wireit: the task in every package (and at the root) that has a script of the name. */
const monorepo: Tool = (call) => {
  const { name, args } = call;
  const words = args.filter((arg) => !arg.startsWith('-'));
  const dashes = args.indexOf('--');
  const [verb, ...rest] = dashes < 0 ? words : args.slice(0, dashes).filter((arg) => !arg.startsWith('-'));
  const manifest = manifestFor(call);
  if (verb === undefined || manifest === null) return 'assumed';
  if (name === 'lerna' && verb === 'clean') {
    for (const member of workspacesOf(call.shell.run, manifest)) {
      const path = `${member.directory}/node_modules`;
      removeAll(call.shell, 'lerna clean', [{ text: path, raw: path }], { recursive: true, force: true });
    }
    return 'assumed';
  }
  if (name === 'lerna' && verb === 'exec') {
    const command = args.slice(dashes < 0 ? args.indexOf('exec') + 1 : dashes + 1);
    for (const member of workspacesOf(call.shell.run, manifest)) {
      const inner = call.shell.spawn(call.shell.flavour);
      inner.cwd = member.directory;
      call.shell.run.engine.source(inner, command.map(quote).join(' '), call.io);
    }
    return 'assumed';
  }
  if (name === 'nx') {
    if (['reset', 'graph', 'report', 'migrate', 'connect', 'list', 'format', 'generate', 'g'].includes(verb))
      return 'assumed';
    const flag = args.find((arg) => /^(?:--targets?=|-t=)/.test(arg))?.replace(/^[^=]*=/, '');
    const next = args.findIndex((arg) => arg === '-t' || arg === '--target' || arg === '--targets');
    const target = flag ?? (next >= 0 ? args[next + 1] : undefined);
    const [project, task] = verb === 'run' ? (rest[0] ?? '').split(':') : [rest[0], verb];
    if (verb === 'run-many' || verb === 'affected') {
      const tasks = (target ?? rest[0] ?? '').split(',');
      for (const one of tasks) if (one !== '') nxTask(call, manifest, one, undefined);
      return 'assumed';
    }
    if (task !== undefined) nxTask(call, manifest, task, project);
    return 'assumed';
  }
  const tasks = verb === 'run' ? rest : name === 'turbo' || name === 'lage' ? [verb, ...rest] : [];
  for (const task of tasks) {
    inWorkspaces(call, manifest, [task], []);
    // turbo and lage run root tasks only when they are declared for the root; a script that calls itself is left out.
    if (call.shell.run.active.includes(`script ${manifest.directory} ${task}`)) continue;
    const turbo = call.shell.run.tree.text(`${manifest.directory}/turbo.json`);
    if (name === 'turbo' && turbo?.includes(`//#${task}`) === true) runScript(call, manifest, task, []);
  }
  return 'assumed';
};

function nxTask(call: Call, manifest: Manifest, task: string, project: string | undefined): void {
  const members = [manifest, ...workspacesOf(call.shell.run, manifest)];
  for (const member of members) {
    if (project !== undefined && member.name !== project && !member.directory.endsWith(`/${project}`)) continue;
    runScript(call, member, task, []);
  }
}

/** pnpm -r exec, lerna, … in globs of directories are rare enough to leave to `inWorkspaces`. */
export const PACKAGE_TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['npm', manager],
  ['yarn', manager],
  ['yarnpkg', manager],
  ['pnpm', manager],
  ['bun', manager],
  ['npm-run-all', runAll],
  ['npm-run-all2', runAll],
  ['run-s', runAll],
  ['run-p', runAll],
  ['turbo', monorepo],
  ['lerna', monorepo],
  ['nx', monorepo],
  ['lage', monorepo],
  ['run', (call) => manage(call, 'yarn', parse(['run', ...call.args], 'yarn'))],
]);

export { manifestAt, walkGlob };
