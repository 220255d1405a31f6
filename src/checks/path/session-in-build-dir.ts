import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import {
  casesBySite,
  directoryInPackage,
  launchName,
  locationOfSite,
  type SessionCase,
  sessionCases,
} from '../../model/launch-words.ts';

/** Directories that tools empty or make anew, and the command that does it. */
const EMPTIED: Readonly<Record<string, { readonly event: string; readonly severity: 'error' | 'warning' }>> = {
  node_modules: { event: 'npm ci or npm install', severity: 'error' },
  dist: { event: 'the next build', severity: 'warning' },
  build: { event: 'the next build', severity: 'warning' },
  out: { event: 'the next build', severity: 'warning' },
  '.next': { event: 'next build', severity: 'error' },
  '.nuxt': { event: 'nuxt build', severity: 'error' },
  '.output': { event: 'nuxt build', severity: 'error' },
  '.svelte-kit': { event: 'vite build', severity: 'error' },
  coverage: { event: 'the next test run', severity: 'error' },
  '.cache': { event: 'emptying the cache', severity: 'warning' },
};

function judge(cases: readonly SessionCase[]): FindingDraft[] {
  const bad = cases.flatMap((one) => {
    const directory = directoryInPackage(one);
    if (directory === null || one.site === null) return [];
    // Without a launch the site's own path, relative to the project, says the same.
    const inside = directory.startsWith('/') && one.launch === null ? one.site.userDataDir : directory;
    if (inside === null || inside.startsWith('/')) return [];
    // The last component is the session's own name.
    const name = inside
      .split('/')
      .slice(0, -1)
      .find((part) => Object.hasOwn(EMPTIED, part));
    return name === undefined ? [] : [{ ...one, name }];
  });
  const [first] = bad;
  if (first?.site == null) return [];
  const rule = EMPTIED[first.name];
  if (rule === undefined) return [];
  return [
    {
      severity: rule.severity,
      confidence: rule.severity === 'error' ? 'high' : 'medium',
      message: `The session lies in ${first.session.userDataDir}, inside ${first.name}/, which ${rule.event} empties.`,
      event: rule.event,
      locations: [locationOfSite(first.site)],
      evidence: bad
        .slice(0, 5)
        .map(
          ({ session, launch }) =>
            `${launchName(launch)} → ${session.userDataDir}: ${session.trail.slice(1).join(' · ')}`,
        ),
      remediation: {
        summary: `Keep the session outside of ${first.name}/`,
        steps: [
          'Set dataPath to an absolute path outside of the project.',
          ...(first.site.dataPath.tree.kind === 'join'
            ? ['__dirname of compiled code is the build directory, not that of the source.']
            : []),
        ],
      },
      identity: ['build-dir', first.site.file, first.name],
    },
  ];
}

export default defineCheck({
  code: 'WA205',
  name: 'session-in-build-dir',
  family: 'path',
  severity: 'error',
  needs: ['sites', 'launches', 'sessions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'at-risk',
  what: 'The session lies inside a directory that a build or an install empties.',
  why:
    'dist, build, out and their like are emptied by the next build, node_modules by npm ci. A path made from __dirname in TypeScript lands ' +
    'there unnoticed, because the code that runs is the compiled one.',
  fix: ['Set dataPath to an absolute path outside of the project.'],
  run({ sites, launches, sessions }) {
    if (sessions.length === 0) return { findings: [], notApplicable: 'no session path is known' };
    return { findings: [...casesBySite(sessionCases(sessions, sites, launches)).values()].flatMap(judge) };
  },
});
