import type { LifecycleFact } from '../model/facts.ts';
import type { Evaluator } from '../session/evaluate/evaluator.ts';
import type { SourceModule } from '../session/source/module.ts';
import { bare, type CallNode, type FunctionNode, isFunction, type Node } from '../session/source/syntax.ts';
import { type ClientMethod, clientMethod } from './client-calls.ts';
import { eventAround } from './events.ts';
import { calledName, functionOf, isWaited, receiverOf } from './functions.ts';
import { startTrigger } from './start-trigger.ts';

export type DestroyIssue = LifecycleFact['destroyIssues'][number];

interface ClientCall {
  readonly module: SourceModule;
  readonly call: CallNode;
  readonly method: ClientMethod;
  readonly fn: FunctionNode | null;
}

/** `initialize()` in one of these begins again on a client or profile that may still be in use. */
const END_EVENTS = new Set(['disconnected', 'auth_failure', 'change_state']);

function placeOf({ module, call }: ClientCall) {
  return { file: module.file, ...module.position(call.start) };
}

function clientCallsOf(evaluator: Evaluator, modules: readonly SourceModule[]): ClientCall[] {
  const calls: ClientCall[] = [];
  for (const module of modules) {
    for (const call of module.calls) {
      if (call.type !== 'CallExpression') continue;
      const method = clientMethod(evaluator, module, call);
      if (method !== null) calls.push({ module, call, method, fn: module.functionAround(call) });
    }
  }
  return calls;
}

function waited({ module, call, fn }: ClientCall): boolean {
  if (fn === null) return isTopLevelAwait(module, call);
  return isWaited(module, call, fn) || caughtOnly(module, call);
}

function isTopLevelAwait(module: SourceModule, call: Node): boolean {
  return module.parent(call)?.type === 'AwaitExpression';
}

/** `await client.destroy().catch(…)` is waited for: the await stands further up. */
function caughtOnly(module: SourceModule, call: Node): boolean {
  for (let at = module.parent(call); at !== null && !isFunction(at); at = module.parent(at)) {
    if (at.type === 'AwaitExpression') return true;
    if (at.type === 'ExpressionStatement') return false;
  }
  return false;
}

/** Does a function build a client: `new Client(…)` of the library itself, or a call of a function that does? */
function buildsClient(evaluator: Evaluator, module: SourceModule, call: CallNode, depth = 0): boolean {
  if (depth > 3) return false;
  evaluator.begin();
  if (call.type === 'NewExpression') {
    const value = evaluator.value(module, call.callee);
    return value.kind === 'package' && value.library;
  }
  const fn = functionOf(evaluator, module, call.callee);
  if (fn === null) return false;
  return fn.module.calls.some(
    (inner) => fn.module.functionAround(inner) === fn.node && buildsClient(evaluator, fn.module, inner, depth + 1),
  );
}

function rebuildsAfter(evaluator: Evaluator, destroy: ClientCall): boolean {
  const { module, call, fn } = destroy;
  if (fn === null) return false;
  return module.calls.some(
    (later) => later.start > call.end && module.functionAround(later) === fn && buildsClient(evaluator, module, later),
  );
}

function receiverText({ module, call }: ClientCall): string {
  const receiver = receiverOf(call);
  return receiver === null ? '' : module.text(bare(receiver), 120);
}

/**
 * What the source does around `destroy()`, `logout()` and `initialize()` that deserves a word. Handlers of signals are judged by
 * {@link findSignalHandlers}; here it is the rest of the program.
 */
export function findDestroyIssues(evaluator: Evaluator, modules: readonly SourceModule[]): DestroyIssue[] {
  const calls = clientCallsOf(evaluator, modules);
  const issues: DestroyIssue[] = [];
  for (const one of calls) {
    const same = calls.filter((other) => other.module === one.module && other.fn === one.fn && other !== one);
    const name = `${receiverText(one)}.${one.method}()`;
    if (one.method !== 'initialize') {
      if (!waited(one)) issues.push({ ...placeOf(one), kind: 'not-awaited', detail: `${name} is not awaited` });
      else if (putOff(one, calls))
        issues.push({
          ...placeOf(one),
          kind: 'not-awaited',
          detail: `${name} is put off by a timer that nobody waits for`,
        });
      continue;
    }
    const before = same.filter(({ call }) => call.end <= one.call.start);
    if (before.some(({ method }) => method === 'logout')) {
      issues.push({
        ...placeOf(one),
        kind: 'relink-in-process',
        detail: `${name} follows logout() in the same process`,
      });
      continue;
    }
    const event = eventAround(one.module, one.call);
    if (event !== null && END_EVENTS.has(event) && !before.some(({ method }) => method === 'destroy')) {
      issues.push({
        ...placeOf(one),
        kind: 'reinitialize-without-destroy',
        detail: `on ${event} ${name} is called again without destroy()`,
      });
    }
  }
  return [...issues, ...modules.flatMap(killedBrowsers)];
}

/** Is `destroy()` left to a timer by the function that logs out: `await client.logout(); setTimeout(() => client.destroy(), 1000)`? */
function putOff({ module, call, method, fn }: ClientCall, calls: readonly ClientCall[]): boolean {
  if (method !== 'destroy' || fn === null) return false;
  const timer = module.parent(fn);
  if (timer?.type !== 'CallExpression' || !/^(?:setTimeout|setImmediate)$/.test(calledName(timer) ?? '')) return false;
  const around = module.functionAround(timer);
  return calls.some(
    (other) =>
      other.module === module && other.method === 'logout' && other.fn === around && other.call.end < call.start,
  );
}

/** `client.pupBrowser.process().kill(9)`, also through a variable: the browser is killed by hand where destroy() would close it. */
function killedBrowsers(module: SourceModule): DestroyIssue[] {
  const isBrowsersProcess = (node: Node | null): boolean =>
    node?.type === 'CallExpression' &&
    calledName(node) === 'process' &&
    /\bpupBrowser\??\s*\.\s*process/.test(module.text(node, 200));
  const names = new Set<string>();
  for (const call of module.calls) {
    const parent = module.parent(call);
    if (isBrowsersProcess(call) && parent?.type === 'VariableDeclarator' && parent.id.type === 'Identifier')
      names.add(parent.id.name);
  }
  return module.calls.flatMap((call): DestroyIssue[] => {
    if (call.type !== 'CallExpression' || calledName(call) !== 'kill') return [];
    const [signal] = call.arguments;
    const hard = signal?.type === 'Literal' && (signal.value === 9 || signal.value === 'SIGKILL');
    const receiver = receiverOf(call);
    const browser = isBrowsersProcess(receiver) || (receiver?.type === 'Identifier' && names.has(receiver.name));
    if (!hard || !browser) return [];
    return [
      {
        file: module.file,
        ...module.position(call.start),
        kind: 'exit-without-destroy',
        detail: 'the browser is killed with SIGKILL instead of client.destroy()',
      },
    ];
  });
}

/** Places where destroy() is awaited and a new client is built right after it. */
export function findRecreates(evaluator: Evaluator, modules: readonly SourceModule[]): LifecycleFact['recreates'] {
  return clientCallsOf(evaluator, modules)
    .filter((one) => one.method === 'destroy' && waited(one) && rebuildsAfter(evaluator, one))
    .map((one) => ({
      ...placeOf(one),
      detail: `${receiverText(one)}.destroy() is awaited, and a new client is built right after it`,
    }));
}

/** Where the client is started, and from what: `start`, `route`, the name of an event, or `unknown`. */
export function findInitializes(evaluator: Evaluator, modules: readonly SourceModule[]): LifecycleFact['initialize'] {
  return clientCallsOf(evaluator, modules)
    .filter(({ method }) => method === 'initialize')
    .map((one) => ({ ...placeOf(one), trigger: startTrigger(modules, one.module, one.call) }));
}
