import type { Mount } from '../model/mount.ts';
import type { Letters, Verdict } from './survival.ts';

/** What one rule found, with the evidence it stands on. */
export interface Ruling extends Verdict {
  readonly evidence: string;
}

/** A mount in one line, for evidence. */
export function describeMount(mount: Mount): string {
  const root = mount.root === '/' ? '' : `, root ${mount.root}`;
  return `${mount.fstype} ${mount.source} on ${mount.mountPoint}${root}`;
}

/** Put a ruling together. */
export const ruling = (
  code: string,
  survives: Letters,
  confidence: Verdict['confidence'],
  text: string,
  evidence: string,
): Ruling => ({
  code,
  survives,
  confidence,
  text,
  evidence,
});

/** A ruling that knows nothing, and why. */
export const unknownStorage = (code: string, text: string, mount: Mount): Ruling =>
  ruling(code, '?????', 'low', text, describeMount(mount));
