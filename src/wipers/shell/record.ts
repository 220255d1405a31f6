import type { AbsolutePath } from '../../model/path.ts';
import type { EffectKind } from '../effect.ts';
import type { Shell } from './shell.ts';

/** Effects of one script that are kept for the report; the verdict does not need more. */
const EFFECT_LIMIT = 2_000;

/** Remember an effect for the report, in the words in which it was written. */
export function record(
  shell: Shell,
  effect: {
    readonly kind: EffectKind;
    readonly tool: string;
    readonly patterns: readonly string[];
    readonly touched?: readonly AbsolutePath[];
    readonly to?: string | null;
    readonly reason?: string | null;
    readonly recursive?: boolean;
    readonly glob?: boolean;
  },
): void {
  const { run } = shell;
  if (run.effects.length >= EFFECT_LIMIT) return;
  const reason = effect.reason ?? run.doubt;
  run.effects.push({
    kind: effect.kind,
    patterns: [...new Set(effect.patterns)],
    glob: effect.glob ?? false,
    recursive: effect.recursive ?? true,
    to: effect.to ?? null,
    tool: effect.tool,
    certainty: reason === null ? 'certain' : 'possible',
    reason,
    via: shell.via,
    touched: effect.touched ?? [],
  });
}
