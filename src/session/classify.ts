import type { ClientIdKind, DataPathKind } from '../model/auth-site.ts';
import type { Expression } from '../model/expression.ts';
import { environmentOf, operandsOf } from './evaluate/run.ts';

/** Functions that change a path's writing, not where it comes from. */
const TRANSPARENT = new Set(['identity', 'trim', 'toString', 'normalize', 'untildify', 'valueOf']);

/** How a data path comes about, by the form of its expression. */
export function dataPathKind(tree: Expression): DataPathKind {
  switch (tree.kind) {
    case 'undefined':
      return 'default';
    case 'literal':
      if (tree.value === null || tree.value === '' || tree.value === false) return 'default';
      return /^(\/|[A-Za-z]:[\\/]|\\\\)/.test(String(tree.value)) ? 'absolute-literal' : 'relative-literal';
    case 'env':
      return 'env';
    case 'or':
    case 'nullish':
      return withFallback(dataPathKind(tree.left), dataPathKind(tree.right));
    case 'call':
      if (tree.name === 'default' && tree.args[0] !== undefined && tree.args[1] !== undefined) {
        return withFallback(dataPathKind(tree.args[0]), dataPathKind(tree.args[1]));
      }
      if (TRANSPARENT.has(tree.name) && tree.args[0] !== undefined) return dataPathKind(tree.args[0]);
      return 'computed';
    case 'join':
    case 'resolve':
    case 'concat': {
      const [first] = tree.parts;
      const kind = first === undefined ? 'computed' : dataPathKind(first);
      if (kind === 'unknown') return 'unknown';
      return kind === 'env' || kind === 'env-with-default' ? kind : 'computed';
    }
    case 'conditional': {
      // `process.env.X ? process.env.X : './x'`
      if (environmentOf(tree.test).length === 0) return 'computed';
      const then = dataPathKind(tree.then);
      const otherwise = dataPathKind(tree.otherwise);
      if (then === 'env' || then === 'env-with-default') return withFallback(then, otherwise);
      // `!process.env.X ? './x' : process.env.X`
      return otherwise === 'env' || otherwise === 'env-with-default' ? withFallback(otherwise, then) : 'computed';
    }
    case 'dynamic':
    case 'unknown':
      return 'unknown';
    default:
      return 'computed';
  }
}

/** `left || right`: whose value it is decides, the variable or what is behind it. */
function withFallback(first: DataPathKind, second: DataPathKind): DataPathKind {
  if (first === 'env' || first === 'env-with-default') {
    return second === 'default' ? 'env' : second === 'env' ? 'env' : 'env-with-default';
  }
  if (second === 'env' || second === 'env-with-default') return second;
  return 'computed';
}

/** Does anything in the expression come from the run alone? */
function holds(tree: Expression, kinds: readonly Expression['kind'][], depth = 0): boolean {
  if (kinds.includes(tree.kind)) return true;
  return depth < 100 && operandsOf(tree).some((operand) => holds(operand, kinds, depth + 1));
}

/** How a client id comes about. `unstable` is what its evaluation with the environment unset found. */
export function clientIdKind(tree: Expression, unstable: boolean): ClientIdKind {
  if (tree.kind === 'undefined') return 'none';
  if (tree.kind === 'literal')
    return tree.value === null || tree.value === '' || tree.value === false ? 'none' : 'literal';
  if (unstable) return 'unstable';
  if (holds(tree, ['dynamic', 'unknown', 'unstable']) || holdsArgument(tree)) return 'dynamic';
  return environmentOf(tree).length > 0 ? 'env' : 'literal';
}

function holdsArgument(tree: Expression, depth = 0): boolean {
  if (tree.kind === 'call' && tree.name.startsWith('arg')) return true;
  return depth < 100 && operandsOf(tree).some((operand) => holdsArgument(operand, depth + 1));
}
