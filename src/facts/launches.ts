import { findLaunches } from '../launch/find.ts';
import { findMachineLaunches } from '../launch/machine.ts';
import { botProcess } from '../lifecycle/bot-process.ts';
import { stopOutcomes } from '../lifecycle/stop.ts';
import type { ProjectFact } from '../model/facts.ts';
import type { Launch } from '../model/launch.ts';
import { absolutePath } from '../model/path.ts';
import { deployedOf } from './deployed.ts';
import { defineFact, type Gap } from './graph.ts';
import type { Machine } from './machine.ts';
import { findBotProcesses, processRootReader } from './processes.ts';
import { createReader } from './reader.ts';

/** The one process or container that the user named. */
async function namedProcess(machine: Machine, pid: number | null, gap: Gap): Promise<Launch[]> {
  const { container } = machine;
  if (pid === null) {
    const { containerLaunch } = await import('./container.ts');
    return container === null ? [] : [containerLaunch(container, null)];
  }
  const proc = createReader();
  const found = findBotProcesses({ proc, rootOf: processRootReader, project: null, reader: proc, packages: [], pid });
  for (const problem of found.problems) gap(problem);
  // Its package is the project: whatever lies above it in the process's own file system.
  const launches = found.launches.map((launch) => ({ ...launch, packageRoot: packageIn(machine, launch) }));
  if (container === null) return launches;
  const { containerLaunch } = await import('./container.ts');
  const [first, ...others] = launches;
  return [containerLaunch(container, first ?? null), ...others];
}

function packageIn(machine: Machine, { packageAt }: Launch): string {
  const project = machine.project === '/' ? '' : machine.project;
  return packageAt?.startsWith(`${project}/`) === true ? packageAt.slice(project.length + 1) : '';
}

/** Bots that run on this machine now, and what could not be read of its processes. */
function liveProcesses(machine: Machine, { botPackages }: ProjectFact, gap: Gap): Launch[] {
  const { reader, project } = machine;
  const search = { proc: reader, rootOf: processRootReader, project, reader, packages: botPackages };
  const { launches: running, problems } = findBotProcesses(search);
  for (const problem of problems) gap(problem);
  return [...running];
}

/** Every way in which the bot is started: what the project declares, what the machine runs as services, and what runs now. */
export const launches = defineFact({
  name: 'launches',
  needs: ['project', 'lifecycle', 'sites'],
  async collect(machine, { project, lifecycle, sites }, gap) {
    const found: Launch[] = [];
    const named = machine.pid !== null || machine.container !== null;
    if (named) {
      found.push(...(await namedProcess(machine, machine.pid, gap)));
    } else {
      const declared = await findLaunches(machine.reader, machine.project, project.botPackages);
      for (const problem of declared.problems) gap(problem);
      found.push(...declared.launches);
    }
    if (!named && machine.target === 'host' && project.botPackages.length > 0) {
      const services = await findMachineLaunches(machine.reader, machine.project, project.botPackages);
      for (const problem of services.problems) gap(problem);
      found.push(...services.launches);
      if (machine.live && machine.reader.status(absolutePath('/proc/self')).ok)
        found.push(...liveProcesses(machine, project, gap));
    }
    const bot = botProcess(lifecycle.signals, sites, lifecycle.puppeteer);
    const { deploy } = machine.declared;
    const judged = named || deploy === null || project.botPackages.length === 0 ? found : deployedOf(found, deploy);
    return judged.map((launch) => ({ ...launch, stops: stopOutcomes(launch, bot) }));
  },
});
