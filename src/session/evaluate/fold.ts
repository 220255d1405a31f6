import type { Expression } from '../../model/expression.ts';

type Plain = string | number | boolean | null | undefined;

/** The value of an expression that needs no context, wrapped; `null` when it needs one. */
export function constantOf(expr: Expression): { readonly value: Plain } | null {
  if (expr.kind === 'literal') return { value: expr.value };
  if (expr.kind === 'undefined') return { value: undefined };
  if (expr.kind !== 'concat') return null;
  let text = '';
  for (const part of expr.parts) {
    const known = constantOf(part);
    if (known === null) return null;
    text += String(known.value);
  }
  return { value: text };
}

function place(at: string | undefined): { readonly at?: string } {
  return at === undefined ? {} : { at };
}

export function or(left: Expression, right: Expression, at?: string): Expression {
  const known = constantOf(left);
  if (known !== null) return known.value ? left : right;
  return { kind: 'or', left, right, ...place(at) };
}

export function nullish(left: Expression, right: Expression, at?: string): Expression {
  const known = constantOf(left);
  if (known !== null) return known.value == null ? right : left;
  return { kind: 'nullish', left, right, ...place(at) };
}

export function and(left: Expression, right: Expression): Expression {
  const known = constantOf(left);
  if (known !== null) return known.value ? right : left;
  return { kind: 'and', left, right };
}

export function not(operand: Expression): Expression {
  const known = constantOf(operand);
  if (known !== null) return { kind: 'literal', value: !known.value };
  return { kind: 'not', operand };
}

export function equal(left: Expression, right: Expression, same: boolean): Expression {
  const a = constantOf(left);
  const b = constantOf(right);
  if (a !== null && b !== null) return { kind: 'literal', value: (a.value === b.value) === same };
  return { kind: same ? 'equal' : 'not-equal', left, right };
}

export function conditional(test: Expression, then: Expression, otherwise: Expression): Expression {
  const known = constantOf(test);
  if (known !== null) return known.value ? then : otherwise;
  return { kind: 'conditional', test, then, otherwise };
}

/** String (or number) addition. Kept as parts: that a text is put together says how stable it is. */
export function concat(parts: readonly Expression[], at?: string): Expression {
  return { kind: 'concat', parts: parts.flatMap((one) => (one.kind === 'concat' ? one.parts : [one])), ...place(at) };
}
