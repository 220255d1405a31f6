import type { Script, SourceDeletion } from '../model/wiper.ts';
import { type Page, paragraph } from './text.ts';

export interface ScriptsDocument {
  readonly scripts: readonly Script[];
  readonly sources: readonly SourceDeletion[];
  readonly problems: readonly string[];
}

/** `wa-doctor scripts` for a person: one line per script that touches a session. */
export function scriptsReport({ scripts, sources, problems }: ScriptsDocument, page: Page): string {
  const lines: string[] = [];
  for (const script of scripts) lines.push(...paragraph('', `${script.name}: ${script.command}`, page.width));
  for (const source of sources)
    lines.push(...paragraph('', `${source.file}:${source.line}: ${source.what}`, page.width));
  for (const problem of problems) lines.push(...paragraph('could not look: ', problem, page.width));
  return `${lines.join('\n')}\n`;
}
