import type { AuthSite } from '../model/auth-site.ts';
import type { Launch } from '../model/launch.ts';
import { absolutePath } from '../model/path.ts';
import { type BrowserVersion, nextBrowser } from '../profile/marks-browser.ts';
import { evaluateExpression } from '../session/evaluate/run.ts';
import { sitesOfBot } from '../session/sessions.ts';
import type { Machine } from './machine.ts';

/** The variable that puppeteer takes its browser from when the options name none. */
const VARIABLE = 'PUPPETEER_EXECUTABLE_PATH';

const absolute = (path: unknown) => (typeof path === 'string' && path.startsWith('/') ? absolutePath(path) : null);

/** One value, or `null` when there is none or they differ. */
function agreed<T>(values: readonly (T | null)[]): T | null {
  const [first = null] = values;
  return values.every((value) => value === first) ? first : null;
}

/**
 * The browser that the bot of this project will start here, from its options, the environment and what is installed.
 * @returns `null` when that cannot be told, or sites and launches differ: a guess would be a false alarm
 */
export function browserOfBot(
  machine: Machine,
  allSites: readonly AuthSite[],
  launches: readonly Launch[],
): BrowserVersion | null {
  const sites = sitesOfBot(allSites);
  const home = absolute(machine.env['HOME']);
  const environments = [...launches.filter(({ mounts }) => mounts === null).map(({ env }) => env), {}];
  const named = sites.flatMap(({ browser, packageRoot }) =>
    environments.map((own) => {
      if (browser.remote !== null) return 'unknown';
      const env = { ...machine.env, ...own };
      // Options that could not be read may name a browser.
      if (browser.executablePath === null) return browser.incomplete ? 'unknown' : (absolute(env[VARIABLE]) ?? 'unset');
      const { value, unknown, dynamic } = evaluateExpression(browser.executablePath, {
        env,
        envHidden: null,
        cwd: null,
        packageAt: absolutePath(`${machine.project}/${packageRoot}`),
        home,
        tmpdir: absolutePath('/tmp'),
        arguments: null,
        compiled: null,
        prefer: 'default',
      });
      if (unknown !== null || dynamic.length > 0) return 'unknown';
      if (value === undefined || value === '' || value === null) return absolute(env[VARIABLE]) ?? 'unset';
      return absolute(value) ?? 'unknown';
    }),
  );
  const choice = agreed(named);
  if (choice === null || choice === 'unknown') return null;
  return nextBrowser(machine.reader, {
    executable: choice === 'unset' ? null : absolutePath(choice),
    project: machine.project,
    home,
  });
}
