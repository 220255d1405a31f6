import type { SourceModule } from '../../session/source/module.ts';
import { childrenOf, isFunction, type Node } from '../../session/source/syntax.ts';

/** Names whose properties are constants of node. */
const CONSTANT_ROOTS = new Set(['path', 'os', 'fs', 'fsp', 'Math', 'Number', 'JSON']);

/** The identifier or `this` that a chain of members begins with. */
function rootOf(node: Node): Node {
  let at = node;
  while (at.type === 'MemberExpression') at = at.object;
  return at;
}

/**
 * Does an expression read what other code changes: a field of `this`, a property of something that lives outside of the function,
 * a variable outside of it that is assigned again, an environment variable?
 */
export function readsState(test: Node, source: SourceModule): boolean {
  const around = source.functionAround(test);
  const outside = (identifier: Node): boolean | null => {
    const binding = source.binding(identifier);
    if (binding === null) return null;
    return around === null ? true : source.functionAround(binding.identifier) !== around;
  };
  const todo: Node[] = [test];
  for (let node = todo.pop(); node !== undefined; node = todo.pop()) {
    if (isFunction(node)) continue;
    if (node.type === 'Identifier') {
      const binding = source.binding(node);
      if (binding !== null && outside(node) === true && binding.kind === 'variable' && !binding.constant) return true;
      continue;
    }
    if (node.type === 'CallExpression') {
      const { callee } = node;
      if (callee.type === 'MemberExpression') todo.push(callee.object);
      for (const argument of node.arguments) todo.push(argument);
      continue;
    }
    if (node.type === 'MemberExpression') {
      const root = rootOf(node);
      if (root.type === 'ThisExpression') return true;
      if (root.type === 'Identifier') {
        if (root.name === 'process') {
          if (/^process\.(?:env|argv)\b/.test(source.text(node, 40))) return true;
          continue;
        }
        if (!CONSTANT_ROOTS.has(root.name) && outside(root) === true) return true;
        continue;
      }
      todo.push(root);
      continue;
    }
    todo.push(...childrenOf(node));
  }
  return false;
}
