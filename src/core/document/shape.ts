/** Shapes of files that people write: one definition gives the JSON Schema and the validation with the place of each fault. */
import type { JsonNode, Place } from './json.ts';
import { suggestion } from './suggest.ts';

/** A JSON Schema (draft 2020-12), as plain data. */
export type Schema = Readonly<Record<string, unknown>>;

/** Called for each fault; the text is one sentence without a final full stop. */
export type Fail = (at: Place, text: string) => void;

export interface Shape<T> {
  readonly schema: Schema;
  /** What it must be, in words: `a list of check codes`. */
  readonly words: string;
  /** @param at where a fault is to be shown: the key that the value belongs to. `undefined` after a fault. */
  read(node: JsonNode, at: Place, fail: Fail): T | undefined;
}

/** The type that a shape reads. */
export type ValueOf<S> = S extends Shape<infer T> ? T : never;

interface TextRules {
  readonly pattern?: RegExp;
  /** `a day such as 2027-01-31`. */
  readonly words?: string;
  readonly examples?: readonly string[];
  /** Says what is wrong beyond the pattern, or `null`. */
  readonly judge?: (value: string) => string | null;
}

/** Text that is not blank. */
export function text(about: string, rules: TextRules = {}): Shape<string> {
  const words = rules.words ?? 'a text';
  return {
    words,
    schema: {
      type: 'string',
      description: about,
      // Not blank: a reason of spaces is none.
      pattern: (rules.pattern ?? /\S/).source,
      ...(rules.examples === undefined ? {} : { examples: rules.examples }),
    },
    read(node, at, fail) {
      if (node.kind !== 'string') return void fail(at, `it must be ${words}`);
      if (node.value.trim() === '') return void fail(at, 'it must not be blank');
      if (rules.pattern?.test(node.value) === false) return void fail(at, `it must be ${words}`);
      const wrong = rules.judge?.(node.value) ?? null;
      return wrong === null ? node.value : void fail(at, wrong);
    },
  };
}

/** One of a few words. */
export function choice<const T extends string>(about: string, values: readonly T[]): Shape<T> {
  const words = values.length > 8 ? 'one of the known words' : `one of ${values.join(', ')}`;
  return {
    words,
    schema: { enum: values, description: about },
    read(node, at, fail) {
      const value = node.kind === 'string' ? values.find((one) => one === node.value) : undefined;
      if (value !== undefined) return value;
      const said = node.kind === 'string' ? `${JSON.stringify(node.value)} is not known: ` : '';
      return void fail(at, `${said}it must be ${words}${node.kind === 'string' ? suggestion(node.value, values) : ''}`);
    },
  };
}

export function flag(about: string): Shape<boolean> {
  return {
    words: 'true or false',
    schema: { type: 'boolean', description: about },
    read: (node, at, fail) => (node.kind === 'boolean' ? node.value : void fail(at, 'it must be true or false')),
  };
}

export function list<T>(about: string, items: Shape<T>, words: string): Shape<T[]> {
  return {
    words,
    schema: { type: 'array', items: items.schema, description: about },
    read(node, at, fail) {
      if (node.kind !== 'list') return void fail(at, `it must be ${words}`);
      return node.items.map((item) => items.read(item, item.at, fail)).filter((item) => item !== undefined);
    },
  };
}

/** The first shape that a value fits by its kind. */
export function either<A, B>(about: string, a: Shape<A>, b: Shape<B>): Shape<A | B> {
  const words = `${a.words} or ${b.words}`;
  return {
    words,
    schema: { anyOf: [a.schema, b.schema], description: about },
    read(node, at, fail) {
      for (const shape of [a, b] as const) {
        const faults: [Place, string][] = [];
        const value = shape.read(node, at, (place, fault) => faults.push([place, fault]));
        if (faults.length === 0) return value;
        // A list with one wrong item is that fault, not "neither".
        const deeper = faults.find(([place]) => place !== at);
        if (deeper !== undefined) return void fail(...deeper);
      }
      return void fail(at, `it must be ${words}`);
    },
  };
}

/** Values by known names, each with the place of its name. */
export function map<T>(
  about: string,
  names: readonly string[],
  values: Shape<T>,
  what: string,
): Shape<Map<string, { readonly value: T; readonly at: Place }>> {
  return {
    words: `a record of ${what}s`,
    schema: {
      type: 'object',
      description: about,
      propertyNames: { enum: names },
      additionalProperties: values.schema,
    },
    read(node, at, fail) {
      if (node.kind !== 'record') return void fail(at, `it must be a record of ${what}s`);
      const found = new Map<string, { value: T; at: Place }>();
      for (const entry of node.entries) {
        if (!names.includes(entry.key)) {
          fail(entry.at, `there is no ${what} ${JSON.stringify(entry.key)}${suggestion(entry.key, names)}`);
          continue;
        }
        const value = values.read(entry.value, entry.at, fail);
        if (value !== undefined) found.set(entry.key, { value, at: entry.at });
      }
      return found;
    },
  };
}

type Fields = Readonly<Record<string, Shape<unknown>>>;
/** `at` is where the record stands, `places` where its keys do. */
export interface Placed {
  readonly at: Place;
  readonly places: ReadonlyMap<string, Place>;
}
type RecordOf<Required extends Fields, Optional extends Fields> = {
  readonly [Name in keyof Required]: ValueOf<Required[Name]>;
} & { readonly [Name in keyof Optional]?: ValueOf<Optional[Name]> } & Placed;

/** A record of known keys; any other key is a fault. */
export function record<const Required extends Fields, const Optional extends Fields>(
  about: string,
  required: Required,
  optional: Optional,
): Shape<RecordOf<Required, Optional>> {
  const shapes = new Map<string, Shape<unknown>>(Object.entries({ ...required, ...optional }));
  const names = [...shapes.keys()].filter((name) => !name.startsWith('$'));
  return {
    words: 'a record in braces',
    schema: {
      type: 'object',
      description: about,
      properties: Object.fromEntries([...shapes].map(([name, shape]) => [name, shape.schema])),
      required: Object.keys(required),
      additionalProperties: false,
    },
    read(node, at, fail) {
      if (node.kind !== 'record') return void fail(at, 'it must be a record in braces');
      // Only names of the definition become properties.
      const value: Record<string, unknown> = { at: node.at };
      const places = new Map<string, Place>();
      let whole = true;
      for (const { key, at: place, value: item } of node.entries) {
        const shape = shapes.get(key);
        if (shape === undefined) {
          fail(place, `there is no setting ${JSON.stringify(key)} here${suggestion(key, names)}`);
          continue;
        }
        places.set(key, place);
        const read = shape.read(item, place, (where, fault) =>
          fail(where, where === place && !fault.startsWith('there is') ? `"${key}": ${fault}` : fault),
        );
        if (read !== undefined) value[key] = read;
      }
      for (const name of Object.keys(required)) {
        if (!places.has(name)) fail(node.at, `"${name}" is missing here`);
        whole &&= name in value;
      }
      value['places'] = places;
      return whole ? (value as RecordOf<Required, Optional>) : undefined;
    },
  };
}

export type ReadDocument<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly at: Place; readonly reason: string };

/** Read a parsed document by its shape: the value, or the first fault and how many more there are. */
export function readShape<T>(shape: Shape<T>, node: JsonNode): ReadDocument<T> {
  const faults: { at: Place; text: string }[] = [];
  const value = shape.read(node, node.at, (at, fault) => faults.push({ at, text: fault }));
  faults.sort((a, b) => a.at.line - b.at.line || a.at.column - b.at.column);
  const [first] = faults;
  if (first !== undefined) {
    const more = faults.length === 1 ? '' : ` (and ${faults.length - 1} more)`;
    return { ok: false, at: first.at, reason: `${first.text}${more}` };
  }
  if (value === undefined) return { ok: false, at: node.at, reason: 'it could not be read' };
  return { ok: true, value };
}
