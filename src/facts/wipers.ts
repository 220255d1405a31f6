import type { AuthSite } from '../model/auth-site.ts';
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { SessionPath } from '../model/session-path.ts';
import type { SourceTree } from '../session/source/tree.ts';
import type { SessionTarget } from '../wipers/effect.ts';
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

/** Everything that runs commands in the project, and what it does to the session. */
export const scripts = defineFact({
  name: 'scripts',
  needs: ['sites', 'launches', 'sessions'],
  async collect(machine, { sites, launches, sessions }, gap) {
    const { findScripts } = await import('../wipers/find-scripts.ts');
    const { scripts: found, problems } = await findScripts({
      reader: machine.reader,
      project: machine.project,
      targets: targetsOf(machine, sites, launches, sessions),
      launches,
      home: homeOf(machine),
      source: await sourceOrNull(machine, gap),
    });
    for (const problem of problems) gap(problem);
    return found;
  },
});

/** Where the bot's own source deletes the session, or logs it out. */
export const sourceDeletions = defineFact({
  name: 'sourceDeletions',
  needs: ['sites', 'launches', 'sessions'],
  async collect(machine, { sites, launches, sessions }, gap) {
    const tree = await sourceOf(machine);
    const [{ findDeletions }, { prepare }] = await Promise.all([
      import('../wipers/javascript/deletions.ts'),
      import('../wipers/find-scripts.ts'),
    ]);
    const targets = targetsOf(machine, sites, launches, sessions);
    const input = {
      reader: machine.reader,
      project: machine.project,
      targets,
      launches,
      home: homeOf(machine),
      source: tree,
    };
    const { analyser, world } = await prepare(input);
    const { deletions, problems } = await findDeletions({
      tree,
      world,
      analyser,
      project: machine.project,
      targets,
      launches,
      home: input.home,
    });
    for (const problem of problems) gap(problem);
    return deletions;
  },
});
