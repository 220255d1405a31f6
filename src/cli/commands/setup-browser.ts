import { Command } from 'commander';
import type { DefineCommand } from './index.ts';

export const setupBrowserCommand: DefineCommand = (host, exit) =>
  new Command('setup-browser')
    .description('install a browser for the bot, the way this system does it')
    .option('--print', 'print the command instead of running it')
    .addHelpText(
      'after',
      `
Examples:
  wa-doctor setup-browser
  wa-doctor setup-browser --print`,
    )
    .action(async (flags) => {
      const { setupBrowser } = await import('../setup-browser.ts');
      exit(await setupBrowser(flags, host));
    });
