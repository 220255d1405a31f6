import type { AuthSite } from '../../model/auth-site.ts';
import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import {
  isDeployment,
  launchName,
  locationOfLaunch,
  locationOfSite,
  type SessionCase,
  sessionCases,
} from '../../model/launch-words.ts';

/** Switches that make Chromium forget everything (measured: no IndexedDB in the profile). */
const FORGETTING = ['--incognito', '--guest', '-incognito'];

function keepsProfile({ strategy, browser }: AuthSite): boolean {
  return strategy === 'LocalAuth' || strategy === 'RemoteAuth' || strategy === 'custom' || browser.userDataDir !== null;
}

function withoutStrategy(site: AuthSite, others: boolean): FindingDraft {
  return {
    severity: others ? 'warning' : 'error',
    confidence: others ? 'medium' : 'high',
    message: 'The client is made without an auth strategy: NoAuth keeps nothing, and every start asks for the QR code.',
    event: 'the next start of the process',
    locations: [locationOfSite(site)],
    evidence: [
      `${site.file}:${site.line} has no authStrategy and no puppeteer.userDataDir`,
      ...(others
        ? ['other places in this package use a strategy that persists; this one may be a script of its own']
        : []),
    ],
    remediation: {
      summary: 'Use LocalAuth with an absolute data path',
      steps: [
        "new Client({ authStrategy: new LocalAuth({ dataPath: '/data/whatsapp-sessions' }) }), on storage that persists.",
      ],
    },
    identity: ['no-auth', site.file],
  };
}

function forgetting(site: AuthSite): FindingDraft[] {
  const found = site.browser.args.filter((argument) => FORGETTING.includes(argument.trim()));
  if (found.length === 0) return [];
  return [
    {
      severity: 'error',
      confidence: 'high',
      message: `Chromium is started with ${found.join(' and ')}: nothing is stored in the profile, although ${site.strategy} keeps the directory.`,
      event: 'the next start of the process',
      locations: [locationOfSite(site)],
      evidence: [`puppeteer.args holds ${found.join(', ')}`],
      remediation: {
        summary: `Remove ${found.join(' and ')}`,
        steps: [`Remove ${found.join(' and ')} from puppeteer.args.`],
      },
      identity: ['incognito', site.file],
    },
  ];
}

function conflicting(site: AuthSite): FindingDraft[] {
  const own = site.browser.args.find((argument) => argument.startsWith('--user-data-dir='));
  if (own === undefined || (site.strategy !== 'LocalAuth' && site.strategy !== 'RemoteAuth')) return [];
  return [
    {
      severity: 'warning',
      confidence: 'medium',
      message: `puppeteer.args holds ${own}, beside the directory that ${site.strategy} gives the browser: which of the two Chromium uses is not defined.`,
      event: 'an update of puppeteer or Chromium',
      locations: [locationOfSite(site)],
      evidence: [own],
      remediation: {
        summary: 'Remove --user-data-dir',
        steps: ['Remove --user-data-dir from puppeteer.args and set dataPath instead.'],
      },
      identity: ['user-data-dir', site.file],
    },
  ];
}

/** LocalAuth beside a browser on another machine: one finding for each site and address. */
function elsewhere(cases: readonly SessionCase[]): FindingDraft[] {
  const groups = new Map<string, SessionCase[]>();
  for (const one of cases) {
    const { session, site } = one;
    if (!session.remote || site?.strategy !== 'LocalAuth') continue;
    const key = `${session.site}\0${session.remote}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap((group): FindingDraft[] => {
    const [first] = group;
    if (first?.site == null) return [];
    const { session, site } = first;
    // One of several set-ups that the repository offers.
    const another = cases.some(
      (one) =>
        one.session.site === session.site && !one.session.remote && one.launch !== null && isDeployment(one.launch),
    );
    const places = group.flatMap(({ launch }) => (launch === null ? [] : (locationOfLaunch(launch) ?? [])));
    const names = group.map(({ launch }) => launchName(launch));
    const shown = names.length > 3 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');
    return [
      {
        severity: another ? 'info' : 'error',
        confidence: 'medium',
        message: `In ${shown} the browser runs elsewhere (${session.remote}): it keeps its profile there, and LocalAuth's directory here holds no login.`,
        event: 'a restart of the remote browser',
        locations: [locationOfSite(site), ...places],
        evidence: [`browserWSEndpoint or browserURL is ${session.remote}`],
        remediation: {
          summary: "Let the browser run beside the bot, or keep the remote browser's profile",
          steps: [
            'Remove browserWSEndpoint/browserURL, or give the remote browser a persistent --user-data-dir of its own.',
          ],
        },
        identity: ['remote-browser', site.file, ...group.map((one) => one.session.launch ?? '')],
      },
    ];
  });
}

export default defineCheck({
  code: 'WA203',
  name: 'no-persistent-strategy',
  family: 'path',
  severity: 'error',
  needs: ['project', 'sites', 'launches', 'sessions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'The login is not kept at all: no auth strategy, an incognito browser, or a browser elsewhere.',
  why:
    'Without an auth strategy whatsapp-web.js uses NoAuth: Chromium gets a temporary profile and every start needs the phone. With ' +
    '--incognito or --guest Chromium writes nothing that logs in, whatever LocalAuth says. A remote browser keeps its profile on its own machine, ' +
    'and the directory of LocalAuth here stays empty.',
  fix: ['Use LocalAuth (or RemoteAuth with a store) and a browser on this machine without --incognito.'],
  run({ project, sites, launches, sessions }) {
    const bots = sites.filter(({ role }) => role === 'bot');
    if (bots.length === 0) {
      const hasBot = launches.length > 0 || project.botPackages.length > 0;
      return hasBot && sites.length === 0
        ? {
            findings: [],
            // A package that depends on the library and never uses it may hide its use, or have none.
            unknown: ['the project depends on whatsapp-web.js, but no place was found that makes a client'],
          }
        : { findings: [], notApplicable: 'no client of whatsapp-web.js was found in the bot' };
    }
    const findings: FindingDraft[] = [];
    for (const site of bots) {
      if (!keepsProfile(site)) {
        const others = bots.some(
          (other) => other.packageRoot === site.packageRoot && other !== site && keepsProfile(other),
        );
        findings.push(withoutStrategy(site, others));
        continue;
      }
      findings.push(...forgetting(site), ...conflicting(site));
    }
    findings.push(...elsewhere(sessionCases(sessions, sites, launches)));
    const unknown = bots
      .filter(({ strategy, dataPath }) => strategy === 'custom' && dataPath.tree.kind === 'unknown')
      .map(({ file, line }) => `${file}:${line}: the auth strategy of the client could not be told`);
    return { findings, unknown };
  },
});
