import type { HandlerKind } from '../model/facts.ts';
import { type Evaluator, NO_FRAMES } from '../session/evaluate/evaluator.ts';
import type { FunctionValue } from '../session/evaluate/value.ts';
import type { SourceModule } from '../session/source/module.ts';
import { bare, type CallNode, keyName, type Node } from '../session/source/syntax.ts';
import { clientMethod } from './client-calls.ts';
import { EXIT_LIBRARIES } from './exit-libraries.ts';
import { calledName, callsIn, functionOf, isProcessCall, receiverOf } from './functions.ts';
import { GUARD, GUARDED_SIGNALS } from './guard.ts';

export type HandledSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** One handler of one signal, where it is registered. */
export interface SignalHandler {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly signal: HandledSignal;
  readonly kind: HandlerKind;
  /** Does it end the process itself? */
  readonly exits: boolean;
  readonly by: string;
}

const SIGNALS: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP']);
const REGISTERS = new Set(['on', 'once', 'addListener', 'prependListener', 'prependOnceListener']);
const EXITS = new Set(['exit', 'reallyExit', 'abort', 'kill']);
/** Handlers call helpers that call helpers; real bots need three. */
const DEPTH = 6;

interface Effect {
  destroys: 'waited' | 'not-waited' | 'no';
  exits: boolean;
}

/** The bot's own methods that end something, by name: a stand-in where the object of a call cannot be told. */
type Endings = ReadonlyMap<string, readonly FunctionValue[]>;

const ENDING_NAME =
  /^(stop|close|shutdown|shutDown|destroy|cleanup|cleanUp|disconnect|teardown|tearDown|terminate|dispose|quit|end)/;
/** With more methods of one name in a project it says nothing any more. */
const NAMESAKES = 4;

function endingsOf(modules: readonly SourceModule[]): Endings {
  const endings = new Map<string, FunctionValue[]>();
  for (const module of modules) {
    for (const member of module.classes.flatMap(({ body }) => body.body)) {
      if (member.type !== 'MethodDefinition') continue;
      const name = keyName(member.key, member.computed);
      if (name === null || !ENDING_NAME.test(name)) continue;
      const method: FunctionValue = { kind: 'function', module, node: member.value, frames: NO_FRAMES, self: null };
      endings.set(name, [...(endings.get(name) ?? []), method]);
    }
  }
  return endings;
}

function calledFunctions(search: Search, module: SourceModule, call: CallNode): readonly FunctionValue[] {
  const fn = functionOf(search.evaluator, module, call.callee);
  if (fn !== null) return [fn];
  if (receiverOf(call) === null) return [];
  const named = search.endings.get(calledName(call) ?? '') ?? [];
  return named.length <= NAMESAKES ? named : [];
}

interface Search {
  readonly evaluator: Evaluator;
  readonly endings: Endings;
}

/** What a function does with the client and the process, through the functions that it calls. */
function effectOf(search: Search, fn: FunctionValue, seen: Set<Node>, depth: number): Effect {
  const effect: Effect = { destroys: 'no', exits: false };
  if (depth > DEPTH || seen.has(fn.node)) return effect;
  seen.add(fn.node);
  for (const { call, waited, later } of callsIn(fn.module, fn.node)) {
    if (isProcessCall(call, EXITS)) {
      // A deadline (`setTimeout(() => process.exit(1), 10000)`) ends what hangs; it does not race what is waited for.
      if (!later || effect.destroys !== 'waited') effect.exits = true;
      continue;
    }
    const method = clientMethod(search.evaluator, fn.module, call);
    if (method === 'destroy' || method === 'logout') {
      if (waited) effect.destroys = 'waited';
      else if (effect.destroys === 'no') effect.destroys = 'not-waited';
      continue;
    }
    for (const inner of calledFunctions(search, fn.module, call)) {
      const below = effectOf(search, inner, seen, depth + 1);
      if (below.destroys === 'waited') {
        // A helper that waits helps only if somebody waits for the helper, or if the helper itself ends the process afterwards.
        if (waited || below.exits) effect.destroys = 'waited';
        else if (effect.destroys === 'no') effect.destroys = 'not-waited';
      } else if (below.destroys === 'not-waited' && effect.destroys === 'no') effect.destroys = 'not-waited';
      if (below.exits) effect.exits = true;
    }
  }
  return effect;
}

function kindOf({ destroys, exits }: Effect): HandlerKind {
  if (destroys === 'waited') return 'awaited';
  // Nobody ends the process: what was begun is finished, although nobody waits for it.
  if (destroys === 'not-waited') return 'not-awaited';
  return exits ? 'no' : 'no-exit';
}

function literalSignals(node: Node | null): HandledSignal[] {
  if (node?.type !== 'ArrayExpression') return [];
  return node.elements
    .map((element) => (element?.type === 'Literal' ? element.value : null))
    .filter((value): value is HandledSignal => typeof value === 'string' && SIGNALS.has(value));
}

/** The signals that the first argument may mean: a literal, or what a loop over an array of literals gives. */
function signalsOf(evaluator: Evaluator, module: SourceModule, call: CallNode): HandledSignal[] {
  const [argument] = call.arguments;
  if (argument === undefined || argument.type === 'SpreadElement') return [];
  evaluator.begin();
  const expression = evaluator.expression(evaluator.value(module, argument));
  if (expression.kind === 'literal')
    return SIGNALS.has(String(expression.value)) ? [expression.value as HandledSignal] : [];
  for (let at: Node | null = call; at !== null; at = module.parent(at)) {
    let list: Node | null = null;
    if (at.type === 'ForOfStatement') list = bare(at.right);
    if (at.type === 'CallExpression' && calledName(at) === 'forEach' && bare(at.callee).type === 'MemberExpression') {
      const callee = bare(at.callee);
      if (callee.type === 'MemberExpression') list = bare(callee.object);
    }
    if (list?.type === 'Identifier') {
      const declaration = module.binding(list)?.declaration;
      list = declaration?.type === 'VariableDeclarator' && declaration.init !== null ? bare(declaration.init) : null;
    }
    const signals = literalSignals(list);
    if (signals.length > 0) return signals;
  }
  return [];
}

function placeOf(module: SourceModule, node: Node) {
  return { file: module.file, ...module.position(node.start) };
}

function processHandlers(search: Search, module: SourceModule): SignalHandler[] {
  const { evaluator } = search;
  const found: SignalHandler[] = [];
  for (const call of module.calls) {
    if (call.type !== 'CallExpression' || !isProcessCall(call, REGISTERS)) continue;
    const signals = signalsOf(evaluator, module, call);
    const listener = call.arguments[1];
    if (signals.length === 0 || listener === undefined) continue;
    const fn = functionOf(evaluator, module, listener);
    const effect = fn === null ? null : effectOf(search, fn, new Set(), 0);
    for (const signal of signals) {
      found.push({
        ...placeOf(module, call),
        signal,
        kind: effect === null ? 'unknown' : kindOf(effect),
        exits: effect?.exits ?? false,
        by: 'process.on',
      });
    }
  }
  return found;
}

/** Work that a library is given: its callback arguments, and the callbacks under its option keys. */
function callbacksOf(
  evaluator: Evaluator,
  module: SourceModule,
  call: CallNode,
  positions: readonly number[],
  keys: readonly string[],
): FunctionValue[] {
  const nodes: Node[] = [];
  for (const position of positions) {
    const argument = call.arguments[position];
    if (argument !== undefined) nodes.push(argument);
  }
  for (const argument of call.arguments) {
    if (argument.type !== 'ObjectExpression') continue;
    for (const property of argument.properties) {
      if (property.type === 'Property' && keys.includes(keyName(property.key, property.computed) ?? ''))
        nodes.push(property.value);
    }
  }
  return nodes.map((node) => functionOf(evaluator, module, node)).filter((fn) => fn !== null);
}

/** The signals that are given as `{ signals: ['SIGTERM'] }`, or the guard's own; a list that cannot be read promises nothing. */
function guardedSignals(call: CallNode): readonly HandledSignal[] {
  const options = call.arguments[1];
  if (options === undefined) return GUARDED_SIGNALS;
  if (options.type !== 'ObjectExpression') return [];
  for (const property of options.properties) {
    if (property.type !== 'Property') return [];
    if (keyName(property.key, property.computed) === 'signals') return literalSignals(property.value);
  }
  return GUARDED_SIGNALS;
}

/** `gracefulShutdown(client)` of wa-doctor/guard: awaits destroy() for the clients that it is given. */
function guardHandlers({ evaluator }: Search, module: SourceModule): SignalHandler[] {
  const found: SignalHandler[] = [];
  for (const call of module.calls) {
    if (call.type !== 'CallExpression' || call.arguments.length === 0) continue;
    evaluator.begin();
    const callee = evaluator.value(module, call.callee);
    if (callee.kind !== 'package' || callee.name !== GUARD) continue;
    const [step] = callee.steps;
    if (callee.steps.length !== 1 || step?.kind !== 'get' || step.name !== 'gracefulShutdown') continue;
    for (const signal of guardedSignals(call))
      found.push({ ...placeOf(module, call), signal, kind: 'awaited', exits: true, by: GUARD });
  }
  return found;
}

function libraryHandlers(search: Search, module: SourceModule): SignalHandler[] {
  const { evaluator } = search;
  const found: SignalHandler[] = [];
  for (const call of module.calls) {
    if (call.type !== 'CallExpression') continue;
    evaluator.begin();
    const callee = evaluator.value(module, call.callee);
    if (callee.kind !== 'package' || callee.library) continue;
    const [step] = callee.steps;
    const name = step === undefined ? 'default' : step.kind === 'get' ? step.name : null;
    const library = EXIT_LIBRARIES.find((row) => row.name === callee.name && row.call === name);
    if (library === undefined) continue;
    const effects = callbacksOf(evaluator, module, call, library.arguments, library.keys).map((fn) =>
      effectOf(search, fn, new Set(), 0),
    );
    const destroying = effects.find(({ destroys }) => destroys !== 'no');
    const kind: HandlerKind =
      destroying === undefined ? 'no' : library.waits && destroying.destroys === 'waited' ? 'awaited' : 'not-awaited';
    for (const signal of library.signals)
      found.push({ ...placeOf(module, call), signal, kind, exits: true, by: library.name });
  }
  return found;
}

/** Another handler of the same signal that ends the process without waiting beats the one that waits. */
function raced(handlers: readonly SignalHandler[]): SignalHandler[] {
  return handlers.map((handler) => {
    // The guard holds a signal back from every other listener until the browser is closed.
    if (handler.by === GUARD) return handler;
    const rival = handlers.some(
      (other) => other !== handler && other.signal === handler.signal && other.exits && other.kind !== 'awaited',
    );
    return handler.kind === 'awaited' && rival ? { ...handler, kind: 'awaited-but-raced' } : handler;
  });
}

/** Every handler of SIGINT, SIGTERM and SIGHUP that the modules register, by themselves or through a library. */
export function findSignalHandlers(evaluator: Evaluator, modules: readonly SourceModule[]): SignalHandler[] {
  const search = { evaluator, endings: endingsOf(modules) };
  return raced(
    modules.flatMap((module) => [
      ...processHandlers(search, module),
      ...libraryHandlers(search, module),
      ...guardHandlers(search, module),
    ]),
  );
}
