import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import {
  casesBySite,
  directoryInPackage,
  isDeployment,
  launchName,
  locationOfLaunch,
  locationOfSite,
  type SessionCase,
  sessionCases,
} from '../../model/launch-words.ts';

function judge(cases: readonly SessionCase[]): FindingDraft[] {
  const [first] = cases;
  if (first?.site == null) return [];
  const { site } = first;
  const findings: FindingDraft[] = [];
  for (const name of [...new Set(cases.flatMap(({ session }) => session.unset ?? []))]) {
    const inPath = site.dataPath.env.includes(name);
    const without = cases.filter(
      ({ session, launch }) => session.unset?.includes(name) === true && launch !== null && launch.envHidden === null,
    );
    const having = cases.filter(({ launch }) => launch !== null && Object.hasOwn(launch.env, name));
    const needed = inPath && site.dataPath.kind === 'env';
    // The default is what the others set too (the first of several instances).
    const set = new Set(having.map(({ session }) => session.userDataDir));
    if (
      having.length > 0 &&
      without.every(
        (one) =>
          set.has(one.session.userDataDir) ||
          having.some((other) => directoryInPackage(other) === directoryInPackage(one)),
      )
    ) {
      continue;
    }
    // A variable with a default that nobody sets is simply not used.
    if (without.length === 0 || (having.length === 0 && !needed)) continue;
    const deployed = without.some(({ launch }) => launch !== null && isDeployment(launch));
    const places = without.flatMap(({ launch }) => (launch === null ? [] : (locationOfLaunch(launch) ?? [])));
    findings.push({
      severity: deployed || needed ? 'warning' : 'info',
      confidence: 'medium',
      message: `${without
        .map(({ launch }) => launchName(launch))
        .slice(0, 4)
        .join(', ')} does not set ${name}, from which the ${inPath ? 'data path' : 'client id'} is read${
        having.length > 0
          ? `; ${having
              .map(({ launch }) => launchName(launch))
              .slice(0, 3)
              .join(', ')} does`
          : ''
      }. The session then lies in ${without[0]?.session.userDataDir ?? 'another directory'}.`,
      event: `a start without ${name}`,
      locations: [locationOfSite(site), ...places.slice(0, 4)],
      evidence: [
        ...having
          .slice(0, 3)
          .map(({ session, launch }) => `${launchName(launch)} → ${session.userDataDir ?? 'unknown'}`),
        ...without
          .slice(0, 3)
          .map(({ session, launch }) => `${launchName(launch)} → ${session.userDataDir ?? 'unknown'}`),
      ],
      remediation: {
        summary: `Set ${name} wherever the bot is started`,
        steps: [
          `Set ${name} to the same absolute path in every way of starting the bot.`,
          `Let the bot refuse to start without ${name}.`,
        ],
      },
      identity: ['unset', site.file, name],
    });
  }
  return findings;
}

export default defineCheck({
  code: 'WA206',
  name: 'unset-session-env',
  family: 'path',
  severity: 'warning',
  needs: ['sites', 'launches', 'sessions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'at-risk',
  what: 'A way of starting the bot does not set the variable that the session path is read from.',
  why:
    'A path that comes from a variable is only as stable as the variable. A start without it falls back to a default (LocalAuth turns ' +
    'undefined into ./.wwebjs_auth/ without a word) and finds no session there.',
  fix: ['Set the variable in every way of starting the bot.', 'Let the bot refuse to start without it.'],
  run({ sites, launches, sessions }) {
    if (!sites.some(({ dataPath, clientId }) => dataPath.env.length > 0 || clientId.kind === 'env')) {
      return { findings: [], notApplicable: 'no session path is read from a variable' };
    }
    return { findings: [...casesBySite(sessionCases(sessions, sites, launches)).values()].flatMap(judge) };
  },
});
