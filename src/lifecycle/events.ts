import type { SourceModule } from '../session/source/module.ts';
import { isFunction, type Node } from '../session/source/syntax.ts';
import { calledName } from './functions.ts';

/** The event that a node's function listens to: `client.on('disconnected', () => …)`, through nested functions. */
export function eventAround(module: SourceModule, node: Node): string | null {
  for (let at: Node | null = node; at !== null; at = module.parent(at)) {
    if (!isFunction(at)) continue;
    const parent = module.parent(at);
    if (parent?.type !== 'CallExpression' || !/^(on|once|addListener)$/.test(calledName(parent) ?? '')) continue;
    const [event] = parent.arguments;
    if (event?.type === 'Literal' && typeof event.value === 'string') return event.value;
    if (event?.type === 'MemberExpression') return module.text(event).split('.').pop()?.toLowerCase() ?? null;
  }
  return null;
}
