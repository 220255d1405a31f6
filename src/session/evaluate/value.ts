import type { Expression } from '../../model/expression.ts';
import type { SourceModule } from '../source/module.ts';
import type { ClassNode, FunctionNode, Node } from '../source/syntax.ts';

/** A value that is worked out when it is asked for. */
export type Thunk = () => Value;

/**
 * What a function was called with, or what a loop gives its variable. Keyed by the function (or loop) in {@link Frames}.
 * `open`: more arguments may follow that cannot be seen.
 */
export interface Frame {
  readonly args: readonly Thunk[];
  readonly open: boolean;
  /** `this` inside the function. */
  readonly self: Value | null;
}

/** The calls that are under way, by function. Never changed: a call makes a copy. */
export type Frames = ReadonlyMap<Node, Frame>;

/** One step from a package: a property that is read, or a call. */
export type Step =
  | { readonly kind: 'get'; readonly name: string }
  | {
      readonly kind: 'call';
      readonly isNew: boolean;
      readonly args: readonly Thunk[];
      /** An argument list that cannot be seen whole (`...rest`). */
      readonly open: boolean;
      readonly module: SourceModule;
      readonly node: Node;
      readonly frames: Frames;
    };

/** A value of the program as far as it can be known without running it. */
export type Value =
  | { readonly kind: 'scalar'; readonly expr: Expression }
  /** `open`: the text of a part that could not be seen; properties that are not listed may exist. */
  | { readonly kind: 'object'; readonly props: ReadonlyMap<string, Thunk>; readonly open: string | null }
  /** `solid`: how many items surely stand at their place, where something before the others could not be seen; absent: all. */
  | {
      readonly kind: 'array';
      readonly items: readonly Thunk[];
      readonly open: string | null;
      readonly solid?: number;
    }
  | {
      readonly kind: 'function';
      readonly module: SourceModule;
      readonly node: FunctionNode;
      readonly frames: Frames;
      readonly self: Value | null;
    }
  | { readonly kind: 'class'; readonly module: SourceModule; readonly node: ClassNode; readonly frames: Frames }
  | {
      readonly kind: 'instance';
      readonly cls: ClassValue;
      readonly frames: Frames;
      readonly node: Node | null;
      readonly module: SourceModule;
    }
  | { readonly kind: 'module'; readonly file: string }
  /**
   * Something that a package, node itself (`path`) or the language (`global:process`) provides, and what was done with it.
   * `library`: the package is whatsapp-web.js.
   */
  | {
      readonly kind: 'package';
      readonly name: string;
      readonly library: boolean;
      readonly steps: readonly Step[];
      readonly text: string;
      readonly at: string;
    }
  | { readonly kind: 'branch'; readonly test: Expression; readonly truthy: Thunk; readonly falsy: Thunk };

export type ClassValue = Extract<Value, { kind: 'class' }>;
export type FunctionValue = Extract<Value, { kind: 'function' }>;
export type PackageValue = Extract<Value, { kind: 'package' }>;
export type ObjectValue = Extract<Value, { kind: 'object' }>;

export function lazy(make: () => Value): Thunk {
  let value: Value | null = null;
  let busy = false;
  return () => {
    if (value !== null) return value;
    // A value that is made from itself: `a = a || b` in a loop.
    if (busy) return unknown('', 'it is made from itself');
    busy = true;
    try {
      value = make();
    } finally {
      busy = false;
    }
    return value;
  };
}

export function scalar(expr: Expression): Value {
  return { kind: 'scalar', expr };
}

export function literal(value: string | number | boolean | null, at?: string): Value {
  return scalar(at === undefined ? { kind: 'literal', value } : { kind: 'literal', value, at });
}

export const UNDEFINED: Value = scalar({ kind: 'undefined' });

export function unknown(text: string, reason: string, at?: string): Value {
  return scalar(at === undefined ? { kind: 'unknown', text, reason } : { kind: 'unknown', text, reason, at });
}

export function dynamic(text: string, at?: string): Value {
  return scalar(at === undefined ? { kind: 'dynamic', text } : { kind: 'dynamic', text, at });
}

/** The value of a JSON document. */
export function jsonValue(json: unknown, at: string, depth = 0): Value {
  if (depth > 64) return unknown('', 'it nests too deeply');
  if (json === undefined) return UNDEFINED;
  if (json === null || typeof json === 'string' || typeof json === 'number' || typeof json === 'boolean') {
    return literal(json, at);
  }
  if (Array.isArray(json)) {
    return { kind: 'array', items: json.map((item: unknown) => () => jsonValue(item, at, depth + 1)), open: null };
  }
  const props = new Map<string, Thunk>();
  for (const [key, item] of Object.entries(json)) props.set(key, () => jsonValue(item, at, depth + 1));
  return { kind: 'object', props, open: null };
}

/** Is the value certainly an object, and so truthy and defined? */
export function isThing(value: Value, depth = 0): boolean {
  switch (value.kind) {
    case 'scalar':
      return false;
    case 'branch':
      // A choice of choices: looking at all of them costs more than the answer is worth.
      return depth < 6 && isThing(value.truthy(), depth + 1) && isThing(value.falsy(), depth + 1);
    case 'package':
      return value.steps.some((step) => step.kind === 'call' && step.isNew) || value.steps.length === 0;
    default:
      return true;
  }
}
