import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, describe, it } from 'vitest';
import { installDoctor } from '../lifecycle/real/bot.ts';
import { REPOSITORY, scratch, write } from '../support/doctor.ts';

/** Declarations are only made when the package is built for npm; that takes a while. */
describe('wa-doctor/guard', () => {
  let bot: string;
  beforeAll(() => {
    bot = scratch('guard-types');
    installDoctor(bot, REPOSITORY);
  });

  it('has types that resolve', () => {
    execFileSync(process.execPath, ['scripts/types.mjs', join(bot, 'node_modules/wa-doctor/dist')], {
      cwd: REPOSITORY,
    });
    write(bot, {
      'types.mts': `import { assertPersistentSession, gracefulShutdown, type SessionReport } from 'wa-doctor/guard';
const client = { destroy: async () => {}, initialize: async () => {} };
const report: SessionReport = await assertPersistentSession(client, { onProblem: 'throw' });
const closed: boolean = await gracefulShutdown(client, { deadlineMs: 5000 }).close();
// @ts-expect-error: not a client
gracefulShutdown(7);
export { closed, report };
`,
    });
    const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    const options = [
      '--ignoreConfig',
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--typeRoots',
      join(REPOSITORY, 'node_modules/@types'),
      '--types',
      'node',
    ];
    execFileSync(process.execPath, [tsc, ...options, 'types.mts'], { cwd: bot, stdio: 'pipe' });
  });
});
