import type { CallNode } from '../../session/source/syntax.ts';
import { keyName } from '../../session/source/syntax.ts';
import type { Machine, Trigger } from './machine.ts';
import type { Unit } from './scope.ts';
import { Arr, type Call, Func, Obj, Pattern, Unknown, type Value } from './value.ts';

/** Methods of routers (express, fastify, koa, hono, …). */
const ROUTES = new Set(['get', 'post', 'put', 'delete', 'patch', 'all', 'use', 'options', 'head', 'del']);
const ROUTERS = /(?:app|router|server|fastify|api|route|express|web|http)\b[\w$.()'"/:]*$/i;
const LISTENS = new Set(['on', 'once', 'addListener', 'addEventListener', 'subscribe', 'onEvent']);
/** Receivers whose events people or programs send from outside. */
const SOCKETS = /\b(?:io|socket|ws|wss|nsp|namespace|conn|connection)\b[\w$]*$/i;
/** Commands of chat bots and command lines. */
const COMMANDS = new Set(['command', 'hears', 'onText', 'action']);
const TIMED = new Set(['schedule', 'scheduleJob', 'every', 'CronJob', 'Cron', 'job', 'cron', 'repeat', 'define']);
/** Packages that call back when the process is told to stop. */
const STOPPERS =
  /\b(?:node-cleanup|nodeCleanup|signal-exit|onExit|onSignalExit|exit-hook|exitHook|asyncExitHook|async-exit-hook|close-with-grace|closeWithGrace|http-graceful-shutdown|gracefulShutdown|createTerminus|terminus|death|ON_DEATH|stoppable)\b/;

function functionsOf(args: readonly Value[]): Func[] {
  const found: Func[] = [];
  for (const arg of args) {
    if (arg instanceof Func) found.push(arg);
    else if (arg instanceof Arr) for (const item of arg.items) if (item instanceof Func) found.push(item);
  }
  return found;
}

/** The functions of an options object: `{ handler }`, `{ onShutdown }`. */
function optionFunctions(args: readonly Value[]): [string, Func][] {
  return args.flatMap((arg) =>
    arg instanceof Obj
      ? [...arg.props].flatMap(([key, value]) =>
          value instanceof Func && value.closure !== null ? [[key, value] as [string, Func]] : [],
        )
      : [],
  );
}

/** What a call of something unknown means for the functions that it is given: routes, events, timers; else it may call them. */
export function handleUnknownCall(machine: Machine, target: Unknown, call: Call, node: CallNode, unit: Unit): Value {
  const { args } = call;
  const functions = functionsOf(args);
  const options = optionFunctions(args);
  const result = new Unknown(`${target.from}()`);
  if (functions.length === 0 && options.length === 0) return result;
  let { callee } = node;
  while (callee.type === 'TSNonNullExpression' || callee.type === 'ChainExpression')
    callee = callee.expression as typeof callee;
  const method =
    callee.type === 'MemberExpression'
      ? (keyName(callee.property, callee.computed) ?? '')
      : callee.type === 'Identifier'
        ? callee.name
        : '';
  const receiver = callee.type === 'MemberExpression' ? unit.source.text(callee.object, 200) : '';
  const trigger = triggerOf(machine, target, method, receiver, args);
  if (trigger !== null) {
    const given =
      trigger.kind === 'route'
        ? [new Unknown('request'), new Unknown('response'), new Unknown('next')]
        : [new Unknown('event'), new Unknown('event')];
    for (const callback of functions) machine.enqueue(trigger, callback, given);
    for (const [, callback] of options) machine.enqueue(trigger, callback, given);
    return new Unknown(target.from);
  }
  if (machine.exploring)
    for (const [name, callback] of options)
      machine.enqueue({ kind: 'unknown', name }, callback, [new Unknown('argument')]);
  const results = functions.filter(({ closure }) => closure !== null && !machine.executed.has(closure.node));
  for (const callback of results) {
    machine.maybe(`it depends on ${target.from}`, () =>
      machine.call(callback, undefined, [new Unknown('argument'), new Unknown('argument')]),
    );
  }
  return result;
}

function triggerOf(
  machine: Machine,
  target: Unknown,
  method: string,
  receiver: string,
  args: readonly Value[],
): Trigger | null {
  const [first] = args;
  const text =
    typeof first === 'string'
      ? first
      : first instanceof Arr && typeof first.items[0] === 'string'
        ? first.items[0]
        : null;
  if (STOPPERS.test(target.from) || STOPPERS.test(method)) return { kind: 'signal', name: 'stop' };
  if (TIMED.has(method) || /\bcron\b|schedule/i.test(target.from)) return { kind: 'timer', name: text };
  if (LISTENS.has(method) && text !== null) {
    if (text.startsWith('SIG')) return { kind: 'signal', name: text };
    return {
      kind: SOCKETS.test(receiver) ? 'route' : machine.trigger.kind === 'route' ? 'route' : 'event',
      name: text,
    };
  }
  if (COMMANDS.has(method) && (text !== null || first instanceof Pattern) && machine.exploring)
    return { kind: 'route', name: text };
  if (
    ROUTES.has(method) &&
    ((text?.startsWith('/') ?? false) || text === '*' || first instanceof Pattern || ROUTERS.test(receiver))
  ) {
    return { kind: 'route', name: `${method.toUpperCase()} ${text ?? ''}`.trim() };
  }
  if (method === 'route' && optionFunctions(args).length > 0) return { kind: 'route', name: null };
  return null;
}
