import { type Callers, createCallers, type FrameMaker } from './evaluate/callers.ts';
import type { Evaluator } from './evaluate/evaluator.ts';
import type { Frame, Frames } from './evaluate/value.ts';
import type { Node } from './source/syntax.ts';

/** Ways to reach one place that are told apart; more are cut off. */
const ALTERNATIVE_LIMIT = 24;
/** Calls between the start of the program and the place. */
const CHAIN_LIMIT = 8;

export interface Explorer {
  readonly callers: Callers;
  /**
   * Ask one question about a place in the source once for every way in which it is reached. `ask` is given the calls that lead
   * there and must force what it needs.
   */
  alternatives<T>(ask: (frames: Frames) => T): T[];
}

/** An explorer over an evaluator. Questions must not be nested. */
export function createExplorer(evaluator: Evaluator): Explorer {
  const callers = createCallers(evaluator);
  const known = new Map<Node, readonly FrameMaker[]>();

  return {
    callers,
    alternatives(ask) {
      const results: ReturnType<typeof ask>[] = [];
      const queue: (readonly (readonly [Node, FrameMaker])[])[] = [[]];
      for (let chain = queue.shift(); chain !== undefined; chain = queue.shift()) {
        if (results.length >= ALTERNATIVE_LIMIT) break;
        const frames = new Map<Node, Frame>();
        for (const [node, make] of chain) frames.set(node, make(frames));
        evaluator.begin();
        const result = ask(frames);
        const open = [...evaluator.unbound].filter(([node]) => !frames.has(node));
        let grown = false;
        for (const [node, module] of chain.length < CHAIN_LIMIT ? open : []) {
          let makers = known.get(node);
          if (makers === undefined) {
            evaluator.begin();
            makers = callers.of(module, node);
            known.set(node, makers);
          }
          if (makers.length === 0) continue;
          for (const make of makers) queue.push([...chain, [node, make]]);
          grown = true;
          break;
        }
        if (!grown) results.push(result);
      }
      return results;
    },
  };
}
