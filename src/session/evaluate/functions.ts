import type { Expression } from '../../model/expression.ts';
import type { SourceModule } from '../source/module.ts';
import { isFunction, type Node, type NodeOf } from '../source/syntax.ts';
import type { Args, Evaluator } from './evaluator.ts';
import { equal } from './fold.ts';
import { dynamic, type Frames, type FunctionValue, lazy, type Thunk, UNDEFINED, type Value } from './value.ts';

/** What a function gives back for these arguments; promises and generators are seen through. */
export function callFunction(evaluator: Evaluator, fn: FunctionValue, { args, open }: Args): Value {
  const { module, node } = fn;
  const frames = new Map(fn.frames);
  frames.set(node, { args, open, self: fn.self });
  if (node.body === null) return dynamic(module.text(node));
  if (node.body.type !== 'BlockStatement') return evaluator.value(module, node.body, frames);
  return statements(evaluator, module, node.body.body, frames) ?? UNDEFINED;
}

const UNSEEN: Expression = { kind: 'unknown', text: '', reason: 'a loop decides' };

/** The value that a list of statements returns; `null`: none of them does. */
function statements(evaluator: Evaluator, module: SourceModule, list: readonly Node[], frames: Frames): Value | null {
  for (const [index, statement] of list.entries()) {
    const rest = lazy(() => statements(evaluator, module, list.slice(index + 1), frames) ?? UNDEFINED);
    switch (statement.type) {
      case 'ReturnStatement':
        return statement.argument === null ? UNDEFINED : evaluator.value(module, statement.argument, frames);
      case 'ThrowStatement':
        return null;
      case 'BlockStatement': {
        if (!returns(statement)) break;
        return statements(evaluator, module, [...statement.body, ...list.slice(index + 1)], frames);
      }
      case 'TryStatement': {
        if (!returns(statement.block)) break;
        return statements(evaluator, module, [...statement.block.body, ...list.slice(index + 1)], frames);
      }
      case 'IfStatement': {
        const { consequent, alternate } = statement;
        // A guard that only throws says nothing about the value.
        if (!returns(consequent) && (alternate === null || !returns(alternate))) break;
        const test = evaluator.test(evaluator.value(module, statement.test, frames));
        const then = side(evaluator, module, consequent, rest, frames);
        const otherwise = alternate === null ? rest : side(evaluator, module, alternate, rest, frames);
        return evaluator.branch(test, then, otherwise);
      }
      case 'SwitchStatement':
        if (!returns(statement)) break;
        return switched(evaluator, module, statement, rest, frames);
      case 'ForOfStatement':
      case 'ForInStatement':
      case 'ForStatement':
      case 'WhileStatement':
      case 'DoWhileStatement': {
        if (!returns(statement.body)) break;
        const inside = lazy(() => statements(evaluator, module, [statement.body], frames) ?? UNDEFINED);
        return evaluator.branch(UNSEEN, inside, rest);
      }
    }
  }
  return null;
}

function side(evaluator: Evaluator, module: SourceModule, node: Node, rest: Thunk, frames: Frames): Thunk {
  return lazy(() => {
    const body = node.type === 'BlockStatement' ? node.body : [node];
    const value = statements(evaluator, module, body, frames);
    if (value !== null) return value;
    return endsInThrow(body) ? UNDEFINED : rest();
  });
}

function endsInThrow(body: readonly Node[]): boolean {
  return body.at(-1)?.type === 'ThrowStatement';
}

function switched(
  evaluator: Evaluator,
  module: SourceModule,
  statement: NodeOf<'SwitchStatement'>,
  rest: Thunk,
  frames: Frames,
): Value {
  const subject = evaluator.expression(evaluator.value(module, statement.discriminant, frames));
  let result: Thunk = rest;
  for (let index = statement.cases.length - 1; index >= 0; index--) {
    const item = statement.cases[index];
    if (item === undefined) continue;
    // An empty case falls through to the next one.
    const body = statement.cases.slice(index).flatMap(({ consequent }) => consequent);
    const value = lazy(() => statements(evaluator, module, body, frames) ?? rest());
    const before = result;
    if (item.test === null) result = value;
    else {
      const test = equal(subject, evaluator.expression(evaluator.value(module, item.test, frames)), true);
      result = lazy(() => evaluator.branch(test, value, before));
    }
  }
  return result();
}

/** Does a statement hold a `return` of its own function? Depth is bounded by what the parser accepted. */
function returns(root: Node): boolean {
  const todo: unknown[] = [root];
  for (let item = todo.pop(); item !== undefined; item = todo.pop()) {
    if (typeof item !== 'object' || item === null) continue;
    if (Array.isArray(item)) {
      todo.push(...item);
      continue;
    }
    const node = item as Node;
    if (node.type === 'ReturnStatement') return true;
    if (typeof node.type === 'string' && isFunction(node)) continue;
    if (typeof node.type === 'string' && (node.type.endsWith('Expression') || node.type.startsWith('TS'))) continue;
    for (const value of Object.values(node)) if (typeof value === 'object') todo.push(value);
  }
  return false;
}
