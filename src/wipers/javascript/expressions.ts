import { type CallNode, keyName, type Node, type NodeOf } from '../../session/source/syntax.ts';
import { UNKNOWN_TEXT } from '../effect.ts';
import { awaited } from './flow.ts';
import type { Machine } from './machine.ts';
import { Scope } from './scope.ts';
import { assignMember, assignName, bindPattern, listOf, someItem } from './statements.ts';
import {
  Arr,
  alternativesOf,
  choice,
  Func,
  isNullish,
  Obj,
  Pattern,
  Settled,
  Table,
  textOf,
  truthy,
  Unknown,
  type Value,
} from './value.ts';

/** The value of an expression. What it does on the way is done. */
export function evaluate(machine: Machine, node: Node, scope: Scope): Value {
  machine.step();
  switch (node.type) {
    case 'Literal':
      if ('regex' in node && node.regex != null) return regex(node.regex.pattern, node.regex.flags);
      return typeof node.value === 'bigint' ? Number(node.value) : (node.value as Value);
    case 'Identifier':
      return identifier(machine, node.name, scope);
    case 'ThisExpression':
      return scope.frame.self;
    case 'TemplateLiteral':
      return template(machine, node, scope);
    case 'TaggedTemplateExpression': {
      const tag = machine.evaluate(node.tag, scope);
      const values = node.quasi.expressions.map((inner) => machine.evaluate(inner, scope));
      const strings = new Arr(node.quasi.quasis.map(({ value }) => value.cooked ?? value.raw));
      machine.stack.push({ unit: scope.frame.module, node });
      try {
        return machine.call(tag, undefined, [strings, ...values]);
      } finally {
        machine.stack.pop();
      }
    }
    case 'ArrayExpression': {
      const made = new Arr();
      for (const element of node.elements) {
        if (element === null) made.items.push(undefined);
        else if (element.type === 'SpreadElement') spread(machine, machine.evaluate(element.argument, scope), made);
        else made.items.push(machine.evaluate(element, scope));
      }
      return made;
    }
    case 'ObjectExpression':
      return object(machine, node, scope);
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionDeclaration': {
      const named = node.type === 'FunctionExpression' && node.id !== null;
      const inner = named ? new Scope(scope, scope.frame, false) : scope;
      const made = machine.closure(node, inner);
      if (named && node.id !== null) inner.variables.set(node.id.name, { value: made, level: machine.level });
      return made;
    }
    case 'ClassExpression':
    case 'ClassDeclaration':
      return machine.classOf(node, scope);
    case 'MemberExpression': {
      const target = machine.evaluate(node.object, scope);
      if (node.optional && isNullish(target) === true) return undefined;
      return read(machine, target, node, scope);
    }
    case 'ChainExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
    case 'TSNonNullExpression':
    case 'TSInstantiationExpression':
    case 'ParenthesizedExpression':
      return machine.evaluate(node.expression, scope);
    case 'CallExpression':
      return call(machine, node, scope);
    case 'NewExpression': {
      const callee = machine.evaluate(node.callee, scope);
      const args = argumentsOf(machine, node.arguments, scope);
      return within(machine, node, scope, () => {
        machine.beforeCall(node, callee, undefined, args, scope.frame.module);
        return machine.construct(callee, args, node, scope.frame.module);
      });
    }
    case 'AwaitExpression': {
      const value = machine.evaluate(node.argument, scope);
      if (value instanceof Unknown && value.alternatives !== null)
        return choice(
          value.alternatives.map((one) =>
            one instanceof Settled && one.rejected ? new Unknown('error') : awaited(one),
          ),
          value.from,
        );
      return awaited(value);
    }
    case 'YieldExpression':
      if (node.argument !== null) machine.evaluate(node.argument, scope);
      return new Unknown('yield');
    case 'ConditionalExpression': {
      const test = truthy(machine.evaluate(node.test, scope));
      if (test !== null && !machine.stateful(node.test, scope))
        return machine.evaluate(test ? node.consequent : node.alternate, scope);
      const reason = `it depends on \`${scope.frame.module.source.text(node.test, 60)}\``;
      const values = [node.consequent, node.alternate].map(
        (part) => machine.maybe(reason, () => machine.evaluate(part, scope)).value ?? undefined,
      );
      return choice(values, scope.frame.module.source.text(node, 60));
    }
    case 'LogicalExpression':
      return logical(machine, node, scope);
    case 'BinaryExpression':
      if (node.left.type === 'PrivateIdentifier') return new Unknown('a private name');
      return binary(
        machine,
        node.operator,
        machine.evaluate(node.left, scope),
        machine.evaluate(node.right, scope),
        scope,
        node,
      );
    case 'UnaryExpression':
      return unary(machine, node, scope);
    case 'UpdateExpression': {
      const before = machine.evaluate(node.argument, scope);
      const after = typeof before === 'number' ? before + (node.operator === '++' ? 1 : -1) : new Unknown('a number');
      assign(machine, node.argument, after, scope);
      return node.prefix ? after : before;
    }
    case 'AssignmentExpression':
      return assignment(machine, node, scope);
    case 'SequenceExpression': {
      let last: Value;
      for (const part of node.expressions) last = machine.evaluate(part, scope);
      return last;
    }
    case 'ImportExpression': {
      const source = machine.evaluate(node.source, scope);
      return new Settled(machine.load(scope.frame.module, typeof source === 'string' ? source : UNKNOWN_TEXT));
    }
    case 'MetaProperty': {
      if (node.meta.name !== 'import') return new Unknown('new.target');
      const { path } = scope.frame.module;
      const url = `file://${path}`;
      const directory = path.slice(0, path.lastIndexOf('/')) || '/';
      return new Obj([
        ['url', url],
        ['dirname', directory],
        ['filename', path],
        ['main', machine.globals('\u0000main') === path],
      ]);
    }
    case 'Super':
      return scope.frame.home?.proto ?? new Unknown('super');
    default:
      return new Unknown(node.type);
  }
}

function regex(pattern: string, flags: string): Value {
  // A pattern with nested repetition could take for ever.
  if (pattern.length > 300 || /\([^)]*[+*][^)]*\)[+*{]/.test(pattern)) return new Unknown('a regular expression');
  try {
    return new Pattern(new RegExp(pattern, flags));
  } catch {
    return new Unknown('a regular expression');
  }
}

function identifier(machine: Machine, name: string, scope: Scope): Value {
  if (name === 'undefined') return undefined;
  const variable = scope.find(name);
  if (variable !== null) return variable.read === undefined ? variable.value : variable.read();
  if (name === 'arguments') return new Arr([...scope.frame.args]);
  return machine.globals(name);
}

function template(machine: Machine, node: NodeOf<'TemplateLiteral'>, scope: Scope): Value {
  const values = node.expressions.map((part) => machine.evaluate(part, scope));
  const build = (parts: readonly Value[]): string =>
    node.quasis
      .map(({ value }, index) => (value.cooked ?? value.raw) + (index < parts.length ? textOf(parts[index]) : ''))
      .join('');
  const open = values.findIndex((value) => value instanceof Unknown && value.alternatives !== null);
  const some = values[open];
  if (some === undefined) return build(values);
  return choice(
    alternativesOf(some).map((one) => build(values.map((value, index) => (index === open ? one : value)))),
    'a text',
  );
}

export function spread(machine: Machine, value: Value, into: Arr): void {
  const items = listOf(value);
  if (items === null) {
    into.open = true;
    if (value instanceof Arr || value instanceof Table) into.items.push(someItem(value, 'an item'));
  } else for (const item of items.slice(0, 10_000)) into.items.push(item);
  machine.step(items?.length ?? 1);
}

function argumentsOf(machine: Machine, nodes: readonly Node[], scope: Scope): Value[] {
  const list = new Arr();
  for (const node of nodes) {
    if (node.type === 'SpreadElement') spread(machine, machine.evaluate(node.argument, scope), list);
    else list.items.push(machine.evaluate(node, scope));
  }
  return list.items;
}

function object(machine: Machine, node: NodeOf<'ObjectExpression'>, scope: Scope): Value {
  const made = new Obj();
  made.level = machine.level;
  for (const property of node.properties) {
    if (property.type === 'SpreadElement') {
      const value = machine.evaluate(property.argument, scope);
      if (value instanceof Obj) {
        for (const [key, inner] of value.props) made.props.set(key, inner);
        made.open ||= value.open;
      } else if (value instanceof Unknown) made.open = true;
      continue;
    }
    const name = keyName(property.key, property.computed) ?? keyOf(machine.evaluate(property.key, scope));
    if (property.kind === 'get' && property.value.type === 'FunctionExpression') {
      if (name !== null) made.getters.set(name, machine.closure(property.value, scope, made));
      continue;
    }
    if (property.kind === 'set') continue;
    const value = machine.evaluate(property.value, scope);
    if (name === null) made.open = true;
    else made.props.set(name, value);
  }
  return made;
}

function keyOf(value: Value): string | null {
  return (typeof value === 'string' && !value.includes(UNKNOWN_TEXT)) || typeof value === 'number'
    ? String(value)
    : null;
}

/** Read the property that a member expression names. */
function read(machine: Machine, target: Value, node: NodeOf<'MemberExpression'>, scope: Scope): Value {
  if (node.object.type === 'Super') {
    const name = keyName(node.property, node.computed);
    return name === null ? new Unknown('super') : machine.member(target, name);
  }
  const fixed = keyName(node.property, node.computed);
  if (fixed !== null) return machine.member(target, fixed);
  const key = machine.evaluate(node.property, scope);
  const names = alternativesOf(key).map(keyOf);
  if (names.every((name) => name !== null))
    return choice(
      names.map((name) => machine.member(target, name)),
      'a property',
    );
  if (target instanceof Obj) {
    const known = [...target.props].filter(([name]) => name !== 'constructor').map(([, value]) => value);
    if (known.length > 0 && known.length <= 16) return choice(known, scope.frame.module.source.text(node, 60));
  }
  if (target instanceof Arr && target.items.length > 0) return choice(target.items, 'an item');
  return new Unknown(scope.frame.module.source.text(node, 60));
}

/** Keep the place of a call on the stack while it runs. */
function within<T>(machine: Machine, node: Node, scope: Scope, part: () => T): T {
  machine.stack.push({ unit: scope.frame.module, node });
  try {
    return part();
  } finally {
    machine.stack.pop();
  }
}

function call(machine: Machine, node: NodeOf<'CallExpression'>, scope: Scope): Value {
  const target = node.callee;
  let self: Value;
  let callee: Value;
  if (target.type === 'Super') {
    const parent = scope.frame.self instanceof Obj ? scope.frame.self.props.get('\u0000super') : undefined;
    machine.call(parent ?? new Unknown('super'), scope.frame.self, argumentsOf(machine, node.arguments, scope));
    return undefined;
  }
  let at: Node = target;
  while (
    at.type === 'TSNonNullExpression' ||
    at.type === 'ParenthesizedExpression' ||
    at.type === 'ChainExpression' ||
    at.type === 'TSAsExpression'
  )
    at = at.expression;
  if (at.type === 'MemberExpression') {
    const receiver = machine.evaluate(at.object, scope);
    self = at.object.type === 'Super' ? scope.frame.self : receiver;
    if (at.optional && isNullish(receiver) === true) return undefined;
    if (receiver instanceof Unknown && receiver.alternatives !== null && at.object.type !== 'Super') {
      return eachReceiver(machine, receiver, at, node, scope);
    }
    callee = read(machine, receiver, at, scope);
  } else callee = machine.evaluate(at, scope);
  if (node.optional && isNullish(callee) === true) return undefined;
  const args = argumentsOf(machine, node.arguments, scope);
  return invoke(machine, node, callee, self, args, scope);
}

/** A method of one of several objects: act out each. */
function eachReceiver(
  machine: Machine,
  receiver: Unknown,
  member: NodeOf<'MemberExpression'>,
  node: CallNode,
  scope: Scope,
): Value {
  const args = argumentsOf(machine, node.arguments, scope);
  const reason = `it depends on \`${scope.frame.module.source.text(member.object, 60)}\``;
  const receivers = (receiver.alternatives ?? []).filter((one) => one !== undefined && one !== null);
  const results = receivers.map(
    (one) =>
      machine.maybe(reason, () => invoke(machine, node, read(machine, one, member, scope), one, args, scope)).value,
  );
  return choice(
    results.map((result) => result ?? undefined),
    scope.frame.module.source.text(node, 60),
  );
}

function invoke(machine: Machine, node: CallNode, callee: Value, self: Value, args: Value[], scope: Scope): Value {
  const unit = scope.frame.module;
  return within(machine, node, scope, () => {
    machine.beforeCall(node, callee, self, args, unit);
    const given = callee instanceof Unknown || (callee instanceof Func && callee.native !== null);
    if (!given && !(callee instanceof Func)) return new Unknown(`${unit.source.text(node.callee, 60)}()`);
    return machine.call(callee, self, args, node, unit);
  });
}

function logical(machine: Machine, node: NodeOf<'LogicalExpression'>, scope: Scope): Value {
  const left = machine.evaluate(node.left, scope);
  const decided = node.operator === '??' ? isNullish(left) : truthy(left);
  const goesOn =
    node.operator === '&&' ? decided : node.operator === '||' ? (decided === null ? null : !decided) : decided;
  if (goesOn === false) {
    if (node.operator === '&&' && machine.stateful(node.left, scope)) {
      machine.maybe('it depends on the state of the bot', () => machine.evaluate(node.right, scope));
    }
    return left;
  }
  if (goesOn === true) return machine.evaluate(node.right, scope);
  const reason = `it depends on \`${scope.frame.module.source.text(node.left, 60)}\``;
  const right = machine.maybe(reason, () => machine.evaluate(node.right, scope)).value ?? undefined;
  if (left instanceof Unknown && node.operator !== '&&') {
    // Where the left side is one of several, only those stay that end the expression.
    const kept = alternativesOf(left).filter(
      (one) => (node.operator === '??' ? isNullish(one) : truthy(one)) !== (node.operator === '??'),
    );
    return choice([...kept, right], left.from);
  }
  return node.operator === '&&' ? choice([left, right], 'a condition') : choice([left, right]);
}

function assign(machine: Machine, target: Node, value: Value, scope: Scope): void {
  bindPattern(machine, target, value, scope, false);
}

function assignment(machine: Machine, node: NodeOf<'AssignmentExpression'>, scope: Scope): Value {
  const { operator, left } = node;
  if (operator === '=') {
    const value = machine.evaluate(node.right, scope);
    if (left.type === 'Identifier') assignName(machine, left.name, value, scope);
    else if (left.type === 'MemberExpression') assignMember(machine, left, value, scope);
    else assign(machine, left, value, scope);
    return value;
  }
  const before = machine.evaluate(left, scope);
  if (operator === '||=' || operator === '&&=' || operator === '??=') {
    const decided = operator === '??=' ? isNullish(before) : truthy(before);
    const sets = operator === '||=' ? (decided === null ? null : !decided) : decided;
    if (sets === false) return before;
    const value = machine.evaluate(node.right, scope);
    const result = sets === true ? value : choice([before, value]);
    assign(machine, left, result, scope);
    return result;
  }
  const result = binary(machine, operator.slice(0, -1), before, machine.evaluate(node.right, scope), scope, node);
  assign(machine, left, result, scope);
  return result;
}

function unary(machine: Machine, node: NodeOf<'UnaryExpression'>, scope: Scope): Value {
  if (node.operator === 'delete') {
    if (node.argument.type === 'MemberExpression') {
      const target = machine.evaluate(node.argument.object, scope);
      const name =
        keyName(node.argument.property, node.argument.computed) ??
        keyOf(machine.evaluate(node.argument.property, scope));
      if (target instanceof Obj && name !== null && machine.level <= target.level) target.props.delete(name);
    }
    return true;
  }
  const value = machine.evaluate(node.argument, scope);
  switch (node.operator) {
    case '!': {
      const answer = truthy(value);
      return answer === null ? new Unknown('a condition') : !answer;
    }
    case '-':
      return typeof value === 'number' ? -value : new Unknown('a number');
    case '+':
      return typeof value === 'string' || typeof value === 'number' ? Number(value) : new Unknown('a number');
    case 'typeof':
      if (value instanceof Unknown) return new Unknown('a type');
      if (value instanceof Func) return 'function';
      return value === null || value instanceof Obj || value instanceof Arr ? 'object' : typeof value;
    case 'void':
      return undefined;
    default:
      return new Unknown(node.operator);
  }
}

const YES = /^(?:y|yes|s|si|sí|sim|o|oui|j|ja|ok|true|confirm|delete)$/i;

function binary(machine: Machine, operator: string, left: Value, right: Value, scope: Scope, node: Node): Value {
  if (operator === '+') {
    if (typeof left === 'number' && typeof right === 'number') return left + right;
    for (const [one, other, first] of [
      [left, right, true],
      [right, left, false],
    ] as const) {
      if (
        one instanceof Unknown &&
        one.alternatives !== null &&
        !(other instanceof Unknown && other.alternatives !== null)
      ) {
        return choice(
          one.alternatives.map((inner) =>
            binary(machine, '+', first ? inner : other, first ? other : inner, scope, node),
          ),
          one.from,
        );
      }
    }
    if (typeof left === 'string' || typeof right === 'string') return textOf(left) + textOf(right);
    return new Unknown('a sum');
  }
  const equality = operator === '===' || operator === '==' || operator === '!==' || operator === '!=';
  if (equality) {
    const same = equals(left, right);
    if (same === null) return new Unknown(scope.frame.module.source.text(node, 60));
    return same === operator.startsWith('=');
  }
  if (operator === 'instanceof') {
    if (left instanceof Obj && right instanceof Func && right.prototype !== null) {
      for (let at = left.proto, depth = 0; at !== null && depth < 20; at = at.proto, depth += 1)
        if (at === right.prototype) return true;
      return left.open ? new Unknown('instanceof') : false;
    }
    return new Unknown('instanceof');
  }
  if (operator === 'in') {
    if (right instanceof Obj && typeof left === 'string')
      return right.props.has(left) || (right.open ? new Unknown('in') : false);
    return new Unknown('in');
  }
  if (typeof left === 'number' && typeof right === 'number') return arithmetic(operator, left, right);
  if (
    typeof left === 'string' &&
    typeof right === 'string' &&
    !left.includes(UNKNOWN_TEXT) &&
    !right.includes(UNKNOWN_TEXT)
  ) {
    if (operator === '<') return left < right;
    if (operator === '>') return left > right;
    if (operator === '<=') return left <= right;
    if (operator === '>=') return left >= right;
  }
  return new Unknown(scope.frame.module.source.text(node, 60));
}

function arithmetic(operator: string, left: number, right: number): Value {
  switch (operator) {
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '**':
      return left ** right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    case '|':
      return left | right;
    case '&':
      return left & right;
    default:
      return new Unknown('a number');
  }
}

/** `===`; `null` when it cannot be told. */
export function equals(left: Value, right: Value): boolean | null {
  for (const [one, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (one instanceof Unknown) {
      if (one.consent && typeof other === 'string') return YES.test(other.trim());
      if (one.alternatives === null) return null;
      const answers = new Set(one.alternatives.map((inner) => equals(inner, other)));
      const [only] = answers;
      return answers.size === 1 && only !== undefined ? only : null;
    }
  }
  if (typeof left === 'string' && typeof right === 'string') {
    if (left.includes(UNKNOWN_TEXT) || right.includes(UNKNOWN_TEXT))
      return left === right || mayBeEqual(left, right) ? null : false;
    return left === right;
  }
  if (left instanceof Settled || right instanceof Settled) return null;
  return left === right;
}

function mayBeEqual(left: string, right: string): boolean {
  const [prefix = '', ...rest] = left.split(UNKNOWN_TEXT);
  const [otherPrefix = ''] = right.split(UNKNOWN_TEXT);
  const suffix = rest.at(-1);
  if (!prefix.startsWith(otherPrefix.slice(0, prefix.length)) && !otherPrefix.startsWith(prefix)) return false;
  return suffix === undefined || right.includes(UNKNOWN_TEXT) || right.endsWith(suffix);
}
