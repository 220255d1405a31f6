import { defineCheck } from '../../model/check.ts';
import type { FindingDraft } from '../../model/finding.ts';
import type { Launch } from '../../model/launch.ts';
import {
  isDeployment,
  launchName,
  locationOfLaunch,
  locationOfSite,
  type SessionCase,
  sessionCases,
} from '../../model/launch-words.ts';
import { isInside } from '../../model/path.ts';

/** Variables that differ between the workers of one launch (pm2, Kubernetes). */
const PER_WORKER = new Set(['NODE_APP_INSTANCE', 'pm_id', 'INSTANCE_ID', 'POD_NAME', 'HOSTNAME']);

function isStatefulSet({ kind, id }: Launch): boolean {
  return kind === 'kubernetes' && /statefulset/i.test(id);
}

function locations({ site, launch }: SessionCase): FindingDraft['locations'] {
  const place = launch === null ? null : locationOfLaunch(launch);
  return [...(site === null ? [] : [locationOfSite(site)]), ...(place === null ? [] : [place])];
}

function replicated(one: SessionCase): FindingDraft[] {
  const { session, site, launch } = one;
  if (launch === null || site === null || session.userDataDir === null) return [];
  const count = launch.replicas ?? 1;
  if (count <= 1 || isStatefulSet(launch)) return [];
  if (
    [...site.dataPath.env, ...(site.clientId.tree.kind === 'env' ? [site.clientId.tree.name] : [])].some((name) =>
      PER_WORKER.has(name),
    )
  )
    return [];
  const word = launch.kind === 'pm2' ? `pm2 runs ${count} instances` : `replicas: ${count}`;
  return [
    {
      severity: 'error',
      confidence: session.userDataDir.includes('<') ? 'medium' : 'high',
      message: `${word} on one session directory (${session.userDataDir}): only one browser can own a profile, the others fail or damage it.`,
      event: 'the start of the second instance',
      locations: locations(one),
      evidence: [`${launchName(launch)}: ${count} instances`, `${launchName(launch)} → ${session.userDataDir}`],
      remediation: {
        summary: 'Run one instance for each session',
        steps:
          launch.kind === 'pm2'
            ? ["Set exec_mode: 'fork' and instances: 1."]
            : ['Set replicas to 1.', 'For more accounts give each its own client id and its own service.'],
      },
      identity: ['replicas', launch.id],
    },
  ];
}

function overlapping(one: SessionCase): FindingDraft[] {
  const { session, site, launch } = one;
  if (launch === null || site === null || session.userDataDir === null || launch.overlaps !== true) return [];
  if ((launch.replicas ?? 1) > 1 || isStatefulSet(launch) || site.strategy === 'RemoteAuth') return [];
  // Without shared storage the next generation has a directory of its own (and WA101 says what that means).
  if (session.durability?.survives.recreate !== true) return [];
  return [
    {
      severity: 'warning',
      confidence: 'medium',
      message: `At an update of ${launchName(launch)} the new instance starts before the old one has stopped: two browsers on the profile in ${session.userDataDir}.`,
      event: launch.kind === 'kubernetes' ? 'kubectl rollout' : 'a rolling update or reload',
      locations: locations(one),
      evidence: [`${launchName(launch)} replaces instances one after the other`],
      remediation: {
        summary: 'Stop the old instance before the new one starts',
        steps: [
          launch.kind === 'kubernetes'
            ? 'Set strategy: { type: Recreate } (or use a StatefulSet).'
            : launch.kind === 'pm2'
              ? 'Use pm2 restart instead of reload.'
              : 'Update with stop-first.',
        ],
      },
      identity: ['overlap', launch.id],
    },
  ];
}

/** Where a session really lies: the volume that holds it and the rest of the path, or the machine's own path. */
function storageOf({ session, launch }: SessionCase): string | null {
  const { userDataDir: path } = session;
  if (path === null || launch === null || path.includes('<')) return null;
  const volume = (launch.volumes ?? [])
    .filter(({ at }) => isInside(path, at))
    .sort((a, b) => b.at.length - a.at.length)[0];
  if (volume !== undefined) {
    const name = volume.realName ?? volume.name;
    return name === null || volume.kind === 'tmpfs' || volume.kind === 'empty-dir' || volume.kind === 'anonymous'
      ? null
      : `${volume.kind}:${name}:${path.slice(volume.at.length)}`;
  }
  // A container without a volume has a directory of its own.
  return launch.mountTable === 'declared' ? null : `host:${path}`;
}

/** Words by which people name the same bot for two occasions. */
const OCCASION =
  /(?:^|[^a-z])(?:dev|develop|development|prod|production|stag|stage|staging|test|testing|local|debug|beta)(?:$|[^a-z])/i;

/** `bot-dev` and `bot-prod`, or one application with two environments: meant to run instead of each other. */
function areAlternatives(ids: readonly string[]): boolean {
  return ids.filter((id) => OCCASION.test(id.slice(id.lastIndexOf('#') + 1))).length >= ids.length - 1;
}

/** Clients that one start makes on one directory. */
function crowded(cases: readonly SessionCase[]): FindingDraft[] {
  const findings: FindingDraft[] = [];
  const seen = new Set<string>();
  for (const one of cases) {
    const { site, session, launch } = one;
    const { userDataDir } = session;
    if (site?.runs === undefined || site.role !== 'bot' || userDataDir === null || userDataDir.includes('<')) continue;
    if (session.remote || session.unstable) continue;
    const others = cases.filter(
      (other) =>
        other.session.launch === session.launch &&
        other.session.userDataDir === userDataDir &&
        other.site?.file === site.file &&
        other.site.runs !== undefined,
    );
    if (others.length < 2 && site.runs !== 'repeated') continue;
    const places = others.flatMap((other) => (other.site === null ? [] : [`${other.site.file}:${other.site.line}`]));
    const key = places.join(' ');
    if (seen.has(key)) continue;
    seen.add(key);
    const looped = others.length < 2;
    findings.push({
      severity: 'error',
      confidence: looped ? 'medium' : 'high',
      message: looped
        ? `${places[0]} makes a client for each element of a list, all of them on one session directory (${userDataDir}): the second browser is refused, or damages the profile.`
        : `${places.join(' and ')} make clients on one session directory (${userDataDir}) in one process: the second browser is refused, or damages the profile.`,
      event: 'the start of the second client',
      locations: others.flatMap((other) => (other.site === null ? [] : [locationOfSite(other.site)])),
      evidence: [`${launchName(launch)} → ${userDataDir}, ${looped ? 'in a loop' : `${others.length} clients`}`],
      remediation: {
        summary: 'Give each client an id of its own',
        steps: ["new LocalAuth({ clientId: 'sales' }), new LocalAuth({ clientId: 'support' })."],
      },
      identity: ['crowded', ...places],
    });
  }
  return findings;
}

function shared(cases: readonly SessionCase[]): FindingDraft[] {
  const groups = new Map<string, SessionCase[]>();
  for (const one of cases) {
    const { launch, session } = one;
    if (launch === null || !isDeployment(launch) || launch.kind === 'procfile' || launch.kind === 'platform') continue;
    const storage = storageOf(one);
    // Only what one file (or the running machine) starts together runs at the same time.
    if (storage === null || session.remote) continue;
    const key = `${launch.kind}:${launch.file ?? 'live'}:${storage}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const findings: FindingDraft[] = [];
  for (const group of groups.values()) {
    // `#bot@production`: the same application with another environment.
    const ids = [...new Set(group.map(({ launch }) => (launch?.id ?? '').replace(/@[^@#/]*$/, '')))];
    const [first] = group;
    if (ids.length < 2 || first?.site == null) continue;
    const alternatives = areAlternatives(ids);
    findings.push({
      severity: alternatives ? 'warning' : 'error',
      confidence: alternatives ? 'low' : 'medium',
      message: alternatives
        ? `${ids.join(' and ')} keep their session in the same directory (${first.session.userDataDir}): when both run, two browsers fight for one profile.`
        : `${ids.join(' and ')} keep their session in the same directory (${first.session.userDataDir}): only one browser can own a profile.`,
      event: 'the start of the second one',
      locations: group
        .flatMap(locations)
        .filter(
          (place, index, all) => all.findIndex((other) => JSON.stringify(other) === JSON.stringify(place)) === index,
        ),
      evidence: group.map(({ session, launch }) => `${launchName(launch)} → ${session.userDataDir}`),
      remediation: {
        summary: 'Give each its own directory',
        steps: ['Set another dataPath or clientId for each of them, or run only one.'],
      },
      identity: ['shared', ...ids],
    });
  }
  return findings;
}

export default defineCheck({
  code: 'WA405',
  name: 'multiple-owners',
  family: 'lifecycle',
  severity: 'error',
  needs: ['sites', 'launches', 'sessions'],
  targets: ['host', 'repo'],
  since: '0.1.0',
  effort: 'low',
  implies: 'at-risk',
  what: 'Two browsers on one profile: replicas, cluster mode, a rolling update, or two launches or clients that share a directory.',
  why:
    'A Chromium profile has one owner. A second browser is refused by the lock; where the lock does not work (another host on a shared volume, ' +
    'a lock that was deleted), both write, the stores no longer open, and WhatsApp sees one device twice. Each worker of a cluster also answers ' +
    'only for its own client.',
  fix: ['Run one instance for each session.', 'Stop the old instance before the new one starts.'],
  run({ sites, launches, sessions }) {
    if (sessions.length === 0) return { findings: [], notApplicable: 'no session path is known' };
    const cases = sessionCases(sessions, sites, launches).filter(({ session }) => session.userDataDir !== null);
    const perLaunch = [...cases.flatMap(replicated), ...cases.flatMap(overlapping)];
    const seen = new Set<string>();
    const once = perLaunch.filter(({ identity }) => {
      const key = JSON.stringify(identity);
      return seen.has(key) ? false : seen.add(key);
    });
    return { findings: [...once, ...shared(cases), ...crowded(cases)] };
  },
});
