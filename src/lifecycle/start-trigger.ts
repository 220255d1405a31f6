import type { SourceModule } from '../session/source/module.ts';
import { bare, type FunctionNode, isFunction, keyName, type Node, stringOf } from '../session/source/syntax.ts';
import { eventAround } from './events.ts';
import { calledName } from './functions.ts';

const ROUTE_METHODS = /^(?:get|post|put|patch|delete|all|route)$/;
const ROUTE_DECORATORS = /^(?:Get|Post|Put|Patch|Delete|All)$/;
/** Methods that Nest calls when the application starts. */
const START_HOOKS = new Set(['onModuleInit', 'onApplicationBootstrap']);
/** Callers of callers that are followed. */
const DEPTH = 6;

/** Is this function handed to a route: `app.post('/start', …)`, or a method under `@Post()`? */
function isRoute(module: SourceModule, fn: FunctionNode): boolean {
  const parent = module.parent(fn);
  if (parent?.type === 'CallExpression' && ROUTE_METHODS.test(calledName(parent) ?? ''))
    return stringOf(parent.arguments[0] as Node | undefined)?.startsWith('/') === true;
  if (parent?.type !== 'MethodDefinition') return false;
  return (parent.decorators ?? []).some(({ expression }) => {
    const called = bare(expression as Node);
    const callee = called.type === 'CallExpression' ? bare(called.callee) : called;
    return callee.type === 'Identifier' && ROUTE_DECORATORS.test(callee.name);
  });
}

/** What a function is called by: its own name, the variable, property or method that holds it; a constructor by its class. */
function nameOf(module: SourceModule, fn: FunctionNode): string | null {
  if ('id' in fn && fn.id?.type === 'Identifier') return fn.id.name;
  const parent = module.parent(fn);
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.type === 'Identifier' ? parent.id.name : null;
    case 'AssignmentExpression': {
      const target = bare(parent.left as Node);
      if (target.type === 'Identifier') return target.name;
      return target.type === 'MemberExpression' ? keyName(target.property, target.computed) : null;
    }
    case 'Property':
    case 'PropertyDefinition':
      return keyName(parent.key, parent.computed);
    case 'MethodDefinition': {
      if (parent.kind !== 'constructor') return keyName(parent.key, parent.computed);
      const body = module.parent(parent);
      const owner = body === null ? null : module.parent(body);
      return owner !== null && 'id' in owner && owner.id?.type === 'Identifier' ? owner.id.name : null;
    }
    default:
      return null;
  }
}

/** Nodes of all modules that call a function by this name, or hand it on (`app.post('/start', startSession)`). */
function usesOf(
  modules: readonly SourceModule[],
  name: string,
): { module: SourceModule; node: Node; route: boolean }[] {
  const uses: { module: SourceModule; node: Node; route: boolean }[] = [];
  for (const module of modules) {
    for (const call of module.calls) {
      if (calledName(call) === name) uses.push({ module, node: call, route: false });
      for (const argument of call.arguments) {
        const value = bare(argument as Node);
        const handed =
          (value.type === 'Identifier' && value.name === name) ||
          (value.type === 'MemberExpression' && keyName(value.property, value.computed) === name);
        if (!handed) continue;
        const route =
          ROUTE_METHODS.test(calledName(call) ?? '') &&
          stringOf(call.arguments[0] as Node | undefined)?.startsWith('/') === true;
        uses.push({ module, node: call, route });
      }
    }
  }
  return uses;
}

/**
 * What makes a call happen: `start` (somebody starts the program), `route` (only an HTTP request), the name of an event, or `unknown`
 * where the callers are not all known. Callers are found by name: of several answers, one `start` decides, then one `unknown`.
 */
export function startTrigger(modules: readonly SourceModule[], module: SourceModule, call: Node): string {
  const seen = new Set<FunctionNode>();
  const triggers = new Set<string>();
  const follow = (at: SourceModule, node: Node, depth: number): void => {
    for (let up: Node | null = node; up !== null; up = at.parent(up)) {
      if (isFunction(up) && isRoute(at, up)) {
        triggers.add('route');
        return;
      }
    }
    const event = eventAround(at, node);
    if (event !== null) {
      triggers.add(event);
      return;
    }
    const fn = at.functionAround(node);
    if (fn === null) {
      triggers.add('start');
      return;
    }
    if (seen.has(fn)) return;
    seen.add(fn);
    const name = nameOf(at, fn);
    const parent = at.parent(fn);
    if (name === null) {
      // A function that runs where it stands: `(async () => { … })()`, `items.forEach(…)`.
      if (parent?.type === 'CallExpression') follow(at, parent, depth);
      else triggers.add('unknown');
      return;
    }
    if (START_HOOKS.has(name)) {
      triggers.add('start');
      return;
    }
    const uses = depth < DEPTH ? usesOf(modules, name) : [];
    if (uses.length === 0) triggers.add('unknown');
    for (const use of uses) {
      if (use.route) triggers.add('route');
      else follow(use.module, use.node, depth + 1);
    }
  };
  follow(module, call, 0);
  for (const strongest of ['start', 'unknown', 'route']) if (triggers.has(strongest)) return strongest;
  return [...triggers].sort()[0] ?? 'unknown';
}
