import { type AbsolutePath, absolutePath } from '../model/path.ts';
import { inspectProfile } from '../profile/inspect.ts';
import { gitStatus } from '../wipers/git/status.ts';
import { defineFact } from './graph.ts';
import { browserOfBot } from './next-browser.ts';
import { readOwners } from './owners.ts';
import { isVisible } from './storage.ts';
import { storedSessions } from './stored-sessions.ts';

const uniquePaths = (paths: readonly (AbsolutePath | null)[]): AbsolutePath[] => [
  ...new Set(paths.filter((path) => path !== null)),
];

/** What git would do with each session directory. Git itself is never run. */
export const git = defineFact({
  name: 'git',
  needs: ['sessions'],
  collect(machine, { sessions }) {
    const { HOME: home } = machine.env;
    const directories = uniquePaths(sessions.map(({ userDataDir }) => userDataDir));
    return gitStatus(machine.reader, machine.project, directories, home?.startsWith('/') ? absolutePath(home) : null);
  },
});

/** The profile in each session directory of this machine; quick: names, manifests and log tails. */
export const profiles = defineFact({
  name: 'profiles',
  needs: ['sessions', 'launches', 'sites'],
  async collect(machine, { sessions, launches, sites }) {
    const elsewhere = new Set(launches.filter((launch) => !isVisible(machine, launch)).map(({ id }) => id));
    const here = sessions.filter(({ launch }) => launch === null || !elsewhere.has(launch));
    const paths = uniquePaths(here.map(({ userDataDir }) => userDataDir));
    if (paths.length === 0) return [];
    const directories = [...new Set(paths.flatMap((path) => storedSessions(machine.reader, path)))];
    const owners = readOwners(machine.reader, { live: machine.live && machine.pid === null, env: machine.env });
    const next = browserOfBot(machine, sites, launches);
    return Promise.all(
      directories.map((path) =>
        inspectProfile(machine.reader, owners, path, { depth: 'quick', now: machine.now, next }),
      ),
    );
  },
});
