/**
 * A series of many trials of each kind, round by round: when the time is over every kind has had as many trials as any other.
 * `WA_UNTIL` (milliseconds since the epoch) ends a series that does not fit into the time there is; how far it came is printed.
 */
export interface Series<K> {
  readonly kinds: readonly K[];
  readonly rounds: number;
  /** Trials that run at the same time: most of a trial is waiting. */
  readonly workers: number;
  readonly name: (kind: K) => string;
  /** What went wrong in one trial; empty: nothing. */
  trial(kind: K, round: number, worker: number): Promise<readonly string[]>;
}

export interface Tally {
  readonly done: number;
  readonly wrong: readonly string[];
}

/** Run a series. The tallies come in the order of the kinds. */
export async function runSeries<K>({ kinds, rounds, workers, name, trial }: Series<K>): Promise<Map<K, Tally>> {
  const until = Number(process.env['WA_UNTIL'] ?? Number.POSITIVE_INFINITY);
  const tallies = new Map<K, Tally>(kinds.map((kind) => [kind, { done: 0, wrong: [] }]));
  const queue = Array.from({ length: rounds }, (_, round) => kinds.map((kind) => ({ kind, round }))).flat();
  const work = async (worker: number): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && Date.now() < until; next = queue.shift()) {
      const { kind, round } = next;
      const start = Date.now();
      const wrong = await trial(kind, round, worker).catch((error: unknown) => [String(error)]);
      const tally = tallies.get(kind) ?? { done: 0, wrong: [] };
      tallies.set(kind, { done: tally.done + 1, wrong: [...tally.wrong, ...wrong] });
      const seconds = ((Date.now() - start) / 1000).toFixed(1);
      console.log(
        `round ${round + 1}, ${name(kind)}: ${wrong.length === 0 ? 'right' : wrong.join('; ')} (${seconds} s)`,
      );
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  for (const [kind, { done, wrong }] of tallies) {
    console.log(`${name(kind).padEnd(76)} ${done - new Set(wrong).size} of ${done} right`);
  }
  return tallies;
}
