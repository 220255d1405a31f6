import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A Docker engine of one's own (no registry, no network), with the host's system bound into its image. */
export interface OwnEngine {
  readonly base: string;
  readonly socket: string;
  docker(...args: string[]): string;
  stop(): void;
}

/** Start it, by hand, and import an empty image `base:latest`. Throws when it does not answer within a minute. */
export async function startEngine(): Promise<OwnEngine> {
  const base = mkdtempSync(join(tmpdir(), 'wa-engine-'));
  const socket = `unix://${base}/d.sock`;
  const daemon = spawn(
    'dockerd',
    [
      ...['--data-root', `${base}/data`, '--exec-root', `${base}/exec`, '-H', socket, '-p', `${base}/pid`],
      ...['--iptables=false', '--bridge=none'],
    ],
    { stdio: 'ignore' },
  );
  const docker = (...args: string[]): string =>
    execFileSync('docker', args, {
      env: { ...process.env, DOCKER_HOST: socket },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  const answers = (): boolean => {
    try {
      docker('info');
      return true;
    } catch {
      return false;
    }
  };
  for (let tries = 0; tries < 120 && !answers(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 500));
  const root = join(base, 'image');
  for (const name of ['proc', 'sys', 'dev', 'tmp', 'usr', 'etc', 'run', 'root', 'app', 'opt'])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64'])
    if (existsSync(`/${name}`)) symlinkSync(`usr/${name}`, join(root, name));
  execFileSync('tar', ['-C', root, '-cf', join(base, 'image.tar'), '.']);
  docker('import', join(base, 'image.tar'), 'base:latest');
  return {
    base,
    socket,
    docker,
    stop() {
      try {
        const running = docker('ps', '-aq')
          .split('\n')
          .filter((id) => id !== '');
        if (running.length > 0) docker('rm', '-f', ...running);
      } catch {
        // The engine may be gone already.
      }
      daemon.kill('SIGTERM');
      execFileSync('sleep', ['2']);
      try {
        rmSync(base, { recursive: true, force: true });
      } catch {
        // A mount that is still busy is left to the system's cleaner.
      }
    },
  };
}
