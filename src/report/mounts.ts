import type { Durability, Platform } from '../model/mount.ts';
import { SURVIVAL_LEVELS } from '../model/mount.ts';
import { riskOf } from '../model/words.ts';
import { answerCell, type Cell, type Page, table } from './text.ts';

export interface MountsDocument {
  readonly platform: Platform;
  readonly paths: readonly Durability[];
  readonly recommended: string | null;
}

/** `wa-doctor mounts` for a person. */
export function mountsTable(document: MountsDocument, page: Page): string {
  const head: Cell[] = [
    'path',
    'mount',
    'type',
    'process',
    'container',
    're-create',
    'reboot',
    'node loss',
    'risk',
  ].map((text) => ({ text, paint: page.style.dim }));
  const rows = document.paths.map((judged): Cell[] => [
    { text: judged.path },
    { text: judged.mount?.mountPoint ?? '-' },
    { text: judged.mount?.fstype ?? '-' },
    ...SURVIVAL_LEVELS.map((level) => answerCell(judged.survives[level], page.style)),
    { text: riskOf(judged) },
  ]);
  return `${table([head, ...rows], page.width, 0).join('\n')}\n`;
}
