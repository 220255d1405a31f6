import type { Binding, SourceModule } from '../source/module.ts';
import { bare, type CallNode, type ClassNode, isClass, isFunction, keyName, type Node } from '../source/syntax.ts';
import type { Evaluator } from './evaluator.ts';
import type { Frame, Frames, Value } from './value.ts';

/** Call sites that are followed for one function; more are rarely different. */
const CALLER_LIMIT = 12;
/** Files that are searched for callers of what one file exports. */
const IMPORTER_LIMIT = 40;

/** Makes the frame of one call; `frames` are the calls that lead to the caller itself. */
export type FrameMaker = (frames: Frames) => Frame;

/** Finds who calls a function of the project, and with what. */
export interface Callers {
  /** The ways in which `node` (a function, or a `for…of`) is entered. Empty: no call of it was found. */
  of(module: SourceModule, node: Node): FrameMaker[];
  /** The modules that import a file, directly or through re-exports. */
  importersOf(file: string): SourceModule[];
}

/** Files that hold tests: what they pass says nothing about the bot. */
export const TEST_FILE =
  /(^|\/)(tests?|__tests__|__mocks__|specs?|e2e|fixtures)\/|[._-](test|spec)\.[cm]?[jt]sx?$|(^|\/)tests?([._-][^/]*)?\.[cm]?[jt]sx?$/i;

export function createCallers(evaluator: Evaluator): Callers {
  const { tree } = evaluator;
  const importers = new Map<string, SourceModule[]>();
  const busy = new Set<Node>();

  /** The modules that import a file, directly or through re-exports. */
  const importersOf = (file: string): SourceModule[] => {
    const known = importers.get(file);
    if (known !== undefined) return known;
    const found: SourceModule[] = [];
    importers.set(file, found);
    const seen = new Set([file]);
    const queue = [file];
    for (let at = queue.shift(); at !== undefined && found.length < IMPORTER_LIMIT; at = queue.shift()) {
      for (const candidate of tree.importCandidates(at)) {
        if (seen.has(candidate) || found.length >= IMPORTER_LIMIT) continue;
        const module = tree.load(candidate);
        if (module === null) continue;
        const leads = module.specifiers.some((specifier) => {
          const target = tree.resolve(candidate, specifier);
          return target.kind === 'source' && target.file === at;
        });
        if (!leads) continue;
        seen.add(candidate);
        found.push(module);
        const passesOn =
          module.starExports.length > 0 || [...module.exports.values()].some(({ kind }) => kind === 'from');
        if (passesOn) queue.push(candidate);
      }
    }
    return found;
  };

  /** Names under which a function may be called, or `null` when it has none. */
  const namesOf = (module: SourceModule, node: Node): string[] => {
    const names: string[] = [];
    if ((isFunction(node) || isClass(node)) && node.id != null) names.push(node.id.name);
    // `this.make = options.make ?? ((dir) => …)`
    let parent = module.parent(node);
    while (
      parent?.type === 'LogicalExpression' ||
      parent?.type === 'ConditionalExpression' ||
      parent?.type === 'TSAsExpression' ||
      parent?.type === 'TSSatisfiesExpression'
    ) {
      parent = module.parent(parent);
    }
    if (parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier') names.push(parent.id.name);
    if (parent?.type === 'Property' || parent?.type === 'MethodDefinition' || parent?.type === 'PropertyDefinition') {
      const name = keyName(parent.key, parent.computed);
      if (name !== null) names.push(name);
    }
    if (parent?.type === 'AssignmentExpression') {
      const target = bare(parent.left);
      if (target.type === 'Identifier') names.push(target.name);
      if (target.type === 'MemberExpression') {
        const name = keyName(target.property, target.computed);
        if (name !== null) names.push(name);
      }
    }
    for (const [name, exported] of module.exports) {
      if (exported.kind === 'node' && exported.node === node) names.push(name);
      if (exported.kind === 'binding' && names.includes(exported.name)) names.push(name);
    }
    return [...new Set(names)];
  };

  /** May a name be bound to something of another module? */
  const isImport = (binding: Binding | null): boolean => {
    if (binding === null) return false;
    if (binding.kind === 'import') return true;
    const { declaration } = binding;
    if (declaration.type !== 'VariableDeclarator' || declaration.init === null) return false;
    const init = bare(declaration.init);
    return init.type === 'CallExpression' || init.type === 'AwaitExpression' || init.type === 'MemberExpression';
  };

  const targets = (value: Value, node: Node, depth = 0): boolean => {
    if (depth > 4) return false;
    if (value.kind === 'branch')
      return targets(value.truthy(), node, depth + 1) || targets(value.falsy(), node, depth + 1);
    return (value.kind === 'function' || value.kind === 'class') && value.node === node;
  };

  const maker =
    (where: SourceModule, call: CallNode): FrameMaker =>
    (frames) => {
      const { args, open } = evaluator.args(where, call, frames);
      return { args, open, self: null };
    };

  /** Calls of a function, or `new` of a class, in one module. */
  const callsIn = (
    where: SourceModule,
    node: Node,
    names: readonly string[],
    wantsNew: boolean,
    within: { module: SourceModule; node: Node },
  ): FrameMaker[] => {
    const frames: FrameMaker[] = [];
    for (const call of where.calls) {
      if (frames.length >= CALLER_LIMIT) break;
      if ((call.type === 'NewExpression') !== wantsNew) continue;
      const callee = bare(call.callee);
      let named = false;
      if (callee.type === 'Identifier') named = names.includes(callee.name) || isImport(where.binding(callee));
      else if (callee.type === 'MemberExpression')
        named = names.includes(keyName(callee.property, callee.computed) ?? '');
      else if (isFunction(callee)) named = callee === node;
      if (!named) continue;
      if (!targets(evaluator.value(where, callee), node)) continue;
      // A function that calls itself says nothing new.
      if (where === within.module && call.start >= within.node.start && call.end <= within.node.end) continue;
      frames.push(maker(where, call));
    }
    return frames;
  };

  const constructorOwner = (module: SourceModule, node: Node): ClassNode | null => {
    const parent = module.parent(node);
    return parent?.type === 'MethodDefinition' && parent.kind === 'constructor' ? module.classAround(parent) : null;
  };

  /** `super(…)` in classes that extend `node`. */
  const superCallsIn = (where: SourceModule, node: ClassNode): FrameMaker[] => {
    const frames: FrameMaker[] = [];
    for (const cls of where.classes) {
      if (cls.superClass === null || cls === node) continue;
      if (!targets(evaluator.value(where, cls.superClass), node)) continue;
      for (const call of where.calls) {
        if (call.callee.type !== 'Super' || where.classAround(call) !== cls) continue;
        frames.push(maker(where, call));
      }
    }
    return frames;
  };

  /** `list.forEach((item) => …)`, `for (const item of list)`: one frame for each element that is known. */
  const elements = (value: Value): FrameMaker[] => {
    if (value.kind !== 'array' || value.open !== null) return [];
    return value.items.slice(0, CALLER_LIMIT).map((item, index) => () => ({
      args: [item, () => ({ kind: 'scalar', expr: { kind: 'literal', value: index } })],
      open: false,
      self: null,
    }));
  };

  const find = (module: SourceModule, node: Node): FrameMaker[] => {
    if (node.type === 'ForOfStatement') return elements(evaluator.value(module, node.right));
    if (!isFunction(node)) return [];
    const parent = module.parent(node);
    if (parent?.type === 'CallExpression' && parent.callee !== node) {
      const callee = bare(parent.callee);
      if (callee.type === 'MemberExpression') {
        const name = keyName(callee.property, callee.computed) ?? '';
        if (['forEach', 'map', 'flatMap', 'filter', 'some', 'every'].includes(name)) {
          return elements(evaluator.value(module, callee.object));
        }
      }
      return [];
    }
    const owner = constructorOwner(module, node);
    const target: Node = owner ?? node;
    const names = namesOf(module, target);
    const frames: FrameMaker[] = [];
    for (const where of [module, ...importersOf(module.file)]) {
      if (TEST_FILE.test(where.file) && !TEST_FILE.test(module.file)) continue;
      if (frames.length >= CALLER_LIMIT) break;
      frames.push(...callsIn(where, target, names, owner !== null, { module, node }));
      if (owner !== null) frames.push(...superCallsIn(where, owner));
    }
    return frames.slice(0, CALLER_LIMIT);
  };

  return {
    importersOf,
    of(module, node) {
      if (busy.has(node)) return [];
      busy.add(node);
      try {
        return find(module, node);
      } finally {
        busy.delete(node);
      }
    },
  };
}
