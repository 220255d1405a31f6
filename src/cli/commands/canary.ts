import { Command, Option } from 'commander';
import { positiveInteger, withOutputFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';
import { withBrowserFlags } from './verify.ts';

function withCanaryFlags(command: Command): Command {
  return withOutputFlags(withBrowserFlags(command))
    .argument(
      '[path]',
      'directory of the bot, or the data path that holds its sessions (default: the working directory)',
    )
    .option('--no-browser', 'plant and read a file only: milliseconds, for init containers')
    .addOption(
      new Option('--timeout <seconds>', 'longest wait for the browser').argParser(positiveInteger).default(60),
    );
}

export const canaryCommand: DefineCommand = (host, exit) => {
  const action =
    (step: 'cycle' | 'plant' | 'check') => async (path: string | undefined, _own: unknown, command: Command) => {
      const { canary } = await import('../canary.ts');
      exit(await canary(step, path ?? null, command.optsWithGlobals(), host));
    };
  return withCanaryFlags(new Command('canary'))
    .description('prove without a phone that what is stored beside the session survives')
    .addCommand(
      withCanaryFlags(new Command('plant')).description('plant a canary and leave it there').action(action('plant')),
    )
    .addCommand(
      withCanaryFlags(new Command('check'))
        .description('look whether the planted canary is still there, and remove it')
        .action(action('check')),
    )
    .addHelpText(
      'after',
      `
Exit codes: 0 survived (or planted), 1 lost, 2 wrong use, 3 could not tell, 70 the doctor crashed

Examples:
  wa-doctor canary                         close and start the browser once
  wa-doctor canary plant                   then restart, redeploy or re-create the container, then:
  wa-doctor canary check
  wa-doctor canary check --no-browser /data/.wwebjs_auth`,
    )
    .action(action('cycle'));
};
