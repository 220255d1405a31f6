import type { Command } from 'commander';
import type { Host } from '../host.ts';
import { auditCommand } from './audit.ts';
import { canaryCommand } from './canary.ts';
import { checksCommand } from './checks.ts';
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

export const COMMANDS: readonly DefineCommand[] = [
  auditCommand,
  mountsCommand,
  pathCommand,
  scriptsCommand,
  inspectCommand,
  repairCommand,
  verifyCommand,
  canaryCommand,
  setupBrowserCommand,
  explainCommand,
  checksCommand,
];
