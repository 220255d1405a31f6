/** What `npm run generate` makes from the command line's own metadata. Not part of the published API. */
import { COMMANDS } from './commands/index.ts';
import { describe } from './completion/describe.ts';
import { manualPage, optionTable } from './completion/manual.ts';
import { thisHost } from './host.ts';
import { VERSION } from './version.ts';

const host = thisHost(new AbortController().signal);
const commands = Object.values(COMMANDS).map((define) => describe(define(host, () => {})));

export const manual: string = manualPage(commands, VERSION);

/** The options of a command as a Markdown table; `null`: there is no such command. */
export function optionsOf(name: string): string | null {
  const command = commands.find((one) => one.name === name);
  return command === undefined ? null : optionTable(command);
}
