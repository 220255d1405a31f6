/** A JSON Schema (draft 2020-12), as plain data. */
export type Schema = Readonly<Record<string, unknown>>;

export const string: Schema = { type: 'string' };
export const number: Schema = { type: 'number' };
export const integer: Schema = { type: 'integer' };
export const boolean: Schema = { type: 'boolean' };
export const strings: Schema = { type: 'array', items: string };
/** `true`, `false` or `"unknown"`. */
export const answer: Schema = { enum: [true, false, 'unknown'] };

export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

export function oneOf(...values: readonly (string | number | boolean | null)[]): Schema {
  return { enum: values };
}

/** An object whose listed properties are all required; fields may be added within a version, so others are allowed. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return { type: 'object', properties: { ...properties, ...optional }, required: Object.keys(properties) };
}

/** A published document: its name is its version. */
export function document(
  name: string,
  title: string,
  properties: Readonly<Record<string, Schema>>,
  optional: Readonly<Record<string, Schema>> = {},
): Schema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: `https://wa-doctor.dev/schema/${name}.json`,
    title,
    ...object({ schema: { const: `wa-doctor/${name}` }, ...properties }, optional),
  };
}
