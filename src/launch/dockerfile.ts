/** A Dockerfile as the engine would build it, as far as it decides how the bot starts and where things lie. Nothing is built. */
import type { Copy, Entrypoint, Env, From, Instruction, JSONInstruction } from 'dockerfile-ast';
import {
  type AbsolutePath,
  absolutePath,
  baseName,
  isInside,
  parentOf,
  relativeTo,
  resolvePath,
} from '../model/path.ts';
import { baseImage } from './base-images.ts';
import type { CommandText } from './command.ts';
import { copySources, matches } from './copy-sources.ts';
import { expandDockerfile } from './expand.ts';
import type { Project } from './source.ts';
import { splitWords } from './words.ts';
import { fromImage, type Placement } from './world.ts';

/** The largest Dockerfile of the real bots has 4 kB; dockerfile-ast needs 60 ms for this much. */
const SIZE_LIMIT = 256 * 1024;
const INSTRUCTION_LIMIT = 3_000;

/** What a stage of a Dockerfile leaves in its image. */
export interface ImageStage {
  readonly name: string | null;
  /** The image at the bottom: `node:20-alpine`. */
  readonly base: string;
  readonly env: Map<string, string>;
  readonly args: Map<string, string>;
  workdir: AbsolutePath;
  user: string | null;
  entrypoint: CommandText | null;
  command: CommandText | null;
  /** Was the command set in this stage rather than taken over? */
  ownCommand: boolean;
  shell: readonly string[];
  readonly volumes: { readonly at: AbsolutePath; readonly line: number }[];
  readonly placements: Placement[];
  stopSignal: string | null;
  /** Line of the CMD or ENTRYPOINT that counts, else of FROM. */
  line: number;
  /** Repositories that the build clones, and where they lie. */
  readonly clones: { readonly url: string; readonly at: AbsolutePath }[];
}

export interface DockerfileModel {
  readonly path: string;
  readonly context: string;
  readonly stages: readonly ImageStage[];
}

export interface BuildOptions {
  /** Build context, relative to the project. */
  readonly context: string;
  readonly args?: ReadonlyMap<string, string>;
  /** The text itself, where it does not stand in a file of its own (`dockerfile_inline`). */
  readonly text?: string | null;
}

const SCRATCH_WORKDIR = '/' as AbsolutePath;

function newStage(name: string | null, base: string, parent: ImageStage | null, line: number): ImageStage {
  if (parent !== null) {
    return {
      ...parent,
      name,
      env: new Map(parent.env),
      args: new Map(),
      ownCommand: false,
      volumes: [...parent.volumes],
      placements: [...parent.placements],
      clones: [...parent.clones],
    };
  }
  const known = baseImage(base);
  return {
    name,
    base,
    env: new Map(),
    args: new Map(),
    workdir: known?.workdir === undefined ? SCRATCH_WORKDIR : absolutePath(known.workdir),
    user: known?.user ?? null,
    entrypoint: known?.entrypoint === undefined ? null : { words: known.entrypoint },
    command: null,
    ownCommand: false,
    shell: ['/bin/sh', '-c'],
    volumes: [],
    placements: [],
    stopSignal: null,
    line,
    clones: [],
  };
}

/** Arguments of an instruction as written, quotes removed. */
function words(instruction: Instruction): string[] {
  return instruction.getArguments().map((argument) => argument.getValue().replace(/^(["'])([\s\S]*)\1$/, '$2'));
}

/** ENTRYPOINT, CMD and SHELL: the words of the exec form, or the text of the shell form. */
function commandOf(instruction: JSONInstruction, shell: readonly string[]): CommandText | null {
  const opening = instruction.getOpeningBracket();
  if (opening !== null && instruction.getClosingBracket() !== null) {
    return { words: instruction.getJSONStrings().map((text) => text.getJSONValue()) };
  }
  const text = instruction.getArgumentsContent();
  return text === null ? null : { shell: text, with: shell };
}

/**
 * Read a Dockerfile.
 *
 * @param path relative to the project
 * @returns the model, or the reason why there is none
 */
export async function readDockerfile(
  project: Project,
  path: string,
  options: BuildOptions,
): Promise<{ ok: true; model: DockerfileModel } | { ok: false; reason: string }> {
  const text = options.text ?? project.text(path);
  if (text === null) return { ok: false, reason: `${path} is not in the tree or could not be read` };
  if (text.length > SIZE_LIMIT)
    return { ok: false, reason: `${path} is larger than ${SIZE_LIMIT / 1024} KiB and was not read` };
  if (text.includes('\0')) return { ok: false, reason: `${path} holds NUL bytes and is not a Dockerfile` };
  const { DockerfileParser } = await import('dockerfile-ast');
  let instructions: Instruction[];
  try {
    instructions = DockerfileParser.parse(text).getInstructions();
  } catch {
    return { ok: false, reason: `${path} could not be parsed` };
  }
  if (instructions.length > INSTRUCTION_LIMIT) {
    return { ok: false, reason: `${path} has more than ${INSTRUCTION_LIMIT} instructions and was not read` };
  }
  const build = new Build(project, options);
  for (const instruction of instructions) build.instruction(instruction);
  if (build.stages.length === 0) return { ok: false, reason: `${path} has no FROM` };
  return { ok: true, model: { path, context: options.context, stages: build.stages } };
}

class Build {
  readonly stages: ImageStage[] = [];
  readonly global = new Map<string, string>();
  readonly project: Project;
  readonly options: BuildOptions;

  constructor(project: Project, options: BuildOptions) {
    this.project = project;
    this.options = options;
  }

  stageNamed(name: string): ImageStage | null {
    if (/^\d+$/.test(name)) return this.stages[Number(name)] ?? null;
    for (let at = this.stages.length - 1; at >= 0; at -= 1) {
      const stage = this.stages[at];
      if (stage?.name?.toLowerCase() === name.toLowerCase()) return stage;
    }
    return null;
  }

  instruction(instruction: Instruction): void {
    const keyword = instruction.getKeyword();
    const line = instruction.getRange().start.line + 1;
    const stage = this.stages.at(-1);
    if (keyword === 'FROM') {
      const from = instruction as From;
      const image = expandDockerfile(from.getImage() ?? 'scratch', this.global);
      const parent = this.stageNamed(image);
      this.stages.push(newStage(from.getBuildStage(), parent?.base ?? image, parent, line));
      return;
    }
    if (keyword === 'ARG') {
      this.argument(instruction, stage);
      return;
    }
    if (stage === undefined) return;
    const scope = new Map([...stage.args, ...stage.env]);
    const expand = (text: string): string => expandDockerfile(text, scope);
    switch (keyword) {
      case 'ENV':
        for (const property of (instruction as Env).getProperties()) {
          stage.env.set(property.getName(), expand(property.getValue() ?? ''));
        }
        return;
      case 'WORKDIR': {
        const target = expand(words(instruction).join(' '));
        if (target !== '') stage.workdir = resolvePath(stage.workdir, target);
        return;
      }
      case 'USER':
        stage.user = expand(words(instruction)[0] ?? '') || null;
        return;
      case 'STOPSIGNAL':
        stage.stopSignal = expand(words(instruction)[0] ?? '') || null;
        return;
      case 'VOLUME': {
        const json = commandOf(instruction as JSONInstruction, []);
        const paths = json !== null && 'words' in json ? json.words : words(instruction);
        for (const path of paths) {
          const at = expand(path);
          if (at !== '') stage.volumes.push({ at: resolvePath(stage.workdir, at), line });
        }
        return;
      }
      case 'SHELL': {
        const shell = commandOf(instruction as JSONInstruction, []);
        if (shell !== null && 'words' in shell) stage.shell = shell.words;
        return;
      }
      case 'ENTRYPOINT':
        stage.entrypoint = commandOf(instruction as Entrypoint, stage.shell);
        // A new entrypoint drops the command of the image below (docs.docker.com, Dockerfile reference).
        if (!stage.ownCommand) stage.command = null;
        stage.line = line;
        return;
      case 'CMD':
        stage.command = commandOf(instruction as JSONInstruction, stage.shell);
        stage.ownCommand = true;
        stage.line = line;
        return;
      case 'RUN':
        stage.clones.push(...clonesOf(instruction.getArgumentsContent() ?? '', stage.workdir));
        return;
      case 'COPY':
      case 'ADD':
        this.copy(instruction as Copy, stage, expand);
        return;
      default:
        return;
    }
  }

  argument(instruction: Instruction, stage: ImageStage | undefined): void {
    const raw = instruction.getArgumentsContent() ?? '';
    for (const [, name = '', quoted, bare] of raw.matchAll(/([A-Za-z_]\w*)(?:=(?:"([^"]*)"|'?([^\s']*)'?))?/g)) {
      const given = this.options.args?.get(name);
      const scope = stage === undefined ? this.global : new Map([...stage.args, ...stage.env]);
      const written = quoted ?? bare;
      const value =
        given ??
        (written === undefined || (written === '' && !raw.includes('='))
          ? undefined
          : expandDockerfile(written, scope));
      if (stage === undefined) {
        if (value !== undefined) this.global.set(name, value);
      } else {
        const inherited = value ?? this.global.get(name);
        if (inherited !== undefined) stage.args.set(name, inherited);
      }
    }
  }

  /** What a pattern of `COPY --from` takes from the files of another stage. */
  matching(placements: readonly Placement[], pattern: AbsolutePath, target: AbsolutePath): readonly Placement[] {
    const directory = parentOf(pattern);
    const taken: Placement[] = [];
    for (const placement of placements) {
      if (parentOf(placement.at) === directory && matches(baseName(placement.at), baseName(pattern))) {
        taken.push({ from: placement.from, at: resolvePath(target, baseName(placement.at)) });
      } else if (isInside(directory, placement.at)) {
        const below = relativeTo(pattern, placement.at) ?? '';
        taken.push(...copySources(this.project, placement.from, below, target, true));
      }
    }
    return taken;
  }

  copy(instruction: Copy, stage: ImageStage, expand: (text: string) => string): void {
    if (instruction.getHeredocs().length > 0) return;
    const json = commandOf(instruction, []);
    const parts = (json !== null && 'words' in json ? [...json.words] : words(instruction)).map(expand);
    const target = parts.pop();
    if (target === undefined || parts.length === 0) return;
    const at = resolvePath(stage.workdir, target);
    const directory =
      target.endsWith('/') ||
      parts.length > 1 ||
      at === stage.workdir ||
      /(^|\/)\.{1,2}$/.test(target) ||
      stage.placements.some((placement) => placement.at !== at && isInside(placement.at, at));
    const flag = instruction.getFlags().find((candidate) => candidate.getName() === 'from');
    const from = flag === undefined ? null : expand(flag.getValue() ?? '');
    if (from !== null) {
      const source = this.stageNamed(from);
      if (source === null) return;
      for (const part of parts) {
        const path = resolvePath('/' as AbsolutePath, part);
        if (/[*?[]/.test(part)) stage.placements.push(...this.matching(source.placements, path, at));
        else stage.placements.push(...fromImage(source.placements, path, at, directory));
      }
      return;
    }
    for (const part of parts) {
      if (/^[a-z]+:\/\/|^git@/.test(part)) continue;
      stage.placements.push(...copySources(this.project, this.options.context, part, at, directory));
    }
  }
}

/** Repositories that a RUN clones, and where to. */
function clonesOf(text: string, workdir: AbsolutePath): { url: string; at: AbsolutePath }[] {
  const clones: { url: string; at: AbsolutePath }[] = [];
  for (const command of text.slice(0, 20_000).split(/&&|;|\n/)) {
    const words = splitWords(command);
    const from = words.indexOf('clone');
    if (from < 1 || !words[from - 1]?.endsWith('git')) continue;
    const plain = words.slice(from + 1).filter((word) => !word.startsWith('-'));
    const url = plain.find((word) => /^(https?|git|ssh):\/\/|^git@/.test(word));
    if (url === undefined) continue;
    const name = url
      .replace(/\/+$/, '')
      .replace(/\.git$/, '')
      .replace(/^.*[/:]/, '');
    clones.push({ url, at: resolvePath(workdir, plain[plain.indexOf(url) + 1] ?? name) });
  }
  return clones;
}

/** The stage that runs: the named target, else the last one. */
export function finalStage(model: DockerfileModel, target: string | null): ImageStage | null {
  if (target === null || target === '') return model.stages.at(-1) ?? null;
  return model.stages.find((stage) => stage.name?.toLowerCase() === target.toLowerCase()) ?? null;
}
