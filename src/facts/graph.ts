import { UsageError } from '../model/errors.ts';
import type { FactName, FactState, Facts } from '../model/facts.ts';
import type { Machine } from './machine.ts';

/** Tells the graph that a part could not be looked at, in plain words; the checks that need the fact become `unknown`. */
export type Gap = (reason: string) => void;

/** What has been collected so far. */
export type Seen = ReadonlyMap<FactName, FactState<unknown>>;

/** A fact, the facts that it is made from, and how. `seen` is for a fact about the others, which is collected last. */
export interface FactDefinition<Name extends FactName = FactName, Needs extends FactName = FactName> {
  readonly name: Name;
  readonly needs: readonly Needs[];
  collect(machine: Machine, inputs: Pick<Facts, Needs>, gap: Gap, seen: Seen): Facts[Name] | Promise<Facts[Name]>;
}

/** Infers what `collect` may read from `needs`. */
export function defineFact<const Name extends FactName, const Needs extends FactName = never>(
  definition: FactDefinition<Name, Needs>,
): FactDefinition<Name, Needs> {
  return definition;
}

/** A fact that needs longer than this is cut off: the worst healthy one (10,000 source files) took 2 s on the reference machine. */
const FACT_LIMIT_MS = 30_000;

type States = { [Name in FactName]?: FactState<Facts[Name]> };

export interface Collection {
  readonly states: States;
  /** Milliseconds by fact, in the order of collection. */
  readonly timings: readonly { readonly fact: FactName; readonly ms: number }[];
  /** Cut short by the signal. */
  readonly partial: boolean;
}

async function withLimit<T>(work: T | Promise<T>, limit: number, signal: AbortSignal | undefined): Promise<T> {
  if (!(work instanceof Promise)) return work;
  let timer: NodeJS.Timeout | undefined;
  let stop = (): void => {};
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${limit / 1000} s and was cut off`)), limit);
    stop = () => reject(new Error('interrupted while it was read'));
    signal?.addEventListener('abort', stop);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}

/**
 * Collect the wanted facts and those that they are made from, each once. A fact that fails is a state with a reason.
 * `signal` stops the collection between two facts, and ends the wait for one that is read asynchronously.
 * @throws UsageError when a fact finds that it was asked for something that is not there; nothing else.
 */
export async function collectFacts(
  definitions: readonly FactDefinition[],
  wanted: readonly FactName[],
  machine: Machine,
  signal?: AbortSignal,
): Promise<Collection> {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const states = new Map<FactName, FactState<unknown>>();
  const timings: { fact: FactName; ms: number }[] = [];
  const underway = new Set<FactName>();

  const collect = async (name: FactName): Promise<FactState<unknown>> => {
    const known = states.get(name);
    if (known !== undefined) return known;
    const state = await compute(name);
    states.set(name, state);
    return state;
  };

  const compute = async (name: FactName): Promise<FactState<unknown>> => {
    const definition = byName.get(name);
    if (definition === undefined) return { ok: false, reason: `this version does not collect "${name}"` };
    if (underway.has(name)) return { ok: false, reason: `the fact "${name}" is made from itself` };
    underway.add(name);
    const inputs: Partial<Record<FactName, unknown>> = {};
    const gaps: string[] = [];
    for (const need of definition.needs) {
      const state = await collect(need);
      if (!state.ok) return state;
      inputs[need] = state.value;
      gaps.push(...state.gaps);
    }
    if (signal?.aborted === true) return { ok: false, reason: 'interrupted before it was read' };
    const started = machine.clock();
    try {
      const value = await withLimit(
        definition.collect(machine, inputs as Facts, (reason) => gaps.push(reason), states),
        FACT_LIMIT_MS,
        signal,
      );
      return { ok: true, value, gaps: [...new Set(gaps)] };
    } catch (error) {
      if (error instanceof UsageError) throw error;
      return { ok: false, reason: error instanceof Error ? error.message : String(error) };
    } finally {
      timings.push({ fact: name, ms: machine.clock() - started });
      // Lets a pending interrupt in between two facts.
      await new Promise((resolve) => setImmediate(resolve));
    }
  };

  for (const name of wanted) await collect(name);
  return { states: Object.fromEntries(states) as States, timings, partial: signal?.aborted === true };
}
