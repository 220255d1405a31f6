import type { AuthSite } from '../model/auth-site.ts';
import type { Facts } from '../model/facts.ts';
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { SessionPath } from '../model/session-path.ts';
import type { SourceTree } from '../session/source/tree.ts';
import type { SessionTarget } from '../wipers/effect.ts';
import { findHandling, findScripts, prepare, type ScriptsInput } from '../wipers/find-scripts.ts';
import { findDeletions } from '../wipers/javascript/deletions.ts';
import { sessionTargets, targetOf } from '../wipers/targets.ts';
import { defineFact, type Gap } from './graph.ts';
import type { Machine } from './machine.ts';
import { sourceOf } from './source.ts';

/** What `--session` names, else where the bot keeps its login. */
function targetsOf(
  machine: Machine,
  sites: readonly AuthSite[],
  launches: readonly Launch[],
  sessions: readonly SessionPath[],
): SessionTarget[] {
  if (machine.sessions.length > 0) return machine.sessions.map((path) => targetOf(machine.project, path));
  return sessionTargets(machine.project, sites, launches, sessions);
}

function homeOf(machine: Machine): AbsolutePath | null {
  const { HOME: home } = machine.env;
  return machine.target === 'host' && home?.startsWith('/') === true ? absolutePath(home) : null;
}

async function sourceOrNull(machine: Machine, gap: Gap): Promise<SourceTree | null> {
  try {
    return await sourceOf(machine);
  } catch (error) {
    gap(error instanceof Error ? error.message : String(error));
    return null;
  }
}

const inputs = new WeakMap<Machine, Promise<ScriptsInput>>();

/** One input object a machine: what was examined for one fact is there for the next. */
function inputOf(
  machine: Machine,
  facts: Pick<Facts, 'sites' | 'launches' | 'sessions'>,
  gap: Gap,
): Promise<ScriptsInput> {
  let input = inputs.get(machine);
  if (input === undefined) {
    const make = async (): Promise<ScriptsInput> => ({
      reader: machine.reader,
      project: machine.project,
      targets: targetsOf(machine, facts.sites, facts.launches, facts.sessions),
      launches: facts.launches,
      home: homeOf(machine),
      source: await sourceOrNull(machine, gap),
    });
    input = make();
    inputs.set(machine, input);
  }
  return input;
}

/** Everything that runs commands in the project, and what it does to the session. */
export const scripts = defineFact({
  name: 'scripts',
  needs: ['sites', 'launches', 'sessions'],
  async collect(machine, facts, gap) {
    const { scripts: found, problems } = await findScripts(await inputOf(machine, facts, gap));
    for (const problem of problems) gap(problem);
    return found;
  },
});

/** What else handles the files of a session: watchers, images, backups. */
export const handling = defineFact({
  name: 'handling',
  needs: ['sites', 'launches', 'sessions'],
  async collect(machine, facts, gap) {
    return findHandling(await inputOf(machine, facts, gap));
  },
});

/** Where the bot's own source deletes the session, or logs it out. */
export const sourceDeletions = defineFact({
  name: 'sourceDeletions',
  needs: ['sites', 'launches', 'sessions'],
  async collect(machine, facts, gap) {
    const tree = await sourceOf(machine);
    const input = await inputOf(machine, facts, gap);
    const { analyser, world } = await prepare(input);
    const { project, targets, launches, home } = input;
    const { deletions, problems } = await findDeletions({ tree, world, analyser, project, targets, launches, home });
    for (const problem of problems) gap(problem);
    return deletions;
  },
});
