import type { ArithmeticExpression } from 'unbash';
import { UNKNOWN_TEXT } from '../effect.ts';

/**
 * Value of `$((…))` as text. Only what scripts use to count: numbers, variables, `+ - * / %` and comparisons;
 * anything else is unknown text. Assignments inside are not carried out.
 */
export function arithmetic(
  expression: ArithmeticExpression | undefined,
  value: (name: string) => string | undefined,
): string {
  const result = expression === undefined ? 0 : number(expression, value, 0);
  return result === null ? UNKNOWN_TEXT : String(result);
}

function number(node: ArithmeticExpression, value: (name: string) => string | undefined, depth: number): number | null {
  if (depth > 50) return null;
  switch (node.type) {
    case 'ArithmeticWord': {
      const name = node.value.replace(/^\$\{?|\}$/g, '');
      const text = /^\w+$/.test(name)
        ? /^\d/.test(name) && !node.value.startsWith('$')
          ? name
          : (value(name) ?? '0')
        : name;
      const trimmed = text.trim() === '' ? '0' : text.trim();
      return /^-?\d{1,15}$/.test(trimmed) ? Number(trimmed) : null;
    }
    case 'ArithmeticGroup':
      return number(node.expression, value, depth + 1);
    case 'ArithmeticUnary': {
      const operand = number(node.operand, value, depth + 1);
      if (operand === null) return null;
      if (node.operator === '-') return -operand;
      if (node.operator === '+') return operand;
      return node.operator === '!' ? Number(operand === 0) : null;
    }
    case 'ArithmeticTernary': {
      const test = number(node.test, value, depth + 1);
      if (test === null) return null;
      return number(test !== 0 ? node.consequent : node.alternate, value, depth + 1);
    }
    case 'ArithmeticBinary': {
      const left = number(node.left, value, depth + 1);
      const right = number(node.right, value, depth + 1);
      return left === null || right === null ? null : binary(node.operator, left, right);
    }
    default:
      return null;
  }
}

function binary(operator: string, left: number, right: number): number | null {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? null : Math.trunc(left / right);
    case '%':
      return right === 0 ? null : left % right;
    case '<':
      return Number(left < right);
    case '>':
      return Number(left > right);
    case '<=':
      return Number(left <= right);
    case '>=':
      return Number(left >= right);
    case '==':
      return Number(left === right);
    case '!=':
      return Number(left !== right);
    case '&&':
      return Number(left !== 0 && right !== 0);
    case '||':
      return Number(left !== 0 || right !== 0);
    default:
      return null;
  }
}
