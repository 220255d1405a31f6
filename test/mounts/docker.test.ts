import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Answer } from '../../src/model/answer.ts';
import { contextOf } from '../../src/mounts/context.ts';
import { mountIndex } from '../../src/mounts/covering.ts';
import { durabilityOf } from '../../src/mounts/durability.ts';
import { NO_EVIDENCE } from '../../src/mounts/evidence.ts';
import { parseMountinfo } from '../../src/mounts/mountinfo.ts';
import { doctorJson } from '../support/doctor.ts';
import { lacks } from '../support/needs.ts';

/** One place of each kind of storage in the container. */
const PLACES = { layer: '/app', named: '/named', anonymous: '/anonymous', bind: '/bind', memory: '/memory' } as const;
type Place = keyof typeof PLACES;
const NAMES = Object.keys(PLACES) as Place[];

const base = mkdtempSync(join(tmpdir(), 'wa-docker-'));
const socket = `unix://${base}/d.sock`;
let daemon: ReturnType<typeof spawn> | null = null;

const docker = (...args: string[]): string =>
  execFileSync('docker', args, {
    env: { ...process.env, DOCKER_HOST: socket },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });

function dockerOrNull(...args: string[]): string | null {
  try {
    return docker(...args);
  } catch {
    return null;
  }
}

/** An image without a registry: empty directories and links, filled by read-only binds of the host's system. */
function importImage(): void {
  const root = join(base, 'image');
  for (const name of ['proc', 'sys', 'dev', 'tmp', 'usr', 'etc', 'run', 'root', 'app'])
    mkdirSync(join(root, name), { recursive: true });
  for (const name of ['bin', 'sbin', 'lib', 'lib64'])
    if (existsSync(`/${name}`)) symlinkSync(`usr/${name}`, join(root, name));
  execFileSync('tar', ['-C', root, '-cf', join(base, 'image.tar'), '.']);
  docker('import', join(base, 'image.tar'), 'base:latest');
}

const RUN = [
  '--network=none',
  '-v',
  '/usr:/usr:ro',
  '-v',
  'wa-named:/named',
  '-v',
  '/anonymous',
  '-v',
  `${base}/bind:/bind`,
  '--tmpfs',
  '/memory',
];
const start = (...more: string[]): void =>
  void docker('run', '-d', '--name', 'bot', ...RUN, ...more, 'base:latest', '/bin/sleep', '3600');
const sh = (command: string): string => docker('exec', 'bot', '/bin/sh', '-c', command);
const mark = (): void =>
  void sh(
    Object.values(PLACES)
      .map((path) => `echo here > ${path}/marker`)
      .join('; '),
  );
/** Which markers are still there? */
const kept = (): Record<Place, boolean> => {
  const found = sh(
    Object.values(PLACES)
      .map((path) => `test -e ${path}/marker && echo ${path}`)
      .join('; ')
      .concat('; true'),
  ).split('\n');
  return Object.fromEntries(NAMES.map((name) => [name, found.includes(PLACES[name])])) as Record<Place, boolean>;
};

/** What the doctor sees from inside: the mount table alone. */
function predictInside(level: 'containerRestart' | 'recreate'): Record<Place, Answer> {
  const table = parseMountinfo(Buffer.from(sh('cat /proc/self/mountinfo')), 'container', 'live');
  const files = sh('test -e /.dockerenv && echo yes; true').includes('yes') ? ['/.dockerenv'] : [];
  const context = contextOf(mountIndex(table), { ...NO_EVIDENCE, files });
  return Object.fromEntries(
    NAMES.map((name) => [name, durabilityOf(context, `${PLACES[name]}/marker`).survives[level]]),
  ) as Record<Place, Answer>;
}

interface Judged {
  readonly paths: readonly { readonly survives: Record<'containerRestart' | 'recreate', Answer> }[];
}

/** What the real program says from the host, where the engine tells how the container was made. */
function predict(level: 'containerRestart' | 'recreate'): Record<Place, Answer> {
  const paths = NAMES.map((name) => `${PLACES[name]}/marker`);
  const { json } = doctorJson<Judged>(['mounts', '--container', 'bot', ...paths], { env: { DOCKER_HOST: socket } });
  return Object.fromEntries(NAMES.map((name, at) => [name, json.paths[at]?.survives[level]])) as Record<Place, Answer>;
}

describe.skipIf(lacks('linux', 'root', 'dockerd'))('a real Docker engine does what is predicted', () => {
  beforeAll(async () => {
    mkdirSync(join(base, 'bind'));
    daemon = spawn(
      'dockerd',
      [
        '--data-root',
        `${base}/data`,
        '--exec-root',
        `${base}/exec`,
        '-H',
        socket,
        '-p',
        `${base}/pid`,
        '--iptables=false',
        '--bridge=none',
      ],
      { stdio: 'ignore' },
    );
    for (let tries = 0; tries < 120 && dockerOrNull('info') === null; tries += 1)
      await new Promise((done) => setTimeout(done, 500));
    importImage();
  }, 120_000);

  afterAll(async () => {
    dockerOrNull('rm', '-f', '-v', 'bot');
    const ended = new Promise((done) => daemon?.once('exit', done));
    daemon?.kill('SIGTERM');
    if (daemon) await ended;
    rmSync(base, { recursive: true, force: true });
  }, 60_000);

  test('five restarts and five re-creations', () => {
    start();
    mark();
    expect(predict('containerRestart')).toEqual({
      layer: true,
      named: true,
      anonymous: true,
      bind: true,
      memory: false,
    });
    docker('restart', '-t', '0', 'bot');
    expect(kept()).toEqual(predict('containerRestart'));

    mark();
    const predicted = predict('recreate');
    docker('rm', '-f', 'bot');
    start();
    expect(kept()).toEqual(predicted);
    // From inside nobody can know who makes the next container: `docker run` loses an anonymous volume, `docker compose up` keeps it.
    expect(predictInside('recreate')).toEqual({ ...predicted, anonymous: 'unknown' });
  }, 120_000);

  test('the other way: a container that takes the volumes over keeps the anonymous one', () => {
    dockerOrNull('rm', '-f', '-v', 'bot');
    start();
    mark();
    docker('stop', '-t', '0', 'bot');
    // `docker compose up` makes the new container with the volumes of the old one, as --volumes-from does.
    docker('rename', 'bot', 'old');
    docker(
      'run',
      '-d',
      '--name',
      'bot',
      '--network=none',
      '--volumes-from',
      'old',
      'base:latest',
      '/bin/sleep',
      '3600',
    );
    docker('rm', '-f', 'old');
    expect(kept().anonymous).toBe(true);
  }, 120_000);
});
