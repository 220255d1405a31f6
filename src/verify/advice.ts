import type { Profile } from '../model/profile.ts';
import type { Backup, VerifyRun } from '../model/verify.ts';
import type { Judgement } from './verdict.ts';

export interface AdviceInput {
  readonly judged: Judgement;
  readonly runs: readonly VerifyRun[];
  readonly before: Profile;
  readonly after: Profile;
  readonly backup: Backup | null;
}

/** What the profile looked like before, where that explains a QR code that should not have been. */
function explanations({ judged, before }: AdviceInput): string[] {
  if (judged.verdict === 'survived' || judged.verdict === 'refused') return [];
  const lines: string[] = [];
  if (before.permissions.odd.length > 0) {
    const [first] = before.permissions.odd;
    lines.push(
      `${before.permissions.odd.length} files of the login cannot be used by the bot's user (${first?.path ?? '?'} belongs to user ${first?.uid ?? '?'}): the browser then shows a QR code without an error. Give them back with chown, and the session is there again.`,
    );
  }
  const damaged = before.stores.filter(({ state }) => state === 'damaged');
  if (damaged.length > 0) {
    lines.push(
      `Before the test ${damaged.map(({ name }) => name).join(' and ')} was damaged already (${damaged[0]?.problems[0]?.text ?? 'see wa-doctor inspect'}). wa-doctor repair heals what can be healed.`,
    );
  } else if (before.tornLogs.length > 0) {
    lines.push(
      'Before the test a database log of the profile was torn: what was written after the tear is lost at each restart. wa-doctor repair heals it.',
    );
  }
  if (judged.verdict === 'not-linked' && before.state === 'linked' && lines.length === 0) {
    lines.push(
      'On disk the session looks linked, so WhatsApp itself ended the link: look at the linked devices on the phone.',
    );
  }
  if (judged.verdict === 'not-linked')
    lines.push('Link a phone and test the session in one go: wa-doctor verify --pair');
  if (judged.verdict === 'lost')
    lines.push('wa-doctor audit says what deletes or empties the session between two starts.');
  return lines;
}

/** What to do now. */
export function adviceAfter(input: AdviceInput): string[] {
  const { runs, backup } = input;
  const lines = explanations(input);
  if (backup?.kept === true) {
    const moved = runs[0]?.outcome === 'ready';
    lines.push(
      moved
        ? `A copy of the profile from before the test was kept in ${backup.path}. Do not put it back: run 1 was ready, so WhatsApp has gone on from that state, and an old state can make it end the link for good. Delete the copy when nothing needs it; it holds the login.`
        : `A copy of the profile from before the test was kept in ${backup.path}. It holds the login: keep it private, and delete it when nothing needs it.`,
    );
  }
  return lines;
}
