import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';

const folder = process.env['WA_CORPUS'] ?? resolve(import.meta.dirname, '../../../shared/corpus');

/** Absolute path of a part of the labelled corpus; may not exist. */
export function corpus(part: string): string {
  return resolve(folder, part);
}

function runs(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 10_000 });
    return true;
  } catch {
    return false;
  }
}

/** What a test may need of the machine, and how to tell whether it is there. */
const CONDITIONS = {
  linux: () => process.platform === 'linux',
  root: () => process.getuid?.() === 0,
  /** Private mount namespaces. */
  unshare: () => process.getuid?.() === 0 && runs('unshare', '-m', 'true'),
  chromium: () => ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].some(existsSync),
  dockerd: () => process.getuid?.() === 0 && runs('dockerd', '--version'),
  strace: () => runs('strace', '-V'),
  /** A FUSE file system whose daemon can be stopped, so that every access hangs. */
  bindfs: () => process.getuid?.() === 0 && existsSync('/dev/fuse') && runs('bindfs', '--version'),
  /** Of libxml2-utils. */
  xmllint: () => runs('xmllint', '--version'),
  promtool: () => runs('promtool', '--version'),
  bash: () => runs('bash', '--version'),
  zsh: () => runs('zsh', '--version'),
  fish: () => runs('fish', '--version'),
  shellcheck: () => runs('shellcheck', '--version'),
  mandoc: () => existsSync('/usr/bin/mandoc'),
  git: () => runs('git', '--version'),
  rsync: () => runs('rsync', '--version'),
  'corpus/mounts': () => existsSync(corpus('mounts')),
  'corpus/mounts-real': () => existsSync(corpus('mounts-real')),
  'corpus/bots': () => existsSync(corpus('bots')),
  /** Folder with the fetched repositories of bots.json, one directory `owner+name` each. */
  'corpus/checkouts': () => existsSync(process.env['WA_BOTS'] ?? '/nonexistent'),
} as const;

const known = new Map<string, boolean>();

/**
 * For `describe.skipIf(lacks('root', 'dockerd'))`: true when a condition is not met. Prints the reason once, so that no test is
 * skipped silently; the reporter prints the count.
 */
export function lacks(...conditions: (keyof typeof CONDITIONS)[]): boolean {
  const missing = conditions.filter((condition) => {
    const answer = known.get(condition) ?? CONDITIONS[condition]();
    known.set(condition, answer);
    return !answer;
  });
  if (missing.length > 0) console.log(`skipped here: needs ${missing.join(', ')}`);
  return missing.length > 0;
}
