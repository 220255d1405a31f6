/** `docker run` and `podman run` lines in the project's scripts, Makefiles and workflows. */
import type { Launch, LaunchVolume } from '../model/launch.ts';
import { type AbsolutePath, absolutePath, isInside, relativeTo } from '../model/path.ts';
import { type DeclaredEngine, declaredMount } from '../mounts/declare.ts';
import { isInfrastructure } from './base-images.ts';
import { type ContainerMount, containerLaunches } from './container.ts';
import { DOCKER_STOP_SECONDS } from './docker-files.ts';
import { finalStage, readDockerfile } from './dockerfile.ts';
import { parseDockerEnvFile } from './env-file.ts';
import { readManifest } from './manifest.ts';
import { likelyBot, type OwnImage, ownImages } from './own-image.ts';
import { bytes, seconds } from './quantities.ts';
import { shellCommands, type Value } from './shell.ts';
import type { Project } from './source.ts';
import { inProject, type TreeFile } from './tree.ts';
import { splitWords } from './words.ts';

const FILES = /\.(sh|bash|mk|make)$|^(Makefile|makefile|GNUmakefile|justfile|Justfile|Taskfile\.ya?ml)$/;
const FILE_LIMIT = 300;

/** Options of `docker run` that stand alone; every other one takes a value. */
const FLAGS = new Set([
  '-d',
  '--detach',
  '-i',
  '--interactive',
  '-t',
  '--tty',
  '-it',
  '-ti',
  '-di',
  '-id',
  '-dit',
  '-itd',
  '-dti',
  '-tid',
  '-P',
  '--publish-all',
  '--rm',
  '--init',
  '--privileged',
  '--read-only',
  '--no-healthcheck',
  '--oom-kill-disable',
  '--sig-proxy',
  '--quiet',
  '-q',
  '--replace',
  '--tls-verify',
]);
const FLAG_LETTERS = /^-[ditPq]+$/;

interface Run {
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly engine: DeclaredEngine;
  readonly options: readonly (readonly [string, Value])[];
  readonly image: Value;
  readonly command: readonly string[];
  readonly cwd: AbsolutePath;
}

interface Built {
  readonly tag: string;
  readonly dockerfile: string | null;
  readonly context: string;
}

/** Lines of a file that call an engine, continued lines joined. */
function engineLines(text: string, make: boolean): { text: string; line: number }[] {
  const lines = text.split(/\r?\n/).slice(0, 20_000);
  const found: { text: string; line: number }[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const start = at;
    let whole = lines[at] ?? '';
    for (let more = 0; whole.endsWith('\\') && at + 1 < lines.length && more < 200; more += 1) {
      at += 1;
      whole = `${whole.slice(0, -1)} ${lines[at] ?? ''}`;
    }
    if (
      !/\b(docker|podman|nerdctl)\b[\s\S]{0,40}\b(run|create|build)\b/.test(whole.slice(0, 20_000)) ||
      /^\s*#/.test(whole)
    )
      continue;
    // A Makefile's `$(pwd)` is its own variable, `$$` is the shell's dollar, `@` and `-` are make's.
    const shell = make
      ? whole
          .replace(/^\s*[@-]+/, '')
          .replace(/\$\((?:CURDIR|PWD|shell pwd)\)/g, '$PWD')
          .replace(/\$\$/g, '$')
          .replace(/\$\((\w+)\)/g, '$${$1}')
      : whole;
    found.push({ text: shell.trim().replace(/^-?\s*(run|command|script):\s*[|>]?-?\s*/, ''), line: start + 1 });
  }
  return found;
}

/** Make's and shell's simple assignments at the start of a line. */
function assignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const match of text
    .slice(0, 200_000)
    .matchAll(/^(?:export\s+)?([A-Za-z_]\w*)\s*[:?]?=\s*["']?([^"'\n#$`]*?)["']?\s*$/gm))
    values.set(match[1] ?? '', (match[2] ?? '').trim());
  return values;
}

function parseRun(
  words: readonly Value[],
  from: number,
): { options: [string, Value][]; image: Value; command: string[] } | null {
  const options: [string, Value][] = [];
  for (let at = from; at < words.length; at += 1) {
    const word = words[at];
    if (word === undefined) break;
    if (word?.startsWith('-') === true && word.length > 1) {
      const equals = word.startsWith('--') ? word.indexOf('=') : -1;
      if (equals > 0) options.push([word.slice(0, equals), word.slice(equals + 1)]);
      else if (FLAGS.has(word) || FLAG_LETTERS.test(word)) options.push([word, 'true']);
      else if (!word.startsWith('--') && word.length > 2 && /^-[vewupmhl]/.test(word))
        options.push([word.slice(0, 2), word.slice(2).replace(/^=/, '')]);
      else {
        options.push([word, words[at + 1] ?? null]);
        at += 1;
      }
      continue;
    }
    return { options, image: word, command: words.slice(at + 1).map((value) => value ?? '') };
  }
  return null;
}

async function collect(project: Project): Promise<{ runs: Run[]; built: Built[] }> {
  const runs: Run[] = [];
  const built: Built[] = [];
  const texts: { file: string; text: string; make: boolean }[] = [];
  const wanted = (file: TreeFile): boolean =>
    FILES.test(file.name) || /^\.github\/workflows\/.*\.ya?ml$|^\.gitlab-ci\.ya?ml$/.test(file.path);
  for (const file of project.tree.files.filter(wanted).slice(0, FILE_LIMIT)) {
    const text = project.text(file.path);
    if (text !== null && /\b(docker|podman|nerdctl)\b/.test(text))
      texts.push({ file: file.path, text, make: /make|\.mk$|justfile/i.test(file.name) });
  }
  for (const root of new Set(['', ...project.packages])) {
    const manifest = readManifest(project, root);
    const file = root === '' ? 'package.json' : `${root}/package.json`;
    for (const command of manifest?.scripts.values() ?? [])
      if (/\b(docker|podman)\b/.test(command)) texts.push({ file, text: command, make: false });
  }
  for (const { file, text, make } of texts) {
    const variables = new Map<string, Value>(assignments(text));
    for (const { text: line, line: number } of engineLines(text, make)) {
      for (const command of await shellCommands(line, project.root, variables)) {
        const words = command.words[0] === 'sudo' ? command.words.slice(1) : command.words;
        const [program, ...rest] = words;
        if (program !== 'docker' && program !== 'podman' && program !== 'nerdctl') continue;
        const skip = rest[0] === 'container' || rest[0] === 'image' || rest[0] === 'buildx' ? 1 : 0;
        const verb = rest[skip];
        const cwd = command.state.cwd ?? project.root;
        if (verb === 'build') {
          const one = parseBuild(project, rest.slice(skip + 1), cwd);
          built.push(...one);
        }
        if (verb !== 'run' && verb !== 'create') continue;
        const parsed = parseRun(rest, skip + 1);
        if (parsed === null) continue;
        runs.push({
          file,
          line: file.endsWith('package.json') ? 1 : number,
          text: line,
          engine: program === 'podman' ? 'podman' : 'docker',
          cwd,
          ...parsed,
        });
      }
    }
  }
  return { runs, built };
}

function parseBuild(project: Project, words: readonly Value[], cwd: AbsolutePath): Built[] {
  const tags: string[] = [];
  let dockerfile: string | null = null;
  let context: string | null = null;
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at];
    if (word == null) continue;
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const option = equals > 0 ? word.slice(0, equals) : word;
    const value = equals > 0 ? word.slice(equals + 1) : (words[at + 1] ?? null);
    if (option === '-t' || option === '--tag') {
      if (value !== null) tags.push(value);
      if (equals < 0) at += 1;
    } else if (option === '-f' || option === '--file') {
      dockerfile = value;
      if (equals < 0) at += 1;
    } else if (word.startsWith('-')) {
      if (equals < 0 && !/^--(no-cache|pull|push|load|quiet|rm|squash)$|^-q$/.test(word)) at += 1;
    } else context = word;
  }
  const below = relativeTo(cwd, project.root);
  if (context === null || below === null) return [];
  const place = context.startsWith('/') ? null : inProject(below, context);
  if (place === null) return [];
  const file = dockerfile === null ? null : inProject(below, dockerfile);
  return tags.map((tag) => ({ tag, dockerfile: file, context: place }));
}

/** `-v source:target:mode` and `--mount type=…` as a mount. */
function runMount(run: Run, option: string, value: Value, project: Project): ContainerMount | null {
  let source: string | null = null;
  let target: string | null = null;
  let type = 'volume';
  let readOnly = false;
  if (value === null) return null;
  if (option === '--tmpfs') {
    type = 'tmpfs';
    target = value.split(':')[0] ?? value;
  } else if (option === '--mount') {
    for (const part of value.split(',')) {
      const equals = part.indexOf('=');
      const key = equals < 0 ? part : part.slice(0, equals);
      const text = equals < 0 ? '' : part.slice(equals + 1);
      if (key === 'type') type = text;
      else if (key === 'source' || key === 'src') source = text;
      else if (key === 'target' || key === 'dst' || key === 'destination') target = text;
      else if (key === 'readonly' || key === 'ro') readOnly = text !== 'false';
    }
  } else {
    const [first = '', second, mode = ''] = value.split(':');
    if (second === undefined) target = first;
    else {
      source = first;
      target = second;
      readOnly = mode.split(',').includes('ro');
      type = /^[./~]/.test(first) ? 'bind' : 'volume';
    }
  }
  if (target === null || !target.startsWith('/')) return null;
  const at = absolutePath(target);
  const base = { at, file: run.file, line: run.line };
  const removed = run.options.some(([name]) => name === '--rm');
  const make = (
    kind: 'bind' | 'named-volume' | 'anonymous-volume' | 'tmpfs',
    extra: { source?: string; name?: string },
    volume: Pick<LaunchVolume, 'kind' | 'name' | 'stable' | 'reason'>,
    shows: string | null,
  ): ContainerMount => ({
    mount: declaredMount({ kind, engine: run.engine, at, readOnly, ...extra }),
    volume: { ...base, realName: null, ...volume },
    shows,
  });
  if (type === 'tmpfs')
    return make(
      'tmpfs',
      {},
      { kind: 'tmpfs', name: null, stable: false, reason: 'memory, emptied when the container stops' },
      null,
    );
  if (type === 'bind' || (type === 'volume' && source !== null && source.startsWith('/'))) {
    const absolute =
      source === null
        ? null
        : source.startsWith('/')
          ? absolutePath(source)
          : source.startsWith('.')
            ? absolutePath(`${run.cwd}/${source}`)
            : null;
    const inside = absolute !== null && isInside(absolute, project.root) ? relativeTo(absolute, project.root) : null;
    const host = inside !== null ? inside || 'checkout' : (source ?? 'host').replace(/^~/, 'home');
    return make('bind', { source: host }, { kind: 'bind', name: inside ?? source, stable: true, reason: null }, inside);
  }
  if (source === null || source === '') {
    return make(
      'anonymous-volume',
      {},
      {
        kind: 'anonymous',
        name: null,
        stable: false,
        reason: removed ? '--rm removes it with the container' : 'a volume without a name belongs to one container',
      },
      null,
    );
  }
  return make('named-volume', { name: source }, { kind: 'named', name: source, stable: true, reason: null }, null);
}

const stripTag = (image: string): string => image.replace(/:[^/:]*$/, '');

/** Launches of every `docker run` that starts the bot. */
export async function dockerRunLaunches(project: Project): Promise<Launch[]> {
  const { runs, built } = await collect(project);
  if (runs.length === 0) return [];
  const images = await ownImages(project);
  const launches: Launch[] = [];
  const candidates = runs.map((run) => ({
    name: run.options.find(([name]) => name === '--name')?.[1] ?? '',
    image: run.image,
    targets: run.options.filter(([name]) => /^(-v|--volume|--mount)$/.test(name)).map(([, value]) => value ?? ''),
  }));
  for (const [index, run] of runs.slice(0, 100).entries()) {
    if (run.image !== null && isInfrastructure(run.image)) continue;
    const candidate = candidates[index];
    const made = built.find((one) => run.image !== null && stripTag(one.tag) === stripTag(run.image));
    const reason =
      made !== undefined ? null : candidate === undefined ? null : likelyBot(project, candidate, candidates);
    if (made === undefined && reason === null) continue;
    for (const image of made === undefined ? images : await imageOf(project, made, images)) {
      const note =
        reason === null
          ? null
          : `it runs ${run.image ?? 'an image named by a variable'}; it is taken for the image of ${image.dockerfile} because ${reason}`;
      const found = await runLaunches(project, run, image, note);
      launches.push(...found);
      if (found.length > 0) break;
    }
  }
  return launches;
}

async function imageOf(project: Project, built: Built, images: readonly OwnImage[]): Promise<readonly OwnImage[]> {
  const path = built.dockerfile ?? (built.context === '' ? 'Dockerfile' : `${built.context}/Dockerfile`);
  const read = await readDockerfile(project, path, { context: built.context });
  const stage = read.ok ? finalStage(read.model, null) : null;
  return stage === null ? images : [{ stage, dockerfile: path, context: built.context }];
}

async function runLaunches(project: Project, run: Run, image: OwnImage, note: string | null): Promise<Launch[]> {
  const last = (...names: string[]): string | null =>
    run.options.filter(([name]) => names.includes(name)).at(-1)?.[1] ?? null;
  const has = (name: string): boolean => run.options.some(([option]) => option === name);
  const env = new Map<string, string>();
  const hidden: string[] = [];
  const notes: string[] = note === null ? [] : [note];
  const mounts: ContainerMount[] = [];
  for (const [option, value] of run.options) {
    if (option === '--env-file') {
      const below = relativeTo(run.cwd, project.root) ?? '';
      const path = value === null || value.startsWith('/') ? null : inProject(below, value);
      const text = path === null ? null : project.text(path);
      const parsed = text === null ? null : parseDockerEnvFile(text);
      if (parsed?.ok === true) for (const [name, one] of parsed.values) env.set(name, one);
      else hidden.push(`the env-file ${value ?? ''} is not in the tree`);
    } else if (option === '-e' || option === '--env') {
      const equals = value?.indexOf('=') ?? -1;
      if (value === null || equals <= 0) hidden.push(`${value ?? 'a variable'} is taken over from the shell`);
      else env.set(value.slice(0, equals), value.slice(equals + 1));
    } else if (['-v', '--volume', '--mount', '--tmpfs'].includes(option)) {
      const mount = runMount(run, option, value, project);
      if (mount !== null) mounts.push(mount);
      else notes.push(`${option} ${value ?? 'with a value that is known only at run time'} could not be placed`);
    }
  }
  if (has('--rm')) notes.push('--rm removes the container, with its writable layer, as soon as it stops');
  const entrypoint = last('--entrypoint');
  const pids = last('--pids-limit');
  const result = await containerLaunches(project, {
    id: `docker-run:${run.file}:${run.line}`,
    kind: 'dockerfile',
    file: run.file,
    line: run.line,
    origin: `${run.file} line ${run.line} (${run.engine} run)`,
    engine: run.engine,
    stage: image.stage,
    dockerfile: image.dockerfile,
    context: image.context,
    image: run.image,
    entrypoint: entrypoint === null ? null : { words: splitWords(entrypoint) },
    command: run.command.length === 0 ? null : { words: run.command },
    workdir: last('-w', '--workdir'),
    env,
    hidden,
    user: last('-u', '--user'),
    mounts,
    replicas: null,
    overlaps: false,
    supervisor: run.engine,
    stopSignal: last('--stop-signal'),
    stopSeconds: seconds(last('--stop-timeout')) ?? DOCKER_STOP_SECONDS,
    init: has('--init'),
    limits: {
      pids: pids !== null && /^\d+$/.test(pids) ? Number(pids) : null,
      memoryBytes: bytes(last('-m', '--memory')),
      shmBytes: bytes(last('--shm-size')),
    },
    notes,
    presumed: null,
    rootReadOnly: has('--read-only'),
  });
  return result.launches;
}
