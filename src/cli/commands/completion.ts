import { Argument, Command } from 'commander';
import type { DefineCommand } from './index.ts';

export const completionCommand: DefineCommand = (host, exit) =>
  new Command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>', 'the shell that reads it').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
Examples:
  source <(wa-doctor completion bash)
  wa-doctor completion zsh > "\${fpath[1]}/_wa-doctor"
  wa-doctor completion fish | source`,
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish', _flags, command: Command) => {
      const { completion } = await import('../completion.ts');
      exit(completion(shell, command.parent, host));
    });
