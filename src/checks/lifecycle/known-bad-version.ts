import { defineCheck } from '../../model/check.ts';
import { locationOfSite } from '../../model/launch-words.ts';

/** Versions of whatsapp-web.js that lose sessions by themselves, and which strategy they hit. */
const BAD_VERSIONS = [
  {
    versions: ['1.34.5', '1.34.6'],
    strategy: 'RemoteAuth',
    what: 'saves the session under another key than it looks for, so that no saved session is found again',
    fix: '1.34.7',
  },
] as const;

/** The version that a range allows when it allows one only. */
function pinned(range: string | null): string | null {
  return range !== null && /^=?v?\d+\.\d+\.\d+$/.test(range.trim()) ? range.trim().replace(/^=?v?/, '') : null;
}

export default defineCheck({
  code: 'WA407',
  name: 'known-bad-version',
  family: 'lifecycle',
  severity: 'error',
  needs: ['sites', 'project'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'A version of the library with a known fault in keeping sessions.',
  why:
    'RemoteAuth of whatsapp-web.js 1.34.5 and 1.34.6 stores the session under one name and asks the store for another. Every start with an ' +
    'empty local directory therefore asks for the QR code, although the store holds the session.',
  fix: ['Install whatsapp-web.js 1.34.7 or newer: npm install whatsapp-web.js@latest.'],
  run({ sites, project }) {
    const version = project.libraryVersion ?? pinned(project.libraryRange);
    const hit = BAD_VERSIONS.flatMap((bad) =>
      sites.filter(({ strategy, role }) => strategy === bad.strategy && role === 'bot').map((site) => ({ bad, site })),
    );
    if (hit.length === 0) return { findings: [], notApplicable: 'no strategy that a known fault hits is used' };
    if (version === null) {
      return {
        findings: [],
        unknown: [
          `the version of whatsapp-web.js is not known (range ${project.libraryRange ?? 'unknown'}, not installed here, no lock file)`,
        ],
      };
    }
    const findings = hit
      .filter(({ bad }) => bad.versions.some((one) => one === version))
      .map(({ bad, site }) => ({
        severity: 'error' as const,
        confidence: project.libraryVersion === null ? ('medium' as const) : ('high' as const),
        message: `whatsapp-web.js ${version} ${bad.what} (${bad.strategy}).`,
        event: 'a start with an empty local directory (redeploy, new container)',
        locations: [locationOfSite(site)],
        evidence: [
          project.libraryVersion === null ? `package.json asks for exactly ${version}` : `${version} is installed`,
        ],
        remediation: {
          summary: `Update whatsapp-web.js to ${bad.fix}`,
          steps: [`npm install whatsapp-web.js@${bad.fix}`],
        },
        identity: ['bad-version', version],
      }));
    return { findings };
  },
});
