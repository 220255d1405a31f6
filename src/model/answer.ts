/** A three-valued answer. `'unknown'` is a result, never a synonym of `false`. */
export type Answer = boolean | 'unknown';

/** How sure the evidence makes us; independent of severity. */
export type Confidence = 'high' | 'medium' | 'low';

/** All must hold. One `false` decides; otherwise one `'unknown'` does. */
export function every(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false;
  return answers.includes('unknown') ? 'unknown' : true;
}

/** One is enough. One `true` decides; otherwise one `'unknown'` does. */
export function some(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true;
  return answers.includes('unknown') ? 'unknown' : false;
}
