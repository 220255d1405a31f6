import type { AuthSite } from '../model/auth-site.ts';
import type { Prescription } from '../model/report.ts';
import type { SessionPath } from '../model/session-path.ts';

/** Quote for a POSIX shell; plain paths stay plain. */
export function shellQuote(text: string): string {
  return /^[A-Za-z0-9_./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function codeChange(site: AuthSite | undefined, dataPath: string): { title: string; lines: string[] } {
  const variable = site?.dataPath.env[0];
  if (site !== undefined && variable !== undefined) {
    return {
      title: `set the variable that ${site.file}:${site.line} reads, for every way of starting the bot`,
      lines: [`${variable}=${dataPath}`],
    };
  }
  const where = site === undefined ? 'where the client is built' : `${site.file}:${site.line}`;
  return {
    title: `${where}: an absolute data path`,
    lines: [`new LocalAuth({ dataPath: process.env.SESSION_PATH ?? ${JSON.stringify(dataPath)} })`],
  };
}

/**
 * The fix, ready to paste: make the directory, point the bot at it, move an existing session.
 * @param dataPath an absolute data path that was verified to persist.
 */
export function prescribe(
  dataPath: string,
  sites: readonly AuthSite[],
  sessions: readonly SessionPath[],
): Prescription {
  const site = sites.find(({ strategy, role }) => strategy === 'LocalAuth' && role === 'bot');
  const steps = [
    {
      title: 'make the directory; it is a credential, so only the bot may read it',
      lines: [`mkdir -p ${shellQuote(dataPath)} && chmod 700 ${shellQuote(dataPath)}`],
    },
    codeChange(site, dataPath),
  ];
  const existing = [
    ...new Set(
      sessions
        .filter(({ exists, userDataDir }) => exists === true && userDataDir !== null)
        .map(({ userDataDir }) => String(userDataDir)),
    ),
  ];
  const from = existing[0] ?? '<old data path>/session';
  steps.push({
    title:
      existing.length > 0
        ? 'move the existing session while the bot is stopped and its browser has closed'
        : 'an existing session, if you find one: move it while the bot is stopped',
    lines: [
      `cp -a ${existing.length > 0 ? shellQuote(from) : from} ${shellQuote(`${dataPath}/`)}  # keep the old copy until the bot is ready again`,
    ],
  });
  return { dataPath, steps };
}
