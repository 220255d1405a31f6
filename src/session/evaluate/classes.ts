import type { Expression } from '../../model/expression.ts';
import type { SourceModule } from '../source/module.ts';
import { type ClassNode, type FunctionNode, keyName, type Node } from '../source/syntax.ts';
import type { Args, Evaluator } from './evaluator.ts';
import { callFunction } from './functions.ts';
import { chainOf, setAt } from './mutations.ts';
import { type ClassValue, dynamic, type Frame, type Frames, lazy, UNDEFINED, type Value } from './value.ts';

type Instance = Extract<Value, { kind: 'instance' }>;

/** Classes between a class and the library. */
const CLASS_DEPTH = 8;

/** The constructor of a class, `null` when it has none of its own. */
export function constructorOf(node: ClassNode): FunctionNode | null {
  for (const item of node.body.body) {
    if (item.type === 'MethodDefinition' && item.kind === 'constructor' && item.value.type === 'FunctionExpression') {
      return item.value;
    }
  }
  return null;
}

/** The `super(…)` call of a constructor. */
export function superCall(module: SourceModule, maker: FunctionNode): Extract<Node, { type: 'CallExpression' }> | null {
  for (const call of module.calls) {
    if (
      call.type === 'CallExpression' &&
      call.callee.type === 'Super' &&
      call.start >= maker.start &&
      call.end <= maker.end
    ) {
      return call;
    }
  }
  return null;
}

/** The frames inside a class that is made with `args`: those of its constructor and of its parents' constructors. */
export function superCallFrames(evaluator: Evaluator, cls: ClassValue, args: Args): Frames {
  const frames = new Map(cls.frames);
  let at: Value = cls;
  let frame: Frame = { args: args.args, open: args.open, self: null };
  for (let depth = 0; depth < 8 && at.kind === 'class'; depth++) {
    const maker = constructorOf(at.node);
    const { superClass } = at.node;
    if (maker !== null) {
      frames.set(maker, frame);
      const call = superCall(at.module, maker);
      const passed = call === null ? null : evaluator.args(at.module, call, frames);
      frame =
        passed === null ? { args: [], open: true, self: null } : { args: passed.args, open: passed.open, self: null };
    }
    if (superClass === null) break;
    at = evaluator.value(at.module, superClass, at.frames);
  }
  return frames;
}

const ALWAYS: Expression = { kind: 'literal', value: true };

/** A property or method of an instance: fields, constructor assignments, parameter properties, getters, the parents' ones. */
export function instanceMember(
  evaluator: Evaluator,
  instance: Instance,
  name: string,
  text?: string,
  depth = 0,
): Value {
  const { cls, frames } = instance;
  const { module, node } = cls;
  let current: Value | null = null;
  let declared = false;
  for (const item of node.body.body) {
    if (item.type === 'PropertyDefinition' && !item.static && keyName(item.key, item.computed) === name) {
      const { value } = item;
      declared = value === null;
      current = value === null ? UNDEFINED : evaluator.value(module, value, frames);
    }
    if (item.type === 'MethodDefinition' && !item.static && keyName(item.key, item.computed) === name) {
      const method = item.value;
      if (method.type !== 'FunctionExpression') continue;
      const fn = { kind: 'function' as const, module, node: method, frames, self: instance };
      if (item.kind === 'get') {
        return callFunction(evaluator, fn, { args: [], open: false, isNew: false, module, node: method, frames });
      }
      if (item.kind === 'method') return fn;
    }
  }
  const maker = constructorOf(node);
  for (const parameter of maker?.params ?? []) {
    if (parameter.type !== 'TSParameterProperty') continue;
    const target = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
    if (target.type === 'Identifier' && target.name === name) return evaluator.value(module, target, frames);
  }
  for (const assignment of module.memberAssignments) {
    const { root, names } = chainOf(assignment.left);
    if (root.type !== 'ThisExpression' || names[0] !== name || module.classAround(assignment) !== node) continue;
    const inConstructor = maker !== null && assignment.start >= maker.start && assignment.end <= maker.end;
    const { right } = assignment;
    if (names.length > 1) {
      // `this.options.puppeteer = …`
      if (inConstructor && current !== null && assignment.operator === '=') {
        const set = lazy(() => evaluator.value(module, right, frames));
        current = setAt(evaluator, current, names.slice(1), ALWAYS, set, module.text(assignment));
      }
      continue;
    }
    if (inConstructor)
      current = assignment.operator === '=' ? evaluator.value(module, right, frames) : dynamic(text ?? name);
    else if (current === null || isEmpty(current)) {
      const assigned = evaluator.value(module, right, frames);
      if (!isEmpty(assigned)) current = assigned;
    }
  }
  // A field that is only declared is filled by somebody else.
  if (current !== null && !(declared && isEmpty(current))) return current;
  if (node.superClass !== null && depth < CLASS_DEPTH) {
    const parent = evaluator.value(module, node.superClass, cls.frames);
    if (parent.kind === 'class') return instanceMember(evaluator, { ...instance, cls: parent }, name, text, depth + 1);
  }
  return dynamic(text ?? name);
}

function isEmpty(value: Value): boolean {
  if (value.kind !== 'scalar') return false;
  return value.expr.kind === 'undefined' || (value.expr.kind === 'literal' && value.expr.value === null);
}

/** A static property or method. */
export function classMember(evaluator: Evaluator, cls: ClassValue, name: string, depth = 0): Value {
  const { module, node, frames } = cls;
  for (const item of node.body.body) {
    if (item.type === 'PropertyDefinition' && item.static && keyName(item.key, item.computed) === name) {
      const { value } = item;
      return value === null ? UNDEFINED : evaluator.value(module, value, frames);
    }
    if (item.type === 'MethodDefinition' && item.static && keyName(item.key, item.computed) === name) {
      const method = item.value;
      if (method.type !== 'FunctionExpression') continue;
      const fn = { kind: 'function' as const, module, node: method, frames, self: cls };
      if (item.kind !== 'get') return fn;
      return callFunction(evaluator, fn, { args: [], open: false, isNew: false, module, node: method, frames });
    }
  }
  if (node.superClass !== null && depth < CLASS_DEPTH) {
    const parent = evaluator.value(module, node.superClass, frames);
    if (parent.kind === 'class') return classMember(evaluator, parent, name, depth + 1);
  }
  return dynamic(`${node.id?.name ?? 'class'}.${name}`);
}
