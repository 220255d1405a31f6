import { execFileSync } from 'node:child_process';

/** Node has no mkfifo. */
export function mkfifoSync(path: string): void {
  execFileSync('mkfifo', [path]);
}
