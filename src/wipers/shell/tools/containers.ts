import { absolutePath } from '../../../model/path.ts';
import { record } from '../record.ts';
import type { Call, Ok, Tool } from '../shell.ts';
import { readOptions } from './options.ts';

/** Options of `docker run` and `exec` that take a value. */
const RUN_VALUES: ReadonlySet<string> = new Set([
  'a',
  'c',
  'e',
  'h',
  'l',
  'm',
  'p',
  'u',
  'v',
  'w',
  'add-host',
  'attach',
  'cap-add',
  'cap-drop',
  'cgroupns',
  'cpus',
  'cpuset-cpus',
  'device',
  'dns',
  'entrypoint',
  'env',
  'env-file',
  'expose',
  'gpus',
  'hostname',
  'ip',
  'label',
  'link',
  'log-driver',
  'log-opt',
  'memory',
  'mount',
  'name',
  'net',
  'network',
  'pid',
  'platform',
  'publish',
  'pull',
  'restart',
  'security-opt',
  'shm-size',
  'stop-signal',
  'stop-timeout',
  'sysctl',
  'tmpfs',
  'ulimit',
  'user',
  'userns',
  'volume',
  'volumes-from',
  'workdir',
  'index',
  'detach-keys',
]);
const GLOBAL_VALUES: ReadonlySet<string> = new Set([
  'f',
  'file',
  'p',
  'project-name',
  'H',
  'host',
  'c',
  'context',
  'profile',
  'env-file',
  'project-directory',
  'ansi',
  'progress',
  'log-level',
  'l',
  'config',
]);

/** Marks a named volume where a container path leads into one. */
export const VOLUME_ROOT = '/\u{E0FD}volume';

function volumes(call: Call, tool: string, what: string): Ok {
  call.shell.run.volumes = true;
  record(call.shell, { kind: 'volumes', tool, patterns: [what] });
  return 'assumed';
}

function compose(call: Call, name: string): Ok {
  const { operands } = readOptions(call, GLOBAL_VALUES, true);
  const [verb] = operands;
  const args = operands.slice(1).map(({ text }) => text);
  const has = (short: string, long: string): boolean =>
    args.some((arg) => arg === long || arg === `${long}=true` || new RegExp(`^-[a-zA-Z]*${short}[a-zA-Z]*$`).test(arg));
  switch (verb?.text) {
    case 'down':
      return has('v', '--volumes')
        ? volumes(call, `${name} down -v`, 'the named volumes of the compose file')
        : 'assumed';
    case 'rm':
      return has('v', '--volumes') ? volumes(call, `${name} rm -v`, 'anonymous volumes of the services') : 'assumed';
    case 'up':
      return has('V', '--renew-anon-volumes')
        ? volumes(call, `${name} up -V`, 'anonymous volumes of the services')
        : 'assumed';
    case 'exec':
    case 'run':
      return inContainer(call, operands.slice(1), name);
    default:
      return 'assumed';
  }
}

/** The command of `docker run IMAGE command…`: what it deletes on bind mounts goes from the host. */
function inContainer(call: Call, words: readonly { text: string; raw: string }[], name: string): Ok {
  const { shell } = call;
  const args = words.map(({ text }) => text);
  const mounts: { at: string; host: string | null }[] = [];
  let workdir = '/';
  let entrypoint: string | null = null;
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (!arg.startsWith('-')) break;
    const equals = arg.indexOf('=');
    const long = arg.startsWith('--');
    const option = long ? arg.slice(2, equals < 0 ? undefined : equals) : arg.charAt(arg.length - 1);
    let value = long && equals >= 0 ? arg.slice(equals + 1) : '';
    if (!long && arg.length > 2 && 'vewup'.includes(arg.charAt(1))) value = arg.slice(2);
    else if ((!long || equals < 0) && RUN_VALUES.has(option)) {
      at += 1;
      value = args[at] ?? '';
    }
    if (option === 'v' || option === 'volume' || (!long && arg.startsWith('-v'))) {
      const [host = '', inside] = value.split(':');
      if (inside !== undefined) mounts.push({ at: absolutePath(`/${inside}`), host: hostOf(call, host) });
    } else if (option === 'mount') {
      const part = (key: string): string | undefined => new RegExp(`(?:^|,)(?:${key})=([^,]*)`).exec(value)?.[1];
      const inside = part('target|destination|dst');
      const source = part('source|src');
      if (inside !== undefined && source !== undefined) {
        mounts.push({
          at: absolutePath(`/${inside}`),
          host: /type=volume/.test(value) ? `${VOLUME_ROOT}/${source}` : hostOf(call, source),
        });
      }
    } else if (option === 'w' || option === 'workdir') workdir = value;
    else if (option === 'entrypoint') entrypoint = value;
  }
  // After the options: the image or container, then the command.
  const command = words.slice(at + 1);
  const list = entrypoint === null ? command : [{ text: entrypoint, raw: entrypoint }, ...command];
  const [head, ...rest] = list;
  if (head === undefined) return 'assumed';
  const inner = shell.spawn('dash', [...shell.via, `${name} ${args[at] ?? ''}`.trim()]);
  inner.container = mounts;
  inner.cwd = absolutePath(`/${workdir}`);
  return shell.run.engine.execute({
    name: head.text,
    args: rest.map(({ text }) => text),
    raws: rest.map(({ raw }) => raw),
    shell: inner,
    io: call.io,
  });
}

function hostOf(call: Call, host: string): string {
  const bind = /^[./~]/.test(host) || host.includes('\u{E0FF}') || host.includes('/');
  return bind
    ? absolutePath(`/${call.shell.path(host.replace(/^~(?=\/|$)/, call.shell.get('HOME') ?? '/\u{E0FF}'))}`)
    : `${VOLUME_ROOT}/${host}`;
}

const docker: Tool = (call) => {
  const { operands } = readOptions(call, GLOBAL_VALUES, true);
  const [group, verb] = operands.map(({ text }) => text);
  const args = operands.slice(2).map(({ text }) => text);
  const { name } = call;
  switch (group) {
    case 'compose':
    case 'stack':
      return compose(
        { ...call, args: operands.slice(1).map(({ text }) => text), raws: operands.slice(1).map(({ raw }) => raw) },
        `${name} ${group}`,
      );
    case 'volume':
      if (verb === 'rm' || verb === 'remove')
        return volumes(call, `${name} volume rm`, args.filter((arg) => !arg.startsWith('-')).join(' '));
      if (verb === 'prune') return volumes(call, `${name} volume prune`, 'volumes that no container uses');
      return 'assumed';
    case 'system':
      if (verb === 'prune' && args.some((arg) => arg.startsWith('--volumes'))) {
        return volumes(call, `${name} system prune --volumes`, 'volumes that no container uses');
      }
      if (verb === 'reset' && name === 'podman') return volumes(call, 'podman system reset', 'every volume');
      return 'assumed';
    case 'rm':
      return operands.slice(1).some(({ text }) => text === '--volumes' || /^-[a-z]*v/.test(text))
        ? volumes(call, `${name} rm -v`, 'anonymous volumes of the container')
        : 'assumed';
    case 'container':
      if (verb === 'rm')
        return args.some((arg) => arg === '--volumes' || /^-[a-z]*v/.test(arg))
          ? volumes(call, `${name} rm -v`, 'anonymous volumes of the container')
          : 'assumed';
      return verb === 'exec' || verb === 'run' ? inContainer(call, operands.slice(2), name) : 'assumed';
    case 'run':
    case 'exec':
    case 'create':
      return inContainer(call, operands.slice(1), name);
    default:
      return 'assumed';
  }
};

export const CONTAINER_TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['docker', docker],
  ['podman', docker],
  ['nerdctl', docker],
  ['docker-compose', (call) => compose(call, 'docker-compose')],
  ['podman-compose', (call) => compose(call, 'podman-compose')],
]);
