import type { Expression } from '../../model/expression.ts';
import type { Binding, SourceModule } from '../source/module.ts';
import { bare, type CallNode, keyName, type Node, type NodeOf } from '../source/syntax.ts';
import type { Evaluator } from './evaluator.ts';
import { constantOf } from './fold.ts';
import { type Frames, lazy, type Thunk, UNDEFINED, type Value } from './value.ts';

/** How deep `a.b.c = …` is followed. */
const PATH_LIMIT = 8;

/** `options.puppeteer.args`: what it starts with, and the names from there on (`null`: one that the run computes). */
export interface Chain {
  readonly root: Node;
  readonly names: readonly (string | null)[];
}

/** Take a chain of members apart. */
export function chainOf(node: Node): Chain {
  const names: (string | null)[] = [];
  let at = bare(node);
  while (at.type === 'MemberExpression' && names.length < PATH_LIMIT) {
    names.unshift(keyName(at.property, at.computed));
    at = bare(at.object);
  }
  return { root: at, names };
}

/** Something that changes what a name holds without giving it a new value. */
type Change =
  | { readonly kind: 'set'; readonly node: NodeOf<'AssignmentExpression'>; readonly names: Chain['names'] }
  | { readonly kind: 'push' | 'assign'; readonly node: CallNode; readonly names: Chain['names'] };

const known = new WeakMap<SourceModule, ReadonlyMap<Binding, readonly Change[]>>();

/** Every change in a module, by the binding that it starts from, in source order. */
function changesOf(module: SourceModule): ReadonlyMap<Binding, readonly Change[]> {
  const before = known.get(module);
  if (before !== undefined) return before;
  const found = new Map<Binding, Change[]>();
  const note = (root: Node, change: Change): void => {
    const binding = root.type === 'Identifier' ? module.binding(root) : null;
    if (binding === null || (binding.kind !== 'variable' && binding.kind !== 'parameter')) return;
    found.set(binding, [...(found.get(binding) ?? []), change]);
  };
  for (const node of module.memberAssignments) {
    const { root, names } = chainOf(node.left);
    if (node.operator === '=') note(root, { kind: 'set', node, names });
  }
  for (const node of module.calls) {
    const callee = bare(node.callee);
    if (callee.type !== 'MemberExpression') continue;
    const { root, names } = chainOf(callee);
    const method = names.at(-1);
    if (method === 'push' || method === 'unshift') note(root, { kind: 'push', node, names: names.slice(0, -1) });
    else if (method === 'assign' && names.length === 1 && root.type === 'Identifier' && root.name === 'Object') {
      const [first] = node.arguments;
      if (first === undefined || first.type === 'SpreadElement') continue;
      const target = chainOf(first);
      note(target.root, { kind: 'assign', node, names: target.names });
    }
  }
  for (const list of found.values()) list.sort((a, b) => a.node.start - b.node.start);
  known.set(module, found);
  return found;
}

/** A change at the end of a path, applied to what is there. */
type Update = (value: Value) => Value;

function updateAt(evaluator: Evaluator, value: Value, names: readonly string[], update: Update): Value {
  const [name, ...rest] = names;
  if (name === undefined) return update(value);
  if (value.kind === 'branch') {
    return evaluator.branch(
      value.test,
      lazy(() => updateAt(evaluator, value.truthy(), names, update)),
      lazy(() => updateAt(evaluator, value.falsy(), names, update)),
    );
  }
  if (value.kind !== 'object') return value;
  const before = value.props.get(name) ?? (() => UNDEFINED);
  const props = new Map(value.props);
  props.set(
    name,
    lazy(() => updateAt(evaluator, before(), rest, update)),
  );
  return { ...value, props };
}

/** Set what lies at a path below a value, where `guard` holds. A value that cannot be seen into stays as it is. */
export function setAt(
  evaluator: Evaluator,
  value: Value,
  names: Chain['names'],
  guard: Expression,
  assigned: Thunk,
  text: string,
): Value {
  const fixed = names.filter((name) => name !== null);
  if (fixed.length < names.length) {
    // `options[key] = …`: any property may be another afterwards.
    const sure = fixed.slice(0, names.indexOf(null));
    return updateAt(evaluator, value, sure, (inner) => (inner.kind === 'object' ? { ...inner, open: text } : inner));
  }
  return updateAt(evaluator, value, fixed, (before) => evaluator.branch(guard, assigned, () => before));
}

function pushed(items: readonly Thunk[], guard: Expression, text: string): Update {
  const always = constantOf(guard);
  return (value) => {
    if (value.kind !== 'array' || always?.value === false) return value;
    const solid = value.solid ?? value.items.length;
    if (always === null) return { ...value, open: text, solid };
    return value.open === null
      ? { ...value, items: [...value.items, ...items] }
      : { ...value, items: [...value.items, ...items], solid };
  };
}

function merged(evaluator: Evaluator, sources: readonly Thunk[], guard: Expression, text: string): Update {
  return (value) => {
    if (value.kind !== 'object') return value;
    const props = new Map(value.props);
    let { open } = value;
    for (const source of sources) {
      const from = source();
      if (from.kind !== 'object') {
        open = text;
        continue;
      }
      open = from.open ?? open;
      for (const [name, thunk] of from.props) {
        const before = props.get(name) ?? (() => UNDEFINED);
        props.set(
          name,
          lazy(() => evaluator.branch(guard, thunk, before)),
        );
      }
    }
    return { kind: 'object', props, open };
  };
}

/**
 * `options.puppeteer.args = …`, `args.push(…)` and `Object.assign(options, …)` on what a name holds, up to the place that reads it.
 * @param guardOf what must hold for a node to run; `null`: it never does in the ordinary case
 */
export function withMutations(
  evaluator: Evaluator,
  module: SourceModule,
  binding: Binding,
  reader: Node | null,
  around: readonly Node[],
  frames: Frames,
  start: Value,
  guardOf: (node: Node) => Expression | null,
): Value {
  if (start.kind !== 'object' && start.kind !== 'array') return start;
  let value: Value = start;
  for (const change of changesOf(module).get(binding) ?? []) {
    const { node, names } = change;
    if (around.includes(node)) continue;
    const fn = module.functionAround(node);
    if (fn !== null && !around.includes(fn)) continue;
    if (reader !== null && node.start > reader.start) continue;
    const guard = guardOf(node);
    if (guard === null) continue;
    const text = module.text(node);
    if (change.kind === 'set') {
      const { right } = change.node;
      const assigned = lazy(() => evaluator.value(module, right, frames));
      value = setAt(evaluator, value, names, guard, assigned, text);
      continue;
    }
    const fixed = names.filter((name) => name !== null);
    if (fixed.length < names.length) continue;
    const given = evaluator.args(module, change.node, frames);
    const update =
      change.kind === 'push'
        ? pushed(given.args, given.open ? { kind: 'dynamic', text } : guard, text)
        : merged(evaluator, given.args.slice(1), guard, text);
    value = updateAt(evaluator, value, fixed, update);
  }
  return value;
}
