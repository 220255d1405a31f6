import type { AuthSite } from '../model/auth-site.ts';
import type { Launch } from '../model/launch.ts';
import { SURVIVAL_LEVELS } from '../model/mount.ts';
import type { SessionPath } from '../model/session-path.ts';
import { riskOf } from '../model/words.ts';
import { type Page, paragraph, visible } from './text.ts';

/** What `wa-doctor path` knows; the same facts as its JSON. */
export interface PathDocument {
  readonly sites: readonly AuthSite[];
  /** Of tests, examples and copies kept beside the bot. */
  readonly otherSites: readonly AuthSite[];
  readonly launches: readonly Launch[];
  readonly sessions: readonly SessionPath[];
  /** What could not be looked at. */
  readonly problems: readonly string[];
}

type Mark = 'good' | 'bad' | 'open';

function fate({ durability, userDataDir }: SessionPath): { readonly text: string; readonly mark: Mark } {
  if (userDataDir === null) return { text: '', mark: 'open' };
  if (durability === null) return { text: 'no mount table to judge it by', mark: 'open' };
  const first = SURVIVAL_LEVELS.find((level) => durability.survives[level] !== true);
  const harmless = first === undefined || first === 'nodeLoss';
  const mark = harmless ? 'good' : durability.survives[first] === false ? 'bad' : 'open';
  return { text: riskOf(durability), mark };
}

function launchName(session: SessionPath): string {
  return session.launch ?? 'by hand in the package root';
}

/** Directories that the ways of starting one site lead to, most frequent first, each with its launches. */
function directoriesOf(sessions: readonly SessionPath[]): Map<string, SessionPath[]> {
  const groups = new Map<string, SessionPath[]>();
  for (const session of sessions) {
    const key = session.userDataDir ?? `unknown: ${session.unknown ?? 'it could not be resolved'}`;
    groups.set(key, [...(groups.get(key) ?? []), session]);
  }
  return groups;
}

/** Do two ways of starting that share a file system disagree about the directory? */
function disagrees(
  groups: ReadonlyMap<string, readonly SessionPath[]>,
  launches: ReadonlyMap<string, Launch>,
): boolean {
  const worlds = new Map<string, Set<string>>();
  for (const [directory, sessions] of groups) {
    for (const { launch } of sessions) {
      const known = launch === null ? undefined : launches.get(launch);
      const world =
        known === undefined || known.mountTable !== 'declared' ? 'host' : `${known.kind}:${known.file}:${known.id}`;
      worlds.set(world, (worlds.get(world) ?? new Set()).add(directory));
    }
  }
  return [...worlds.values()].some((directories) => directories.size > 1);
}

/**
 * Where the bot keeps its login, for a person: one line for each directory and the launches that lead there, the trail under it,
 * and a line that stands out where two ways of starting on the same file system do not agree. Ends with a newline.
 */
export function pathReport(document: PathDocument, page: Page): string {
  const { style, width } = page;
  const launches = new Map(document.launches.map((launch) => [launch.id, launch]));
  const lines: string[] = [];
  const bySite = new Map<string, SessionPath[]>();
  for (const session of document.sessions) bySite.set(session.site, [...(bySite.get(session.site) ?? []), session]);

  if (document.sites.length === 0) lines.push('No place in the source builds a client of whatsapp-web.js.');
  for (const [site, sessions] of bySite) {
    const known = document.sites.find(({ file, line }) => `${file}:${line}` === site);
    if (lines.length > 0) lines.push('');
    lines.push(`${style.bold(visible(site))}  ${known?.strategy ?? ''}`);
    const groups = directoriesOf(sessions);
    if (disagrees(groups, launches)) {
      lines.push(
        ...paragraph(
          '  ▲ ',
          `${groups.size} different directories, by how the bot is started. A login made in one is not found in the other.`,
          width,
        ).map((line) => style.bold(style.yellow(line))),
      );
    }
    for (const [directory, group] of groups) {
      const [first] = group;
      if (first === undefined) continue;
      const paint = { good: style.green, bad: style.red, open: style.yellow };
      const fates = new Map<string, Mark>(group.map((session) => [fate(session).text, fate(session).mark]));
      const told = [...fates].filter(([text]) => text !== '').map(([text, mark]) => paint[mark](text));
      const exists =
        first.exists === true ? style.dim('exists') : first.exists === false ? style.dim('not there yet') : '';
      lines.push(
        `  → ${style.bold(visible(directory))}${[...told, exists]
          .filter((text) => text !== '')
          .map((text) => `  ${text}`)
          .join('')}`,
      );
      lines.push(...paragraph('      started by ', group.map(launchName).join(', '), width));
      for (const step of trailOf(group)) lines.push(...paragraph('      ', step, width).map(style.dim));
      const uncertain = group.find((session) => session.uncertain)?.uncertain;
      if (uncertain) lines.push(...paragraph('      ? ', uncertain, width).map(style.yellow));
      const recommended = group.find((session) => session.recommended !== null)?.recommended;
      if (recommended && recommended !== directory && [...fates.values()].some((mark) => mark !== 'good')) {
        lines.push(...paragraph('      better: ', `an absolute data path, ${recommended}`, width));
      }
    }
  }
  const { otherSites } = document;
  if (otherSites.length > 0) {
    const places = otherSites.map(({ file, line, role }) => `${file}:${line} (${role})`);
    lines.push('', ...paragraph('Left out: ', places.join(', '), width).map(style.dim));
  }
  if (document.problems.length > 0) {
    lines.push('', style.bold('Could not tell'));
    for (const problem of document.problems) lines.push(...paragraph('  ', problem, width));
  }
  return `${lines.join('\n')}\n`;
}

/** The steps that all ways share are told once; the first way stands for the rest. */
function trailOf(group: readonly SessionPath[]): readonly string[] {
  const [first, ...others] = group;
  if (first === undefined) return [];
  const own = first.trail.slice(1);
  return own.filter((step, index) => index < 6 || others.every(({ trail }) => trail.includes(step)));
}
