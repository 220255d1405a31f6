import { botProcess } from '../lifecycle/bot-process.ts';
import { findLifecycle } from '../lifecycle/find.ts';
import { directOutcomes } from '../lifecycle/stop.ts';
import { findSites } from '../session/sites.ts';
import { defineFact } from './graph.ts';
import { sourceOf } from './source.ts';

/** Places in the source that build an auth strategy. */
export const sites = defineFact({
  name: 'sites',
  needs: [],
  async collect(machine, _, gap) {
    const tree = await sourceOf(machine);
    const found = findSites(tree);
    for (const problem of found.problems) gap(problem);
    return found.sites;
  },
});

/** How the source ends the client. */
export const lifecycle = defineFact({
  name: 'lifecycle',
  needs: ['project', 'sites'],
  async collect(machine, { project, sites: found }) {
    const tree = await sourceOf(machine);
    const seen = findLifecycle(tree, project.botPackages);
    const { puppeteerVersion: puppeteer, libraryVersion: library } = project;
    return { ...seen, puppeteer, library, direct: directOutcomes(botProcess(seen.signals, found, puppeteer)) };
  },
});
