import { bare, keyName, type Node, type NodeOf } from '../../session/source/syntax.ts';
import { Exit, GiveUp, Thrown } from './flow.ts';
import type { Machine } from './machine.ts';
import { Scope } from './scope.ts';
import { Arr, alternativesOf, choice, Func, Obj, Settled, Table, truthy, Unknown, type Value } from './value.ts';

/** How a statement ends; `null`: the next one follows. */
export type Completion =
  | null
  | { readonly kind: 'return'; readonly value: Value }
  | { readonly kind: 'break' | 'continue'; readonly label: string | null };

/** Rounds of a loop whose end is not known. */
const UNKNOWN_ROUNDS = 2;
const ROUND_LIMIT = 5_000;

/** Declare what a block declares before it runs. */
export function hoist(machine: Machine, statements: readonly Node[], scope: Scope): void {
  for (const statement of statements) {
    const node =
      statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration'
        ? statement.declaration
        : statement;
    if (node?.type === 'FunctionDeclaration' && node.id !== null && node.body !== null) {
      scope.variables.set(node.id.name, { value: machine.closure(node, scope), level: machine.level });
    }
  }
}

export function runBlock(machine: Machine, statements: readonly Node[], scope: Scope): Completion {
  hoist(machine, statements, scope);
  for (const statement of statements) {
    const completion = run(machine, statement, scope);
    if (completion !== null) return completion;
  }
  return null;
}

function block(machine: Machine, node: Node, scope: Scope): Completion {
  return run(machine, node, node.type === 'BlockStatement' ? scope : new Scope(scope, scope.frame, false));
}

/** Both branches of a condition that is not known. What one of them ends may go on in the other. */
function either(machine: Machine, reason: string, scope: Scope, parts: readonly (() => Completion)[]): Completion {
  const results = parts.map((part) => machine.maybe(reason, part));
  const endings = results.filter(({ value, left }) => value !== null || left !== null);
  if (endings.length === results.length && results.length > 1) {
    for (const { value } of results) if (value?.kind === 'return') scope.frame.returns.push(value.value);
    const last = results.find(({ value }) => value !== null);
    if (last?.value != null) return last.value;
    const left = results[0]?.left ?? null;
    if (left !== null) throw left;
    return null;
  }
  for (const { value } of endings) if (value?.kind === 'return') scope.frame.returns.push(value.value);
  // What follows happens only when that branch was not taken.
  if (endings.length > 0) machine.doubt ??= reason;
  return null;
}

function reasonOf(test: Node, scope: Scope): string {
  return `it depends on \`${scope.frame.module.source.text(test, 60)}\``;
}

export function run(machine: Machine, node: Node, scope: Scope): Completion {
  machine.step();
  switch (node.type) {
    case 'ExpressionStatement':
      machine.evaluate(node.expression, scope);
      return null;
    case 'VariableDeclaration':
      declare(machine, node, scope);
      return null;
    case 'ClassDeclaration':
      if (node.id !== null)
        scope.variables.set(node.id.name, { value: machine.classOf(node, scope), level: machine.level });
      return null;
    case 'ReturnStatement':
      return { kind: 'return', value: node.argument === null ? undefined : machine.evaluate(node.argument, scope) };
    case 'IfStatement': {
      const known = truthy(machine.evaluate(node.test, scope));
      const test = known !== null && machine.stateful(node.test, scope) ? null : known;
      const { consequent, alternate } = node;
      if (test === true) return block(machine, consequent, scope);
      if (test === false) return alternate === null ? null : block(machine, alternate, scope);
      return either(machine, reasonOf(node.test, scope), scope, [
        () => block(machine, consequent, scope),
        ...(alternate === null ? [] : [() => block(machine, alternate, scope)]),
      ]);
    }
    case 'BlockStatement':
      return runBlock(machine, node.body, new Scope(scope, scope.frame, false));
    case 'ThrowStatement':
      throw new Thrown(machine.evaluate(node.argument, scope));
    case 'TryStatement':
      return tryStatement(machine, node, scope);
    case 'ForStatement':
    case 'WhileStatement':
    case 'DoWhileStatement':
      return loop(machine, node, scope, null);
    case 'ForOfStatement':
    case 'ForInStatement':
      return each(machine, node, scope, null);
    case 'LabeledStatement': {
      const { body, label } = node;
      let completion: Completion;
      if (body.type === 'ForStatement' || body.type === 'WhileStatement' || body.type === 'DoWhileStatement') {
        completion = loop(machine, body, scope, label.name);
      } else if (body.type === 'ForOfStatement' || body.type === 'ForInStatement') {
        completion = each(machine, body, scope, label.name);
      } else completion = run(machine, body, scope);
      return completion?.kind === 'break' && completion.label === label.name ? null : completion;
    }
    case 'BreakStatement':
      return { kind: 'break', label: node.label?.name ?? null };
    case 'ContinueStatement':
      return { kind: 'continue', label: node.label?.name ?? null };
    case 'SwitchStatement':
      return switchStatement(machine, node, scope);
    case 'ExportNamedDeclaration':
      return node.declaration === null ? null : run(machine, node.declaration, scope);
    case 'ExportDefaultDeclaration': {
      const { declaration } = node;
      const named = declaration.type === 'FunctionDeclaration' || declaration.type === 'ClassDeclaration';
      if (named && declaration.id !== null) return run(machine, declaration, scope);
      const value =
        declaration.type === 'FunctionDeclaration'
          ? machine.closure(declaration, scope)
          : declaration.type === 'ClassDeclaration'
            ? machine.classOf(declaration, scope)
            : machine.evaluate(declaration, scope);
      scope.variables.set('*default', { value, level: machine.level });
      return null;
    }
    case 'TSExportAssignment':
      scope.frame.module.common.props.set('exports', machine.evaluate(node.expression, scope));
      return null;
    case 'TSEnumDeclaration': {
      const made = new Obj();
      let next = 0;
      for (const member of node.body.members) {
        const name = keyName(member.id, member.computed);
        const value = member.initializer === null ? next : machine.evaluate(member.initializer, scope);
        if (name !== null) made.props.set(name, value);
        next = (typeof value === 'number' ? value : next) + 1;
      }
      scope.variables.set(node.id.name, { value: made, level: machine.level });
      return null;
    }
    case 'TSImportEqualsDeclaration':
      if (node.moduleReference.type === 'TSExternalModuleReference') {
        const value = machine.load(scope.frame.module, node.moduleReference.expression.value);
        scope.variables.set(node.id.name, { value, level: machine.level });
      }
      return null;
    default:
      return null;
  }
}

function declare(machine: Machine, node: NodeOf<'VariableDeclaration'>, scope: Scope): void {
  const target = node.kind === 'var' ? scope.functionScope() : scope;
  for (const { id, init } of node.declarations) {
    if (init === null) {
      if (id.type === 'Identifier' && !target.variables.has(id.name)) {
        target.variables.set(id.name, { value: undefined, level: machine.level });
      }
      continue;
    }
    const value = machine.evaluate(init, scope);
    bindPattern(machine, id, value, target, true, scope);
  }
}

/** Give the names of a pattern their values; `fresh`: they are declared here. */
export function bindPattern(
  machine: Machine,
  pattern: Node,
  value: Value,
  scope: Scope,
  fresh: boolean,
  evaluation: Scope = scope,
): void {
  const at = bare(pattern);
  switch (at.type) {
    case 'Identifier':
      if (fresh) scope.variables.set(at.name, { value, level: machine.level });
      else assignName(machine, at.name, value, scope);
      break;
    case 'AssignmentPattern': {
      const given = value === undefined ? machine.evaluate(at.right, evaluation) : value;
      bindPattern(machine, at.left, given, scope, fresh, evaluation);
      break;
    }
    case 'ObjectPattern': {
      const taken = new Set<string>();
      for (const property of at.properties) {
        if (property.type === 'RestElement') {
          const rest = new Obj();
          if (value instanceof Obj) {
            for (const [key, inner] of value.props) if (!taken.has(key)) rest.props.set(key, inner);
            rest.open = value.open;
          } else rest.open = true;
          bindPattern(machine, property.argument, rest, scope, fresh, evaluation);
          continue;
        }
        const name = keyName(property.key, property.computed);
        if (name !== null) taken.add(name);
        const inner = name === null ? new Unknown('a computed property') : machine.member(value, name);
        bindPattern(machine, property.value, inner, scope, fresh, evaluation);
      }
      break;
    }
    case 'ArrayPattern': {
      const items = listOf(value);
      at.elements.forEach((element, index) => {
        if (element === null) return;
        if (element.type === 'RestElement') {
          bindPattern(machine, element.argument, new Arr(items?.slice(index) ?? []), scope, fresh, evaluation);
        } else {
          const inner = items === null ? machine.member(value, String(index)) : items[index];
          bindPattern(machine, element, inner, scope, fresh, evaluation);
        }
      });
      break;
    }
    case 'MemberExpression':
      assignMember(machine, at, value, scope);
      break;
  }
}

export function assignName(machine: Machine, name: string, value: Value, scope: Scope): void {
  const variable = scope.find(name);
  if (variable === null) {
    // An undeclared name becomes a global of the module.
    let top: Scope = scope;
    while (top.parent !== null) top = top.parent;
    top.variables.set(name, { value, level: 0 });
    return;
  }
  variable.value = machine.level > variable.level ? choice([variable.value, value], name) : value;
}

export function assignMember(machine: Machine, node: NodeOf<'MemberExpression'>, value: Value, scope: Scope): void {
  const target = machine.evaluate(node.object, scope);
  const name = keyName(node.property, node.computed) ?? keyText(machine.evaluate(node.property, scope));
  for (const object of alternativesOf(target)) setMember(machine, object, name, value);
}

function keyText(value: Value): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}

/** Set a property; `name` `null`: it is not known which. */
export function setMember(machine: Machine, object: Value, name: string | null, value: Value): void {
  if (object instanceof Obj) {
    if (name === null) {
      // Reading any key may give it back.
      object.open = true;
      const before = object.props.get('\u0000any');
      object.props.set('\u0000any', before === undefined ? value : choice([before, value], 'one of its values'));
      return;
    }
    const before = object.props.get(name);
    const doubtful = machine.level > object.level && object.props.has(name);
    object.props.set(name, doubtful ? choice([before, value], name) : value);
  } else if (object instanceof Func) {
    if (name === 'prototype' && value instanceof Obj) object.prototype = value;
    else if (name !== null) object.props.set(name, value);
  } else if (object instanceof Arr) {
    const index = Number(name);
    if (name === 'length' && typeof value === 'number' && value <= object.items.length) object.items.length = value;
    else if (Number.isInteger(index) && index >= 0 && index < 10_000) object.items[index] = value;
  }
}

function tryStatement(machine: Machine, node: NodeOf<'TryStatement'>, scope: Scope): Completion {
  const { stack } = machine;
  const depth = stack.length;
  const doubt = machine.doubt;
  let completion: Completion = null;
  let pending: Thrown | null = null;
  try {
    completion = run(machine, node.block, scope);
    // In a doubtful world the block may also fail: look at what its handler would do.
    if (node.handler !== null && machine.exploring) {
      const { handler } = node;
      machine.maybe('only when an error occurs', () => catchClause(machine, handler, new Unknown('error'), scope));
    }
  } catch (error) {
    if (error instanceof GiveUp || error instanceof Exit || !(error instanceof Thrown)) throw error;
    stack.length = depth;
    machine.doubt = doubt;
    if (node.handler === null) pending = error;
    else completion = catchClause(machine, node.handler, error.value, scope);
  } finally {
    if (node.finalizer !== null) {
      const last = run(machine, node.finalizer, scope);
      if (last !== null) completion = last;
    }
  }
  if (pending !== null && completion === null) throw pending;
  return completion;
}

function catchClause(machine: Machine, node: NodeOf<'CatchClause'>, error: Value, scope: Scope): Completion {
  const inner = new Scope(scope, scope.frame, false);
  if (node.param !== null) bindPattern(machine, node.param, error, inner, true);
  return run(machine, node.body, inner);
}

type LoopNode = NodeOf<'ForStatement' | 'WhileStatement' | 'DoWhileStatement'>;

function loop(machine: Machine, node: LoopNode, outer: Scope, label: string | null): Completion {
  const scope = new Scope(outer, outer.frame, false);
  if (node.type === 'ForStatement' && node.init !== null) {
    if (node.init.type === 'VariableDeclaration') run(machine, node.init, scope);
    else machine.evaluate(node.init, scope);
  }
  let unknown = 0;
  for (let round = 0; round < ROUND_LIMIT; round += 1) {
    if (node.test !== null && (node.type !== 'DoWhileStatement' || round > 0)) {
      const test = truthy(machine.evaluate(node.test, scope));
      if (test === false) return null;
      if (test === null) {
        unknown += 1;
        if (unknown > UNKNOWN_ROUNDS) return null;
        const { body } = node;
        const result = machine.maybe(reasonOf(node.test, scope), () => block(machine, body, scope));
        if (result.value?.kind === 'return') scope.frame.returns.push(result.value.value);
        if (result.value !== null || result.left !== null) {
          machine.doubt ??= reasonOf(node.test, scope);
          return null;
        }
        if (node.type === 'ForStatement' && node.update !== null) machine.evaluate(node.update, scope);
        continue;
      }
    }
    const doubt = machine.doubt;
    const completion = block(machine, node.body, scope);
    if (completion !== null && !continues(completion, label)) return breaks(completion, label) ? null : completion;
    // An endless loop whose end depends on something unknown.
    if (machine.doubt !== doubt && machine.doubt !== null) {
      unknown += 1;
      if (unknown > UNKNOWN_ROUNDS) return null;
    }
    if (node.type === 'ForStatement' && node.update !== null) machine.evaluate(node.update, scope);
    if (round > 50 && node.test?.type === 'Literal') return null;
  }
  return null;
}

function continues(completion: Completion, label: string | null): boolean {
  return completion?.kind === 'continue' && (completion.label === null || completion.label === label);
}

function breaks(completion: Completion, label: string | null): boolean {
  return completion?.kind === 'break' && (completion.label === null || completion.label === label);
}

/** The items of something that can be iterated; `null` when they are not known. */
export function listOf(value: Value): readonly Value[] | null {
  if (value instanceof Settled) return listOf(value.value);
  if (value instanceof Arr) return value.open ? null : value.items;
  if (value instanceof Table) {
    if (value.loose.length > 0) return null;
    return value.kind === 'set' ? [...value.entries.keys()] : [...value.entries].map((pair) => new Arr([...pair]));
  }
  if (typeof value === 'string') return [...value];
  return null;
}

/** An item of a list that is not wholly known. */
export function someItem(value: Value, from: string): Value {
  if (value instanceof Arr && value.items.length > 0) return choice(value.items, from);
  if (value instanceof Table) {
    const values = [...value.entries.values(), ...value.loose];
    if (values.length > 0)
      return choice(value.kind === 'set' ? values : [new Arr([new Unknown('key'), choice(values)])]);
  }
  return new Unknown(from);
}

function each(
  machine: Machine,
  node: NodeOf<'ForOfStatement' | 'ForInStatement'>,
  scope: Scope,
  label: string | null,
): Completion {
  const value = machine.evaluate(node.right, scope);
  let items: readonly Value[] | null;
  if (node.type === 'ForOfStatement') items = listOf(value);
  else if (value instanceof Obj) items = value.open ? null : [...value.props.keys()];
  else if (value instanceof Arr) items = value.items.map((_, index) => String(index));
  else items = value instanceof Unknown ? null : [];
  const round = (item: Value): Completion => {
    const inner = new Scope(scope, scope.frame, false);
    if (node.left.type === 'VariableDeclaration') {
      const [declarator] = node.left.declarations;
      if (declarator !== undefined) bindPattern(machine, declarator.id, item, inner, true);
    } else bindPattern(machine, node.left, item, inner, false);
    return block(machine, node.body, inner);
  };
  if (items === null) {
    const reason = `it depends on \`${scope.frame.module.source.text(node.right, 60)}\``;
    const known = value instanceof Arr ? value.items : [someItem(value, reason)];
    for (const item of known.length === 0 ? [new Unknown(reason)] : known) {
      const result = machine.maybe(reason, () => round(item));
      if (result.value?.kind === 'return') scope.frame.returns.push(result.value.value);
    }
    return null;
  }
  for (const item of items.slice(0, ROUND_LIMIT)) {
    const completion = round(item);
    if (completion === null || continues(completion, label)) continue;
    return breaks(completion, label) ? null : completion;
  }
  return null;
}

function switchStatement(machine: Machine, node: NodeOf<'SwitchStatement'>, outer: Scope): Completion {
  const scope = new Scope(outer, outer.frame, false);
  const value = machine.evaluate(node.discriminant, scope);
  const bodyFrom = (index: number): Completion => {
    for (const { consequent } of node.cases.slice(index)) {
      const completion = runBlock(machine, consequent, scope);
      if (completion !== null) return completion;
    }
    return null;
  };
  if (!(value instanceof Unknown)) {
    let at = node.cases.findIndex(({ test }) => test !== null && machine.evaluate(test, scope) === value);
    if (at < 0) at = node.cases.findIndex(({ test }) => test === null);
    const completion = at < 0 ? null : bodyFrom(at);
    return completion?.kind === 'break' && completion.label === null ? null : completion;
  }
  const reason = reasonOf(node.discriminant, outer);
  for (const index of node.cases.keys()) {
    const result = machine.maybe(reason, () => bodyFrom(index));
    if (result.value?.kind === 'return') outer.frame.returns.push(result.value.value);
  }
  return null;
}
