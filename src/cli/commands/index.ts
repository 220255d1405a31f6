import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { auditCommand } from './audit.ts';
import { canaryCommand } from './canary.ts';
import { checksCommand } from './checks.ts';
import { completionCommand } from './completion.ts';
import { configCommand } from './config.ts';
import { explainCommand } from './explain.ts';
import { inspectCommand } from './inspect.ts';
import { mountsCommand } from './mounts.ts';
import { pathCommand } from './path.ts';
import { repairCommand } from './repair.ts';
import { scriptsCommand } from './scripts.ts';
import { setupBrowserCommand } from './setup-browser.ts';
import { verifyCommand } from './verify.ts';

/** Tells the program with which code to exit. */
export type Exit = (code: number) => void;

/** Builds one command: its flags and help. What it does is imported when it runs. */
export type DefineCommand = (host: Host, exit: Exit) => Command;

/** By name, in the order of the help: only the command that was asked for is built. */
export const COMMANDS: Readonly<Record<string, DefineCommand>> = {
  audit: auditCommand,
  mounts: mountsCommand,
  path: pathCommand,
  scripts: scriptsCommand,
  inspect: inspectCommand,
  repair: repairCommand,
  verify: verifyCommand,
  canary: canaryCommand,
  'setup-browser': setupBrowserCommand,
  config: configCommand,
  explain: explainCommand,
  checks: checksCommand,
  completion: completionCommand,
};
