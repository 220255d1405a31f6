import { Command } from 'commander';
import { withMachineFlags, withOutputFlags, withProjectFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';

export const scriptsCommand: DefineCommand = (host, exit) =>
  withOutputFlags(withMachineFlags(withProjectFlags(new Command('scripts'))))
    .description('say which scripts, hooks, workflows and source delete the session')
    .argument('[project]', 'directory of the bot (default: the working directory)')
    .addHelpText(
      'after',
      `
Examples:
  wa-doctor scripts
  wa-doctor scripts --session data/sessions/session-main
  wa-doctor scripts --json | jq '.scripts[] | select(.sessions[].deleted == true) | .name'`,
    )
    .action(async (project: string | undefined, flags) => {
      const { scripts } = await import('../scripts.ts');
      exit(await scripts(project ?? null, flags, host));
    });
