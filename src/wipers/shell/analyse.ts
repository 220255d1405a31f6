import type { Answer } from '../../model/answer.ts';
import { some } from '../../model/answer.ts';
import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import type {
  CommandContext,
  CommandEffect,
  CommandJudgement,
  SessionTarget,
  ShellFlavour,
  TargetVerdict,
} from '../effect.ts';
import type { World } from '../world.ts';
import { Interpreter } from './interpreter.ts';
import { loadShellParser, type ShellParser } from './parser.ts';
import { judgeSession, plantSessions, type SessionModels } from './profile-model.ts';
import { type Engine, Input, type Io, Run, Shell } from './shell.ts';
import { dispatch } from './tools/dispatch.ts';
import { applyEffect } from './tools/follow.ts';
import { Tree } from './tree.ts';
import { looksLikeBatch, runBatch } from './windows/batch.ts';
import { runPowerShell } from './windows/powershell.ts';

/** How a text is to be read; `auto`: as shell, unless it is plainly cmd.exe or PowerShell. */
export type Language = 'auto' | 'shell' | 'bash' | 'batch' | 'powershell';

/** Judges commands against sessions on a model of the file system. Made once, used for any number of commands. */
export interface CommandAnalyser {
  /** What a command does. Never throws; what is not understood is `unknown` with a reason. */
  judge(command: string, context: CommandContext, language?: Language): CommandJudgement;
  /** Only the effects, in order. */
  analyse(command: string, context: CommandContext, language?: Language): readonly CommandEffect[];
  /** What effects found elsewhere (in JavaScript) mean for the sessions. */
  verdict(effects: readonly CommandEffect[], context: CommandContext): readonly TargetVerdict[];
}

const POWERSHELL =
  /^\s*(?:Remove-Item|Get-ChildItem|Clear-Content|Set-Location|\$\w+\s*=\s*['"@(]|if\s*\(\s*(?:-not\s*\(?)?Test-Path|\[CmdletBinding|param\s*\()/i;

/** What bash reads differently from dash. */
const BASH_ONLY =
  /[{][^{}\n]*(?:,|\.\.)[^{}\n]*[}]|\[\[|<\(|<<<|&>|\$'|\bfunction\s|\bshopt\b|\w=\(|\bsource\s|[?*+@!]\(/;

interface Finished {
  readonly run: Run;
  readonly sessions: readonly TargetVerdict[];
}

const NO_IO: Io = { input: new Input(null), output: null };

function finish(run: Run): Finished {
  return { run, sessions: run.models.sessions.map((model) => judgeSession(run.tree, model, run.touched)) };
}

/** Two runs that must agree: where they do not, nobody knows. */
function combine(one: CommandJudgement, other: CommandJudgement, reason: string): CommandJudgement {
  return {
    effects: one.effects,
    removesVolumes: one.removesVolumes === other.removesVolumes ? one.removesVolumes : 'unknown',
    sessions: one.sessions.map((verdict, index) => {
      const second = other.sessions[index];
      if (second === undefined || second.deleted === verdict.deleted) return verdict;
      return { ...verdict, deleted: 'unknown', reason };
    }),
  };
}

/** Which shell `/bin/sh` leads to on the machine under examination. */
function installedShell(world: World): ShellFlavour {
  const name = world.resolve(absolutePath('/bin/sh'))?.split('/').at(-1);
  return name === 'dash' || name === 'bash' || name === 'busybox' ? name : 'unknown';
}

class Analyser implements CommandAnalyser {
  private readonly interpreter: Interpreter;
  private readonly engine: Engine;
  private readonly planted = new WeakMap<World, Map<string, SessionModels>>();
  /** A model of each world that no command is using now. */
  private readonly trees = new WeakMap<World, Tree>();

  constructor(parser: ShellParser) {
    this.interpreter = new Interpreter(parser, dispatch);
    this.engine = {
      execute: (call) => this.interpreter.execute(call),
      program: dispatch,
      source: (shell, text, io) => this.source(shell, text, io),
    };
  }

  private source(shell: Shell, text: string, io: Io) {
    const ok = looksLikeBatch(text) ? runBatch(shell, text, io) : this.interpreter.source(shell, text, io);
    this.interpreter.atExit(shell, io);
    return shell.flow?.kind === 'exit' ? shell.flow.ok : ok;
  }

  private models(context: CommandContext): SessionModels {
    let known = this.planted.get(context.world);
    if (known === undefined) {
      known = new Map();
      this.planted.set(context.world, known);
    }
    const key = context.sessions.map(({ path }) => path).join('\0');
    const before = known.get(key);
    if (before !== undefined) {
      // Names may differ between callers; the planted tree does not.
      if (before.sessions.every(({ target }, index) => target === context.sessions[index])) return before;
      return {
        ...before,
        sessions: before.sessions.map((model, index) => ({
          ...model,
          target: context.sessions[index] ?? model.target,
        })),
      };
    }
    const made = plantSessions(context.world, context.sessions);
    known.set(key, made);
    return made;
  }

  /** Run something on a model of the file system that is as it was found; afterwards it is again. */
  private onTree<T>(models: SessionModels, action: (tree: Tree) => T): T {
    const free = this.trees.get(models.world);
    this.trees.delete(models.world);
    const tree = free === undefined || free.full ? new Tree(models.world) : free;
    try {
      return action(tree);
    } finally {
      tree.reset();
      this.trees.set(models.world, tree);
    }
  }

  private act(command: string, context: CommandContext, flavour: ShellFlavour, language: Language): CommandJudgement {
    const models = this.models(context);
    return this.onTree(models, (tree) => this.actOn(tree, models, command, context, flavour, language));
  }

  private actOn(
    tree: Tree,
    models: SessionModels,
    command: string,
    context: CommandContext,
    flavour: ShellFlavour,
    language: Language,
  ): CommandJudgement {
    const run = new Run(context, models, this.engine, context.root ?? context.cwd, tree);
    const shell = new Shell(run, context.cwd, language === 'bash' ? 'bash' : flavour, context.via ?? [], 0);
    try {
      if (language === 'powershell' || (language === 'auto' && POWERSHELL.test(command)))
        runPowerShell(shell, command, NO_IO);
      else if (language === 'batch') runBatch(shell, command, NO_IO);
      else this.source(shell, command, NO_IO);
    } catch (error) {
      run.giveUp(
        `the command could not be acted out (${error instanceof Error ? error.message.slice(0, 100) : 'error'})`,
      );
    }
    const { sessions } = finish(run);
    return { effects: run.effects, sessions, removesVolumes: run.volumes };
  }

  judge(command: string, context: CommandContext, language: Language = 'auto'): CommandJudgement {
    const flavour = context.flavour === 'unknown' ? installedShell(context.world) : (context.flavour ?? 'dash');
    if (flavour !== 'unknown') return this.act(command, { ...context, flavour }, flavour, language);
    const posix = this.act(command, { ...context, flavour: 'dash' }, 'dash', language);
    if (language === 'bash' || !BASH_ONLY.test(command.slice(0, 100_000))) return posix;
    const bash = this.act(command, { ...context, flavour: 'bash' }, 'bash', language);
    return combine(posix, bash, 'it depends on which shell stands behind sh: dash and bash read this differently');
  }

  analyse(command: string, context: CommandContext, language: Language = 'auto'): readonly CommandEffect[] {
    return this.judge(command, context, language).effects;
  }

  verdict(effects: readonly CommandEffect[], context: CommandContext): readonly TargetVerdict[] {
    const models = this.models(context);
    return this.onTree(models, (tree) => this.apply(tree, models, effects, context));
  }

  private apply(
    tree: Tree,
    models: SessionModels,
    effects: readonly CommandEffect[],
    context: CommandContext,
  ): readonly TargetVerdict[] {
    const run = new Run(context, models, this.engine, context.root ?? context.cwd, tree);
    const shell = new Shell(run, context.cwd, 'dash', [], 0);
    for (const effect of effects) {
      if (effect.kind === 'volumes') continue;
      if (effect.kind === 'unknown') {
        run.doubtSessions(
          effect.reason ?? 'it is not known what it deletes',
          effect.touched ?? effect.patterns,
          effect.tool,
          effect.via,
        );
      } else if (effect.certainty === 'possible') {
        run.perhaps(effect.reason ?? 'it depends on something that is not known before it runs', () =>
          applyEffect(shell, effect),
        );
      } else applyEffect(shell, effect);
    }
    return finish(run).sessions;
  }
}

/** Load the shell parser and make an analyser. */
export async function loadCommandAnalyser(): Promise<CommandAnalyser> {
  return new Analyser(await loadShellParser());
}

/** Does any session go? */
export function deletesAny(judgement: CommandJudgement): Answer {
  return some(judgement.sessions.map(({ deleted }) => deleted));
}

/** A session directory as a target, from a path that may be relative to the package. */
export function sessionTarget(root: AbsolutePath, path: string): SessionTarget {
  return { name: path, path: path.startsWith('/') ? absolutePath(path) : absolutePath(`${root}/${path}`) };
}
