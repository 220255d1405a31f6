import { some } from '../model/answer.ts';
import type { HandlingFact } from '../model/facts.ts';
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, absolutePath, isInside } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';
import type { Automatic, Deletion, Script, SessionVerdict } from '../model/wiper.ts';
import type { SourceTree } from '../session/source/tree.ts';
import { backupOf } from './backup.ts';
import { dockerfileCommands, imageHandling } from './docker.ts';
import type { CommandEffect, CommandJudgement, SessionTarget } from './effect.ts';
import { openRepository } from './git/status.ts';
import { javascriptAnalyser } from './javascript/analyse.ts';
import { sourceBackups } from './javascript/backups.ts';
import { shellOf } from './javascript/deletions.ts';
import { graphOf, isStandalone } from './javascript/explore.ts';
import { type FileRole, type ProjectFile, projectFiles } from './project-files.ts';
import { createWorld } from './reader-world.ts';
import { crontabCommands, tmpfilesCommands, unitCommands } from './schedule.ts';
import { taskCommands } from './scripts/task-commands.ts';
import { type CommandAnalyser, type Language, loadCommandAnalyser } from './shell/analyse.ts';
import { plantSessions } from './shell/profile-model.ts';
import { findWatchers } from './watch/find.ts';
import {
  azureCommands,
  bitbucketCommands,
  circleCommands,
  githubCommands,
  gitlabCommands,
  jenkinsCommands,
} from './workflows/ci.ts';
import type { FoundCommand } from './workflows/commands.ts';
import type { World } from './world.ts';

export interface ScriptsInput {
  readonly reader: Reader;
  readonly project: AbsolutePath;
  readonly targets: readonly SessionTarget[];
  readonly launches: readonly Launch[];
  readonly home: AbsolutePath | null;
  /** For aliases of imports and for scripts that nothing names; `null`: not looked at. */
  readonly source: SourceTree | null;
}

export interface ScriptsFound {
  readonly scripts: Script[];
  readonly problems: string[];
}

const SCRIPT_LIMIT = 1024 * 1024;

/** Scripts that npm and its relatives run without being asked by name (docs.npmjs.com/cli/using-npm/scripts). */
const AUTOMATIC: ReadonlyMap<string, Automatic> = new Map<string, Automatic>([
  ...[
    'preinstall',
    'install',
    'postinstall',
    'preprepare',
    'prepare',
    'postprepare',
    'prepublish',
    'dependencies',
    'pnpm:devPreinstall',
  ].map((name) => [name, 'install'] as const),
  ...[
    'prebuild',
    'build',
    'postbuild',
    'heroku-prebuild',
    'heroku-postbuild',
    'gcp-build',
    'vercel-build',
    'railway:build',
    'render-build',
  ].map((name) => [name, 'build'] as const),
  ...[
    'prestart',
    'start',
    'poststart',
    'restart',
    'prerestart',
    'postrestart',
    'start:prod',
    'start:production',
    'serve',
    'dev',
    'predev',
    'start:dev',
  ].map((name) => [name, 'start'] as const),
  ...['pretest', 'test', 'posttest'].map((name) => [name, 'test'] as const),
  ...['prestop', 'stop', 'poststop'].map((name) => [name, 'stop'] as const),
  ...[
    'prepack',
    'postpack',
    'prepublishOnly',
    'publish',
    'postpublish',
    'preversion',
    'version',
    'postversion',
    'deploy',
    'predeploy',
    'postdeploy',
  ].map((name) => [name, 'publish'] as const),
]);

/** When npm, a platform or a person that does nothing unusual runs a script of this name. */
export function automaticOf(name: string): Automatic {
  return AUTOMATIC.get(name) ?? 'manual';
}

const LANGUAGES: Readonly<Partial<Record<FileRole, Language>>> = {
  shell: 'bash',
  hook: 'shell',
  batch: 'batch',
  powershell: 'powershell',
};

/**
 * Everything that runs commands in a project and what it does to the sessions: package scripts, files that people run by hand,
 * workflows, image builds, crontabs, units, hooks. Nothing is executed. Never throws.
 */
export async function findScripts(input: ScriptsInput): Promise<ScriptsFound> {
  const { scripts, problems } = await examineScripts(input);
  return { scripts, problems };
}

/** The same, with what else handles the sessions: watchers, images, backups. */
export function examineScripts(input: ScriptsInput): Promise<Examined> {
  const known = examined.get(input.reader);
  const key = [input.project, ...input.targets.map(({ path }) => path)].join('\0');
  if (known?.key === key) return known.result;
  const result = examine(input);
  examined.set(input.reader, { key, result });
  return result;
}

type Examined = ScriptsFound & { readonly handling: HandlingFact };
/** The last examination by reader: two facts ask for it. */
const examined = new WeakMap<Reader, { readonly key: string; readonly result: Promise<Examined> }>();

/** What else handles the sessions: watchers that restart the bot, images that take them in, backups of a live profile. */
export async function findHandling(input: ScriptsInput): Promise<HandlingFact> {
  return (await examineScripts(input)).handling;
}

async function examine(input: ScriptsInput): Promise<Examined> {
  const finder = new Finder(input, await prepare(input));
  await finder.manifests();
  for (const file of finder.files) await finder.file(file);
  finder.standalone();
  const { reader, project, targets, launches } = input;
  const handling: HandlingFact = {
    watchers: await findWatchers(reader, project, targets, finder.files, finder.commands),
    images: imageHandling(reader, project, launches, targets),
    backups: [
      ...finder.commands.flatMap((command) => backupOf(command, project, targets) ?? []),
      ...(input.source === null || targets.length === 0 ? [] : sourceBackups(input.source, project, targets)),
    ],
  };
  return { ...finder.result(), handling };
}

/** What every judgement needs, made once. */
export interface Prepared {
  readonly analyser: CommandAnalyser;
  readonly world: World;
  readonly javascript: Awaited<ReturnType<typeof javascriptAnalyser>>;
}

export async function prepare(input: ScriptsInput): Promise<Prepared> {
  const { reader, project, targets, home, source } = input;
  const repository = await openRepository(reader, project, home).catch(() => null);
  const world = createWorld(reader, repository === null ? undefined : (path) => repository.tracked.holds(path));
  const analyser = await loadCommandAnalyser();
  const planted = plantSessions(world, targets).world;
  const javascript = await javascriptAnalyser({
    world: planted,
    root: project,
    home,
    source,
    shell: shellOf({ analyser, targets, project, home }, planted),
  });
  return { analyser, world, javascript };
}

class Finder {
  readonly files: readonly ProjectFile[];
  /** Every command that was found. */
  readonly commands: FoundCommand[] = [];
  private readonly scripts: Script[] = [];
  private readonly problems = new Set<string>();
  private readonly input: ScriptsInput;
  private readonly prepared: Prepared;
  /** Files that some judged command led to; they need no entry of their own unless they are run by hand too. */
  private readonly starts = new Set<string>();
  /** Where a container sees the project: `/app` → the project. */
  private readonly places: readonly (readonly [string, string])[];

  constructor(input: ScriptsInput, prepared: Prepared) {
    this.input = input;
    this.prepared = prepared;
    const { files, problems } = projectFiles(input.reader, input.project);
    this.files = files;
    for (const problem of problems) this.problems.add(problem);
    this.places = [
      ...new Map(
        input.launches.flatMap(({ packageAt, packageRoot, image }) =>
          packageAt === null || image === undefined || isInside(packageAt, input.project) || packageAt === '/'
            ? []
            : [[packageAt as string, absolutePath(`${input.project}/${packageRoot}`) as string] as const],
        ),
      ),
    ];
  }

  result(): ScriptsFound {
    return { scripts: this.scripts, problems: [...this.problems].sort() };
  }

  private judge(command: string, directory: string, language: Language, via: readonly string[]): CommandJudgement {
    const { targets, home, project } = this.input;
    const { analyser, world, javascript } = this.prepared;
    const cwd = absolutePath(`${project}/${directory}`);
    return analyser.judge(
      command,
      { world, cwd, root: cwd, sessions: targets, home, flavour: 'unknown', via, javascript },
      language,
    );
  }

  private text(path: string, limit = SCRIPT_LIMIT): string | null {
    const read = this.input.reader.text(absolutePath(`${this.input.project}/${path}`), limit);
    if (!read.ok && read.failure.kind !== 'missing')
      this.problems.add(`${path} could not be read: ${read.failure.reason}`);
    return read.ok ? read.value : null;
  }

  /** Every script of every package.json. */
  async manifests(): Promise<void> {
    for (const { path, role } of this.files) {
      if (role !== 'manifest') continue;
      const text = this.text(path);
      if (text === null) continue;
      let scripts: unknown;
      try {
        scripts = (JSON.parse(text.replace(/^\uFEFF/, '')) as { scripts?: unknown }).scripts;
      } catch {
        this.problems.add(`${path} is not valid JSON: its scripts were not read`);
        continue;
      }
      if (typeof scripts !== 'object' || scripts === null) continue;
      const directory = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
      const entries = Object.entries(scripts);
      const lines = linesOfKeys(
        text,
        entries.map(([name]) => name),
      );
      for (const [index, [name, command]] of entries.entries()) {
        if (typeof command !== 'string') continue;
        const line = lines[index] ?? 1;
        this.add(
          {
            file: path,
            line,
            name,
            command,
            automatic: automaticOf(name),
            language: 'auto',
            directory,
            machine: 'lasting',
          },
          [name],
        );
      }
    }
  }

  /** Commands of one file that is not a manifest. */
  async file({ path, role }: ProjectFile): Promise<void> {
    const commands = await this.commandsOf(path, role);
    for (const command of commands) this.add(command, [command.file]);
  }

  private async commandsOf(path: string, role: FileRole): Promise<readonly FoundCommand[]> {
    const language = LANGUAGES[role];
    if (language !== undefined) {
      const text = this.text(path);
      if (text === null || !MAY_DELETE.test(text)) return [];
      const shebang = /^#!.*\b(?:ba|z|k)sh\b/.test(text);
      const automatic = this.startsWith(path) ? 'start' : role === 'hook' ? 'ci' : 'manual';
      const shown = role === 'powershell' || role === 'batch' ? path : `sh ${path}`;
      return [
        {
          file: path,
          line: 1,
          name: path,
          command: text,
          automatic,
          language: role === 'shell' && !shebang ? 'shell' : language,
          directory: this.directoryOf(path),
          machine: 'lasting',
          shown,
        },
      ];
    }
    const read = READERS[role];
    if (read === undefined) return [];
    const text = this.text(path);
    if (text === null) return [];
    const found = await read(path, text);
    if (found === null) {
      this.problems.add(`${path} could not be read as YAML: its commands were not looked at`);
      return [];
    }
    if (role !== 'dockerfile') return found;
    const { runs, starts } = dockerfileCommands(path, text);
    for (const start of starts) this.starts.add(start.slice(start.lastIndexOf('/') + 1));
    return runs.filter(({ command }) => MAY_DELETE.test(command));
  }

  /** Scripts are run from the package that they lie in. */
  private directoryOf(path: string): string {
    let at = path;
    while (at.includes('/')) {
      at = at.slice(0, at.lastIndexOf('/'));
      if (this.files.some((file) => file.role === 'manifest' && file.path === `${at}/package.json`)) return at;
    }
    return '';
  }

  private startsWith(path: string): boolean {
    const name = path.slice(path.lastIndexOf('/') + 1);
    return (
      this.starts.has(name) ||
      this.input.launches.some(({ command, image }) => image !== undefined && command?.includes(name) === true)
    );
  }

  /** JavaScript files that nothing imports and that are run by hand. */
  standalone(): void {
    const { source } = this.input;
    const graph = source === null ? null : graphOf(source);
    if (source === null || graph === null) return;
    for (const file of graph.interesting) {
      if (!isStandalone(source, graph, file)) continue;
      const runner = /\.[cm]?ts$/.test(file) ? 'tsx' : 'node';
      const directory = source.packageOf(file);
      const local = directory === '' ? file : file.slice(directory.length + 1);
      const command = `${runner} ${quoted(local)}`;
      const judged = this.judge(command, directory, 'shell', []);
      if (!touches(judged)) continue;
      if (
        this.scripts.some((script) => script.deletes.some(({ via }) => via.some((step) => step.startsWith(`${file}:`))))
      )
        continue;
      const line = lineIn(judged.effects, file) ?? 1;
      this.push(
        { file, line, name: file, command, automatic: 'manual', language: 'shell', directory, machine: 'lasting' },
        judged,
      );
    }
  }

  private add(found: FoundCommand, via: readonly string[]): void {
    let { command } = found;
    this.commands.push(found);
    // What a container calls `/app` is the project here.
    if (!found.file.endsWith('package.json')) {
      for (const [at, here] of this.places) command = command.split(`${at}/`).join(`${here}/`);
    }
    this.push(found, this.judge(command, found.directory, found.language, via));
  }

  private push(found: FoundCommand, judged: CommandJudgement): void {
    const { file, line, name, automatic, machine, note } = found;
    const isManifest = file === 'package.json' || file.endsWith('/package.json');
    const fresh = machine === 'fresh';
    const sessions = judged.sessions.map(({ target, deleted, partial, reason }): SessionVerdict => {
      const hit = deleted !== false || partial;
      // On a machine that is new for every run there is no session.
      if (fresh && hit) return { path: target.name, deleted: false, partial: false, reason: freshReason(file) };
      if (machine === 'unknown' && deleted === true) {
        return {
          path: target.name,
          deleted: 'unknown',
          partial,
          reason: 'it is not known whether the runner keeps its files between runs',
        };
      }
      return { path: target.name, deleted, partial, reason: reason ?? (hit ? (note ?? null) : null) };
    });
    const deletes = deletionsOf(judged.effects, this.input.project);
    const script: Script = {
      file,
      line: isManifest ? line : (lineIn(judged.effects, file) ?? line - 1 + lineOfTool(found.command, judged.effects)),
      name,
      command: shorten(found.shown ?? found.command),
      automatic,
      deletes,
      sessions,
      removesVolumes: judged.removesVolumes === true,
    };
    const matters =
      some(sessions.map(({ deleted }) => deleted)) !== false ||
      sessions.some(({ partial, reason }) => partial || reason !== null) ||
      script.removesVolumes;
    // Package scripts are listed whole; of the rest only what touches a session.
    if (isManifest || matters) this.scripts.push(script);
  }
}

function freshReason(file: string): string {
  return /docker|container/i.test(file)
    ? 'it runs while the image is built: what it removes is the copy inside the image, not the session that the bot uses'
    : 'it runs on a machine that is new for every run: no session lies there';
}

type ReadCommands = (file: string, text: string) => Promise<FoundCommand[] | null> | FoundCommand[] | null;

const READERS: Readonly<Partial<Record<FileRole, ReadCommands>>> = {
  github: githubCommands,
  gitlab: gitlabCommands,
  bitbucket: bitbucketCommands,
  circleci: circleCommands,
  azure: azureCommands,
  jenkins: jenkinsCommands,
  crontab: (file, text) => crontabCommands(file, text, /cron\.d\/|(?:^|\/)etc\/crontab$/.test(file)),
  tmpfiles: tmpfilesCommands,
  systemd: unitCommands,
  dockerfile: () => [],
  make: (file, text) => taskCommands('make', file, text),
  just: (file, text) => taskCommands('just', file, text),
  task: (file, text) => taskCommands('task', file, text),
};

/** Texts without any of these words cannot delete. */
const MAY_DELETE =
  /\b(?:rm|rmdir|unlink|find|git|rsync|mv|cp|tar|zip|restic|borg|rclone|aws|duplicity|nodemon|watch|rimraf|del|erase|rd|Remove-Item|ri|rmtree|shutil|docker|podman|compose|npm|npx|yarn|pnpm|bun|node|make|just|task|trash|truncate|robocopy|php|python3?|perl|ruby|eval|exec|source|bash|sh|Clear-Content|Move-Item)\b|>/i;

/** Does a judgement touch a session in any way? */
function touches({ sessions, removesVolumes }: CommandJudgement): boolean {
  return (
    removesVolumes === true ||
    sessions.some(({ deleted, partial, reason }) => deleted !== false || partial || reason !== null)
  );
}

function deletionsOf(effects: readonly CommandEffect[], project: AbsolutePath): Deletion[] {
  const found: Deletion[] = [];
  const seen = new Set<string>();
  for (const { kind, patterns, tool, via } of effects) {
    if (kind === 'copy' || kind === 'create' || kind === 'unknown') continue;
    for (const pattern of patterns) {
      const shown =
        pattern === project ? '.' : pattern.startsWith(`${project}/`) ? pattern.slice(project.length + 1) : pattern;
      const plain = shown.replaceAll('\u{E0FF}', '…');
      const key = `${plain}\0${tool}\0${via.join('\0')}`;
      if (seen.has(key) || found.length >= 100) continue;
      seen.add(key);
      found.push({ pattern: plain, via: [...via], tool });
    }
  }
  return found;
}

/** The line of this file at which the first effect happens, where the chain says so. */
function lineIn(effects: readonly CommandEffect[], file: string): number | null {
  for (const { via, kind } of effects) {
    if (kind === 'copy' || kind === 'create') continue;
    for (const step of via) {
      if (step.startsWith(`${file}:`)) {
        const line = Number(step.slice(file.length + 1));
        if (Number.isInteger(line) && line > 0) return line;
      }
    }
  }
  return null;
}

/** The line of a script text at which the tool stands that does it; 1 when that cannot be told. */
function lineOfTool(text: string, effects: readonly CommandEffect[]): number {
  const lines = text.split('\n');
  const effect = effects.find(({ kind }) => kind !== 'copy' && kind !== 'create' && kind !== 'unknown') ?? effects[0];
  if (effect === undefined || lines.length === 1) return 1;
  const word = effect.tool.split(' ')[0] ?? '';
  const name = effect.patterns[0]?.split('/').at(-1) ?? '';
  const plain = (line: string): boolean => !/^\s*(?:#|::|rem\b|echo\b|printf\b)/i.test(line);
  const both = lines.findIndex((line) => plain(line) && line.includes(word) && name !== '' && line.includes(name));
  if (both >= 0) return both + 1;
  const tool = lines.findIndex(
    (line) => plain(line) && new RegExp(`(?:^|[\\s;&|(])${word.replace(/[^\w-]/g, '.')}\\b`, 'i').test(line),
  );
  return tool < 0 ? 1 : tool + 1;
}

/** Lines of the keys of `scripts`, in the order of the keys: one walk through the text, not one a key. */
function linesOfKeys(text: string, names: readonly string[]): number[] {
  const start = Math.max(0, text.indexOf('"scripts"'));
  let cursor = start;
  let counted = 0;
  let line = 1;
  return names.map((name) => {
    const key = JSON.stringify(name);
    let at = text.indexOf(key, cursor);
    // Keys that look like numbers come first, wherever they stand.
    if (at < 0) at = text.indexOf(key, start);
    if (at < 0) return 1;
    cursor = at + key.length;
    if (at < counted) {
      counted = 0;
      line = 1;
    }
    for (let index = text.indexOf('\n', counted); index >= 0 && index < at; index = text.indexOf('\n', index + 1))
      line += 1;
    counted = at;
    return line;
  });
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

function shorten(command: string): string {
  return command.length > 2_000 ? `${command.slice(0, 2_000)}…` : command;
}
