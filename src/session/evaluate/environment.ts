import type { Expression } from '../../model/expression.ts';
import { mapExpression } from '../map-expression.ts';
import { guardOf } from './bindings.ts';
import { TEST_FILE } from './callers.ts';
import type { Evaluator } from './evaluator.ts';
import { conditional, constantOf, nullish, or } from './fold.ts';
import { chainOf } from './mutations.ts';

/** Assignments to one environment that are followed; real bots have a handful. */
const ASSIGNMENT_LIMIT = 200;

/** What the program itself puts into its environment, as `process.env.X = …` at the top of a module. */
export interface OwnEnvironment {
  /** The same expression with the variables that the program sets replaced by what it sets them to. */
  apply(expr: Expression): Expression;
}

/** Reads the files that set variables at once: asking later would end the question that is under way. */
export function createOwnEnvironment(evaluator: Evaluator): OwnEnvironment {
  const read = (): ReadonlyMap<string, Expression> => {
    const found = new Map<string, Expression>();
    const { tree } = evaluator;
    let count = 0;
    for (const file of tree.environmentFiles()) {
      if (TEST_FILE.test(file)) continue;
      const module = tree.load(file);
      for (const node of module?.memberAssignments ?? []) {
        if (module === null || count >= ASSIGNMENT_LIMIT) break;
        const { root, names } = chainOf(node.left);
        const [env, name] = names;
        if (root.type !== 'Identifier' || root.name !== 'process' || module.binding(root) !== null) continue;
        if (names.length !== 2 || env !== 'env' || typeof name !== 'string') continue;
        // What a function sets counts from its call on, and when that is nobody knows.
        if (module.functionAround(node) !== null) continue;
        count++;
        evaluator.begin();
        const guard = guardOf(evaluator, module, node, [module.program], new Map());
        if (guard === null) continue;
        const before = found.get(name) ?? { kind: 'env' as const, name, at: evaluator.at(module, node) };
        const given = evaluator.expression(evaluator.value(module, node.right));
        const assigned =
          node.operator === '=' ? given : node.operator === '||=' ? or(before, given) : nullish(before, given);
        const always = constantOf(guard);
        if (always?.value === false) continue;
        found.set(name, always === null ? conditional(guard, assigned, before) : assigned);
      }
    }
    return found;
  };

  const set = read();
  return {
    apply: (expr) =>
      set.size === 0 ? expr : mapExpression(expr, (one) => (one.kind === 'env' ? (set.get(one.name) ?? one) : one)),
  };
}
