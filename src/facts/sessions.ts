import { absolutePath } from '../model/path.ts';
import { resolveSessions, sitesOfBot } from '../session/sessions.ts';
import { declaredSessions } from './declared-sessions.ts';
import { defineFact } from './graph.ts';
import { isVisible, judgeFor, recommendFor, storageOf } from './storage.ts';

/** Site × launch: the directory in which the bot really keeps its login, with its trail and what it survives. */
export const sessions = defineFact({
  name: 'sessions',
  needs: ['sites', 'launches'],
  collect(machine, { sites, launches }) {
    if (sitesOfBot(sites).length === 0) return declaredSessions(machine, [], launches);
    // Without the machine's table no path on it can be judged: the reason is said once, here.
    if (machine.target === 'host') storageOf(machine);
    const { HOME: home } = machine.env;
    const resolved = resolveSessions(sites, launches, {
      project: machine.project,
      home: home?.startsWith('/') === true ? absolutePath(home) : null,
      env: machine.target === 'host' ? machine.env : {},
      judge: (launch, path) => judgeFor(machine, launch, path),
      recommend: (launch) => recommendFor(machine, launch),
      reader: machine.reader,
      locate: (launch, path) => {
        if (machine.target === 'repo') return null;
        return isVisible(machine, launch) ? path : null;
      },
    });
    return declaredSessions(machine, resolved, launches);
  },
});
