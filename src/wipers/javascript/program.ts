import { type AbsolutePath, absolutePath, isInside, relativeTo } from '../../model/path.ts';
import { buildModule, type SourceModule } from '../../session/source/module.ts';
import type { ParseSource } from '../../session/source/parse.ts';
import { type CallNode, keyName } from '../../session/source/syntax.ts';
import type { SourceTree } from '../../session/source/tree.ts';
import { UNKNOWN_TEXT } from '../effect.ts';
import type { Tree } from '../shell/tree.ts';
import type { World } from '../world.ts';
import { Files } from './files.ts';
import { handleUnknownCall } from './handlers.ts';
import { libraryModule, logout, looksLikeClient } from './library.ts';
import { Machine } from './machine.ts';
import { fromData, languageGlobals, memberOf } from './members.ts';
import { fileModule, osModule, pathModule, urlClass, urlModule } from './node-modules.ts';
import { processObject, timers } from './process.ts';
import { Scope, type Unit } from './scope.ts';
import { hoist, run } from './statements.ts';
import {
  childProcess,
  delModule,
  execaModule,
  globModule,
  plainRemover,
  promptModule,
  type RunShell,
  rimrafModule,
  shelljsModule,
  type ToolBox,
  zxModule,
} from './tool-modules.ts';
import { Func, native, Obj, Settled, Unknown, type Value } from './value.ts';

/** What stays the same for every program of one project. */
export interface Surroundings {
  readonly world: World;
  readonly root: AbsolutePath;
  readonly home: AbsolutePath | null;
  readonly parse: ParseSource;
  /** For aliases, workspaces and the names of the library; `null`: only relative imports are followed. */
  readonly source: SourceTree | null;
  readonly shell: RunShell | null;
  /** Parsed files by absolute path; shared between programs. */
  readonly modules: Map<string, SourceModule | null>;
}

const EXTENSIONS = ['', '.js', '.cjs', '.mjs', '.ts', '.cts', '.mts', '.tsx', '.jsx', '.json'];
const ASKING = new Set([
  'readline',
  'readline/promises',
  'readline-sync',
  'inquirer',
  'prompts',
  'enquirer',
  '@inquirer/prompts',
  'prompt-sync',
  '@clack/prompts',
]);
const GLOBBING = new Set(['glob', 'globby', 'fast-glob', 'tinyglobby']);
const REMOVERS = new Set(['trash', 'premove', 'rmdir', 'rm-rf', 'rmfr', 'fs-remove', 'del-empty']);

/** One program ready to be acted out. */
export class Program {
  readonly machine = new Machine();
  readonly files: Files;
  readonly units = new Map<string, Unit>();
  readonly environment: Obj;
  private readonly native = new Map<string, Value>();
  private readonly around: Surroundings;
  private readonly box: ToolBox;

  constructor(
    around: Surroundings,
    tree: Tree,
    start: {
      readonly cwd: string;
      readonly env: ReadonlyMap<string, string>;
      readonly args: readonly string[];
      readonly main: string;
      readonly via: readonly string[];
    },
  ) {
    this.around = around;
    const { machine } = this;
    this.files = new Files(machine, tree, start.cwd, start.via);
    this.environment = new Obj(start.env);
    this.box = { machine, files: this.files, env: start.env, shell: around.shell, major: (name) => this.major(name) };
    const language = languageGlobals(machine);
    const process = processObject(machine, this.files, this.environment, [start.main, ...start.args]);
    language.set('process', process);
    language.set('URL', urlClass());
    language.set('\u0000main', start.main);
    for (const [name, value] of timers(machine)) language.set(name, value);
    machine.globals = (name) => {
      const known = language.get(name);
      if (known !== undefined || language.has(name)) return known;
      // `node -e` offers the modules of node as globals, zx its tools.
      if (/^(?:fs|path|os|child_process|readline|url)$/.test(name)) return this.module(name);
      if (/^(?:\$|cd|question|within|glob|echo|sleep)$/.test(name)) return memberOf(machine, this.module('zx'), name);
      return new Unknown(name);
    };
    machine.member = (object, name) => memberOf(machine, object, name);
    machine.load = (unit, specifier) => this.load(unit, specifier);
    machine.unknownCall = (target, call, node, unit) => handleUnknownCall(machine, target, call, node, unit);
    machine.beforeCall = (node, callee, self, args, unit) => this.lookForLogout(node, callee, self, args, unit);
  }

  /** `x.logout()` on something that is not known, and is the bot's client by its name. */
  private lookForLogout(node: CallNode, callee: Value, self: Value, args: readonly Value[], unit: Unit): void {
    let at = node.callee;
    while (at.type === 'TSNonNullExpression' || at.type === 'ChainExpression') at = at.expression as typeof at;
    if (at.type !== 'MemberExpression' || args.length > 0 || keyName(at.property, at.computed) !== 'logout') return;
    const known =
      callee instanceof Func ||
      (self !== undefined && self !== null && !(self instanceof Unknown) && !(self instanceof Obj && self.open));
    if (!known && looksLikeClient(unit.source.text(at.object, 200))) logout(this.files, []);
  }

  private major(name: string): number | null {
    const { world, root } = this.around;
    const read = (path: string): unknown => {
      const text = world.text(absolutePath(`${root}/${path}`));
      try {
        return text === null ? null : JSON.parse(text);
      } catch {
        return null;
      }
    };
    const installed = read(`node_modules/${name}/package.json`) as { version?: unknown } | null;
    const manifest = read('package.json') as Record<string, Record<string, unknown> | undefined> | null;
    const range = installed?.version ?? manifest?.['dependencies']?.[name] ?? manifest?.['devDependencies']?.[name];
    const digits = typeof range === 'string' ? /\d+/.exec(range) : null;
    return digits === null ? null : Number(digits[0]);
  }

  /** A module that the model knows: node's own, or a package that deletes, runs or asks. */
  private module(name: string): Value {
    const known = this.native.get(name);
    if (known !== undefined) return known;
    const made = this.makeModule(name);
    this.native.set(name, made);
    return made;
  }

  private makeModule(name: string): Value {
    const { machine, files, box } = this;
    if (
      name === 'fs' ||
      name === 'fs/promises' ||
      name === 'fs-extra' ||
      name === 'graceful-fs' ||
      name === 'fs-extra/esm'
    ) {
      const { fs, promises, extra } = fileModule(machine, files);
      const globs = globModule(box);
      fs.props.set('globSync', memberOf(machine, globs, 'sync'));
      if (name === 'fs/promises') return promises;
      return name.startsWith('fs-extra') ? extra : fs;
    }
    if (name === 'path' || name === 'path/posix') return pathModule(files);
    if (name === 'os') return osModule(this.around.home);
    if (name === 'url') return urlModule();
    if (name === 'child_process') return childProcess(box);
    if (name === 'cross-spawn') {
      const spawn = memberOf(machine, childProcess(box), 'spawn');
      if (spawn instanceof Func) spawn.props.set('sync', memberOf(machine, childProcess(box), 'spawnSync'));
      return spawn;
    }
    if (name === 'execa') return execaModule(box);
    if (name === 'zx' || name === 'zx/globals' || name === 'zx/core')
      return zxModule(box, (inner) => this.module(inner));
    if (name === 'shelljs' || name === 'shelljs/global') return shelljsModule(box);
    if (name === 'rimraf') return rimrafModule(box);
    if (name === 'del') return delModule(box);
    if (GLOBBING.has(name)) return globModule(box);
    if (REMOVERS.has(name)) return plainRemover(box, name);
    if (name === 'fs-jetpack') return new Obj([['remove', plainRemover(box, 'jetpack.remove')]]);
    if (ASKING.has(name)) return promptModule(machine, !name.startsWith('readline'));
    if (name === 'util') return utilModule(machine);
    if (name === 'process') return machine.globals('process');
    if (name === 'timers/promises')
      return new Obj([['setTimeout', native('setTimeout', () => new Settled(undefined))]]);
    if (name === 'events') return eventsModule(machine);
    if (name === 'module')
      return new Obj([
        [
          'createRequire',
          native('createRequire', ({ args: [from] }) => {
            const path = typeof from === 'string' ? from.replace(/^file:\/\//, '') : '';
            const unit = this.units.get(path);
            return unit === undefined ? new Unknown('require') : this.require(unit);
          }),
        ],
      ]);
    if (name === 'dotenv') return this.dotenv();
    if (name === 'dotenv/config') {
      this.readEnvFile(`${files.cwd}/.env`);
      return new Obj();
    }
    return new Unknown(name);
  }

  private dotenv(): Obj {
    const config = native('config', ({ args: [options] }) => {
      const path = options instanceof Obj ? options.props.get('path') : undefined;
      const [file] = path === undefined ? [`${this.files.cwd}/.env`] : this.files.paths(path);
      if (file !== undefined) this.readEnvFile(file);
      return new Obj([['parsed', this.environment]]);
    });
    const made = new Obj([['config', config]]);
    made.props.set('default', made);
    made.open = true;
    return made;
  }

  private readEnvFile(path: string): void {
    const text = this.files.text(path);
    for (const line of (text ?? '').split('\n').slice(0, 2_000)) {
      const match = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^#\r]*))/.exec(line);
      const [, name, double, single, plain] = match ?? [];
      if (name !== undefined && !this.environment.props.has(name)) {
        this.environment.props.set(name, double ?? single ?? (plain ?? '').trim());
      }
    }
  }

  private require(unit: Unit): Func {
    const made = native('require', ({ args: [specifier] }) =>
      typeof specifier === 'string' ? this.load(unit, specifier) : new Unknown('require()'),
    );
    made.props.set(
      'resolve',
      native('resolve', ({ args: [specifier] }) =>
        typeof specifier === 'string' ? (this.fileOf(unit, specifier) ?? UNKNOWN_TEXT) : UNKNOWN_TEXT,
      ),
    );
    made.props.set('main', unit.path === this.machine.globals('\u0000main') ? unit.common : new Obj());
    made.props.set('cache', new Unknown('require.cache'));
    return made;
  }

  private readonly targets = new Map<string, (() => Value) | null>();

  /** What an import or `require` gives. */
  load(unit: Unit, written: string): Value {
    const key = `${unit.path}\u0000${written}`;
    let target = this.targets.get(key);
    if (target === undefined) {
      target = this.find(unit, written);
      if (this.targets.size < 50_000) this.targets.set(key, target);
    }
    return target === null ? new Unknown(written) : target();
  }

  /** How to get at what a specifier names; `null` when it is not known. */
  private find(unit: Unit, written: string): (() => Value) | null {
    const specifier = written.replace(/^node:/, '');
    if (specifier.includes(UNKNOWN_TEXT)) return null;
    const own = this.module(specifier);
    if (!(own instanceof Unknown)) return () => own;
    const { source, root } = this.around;
    if (
      !specifier.startsWith('.') &&
      !specifier.startsWith('/') &&
      source !== null &&
      isInside(absolutePath(unit.path), root)
    ) {
      const relative = relativeTo(absolutePath(unit.path), root);
      const target = relative === null ? null : source.resolve(relative, written);
      if (target?.kind === 'package' && target.library) return () => this.library();
      if (target?.kind === 'source' || target?.kind === 'json') {
        const file = absolutePath(`${root}/${target.file}`);
        return () => this.evaluateFile(file);
      }
    }
    if (specifier === 'whatsapp-web.js' || specifier.endsWith('/whatsapp-web.js')) return () => this.library();
    const file = this.fileOf(unit, specifier);
    return file === null ? null : () => this.evaluateFile(file);
  }

  /** Was whatsapp-web.js loaded? */
  get usesLibrary(): boolean {
    return this.native.has('\u0000library');
  }

  private library(): Value {
    const known = this.native.get('\u0000library');
    if (known !== undefined) return known;
    const made = libraryModule(this.machine, this.files);
    this.native.set('\u0000library', made);
    return made;
  }

  private fileOf(unit: Unit, specifier: string): AbsolutePath | null {
    if (!specifier.startsWith('.') && !specifier.startsWith('/')) return null;
    const directory = unit.path.slice(0, unit.path.lastIndexOf('/')) || '/';
    const base = absolutePath(specifier.startsWith('/') ? specifier : `${directory}/${specifier}`);
    return this.existing(base);
  }

  /** The file that a path without or with an ending means. */
  existing(base: AbsolutePath): AbsolutePath | null {
    const { world } = this.around;
    for (const extension of EXTENSIONS) {
      const path = absolutePath(base + extension);
      if (world.kind(path) === 'file') return path;
    }
    const written = base.replace(/\.([cm]?)js$/, '.$1ts');
    if (written !== base && world.kind(absolutePath(written)) === 'file') return absolutePath(written);
    if (world.kind(base) === 'directory') {
      for (const extension of EXTENSIONS.slice(1)) {
        const path = absolutePath(`${base}/index${extension}`);
        if (world.kind(path) === 'file') return path;
      }
    }
    return null;
  }

  private evaluateFile(file: AbsolutePath): Value {
    if (file.endsWith('.json')) {
      const text = this.around.world.text(file);
      try {
        return text === null ? new Unknown('a JSON file') : fromData(JSON.parse(text));
      } catch {
        return new Unknown('a JSON file');
      }
    }
    const unit = this.unitOf(file);
    if (unit === null) return new Unknown(file);
    this.evaluateUnit(unit);
    return this.namespace(unit);
  }

  /** A parsed file; `null` when it cannot be read or parsed. */
  unitOf(file: AbsolutePath): Unit | null {
    const known = this.units.get(file);
    if (known !== undefined) return known;
    const { modules, parse, world, root, source } = this.around;
    const name = relativeTo(file, root) ?? file;
    let parsed = modules.get(file);
    if (parsed === undefined) {
      parsed = null;
      if (source?.files.includes(name)) parsed = source.load(name);
      else {
        const text = world.text(file);
        const result = text === null ? null : parse(/\.[cm]?[jt]sx?$/.test(file) ? file : `${file}.js`, text);
        if (result?.ok === true && text !== null) parsed = buildModule(name, text, result.program);
        else if (result !== null && !result.ok) this.machine.gaps.add(`${name} was skipped: ${result.reason}`);
      }
      modules.set(file, parsed);
    }
    return parsed === null ? null : this.addUnit(file, name, parsed);
  }

  addUnit(path: string, name: string, source: SourceModule): Unit {
    const unit: Unit = {
      path,
      name,
      source,
      exports: new Map(),
      common: new Obj([['exports', new Obj()]]),
      state: 'new',
      scope: null,
    };
    this.units.set(path, unit);
    return unit;
  }

  /** Run a module's own code once. */
  evaluateUnit(unit: Unit): void {
    if (unit.state !== 'new') return;
    unit.state = 'running';
    const { machine } = this;
    const exports = unit.common.props.get('exports');
    const scope = new Scope(null, { self: exports, args: [], module: unit, home: null, returns: [] }, true);
    unit.scope = scope;
    const set = (name: string, value: Value): void => {
      scope.variables.set(name, { value, level: 0 });
    };
    const directory = unit.path.slice(0, unit.path.lastIndexOf('/')) || '/';
    set('exports', exports);
    set('module', unit.common);
    set('require', this.require(unit));
    set('__dirname', directory);
    set('__filename', unit.path);
    this.bindImports(unit, scope);
    const { body } = unit.source.program;
    hoist(machine, body, scope);
    for (const statement of body) {
      if (statement.type === 'ImportDeclaration' || statement.type === 'ExportAllDeclaration') continue;
      run(machine, statement, scope);
    }
    unit.state = 'done';
  }

  private bindImports(unit: Unit, scope: Scope): void {
    for (const statement of unit.source.program.body) {
      if (
        statement.type === 'ExportAllDeclaration' ||
        (statement.type === 'ExportNamedDeclaration' && statement.source !== null)
      ) {
        if (statement.source !== null) this.load(unit, statement.source.value);
        continue;
      }
      if (statement.type !== 'ImportDeclaration' || statement.importKind === 'type') continue;
      const specifier = statement.source.value;
      this.load(unit, specifier);
      for (const item of statement.specifiers) {
        const name =
          item.type === 'ImportSpecifier'
            ? (keyName(item.imported, false) ?? '')
            : item.type === 'ImportDefaultSpecifier'
              ? 'default'
              : '*';
        scope.variables.set(item.local.name, {
          value: undefined,
          level: 0,
          read: () => this.imported(unit, specifier, name),
        });
      }
    }
  }

  private imported(unit: Unit, specifier: string, name: string): Value {
    const value = this.load(unit, specifier);
    if (name === '*') return value;
    if (name !== 'default') return memberOf(this.machine, value, name);
    if (value instanceof Obj && (value.props.has('default') || value.getters.has('default')))
      return memberOf(this.machine, value, 'default');
    return value instanceof Unknown ? new Unknown(value.from) : value;
  }

  /** What a module offers: its namespace, or what `module.exports` is. */
  namespace(unit: Unit): Value {
    const { source, scope, common } = unit;
    const made = common.props.get('exports');
    const declared = [...source.exports].filter(([, found]) => found.kind !== 'node');
    const isModule =
      declared.length > 0 ||
      source.starExports.length > 0 ||
      source.program.body.some(({ type }) => type === 'ExportDefaultDeclaration');
    if (!isModule) return made;
    const known = common.props.get('\u0000namespace');
    if (known instanceof Obj) return known;
    const namespace = new Obj();
    common.props.set('\u0000namespace', namespace);
    const offer = (name: string, read: () => Value): void => {
      namespace.getters.set(name, native(name, read));
    };
    for (const star of source.starExports) {
      const inner = this.load(unit, star);
      if (inner instanceof Obj) {
        for (const name of [...inner.getters.keys(), ...inner.props.keys()])
          offer(name, () => memberOf(this.machine, inner, name));
      }
    }
    for (const [name, found] of source.exports) {
      if (found.kind === 'from') offer(name, () => this.imported(unit, found.specifier, found.imported));
      else if (found.kind === 'binding') {
        offer(name, () => {
          const variable = scope?.find(found.name);
          return variable == null ? undefined : variable.read === undefined ? variable.value : variable.read();
        });
      } else if (name === 'default') {
        offer(name, () => {
          const id = 'id' in found.node && found.node.id?.type === 'Identifier' ? found.node.id.name : '*default';
          return (scope?.find(id) ?? scope?.find('*default'))?.value;
        });
      } else if (name === '=') offer('default', () => common.props.get('exports'));
    }
    return namespace;
  }
}

function utilModule(machine: Machine): Obj {
  const made = new Obj([
    [
      'promisify',
      native('promisify', ({ args: [callee] }) =>
        native('promisified', ({ args }) => {
          const result = machine.call(callee, undefined, args);
          return result instanceof Settled || result instanceof Unknown ? result : new Settled(result);
        }),
      ),
    ],
  ]);
  made.open = true;
  return made;
}

function eventsModule(machine: Machine): Obj {
  const emitter = new Func('EventEmitter', {});
  const register = native('on', ({ self, args: [name, callback] }) => {
    machine.enqueue({ kind: 'event', name: typeof name === 'string' ? name : null }, callback ?? null, [
      new Unknown('event'),
    ]);
    return self;
  });
  emitter.prototype = new Obj([
    ['on', register],
    ['once', register],
    ['emit', native('emit', () => true)],
  ]);
  emitter.construct = () => {};
  emitter.props.set('EventEmitter', emitter);
  emitter.props.set('default', emitter);
  const made = new Obj([
    ['EventEmitter', emitter],
    ['default', emitter],
  ]);
  return made;
}
