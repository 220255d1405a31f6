import type { ClassNode, FunctionNode } from '../../session/source/syntax.ts';
import { UNKNOWN_TEXT } from '../effect.ts';
import type { Scope } from './scope.ts';

/**
 * A value of the program that is acted out. Primitives stand for themselves; a string may hold `UNKNOWN_TEXT`.
 * Promises that are settled are values of their own, so that `await` and `then` see what they would see.
 */
export type Value =
  | string
  | number
  | boolean
  | null
  | undefined
  | Unknown
  | Obj
  | Arr
  | Func
  | Table
  | Pattern
  | Settled;

/** Something that is not known before the program runs. */
export class Unknown {
  /** Where it came from, in the words of the source: `express()`, `getWbot(id)`. */
  readonly from: string;
  /** The values that it can have, where they are few and known. */
  readonly alternatives: readonly Value[] | null;
  /** What a person answers to a prompt; the doctor takes it as a yes. */
  readonly consent: boolean;
  constructor(from: string, alternatives: readonly Value[] | null = null, consent = false) {
    this.from = from.length > 120 ? from.slice(0, 120) : from;
    this.alternatives = alternatives;
    this.consent = consent;
  }
}

export class Obj {
  readonly props = new Map<string, Value>();
  readonly getters = new Map<string, Func>();
  proto: Obj | null;
  /** Holds more than is known (a spread of something unknown). */
  open = false;
  /** What a native class made it: `Client`, `LocalAuth`, `process`, `Dirent`. */
  kind: string | null = null;
  level = 0;
  constructor(props: Iterable<readonly [string, Value]> = [], proto: Obj | null = null) {
    for (const [key, value] of props) this.props.set(key, value);
    this.proto = proto;
  }
}

export class Arr {
  readonly items: Value[];
  /** May hold more than is known. */
  open = false;
  constructor(items: Value[] = []) {
    this.items = items;
  }
}

/** `Map` and `Set` (keys only). Unknown keys make every value possible. */
export class Table {
  readonly kind: 'map' | 'set';
  readonly entries = new Map<Value, Value>();
  /** Values that were put under a key that is not known. */
  readonly loose: Value[] = [];
  constructor(kind: 'map' | 'set') {
    this.kind = kind;
  }
}

export class Pattern {
  readonly regex: RegExp;
  constructor(regex: RegExp) {
    this.regex = regex;
  }
}

/** A promise that is settled. */
export class Settled {
  readonly value: Value;
  readonly rejected: boolean;
  constructor(value: Value, rejected = false) {
    this.value = value;
    this.rejected = rejected;
  }
}

/** How a function of the model is called. */
export interface Call {
  readonly self: Value;
  readonly args: readonly Value[];
}
export type Native = (call: Call) => Value;

export interface Closure {
  readonly node: FunctionNode;
  readonly scope: Scope;
  /** Of arrow functions: what `this` is around them. */
  readonly self: Value;
  /** Where `super` looks. */
  readonly home: Obj | null;
}

export interface ClassBody {
  readonly node: ClassNode;
  readonly scope: Scope;
  readonly parent: Value;
}

/** A function: native, written in the program, or a class. */
export class Func {
  readonly name: string;
  readonly native: Native | null;
  readonly closure: Closure | null;
  readonly body: ClassBody | null;
  readonly props = new Map<string, Value>();
  /** What `new` gives its instances. */
  prototype: Obj | null = null;
  /** Native classes: fill a fresh instance. */
  construct: ((self: Obj, args: readonly Value[]) => void) | null = null;
  bound: { readonly self: Value; readonly args: readonly Value[] } | null = null;
  constructor(name: string, what: { readonly native?: Native; readonly closure?: Closure; readonly body?: ClassBody }) {
    this.name = name;
    this.native = what.native ?? null;
    this.closure = what.closure ?? null;
    this.body = what.body ?? null;
  }
}

export function native(name: string, run: Native): Func {
  return new Func(name, { native: run });
}

/** An object of native functions. */
export function nativeObject(functions: Readonly<Record<string, Native>>): Obj {
  return new Obj(Object.entries(functions).map(([name, run]) => [name, native(name, run)] as const));
}

/** One of several values; an unknown without alternatives when they are too many. */
export function choice(values: readonly Value[], from = 'one of several values'): Value {
  const all = new Set<Value>();
  for (const value of values) {
    if (value instanceof Unknown && value.alternatives !== null) for (const inner of value.alternatives) all.add(inner);
    else all.add(value);
  }
  const [first] = all;
  if (all.size === 1) return first;
  return new Unknown(from, all.size > 16 ? null : [...all]);
}

/** The values that a value can have: itself, or its alternatives. */
export function alternativesOf(value: Value): readonly Value[] {
  return value instanceof Unknown && value.alternatives !== null ? value.alternatives : [value];
}

export function isKnownText(value: Value): value is string {
  return typeof value === 'string' && !value.includes(UNKNOWN_TEXT);
}

/** `true`, `false`, or `null` when it cannot be told. */
export function truthy(value: Value): boolean | null {
  if (value instanceof Unknown) {
    if (value.consent) return true;
    if (value.alternatives === null) return null;
    const answers = new Set(value.alternatives.map(truthy));
    const [only] = answers;
    return answers.size === 1 && only !== undefined ? only : null;
  }
  if (typeof value === 'string') return value !== '';
  if (typeof value === 'number') return value !== 0 && !Number.isNaN(value);
  return typeof value === 'boolean' ? value : value !== null && value !== undefined;
}

/** The text that `String(value)` gives; unknown parts become `UNKNOWN_TEXT`. */
export function textOf(value: Value, depth = 0): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined || typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  if (depth > 8) return UNKNOWN_TEXT;
  if (value instanceof Arr && !value.open) {
    return value.items.map((item) => (item == null ? '' : textOf(item, depth + 1))).join(',');
  }
  if (value instanceof Obj) {
    const href = value.props.get('href') ?? value.props.get('message');
    return typeof href === 'string' ? href : '[object Object]';
  }
  return UNKNOWN_TEXT;
}

export function isNullish(value: Value): boolean | null {
  if (value instanceof Unknown) {
    if (value.alternatives === null) return null;
    const answers = new Set(value.alternatives.map(isNullish));
    const [only] = answers;
    return answers.size === 1 && only !== undefined ? only : null;
  }
  return value === null || value === undefined;
}

/** Own entries in order; `null` when they are not all known. */
export function entriesOf(value: Value): [string, Value][] | null {
  if (value instanceof Obj) return value.open ? null : [...value.props];
  if (value instanceof Arr) {
    return value.open ? null : value.items.map((item, index) => [String(index), item] as [string, Value]);
  }
  return null;
}
