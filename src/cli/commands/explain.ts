import { Command } from 'commander';
import { withOutputFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';

export const explainCommand: DefineCommand = (host, exit) =>
  withOutputFlags(new Command('explain'))
    .description('explain a check: what it finds, why it matters, how to fix it')
    .argument('[code]', 'a code such as WA101, or a name such as ephemeral-storage (default: list them)')
    .addHelpText(
      'after',
      `
Examples:
  wa-doctor explain WA101
  wa-doctor explain ephemeral-storage --json`,
    )
    .action(async (code: string | undefined, flags) => {
      const { explain } = await import('../explain.ts');
      exit(await explain(code ?? null, flags, host));
    });
