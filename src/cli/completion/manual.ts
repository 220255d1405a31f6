import type { CommandDescription } from './describe.ts';

/** Text for roff: backslashes, dashes and what a line may not begin with (man(7)). */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}

function section(command: CommandDescription, parents: readonly string[]): string[] {
  const name = [...parents, command.name].join(' ');
  const lines = [`.SS "wa\\-doctor ${roff(name)} ${roff(command.usage)}"`, roff(`${command.description}.`)];
  for (const argument of command.arguments) {
    lines.push('.TP', `\\fI${roff(argument.name)}\\fR`, roff(argument.description));
  }
  for (const option of command.options) {
    const choices = option.choices.length === 0 ? '' : ` (${option.choices.join(', ')})`;
    lines.push('.TP', `\\fB${roff(option.flags)}\\fR`, roff(`${option.description}${choices}`));
  }
  return [...lines, ...command.commands.flatMap((inner) => section(inner, [...parents, command.name]))];
}

/** The man page wa-doctor(1), from the same metadata as the help. */
export function manualPage(commands: readonly CommandDescription[], version: string): string {
  return `${[
    `.TH WA\\-DOCTOR 1 "" "wa\\-doctor ${roff(version)}" "User Commands"`,
    '.SH NAME',
    'wa\\-doctor \\- says whether the WhatsApp login of a whatsapp\\-web.js bot survives the next restart',
    '.SH SYNOPSIS',
    '.B wa\\-doctor',
    '.I command',
    '[\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    roff(
      'A bot built on whatsapp-web.js keeps its login in a Chromium profile on disk. wa-doctor says beforehand whether that session will survive, and afterwards why it did not. Reading commands write nothing and execute nothing of the project.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap((command) => section(command, [])),
    '.SH EXIT STATUS',
    '.TP\n0\nnothing to report, and every check that decides could look',
    '.TP\n1\nfindings; verify: lost or not linked',
    '.TP\n2\nwrong use',
    '.TP\n3\ncould not tell, or no bot here',
    '.TP\n70\nthe doctor itself crashed',
    '.TP\n130\ninterrupted',
    '.SH ENVIRONMENT',
    roff('NO_COLOR, FORCE_COLOR, COLUMNS and CI are honoured.'),
  ].join('\n')}\n`;
}

/** The options of one command as a table in Markdown. */
export function optionTable(command: CommandDescription): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
  const rows = command.options.map(({ flags, description, choices }) => {
    const values = choices.length === 0 ? '' : ` (${choices.join(', ')})`;
    return `| \`${flags.replaceAll('|', '\\|')}\` | ${cell(description)}${cell(values)} |`;
  });
  return `| option | what it does |\n|---|---|\n${rows.join('\n')}\n`;
}
