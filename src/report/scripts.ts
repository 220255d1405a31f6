import type { Script, SessionVerdict, SourceDeletion } from '../model/wiper.ts';
import { chainOf, commandOf, excluding, whoRuns, worstSession } from '../model/wiper-words.ts';
import { type Page, paragraph } from './text.ts';

export interface ScriptsDocument {
  readonly scripts: readonly Script[];
  readonly sources: readonly SourceDeletion[];
  readonly problems: readonly string[];
}

const WHEN: Readonly<Record<SourceDeletion['trigger'], string>> = {
  start: 'at start',
  event: 'on',
  signal: 'on',
  timer: 'on a timer',
  route: 'on request',
  test: 'in a test',
  unknown: 'when called',
};

function wordOf({ deleted, partial }: SessionVerdict): 'DELETES' | 'DAMAGES' | 'MAY DELETE' | 'touches' {
  if (deleted === true) return 'DELETES';
  if (partial) return 'DAMAGES';
  return deleted === 'unknown' ? 'MAY DELETE' : 'touches';
}

/** The verdict that a line is about: the worst, else one that says what happens instead. */
function subjectOf(sessions: readonly SessionVerdict[]): SessionVerdict | null {
  return (
    sessions.find(({ deleted }) => deleted === true) ??
    sessions.find(({ partial }) => partial) ??
    sessions.find(({ deleted }) => deleted === 'unknown') ??
    sessions.find(({ reason }) => reason !== null) ??
    null
  );
}

function pathsOf(sessions: readonly SessionVerdict[], subject: SessionVerdict): string {
  const same = sessions.filter(({ deleted, partial }) => deleted === subject.deleted && partial === subject.partial);
  const [first, second] = same;
  if (first === undefined) return subject.path;
  return same.length > 2
    ? `${first.path} and ${same.length - 1} more`
    : second === undefined
      ? first.path
      : `${first.path}, ${second.path}`;
}

function paintOf(word: string, { style }: Page): (text: string) => string {
  if (word === 'DELETES') return style.red;
  return word === 'touches' ? style.dim : style.yellow;
}

function scriptLines(script: Script, page: Page): string[] {
  const subject = subjectOf(script.sessions);
  if (subject === null && !script.removesVolumes) return [];
  const { width, style } = page;
  const place = style.dim(`${script.file}:${script.line}`);
  if (subject === null) {
    return [
      `${style.yellow('REMOVES VOLUMES')}  ${commandOf(script)}  ${place}`,
      ...paragraph('    ', `a session on a container volume goes with it (${whoRuns(script)})`, width),
    ];
  }
  const word = wordOf(subject);
  const lines = [
    ...paragraph(
      `${word}  `,
      `${commandOf(script)}: ${pathsOf(script.sessions, subject)}, ${whoRuns(script)}`,
      width,
    ).map((line, index) => (index === 0 ? line.replace(word, () => paintOf(word, page)(style.bold(word))) : line)),
    ...paragraph('    ', `${script.file}:${script.line} → ${chainOf(script, subject)}`, width).map(style.dim),
  ];
  if (subject.reason !== null) lines.push(...paragraph('    ', subject.reason, width));
  if (word === 'DELETES' || word === 'DAMAGES')
    for (const step of excluding(script, subject)) lines.push(...paragraph('    fix: ', step, width));
  return lines;
}

function sourceLines(source: SourceDeletion, page: Page): string[] {
  const subject = subjectOf(source.sessions);
  if (subject === null) return [];
  const { width, style } = page;
  const word = source.kind === 'logout' ? 'LOGS OUT' : wordOf(subject);
  const when =
    source.trigger === 'event' || source.trigger === 'signal'
      ? `${WHEN[source.trigger]} ${source.triggerName ?? 'an event'}`
      : source.triggerName === null || source.trigger === 'start'
        ? WHEN[source.trigger]
        : `${WHEN[source.trigger]} (${source.triggerName})`;
  const lines = [
    ...paragraph(`${word}  `, `${source.file}:${source.line} ${when}: ${pathsOf(source.sessions, subject)}`, width).map(
      (line, index) =>
        index === 0
          ? line.replace(word, () => paintOf(word === 'LOGS OUT' ? 'DELETES' : word, page)(style.bold(word)))
          : line,
    ),
    ...paragraph('    ', source.what, width).map(style.dim),
  ];
  const because = subject.reason ?? source.condition ?? null;
  if (because !== null) lines.push(...paragraph('    ', because, width));
  if (source.kind === 'logout' && source.trigger !== 'route')
    lines.push(
      ...paragraph('    fix: ', 'Use await client.destroy() to stop or restart; logout() unlinks the device.', width),
    );
  return lines;
}

const RANK = { DELETES: 0, DAMAGES: 1, 'MAY DELETE': 2, touches: 3 } as const;

function rankOf(sessions: readonly SessionVerdict[]): number {
  const subject = subjectOf(sessions);
  return subject === null ? 4 : RANK[wordOf(subject)];
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** `wa-doctor scripts` for a person: what touches a session, through which chain, who triggers it; one line for the rest. */
export function scriptsReport({ scripts, sources, problems }: ScriptsDocument, page: Page): string {
  const lines: string[] = [];
  const touching = scripts
    .map((script) => ({ script, rank: rankOf(script.sessions) }))
    .filter(({ script, rank }) => rank < 4 || script.removesVolumes)
    .sort((a, b) => a.rank - b.rank);
  for (const { script } of touching) lines.push(...scriptLines(script, page));
  const own = sources.map((source) => ({ source, rank: rankOf(source.sessions) })).sort((a, b) => a.rank - b.rank);
  for (const { source } of own) lines.push(...sourceLines(source, page));
  const rest = scripts.length - touching.length;
  const deleting = touching.filter(({ script }) => worstSession(script)?.deleted === true).length;
  if (lines.length > 0) lines.push('');
  lines.push(
    ...paragraph(
      '',
      scripts.length === 0 && sources.length === 0
        ? 'No script, workflow or source was found that could touch a session.'
        : `${plural(deleting, 'script')} of ${scripts.length} ${deleting === 1 ? 'deletes' : 'delete'} a session; ${plural(rest, 'script')} ${rest === 1 ? 'touches' : 'touch'} none${sources.length > 0 ? `; ${plural(sources.length, 'place')} in the source ${sources.length === 1 ? 'does' : 'do'}` : '; the source deletes none'}.`,
      page.width,
    ),
  );
  for (const problem of problems) lines.push(...paragraph('could not look: ', problem, page.width));
  return `${lines.join('\n')}\n`;
}
