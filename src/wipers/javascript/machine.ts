import { bare, type CallNode, type ClassNode, type FunctionNode, type Node } from '../../session/source/syntax.ts';
import { makeClass } from './classes.ts';
import { evaluate } from './expressions.ts';
import { Exit, GiveUp, settle, Thrown } from './flow.ts';
import { type Frame, Scope, type Unit } from './scope.ts';
import { readsState } from './state.ts';
import { bindPattern, hoist, run } from './statements.ts';
import { Arr, type Call, choice, Func, Obj, Settled, Unknown, type Value } from './value.ts';

/** What makes a piece of the program run. */
export interface Trigger {
  readonly kind: 'start' | 'event' | 'signal' | 'route' | 'timer' | 'test' | 'unknown';
  readonly name: string | null;
}

/** A function that runs later, and what makes it run. */
export interface Later {
  readonly trigger: Trigger;
  readonly callback: Value;
  readonly args: readonly Value[];
}

/** Steps of one run; a program that deletes files needs a few thousand. */
const STEP_LIMIT = 400_000;
/** Calls inside calls. Each takes a dozen frames of the real stack. */
const DEPTH_LIMIT = 120;
/** How deep a function that may or may not call itself is followed: one round more than a tree of configuration has levels. */
const DOUBTFUL_DEPTH = 6;
/** Calls of one function in one part that is explored; with every branch open they would multiply. */
const EXPLORED_CALLS = 20;
/** Times that one handler is put into the queue while exploring: once for each kind of value it may close over. */
const QUEUED_AGAIN = 3;
const LATER_LIMIT = 2_000;
/** Times that one function is called back by the same kind of trigger. */
const VIA_LIMIT = 6;

/** The state of one program that is acted out on a model. */
export class Machine {
  steps = 0;
  limit = STEP_LIMIT;
  /** Why what happens now may not happen; `null`: it does. */
  doubt: string | null = null;
  /** Doubtful branches that are open. */
  level = 0;
  trigger: Trigger = { kind: 'start', name: null };
  /** Look at every branch: handlers of errors too. */
  exploring = false;
  readonly later: Later[] = [];
  readonly executed = new Set<Node>();
  /** Calls of each function in the part that is explored. */
  readonly calls = new Map<Node, number>();
  readonly stack: { readonly unit: Unit; readonly node: Node }[] = [];
  readonly gaps = new Set<string>();
  /** Names that exist everywhere; set by the builder. */
  globals: (name: string) => Value = (name) => new Unknown(name);
  /** A property or a method of a value. */
  member: (object: Value, name: string) => Value = () => new Unknown('member');
  /** What a call of something unknown means. */
  unknownCall: (target: Unknown, call: Call, node: CallNode, unit: Unit) => Value = (target) =>
    new Unknown(`${target.from}()`);
  /** Is told of every call before it happens. */
  beforeCall: (node: CallNode, callee: Value, self: Value, args: readonly Value[], unit: Unit) => void = () => {};
  load: (unit: Unit, specifier: string) => Value = (_, specifier) => new Unknown(specifier);
  loadUnit: (unit: Unit, specifier: string) => Unit | null = () => null;

  /** Does a condition read state that changes while the bot runs? Then it is not known when a handler runs. */
  stateful(test: Node, scope: Scope): boolean {
    if (!this.exploring) return false;
    const { source } = scope.frame.module;
    const known = this.states.get(test);
    if (known !== undefined) return known;
    const made = readsState(test, source);
    this.states.set(test, made);
    return made;
  }
  private readonly states = new Map<Node, boolean>();

  step(cost = 1): void {
    this.steps += cost;
    if (this.steps > this.limit) throw new GiveUp('the program is too long to be acted out');
  }

  /** Where the program is, from the outermost file inwards: `tools/clean.js:5`. */
  place(): string[] {
    const places: string[] = [];
    let file = '';
    for (const { unit, node } of this.stack) {
      const at = `${unit.name}:${unit.source.position(node.start).line}`;
      if (unit.name === file) places.pop();
      places.push(at);
      file = unit.name;
    }
    return places.length > VIA_LIMIT ? [...places.slice(0, 2), '…', ...places.slice(-3)] : places;
  }

  /** Act out a part that may not happen. Errors of the program stay inside. */
  maybe<T>(reason: string, part: () => T): { value: T | null; left: Thrown | Exit | null } {
    const before = this.doubt;
    this.doubt ??= reason;
    this.level += 1;
    try {
      return { value: part(), left: null };
    } catch (error) {
      if (error instanceof Thrown || error instanceof Exit) return { value: null, left: error };
      throw error;
    } finally {
      this.doubt = before;
      this.level -= 1;
    }
  }

  enqueue(trigger: Trigger, callback: Value, args: readonly Value[] = []): void {
    if (!(callback instanceof Func) || this.later.length >= LATER_LIMIT) return;
    if (this.exploring && callback.closure !== null) {
      const { node } = callback.closure;
      const known = this.queued.get(node) ?? 0;
      if (known >= QUEUED_AGAIN) return;
      this.queued.set(node, known + 1);
    }
    this.later.push({ trigger, callback, args });
  }
  private readonly queued = new Map<Node, number>();

  evaluate(node: Node, scope: Scope): Value {
    return evaluate(this, node, scope);
  }

  /** A function or class of the program as a value. */
  closure(node: FunctionNode, scope: Scope, home: Obj | null = null): Func {
    const arrow = node.type === 'ArrowFunctionExpression';
    return new Func(node.id?.name ?? '', {
      closure: { node, scope, self: arrow ? scope.frame.self : undefined, home: arrow ? scope.frame.home : home },
    });
  }

  classOf(node: ClassNode, scope: Scope): Func {
    return makeClass(this, node, scope);
  }

  /** Call a function value. `node`: for errors and unknown callees. */
  call(
    callee: Value,
    self: Value,
    args: readonly Value[],
    node: CallNode | null = null,
    unit: Unit | null = null,
  ): Value {
    this.step();
    if (callee instanceof Unknown) {
      if (callee.alternatives !== null) {
        const functions = callee.alternatives.filter((one) => one instanceof Func);
        const results = functions.map(
          (one) =>
            this.maybe('it depends on which function is called', () => this.call(one, self, args, node, unit)).value ??
            undefined,
        );
        if (functions.length > 0) return choice(results, `${callee.from}()`);
      }
      return node === null || unit === null
        ? this.callBack(args, callee)
        : this.unknownCall(callee, { self, args }, node, unit);
    }
    if (!(callee instanceof Func)) return new Unknown('a call of something that is no function');
    if (callee.bound !== null) {
      const { bound } = callee;
      const inner = new Func(callee.name, {
        ...(callee.native && { native: callee.native }),
        ...(callee.closure && { closure: callee.closure }),
      });
      return this.call(inner, bound.self, [...bound.args, ...args], node, unit);
    }
    if (callee.native !== null) return callee.native({ self, args });
    if (callee.closure !== null) return this.callClosure(callee, self, args);
    // Calling a class without `new` is an error in JavaScript and common in transpiled code.
    return this.construct(callee, args);
  }

  /** Functions given to something unknown may be called by it. */
  callBack(args: readonly Value[], callee: Unknown): Value {
    for (const arg of args) {
      if (arg instanceof Func && arg.closure !== null && !this.executed.has(arg.closure.node)) {
        this.maybe(`it depends on ${callee.from}`, () => this.call(arg, undefined, [new Unknown('argument')]));
      }
    }
    return new Unknown(`${callee.from}()`);
  }

  private callClosure(callee: Func, self: Value, args: readonly Value[]): Value {
    const { closure } = callee;
    if (closure === null) return undefined;
    const { node, scope } = closure;
    // What may call itself for ever (on something unknown) does the same at every depth.
    if (this.doubt !== null && this.stack.filter((frame) => frame.node === node).length >= DOUBTFUL_DEPTH)
      return new Unknown(`${callee.name}()`);
    if (this.stack.length >= DEPTH_LIMIT) throw new GiveUp('functions call each other too deeply');
    const body = node.body;
    if (body === null) return new Unknown(callee.name);
    if (this.exploring) {
      const count = (this.calls.get(node) ?? 0) + 1;
      this.calls.set(node, count);
      if (count > EXPLORED_CALLS) return new Unknown(`${callee.name}()`);
    }
    this.executed.add(node);
    const arrow = node.type === 'ArrowFunctionExpression';
    const frame: Frame = {
      self: arrow ? closure.self : self,
      args,
      module: scope.frame.module,
      home: closure.home,
      returns: [],
    };
    const inner = new Scope(scope, frame, true);
    const doubt = this.doubt;
    this.stack.push({ unit: frame.module, node });
    try {
      bindParameters(this, node, args, inner);
      const result = this.body(node, inner);
      return node.async ? settle(result) : result;
    } catch (error) {
      if (error instanceof Thrown && node.async) return new Settled(error.value, true);
      throw error;
    } finally {
      this.stack.pop();
      this.doubt = doubt;
    }
  }

  private body(node: FunctionNode, scope: Scope): Value {
    if (node.body === null) return undefined;
    if (node.body.type !== 'BlockStatement') return this.evaluate(node.body, scope);
    hoist(this, node.body.body, scope);
    for (const statement of node.body.body) {
      const completion = run(this, statement, scope);
      if (completion === null) continue;
      if (completion.kind === 'return') return choice([...scope.frame.returns, completion.value]);
      break;
    }
    const { returns } = scope.frame;
    if (node.generator) return new Unknown('a generator');
    return returns.length === 0 ? undefined : choice([...returns, undefined]);
  }

  construct(callee: Value, args: readonly Value[], node: CallNode | null = null, unit: Unit | null = null): Value {
    this.step();
    if (callee instanceof Unknown) {
      const classes = callee.alternatives?.filter((one) => one instanceof Func) ?? [];
      const [only] = classes;
      if (only !== undefined) return this.construct(only, args, node, unit);
      if (node === null || unit === null) return new Unknown(`new ${callee.from}`);
      const made = this.unknownCall(callee, { self: undefined, args }, node, unit);
      return made instanceof Unknown ? new Unknown(`new ${callee.from}`) : made;
    }
    if (!(callee instanceof Func)) return new Unknown('new');
    if (callee.native !== null && callee.construct === null) return callee.native({ self: undefined, args });
    const self = new Obj([], callee.prototype);
    self.level = this.level;
    return this.initialise(callee, self, args);
  }

  /** Run the constructors of a class on an instance, the innermost parent first. */
  initialise(callee: Func, self: Obj, args: readonly Value[]): Value {
    if (callee.construct !== null) {
      callee.construct(self, args);
      return self;
    }
    if (callee.closure !== null) {
      const result = this.callClosure(callee, self, args);
      return result instanceof Obj ? result : self;
    }
    return self;
  }

  /** Run everything that was put off, in order, until nothing is left. */
  runLater(allowed: (trigger: Trigger) => boolean): void {
    for (let index = 0; index < this.later.length && index < LATER_LIMIT; index += 1) {
      const entry = this.later[index];
      if (entry === undefined || !allowed(entry.trigger)) continue;
      this.trigger = entry.trigger;
      this.isolated(() => this.call(entry.callback, undefined, entry.args));
    }
  }

  /** Errors, exits and exhausted budgets of one part do not end the others. */
  isolated(part: () => void): void {
    const depth = this.stack.length;
    try {
      part();
    } catch (error) {
      if (error instanceof GiveUp) this.gaps.add(error.reason);
      else if (error instanceof RangeError) this.gaps.add('functions call each other too deeply');
      else if (!(error instanceof Thrown || error instanceof Exit)) {
        this.gaps.add(`the program could not be acted out (${error instanceof Error ? error.message : String(error)})`);
      }
    } finally {
      this.stack.length = depth;
    }
  }
}

function bindParameters(machine: Machine, node: FunctionNode, args: readonly Value[], scope: Scope): void {
  node.params.forEach((parameter, index) => {
    const at = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
    if (at.type === 'RestElement') {
      bindPattern(machine, at.argument, new Arr(args.slice(index)), scope, true);
      return;
    }
    bindPattern(machine, at, args[index], scope, true);
    if (parameter.type === 'TSParameterProperty' && scope.frame.self instanceof Obj) {
      const name = bare(at.type === 'AssignmentPattern' ? at.left : at);
      if (name.type === 'Identifier') scope.frame.self.props.set(name.name, scope.find(name.name)?.value);
    }
  });
}
