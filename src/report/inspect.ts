import type { AbsolutePath } from '../model/path.ts';
import type { Profile, ProfileState } from '../model/profile.ts';
import { shellWord, span, utc } from '../model/profile-words.ts';
import { type Cell, type Page, paragraph, type Style, table, visible } from './text.ts';

/** A zip or a temporary directory that RemoteAuth left. */
export interface LeftoverRow {
  readonly path: AbsolutePath;
  readonly kind: string;
  readonly state: string;
  readonly text: string;
}

export interface InspectDocument {
  /** What the path was taken for. */
  readonly kind: 'profile' | 'data-path' | 'project' | 'nothing';
  readonly path: string;
  readonly profiles: readonly Profile[];
  /** Number of each profile among those found, from 1: what `#n` means. */
  readonly numbers: readonly number[];
  /** How to name the place where `#n` is counted, for commands; `null`: the path itself is the session. */
  readonly countedIn: string | null;
  readonly leftovers: readonly LeftoverRow[];
  readonly gaps: readonly string[];
  /** Interrupted before every profile was looked at. */
  readonly partial: boolean;
  readonly now: number;
}

const iso = (milliseconds: number | null) => (milliseconds === null ? null : new Date(milliseconds).toISOString());

/** The published form: `wa-doctor/profile@1`. */
export function inspectJson(document: InspectDocument): unknown {
  return {
    schema: 'wa-doctor/profile@1',
    path: document.path,
    kind: document.kind,
    partial: document.partial,
    profiles: document.profiles.map((profile, index) => ({
      n: document.numbers[index] ?? index + 1,
      ...profile,
      lastUsed: iso(profile.lastUsed),
      bornAt: iso(profile.bornAt),
    })),
    leftovers: document.leftovers,
    gaps: document.gaps,
  };
}

/** Bytes as people say them. */
export function size(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KiB`;
  if (bytes < 1024 ** 3) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}

const STATE_WORDS: Readonly<Record<ProfileState, string>> = {
  linked: 'linked',
  'never-linked': 'never linked',
  'logged-out': 'logged out',
  incomplete: 'incomplete',
  missing: 'missing',
  unknown: 'unknown',
};

const OWNER_WORDS: Readonly<Record<Profile['owner']['state'], string>> = {
  free: 'nobody',
  live: 'a running browser',
  'stale-foreign': 'lock of another host',
  'stale-local': 'old lock',
  unknown: '?',
};

function storesText(profile: Profile): string {
  const states = new Set(profile.stores.map(({ state }) => state));
  for (const state of ['damaged', 'unknown', 'missing'] as const) if (states.has(state)) return state;
  return states.size === 0 ? '-' : 'ok';
}

function paintState(state: ProfileState, style: Style): (text: string) => string {
  if (state === 'linked') return style.green;
  return state === 'incomplete' ? style.red : style.yellow;
}

function nameOf(profile: Profile, document: InspectDocument): string {
  const base = document.path === '/' ? '/' : `${document.path}/`;
  return profile.path.startsWith(base) ? profile.path.slice(base.length) : profile.path;
}

function lastUsedText(profile: Profile, now: number): string {
  if (profile.owner.state === 'live') return 'now';
  return profile.lastUsed === null ? '-' : `${span(Math.max(0, now - profile.lastUsed))} ago`;
}

function overview(document: InspectDocument, page: Page): string[] {
  const { style } = page;
  const head = ['#', 'session', 'login', 'stores', 'used by', 'last exit', 'last used'].map(
    (text): Cell => ({ text, paint: style.dim }),
  );
  const rows = document.profiles.map((profile, index): Cell[] => [
    { text: `#${document.numbers[index] ?? index + 1}` },
    { text: nameOf(profile, document) },
    { text: STATE_WORDS[profile.state], paint: paintState(profile.state, style) },
    { text: storesText(profile), paint: storesText(profile) === 'ok' ? style.green : style.red },
    { text: OWNER_WORDS[profile.owner.state] },
    { text: profile.lastExit },
    { text: lastUsedText(profile, document.now) },
  ]);
  return table([head, ...rows], page.width, 0);
}

function details(profile: Profile, now: number, page: Page): string[] {
  const { style, width } = page;
  const lines: string[] = [];
  const put = (label: string, text: string) => lines.push(...paragraph(`  ${label.padEnd(12)} `, text, width));
  const state = `${STATE_WORDS[profile.state]} (${profile.confidence} confidence)`;
  lines.push(...paragraph('', profile.path, width).map((line) => style.bold(line)));
  put('login', state);
  for (const sentence of profile.evidence) put('', `- ${sentence}`);
  if (profile.account !== null) put('account', profile.account);
  for (const store of profile.stores) {
    const depth = store.depth === 'full' ? 'every block verified' : 'names, manifests and log tails only';
    put(
      store.name === 'Local Storage' ? 'Local Stor.' : store.name,
      `${store.state}, ${size(store.bytes)}, ${store.engine}, ${depth}`,
    );
    for (const problem of store.problems.slice(0, 10)) {
      put('', `- ${problem.file}${problem.offset === null ? '' : ` at byte ${problem.offset}`}: ${problem.text}`);
    }
    if (store.problems.length > 10) put('', `- and ${store.problems.length - 10} more`);
  }
  for (const { store, found, known } of profile.schemas.filter((schema) => schema.found > schema.known)) {
    put('', `- ${store} has format ${found}; the browsers that were measured know ${known} and delete a newer one`);
  }
  put('used by', `${OWNER_WORDS[profile.owner.state]}: ${profile.owner.reason}`);
  if (profile.owner.orphan) put('', '- the bot that started this browser has ended');
  if (profile.owner.deletedFiles > 0) {
    put(
      '',
      `- it holds ${profile.owner.deletedFiles} deleted files: a login made in it is gone at the next start. Do not pair again in this process`,
    );
  }
  const streak =
    profile.crashStreak !== null && profile.crashStreak > 0 ? `, ${profile.crashStreak} hard ends counted` : '';
  put('last exit', `${profile.lastExit}${streak}`);
  if (profile.lastUsed !== null) {
    const born = profile.bornAt === null ? '' : `, born ${utc(profile.bornAt)}`;
    put('last used', `${utc(profile.lastUsed)} (${lastUsedText(profile, now)})${born}`);
  }
  if (profile.browser.lastVersion !== null) {
    const { next } = profile.browser;
    put(
      'browser',
      `last written by ${profile.browser.lastVersion}${next === null ? '' : `, ${next.version} will run (${next.from})`}`,
    );
  }
  if (profile.bytes !== null) put('size', `${size(profile.bytes.state)} state, ${size(profile.bytes.cache)} cache`);
  const { permissions } = profile;
  if (permissions.mode !== null) {
    const mixed = permissions.mixedOwners ? ', files of different owners' : '';
    const readers =
      permissions.readableBy === 'everyone'
        ? ', readable by everyone'
        : permissions.readableBy === 'group'
          ? ', readable by its group'
          : '';
    put(
      'owner',
      `user ${permissions.uid ?? '?'}, group ${permissions.gid ?? '?'}, mode ${permissions.mode}${mixed}${readers}`,
    );
  }
  for (const gap of profile.gaps) put('not looked at', gap);
  return lines;
}

/** Sessions for which the table says what to do. */
const MAX_ADVICE = 20;

interface Advice {
  readonly text: string;
  /** Commands, each on a line of its own so that it can be copied. */
  readonly commands: readonly string[];
}

/** What to do next, or nothing. `name` is the session as `wa-doctor repair` takes it. */
function advice(profile: Profile, name: string): Advice | null {
  if (profile.owner.deletedFiles > 0) {
    return { text: 'Stop the bot and start it anew before anybody scans a QR code.', commands: [] };
  }
  const repair = `wa-doctor repair ${name}`;
  if (profile.tornLogs.length > 0) {
    return {
      text: 'Do not start the bot before its torn log is cut back. The first command shows what would go, the second does it, after a backup:',
      commands: [repair, `${repair} --apply`],
    };
  }
  if (profile.stores.some(({ state }) => state === 'damaged')) {
    return {
      text: 'Copy the directory away before you start the bot: the start may delete the damaged store. Then restore both stores from one backup, or link again.',
      commands: [],
    };
  }
  if (profile.owner.state === 'stale-foreign') {
    const host = profile.owner.host ?? 'HOST';
    return {
      text: `Its login is not touched, do not delete the directory. If host ${host} is gone for good, remove its lock:`,
      commands: [`${repair} --owner-gone ${shellWord(host)} --apply`],
    };
  }
  return null;
}

/** `wa-doctor inspect` for a person: one table of every session, details for a single one. */
export function inspectText(document: InspectDocument, page: Page): string {
  const lines: string[] = [];
  const { profiles } = document;
  if (profiles.length === 0) {
    lines.push(...paragraph('', `There is no session under ${document.path}.`, page.width));
  } else if (profiles.length === 1 && profiles[0] !== undefined) {
    lines.push(...details(profiles[0], document.now, page));
  } else {
    lines.push(`${profiles.length} sessions under ${document.path}`, '', ...overview(document, page));
  }
  const steps = profiles.flatMap((profile, index) => {
    const number = document.numbers[index] ?? index + 1;
    const place =
      document.countedIn === null ? shellWord(profile.path) : `'#${number}' --in ${shellWord(document.countedIn)}`;
    const found = advice(profile, place);
    return found === null ? [] : [{ number, ...found }];
  });
  if (steps.length > 0) lines.push('');
  for (const { number, text, commands } of steps.slice(0, MAX_ADVICE)) {
    lines.push(...paragraph(profiles.length > 1 ? `#${number}  ` : '', text, page.width));
    lines.push(...commands.map((line) => `    ${visible(line)}`));
  }
  if (steps.length > MAX_ADVICE)
    lines.push(`and ${steps.length - MAX_ADVICE} more: wa-doctor inspect '#n' tells what to do`);
  if (document.leftovers.length > 0) lines.push('', 'RemoteAuth left here:');
  for (const { path, state, text } of document.leftovers)
    lines.push(...paragraph('  ', `${path}: ${state}, ${text}`, page.width));
  for (const gap of document.gaps) lines.push(...paragraph('', `Not looked at: ${gap}`, page.width));
  if (document.partial) lines.push('', 'Interrupted: not every session was looked at.');
  if (profiles.some(({ state }) => state === 'linked')) {
    lines.push(
      '',
      ...paragraph(
        '',
        'Linked means that a whole login is on the disk. Whether WhatsApp still accepts it shows only a start of the bot.',
        page.width,
      ),
    );
  }
  return `${lines.join('\n')}\n`;
}
