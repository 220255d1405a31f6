import type { Expression } from '../model/expression.ts';

/** A copy of an expression with every part replaced, innermost first. Depth is bounded by the evaluator that made it. */
export function mapExpression(expr: Expression, change: (one: Expression) => Expression): Expression {
  const map = (one: Expression): Expression => mapExpression(one, change);
  switch (expr.kind) {
    case 'concat':
    case 'join':
    case 'resolve':
      return change({ ...expr, parts: expr.parts.map(map) });
    case 'call':
      return change({ ...expr, args: expr.args.map(map) });
    case 'or':
    case 'nullish':
    case 'and':
    case 'equal':
    case 'not-equal':
      return change({ ...expr, left: map(expr.left), right: map(expr.right) });
    case 'conditional':
      // biome-ignore lint/suspicious/noThenProperty: the model's name, and the value is no function.
      return change({ ...expr, test: map(expr.test), then: map(expr.then), otherwise: map(expr.otherwise) });
    case 'not':
      return change({ ...expr, operand: map(expr.operand) });
    default:
      return change(expr);
  }
}
