import { Command } from 'commander';
import { withMachineFlags, withOutputFlags, withProjectFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';

export const pathCommand: DefineCommand = (host, exit) =>
  withOutputFlags(withMachineFlags(withProjectFlags(new Command('path'))))
    .description('say where the bot really keeps its login, for every way in which it is started')
    .argument('[project]', 'directory of the bot (default: the working directory)')
    .addHelpText(
      'after',
      `
Examples:
  wa-doctor path
  wa-doctor path --json | jq '.sessions[].userDataDir'
  wa-doctor path --pid 4711`,
    )
    .action(async (project: string | undefined, flags) => {
      const { path } = await import('../path.ts');
      exit(await path(project ?? null, flags, host));
    });
