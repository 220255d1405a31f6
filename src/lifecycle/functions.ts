import type { Evaluator } from '../session/evaluate/evaluator.ts';
import type { FunctionValue, Value } from '../session/evaluate/value.ts';
import type { SourceModule } from '../session/source/module.ts';
import {
  bare,
  type CallNode,
  childrenOf,
  type FunctionNode,
  isFunction,
  memberName,
  type Node,
} from '../session/source/syntax.ts';

/** A call inside a function, and whether the function waits for it. */
export interface CallInside {
  readonly call: CallNode;
  readonly waited: boolean;
  /** Runs later (`setTimeout`), so that what follows does not wait for it and it does not come first. */
  readonly later: boolean;
}

const LATER = new Set(['setTimeout', 'setImmediate', 'setInterval', 'nextTick', 'queueMicrotask']);

/** The last name of what is called: `exit` of `process.exit(…)`. */
export function calledName(call: CallNode): string | null {
  const callee = bare(call.callee);
  if (callee.type === 'Identifier') return callee.name;
  return callee.type === 'MemberExpression' ? memberName(callee) : null;
}

/** The object that a method is called on. */
export function receiverOf(call: CallNode): Node | null {
  const callee = bare(call.callee);
  return callee.type === 'MemberExpression' ? bare(callee.object) : null;
}

/** Is this `process.NAME(…)`? */
export function isProcessCall(call: CallNode, names: ReadonlySet<string>): boolean {
  const receiver = receiverOf(call);
  return receiver?.type === 'Identifier' && receiver.name === 'process' && names.has(calledName(call) ?? '');
}

/** The functions that are given as arguments and run in the course of this call: `forEach`, `map`, `then`, `finally`. */
function runsItsArguments(call: CallNode): boolean {
  return /^(forEach|map|then|catch|finally|all|allSettled|race|any|reduce|filter|each)$/.test(calledName(call) ?? '');
}

/**
 * Every call in a function's own body, in source order. Functions that are only defined inside are not entered; those that a call
 * runs (`forEach`, `then`, `setTimeout`) are.
 */
export function callsIn(module: SourceModule, fn: FunctionNode): CallInside[] {
  const found: CallInside[] = [];
  const visit = (node: Node, later: boolean, depth: number): void => {
    if (depth > 200) return;
    for (const child of childrenOf(node)) {
      if (child.type === 'CallExpression') {
        found.push({ call: child, waited: isWaited(module, child, fn), later });
        const deferred = later || LATER.has(calledName(child) ?? '');
        const enters = deferred || runsItsArguments(child) || isImmediate(child);
        for (const part of childrenOf(child)) {
          if (isFunction(part)) {
            if (enters && part.body !== null) visit(part.body, deferred, depth + 1);
          } else visitOne(part, later, depth + 1);
        }
        continue;
      }
      if (isFunction(child)) continue;
      visit(child, later, depth + 1);
    }
  };
  const visitOne = (node: Node, later: boolean, depth: number): void => {
    visit({ type: 'ExpressionStatement', expression: node, start: node.start, end: node.end } as Node, later, depth);
  };
  if (fn.body !== null) visitOne(fn.body, false, 0);
  return found;
}

/** `(async () => { … })()` */
function isImmediate(call: CallNode): boolean {
  return isFunction(bare(call.callee));
}

/** Is the promise of a call waited for, up to the function `fn`: `await`, `return`, `.then(…)`, `await Promise.all([…])`? */
export function isWaited(module: SourceModule, call: Node, fn: FunctionNode): boolean {
  let at: Node = call;
  for (let parent = module.parent(at); parent !== null; at = parent, parent = module.parent(at)) {
    switch (parent.type) {
      case 'AwaitExpression':
      case 'ReturnStatement':
        return true;
      case 'MemberExpression':
        // `.then(…)` and `.finally(…)` come after it; `.catch(…)` alone does not make anybody wait.
        if (parent.object === at && /^(then|finally)$/.test(memberName(parent) ?? '')) return true;
        continue;
      case 'ArrowFunctionExpression':
        if (parent.body !== at) return false;
        if (parent === fn) return true;
        continue;
      case 'ExpressionStatement':
      case 'VariableDeclarator':
      case 'AssignmentExpression':
        return false;
      default:
        if (parent === fn || parent.type === 'FunctionExpression' || parent.type === 'FunctionDeclaration')
          return false;
    }
  }
  return false;
}

/** The function that an expression stands for, through names and imports; `bind` is looked through. */
export function functionOf(evaluator: Evaluator, module: SourceModule, node: Node): FunctionValue | null {
  const expression = bare(node);
  if (expression.type === 'CallExpression' && calledName(expression) === 'bind') {
    const receiver = receiverOf(expression);
    return receiver === null ? null : functionOf(evaluator, module, receiver);
  }
  evaluator.begin();
  const value: Value = evaluator.value(module, expression);
  return value.kind === 'function' ? value : null;
}
