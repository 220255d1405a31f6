import { Command, Option } from 'commander';
import { positiveInteger, withOutputFlags } from '../options.ts';
import type { DefineCommand } from './index.ts';

function several(value: string, previous: readonly string[] = []): string[] {
  return [...previous, value];
}

/** Which session and which browser: shared by verify and canary. */
export function withBrowserFlags(command: Command): Command {
  return command
    .option('--session <dir>', 'the session directory itself, or the data path that holds it')
    .option('--client-id <id>', 'the session of this client id')
    .option('--browser <path>', 'the browser that the bot uses (default: what its puppeteer would use)')
    .option('--browser-arg <arg>', 'one more argument for the browser (repeatable)', several);
}

export const verifyCommand: DefineCommand = (host, exit) =>
  withOutputFlags(withBrowserFlags(new Command('verify')))
    .description(
      'prove that the session survives a restart: start the bot’s own library and browser on it, stop, start again',
    )
    .argument('[project]', 'directory of the bot (default: the working directory)')
    .addOption(new Option('--cycles <n>', 'restarts to make').argParser(positiveInteger).default(1))
    .addOption(
      new Option('--stop <how>', 'how your platform stops the bot')
        .choices(['destroy', 'sigterm', 'sigint', 'sigkill'])
        .default('destroy'),
    )
    .option('--i-know', 'allow --stop sigkill, which can damage a profile')
    .addOption(
      new Option('--timeout <seconds>', 'longest wait for ready, per run (default: 120, with --pair 300)').argParser(
        positiveInteger,
      ),
    )
    .addOption(
      new Option('--settle <seconds>', 'time between ready and the stop; before a hard stop at least 6')
        .argParser(Number)
        .default(0),
    )
    .option('--pair', 'link a phone first: show the QR code here')
    .option('--no-backup', 'make no copy of the profile before opening it')
    .option('--owner-gone <host>', 'the host that locked the profile is gone for good')
    .option('--canary', 'use a canary beside the session instead of the session: no phone, no network')
    .option('-y, --yes', 'do not ask')
    .addHelpText(
      'after',
      `
Stop the bot first: one session can be open once. While it is tested, messages that arrive may not reach the bot.

Exit codes: 0 survived, 1 lost or not linked, 2 wrong use, 3 refused or inconclusive, 70 the doctor crashed, 130 interrupted

Examples:
  wa-doctor verify                         the session of the bot in this directory
  wa-doctor verify --pair                  link a phone, then prove that the link survives
  wa-doctor verify --session /data/.wwebjs_auth/session --yes --json
  wa-doctor verify --stop sigterm --cycles 3
  wa-doctor verify --canary                the same storage and browser, without a phone`,
    )
    .action(async (project: string | undefined, flags) => {
      const { verify } = await import('../verify.ts');
      exit(await verify(project ?? null, flags, host));
    });
