import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import type { Launch } from '../../model/launch.ts';
import {
  casesBySite,
  isDeployment,
  launchName,
  locationOfLaunch,
  locationOfSite,
  type SessionCase,
  sessionCases,
} from '../../model/launch-words.ts';
import { type AbsolutePath, isInside } from '../../model/path.ts';

function isOutside(path: AbsolutePath | null, launch: Launch | null): boolean {
  const root = launch?.packageAt ?? null;
  return path !== null && root !== null && !isInside(path, root);
}

function judge(cases: readonly SessionCase[]): FindingDraft[] {
  const [first] = cases;
  // RemoteAuth unpacks its directory from the store at every start.
  if (first?.site == null || first.site.strategy === 'RemoteAuth' || !cases.some(({ session }) => session.dependsOnCwd))
    return [];
  const { site } = first;
  const deployments = cases.filter(({ launch }) => launch !== null && isDeployment(launch));
  const loose = deployments.filter(
    ({ launch, session }) =>
      session.dependsOnCwd &&
      (launch?.cwd === null || launch?.cwdAssumed !== undefined || isOutside(session.userDataDir, launch)),
  );
  const fixed = deployments.length > 0 && loose.length === 0;
  const written =
    site.dataPath.kind === 'default' ? 'the default "./.wwebjs_auth/"' : (site.dataPath.expression ?? 'its data path');
  const recommended = cases.find(({ session }) => session.recommended !== null)?.session.recommended ?? null;
  const target = recommended ?? 'an absolute path on persistent storage';
  const where = loose.flatMap(({ launch }) => (launch === null ? [] : (locationOfLaunch(launch) ?? [])));
  const message =
    loose.length > 0
      ? `The data path (${written}) is relative, and ${loose.map(({ launch }) => launchName(launch)).join(', ')} does not fix the package as the working directory: where the login lands depends on who starts it.`
      : fixed
        ? `The data path (${written}) is relative. Every known deployment fixes the working directory, so it is stable there; a start from elsewhere makes another, empty session.`
        : `The data path (${written}) is relative: where the login lands depends on the directory in which node is started.`;
  return [
    {
      // A platform that builds the source itself starts it in one place, even where its file does not say which.
      severity: loose.some(({ launch }) => launch?.kind !== 'platform') ? 'error' : fixed ? 'info' : 'warning',
      confidence: 'high',
      message,
      event: 'a start from another working directory (cron, nohup, a supervisor, another shell)',
      locations: [locationOfSite(site), ...where],
      evidence: [
        ...cases
          .slice(0, 8)
          .map(
            ({ session, launch }) => `${launchName(launch)} → ${session.userDataDir ?? session.unknown ?? 'unknown'}`,
          ),
        ...(first.session.trail.length > 0 ? [first.session.trail.join(' · ')] : []),
      ],
      remediation: {
        summary: `Make the data path absolute: ${target}`,
        steps: [
          `Set dataPath to ${target}, or anchor it in the source: path.join(__dirname, …).`,
          ...(loose.length > 0
            ? ['Until then set the working directory where the bot is started (directory=, WorkingDirectory=, cwd).']
            : []),
          'Move the existing session directory there while the bot is stopped, so that nobody has to scan again.',
        ],
      },
      identity: ['relative', site.file, site.dataPath.expression ?? site.dataPath.kind],
    },
  ];
}

export default defineCheck({
  code: 'WA201',
  name: 'relative-session-path',
  family: 'path',
  severity: 'error',
  needs: ['sites', 'launches', 'sessions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'at-risk',
  what: 'The data path depends on the working directory of the process.',
  why:
    'LocalAuth and RemoteAuth resolve dataPath with path.resolve, so a relative path (the default ./.wwebjs_auth/ too) means a directory ' +
    'below wherever node happens to be started. Started from another directory the bot finds no session, shows a QR code and makes a second one.',
  fix: [
    'Give LocalAuth an absolute dataPath on persistent storage.',
    'Move the existing session there while the bot is stopped.',
  ],
  run({ sites, launches, sessions }) {
    if (sessions.length === 0) return { findings: [], notApplicable: 'no session path is known' };
    const findings = [...casesBySite(sessionCases(sessions, sites, launches)).values()].flatMap(judge);
    const unknown = sessions
      .filter(
        ({ userDataDir, dependsOnCwd, unknown: reason }) => userDataDir === null && !dependsOnCwd && reason !== null,
      )
      .map(({ site, unknown: reason }) => `${site}: ${reason}`);
    const persistent = new Set(
      sites
        .filter(({ strategy, browser }) => strategy !== 'NoAuth' || browser.userDataDir !== null)
        .map(({ file, line }) => `${file}:${line}`),
    );
    return {
      findings,
      unknown: [
        ...new Set(unknown.filter((reason) => [...persistent].some((place) => reason.startsWith(`${place}:`)))),
      ],
    };
  },
});
