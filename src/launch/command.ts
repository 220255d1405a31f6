/**
 * What a start command really starts: which script node gets, in which directory, with which variables, through which programs.
 * Follows `npm run`, wrappers, `cd`, shell scripts and pm2 files of the project. Nothing is run.
 */
import { type AbsolutePath, absolutePath, baseName, parentOf, resolvePath } from '../model/path.ts';
import { parseDotenv } from './env-file.ts';
import { readManifest } from './manifest.ts';
import type { Pm2App } from './pm2-file.ts';
import {
  FRAMEWORKS,
  MANAGER_COMMANDS,
  PACKAGE_MANAGERS,
  RUNTIMES,
  valueOptions,
  WRAPPERS,
  type Wrapper,
} from './runners.ts';
import { endsBefore, type SimpleCommand, shellCommands, type Value } from './shell.ts';
import { directoryOf } from './tree.ts';
import { toProject, type World } from './world.ts';

/** `npm run a` → `npm run b` → … and shell scripts calling shell scripts. */
const FOLLOW_LIMIT = 12;
const STARTED_LIMIT = 32;

const SHELLS = /^(ba|da|a|z|)sh$/;

/** Where supervisord looks when it is given no file (supervisord.org, configuration). */
const SUPERVISOR_PLACES = [
  '/etc/supervisord.conf',
  '/etc/supervisor/supervisord.conf',
  '/etc/supervisor/conf.d/supervisord.conf',
  'supervisord.conf',
];

/** One program that a command starts. */
export interface Started {
  /** Program that runs the script: `node`, `tsx`, `nest`. */
  readonly runtime: string;
  /** The script, in the launch's file system; `null`: the program finds it itself. */
  readonly entry: AbsolutePath | null;
  readonly cwd: AbsolutePath | null;
  /** Variables that the command itself sets. */
  readonly env: ReadonlyMap<string, string>;
  /** Variables that it sets in a way that cannot be read. */
  readonly hidden: readonly string[];
  /** From the first process to the runtime. */
  readonly chain: readonly string[];
  readonly user: string | null;
  readonly pm2: Pm2App | null;
  /** Script names and files on the way. */
  readonly via: readonly string[];
}

interface Context {
  readonly cwd: AbsolutePath | null;
  readonly env: ReadonlyMap<string, Value>;
  readonly chain: readonly string[];
  readonly user: string | null;
  readonly hidden: readonly string[];
  readonly via: readonly string[];
  readonly depth: number;
  /** Are we the only command of a shell text (which then replaces itself by it)? */
  readonly alone: boolean;
}

/** Where and in which environment a command begins. */
export interface CommandStart {
  readonly cwd: AbsolutePath | null;
  /** Environment in force before the command; it is used for `$NAME` and is not repeated in `Started.env`. */
  readonly env: ReadonlyMap<string, string>;
}

const programName = (word: string): string => baseName(word as AbsolutePath).replace(/\.(exe|cmd)$/i, '');

/** A command, or an application of pm2. */
export type StartCommand = CommandText | { readonly app: Pm2App };

/** Is the command given as words (exec form) or as text for a shell? */
export type CommandText =
  | { readonly words: readonly string[] }
  | { readonly shell: string; readonly with?: readonly string[] };

/** Everything that a command starts in a JavaScript runtime, in order. Never throws. */
export async function startedBy(command: CommandText, start: CommandStart, world: World): Promise<readonly Started[]> {
  return (await followCommand(command, start, world)).started;
}

/** What a command starts, and what could not be followed: a script that is not in the tree, a program named by a variable. */
export async function followCommand(
  command: StartCommand,
  start: CommandStart,
  world: World,
): Promise<{ started: readonly Started[]; lost: readonly string[] }> {
  const follow = new Follow(world, start.env);
  const context: Context = {
    cwd: start.cwd,
    env: new Map(),
    chain: [],
    user: null,
    hidden: [],
    via: [],
    depth: 0,
    alone: true,
  };
  if ('app' in command) {
    await follow.app(command.app, context);
  } else if ('words' in command) {
    await follow.words(command.words, context);
  } else {
    const shell = programName(command.with?.[0] ?? 'sh');
    await follow.text(command.shell, { ...context, chain: [shell] });
  }
  return { started: follow.started, lost: follow.lost };
}

class Follow {
  readonly started: Started[] = [];
  readonly lost: string[] = [];
  readonly world: World;
  readonly base: ReadonlyMap<string, string>;

  constructor(world: World, base: ReadonlyMap<string, string>) {
    this.world = world;
    this.base = base;
  }

  async text(text: string, context: Context): Promise<void> {
    if (context.depth > FOLLOW_LIMIT) return;
    const variables = new Map<string, Value>([...this.base, ...context.env]);
    const commands = await shellCommands(text, context.cwd, variables);
    const results: { command: SimpleCommand; started: Started[] }[] = [];
    const earlier = this.started.splice(0);
    for (const command of commands) {
      if (results.length >= STARTED_LIMIT) break;
      await this.simple(command, context);
      const started = this.started.splice(0);
      if (started.length > 0) results.push({ command, started });
    }
    // What must end before something else starts prepares it and is not the bot; pm2 and forever go on in the background.
    const stays = (one: Started): boolean => one.pm2 !== null || one.runtime === 'forever';
    for (const { command, started } of results) {
      const followed = results.some((other) => other.command !== command && endsBefore(command, other.command));
      this.started.push(...started.filter((one) => !followed || stays(one)));
    }
    this.started.unshift(...earlier);
  }

  async simple(command: SimpleCommand, context: Context): Promise<void> {
    const env = new Map(context.env);
    for (const name of command.state.exported) env.set(name, command.state.variables.get(name) ?? null);
    // A variable that was already in the environment stays exported when the script assigns it anew.
    for (const [name, value] of command.state.variables) {
      if ((this.base.has(name) || context.env.has(name)) && name !== 'PWD') {
        if (value !== (context.env.get(name) ?? this.base.get(name))) env.set(name, value);
      }
    }
    for (const [name, value] of command.assignments) env.set(name, value);
    // bash and zsh become their only command; dash stays as its parent (measured: Debian 12's dash 0.5.12 and bash 5.2).
    const replaced = command.alone && context.alone && /^(ba|z)sh$/.test(context.chain.at(-1) ?? '');
    await this.words(command.words, {
      ...context,
      env,
      cwd: command.state.cwd,
      chain: replaced ? context.chain.slice(0, -1) : context.chain,
      depth: context.depth + 1,
      alone: false,
    });
  }

  async words(words: readonly Value[], context: Context): Promise<void> {
    if (context.depth > FOLLOW_LIMIT) return;
    const first = words[0];
    if (first === null) this.lost.push('a program that is named by a variable');
    if (first === undefined || first === null || first === '') return;
    const name = programName(first);
    if (PACKAGE_MANAGERS.has(name)) {
      if (await this.manager(name, words, context)) return;
    }
    if (name === 'supervisord') return this.supervisord(words, context);
    if (name === 'pm2' || name === 'pm2-runtime' || name === 'pm2-docker') return this.pm2(name, words, context);
    if (name === 'docker-entrypoint.sh' && words.length > 1 && toExisting(this.world, first, context.cwd) === null) {
      return this.words(words.slice(1), context);
    }
    if (name === 'dotenv' && words[1] !== undefined)
      return this.wrapper(name, { replaces: false, values: ['-e', '-v', '-c'], envFile: ['-e'] }, words, context);
    const wrapper = WRAPPERS.get(name);
    if (wrapper !== undefined) return this.wrapper(name, wrapper, words, context);
    if (name === 'concurrently' || name === 'npm-run-all' || name === 'run-p' || name === 'run-s') {
      return this.several(name, words, context);
    }
    if (name === 'sh' || name === 'bash' || name === 'ash' || name === 'dash' || name === 'zsh') {
      return this.shell(name, words, context);
    }
    if (name === '.' || name === 'source') {
      const script = words[1];
      if (script != null) await this.script(script, context);
      return;
    }
    if (name === 'node' && words.length >= 2) {
      // Tools that are called by their file: `node node_modules/.bin/tsx src/index.ts`.
      const tool = words.findIndex((word) => word?.includes('node_modules/') === true);
      const target = tool > 0 ? words[tool] : null;
      if (target != null) {
        const called = toolName(target);
        if (called !== null)
          return this.words([called, ...words.slice(tool + 1)], { ...context, chain: [...context.chain, 'node'] });
      }
    }
    if (RUNTIMES.has(name)) return this.runtime(name, words, context);
    const framework = FRAMEWORKS.get(name);
    if (framework !== undefined) {
      const word = words[1];
      if (framework.words.length === 0 || (word != null && framework.words.includes(word))) {
        const entry =
          framework.entry !== null && context.cwd !== null ? resolvePath(context.cwd, framework.entry) : null;
        this.add(name, entry, [...context.chain, name], context);
      }
      return;
    }
    if (name === 'node_modules' || first.includes('/') || first.endsWith('.sh'))
      await this.program(first, words, context);
  }

  add(
    runtime: string,
    entry: AbsolutePath | null,
    chain: readonly string[],
    context: Context,
    pm2: Pm2App | null = null,
  ): void {
    const env = new Map<string, string>();
    const hidden = [...context.hidden];
    for (const [name, value] of context.env) {
      if (value !== null) env.set(name, value);
      else hidden.push(`${name} is set to a value that is known only at run time`);
    }
    this.started.push({
      runtime,
      entry,
      cwd: context.cwd,
      env,
      hidden,
      chain,
      user: context.user,
      pm2,
      via: context.via,
    });
  }

  async wrapper(name: string, wrapper: Wrapper, words: readonly Value[], context: Context): Promise<void> {
    const env = new Map(context.env);
    const hidden = [...context.hidden];
    let { cwd, user } = context;
    let at = 1;
    if (wrapper.dashes) {
      const dashes = words.indexOf('--');
      if (dashes < 0 && name !== 'dotenvx') return;
      if (dashes > 0) {
        for (let option = 1; option < dashes; option += 1) {
          const word = words[option];
          if (word != null && wrapper.envFile?.includes(word))
            await this.envFile(words[option + 1] ?? null, context, env, hidden);
        }
        at = dashes + 1;
      }
    }
    let operands = wrapper.operands ?? 0;
    for (; at < words.length; at += 1) {
      const word = words[at];
      if (word === undefined || word === null) {
        if (operands === 0) return;
        operands -= 1;
        continue;
      }
      if (word === '--') {
        at += 1;
        break;
      }
      if (word.startsWith('-') && word.length > 1) {
        if (name === 'npx' && (word === '-c' || word === '--call')) {
          const text = words[at + 1];
          if (text != null) await this.text(text, { ...context, chain: [...context.chain, name, 'sh'] });
          return;
        }
        if (wrapper.envFile?.includes(word)) await this.envFile(words[at + 1] ?? null, context, env, hidden);
        if ((name === 'sudo' || name === 'chpst') && word === '-u') user = words[at + 1] ?? null;
        if (name === 'env' && (word === '-C' || word === '--chdir')) {
          const target = words[at + 1];
          cwd = target != null && cwd !== null ? resolvePath(cwd, target) : null;
        }
        if (wrapper.values?.includes(word)) at += 1;
        continue;
      }
      const equals = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word);
      if (wrapper.assigns && equals !== null) {
        env.set(equals[1] ?? '', equals[2] ?? '');
        continue;
      }
      if (operands > 0) {
        operands -= 1;
        if (wrapper.user) user = word;
        continue;
      }
      break;
    }
    const rest = words.slice(at);
    const only = rest[0];
    const chain = wrapper.replaces ? context.chain : [...context.chain, name];
    const shellGone =
      wrapper.replaces && (name === 'exec' || name === 'su-exec' || name === 'gosu')
        ? withoutShell(context.chain)
        : chain;
    const inner: Context = {
      ...context,
      env,
      hidden,
      cwd,
      user,
      chain: name === 'exec' ? shellGone : chain,
      depth: context.depth + 1,
    };
    if (wrapper.shell && rest.length === 1 && only != null) return this.text(only, inner);
    await this.words(rest, inner);
  }

  async envFile(file: Value, context: Context, env: Map<string, Value>, hidden: string[]): Promise<void> {
    if (file === null || context.cwd === null) {
      hidden.push('an environment file whose name is not known');
      return;
    }
    const path = toProject(this.world, resolvePath(context.cwd, file));
    const text = path === null ? null : this.world.project.text(path);
    if (text === null) {
      hidden.push(`the environment file ${file} is not in the tree`);
      return;
    }
    const parsed = await parseDotenv(text);
    if (!parsed.ok) {
      this.world.project.problem(`${path}: ${parsed.reason}`);
      hidden.push(`the environment file ${file} could not be read: ${parsed.reason}`);
      return;
    }
    // What is set already wins over the file (node --env-file, dotenv, dotenvx alike).
    for (const [name, value] of parsed.values) if (!env.has(name) && !this.base.has(name)) env.set(name, value);
  }

  /** `npm start`, `yarn dev`, `pnpm --filter bot run start`, `bun run index.ts`. Returns false when it is not such a call. */
  async manager(name: string, words: readonly Value[], context: Context): Promise<boolean> {
    let at = 1;
    let cwd = context.cwd;
    let workspace: string | null = null;
    const option = (long: readonly string[], word: string): string | null => {
      for (const candidate of long) {
        if (word === candidate) {
          at += 1;
          return words[at] ?? '';
        }
        if (word.startsWith(`${candidate}=`)) return word.slice(candidate.length + 1);
      }
      return null;
    };
    const plain: string[] = [];
    for (; at < words.length; at += 1) {
      const word = words[at];
      if (word === undefined || word === null) return plain.length === 0;
      if (word === '--') break;
      if (word.startsWith('-')) {
        const directory = option(['--prefix', '-C', '--dir', '--cwd'], word);
        if (directory !== null) {
          cwd = cwd !== null && directory !== '' ? resolvePath(cwd, directory) : null;
          continue;
        }
        const space = option(['--workspace', '-w', '--filter', '-F'], word);
        if (space !== null) workspace = space;
        else if (name === 'bun') {
          if (valueOptions('bun').has(word)) at += 1;
        }
        continue;
      }
      plain.push(word);
      // What follows a script's name are the script's own arguments.
      if (plain.length >= 2) break;
    }
    let verb = plain[0];
    if (verb === undefined) {
      if (name === 'bun') return true;
      return true;
    }
    if ((name === 'yarn' || name === 'yarnpkg') && verb === 'workspace') {
      workspace = plain[1] ?? null;
      const rest = words.slice(at + 1);
      const next = rest[0] === 'run' ? rest[1] : rest[0];
      if (next == null) return true;
      verb = 'run';
      plain.splice(0, plain.length, 'run', next);
    }
    if (workspace !== null && cwd !== null) cwd = this.workspace(workspace, cwd);
    if (verb === 'exec' || verb === 'x' || verb === 'dlx' || (verb === 'node' && name !== 'npm')) {
      const from = words.indexOf(verb);
      const rest = words
        .slice(verb === 'node' ? from : from + 1)
        .filter((word, index) => !(index === 0 && word === '--'));
      await this.words(rest, { ...context, cwd, chain: [...context.chain, name], depth: context.depth + 1 });
      return true;
    }
    const named = verb === 'run' || verb === 'run-script' || verb === 'rum';
    const scriptName = named ? plain[1] : verb;
    if (scriptName === undefined) return true;
    if (
      !named &&
      (MANAGER_COMMANDS.has(verb) || (name === 'npm' && !['start', 'stop', 'restart', 'test'].includes(verb)))
    )
      return true;
    const given = scriptArguments(name, words.slice(words.indexOf(scriptName) + 1));
    if (await this.packageScript(name, scriptName, cwd, context, given)) return true;
    if (named || scriptName === 'start') this.lost.push(`the package script ${scriptName}`);
    if (name === 'bun' && cwd !== null && (scriptName.includes('.') || scriptName.includes('/'))) {
      // `bun run file.ts` and `bun file.ts` run the file.
      this.add('bun', resolvePath(cwd, scriptName), [...context.chain, 'bun'], { ...context, cwd });
    } else if ((name === 'yarn' || name === 'pnpm' || name === 'bun') && !named) {
      // yarn, pnpm and bun run a program of node_modules/.bin when there is no such script.
      const from = words.indexOf(scriptName);
      await this.words(words.slice(from), {
        ...context,
        cwd,
        chain: [...context.chain, name],
        depth: context.depth + 1,
      });
    }
    return true;
  }

  /** Run a script of the package.json at `cwd` as the package manager does. */
  async packageScript(
    manager: string,
    script: string,
    cwd: AbsolutePath | null,
    context: Context,
    given: readonly string[] = [],
  ): Promise<boolean> {
    const found = cwd === null ? null : this.manifestAbove(cwd);
    if (found === null) return false;
    const { directory, manifest } = found;
    let text = manifest.scripts.get(script);
    if (text === undefined && script === 'start' && manager === 'npm') {
      const path = toProject(this.world, resolvePath(directory, 'server.js'));
      // npm's own default (docs.npmjs.com/cli/commands/npm-start).
      if (path !== null && this.world.project.exists(path)) text = 'node server.js';
    }
    if (text === undefined) return false;
    const via = `${script}`;
    if (context.via.includes(`${directory}:${via}`)) return true;
    await this.text([text, ...given].join(' '), {
      ...context,
      cwd: directory,
      chain: [...context.chain, manager, 'sh'],
      via: [...context.via, `${directory}:${via}`],
      depth: context.depth + 1,
      alone: true,
    });
    return true;
  }

  manifestAbove(
    cwd: AbsolutePath,
  ): { directory: AbsolutePath; manifest: NonNullable<ReturnType<typeof readManifest>> } | null {
    for (let at = cwd; ; at = parentOf(at)) {
      const manifest = this.manifestAt(at);
      if (manifest !== null) return { directory: at, manifest };
      if (at === '/') return null;
    }
  }

  /** The package.json that lies in a directory of the launch's file system. */
  manifestAt(directory: AbsolutePath): ReturnType<typeof readManifest> {
    const path = toProject(this.world, resolvePath(directory, 'package.json'));
    return path === null ? null : readManifest(this.world.project, directoryOf(path));
  }

  /** The directory of a workspace that is named by its package name or by its path. */
  workspace(name: string, cwd: AbsolutePath): AbsolutePath | null {
    const plain = name
      .replace(/^\.\//, '')
      .replace(/\.\.\.$/, '')
      .replace(/^\{|\}$/g, '');
    const direct = resolvePath(cwd, plain);
    const path = toProject(this.world, direct);
    if (path !== null && this.world.project.exists(`${path}/package.json`)) return direct;
    for (const file of this.world.project.tree.files) {
      if (file.name !== 'package.json' || file.directory === '') continue;
      const manifest = readManifest(this.world.project, file.directory);
      if (manifest?.name !== plain) continue;
      const root = toProject(this.world, cwd);
      if (root === null) return null;
      const below =
        root === ''
          ? file.directory
          : file.directory.startsWith(`${root}/`)
            ? file.directory.slice(root.length + 1)
            : null;
      return below === null ? null : resolvePath(cwd, below);
    }
    return null;
  }

  async several(name: string, words: readonly Value[], context: Context): Promise<void> {
    const inner: Context = { ...context, chain: [...context.chain, name, 'sh'], depth: context.depth + 1, alone: true };
    for (const word of words.slice(1)) {
      if (word === null || word.startsWith('-')) continue;
      if (name !== 'concurrently') await this.packageScript('npm', word, context.cwd, context);
      else if (/^(npm|yarn|pnpm|bun):/.test(word)) {
        const script = word.slice(word.indexOf(':') + 1);
        await this.packageScript('npm', script, context.cwd, inner);
      } else if (/\s/.test(word)) await this.text(word, inner);
    }
  }

  async shell(name: string, words: readonly Value[], context: Context): Promise<void> {
    for (let at = 1; at < words.length; at += 1) {
      const word = words[at];
      if (word === undefined || word === null) return;
      if (/^-[a-z]*c$/.test(word)) {
        // More options may stand between `-c` and the text: `bash -c -l "…"`.
        let next = at + 1;
        while (words[next]?.startsWith('-') === true) next += 1;
        const text = words[next];
        if (text != null)
          await this.text(text, { ...context, chain: [...context.chain, name], depth: context.depth + 1, alone: true });
        return;
      }
      if (word.startsWith('-')) {
        if (word === '-o' || word === '-O') at += 1;
        continue;
      }
      return this.script(word, { ...context, chain: [...context.chain, name] });
    }
  }

  /** A shell script of the project. */
  async script(path: string, context: Context): Promise<void> {
    if (context.cwd === null) return;
    const file = toProject(this.world, resolvePath(context.cwd, path));
    const text = file === null ? null : this.world.project.text(file);
    if (text === null || file === null) {
      this.lost.push(`the script ${path}`);
      return;
    }
    if (context.via.includes(file)) return;
    const variables = context.env;
    await this.text(withScriptDirectory(text, resolvePath(context.cwd, path)), {
      ...context,
      env: variables,
      via: [...context.via, file],
      depth: context.depth + 1,
      alone: false,
    });
  }

  /** A program given by its path: a shell script or a JavaScript file of the project with `#!`. */
  async program(path: string, words: readonly Value[], context: Context): Promise<void> {
    const tool = toolName(path);
    if (tool !== null) return this.words([tool, ...words.slice(1)], { ...context, depth: context.depth + 1 });
    if (context.cwd === null) return;
    const absolute = resolvePath(context.cwd, path);
    const file = toProject(this.world, absolute);
    const text = file === null ? null : this.world.project.text(file);
    if (text === null) {
      this.lost.push(`the program ${path}`);
      return;
    }
    if (/^#!.*\b(node|bun|tsx|ts-node)\b/.test(text)) {
      this.add('node', absolute, [...context.chain, 'node'], context);
    } else if (/^#!.*sh\b/.test(text) || path.endsWith('.sh')) {
      await this.script(path, { ...context, chain: [...context.chain, 'sh'] });
      // `exec "$@"` at the end of an entrypoint hands over to the command.
      if (/^\s*exec\s+(?:[\w./-]+\s+)*["']?\$\{?[@*]/m.test(text)) {
        await this.words(words.slice(1), { ...context, depth: context.depth + 1 });
      }
    }
  }

  async runtime(name: string, words: readonly Value[], context: Context): Promise<void> {
    const withValue = valueOptions(name);
    const env = new Map(context.env);
    const hidden = [...context.hidden];
    let cwd = context.cwd;
    let exec: string | null = null;
    let at = 1;
    if (name === 'forever' && ['start', 'restart'].includes(words[at] ?? '')) at += 1;
    if (name === 'deno') {
      if (words[at] !== 'run' && words[at] !== 'serve') return;
      at += 1;
    }
    for (; at < words.length; at += 1) {
      const word = words[at];
      if (word === undefined || word === null)
        return this.add(name, null, [...context.chain, name], { ...context, env, hidden, cwd });
      if ((name === 'tsx' || name === 'bun') && (word === 'watch' || word === 'run')) continue;
      if (word === '--') continue;
      if (!word.startsWith('-') || word === '-') break;
      // Not a program of the project: text, a syntax check, the tests.
      if (
        ['-e', '--eval', '-p', '--print', '-c', '--check', '-v', '--version', '--test', '-h', '--help'].includes(
          word,
        ) &&
        (name === 'node' || name === 'nodejs')
      )
        return;
      const equals = word.indexOf('=');
      const option = equals < 0 ? word : word.slice(0, equals);
      const value = equals < 0 ? (words[at + 1] ?? null) : word.slice(equals + 1);
      if (option === '--env-file' || option === '--env-file-if-exists') {
        if (
          option === '--env-file' ||
          (value !== null && cwd !== null && toExisting(this.world, value, cwd) !== null)
        ) {
          await this.envFile(value, { ...context, cwd }, env, hidden);
        }
      }
      if ((option === '--cwd' || option === '--workingDir') && value !== null && cwd !== null)
        cwd = resolvePath(cwd, value);
      if ((option === '-x' || option === '--exec') && (name === 'nodemon' || name === 'supervisor')) exec = value;
      if (equals < 0 && withValue.has(option)) at += 1;
    }
    const inner: Context = { ...context, env, hidden, cwd };
    const script = words[at];
    if (exec !== null) {
      // `nodemon --exec "ts-node" src/index.ts`, `nodemon --exec "npm run go"`.
      const chain = [...context.chain, name, 'sh'];
      const tail = script === undefined || script === null ? '' : ` ${script}`;
      return this.text(exec + tail, { ...inner, chain, depth: context.depth + 1, alone: true });
    }
    const chain = [...context.chain, name === 'nodejs' ? 'node' : name];
    if (script === undefined || script === null) {
      // nodemon without a file runs what package.json calls main.
      if (name === 'nodemon' && cwd !== null) return this.add(name, this.mainOf(cwd), [...chain, 'node'], inner);
      if (name === 'tsx' || name === 'node' || name === 'bun') return;
      return this.add(name, null, chain, inner);
    }
    if (cwd === null) return this.add(name, script.startsWith('/') ? (script as AbsolutePath) : null, chain, inner);
    const path = resolvePath(cwd, script);
    const entry = script === '.' || script === './' || this.isDirectory(path) ? this.mainOf(path) : path;
    const extra = ['nodemon', 'forever', 'supervisor', 'ts-node-dev', 'tsnd', 'node-dev'].includes(name)
      ? ['node']
      : [];
    this.add(name, entry ?? path, [...chain, ...extra], inner);
  }

  isDirectory(path: AbsolutePath): boolean {
    const file = toProject(this.world, path);
    return file !== null && this.world.project.isDirectory(file);
  }

  /** What node runs for a directory. */
  mainOf(directory: AbsolutePath): AbsolutePath | null {
    return resolvePath(directory, this.manifestAt(directory)?.main ?? 'index.js');
  }

  async pm2(name: string, words: readonly Value[], context: Context): Promise<void> {
    const { pm2Command } = await import('./pm2-command.ts');
    const apps = await pm2Command(name, words, context.cwd, this.world);
    for (const app of apps) await this.app(app, context);
  }

  /** The programs of the configuration that supervisord is given. */
  async supervisord(words: readonly Value[], context: Context): Promise<void> {
    const at = words.findIndex((word) => word === '-c' || word === '--configuration');
    const named = at < 0 ? null : (words[at + 1] ?? null);
    const { supervisorPrograms } = await import('./supervisor-file.ts');
    const candidates = named === null ? SUPERVISOR_PLACES : [named];
    for (const candidate of candidates) {
      const file = toExisting(this.world, candidate, context.cwd);
      const text = file === null ? null : this.world.project.text(file);
      if (text === null) continue;
      for (const program of await supervisorPrograms(text)) {
        const cwd = program.directory === null ? context.cwd : directoryFrom(context.cwd, program.directory);
        await this.words(program.words, {
          ...context,
          cwd,
          env: new Map([...context.env, ...program.env]),
          user: program.user ?? context.user,
          chain: [...context.chain, 'supervisord'],
          depth: context.depth + 1,
          alone: true,
        });
      }
      return;
    }
    this.lost.push(`the configuration of supervisord${named === null ? '' : ` ${named}`}`);
  }

  /** One application as pm2 starts it. */
  async app(app: Pm2App, context: Context): Promise<void> {
    const { script } = app;
    if (script === null) return;
    const cwd = app.cwd === null ? context.cwd : directoryFrom(context.cwd, app.cwd);
    const env = new Map<string, Value>(context.env);
    for (const [key, value] of app.env) env.set(key, value);
    const before = this.started.length;
    await this.words(pm2Words(app, script), {
      ...context,
      cwd,
      env,
      hidden: [...context.hidden, ...app.hidden],
      chain: [...context.chain, 'pm2'],
      depth: context.depth + 1,
      alone: true,
    });
    for (let at = before; at < this.started.length; at += 1) {
      const one = this.started[at];
      if (one !== undefined) this.started[at] = { ...one, pm2: app };
    }
  }
}

/** The command line that pm2 makes of an application (pm2, lib/Common.js). */
function pm2Words(app: Pm2App, script: string): string[] {
  const tool = toolName(script);
  if (tool !== null) return [tool, ...app.args];
  if (/\s/.test(script)) return ['sh', '-c', script];
  const plain = !/[./]/.test(script) || app.interpreter === 'none';
  if (plain) return [script, ...app.args];
  const byName = /\.tsx?$/.test(script) ? 'ts-node' : script.endsWith('.sh') ? 'bash' : 'node';
  // `node@20` is a version that pm2 installs by nvm.
  return [app.interpreter?.replace(/@.*$/, '') ?? byName, ...app.nodeArgs, script, ...app.args];
}

function directoryFrom(base: AbsolutePath | null, path: string): AbsolutePath | null {
  if (path.startsWith('/')) return absolutePath(path);
  return base === null ? null : resolvePath(base, path);
}

/** The shell before us that `exec` replaces. */
function withoutShell(chain: readonly string[]): readonly string[] {
  const last = chain.at(-1);
  return last !== undefined && SHELLS.test(last) ? chain.slice(0, -1) : chain;
}

/** The tool behind a path into node_modules: `./node_modules/.bin/nodemon`, `node_modules/nodemon/bin/nodemon.js`. */
function toolName(path: string): string | null {
  const bin = /node_modules\/\.bin\/([^/]+)$/.exec(path);
  if (bin !== null) return bin[1] ?? null;
  const inside = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path);
  return inside === null ? null : (inside[1] ?? null);
}

/** The project's file for a path as a command writes it, when it exists. */
function toExisting(world: World, path: string, cwd: AbsolutePath | null): string | null {
  if (cwd === null && !path.startsWith('/')) return null;
  const file = toProject(world, resolvePath(cwd ?? ('/' as AbsolutePath), path));
  return file !== null && world.project.exists(file) ? file : null;
}

/** `cd "$(dirname "$0")"` and its kin are how scripts find themselves; the answer is known. */
function withScriptDirectory(text: string, script: AbsolutePath): string {
  const directory = parentOf(script);
  return text
    .replace(
      /\$\(\s*cd\s+(?:--\s+)?"?\$\(dirname (?:--\s+)?"?\$(?:0|\{0\}|\{?BASH_SOURCE(?:\[0\])?\}?)"?\)"?\s*(?:>\s*\/dev\/null(?:\s+2>&1)?\s*)?(?:&&|;)\s*pwd(?: -P)?\s*\)/g,
      directory,
    )
    .replace(/\$\(dirname (?:--\s+)?"?\$(?:0|\{0\}|\{?BASH_SOURCE(?:\[0\])?\}?)"?\)/g, directory);
}

/** What a package manager hands on to a script, quoted for the shell that runs it. */
function scriptArguments(manager: string, words: readonly Value[]): string[] {
  const end = words.indexOf('--');
  const before = end < 0 ? words : words.slice(0, end);
  const after = end < 0 ? [] : words.slice(end + 1);
  // npm reads options itself, up to `--`.
  const own = manager === 'npm' ? before.filter((word) => word?.startsWith('-') === false) : before;
  return [...own, ...after].flatMap((word) => (word === null ? [] : [`'${word.replaceAll("'", "'\\''")}'`]));
}
