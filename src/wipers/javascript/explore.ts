import type { Launch } from '../../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import { keyName, type Node } from '../../session/source/syntax.ts';
import type { SourceTree } from '../../session/source/tree.ts';
import type { Tree } from '../shell/tree.ts';
import type { Deed } from './files.ts';
import { looksLikeClient } from './library.ts';
import { Program, type Surroundings } from './program.ts';
import type { Unit } from './scope.ts';
import { Arr, choice, Func, Obj, Table, Unknown, type Value } from './value.ts';

export interface Exploration {
  readonly deeds: readonly Deed[];
  readonly problems: readonly string[];
}

/** Texts without which a source file neither deletes nor logs out. */
const NEEDLES = [
  'rm(',
  'rmSync',
  'rmdir',
  'unlink',
  'rimraf',
  'remove',
  'emptyDir',
  'emptydir',
  'logout',
  'exec',
  'spawn',
  'rename',
  'move',
  'deleteAsync',
  'deleteSync',
  'del(',
  'del.sync',
  'trash',
  'shelljs',
  '$`',
  'premove',
  'truncate',
];
/** Modules that can delete files. */
const ABLE =
  /^(?:node:)?(?:fs|fs\/promises|fs-extra|graceful-fs|child_process|rimraf|del|execa|zx|zx\/.*|shelljs|shelljs\/.*|trash|premove|cross-spawn|fs-jetpack)$/;
/** Files whose imports are looked at to find where the program begins. */
const GRAPH_LIMIT = 1_500;
/** Steps for one start, one handler or one function. */
const PART_STEPS = 60_000;
/** Steps for everything. */
const TOTAL_STEPS = 1_500_000;
const TESTS = /(?:^|\/)(?:tests?|__tests__|spec|e2e|cypress|node_modules)\/|[.-](?:test|spec|e2e)\.[cm]?[jt]sx?$/;

/** How the files of a project hang together. */
export interface Graph {
  /** Files that nothing imports. */
  readonly roots: readonly string[];
  /** Files that the library is named in, or that lead to one. */
  readonly bot: ReadonlySet<string>;
  readonly interesting: readonly string[];
}

/** Import graph of the project as far as it matters for deletions; `null` when no file could delete anything. */
export function graphOf(tree: SourceTree): Graph | null {
  const library = new Set(tree.libraryFiles());
  // A front end beside the bot is a package of its own.
  const packages = new Set(['', ...[...library].map((file) => tree.packageOf(file))]);
  const mine = (file: string): boolean => packages.has(tree.packageOf(file));
  const logouts = new Set(tree.filesHolding(['logout']));
  const interesting = tree
    .filesHolding(NEEDLES)
    .filter(
      (file) =>
        mine(file) && (logouts.has(file) || (tree.load(file)?.specifiers.some((name) => ABLE.test(name)) ?? false)),
    );
  if (interesting.length === 0) return null;
  const files = [...new Set([...interesting, ...library, ...tree.files.filter(mine)])].slice(0, GRAPH_LIMIT);
  const imports = new Map<string, string[]>();
  const imported = new Set<string>();
  for (const file of files) {
    const source = tree.load(file);
    if (source === null) continue;
    const targets: string[] = [];
    for (const specifier of source.specifiers) {
      const target = tree.resolve(file, specifier);
      if (target.kind !== 'source' || target.file === file) continue;
      targets.push(target.file);
      if (!TESTS.test(file)) imported.add(target.file);
    }
    imports.set(file, targets);
  }
  const bot = new Set<string>();
  for (const file of files) {
    const seen = new Set([file]);
    const queue = [file];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      if (library.has(at) || bot.has(at)) {
        bot.add(file);
        break;
      }
      for (const next of imports.get(at) ?? []) {
        if (seen.has(next)) continue;
        seen.add(next);
        queue.push(next);
      }
    }
  }
  return { roots: files.filter((file) => !imported.has(file) && imports.has(file)), bot, interesting };
}

/** A file that is run by hand: nothing imports it, it offers nothing, and it does not lead to the bot. */
export function isStandalone(tree: SourceTree, graph: Graph, file: string): boolean {
  if (!graph.roots.includes(file) || graph.bot.has(file) || TESTS.test(file)) return false;
  const source = tree.load(file);
  return source !== null && source.exports.size === 0 && source.starExports.length === 0;
}

/** Act out the bot: every start, then every handler, then every function that was not reached. */
export function explore(
  around: Surroundings,
  model: Tree,
  input: { readonly tree: SourceTree; readonly project: AbsolutePath; readonly launches: readonly Launch[] },
): Exploration {
  const { tree, project } = input;
  const graph = graphOf(tree);
  if (graph === null) return { deeds: [], problems: [] };
  const program = new Program(around, model, { cwd: project, env: new Map(), args: [], main: '', via: [] });
  openEnvironment(program, input);
  const { machine, files } = program;
  machine.exploring = true;
  machine.limit = PART_STEPS;
  let total = 0;
  /** One part with its own budget; `false` when the budget for everything is spent. */
  const part = (run: () => void): boolean => {
    if (total > TOTAL_STEPS) return false;
    machine.steps = 0;
    machine.calls.clear();
    machine.doubt = null;
    machine.level = 0;
    machine.isolated(run);
    total += machine.steps;
    return true;
  };
  const begin = (file: string): void => {
    files.cwd = absolutePath(`${project}/${tree.packageOf(file)}`);
    const unit = program.unitOf(absolutePath(`${project}/${file}`));
    if (unit === null) return;
    machine.trigger = TESTS.test(file) ? { kind: 'test', name: null } : { kind: 'start', name: null };
    part(() => program.evaluateUnit(unit));
  };
  const runQueue = (from: number): void => {
    for (let index = from; index < machine.later.length; index += 1) {
      const entry = machine.later[index];
      if (entry === undefined) continue;
      machine.trigger = entry.trigger;
      if (!part(() => machine.call(entry.callback, undefined, entry.args))) return;
    }
  };

  const roots = graph.roots.filter((file) => !isStandalone(tree, graph, file));
  const order = [
    ...roots.filter((file) => graph.bot.has(file) && !TESTS.test(file)),
    ...roots.filter((file) => !graph.bot.has(file) && !TESTS.test(file)),
    ...roots.filter((file) => TESTS.test(file)),
  ];
  for (const file of order) begin(file);
  runQueue(0);
  for (const file of graph.interesting) if (!isStandalone(tree, graph, file)) begin(file);
  let done = machine.later.length;
  // What was never reached is called with arguments that are not known; twice, because the first round fills maps and fields.
  const reached = new Set(machine.executed);
  for (let round = 0; round < 2; round += 1) {
    for (const file of graph.interesting) {
      const unit = program.units.get(`${project}/${file}`);
      if (unit?.scope == null || isStandalone(tree, graph, file)) continue;
      files.cwd = absolutePath(`${project}/${tree.packageOf(file)}`);
      machine.trigger = { kind: 'unknown', name: null };
      callUnreached(program, unit, part, reached);
    }
    runQueue(done);
    done = machine.later.length;
  }
  for (const file of graph.interesting) {
    const unit = program.units.get(`${project}/${file}`);
    if (unit === undefined) continue;
    plainLogouts(program, unit);
    storeDeletions(program, unit);
  }
  const spent = total > TOTAL_STEPS ? ['the source is too large to be acted out to its end'] : [];
  return { deeds: files.deeds, problems: spent };
}

/** Variables may be set by any launch or by none. */
function openEnvironment(program: Program, { launches }: { readonly launches: readonly Launch[] }): void {
  const values = new Map<string, Set<string>>();
  for (const { env } of launches) {
    for (const [name, value] of Object.entries(env)) {
      const known = values.get(name);
      if (known === undefined) values.set(name, new Set([value]));
      else known.add(value);
    }
  }
  for (const [name, known] of values)
    program.environment.props.set(name, choice([...known, undefined], `process.env.${name}`));
}

/** Call every function and method that a module holds and that has not run. */
function callUnreached(
  program: Program,
  unit: Unit,
  part: (run: () => void) => boolean,
  reached: ReadonlySet<Node>,
): void {
  const { machine } = program;
  const seen = new Set<Value>();
  const visit = (value: Value, self: Value, depth: number): void => {
    if (depth > 3 || seen.has(value)) return;
    seen.add(value);
    if (value instanceof Func) {
      const { closure, body } = value;
      if (closure !== null && closure.scope.frame.module === unit && !reached.has(closure.node)) {
        part(() =>
          machine.call(
            value,
            self,
            closure.node.params.map((_, index) => new Unknown(`argument ${index + 1}`)),
          ),
        );
      }
      if (body !== null && body.scope.frame.module === unit) {
        let instance: Value;
        part(() => {
          instance = machine.construct(value, [
            new Unknown('argument'),
            new Unknown('argument'),
            new Unknown('argument'),
          ]);
        });
        for (const method of value.prototype?.props.values() ?? [])
          if (method !== value) visit(method, instance, depth + 1);
        for (const inner of value.props.values()) visit(inner, value, depth + 1);
      }
    } else if (value instanceof Obj) {
      for (const inner of value.props.values()) visit(inner, value, depth + 1);
    } else if (value instanceof Arr) for (const inner of value.items) visit(inner, undefined, depth + 1);
    else if (value instanceof Table) for (const inner of value.entries.values()) visit(inner, undefined, depth + 1);
    else if (value instanceof Unknown) for (const inner of value.alternatives ?? []) visit(inner, undefined, depth + 1);
  };
  for (const variable of unit.scope?.variables.values() ?? [])
    if (variable.read === undefined) visit(variable.value, undefined, 0);
  visit(unit.common.props.get('exports'), undefined, 0);
}

/** `client.logout()` in functions that were never reached. */
function plainLogouts(program: Program, unit: Unit): void {
  const { machine, files } = program;
  for (const node of unit.source.calls) {
    if (node.type !== 'CallExpression' || node.arguments.length > 0) continue;
    const { callee } = node;
    if (callee.type !== 'MemberExpression' || keyName(callee.property, callee.computed) !== 'logout') continue;
    const around = unit.source.functionAround(node);
    if (around !== null && machine.executed.has(around)) continue;
    if (!looksLikeClient(unit.source.text(callee.object, 200))) continue;
    machine.trigger = { kind: 'unknown', name: null };
    machine.stack.push({ unit, node });
    files.record('delete', 'client.logout', [], { recursive: true, deed: 'logout' });
    machine.stack.pop();
  }
}

/** What empties a RemoteAuth store by the name under which the library saves (`RemoteAuth-<clientId>`). */
const STORE_CALLS = new Set(['drop', 'dropCollection', 'deleteMany', 'deleteOne', 'delete']);

/** Deletions in the store of RemoteAuth: `store.delete({ session: 'RemoteAuth-x' })`, dropped collections. */
function storeDeletions(program: Program, unit: Unit): void {
  const { machine, files } = program;
  for (const node of unit.source.calls) {
    if (node.type !== 'CallExpression') continue;
    const { callee } = node;
    if (callee.type !== 'MemberExpression') continue;
    const name = keyName(callee.property, callee.computed) ?? '';
    if (!STORE_CALLS.has(name)) continue;
    const around = unit.source.functionAround(node);
    const text = name.startsWith('drop') ? unit.source.text(around ?? node, 20_000) : unit.source.text(node, 400);
    const named = name === 'delete' ? /session\s*:[^,}]*RemoteAuth/.test(text) : /whatsapp-RemoteAuth/.test(text);
    if (!named) continue;
    machine.trigger = { kind: 'unknown', name: null };
    machine.stack.push({ unit, node });
    files.record('delete', 'store', [], { recursive: true, deed: 'store' });
    machine.stack.pop();
  }
}
