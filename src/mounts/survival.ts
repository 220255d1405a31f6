import { type Answer, type Confidence, every } from '../model/answer.ts';
import { SURVIVAL_LEVELS, type Survival } from '../model/mount.ts';

/**
 * The five levels as five letters, in the order of `SURVIVAL_LEVELS`: process restart, container restart, re-creation, reboot, node
 * loss. `T` survives, `F` is lost, `?` cannot be known. `'TTFTF'` is a Docker container's writable layer.
 */
export type Letters = string;

const ANSWERS: Readonly<Record<string, Answer>> = { T: true, F: false, '?': 'unknown' };

/** Read five letters. Anything but `T` and `F` is unknown. */
export function survival(letters: Letters): Survival {
  const at = (index: number): Answer => ANSWERS[letters.charAt(index)] ?? 'unknown';
  return { processRestart: at(0), containerRestart: at(1), recreate: at(2), reboot: at(3), nodeLoss: at(4) };
}

/** Write five letters. */
export function letters(survives: Survival): Letters {
  return SURVIVAL_LEVELS.map((level) => (survives[level] === 'unknown' ? '?' : survives[level] ? 'T' : 'F')).join('');
}

/** Data on two conditions survives only what both survive. */
export function meet(a: Survival, b: Survival): Survival {
  const level = (name: keyof Survival): Answer => every([a[name], b[name]]);
  return {
    processRestart: level('processRestart'),
    containerRestart: level('containerRestart'),
    recreate: level('recreate'),
    reboot: level('reboot'),
    nodeLoss: level('nodeLoss'),
  };
}

/** What kind of storage this is, and what it survives. */
export interface Verdict {
  /** Stable kebab-case name; becomes the code of a reason. */
  readonly code: string;
  readonly survives: Letters;
  readonly confidence: Confidence;
  /** One sentence for people, without a final full stop. */
  readonly text: string;
}

const ORDER: readonly Confidence[] = ['low', 'medium', 'high'];

/** The less sure of two. */
export function weaker(a: Confidence, b: Confidence): Confidence {
  return ORDER.indexOf(a) <= ORDER.indexOf(b) ? a : b;
}
