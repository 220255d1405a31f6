import { Command } from 'commander';
import { withOutputFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';

export const checksCommand: DefineCommand = (host, exit) =>
  withOutputFlags(new Command('checks'))
    .description('list every check')
    .addHelpText(
      'after',
      `
Examples:
  wa-doctor checks
  wa-doctor checks --json | jq '.checks[].code'`,
    )
    .action(async (flags) => {
      const { checks } = await import('../explain.ts');
      exit(await checks(flags, host));
    });
