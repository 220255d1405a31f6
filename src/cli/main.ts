import { Command, CommanderError } from 'commander';
import { EXIT } from '../core/exit-code.ts';
import { UsageError } from '../model/errors.ts';
import { visible } from '../report/text.ts';
import { COMMANDS } from './commands/index.ts';
import type { Host } from './host.ts';
import { VERSION } from './version.ts';

const EXAMPLES = `
Examples:
  wa-doctor audit                        is the session of the bot in this directory safe?
  wa-doctor audit --target repo          the same for wherever this repository will be deployed
  wa-doctor mounts /app/data             which restart does this directory survive?
  wa-doctor explain WA101                what a finding means and how to fix it`;

/** What goes wrong names paths and settings: they may hold what a report would not show either. */
async function redacted(text: string, host: Host): Promise<string> {
  const { createRedactor } = await import('../core/redact.ts');
  const redactor = createRedactor();
  for (const [name, value] of Object.entries(host.env)) if (value !== undefined) redactor.learn(name, value);
  return redactor.text(text);
}

/**
 * Run one command line.
 * @returns the exit code. Wrong use is one line on standard error and 2; every other error is the caller's (70).
 */
export async function run(args: readonly string[], host: Host): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = new Command('wa-doctor')
    .description(
      'Says whether the WhatsApp login of a whatsapp-web.js bot survives the next restart, and why the last one did not.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', EXAMPLES)
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.out(text),
      writeErr: () => {},
      outputError: () => {},
    });
  const [first = ''] = args;
  const asked = Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  // Building all of them costs more than most commands take to start; completion tells of all.
  for (const define of asked === undefined || first === 'completion' ? Object.values(COMMANDS) : [asked]) {
    const command = define(host, (code) => {
      exitCode = code;
    });
    program.addCommand(command.copyInheritedSettings(program));
  }
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.ok;
      const bare = error.code === 'commander.help';
      const message = bare ? 'no command was given; try: wa-doctor audit' : error.message.replace(/^error: /, '');
      host.err(`wa-doctor: ${visible(await redacted(message.replace(/\n+/g, ' '), host))} (see wa-doctor --help)\n`);
      return EXIT.usage;
    }
    if (error instanceof UsageError) {
      host.err(`wa-doctor: ${visible(await redacted(error.message, host))}\n`);
      return EXIT.usage;
    }
    throw error;
  }
}
