import { Command, Option } from 'commander';
import { withMachineFlags, withOutputFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';

export const inspectCommand: DefineCommand = (host, exit) =>
  withOutputFlags(withMachineFlags(new Command('inspect')))
    .description('look into stored sessions without a browser: linked or not, damaged or not, who uses them')
    .argument('[path]', 'a session, a data path, a project, or #n (default: the working directory)')
    .option('--in <path>', 'where #n is counted (default: the working directory)')
    .option('--quick', 'read names, manifests and log tails only, not every block')
    .option('--show-account', 'show the last four digits of the linked number')
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 when a check of the profiles finds something this severe').choices([
        'error',
        'warning',
        'info',
        'never',
      ]),
    )
    .addHelpText(
      'after',
      `
Examples:
  wa-doctor inspect                      every session of the bot in this directory
  wa-doctor inspect ./.wwebjs_auth/session-main
  wa-doctor inspect '#2' --in /app/data/sessions
  wa-doctor inspect --json | jq '.profiles[] | select(.state != "linked") | .path'`,
    )
    .action(async (path: string | undefined, flags) => {
      const { inspect } = await import('../inspect.ts');
      exit(await inspect(path ?? null, flags, host));
    });
