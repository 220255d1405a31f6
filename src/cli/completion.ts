import type { Command } from 'commander';
import { EXIT } from '../core/exit-code.ts';
import { describe } from './completion/describe.ts';
import { completionScript, type ShellName } from './completion/shells.ts';
import type { Host } from './host.ts';

/** `wa-doctor completion SHELL`: the script that the shell reads. */
export function completion(shell: ShellName, program: Command | null, host: Host): number {
  host.out(completionScript(shell, (program?.commands ?? []).map(describe)));
  return EXIT.ok;
}
