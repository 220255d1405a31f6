import { type ClassNode, keyName, type NodeOf } from '../../session/source/syntax.ts';
import type { Machine } from './machine.ts';
import { Scope } from './scope.ts';
import { Func, Obj, Unknown, type Value } from './value.ts';

/** Decorators that say what makes a method run (NestJS, routing-controllers, typedi-cron). */
const ROUTES = new Set([
  'Get',
  'Post',
  'Put',
  'Patch',
  'Delete',
  'All',
  'Options',
  'Head',
  'Query',
  'Mutation',
  'MessagePattern',
  'SubscribeMessage',
]);
const EVENTS = new Set(['OnEvent', 'EventPattern', 'On', 'Once']);
const TIMERS = new Set(['Cron', 'Interval', 'Timeout']);
const HOOKS = new Set(['onModuleInit', 'onApplicationBootstrap']);
const ENDINGS = new Set(['onModuleDestroy', 'beforeApplicationShutdown', 'onApplicationShutdown']);

/** Make the value of a class: its prototype, its static members, and how an instance is filled. */
export function makeClass(machine: Machine, node: ClassNode, outer: Scope): Func {
  const parent: Value = node.superClass === null ? undefined : machine.evaluate(node.superClass, outer);
  const scope = new Scope(outer, outer.frame, false);
  const made = new Func(node.id?.name ?? '', { body: { node, scope: outer, parent } });
  if (parent instanceof Func) parent.prototype ??= new Obj();
  const parentPrototype = parent instanceof Func ? parent.prototype : null;
  const prototype = new Obj([], parentPrototype);
  prototype.props.set('constructor', made);
  made.prototype = prototype;
  if (node.id !== null) scope.variables.set(node.id.name, { value: made, level: machine.level });

  const fields: NodeOf<'PropertyDefinition'>[] = [];
  let constructorNode: NodeOf<'MethodDefinition'> | null = null;
  for (const member of node.body.body) {
    if (member.type === 'MethodDefinition') {
      if (member.value.body === null) continue;
      if (member.kind === 'constructor') {
        constructorNode = member;
        continue;
      }
      const name = keyName(member.key, member.computed);
      if (name === null) continue;
      const home = member.static ? null : prototype;
      const method = machine.closure(member.value, scope, home);
      if (member.kind === 'get') (member.static ? null : prototype)?.getters.set(name, method);
      else if (member.kind === 'method') (member.static ? made.props : prototype.props).set(name, method);
    } else if (member.type === 'PropertyDefinition') fields.push(member);
  }
  for (const field of fields) {
    const name = keyName(field.key, field.computed);
    if (!field.static || name === null || field.value === null) continue;
    const inner = new Scope(scope, { ...outer.frame, self: made }, true);
    made.props.set(name, machine.evaluate(field.value, inner));
  }

  const fillFields = (self: Obj): void => {
    for (const field of fields) {
      const name = keyName(field.key, field.computed);
      if (field.static || name === null) continue;
      const inner = new Scope(
        scope,
        { self, args: [], module: outer.frame.module, home: prototype, returns: [] },
        true,
      );
      self.props.set(name, field.value === null ? undefined : machine.evaluate(field.value, inner));
    }
  };
  const fillParent = (self: Obj, args: readonly Value[]): void => {
    if (parent instanceof Func) machine.initialise(parent, self, args);
    else if (parent instanceof Unknown) self.open = true;
    fillFields(self);
  };
  made.construct = (self, args) => {
    if (constructorNode === null) {
      fillParent(self, args);
      return;
    }
    if (node.superClass === null) fillFields(self);
    const inner = machine.closure(constructorNode.value, scope, prototype);
    self.props.set(
      '\u0000super',
      new Func('super', {
        native: ({ args: given }) => {
          fillParent(self, given);
          return undefined;
        },
      }),
    );
    machine.call(inner, self, args);
    self.props.delete('\u0000super');
  };
  registerDecorated(machine, node, made);
  return made;
}

/** Methods that a framework calls: routes, events, timers, by their decorators or names. */
function registerDecorated(machine: Machine, node: ClassNode, made: Func): void {
  const entries: { name: string; kind: 'route' | 'event' | 'timer' | 'start' | 'signal'; label: string }[] = [];
  for (const member of node.body.body) {
    if (member.type !== 'MethodDefinition' || member.static) continue;
    const name = keyName(member.key, member.computed);
    if (name === null) continue;
    if (HOOKS.has(name)) entries.push({ name, kind: 'start', label: name });
    if (ENDINGS.has(name)) entries.push({ name, kind: 'signal', label: name });
    for (const { expression } of member.decorators) {
      const call = expression.type === 'CallExpression' ? expression : null;
      const callee = call?.callee ?? expression;
      if (callee.type !== 'Identifier') continue;
      const [first] = call?.arguments ?? [];
      const text = first?.type === 'Literal' && typeof first.value === 'string' ? first.value : null;
      const kind = ROUTES.has(callee.name)
        ? 'route'
        : EVENTS.has(callee.name)
          ? 'event'
          : TIMERS.has(callee.name)
            ? 'timer'
            : null;
      if (kind !== null)
        entries.push({ name, kind, label: kind === 'route' ? `${callee.name} ${text ?? name}` : (text ?? name) });
    }
  }
  if (entries.length === 0) return;
  let instance: Value = null;
  for (const { name, kind, label } of entries) {
    const start = new Func(name, {
      native: ({ args }) => {
        instance ??= machine.construct(made, []);
        return machine.call(machine.member(instance, name), instance, args);
      },
    });
    machine.enqueue({ kind, name: label }, start, [new Unknown('request'), new Unknown('response')]);
  }
}
