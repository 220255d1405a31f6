import type { Durability, Platform } from '../model/mount.ts';
import { SURVIVAL_LEVELS, type SurvivalLevel } from '../model/mount.ts';
import { eventFor, hasContainer, riskOf, storyOf } from '../model/words.ts';
import { answerCell, type Cell, type Page, paragraph, table } from './text.ts';

export interface MountsDocument {
  readonly platform: Platform;
  readonly paths: readonly Durability[];
  readonly recommended: string | null;
}

/** Headings of the five columns. */
const COLUMNS: Readonly<Record<SurvivalLevel, string>> = {
  processRestart: 'process',
  containerRestart: 'container',
  recreate: 're-created',
  reboot: 'reboot',
  nodeLoss: 'node loss',
};

/** With more paths than this each gets one line; the story of each would hide the table. */
const STORIES = 30;

/** Reasons that are told in the columns already. */
const IN_COLUMNS = new Set(['not-there-yet']);

/** What the story of a path adds to its columns: the events in the user's words, and why. */
function story(judged: Durability, platform: Platform, page: Page): string[] {
  const { style, width } = page;
  const lines: string[] = [];
  const events = judged.mount === null ? '' : storyOf(judged, platform);
  if (events !== '' && judged.writable !== false) lines.push(...paragraph('  ', events, width));
  for (const reason of judged.reasons) {
    if (!IN_COLUMNS.has(reason.code)) lines.push(...paragraph('  ', reason.text, width).map(style.dim));
  }
  return lines;
}

function rowOf(judged: Durability, page: Page, risk: boolean): Cell[] {
  const { style } = page;
  const fit: Cell =
    judged.writable === false
      ? { text: 'read-only', paint: style.red }
      : answerCell(judged.chromiumFit === 'yes' ? true : judged.chromiumFit === 'no' ? false : 'unknown', style);
  return [
    { text: judged.path, paint: style.bold },
    { text: judged.mount?.mountPoint ?? '-' },
    { text: judged.mount?.fstype ?? '-' },
    ...SURVIVAL_LEVELS.map((level) => answerCell(judged.survives[level], style)),
    judged.chromiumFit === 'risk' && judged.writable !== false ? { text: 'risky', paint: style.yellow } : fit,
    ...(risk ? [{ text: riskOf(judged) }] : []),
  ];
}

/** What the columns mean on this machine: `container = docker restart`. */
function legend(platform: Platform, page: Page): string[] {
  const levels = SURVIVAL_LEVELS.filter((level) => level !== 'containerRestart' || hasContainer(platform));
  const meanings = levels.map((level) => `${COLUMNS[level]} = ${eventFor(level, platform)}`);
  return [
    'Survives:',
    ...meanings.flatMap((meaning) => paragraph('  ', meaning, page.width)),
    '  profile = fit for a Chromium profile',
  ].map(page.style.dim);
}

/** `wa-doctor mounts` for a person: platform, table, the events in the user's words, where to put the session. */
export function mountsTable(document: MountsDocument, page: Page): string {
  const { platform, paths, recommended } = document;
  const { style, width } = page;
  const compact = paths.length > STORIES;
  const head: Cell[] = [
    'path',
    'mount',
    'type',
    ...SURVIVAL_LEVELS.map((level) => COLUMNS[level]),
    'profile',
    ...(compact ? ['risk'] : []),
  ].map((text) => ({ text, paint: style.dim }));
  const [top = '', ...rows] = table([head, ...paths.map((judged) => rowOf(judged, page, compact))], width, 0);
  const lines: string[] = [];
  if (platform.kinds.length > 0) {
    lines.push(...paragraph('Platform: ', platform.kinds.join(', '), width));
    lines.push(...platform.evidence.flatMap((text) => paragraph('  ', text, width)).map(style.dim), '');
  }
  lines.push(top);
  if (compact) lines.push(...rows);
  else
    rows.forEach((row, at) => {
      const judged = paths[at];
      lines.push(row, ...(judged ? story(judged, platform, page) : []));
    });
  lines.push('', ...legend(platform, page), '');
  if (recommended !== null) lines.push(...paragraph('Put the session in: ', recommended, width));
  else {
    const text =
      'No mount here could be verified to be writable, to survive everything in ordinary running and to be fit for a Chromium profile.';
    lines.push(...paragraph('', text, width));
  }
  return `${lines.join('\n')}\n`;
}
