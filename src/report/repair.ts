import type { Profile } from '../model/profile.ts';
import { shellWord } from '../model/profile-words.ts';
import { type Page, paragraph } from './text.ts';

/** What a repair did or would do, as the reporters need it (see src/repair/repair.ts). */
export interface RepairDocument {
  readonly profile: string;
  readonly outcome: 'planned' | 'done' | 'nothing' | 'refused' | 'failed';
  readonly reason: string | null;
  readonly before: Profile;
  readonly after: Profile | null;
  readonly actions: readonly (
    | {
        readonly kind: 'cut-log';
        readonly path: string;
        readonly size: number;
        readonly keep: number;
        readonly what: string;
        readonly recordsLost: number;
      }
    | { readonly kind: 'remove-lock'; readonly host: string; readonly paths: readonly string[] }
  )[];
  readonly done: number;
  readonly remains: readonly string[];
  readonly backup: { readonly path: string; readonly files: number; readonly bytes: number } | null;
  readonly undo: readonly string[];
}

const brief = (profile: Profile | null) =>
  profile === null
    ? null
    : {
        state: profile.state,
        confidence: profile.confidence,
        stores: profile.stores.map(({ name, state }) => ({ name, state })),
      };

/** The published form: `wa-doctor/repair@1`. */
export function repairJson(document: RepairDocument): unknown {
  return {
    schema: 'wa-doctor/repair@1',
    profile: document.profile,
    outcome: document.outcome,
    reason: document.reason,
    before: brief(document.before),
    after: brief(document.after),
    actions: document.actions.map((action, index) =>
      action.kind === 'cut-log'
        ? { ...action, bytes: { from: action.keep, to: action.size }, done: index < document.done }
        : { ...action, done: index < document.done },
    ),
    remains: document.remains,
    backup: document.backup,
    undo: document.undo,
  };
}

/** `wa-doctor repair` for a person. */
export function repairText(document: RepairDocument, page: Page): string {
  const { width, style } = page;
  const lines: string[] = [];
  const say = (text: string, prefix = '') => lines.push(...paragraph(prefix, text, width));
  const { outcome, actions, backup, before, after } = document;
  if (outcome === 'refused') say(`Nothing was changed: ${document.reason ?? 'refused'}.`);
  if (outcome === 'nothing') say(`There is nothing to repair in ${document.profile}: ${document.reason ?? ''}.`);
  if (outcome === 'failed')
    say(`The repair stopped after ${document.done} of ${actions.length} steps: ${document.reason ?? ''}.`);
  if (outcome !== 'refused' && actions.length > 0) {
    lines.push(style.bold(outcome === 'planned' ? 'It would do this (nothing was changed):' : 'Done:'));
    for (const action of outcome === 'planned' ? actions : actions.slice(0, document.done)) {
      if (action.kind === 'cut-log') {
        const lost = action.recordsLost > 0 ? `; ${action.recordsLost} whole records behind the damage go with it` : '';
        say(
          `cut ${action.path} from ${action.size} to ${action.keep} bytes: bytes ${action.keep} to ${action.size - 1} are ${action.what}${lost}`,
          '  - ',
        );
      } else {
        say(`remove the lock of host ${action.host}: ${action.paths.join(', ')}`, '  - ');
      }
    }
    if (after !== null) {
      const states = after.stores.map(({ name, state }) => `${name} ${state}`).join(', ');
      say(
        `login before: ${before.state}, ${outcome === 'planned' ? 'it would then be' : 'now'}: ${after.state} (${states})`,
        '  - ',
      );
    }
  }
  for (const text of document.remains) say(`This damage stays, a repair cannot heal it: ${text}.`);
  if (backup !== null) {
    lines.push('');
    say(
      `Backup: ${backup.path} (${backup.files} files, every byte compared). It is a credential like the session: delete it when the bot runs again.`,
    );
  }
  if (outcome !== 'refused' && document.undo.length > 0) {
    lines.push('', 'To undo, while no browser runs:');
    for (const command of document.undo) lines.push(`  ${command}`);
  }
  if (outcome === 'planned') {
    lines.push('');
    say(`To do it: wa-doctor repair ${shellWord(document.profile)} --apply`);
  }
  return `${lines.join('\n')}\n`;
}
