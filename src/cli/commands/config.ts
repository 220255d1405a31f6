import { Command } from 'commander';
import { withMachineFlags, withOutputFlags, withPolicyFlags, withProjectFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';

export const configCommand: DefineCommand = (host, exit) =>
  withOutputFlags(withPolicyFlags(withMachineFlags(withProjectFlags(new Command('config')))))
    .description('say which settings are in force in PROJECT, and where each comes from')
    .argument('[project]', 'directory of the bot (default: the working directory)')
    .addHelpText(
      'after',
      `
The file: wa-doctor.config.json, .wa-doctor.json, or "wa-doctor" in package.json. Flags win over it.

Examples:
  wa-doctor config
  wa-doctor config --json | jq '.suppressions[] | select(.over)'
  wa-doctor config --fail-on warning     what would hold with this flag`,
    )
    .action(async (project: string | undefined, flags) => {
      const { config } = await import('../config.ts');
      exit(await config(project ?? null, flags, host));
    });
