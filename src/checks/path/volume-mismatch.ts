import type { AuthSite } from '../../model/auth-site.ts';
import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import type { Launch, LaunchVolume } from '../../model/launch.ts';
import { launchName, locationOfLaunch, locationOfSite, sessionCases } from '../../model/launch-words.ts';
import { type AbsolutePath, absolutePath, baseName, isInside, parentOf } from '../../model/path.ts';
import type { SessionPath } from '../../model/session-path.ts';

/** Storage that outlives the container. */
const PERSISTENT = new Set<LaunchVolume['kind']>(['named', 'bind', 'claim', 'host-path', 'platform-disk']);
/** What people call a volume that is meant for the login. */
const MEANT = /auth|session|wweb|whats|\bwa\b|profile|chrom|token|userdata|user-data/i;
/** Volumes with these words are for something else. */
const OTHER =
  /(^|[-_./])(logs?|postgres|mysql|mongo|redis|db|database|certs?|ssl|nginx|uploads?|backups?|cache|modules)([-_./]|$)/i;

function isMeant(volume: LaunchVolume, path: AbsolutePath): boolean {
  const text = `${volume.name ?? ''} ${volume.at}`;
  if (baseName(volume.at) !== '' && path.split('/').includes(baseName(volume.at)) && baseName(volume.at).length > 3)
    return true;
  return MEANT.test(text) && !OTHER.test(volume.at) && !/cache/i.test(text);
}

/** The directory that a volume should be mounted on: the data path, which holds the session directory. */
function mountTarget(path: AbsolutePath): AbsolutePath {
  const at = path.indexOf('<');
  return parentOf(at === -1 ? path : absolutePath(path.slice(0, at)));
}

function judge(session: SessionPath, site: AuthSite, launch: Launch): FindingDraft[] {
  const { userDataDir: path, durability } = session;
  const volumes = (launch.volumes ?? []).filter(({ kind }) => PERSISTENT.has(kind));
  if (path === null || volumes.length === 0) return [];
  const fixed = path.includes('<') ? mountTarget(path) : path;
  if (volumes.some(({ at }) => isInside(fixed, at))) return [];
  // The mounts say that the place persists after all (a platform disk under another name).
  if (durability !== null && durability.survives.recreate !== false) return [];
  const meant = volumes.filter((volume) => isMeant(volume, path));
  if (meant.length === 0) return [];
  const [first] = meant;
  if (first === undefined) return [];
  const target = mountTarget(path);
  const place = locationOfLaunch(launch);
  const from = first.name === null ? '' : `${first.name}:`;
  // `${__dirname}/${process.env.X}`: the host's path was pasted into the container's variable.
  const variable = site.dataPath.env.find((name) => Object.hasOwn(launch.env, name));
  return [
    {
      severity: 'error',
      confidence: session.uncertain ? 'medium' : 'high',
      message: `The session is written to ${path}; the volume is mounted at ${meant.map(({ at }) => at).join(', ')}, which does not cover it.`,
      event: 'a new container (docker compose up after a change, a redeploy)',
      locations: [
        locationOfSite(site),
        { file: first.file, ...(first.line === null ? {} : { line: first.line }) },
        ...(place === null ? [] : [place]),
      ],
      evidence: [
        ...meant.map(({ at, name, kind }) => `${launchName(launch)}: ${kind} ${name ?? ''} on ${at}`),
        session.trail.slice(1).join(' · '),
      ],
      remediation: {
        summary: 'Let the volume and the data path be the same directory',
        steps: [
          variable === undefined
            ? `Set dataPath to ${first.at} (absolute),`
            : `Set ${variable}=${first.at} (absolute, equal to the mount point; the source must not put another directory before it),`,
          `or mount the volume on ${target}: ${from}${target}`,
        ],
      },
      identity: ['mismatch', site.file, launch.id],
    },
  ];
}

export default defineCheck({
  code: 'WA107',
  name: 'volume-mismatch',
  family: 'storage',
  severity: 'error',
  needs: ['sites', 'launches', 'sessions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'lost',
  what: 'A volume for the session exists, but it is mounted on another path than the one that the bot writes to.',
  why:
    'A relative data path, __dirname, or a path of the host in a variable of the container sends the session beside the volume: the ' +
    'directory on the host stays empty, and the login goes with the container.',
  fix: ['Make the data path absolute and equal to the mount point of the volume.'],
  run({ sites, launches, sessions }) {
    if (!launches.some(({ volumes }) => (volumes ?? []).length > 0)) {
      return { findings: [], notApplicable: 'no launch mounts a volume' };
    }
    const findings = sessionCases(sessions, sites, launches).flatMap(({ session, site, launch }) => {
      // With RemoteAuth the directory is a working copy.
      if (site === null || launch === null || site.strategy === 'RemoteAuth') return [];
      return judge(session, site, launch);
    });
    return { findings };
  },
});
