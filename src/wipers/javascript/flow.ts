import { Settled, type Value } from './value.ts';

/** Thrown by the program that is acted out. */
export class Thrown {
  readonly value: Value;
  constructor(value: Value) {
    this.value = value;
  }
}
/** The program ended itself (`process.exit`). */
export class Exit {}
/** The budget is used up. */
export class GiveUp {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** `await`: the value of a settled promise, or its error. */
export function awaited(value: Value): Value {
  let at = value;
  for (let depth = 0; at instanceof Settled && depth < 16; depth += 1) {
    if (at.rejected) throw new Thrown(at.value);
    at = at.value;
  }
  return at;
}

export function settle(value: Value): Settled {
  return value instanceof Settled ? value : new Settled(value);
}
