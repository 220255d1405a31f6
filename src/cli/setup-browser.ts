import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { EXIT } from '../core/exit-code.ts';
import { commandLine, installWay, thisSystem } from '../verify/install-browser.ts';
import { SYSTEM_BROWSERS } from '../verify/run/packages.ts';
import type { Host } from './host.ts';

/** `wa-doctor setup-browser`: run the one command that installs a browser here. Without the rights for it, say it. */
export async function setupBrowser({ print }: { readonly print?: boolean }, host: Host): Promise<number> {
  const system = thisSystem();
  const way = installWay(system);
  const line = commandLine(way, system.root);
  if (print === true) {
    host.out(`${line}\n`);
    return EXIT.ok;
  }
  const found = SYSTEM_BROWSERS.find((path) => existsSync(path));
  if (found !== undefined) {
    host.out(`There is a browser already: ${found}\n`);
    return EXIT.ok;
  }
  if (way.root && !system.root) {
    host.err(`wa-doctor: installing ${way.name} needs root here. Run this:\n\n  ${line}\n`);
    return EXIT.unknown;
  }
  for (const [program = '', ...args] of way.commands) {
    host.err(`$ ${[program, ...args].join(' ')}\n`);
    // The output of the package manager belongs to the log, standard output to the result.
    const { status, error } = spawnSync(program, args, {
      stdio: ['ignore', 2, 2],
      cwd: host.cwd,
      env: { ...host.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    if (status !== 0) {
      host.err(
        `wa-doctor: ${program} ${error === undefined ? `ended with ${status ?? 'a signal'}` : `cannot be run (${error.message})`}. Try by hand:\n\n  ${line}\n`,
      );
      return EXIT.unknown;
    }
  }
  host.out(`${way.name} is installed.\n`);
  return EXIT.ok;
}
