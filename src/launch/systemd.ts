/** systemd services that start the bot. */
import type { Launch, LaunchSandbox, LaunchVolume } from '../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import { attribute } from './attribute.ts';
import { homeOf } from './base-images.ts';
import { followCommand } from './command.ts';
import { deployedWorld } from './deployment.ts';
import { ownEnvironment } from './dotenv.ts';
import { draftLaunch, recordOf } from './draft.ts';
import { parseDotenv } from './env-file.ts';
import { bytes, seconds } from './quantities.ts';
import { lineAt, type Project } from './source.ts';
import { isOn, readUnit, setting, settings, type Unit } from './systemd-file.ts';
import type { TreeFile } from './tree.ts';
import { splitWords } from './words.ts';

/** DefaultTimeoutStopSec (systemd-system.conf(5)). */
const STOP_SECONDS = 90;

/** Directories that systemd makes for a service, with the variable that names each (systemd.exec(5)). */
const DIRECTORIES = [
  ['StateDirectory', '/var/lib', 'STATE_DIRECTORY'],
  ['CacheDirectory', '/var/cache', 'CACHE_DIRECTORY'],
  ['LogsDirectory', '/var/log', 'LOGS_DIRECTORY'],
  ['RuntimeDirectory', '/run', 'RUNTIME_DIRECTORY'],
] as const;

/** Launches of every unit in the project. */
export async function systemdLaunches(project: Project): Promise<Launch[]> {
  const launches: Launch[] = [];
  const units = project.tree.files.filter((file) => /\.service$/.test(file.name)).slice(0, 100);
  for (const file of units) {
    const text = project.text(file.path);
    if (text === null) continue;
    const dropIns = project.tree.files.filter(
      (other) => other.directory === `${file.path}.d` && other.name.endsWith('.conf'),
    );
    const unit = readUnit([text, ...dropIns.map((dropIn) => project.text(dropIn.path) ?? '')]);
    if (unit !== null) launches.push(...(await unitLaunches(project, file, text, unit)));
  }
  return launches;
}

/** `%h`, `%n`, `%i` and their kin; `null` when one cannot be known. */
function specifiers(text: string, unit: { name: string; home: string | null }): string | null {
  let unknown = false;
  const result = text.replace(/%(.)/g, (_, letter: string) => {
    if (letter === '%') return '%';
    if (letter === 'n') return unit.name;
    if (letter === 'N' || letter === 'p') return unit.name.replace(/\.service$/, '').replace(/@.*/, '');
    if (letter === 'h' && unit.home !== null) return unit.home;
    if (letter === 'S') return '/var/lib';
    if (letter === 'C') return '/var/cache';
    if (letter === 't') return '/run';
    if (letter === 'T') return '/tmp';
    if (letter === 'V') return '/var/tmp';
    unknown = true;
    return '';
  });
  return unknown ? null : result;
}

async function environment(
  project: Project,
  file: TreeFile,
  unit: Unit,
  expand: (text: string) => string | null,
): Promise<{ env: Map<string, string>; hidden: string[] }> {
  const env = new Map<string, string>();
  const hidden: string[] = [];
  for (const line of settings(unit, 'Environment')) {
    for (const word of splitWords(line)) {
      const equals = word.indexOf('=');
      if (equals <= 0) continue;
      const value = expand(word.slice(equals + 1));
      if (value === null) hidden.push(`${word.slice(0, equals)} holds a specifier that is known only to systemd`);
      else env.set(word.slice(0, equals), value);
    }
  }
  for (const written of settings(unit, 'EnvironmentFile')) {
    const path = written.replace(/^-/, '');
    // The file lies on the server; one of the same name in the tree is what was put there.
    const name = path.slice(path.lastIndexOf('/') + 1);
    const candidates = [
      file.directory === '' ? name : `${file.directory}/${name}`,
      ...project.packages.map((root) => (root === '' ? name : `${root}/${name}`)),
    ];
    const found = candidates.find((candidate) => project.exists(candidate));
    const text = found === undefined ? null : project.text(found);
    if (text === null) {
      if (!written.startsWith('-') || found === undefined)
        hidden.push(`the EnvironmentFile ${path} is not in the tree`);
      continue;
    }
    const parsed = await parseDotenv(text);
    if (!parsed.ok) {
      project.problem(`${found}: ${parsed.reason}`);
      hidden.push(`the EnvironmentFile ${path} could not be read: ${parsed.reason}`);
    } else for (const [variable, value] of parsed.values) env.set(variable, value);
  }
  return { env, hidden };
}

const paths = (list: readonly string[]): AbsolutePath[] =>
  list
    .flatMap((line) => splitWords(line))
    .map((path) => path.replace(/^[-+]+/, '').replace(/:.*/, ''))
    .filter((path) => path.startsWith('/'))
    .map((path) => absolutePath(path));

function sandboxOf(unit: Unit, made: readonly AbsolutePath[]): LaunchSandbox {
  const dynamic = isOn(setting(unit, 'DynamicUser'));
  const system = setting(unit, 'ProtectSystem') ?? (dynamic ? 'strict' : null);
  const home = setting(unit, 'ProtectHome') ?? (dynamic ? 'read-only' : null);
  const readOnly: AbsolutePath[] = [];
  const hidden: AbsolutePath[] = paths(settings(unit, 'InaccessiblePaths'));
  if (system === 'strict') readOnly.push(absolutePath('/'));
  else if (system === 'full') readOnly.push(absolutePath('/usr'), absolutePath('/boot'), absolutePath('/etc'));
  else if (isOn(system)) readOnly.push(absolutePath('/usr'), absolutePath('/boot'));
  const homes = [absolutePath('/home'), absolutePath('/root'), absolutePath('/run/user')];
  if (home === 'read-only') readOnly.push(...homes);
  else if (home === 'tmpfs' || isOn(home)) hidden.push(...homes);
  readOnly.push(...paths(settings(unit, 'ReadOnlyPaths')));
  return {
    privateTmp: isOn(setting(unit, 'PrivateTmp')) || setting(unit, 'PrivateTmp') === 'disconnected' || dynamic,
    readOnly,
    writable: [...paths(settings(unit, 'ReadWritePaths')), ...paths(settings(unit, 'BindPaths')), ...made],
    hidden,
  };
}

async function unitLaunches(project: Project, file: TreeFile, text: string, unit: Unit): Promise<Launch[]> {
  const user = setting(unit, 'User');
  // Units of a user's own manager are installed below the home directory and are wanted by default.target.
  const ofUser =
    unit
      .get('Install')
      ?.get('WantedBy')
      ?.some((target) => target.includes('default.target')) === true && user === null;
  const home = ofUser ? null : homeOf(user, null);
  const expand = (value: string): string | null => specifiers(value, { name: file.name, home });
  const { env, hidden } = await environment(project, file, unit, expand);
  const notes: string[] = [];
  const made: AbsolutePath[] = [];
  const volumes: LaunchVolume[] = [];
  for (const [name, parent, variable] of DIRECTORIES) {
    const directories = settings(unit, name)
      .flatMap((line) => splitWords(line))
      .map((word) => absolutePath(`${parent}/${word.replace(/:.*/, '')}`));
    made.push(...directories);
    if (directories.length > 0 && !env.has(variable)) env.set(variable, directories.join(':'));
    for (const at of directories) {
      const lasting = name === 'StateDirectory' || name === 'LogsDirectory';
      volumes.push({
        at,
        kind: 'other',
        name,
        realName: null,
        stable: lasting,
        reason: lasting
          ? null
          : name === 'CacheDirectory'
            ? 'a cache may be cleaned at any time (systemctl clean)'
            : 'it is removed when the service stops',
        file: file.path,
        line: null,
      });
    }
  }
  const written = setting(unit, 'WorkingDirectory')?.replace(/^-/, '') ?? null;
  const expanded = written === null ? (ofUser ? null : '/') : written === '~' ? home : expand(written);
  const workdir = expanded?.startsWith('/') === true ? absolutePath(expanded) : null;
  if (written === null && !ofUser) notes.push('no WorkingDirectory: the service starts in /');
  const launches: Launch[] = [];
  for (const line of settings(unit, 'ExecStart')) {
    const command = expand(line.replace(/^[-@:+!|]+/, ''));
    if (command === null) {
      project.problem(`${file.path}: ExecStart holds a specifier that is known only to systemd`);
      continue;
    }
    const words = splitWords(command).map((word) =>
      word.replace(/^\$\{?(\w+)\}?$/, (whole, name: string) => env.get(name) ?? whole),
    );
    const world = deployedWorld(project, file.directory, workdir, words);
    const { started } = await followCommand({ words }, { cwd: workdir, env }, world);
    for (const one of started) {
      const attribution = attribute(one, world);
      if (attribution === null) continue;
      const own = await ownEnvironment(
        world,
        attribution.packageRoot,
        one.cwd,
        one.runtime,
        new Map([...env, ...one.env]),
      );
      const all = [...hidden, ...one.hidden];
      const mode = setting(unit, 'KillMode') ?? 'control-group';
      const id = `systemd:${file.path}`;
      const stop = setting(unit, 'TimeoutStopSec') ?? setting(unit, 'TimeoutSec');
      const tasks = setting(unit, 'TasksMax');
      launches.push(
        draftLaunch(launches.length === 0 ? id : `${id}:${launches.length + 1}`, 'systemd', attribution.packageRoot, {
          file: file.path,
          line: lineAt(text, Math.max(0, text.indexOf('ExecStart'))),
          command,
          entry: attribution.entry,
          cwd: one.cwd,
          packageAt: attribution.packageAt,
          env: recordOf([...own.values, ...env, ...one.env]),
          envHidden: all.length === 0 ? null : all.join('; '),
          user: isOn(setting(unit, 'DynamicUser')) ? (user ?? 'a dynamic user') : (user ?? (ofUser ? null : 'root')),
          home: home === null ? null : absolutePath(home),
          overlaps: false,
          stop: {
            signal: setting(unit, 'KillSignal') ?? 'SIGTERM',
            timeoutSeconds: stop === null ? STOP_SECONDS : stop === 'infinity' ? null : seconds(stop),
            pid1: one.chain[0] ?? null,
            supervisor: 'systemd',
            init: false,
            ...(mode === 'control-group'
              ? { reaches: 'all' as const }
              : mode === 'mixed'
                ? { reaches: 'first-then-kill' as const }
                : {}),
          },
          mountTable: 'live',
          limits: {
            pids: tasks !== null && /^\d+$/.test(tasks) ? Number(tasks) : null,
            memoryBytes: bytes(setting(unit, 'MemoryMax') ?? setting(unit, 'MemoryLimit')),
            shmBytes: null,
          },
          notes: [
            ...notes,
            ...own.notes,
            mode === 'control-group'
              ? 'KillMode=control-group: the stop signal goes to the browser at the same time as to the bot'
              : `KillMode=${mode}`,
          ],
          chain: one.chain,
          volumes,
          sandbox: sandboxOf(unit, made),
        }),
      );
    }
  }
  return launches;
}
