import type { Expression } from '../../model/expression.ts';
import type { Binding, SourceModule } from '../source/module.ts';
import { bare, type ClassNode, isClass, isFunction, keyName, type Node, type NodeOf } from '../source/syntax.ts';
import type { Evaluator } from './evaluator.ts';
import { and, concat, equal, not } from './fold.ts';
import { withMutations } from './mutations.ts';
import { dynamic, type Frames, isThing, lazy, type Thunk, UNDEFINED, unknown, type Value } from './value.ts';

/** The part of `source` that `identifier` takes inside a pattern (`{ a: { b = 1 } }`). `null` when it is not in there. */
export function patternValue(
  evaluator: Evaluator,
  module: SourceModule,
  pattern: Node,
  identifier: Node,
  source: Thunk,
  frames: Frames,
): Thunk | null {
  switch (pattern.type) {
    case 'Identifier':
      return pattern === identifier ? source : null;
    case 'AssignmentPattern':
      return patternValue(
        evaluator,
        module,
        pattern.left,
        identifier,
        lazy(() =>
          evaluator.withDefault(
            source(),
            lazy(() => evaluator.value(module, pattern.right, frames)),
          ),
        ),
        frames,
      );
    case 'ObjectPattern': {
      const taken: string[] = [];
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          if (property.argument !== identifier) continue;
          return lazy(() => {
            const whole = source();
            if (whole.kind !== 'object') return whole;
            return { ...whole, props: new Map([...whole.props].filter(([name]) => !taken.includes(name))) };
          });
        }
        const name = keyName(property.key, property.computed);
        if (name !== null) taken.push(name);
        const part = lazy(() =>
          name === null ? dynamic(module.text(property)) : evaluator.get(source(), name, describe(source(), name)),
        );
        const found = patternValue(evaluator, module, property.value, identifier, part, frames);
        if (found !== null) return found;
      }
      return null;
    }
    case 'ArrayPattern':
      for (const [index, element] of pattern.elements.entries()) {
        if (element === null || element.type === 'RestElement') continue;
        const part = lazy(() => evaluator.get(source(), String(index)));
        const found = patternValue(evaluator, module, element, identifier, part, frames);
        if (found !== null) return found;
      }
      return null;
    case 'TSParameterProperty':
      return patternValue(evaluator, module, pattern.parameter, identifier, source, frames);
    default:
      return null;
  }
}

function describe(source: Value, name: string): string {
  return source.kind === 'scalar' && source.expr.kind === 'dynamic' ? `${source.expr.text}.${name}` : name;
}

/** The type that a parameter or field is annotated with, as a class of the project or of a package. */
function annotatedClass(evaluator: Evaluator, module: SourceModule, pattern: Node): Value | null {
  const target = pattern.type === 'TSParameterProperty' ? pattern.parameter : pattern;
  const identifier = target.type === 'AssignmentPattern' ? target.left : target;
  const annotation = identifier.type === 'Identifier' ? identifier.typeAnnotation?.typeAnnotation : undefined;
  if (annotation?.type !== 'TSTypeReference' || annotation.typeName.type !== 'Identifier') return null;
  const { name } = annotation.typeName;
  const binding = module.topScope.bindings.get(name);
  if (binding === undefined || (binding.kind !== 'import' && binding.kind !== 'class')) return null;
  const value = evaluator.value(module, binding.identifier);
  if (value.kind === 'class')
    return { kind: 'instance', cls: value, frames: value.frames, node: null, module: value.module };
  if (value.kind === 'package' && value.steps.length > 0) {
    return {
      ...value,
      steps: [
        ...value.steps,
        { kind: 'call', isNew: true, args: [], open: true, module, node: binding.identifier, frames: new Map() },
      ],
    };
  }
  return null;
}

/** A run-time value goes by the name of the parameter that takes it: `sessionId` says more than `match[1]`. */
function named(value: Value, text: string, place: string): Value {
  if (value.kind === 'package' && value.steps.length > 0 && value.steps.at(-1)?.kind === 'call') return value;
  if (value.kind !== 'scalar') return value;
  return value.expr.kind === 'dynamic' ? dynamic(text, place) : value;
}

function parameterValue(evaluator: Evaluator, module: SourceModule, binding: Binding, frames: Frames): Value {
  const fn = binding.declaration;
  if (!isFunction(fn)) return dynamic(binding.name);
  const parameter = fn.params[binding.index];
  if (parameter === undefined) return dynamic(binding.name);
  const frame = frames.get(fn);
  const text = parameter.type === 'Identifier' ? parameter.name : binding.name;
  const place = evaluator.at(module, binding.identifier);
  const given: Thunk = lazy(() => {
    if (frame === undefined) {
      const annotated = annotatedClass(evaluator, module, parameter);
      if (annotated !== null) return annotated;
      evaluator.unbound.set(fn, module);
      return dynamic(text, place);
    }
    if (parameter.type === 'RestElement') {
      return { kind: 'array', items: frame.args.slice(binding.index), open: frame.open ? binding.name : null };
    }
    const argument = frame.args[binding.index];
    if (argument !== undefined) return named(argument(), text, place);
    return frame.open ? dynamic(text, place) : UNDEFINED;
  });
  const pattern = parameter.type === 'RestElement' ? parameter.argument : parameter;
  return (
    patternValue(evaluator, module, pattern, binding.identifier, given, frames)?.() ?? dynamic(binding.name, place)
  );
}

/** The value that a declaration gives, before later assignments. */
function declaredValue(evaluator: Evaluator, module: SourceModule, binding: Binding, frames: Frames): Value {
  const { declaration } = binding;
  switch (binding.kind) {
    case 'parameter':
      return parameterValue(evaluator, module, binding, frames);
    case 'import':
      return evaluator.value(module, binding.identifier);
    case 'function':
    case 'class':
    case 'enum':
      return evaluator.value(module, declaration, frames);
    case 'variable': {
      if (declaration.type !== 'VariableDeclarator') break;
      const { init } = declaration;
      if (init === null) {
        const loop = module.parent(module.parent(declaration) ?? declaration);
        if (loop?.type === 'ForOfStatement') {
          const element = frames.get(loop)?.args[0];
          if (element === undefined) {
            evaluator.unbound.set(loop, module);
            return dynamic(binding.name, evaluator.at(module, binding.identifier));
          }
          return patternValue(evaluator, module, declaration.id, binding.identifier, element, frames)?.() ?? UNDEFINED;
        }
        if (loop?.type === 'ForInStatement') return dynamic(binding.name, evaluator.at(module, binding.identifier));
        return UNDEFINED;
      }
      const source = lazy(() => evaluator.value(module, init, frames));
      return patternValue(evaluator, module, declaration.id, binding.identifier, source, frames)?.() ?? UNDEFINED;
    }
  }
  return dynamic(binding.name, evaluator.at(module, binding.identifier));
}

/** What must hold for `node` to run, given that the code around `within` runs. `null`: it never runs in the ordinary case. */
export function guardOf(
  evaluator: Evaluator,
  module: SourceModule,
  node: Node,
  within: readonly Node[],
  frames: Frames,
): Expression | null {
  let guard: Expression = { kind: 'literal', value: true };
  let child = node;
  for (let at = module.parent(node); at !== null && !within.includes(at); at = module.parent(at)) {
    if (at.type === 'IfStatement' && child !== at.test) {
      const condition = evaluator.test(evaluator.value(module, at.test, frames));
      guard = and(child === at.consequent ? condition : not(condition), guard);
    } else if (at.type === 'ConditionalExpression' && child !== at.test) {
      const condition = evaluator.test(evaluator.value(module, at.test, frames));
      guard = and(child === at.consequent ? condition : not(condition), guard);
    } else if (at.type === 'LogicalExpression' && child === at.right) {
      const condition = evaluator.test(evaluator.value(module, at.left, frames));
      guard = and(at.operator === '&&' ? condition : not(condition), guard);
    } else if (at.type === 'SwitchCase') {
      const statement = module.parent(at);
      if (statement?.type === 'SwitchStatement' && at.test !== null) {
        const left = evaluator.expression(evaluator.value(module, statement.discriminant, frames));
        guard = and(equal(left, evaluator.expression(evaluator.value(module, at.test, frames)), true), guard);
      }
    } else if (at.type === 'CatchClause') {
      return null;
    } else if (isFunction(at)) break;
    child = at;
  }
  return guard;
}

function ancestors(module: SourceModule, node: Node): Node[] {
  const list: Node[] = [];
  for (let at: Node | null = node; at !== null; at = module.parent(at)) list.push(at);
  return list;
}

/**
 * What a name holds where it is read: its declaration, overlaid by the assignments before that place in source order.
 * @param reader The identifier that reads it; `null`: at the end of the module (an export).
 */
export function readBinding(
  evaluator: Evaluator,
  module: SourceModule,
  binding: Binding,
  reader: Node | null,
  frames: Frames,
): Value {
  const around = reader === null ? [module.program] : ancestors(module, reader);
  let current: Value = declaredValue(evaluator, module, binding, frames);
  for (const assignment of binding.assignments) {
    if (around.includes(assignment)) continue;
    const fn = module.functionAround(assignment);
    const sameFunction = fn === null || around.includes(fn);
    if (sameFunction && reader !== null && assignment.start > reader.start) continue;
    // An assignment in another function counts where nothing else says what the name holds.
    if (!sameFunction && !isEmpty(current)) continue;
    const guard = guardOf(evaluator, module, assignment, around, frames);
    if (guard === null) continue;
    const before = current;
    const assigned = lazy(() => assignedValue(evaluator, module, assignment, binding.identifier, before, frames));
    current = evaluator.branch(guard, assigned, () => before);
  }
  return withMutations(evaluator, module, binding, reader, around, frames, current, (node) =>
    guardOf(evaluator, module, node, around, frames),
  );
}

function isEmpty(value: Value): boolean {
  if (value.kind !== 'scalar') return false;
  return value.expr.kind === 'undefined' || (value.expr.kind === 'literal' && value.expr.value === null);
}

function assignedValue(
  evaluator: Evaluator,
  module: SourceModule,
  assignment: NodeOf<'AssignmentExpression'>,
  identifier: Node,
  before: Value,
  frames: Frames,
): Value {
  const right = lazy(() => evaluator.value(module, assignment.right, frames));
  const target = bare(assignment.left);
  switch (assignment.operator) {
    case '=': {
      if (target.type === 'Identifier') return right();
      // The pattern's identifier has the same name, not the same node.
      const name = identifier.type === 'Identifier' ? identifier.name : '';
      const inside = namedIn(target, name);
      const found = inside === null ? null : patternValue(evaluator, module, target, inside, right, frames);
      return found?.() ?? dynamic(name);
    }
    case '||=':
      if (isThing(before)) return before;
      return evaluator.branch(evaluator.test(before), () => before, right);
    case '??=':
      return evaluator.withDefault(before, right);
    case '+=':
      return { kind: 'scalar', expr: concat([evaluator.expression(before), evaluator.expression(right())]) };
    default:
      return dynamic(module.text(assignment));
  }
}

function namedIn(pattern: Node, name: string): Node | null {
  switch (pattern.type) {
    case 'Identifier':
      return pattern.name === name ? pattern : null;
    case 'AssignmentPattern':
      return namedIn(pattern.left, name);
    case 'ObjectPattern':
      for (const property of pattern.properties) {
        const found = namedIn(property.type === 'RestElement' ? property.argument : property.value, name);
        if (found !== null) return found;
      }
      return null;
    case 'ArrayPattern':
      for (const element of pattern.elements) {
        const found = element === null ? null : namedIn(element, name);
        if (found !== null) return found;
      }
      return null;
    default:
      return null;
  }
}

/** What `this` is at a place in the source. */
export function thisValue(evaluator: Evaluator, module: SourceModule, node: Node, frames: Frames): Value {
  let child: Node = node;
  for (let at = module.parent(node); at !== null; at = module.parent(at)) {
    if (at.type === 'FunctionExpression' || at.type === 'FunctionDeclaration') {
      const self = frames.get(at)?.self;
      if (self != null) return self;
      const holder = module.parent(at);
      if (holder?.type === 'MethodDefinition') {
        const cls = module.classAround(holder);
        return cls === null ? dynamic('this') : selfOf(module, cls, holder.static, frames);
      }
      if (holder?.type === 'Property') {
        const parent = module.parent(holder);
        if (parent?.type === 'ObjectExpression') return evaluator.value(module, parent, frames);
      }
      return dynamic('this');
    }
    if ((at.type === 'PropertyDefinition' || at.type === 'AccessorProperty') && child === at.value) {
      const cls = module.classAround(at);
      return cls === null ? dynamic('this') : selfOf(module, cls, at.static, frames);
    }
    if (at.type === 'StaticBlock') {
      const cls = module.classAround(at);
      return cls === null ? dynamic('this') : selfOf(module, cls, true, frames);
    }
    child = at;
  }
  return unknown('this', 'it stands outside of a class');
}

function selfOf(module: SourceModule, node: ClassNode, isStatic: boolean, frames: Frames): Value {
  const cls = { kind: 'class' as const, module, node, frames };
  return isStatic || !isClass(node) ? cls : { kind: 'instance', cls, frames, node: null, module };
}
