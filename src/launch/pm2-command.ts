/** `pm2 start …` and `pm2-runtime …` on a command line. */
import { type AbsolutePath, parentOf, resolvePath } from '../model/path.ts';
import type { Pm2App } from './pm2-file.ts';
import type { Value } from './shell.ts';
import { toProject, type World } from './world.ts';

const VALUES = new Set([
  '-n',
  '--name',
  '-i',
  '--instances',
  '--interpreter',
  '--cwd',
  '-l',
  '--log',
  '-o',
  '--output',
  '-e',
  '--error',
  '--kill-timeout',
  '-k',
  '--max-memory-restart',
  '--node-args',
  '--env',
  '--only',
  '-u',
  '--user',
  '--uid',
  '--gid',
  '-p',
  '--pid',
  '--log-date-format',
  '--watch-delay',
  '--ignore-watch',
  '--cron',
  '-c',
  '--cron-restart',
  '--restart-delay',
  '--exp-backoff-restart-delay',
  '--namespace',
  '--max-restarts',
  '--min-uptime',
  '--shutdown-with-message',
]);
const PROGRAMS = new Set(['npm', 'yarn', 'pnpm', 'bun', 'npx', 'bash', 'sh']);
const VERBS = new Set(['start', 'restart', 'reload', 'startOrRestart', 'startOrReload', 'startOrGracefulReload']);

/** The applications that a pm2 command starts. Files are read by parsing, never run. */
export async function pm2Command(
  program: string,
  words: readonly Value[],
  cwd: AbsolutePath | null,
  world: World,
): Promise<readonly Pm2App[]> {
  const options = new Map<string, string>();
  const flags = new Set<string>();
  let script: string | null = null;
  let args: string[] = [];
  let verb: string | null = program === 'pm2' ? null : 'start';
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined || word === null) continue;
    if (word === '--') {
      args = words.slice(at + 1).filter((value) => value !== null && value !== undefined) as string[];
      break;
    }
    if (word.startsWith('-')) {
      const equals = word.indexOf('=');
      if (equals > 0) options.set(word.slice(0, equals), word.slice(equals + 1));
      else if (VALUES.has(word)) {
        const value = words[at + 1];
        if (value != null) options.set(word, value);
        at += 1;
      } else flags.add(word);
      continue;
    }
    if (script === null && VERBS.has(word)) verb = word;
    else if (script === null && verb === null) return [];
    else script ??= word;
  }
  if (verb === null || script === null) return [];
  // `pm2 restart bot` names a running application, `pm2 start all` every one.
  if (!/[./\s]/.test(script) && !PROGRAMS.has(script)) return [];
  const option = (...names: string[]): string | null => {
    for (const name of names) {
      const value = options.get(name);
      if (value !== undefined) return value;
    }
    return null;
  };
  if (/\.(config\.[cm]?js|json5?|ya?ml)$/.test(script) || /^(ecosystem|process|pm2)[\w.-]*\.[cm]?js$/.test(script)) {
    const path = cwd === null ? null : toProject(world, resolvePath(cwd, script));
    const text = path === null ? null : world.project.text(path);
    if (path === null || text === null) return [];
    const { pm2Apps } = await import('./pm2.ts');
    const { apps, problems } = await pm2Apps(
      text,
      path,
      option('--env'),
      parentOf(resolvePath(cwd ?? ('/' as AbsolutePath), script)),
    );
    for (const problem of problems) world.project.problem(`${path}: ${problem}`);
    const only = option('--only')?.split(',');
    return apps.filter((app) => only === undefined || (app.name !== null && only.includes(app.name)));
  }
  const instances = option('-i', '--instances');
  const kill = option('--kill-timeout', '-k');
  return [
    {
      name: option('--name', '-n'),
      script,
      cwd: option('--cwd'),
      args,
      interpreter: option('--interpreter'),
      nodeArgs: (option('--node-args') ?? '').split(/\s+/).filter((word) => word !== ''),
      env: new Map(),
      environments: [],
      hidden: [],
      instances: instances === null ? 1 : /^\d+$/.test(instances) && instances !== '0' ? Number(instances) : null,
      cluster: instances !== null,
      treekill: !flags.has('--no-treekill'),
      killTimeoutMs: kill !== null && /^\d+$/.test(kill) ? Number(kill) : null,
      user: option('--user', '-u', '--uid'),
      watch: flags.has('--watch'),
      line: null,
      file: null,
    },
  ];
}
