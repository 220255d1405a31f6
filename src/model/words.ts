/** Durability in the words of the people who run a bot. */
import type { Launch } from './launch.ts';
import { type Durability, type Platform, SURVIVAL_LEVELS, type Survival, type SurvivalLevel } from './mount.ts';

/** What the words depend on. */
export type Where = Pick<Platform, 'kinds' | 'event'>;

const level = (
  processRestart: string,
  containerRestart: string,
  recreate: string,
  reboot: string,
  nodeLoss: string,
): Readonly<Record<SurvivalLevel, string>> => ({ processRestart, containerRestart, recreate, reboot, nodeLoss });

/** What people run or see at each level, by the first kind of the platform that has a row. */
const EVENTS: readonly (readonly [kind: string, events: Readonly<Record<SurvivalLevel, string>>])[] = [
  [
    'kubernetes',
    level(
      'a restart of the process',
      'a container restart in the pod (crash, OOM kill, failed probe)',
      'a new pod (kubectl delete pod, kubectl rollout restart, eviction)',
      'a reboot of the node',
      'the loss of the node',
    ),
  ],
  [
    'docker',
    level(
      'a restart of the process',
      'docker restart',
      'a new container (docker compose up after a change, docker rm and run)',
      'a reboot of the host',
      'the loss of the host',
    ),
  ],
  [
    'podman',
    level(
      'a restart of the process',
      'podman restart',
      'a new container (podman rm and run, a restart of a Quadlet service)',
      'a reboot of the host',
      'the loss of the host',
    ),
  ],
  [
    'container',
    level(
      'a restart of the process',
      'a container restart',
      'a new container',
      'a reboot of the host',
      'the loss of the host',
    ),
  ],
  ...['lxc', 'nspawn', 'openvz', 'system-container', 'orbstack'].map(
    (kind) =>
      [
        kind,
        level(
          'a restart of the process',
          'a restart of the container',
          'deleting the container and making it again',
          'a reboot of the host',
          'the loss of the host',
        ),
      ] as const,
  ),
  ...['wsl2', 'wsl1', 'wsl'].map(
    (kind) =>
      [
        kind,
        level(
          'a restart of the process',
          'a restart of the process',
          'a redeploy',
          'wsl --shutdown or a reboot of Windows',
          'the loss of this computer or of the distribution',
        ),
      ] as const,
  ),
  [
    'systemd-service',
    level(
      'systemctl restart',
      'systemctl restart',
      'a redeploy',
      'a reboot of this machine',
      'the loss of this machine',
    ),
  ],
  [
    'host',
    level(
      'a restart of the bot',
      'a restart of the bot',
      'a redeploy',
      'a reboot of this machine',
      'the loss of this machine',
    ),
  ],
];

const EVENTS_BY_KIND = new Map(EVENTS);
const HOST_EVENTS = EVENTS_BY_KIND.get('host') ?? level('', '', '', '', '');

/** The event of one level, in the user's words: `docker restart`, `a new pod (kubectl delete pod, …)`, `a dyno restart`. */
export function eventFor(name: SurvivalLevel, platform: Where): string {
  if (platform.event && (name === 'containerRestart' || name === 'recreate')) return platform.event;
  for (const kind of platform.kinds) {
    const events = EVENTS_BY_KIND.get(kind);
    if (events) return events[name];
  }
  return HOST_EVENTS[name];
}

const NO_CONTAINER = new Set(['host', 'wsl2', 'wsl1', 'wsl']);

/** Does the platform put a container between the bot and the machine? Without one, two of the levels are the same event. */
export function hasContainer(platform: Where): boolean {
  return !platform.kinds.some((kind) => NO_CONTAINER.has(kind));
}

/** The first event, from the most to the least frequent, that has this answer. */
export function firstLevel(survives: Survival, answer: boolean | 'unknown'): SurvivalLevel | null {
  return SURVIVAL_LEVELS.find((name) => survives[name] === answer) ?? null;
}

const LOST: Readonly<Record<SurvivalLevel, string>> = {
  processRestart: 'lost when the bot restarts',
  containerRestart: 'lost when the container restarts',
  recreate: 'lost when the container is replaced',
  reboot: 'lost when the machine reboots',
  nodeLoss: 'safe as long as this machine is',
};

const MAYBE: Readonly<Record<SurvivalLevel, string>> = {
  processRestart: 'may be lost when the bot restarts',
  containerRestart: 'may be lost when the container restarts',
  recreate: 'may be lost when the container is replaced',
  reboot: 'may be lost when the machine reboots',
  nodeLoss: 'survives restarts; whether it outlives the machine is not known',
};

/** Short words for a table: what happens first to data there. */
export function riskOf(judged: Pick<Durability, 'survives' | 'mount' | 'writable'>): string {
  const { survives } = judged;
  if (judged.mount === null) return 'cannot be told: no mount covers it';
  if (SURVIVAL_LEVELS.every((name) => survives[name] === 'unknown')) return 'cannot be told';
  if (judged.writable === false)
    return survives.processRestart === false ? 'no place for data' : 'read-only: no place for data';
  const lost = firstLevel(survives, false);
  const maybe = firstLevel(survives, 'unknown');
  if (maybe && (!lost || SURVIVAL_LEVELS.indexOf(maybe) < SURVIVAL_LEVELS.indexOf(lost))) {
    return maybe !== 'nodeLoss' && lost && lost !== 'nodeLoss' ? `${MAYBE[maybe]}, ${LOST[lost]}` : MAYBE[maybe];
  }
  return lost ? LOST[lost] : 'survives everything, also the loss of the machine';
}

/**
 * What survives and what loses it, in one sentence of the user's own commands:
 * `survives docker restart; lost at a new container (docker compose up after a change, docker rm and run)`.
 */
export function storyOf(judged: Pick<Durability, 'survives'>, platform: Where): string {
  const { survives } = judged;
  const names = SURVIVAL_LEVELS.filter((name) => name !== 'containerRestart' || hasContainer(platform));
  const lost = names.find((name) => survives[name] === false);
  const kept = names.filter((name) => survives[name] === true && (!lost || names.indexOf(name) < names.indexOf(lost)));
  const open = names.filter((name) => survives[name] === 'unknown');
  const parts: string[] = [];
  // Where two levels are one event (a dyno's restart), only the loss is told.
  const told = kept
    .map((name) => eventFor(name, platform))
    .filter((event) => !lost || event !== eventFor(lost, platform));
  const last = told.at(-1);
  if (last !== undefined) parts.push(`survives ${last}`);
  if (lost) parts.push(`lost at ${eventFor(lost, platform)}`);
  const [first] = open;
  if (first && (!lost || names.indexOf(first) < names.indexOf(lost)))
    parts.push(`unknown for ${eventFor(first, platform)}`);
  return parts.join('; ');
}

/** Engines by the kind of file that starts the bot. */
const LAUNCH_KINDS: Readonly<Record<string, readonly string[]>> = {
  dockerfile: ['docker'],
  compose: ['docker'],
  kubernetes: ['kubernetes'],
  systemd: ['systemd-service', 'host'],
};

/** Names of hosting platforms as they write them, by the kind that a launch states. */
const PLATFORM_NAMES: Readonly<Record<string, string>> = {
  heroku: 'Heroku',
  render: 'Render',
  railway: 'Railway',
  fly: 'Fly.io',
  'app-engine': 'App Engine',
  digitalocean: 'DigitalOcean App Platform',
};

/** Where a launch runs, for choosing words: the declared engine or platform, else the machine. */
export function whereOf(
  launch: Pick<Launch, 'kind' | 'mountTable' | 'platform'> | null,
  machine: Platform | null,
): Where {
  if (launch?.mountTable !== 'declared') return machine ?? { kinds: ['host'] };
  const { platform } = launch;
  if (platform)
    return {
      kinds: [platform, 'container'],
      event: `a redeploy or restart on ${PLATFORM_NAMES[platform] ?? platform}`,
    };
  return { kinds: LAUNCH_KINDS[launch.kind] ?? ['container'] };
}
