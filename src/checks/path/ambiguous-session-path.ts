import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import type { Launch } from '../../model/launch.ts';
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

/** Launches that share the file system of the machine; a container has its own, and its path says nothing about this one. */
function sharesMachine(launch: Launch | null): boolean {
  if (launch === null) return true;
  return launch.mountTable !== 'declared' && launch.kind !== 'procfile' && launch.kind !== 'platform';
}

/** What one file starts: several accounts of one ecosystem file are meant to differ. */
function sourceOf({ launch }: SessionCase): string {
  return launch === null ? 'by hand' : (launch.file ?? launch.id);
}

/** One case for each directory, where two files have no directory in common; otherwise nothing. */
function disagreement(cases: readonly SessionCase[]): Map<string, SessionCase[]> {
  const sources = new Map<string, Map<string, SessionCase[]>>();
  for (const one of cases) {
    const directory = directoryInPackage(one);
    if (directory === null) continue;
    const known = sources.get(sourceOf(one)) ?? new Map<string, SessionCase[]>();
    known.set(directory, [...(known.get(directory) ?? []), one]);
    sources.set(sourceOf(one), known);
  }
  const groups = new Map<string, SessionCase[]>();
  const all = [...sources.values()];
  for (const [index, one] of all.entries()) {
    for (const other of all.slice(index + 1)) {
      if ([...one.keys()].some((directory) => other.has(directory))) continue;
      for (const [directory, found] of [...one, ...other]) {
        const before = groups.get(directory) ?? [];
        groups.set(directory, [...before, ...found.filter((candidate) => !before.includes(candidate))]);
      }
    }
  }
  return groups;
}

function judge(cases: readonly SessionCase[]): FindingDraft[] {
  const [first] = cases;
  if (first?.site == null || first.site.strategy === 'RemoteAuth') return [];
  const groups = disagreement(cases.filter(({ launch }) => sharesMachine(launch)));
  if (groups.size < 2) return [];
  const byDirectory = [...groups.values()];
  const deployed = byDirectory.filter((group) => group.some(({ launch }) => launch !== null && isDeployment(launch)));
  const cwd = byDirectory.some((group) => group.some(({ session }) => session.dependsOnCwd));
  const unset = [...new Set(byDirectory.flat().flatMap(({ session }) => session.unset ?? []))];
  const locations = byDirectory.flatMap(([one]) => (one?.launch == null ? [] : (locationOfLaunch(one.launch) ?? [])));
  return [
    {
      severity: deployed.length > 1 ? 'error' : 'warning',
      confidence: 'high',
      message: `The bot keeps its login in ${groups.size} different directories, by how it is started: ${byDirectory
        .map(
          ([one, ...more]) =>
            `${launchName(one?.launch ?? null)}${more.length > 0 ? ` (and ${more.length} more)` : ''} → ${one?.session.userDataDir ?? ''}`,
        )
        .join('; ')}.`,
      event: 'starting it in the other way',
      locations: [locationOfSite(first.site), ...locations],
      evidence: byDirectory
        .flat()
        .slice(0, 10)
        .map(({ session, launch }) => `${launchName(launch)}: ${session.trail.slice(1).join(' · ')}`),
      remediation: {
        summary: 'Let every way of starting the bot lead to one directory',
        steps: [
          ...(cwd ? ['Make the data path absolute, so that the working directory no longer decides.'] : []),
          ...(unset.length > 0 ? [`Set ${unset.join(', ')} in every way of starting the bot, or in none.`] : []),
          'Look which of the directories holds the linked session (wa-doctor inspect), stop the bot, and keep that one.',
        ],
      },
      identity: ['ambiguous', first.site.file, ...byDirectory.map(([one]) => launchName(one?.launch ?? null))],
    },
  ];
}

export default defineCheck({
  code: 'WA202',
  name: 'ambiguous-session-path',
  family: 'path',
  severity: 'error',
  needs: ['sites', 'launches', 'sessions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'at-risk',
  what: 'Two ways of starting the bot on one machine lead to two different session directories.',
  why:
    'The login lives in one directory. When a supervisor starts the bot with another working directory or another variable than a person ' +
    'does, each start finds the session of its own way only; the other looks lost, and is often deleted as stale.',
  fix: ['Use one absolute data path in every way of starting the bot.'],
  run({ sites, launches, sessions }) {
    if (sessions.length === 0) return { findings: [], notApplicable: 'no session path is known' };
    const findings = [...casesBySite(sessionCases(sessions, sites, launches)).values()].flatMap(judge);
    return { findings };
  },
});
