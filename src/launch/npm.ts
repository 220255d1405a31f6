/** npm, yarn, pnpm and bun scripts that start the bot on the machine itself. */
import type { Launch } from '../model/launch.ts';
import { attribute } from './attribute.ts';
import { type Started, startedBy } from './command.ts';
import { ownEnvironment } from './dotenv.ts';
import { draftLaunch, recordOf } from './draft.ts';
import { type Manifest, readManifest } from './manifest.ts';
import { pm2Parts } from './pm2-launches.ts';
import { lineAt, type Project } from './source.ts';
import { under } from './tree.ts';
import { checkoutWorld } from './world.ts';

/** Names of scripts that start something and go on running; the first word of the name counts (`start:prod`, `dev-local`). */
const STARTING = new Set([
  'start',
  'dev',
  'serve',
  'server',
  'develop',
  'development',
  'prod',
  'production',
  'run',
  'bot',
  'watch',
  'pm2',
  'launch',
  'up',
  'app',
  'main',
  'debug',
  'local',
  'staging',
  'daemon',
  'forever',
  'whatsapp',
  'wa',
  'wpp',
  'client',
  'api',
  'backend',
  'worker',
  'restart',
  'live',
  'service',
  'boot',
  'nodemon',
  'stage',
  'go',
]);
/** Scripts with such a word do something else, whatever they begin with. */
const NOT_STARTING = new Set([
  'test',
  'tests',
  'build',
  'lint',
  'format',
  'migrate',
  'migration',
  'migrations',
  'seed',
  'generate',
  'clean',
  'cleanup',
  'reset',
  'install',
  'setup',
  'deploy',
  'stop',
  'kill',
  'delete',
  'logs',
  'log',
  'status',
  'check',
  'typecheck',
  'docs',
  'release',
  'publish',
  'backup',
  'db',
  'e2e',
  'coverage',
  'compile',
  'init',
  'token',
  'swagger',
  'prisma',
]);

const SETTLED: ReadonlySet<string> = new Set(['pre', 'post']);

function mayStart(name: string, scripts: ReadonlyMap<string, string>): boolean {
  const words = name.toLowerCase().split(/[:\-_./\s]+/);
  for (const prefix of SETTLED) {
    if (name.startsWith(prefix) && scripts.has(name.slice(prefix.length))) return false;
  }
  return STARTING.has(words[0] ?? '') && !words.some((word) => NOT_STARTING.has(word));
}

function lineOf(text: string | null, script: string): number | null {
  if (text === null) return null;
  const scripts = text.indexOf('"scripts"');
  const at = text.indexOf(`${JSON.stringify(script)}`, Math.max(0, scripts));
  return at < 0 ? null : lineAt(text, at);
}

/** Launches of the scripts of every bot package, and of packages that hold one and start it. */
export async function npmLaunches(project: Project): Promise<Launch[]> {
  const launches: Launch[] = [];
  const directories = new Set<string>(project.packages);
  for (const root of project.packages) {
    const parts = root.split('/');
    // A script of a directory above (`npm --prefix backend start`, workspaces) starts it too.
    for (let length = root === '' ? -1 : parts.length - 1; length >= 0; length -= 1)
      directories.add(parts.slice(0, length).join('/'));
  }
  for (const directory of [...directories].sort()) {
    const manifest = readManifest(project, directory);
    if (manifest !== null) launches.push(...(await scriptsOf(project, directory, manifest)));
  }
  return launches;
}

async function scriptsOf(project: Project, directory: string, manifest: Manifest): Promise<Launch[]> {
  const file = directory === '' ? 'package.json' : `${directory}/package.json`;
  const text = project.text(file);
  const manager = managerOf(project, directory);
  const cwd = under(project.root, directory);
  const world = checkoutWorld(project);
  const scripts = new Map(manifest.scripts);
  if (!scripts.has('start') && project.exists(directory === '' ? 'server.js' : `${directory}/server.js`)) {
    scripts.set('start', 'node server.js');
  }
  const results: { name: string; command: string; started: readonly Started[]; named: boolean }[] = [];
  for (const [name, command] of [...scripts].slice(0, 300)) {
    const words = name.toLowerCase().split(/[:\-_./\s]+/);
    if (words.some((word) => NOT_STARTING.has(word)) || /^(pre|post)(start|dev|install|build)/.test(name)) continue;
    const started = await startedBy({ words: [manager, 'run', name] }, { cwd, env: new Map() }, world);
    results.push({ name, command, started, named: mayStart(name, scripts) });
  }
  const entries = new Set(
    results
      .filter((result) => result.named)
      .flatMap((result) => result.started.map((one) => one.entry ?? `cwd:${one.cwd}`)),
  );
  if (manifest.main !== null) entries.add(`${cwd}/${manifest.main.replace(/^\.\//, '')}`);
  const launches: Launch[] = [];
  for (const { name, command, started, named } of results) {
    let count = 0;
    for (const one of started) {
      if (!named && !entries.has(one.entry ?? `cwd:${one.cwd}`)) continue;
      const attribution = attribute(one, world);
      if (attribution === null) continue;
      const own = await ownEnvironment(world, attribution.packageRoot, one.cwd, one.runtime, one.env);
      count += 1;
      const base = `npm:${directory === '' ? '' : `${directory}:`}${name}`;
      const chain = one.chain;
      launches.push(
        draftLaunch(
          count === 1 ? base : `${base}:${count}`,
          one.pm2 === null ? 'npm' : 'pm2',
          attribution.packageRoot,
          {
            file,
            line: lineOf(text, name),
            command,
            entry: attribution.entry,
            cwd: one.cwd,
            packageAt: attribution.packageAt,
            env: recordOf([...own.values, ...one.env]),
            notes: own.notes,
            envHidden: one.hidden.length === 0 ? null : one.hidden.join('; '),
            user: one.user,
            ...(one.pm2 === null
              ? { overlaps: false, stop: { pid1: chain[0] ?? null, init: false } }
              : { ...pm2Parts(one.pm2), notes: [...pm2Parts(one.pm2).notes, ...own.notes] }),
            mountTable: 'live',
            chain,
          },
        ),
      );
    }
  }
  return launches;
}

/** The package manager whose lock file lies in the directory or above it. */
function managerOf(project: Project, directory: string): string {
  const at = (name: string): boolean => project.exists(directory === '' ? name : `${directory}/${name}`);
  if (at('pnpm-lock.yaml')) return 'pnpm';
  if (at('yarn.lock')) return 'yarn';
  if (at('bun.lockb') || at('bun.lock')) return 'bun';
  return 'npm';
}
