import type { SessionPath } from '../model/session-path.ts';
import { type Page, paragraph } from './text.ts';

export interface PathDocument {
  readonly sessions: readonly SessionPath[];
  readonly problems: readonly string[];
}

/** `wa-doctor path` for a person: one line per session, the trail under it. */
export function pathReport({ sessions, problems }: PathDocument, page: Page): string {
  const lines: string[] = [];
  for (const session of sessions) {
    lines.push(
      ...paragraph(
        '',
        `${session.launch ?? session.site} → ${session.userDataDir ?? `unknown: ${session.unknown}`}`,
        page.width,
      ),
    );
    for (const step of session.trail) lines.push(...paragraph('    ', step, page.width));
  }
  for (const problem of problems) lines.push(...paragraph('could not look: ', problem, page.width));
  return `${lines.join('\n')}\n`;
}
