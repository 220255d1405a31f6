import { findLaunches } from '../launch/find.ts';
import { findMachineLaunches } from '../launch/machine.ts';
import type { Launch } from '../model/launch.ts';
import { defineFact } from './graph.ts';

/** Every way in which the bot is started: what the project declares, and on a host what the machine runs. */
export const launches = defineFact({
  name: 'launches',
  needs: ['project', 'lifecycle', 'sites'],
  async collect(machine, { project, lifecycle, sites }, gap) {
    const declared = await findLaunches(machine.reader, machine.project, project.botPackages);
    for (const problem of declared.problems) gap(problem);
    const found: Launch[] = [...declared.launches];
    if (machine.target === 'host' && project.botPackages.length > 0) {
      const services = await findMachineLaunches(machine.reader, machine.project, project.botPackages);
      for (const problem of services.problems) gap(problem);
      found.push(...services.launches);
    }
    const { botProcess } = await import('../lifecycle/bot-process.ts');
    const { stopOutcomes } = await import('../lifecycle/stop.ts');
    const bot = botProcess(lifecycle.signals, sites, lifecycle.puppeteer);
    return found.map((launch) => ({ ...launch, stops: stopOutcomes(launch, bot) }));
  },
});
