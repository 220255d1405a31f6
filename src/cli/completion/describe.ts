import type { Command } from 'commander';

export interface OptionDescription {
  /** As in the help: `--format <format[=file]>`. */
  readonly flags: string;
  readonly long: string | null;
  readonly short: string | null;
  readonly description: string;
  readonly choices: readonly string[];
  readonly takesValue: boolean;
}

export interface CommandDescription {
  readonly name: string;
  readonly description: string;
  readonly usage: string;
  readonly arguments: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly OptionDescription[];
  readonly commands: readonly CommandDescription[];
}

/** One command as its help has it: what completions, the man page and the tables of the README are made from. */
export function describe(command: Command): CommandDescription {
  return {
    name: command.name(),
    description: command.description(),
    usage: command.usage(),
    arguments: command.registeredArguments.map((argument) => ({
      name: argument.variadic ? `${argument.name()}...` : argument.name(),
      description: argument.description,
    })),
    options: command.options
      .filter(({ hidden }) => !hidden)
      .map(({ flags, long, short, description, argChoices, required, optional }) => ({
        flags,
        long: long ?? null,
        short: short ?? null,
        description,
        choices: argChoices ?? [],
        takesValue: required || optional,
      })),
    commands: command.commands.map(describe),
  };
}
