// Runs commands for real, one after the other, each in a fresh copy of a template tree, and says which files are left.
// Started by judge.ts inside private mount, pid and network name spaces; everything but the sandbox is read-only.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';

const [sandbox, template, input] = process.argv.slice(2);
const { commands, watched, path, timeout, tools } = JSON.parse(readFileSync(input, 'utf8'));

const mount = (...args) => execFileSync('mount', args, { stdio: ['ignore', 'ignore', 'pipe'] });
mount('--make-rprivate', '/');
mkdirSync(sandbox, { recursive: true });
// Its top may be written, as a home directory may: the project itself can go.
mount('-t', 'tmpfs', '-o', 'size=512m,mode=0777', 'tmpfs', sandbox);
cpSync(template, `${sandbox}/template`, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
// Places where anyone may write, and with them what this machine keeps there, are covered; all the rest becomes read-only.
const covered = /^\/(?:tmp|var\/tmp|dev\/shm|run|proc)(?:\/|$)/;
// A checkout below /tmp keeps its programs: they are set aside before the cover and put back, read-only, at the same path.
const aside = `${sandbox}/tools`;
if (covered.test(tools)) {
  mkdirSync(aside);
  mount('--bind', tools, aside);
}
for (const place of ['/tmp', '/var/tmp', '/dev/shm', '/run']) {
  mount('-t', 'tmpfs', '-o', 'size=16m,mode=0755', 'tmpfs', place);
}
if (covered.test(tools)) {
  mkdirSync(tools, { recursive: true });
  mount('--bind', aside, tools);
  mount('-o', 'remount,bind,ro', tools);
  execFileSync('umount', ['-l', aside]);
}
for (const place of ['/tmp', '/var/tmp', '/dev/shm', '/run']) mount('-o', 'remount,ro', place);
const places = readFileSync('/proc/self/mountinfo', 'utf8')
  .split('\n')
  .flatMap((line) => line.split(' ')[4] ?? []);
for (const place of new Set(places)) {
  if (place === sandbox || covered.test(place)) continue;
  try {
    mount('-o', 'remount,bind,ro', place);
  } catch (error) {
    // The root must not stay writable; a special file system that refuses is not writable for nobody anyway.
    if (place === '/') throw error;
  }
}

const results = [];
const project = `${sandbox}/project`;

function files(directory, prefix, found) {
  let names;
  try {
    names = readdirSync(directory);
  } catch {
    return;
  }
  for (const name of names) {
    const full = `${directory}/${name}`;
    const status = lstatSync(full);
    if (status.isDirectory()) files(full, `${prefix}${name}/`, found);
    else if (status.isSymbolicLink()) found[prefix + name] = `link ${readlinkSync(full)}`;
    else found[prefix + name] = createHash('sha1').update(readFileSync(full)).digest('hex');
  }
}

const OWNER = 65534;

/** A fresh copy, made in this process: starting cp and chown for each command costs more than the command. */
function restore(from, to) {
  mkdirSync(to);
  lchownSync(to, OWNER, OWNER);
  for (const name of readdirSync(from)) {
    const source = `${from}/${name}`;
    const target = `${to}/${name}`;
    const status = lstatSync(source);
    if (status.isDirectory()) {
      restore(source, target);
      continue;
    }
    if (status.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else {
      copyFileSync(source, target);
      utimesSync(target, status.atime, status.mtime);
    }
    lchownSync(target, OWNER, OWNER);
  }
}

for (const { command, shell, cwd } of commands) {
  rmSync(project, { recursive: true, force: true });
  restore(`${sandbox}/template`, project);
  for (const name of ['tmp', 'home']) {
    rmSync(`${sandbox}/${name}`, { recursive: true, force: true });
    mkdirSync(`${sandbox}/${name}`);
    lchownSync(`${sandbox}/${name}`, OWNER, OWNER);
  }
  const args = ['--reuid=65534', '--regid=65534', '--clear-groups', '--no-new-privs', shell ?? 'sh', '-c', command];
  const ran = spawnSync('setpriv', args, {
    cwd: `${project}${cwd ?? ''}`,
    env: {
      PATH: path,
      HOME: `${sandbox}/home`,
      TMPDIR: `${sandbox}/tmp`,
      npm_config_cache: `${sandbox}/home/.npm`,
      npm_config_update_notifier: 'false',
      LC_ALL: 'C',
    },
    input: 'y\n'.repeat(50),
    timeout,
    killSignal: 'SIGKILL',
    maxBuffer: 10_000_000,
  });
  // What a command that ran out of time has started must not reach the next one; this is a pid name space of its own.
  if (ran.error !== undefined)
    spawnSync('setpriv', [...args.slice(0, 4), 'kill', '-9', '--', '-1'], { stdio: 'ignore' });
  const left = {};
  for (const directory of watched) files(`${project}/${directory}`, `${directory}/`, left);
  results.push({
    left,
    status: ran.status,
    timedOut: ran.error?.code === 'ETIMEDOUT',
    stderr: String(ran.stderr ?? '').slice(0, 400),
  });
}
writeFileSync(1, JSON.stringify(results));
