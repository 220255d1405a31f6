import type { Durability } from '../../model/mount.ts';
import type { ReportedSession } from '../../model/report.ts';
import { clipEnd, clipStart, html } from './escape.ts';

/** The map: how the bot is started → where it then keeps the session → on which mount that lies. Pure layout, drawn as SVG. */

export type State = 'kept' | 'lost' | 'unknown';

/** Never by colour alone: each state has a sign, a word and a line of its own. */
export const SIGNS: Readonly<Record<State, string>> = { kept: '✔', lost: '✖', unknown: '?' };

const EVENTS = [
  ['processRestart', 'a restart of the bot'],
  ['containerRestart', 'a restart of the container'],
  ['recreate', 'the next deploy'],
  ['reboot', 'a reboot'],
] as const;

/** What the storage of a session means for it, and in words. The loss of the whole machine is another matter. */
export function storageOf({ survives, unknown }: Pick<ReportedSession, 'survives' | 'unknown'>): {
  readonly state: State;
  readonly words: string;
} {
  if (survives === null) return { state: 'unknown', words: unknown ?? 'no mount table to judge by' };
  for (const [level, event] of EVENTS)
    if (survives[level] === false) return { state: 'lost', words: `lost at ${event}` };
  for (const [level, event] of EVENTS)
    if (survives[level] === 'unknown') return { state: 'unknown', words: `not known: ${event}` };
  return { state: 'kept', words: 'survives restarts, deploys and reboots' };
}

interface Node {
  readonly key: string;
  readonly title: string;
  readonly full: string;
  readonly sub: string;
  readonly state: State;
  y: number;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly state: State;
}

/** More than this is no map any more; the table below holds all. */
const MAX_SESSIONS = 24;
const WIDTH = 1040;
const BOX = 52;
const STEP = 70;
const TOP = 34;
/** Left edge, width and characters of each column. */
const COLUMNS = [
  { x: 1, width: 270, room: 29, head: 'How it is started' },
  { x: 361, width: 360, room: 42, head: 'Where the session is kept' },
  { x: 811, width: 228, room: 24, head: 'On which mount' },
] as const;

const RANK: Readonly<Record<State, number>> = { lost: 2, unknown: 1, kept: 0 };

function mountOf(durability: Durability | null): { key: string; title: string; sub: string } {
  const mount = durability?.mount ?? null;
  if (mount === null) return { key: 'none', title: 'no mount known', sub: 'nothing declares one' };
  return {
    key: `${mount.mountPoint} ${mount.fstype} ${mount.source} ${mount.root}`,
    title: mount.mountPoint,
    sub: [mount.fstype, mount.source].filter((text) => text !== '' && text !== mount.mountPoint).join(' · '),
  };
}

/** `compose:docker-compose.yml#bot` is the bot of compose, in that file. */
function launchOf(launch: string | null): { title: string; sub: string } {
  if (launch === null) return { title: 'by hand', sub: 'node in the package root' };
  const [, kind = '', file = '', name = ''] = /^([^:]*):?([^#]*)#?(.*)$/s.exec(launch) ?? [];
  if (name === '') return file === '' ? { title: launch, sub: '' } : { title: file, sub: kind };
  return { title: name, sub: `${kind} · ${file.slice(file.lastIndexOf('/') + 1)}` };
}

function add(column: Map<string, Node>, node: Omit<Node, 'y'>): void {
  const known = column.get(node.key);
  if (known === undefined || RANK[node.state] > RANK[known.state]) column.set(node.key, { ...node, y: known?.y ?? 0 });
}

function build(sessions: readonly ReportedSession[]): {
  columns: readonly Map<string, Node>[];
  edges: readonly Edge[];
} {
  const columns = [new Map<string, Node>(), new Map<string, Node>(), new Map<string, Node>()] as const;
  const [launches, paths, mounts] = columns;
  const edges = new Map<string, Edge>();
  for (const session of sessions) {
    const { state, words } = storageOf(session);
    const launch = launchOf(session.launch);
    const mount = mountOf(session.durability);
    const from = `launch ${session.launch ?? ''}`;
    const path = session.userDataDir ?? 'not resolved';
    const at = `path ${path} ${mount.key} ${words}`;
    const to = `mount ${mount.key}`;
    add(launches, { key: from, ...launch, full: session.launch ?? launch.title, state });
    add(paths, { key: at, title: path, full: path, sub: `${SIGNS[state]} ${words}`, state });
    add(mounts, { ...mount, key: to, full: `${mount.title} (${mount.sub})`, state });
    edges.set(`${from}>${at}`, { from, to: at, state });
    edges.set(`${at}>${to}`, { from: at, to, state });
  }
  return { columns, edges: [...edges.values()] };
}

function place(columns: readonly Map<string, Node>[]): number {
  const rows = Math.max(1, ...columns.map(({ size }) => size));
  for (const column of columns) {
    const offset = ((rows - column.size) * STEP) / 2;
    let index = 0;
    for (const node of column.values()) node.y = TOP + offset + STEP * index++;
  }
  return TOP + rows * STEP - (STEP - BOX) + 2;
}

function box(node: Node, { x, width, room }: (typeof COLUMNS)[number]): string {
  const { y, title, sub, full, state } = node;
  return `<g class="node ${state}"><title>${html(`${full}: ${sub}`)}</title><rect x="${x}" y="${y}" width="${width}" height="${BOX}" rx="8"/><text class="name" x="${x + 14}" y="${y + 22}">${html(clipStart(title, room))}</text><text class="sub" x="${x + 14}" y="${y + 40}">${html(clipEnd(sub, Math.floor(room * 1.25)))}</text></g>`;
}

function line(edge: Edge, columns: readonly Map<string, Node>[]): string {
  for (const [index, column] of columns.entries()) {
    const from = column.get(edge.from);
    const to = columns[index + 1]?.get(edge.to);
    const left = COLUMNS[index];
    const right = COLUMNS[index + 1];
    if (from === undefined || to === undefined || left === undefined || right === undefined) continue;
    const [x1, y1, x2, y2] = [left.x + left.width, from.y + BOX / 2, right.x, to.y + BOX / 2];
    const bend = (x2 - x1) / 2;
    const sign =
      index === 0
        ? ''
        : `<circle class="badge" cx="${x1 + bend}" cy="${(y1 + y2) / 2}" r="11"/><text class="sign" x="${x1 + bend}" y="${(y1 + y2) / 2 + 5}">${SIGNS[edge.state]}</text>`;
    return `<g class="edge ${edge.state}"><path d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}"/>${sign}</g>`;
  }
  return '';
}

/** The map as one `<svg>`, or `''` when there is no session to draw. A screen reader hears its sentence; the list below says the rest. */
export function sessionMap(all: readonly ReportedSession[]): string {
  if (all.length === 0) return '';
  const sessions = [...all].sort((a, b) => RANK[storageOf(b).state] - RANK[storageOf(a).state]).slice(0, MAX_SESSIONS);
  const { columns, edges } = build(sessions);
  const height = place(columns);
  const count = (state: State) => all.filter((session) => storageOf(session).state === state).length;
  const sentence = `${all.length} ways from a start of the bot to its session: ${count('lost')} lose it, ${count('kept')} keep it, ${count('unknown')} are not known.`;
  const heads = COLUMNS.map(({ x, head }) => `<text class="head" x="${x + 2}" y="16">${html(head)}</text>`);
  // Lossy lines last, so that they lie on top.
  const lines = [...edges]
    .sort((a, b) => RANK[a.state] - RANK[b.state])
    .map((edge) => line(edge, columns))
    .join('');
  const boxes = columns.map((column, index) => {
    const at = COLUMNS[index];
    return at === undefined ? '' : [...column.values()].map((node) => box(node, at)).join('');
  });
  return `<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="${html(sentence)}">${heads.join('')}${lines}${boxes.join('')}</svg>${
    all.length > sessions.length ? `<p class="quiet">${all.length - sessions.length} more are in the list.</p>` : ''
  }`;
}
