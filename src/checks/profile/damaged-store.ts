import { defineCheck } from '../../model/check.ts';
import { overProfiles, shellWord } from '../../model/profile-words.ts';

const MAX_EVIDENCE = 8;

export default defineCheck({
  code: 'WA505',
  name: 'damaged-store',
  family: 'profile',
  severity: 'error',
  needs: ['profiles'],
  targets: ['host'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'Local Storage or IndexedDB of the profile is damaged.',
  why: 'A hard kill, a full disk or a power cut can leave a torn end in a database log. Chromium repairs nothing: it deletes a damaged IndexedDB without a word, often only at the second start, and it appends to a torn Local Storage so that everything written later is lost at each restart (measured: 30 of 30). Cutting a torn log back to its last good record heals it (18 of 18); it must be done before a browser opens the profile again.',
  fix: [
    'Stop the bot and do not start it again: the next start may delete the store.',
    'Run `wa-doctor repair SESSION`; it shows what it would cut, and with `--apply` it takes a backup first.',
    'If a table or a manifest is damaged, restore both stores from one backup that was taken while the browser was closed, or link again.',
  ],
  run({ profiles }) {
    return overProfiles(profiles, ({ path, stores, tornLogs, owner, state }) => {
      const damaged = stores.filter((store) => store.state === 'damaged');
      if (damaged.length === 0) {
        const unread = stores.find((store) => store.state === 'unknown');
        return unread === undefined
          ? null
          : { unknown: `${unread.name}: ${unread.problems[0]?.text ?? 'it could not be read'}` };
      }
      const names = damaged.map(({ name }) => name).join(' and ');
      const problems = damaged.flatMap((store) => store.problems);
      const healable = tornLogs.length > 0;
      // One bad block of a table was survived in 20 of 20 runs where nothing of the login was in it, and lost in others.
      const oneBlock = problems.every(({ kind }) => kind === 'bad-block');
      return {
        confidence: oneBlock ? 'medium' : 'high',
        message: `${names} of the session at ${path} ${damaged.length === 1 ? 'is' : 'are'} damaged: ${problems[0]?.text ?? 'its files do not fit together'}.`,
        event: state === 'linked' ? 'one of the next two starts of the bot' : 'the next start of the bot',
        locations: problems
          .slice(0, MAX_EVIDENCE)
          .map(({ file }) => ({ path: file.startsWith('/') ? file : `${path}/${file}` })),
        evidence: problems
          .slice(0, MAX_EVIDENCE)
          .map(({ file, text, offset }) => `${file}${offset === null ? '' : ` at byte ${offset}`}: ${text}`),
        ...(healable
          ? {
              remediation: {
                summary: 'Cut the torn log back to its last good record before a browser opens the profile again.',
                steps: [
                  owner.state === 'live'
                    ? 'Stop the bot and wait until its browser has closed.'
                    : 'Do not start the bot before it is repaired: the start may delete the store.',
                  `Run wa-doctor repair ${shellWord(path)} to see which bytes it would cut.`,
                  `Run wa-doctor repair ${shellWord(path)} --apply; it takes a verified backup first and says how to undo.`,
                ],
              },
            }
          : {}),
      };
    });
  },
});
