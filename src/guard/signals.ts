/** Taking over signals, so that nobody ends the process before the browsers are closed. */

type Emit = typeof process.emit;
type Taker = (signal: NodeJS.Signals, passOn: () => boolean) => void;

const takers = new Map<string, Taker>();
const mine = new Map<string, () => void>();
let original: Emit | null = null;

function emit(this: NodeJS.Process, name: string | symbol, ...args: unknown[]): boolean {
  const before = (original ?? process.emit) as (name: string | symbol, ...args: unknown[]) => boolean;
  const taker = typeof name === 'string' ? takers.get(name) : undefined;
  if (taker === undefined) return before.call(process, name, ...args);
  taker(name as NodeJS.Signals, () => {
    const others = process.listenerCount(name) > 1;
    before.call(process, name, ...args);
    return others;
  });
  return true;
}

/**
 * Hear of a signal before every other listener, whenever that was registered, and hold it back until `passOn` is called.
 * Other listeners keep their order; `passOn` says whether there are any. Node binds `process.emit` when the first listener of a signal
 * is registered, so the listeners are taken off and put on again.
 */
export function takeSignals(signals: readonly NodeJS.Signals[], taker: Taker): () => void {
  if (original === null) {
    original = process.emit;
    process.emit = emit as Emit;
  }
  for (const signal of signals) {
    takers.set(signal, taker);
    if (mine.has(signal)) continue;
    const keep = () => {};
    mine.set(signal, keep);
    const others = process.rawListeners(signal) as NodeJS.SignalsListener[];
    process.removeAllListeners(signal);
    process.on(signal, keep);
    for (const listener of others) process.on(signal, listener);
  }
  return () => {
    for (const signal of signals) {
      if (takers.get(signal) !== taker) continue;
      takers.delete(signal);
      const keep = mine.get(signal);
      mine.delete(signal);
      if (keep !== undefined) process.off(signal, keep);
    }
    if (takers.size === 0 && original !== null && (process.emit as unknown) === emit) {
      process.emit = original;
      original = null;
    }
  };
}
