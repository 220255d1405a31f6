import { Command } from 'commander';
import { withMachineFlags, withOutputFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';

export const mountsCommand: DefineCommand = (host, exit) =>
  withOutputFlags(withMachineFlags(new Command('mounts')))
    .description('say which restart each directory survives')
    .argument('[path...]', 'directories, existing or not (default: every mount that can hold data)')
    .option('--all', 'list pseudo file systems and single files too')
    .addHelpText(
      'after',
      `
Examples:
  wa-doctor mounts ./.wwebjs_auth
  wa-doctor mounts --mountinfo saved.txt /app/data --json
  wa-doctor mounts --pid 4711 /app`,
    )
    .action(async (paths: string[], flags) => {
      const { mounts } = await import('../mounts.ts');
      exit(await mounts(paths, flags, host));
    });
