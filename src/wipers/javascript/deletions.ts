import type { Launch } from '../../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import type { SessionVerdict, SourceDeletion, SourceTrigger } from '../../model/wiper.ts';
import type { SourceTree } from '../../session/source/tree.ts';
import type { CommandEffect, SessionTarget } from '../effect.ts';
import { UNKNOWN_TEXT } from '../effect.ts';
import { couldBe, matchesName, quoteGlob } from '../paths.ts';
import type { CommandAnalyser } from '../shell/analyse.ts';
import { plantSessions } from '../shell/profile-model.ts';
import { Tree } from '../shell/tree.ts';
import type { World } from '../world.ts';
import { surroundings } from './analyse.ts';
import { explore } from './explore.ts';
import type { Deed } from './files.ts';
import type { RunShell } from './tool-modules.ts';

export interface SourceInput {
  readonly tree: SourceTree;
  readonly world: World;
  readonly project: AbsolutePath;
  readonly targets: readonly SessionTarget[];
  readonly launches: readonly Launch[];
  readonly home: AbsolutePath | null;
  readonly analyser: CommandAnalyser | null;
}

export interface SourceFindings {
  readonly deletions: SourceDeletion[];
  readonly problems: string[];
}

/** From the most automatic to the least. A place that several things reach is named by the first. */
const TRIGGERS: readonly SourceTrigger[] = ['start', 'event', 'signal', 'timer', 'route', 'test', 'unknown'];
const TEST_FILE = /(?:^|\/)(?:tests?|__tests__|spec|e2e|cypress)\/|[.-](?:test|spec|e2e)\.[cm]?[jt]sx?$/;
const ROUTE_FILE =
  /(?:^|\/)(?:routes?|routers?|controllers?|api|endpoints?|handlers?)\/|(?:route|router|controller|api|endpoint)s?\.[cm]?[jt]s$/i;

/**
 * Where the bot's own source deletes a session, or logs it out, and what makes it do so. The source is acted out with every branch
 * open and every handler called; nothing of it is executed. Never throws.
 */
export async function findDeletions(input: SourceInput): Promise<SourceFindings> {
  const problems: string[] = [];
  if (input.targets.length === 0) return { deletions: [], problems };
  const models = plantSessions(input.world, input.targets);
  const around = await surroundings({
    world: models.world,
    root: input.project,
    home: input.home,
    source: input.tree,
    shell: shellOf(input, models.world),
  });
  if ('reason' in around) return { deletions: [], problems: [around.reason] };
  const explored = explore(around, new Tree(models.world), input);
  problems.push(...explored.problems);
  const bySite = new Map<string, Deed[]>();
  for (const deed of explored.deeds) {
    const key = `${deed.file}:${deed.line}:${deed.kind}`;
    const known = bySite.get(key);
    if (known === undefined) bySite.set(key, [deed]);
    else known.push(deed);
  }
  const deletions: SourceDeletion[] = [];
  for (const deeds of bySite.values()) {
    const made = deletionOf(deeds, input);
    if (made !== null) deletions.push(made);
  }
  deletions.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line));
  return { deletions, problems: [...new Set(problems)].sort() };
}

/** Acts out command lines that source runs. */
export function shellOf(
  input: {
    readonly analyser: CommandAnalyser | null;
    readonly targets: readonly SessionTarget[];
    readonly project: AbsolutePath;
    readonly home: AbsolutePath | null;
  },
  world: World,
): RunShell | null {
  const { analyser, targets, project, home } = input;
  if (analyser === null) return null;
  return (command, { cwd, env, via }) =>
    analyser.analyse(command, {
      world,
      cwd: absolutePath(cwd.startsWith('/') ? cwd : `/${cwd}`),
      sessions: targets,
      root: project,
      env,
      home,
      flavour: 'unknown',
      via,
    });
}

function triggerOf(deeds: readonly Deed[]): { trigger: SourceTrigger; name: string | null } {
  let best: { trigger: SourceTrigger; name: string | null } = { trigger: 'unknown', name: null };
  for (const { trigger, file, around } of deeds) {
    let kind: SourceTrigger = trigger.kind;
    if (TEST_FILE.test(file)) kind = 'test';
    else if (
      kind === 'unknown' &&
      (/\(\s*_?req(?:uest)?\b|@(?:Post|Get|Delete|Put)\(/.test(around ?? '') || ROUTE_FILE.test(file))
    )
      kind = 'route';
    if (TRIGGERS.indexOf(kind) < TRIGGERS.indexOf(best.trigger)) best = { trigger: kind, name: trigger.name };
  }
  return best;
}

function deletionOf(deeds: readonly Deed[], input: SourceInput): SourceDeletion | null {
  const [first] = deeds;
  if (first === undefined) return null;
  const sessions =
    first.kind === 'delete'
      ? verdicts(deeds, input)
      : logoutVerdicts(deeds, input).filter(({ path }) => first.kind === 'logout' || isUnpacked(path));
  if (!sessions.some(({ deleted, partial, reason }) => deleted !== false || partial || reason !== null)) return null;
  const { trigger, name } = triggerOf(deeds);
  const always = deeds.some(({ effect }) => effect.certainty === 'certain');
  return {
    file: first.file,
    line: first.line,
    trigger,
    triggerName: name,
    what: first.what,
    kind: first.kind === 'logout' ? 'logout' : 'delete',
    condition: always ? null : (first.effect.reason ?? 'it depends on something that is not known'),
    sessions,
  };
}

function logoutVerdicts(deeds: readonly Deed[], input: SourceInput): SessionVerdict[] {
  const judged = verdicts(deeds, input);
  const some = judged.some(({ deleted }) => deleted === true);
  return judged.map((verdict) =>
    some && verdict.deleted !== true ? verdict : { ...verdict, deleted: true, partial: false, reason: null },
  );
}

/** RemoteAuth's directory: only its login lies in a store. */
function isUnpacked(path: string): boolean {
  return /(?:^|\/)RemoteAuth(?:-[^/]*)?$/.test(path);
}

/** What the effects of one place do together. When the place runs is not asked here: that is the trigger. */
function verdicts(deeds: readonly Deed[], { analyser, world, project, targets, home }: SourceInput): SessionVerdict[] {
  const effects = deeds.filter(({ effect }) => effect.kind !== 'unknown').map(({ effect }) => effect);
  return targets.flatMap((target) => {
    // A move into the place where a session belongs is a migration.
    const named = effects
      .map((effect) => asIfNamed(effect, target, project))
      .filter(({ kind, to }) => kind !== 'move' || to === null || !couldBe(to, target.path));
    const known = analyser?.verdict(named, { world, cwd: project, root: project, sessions: [target], home }) ?? [];
    return known.map(({ deleted, partial, reason }) => ({ path: target.name, deleted, partial, reason }));
  });
}

/**
 * `session-` + id where the session's own name holds an id: the same place. Whether the code runs is not the question here, so
 * that a condition does not make it doubtful; a path that is only partly known does.
 */
function asIfNamed(effect: CommandEffect, target: SessionTarget, project: AbsolutePath): CommandEffect {
  const open = target.name.includes('<');
  const named = (target.name.startsWith('/') ? target.name : `${project}/${target.name}`).split('/');
  const real = target.path.split('/');
  const patterns = effect.patterns.map((pattern) => {
    if (!open || !pattern.includes(UNKNOWN_TEXT)) return pattern;
    return pattern
      .split('/')
      .map((part, index) => {
        const wanted = real[index];
        if (wanted === undefined || !part.includes(UNKNOWN_TEXT) || named[index]?.includes('<') !== true) return part;
        const glob = part.split(UNKNOWN_TEXT).map(quoteGlob).join('*');
        return matchesName(glob, wanted, { dot: true, extended: false }) ? wanted : part;
      })
      .join('/');
  });
  const asked = /\bprocess\.(?:env|argv)\b/.test(effect.reason ?? '');
  const whole = !asked && patterns.every((pattern) => !pattern.includes(UNKNOWN_TEXT));
  return whole ? { ...effect, patterns, certainty: 'certain', reason: null } : { ...effect, patterns };
}
