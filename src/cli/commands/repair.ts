import { Command } from 'commander';
import { withOutputFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';

export const repairCommand: DefineCommand = (host, exit) =>
  withOutputFlags(new Command('repair'))
    .description('cut a torn database log back to its last good record, or remove the lock of a host that is gone')
    .argument('<session>', 'a session directory, or #n as wa-doctor inspect numbers them')
    .option('--in <path>', 'where #n is counted (default: the working directory)')
    .option('--apply', 'do it, after a verified backup (default: only show what would be done)')
    .option('--owner-gone <host>', 'the host that its lock names is gone for good')
    .addHelpText(
      'after',
      `
It refuses while a browser may use the session. Stop the bot first.

Examples:
  wa-doctor repair ./.wwebjs_auth/session          what would it do?
  wa-doctor repair ./.wwebjs_auth/session --apply
  wa-doctor repair '#2' --in /app/data --owner-gone e77b1ebe9b51 --apply`,
    )
    .action(async (session: string, flags) => {
      const { repairSession } = await import('../repair.ts');
      exit(await repairSession(session, flags, host));
    });
