import type { FoundCommand } from '../workflows/commands.ts';
import { readJustfile, readMakefile, readTaskfile, type TaskFile } from './taskfiles.ts';

type Tool = 'make' | 'just' | 'task';

const READ: Readonly<Record<Tool, (text: string) => TaskFile>> = {
  make: readMakefile,
  just: readJustfile,
  task: readTaskfile,
};
/** The names under which the tools find their file by themselves. */
const USUAL = /^(?:GNUmakefile|makefile|Makefile|\.?[Jj]ustfile|[Tt]askfile\.ya?ml)$/;
/** Targets of one file that are listed. */
const TASK_LIMIT = 200;

/** What a person may run of a Makefile, justfile or Taskfile: one command for each of its tasks. */
export function taskCommands(tool: Tool, file: string, text: string): FoundCommand[] {
  const slash = file.lastIndexOf('/');
  const name = file.slice(slash + 1);
  const from = USUAL.test(name) ? '' : `-f ${name} `;
  const found: FoundCommand[] = [];
  for (const task of READ[tool](text).tasks.values()) {
    // Pattern rules and names that are variables stand for files.
    if (found.length >= TASK_LIMIT || !/^[\w./:-]+$/.test(task.name) || task.name.startsWith('-')) continue;
    if (task.commands.length === 0 && task.needs.length === 0) continue;
    found.push({
      file,
      line: task.line,
      name: task.name,
      command: `${tool} ${from}${task.name}`,
      automatic: 'manual',
      language: 'shell',
      directory: slash < 0 ? '' : file.slice(0, slash),
      machine: 'lasting',
    });
  }
  return found;
}
