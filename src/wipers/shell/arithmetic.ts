import type { ArithmeticExpression } from 'unbash';
import { UNKNOWN_TEXT } from '../effect.ts';

export interface Variables {
  get(name: string): string | undefined;
  set(name: string, value: string): void;
}

/**
 * Value of `$((…))` as text. Only what scripts use to count: numbers, variables, `+ - * / %`, comparisons, assignments, `++`;
 * anything else is unknown text.
 */
export function arithmetic(expression: ArithmeticExpression | undefined, variables: Variables): string {
  const result = expression === undefined ? 0 : number(expression, variables, 0);
  return result === null ? UNKNOWN_TEXT : String(result);
}

function number(node: ArithmeticExpression, variables: Variables, depth: number): number | null {
  if (depth > 50) return null;
  switch (node.type) {
    case 'ArithmeticWord': {
      const name = node.value.replace(/^\$\{?|\}$/g, '');
      const text = /^\w+$/.test(name)
        ? /^\d/.test(name) && !node.value.startsWith('$')
          ? name
          : (variables.get(name) ?? '0')
        : name;
      const trimmed = text.trim() === '' ? '0' : text.trim();
      return /^-?\d{1,15}$/.test(trimmed) ? Number(trimmed) : null;
    }
    case 'ArithmeticGroup':
      return number(node.expression, variables, depth + 1);
    case 'ArithmeticUnary': {
      const operand = number(node.operand, variables, depth + 1);
      if (node.operator === '++' || node.operator === '--') {
        const changed = operand === null ? null : node.operator === '++' ? operand + 1 : operand - 1;
        assign(node.operand, changed, variables);
        return node.prefix ? changed : operand;
      }
      if (operand === null) return null;
      if (node.operator === '-') return -operand;
      if (node.operator === '+') return operand;
      return node.operator === '!' ? Number(operand === 0) : null;
    }
    case 'ArithmeticTernary': {
      const test = number(node.test, variables, depth + 1);
      if (test === null) return null;
      return number(test !== 0 ? node.consequent : node.alternate, variables, depth + 1);
    }
    case 'ArithmeticBinary': {
      const assignment = /^([-+*/%]?)=$/.exec(node.operator);
      if (assignment === null) {
        const left = number(node.left, variables, depth + 1);
        if (node.operator === '&&' && left === 0) return 0;
        if (node.operator === '||' && left !== null && left !== 0) return 1;
        const right = number(node.right, variables, depth + 1);
        if (node.operator === ',') return right;
        return left === null || right === null ? null : binary(node.operator, left, right);
      }
      const right = number(node.right, variables, depth + 1);
      const left = assignment[1] === '' ? 0 : number(node.left, variables, depth + 1);
      const result =
        left === null || right === null
          ? null
          : assignment[1] === ''
            ? right
            : binary(assignment[1] ?? '', left, right);
      assign(node.left, result, variables);
      return result;
    }
    default:
      return null;
  }
}

function assign(target: ArithmeticExpression, value: number | null, variables: Variables): void {
  if (target.type === 'ArithmeticWord' && /^[A-Za-z_]\w*$/.test(target.value))
    variables.set(target.value, value === null ? UNKNOWN_TEXT : String(value));
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
