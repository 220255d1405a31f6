import { boolean, document, integer, list, nullable, object, oneOf, type Schema, string, strings } from './build.ts';

/** Documents about one stored session: `inspect`, `repair`, `verify`, `canary`. */

const time = { type: 'string', format: 'date-time' };
const state = oneOf('linked', 'never-linked', 'logged-out', 'incomplete', 'missing', 'unknown');
const confidence = oneOf('high', 'medium', 'low');
const storeState = oneOf('ok', 'damaged', 'missing', 'unknown');

const store = object({
  name: string,
  engine: oneOf('leveldb', 'sqlite'),
  path: string,
  state: storeState,
  bytes: integer,
  problems: list(object({ file: string, kind: string, text: string, offset: nullable(integer) })),
  depth: oneOf('quick', 'full'),
});

const lastExit = oneOf('clean', 'unclean', 'running', 'unknown');

const profile = object({
  n: integer,
  path: string,
  kind: oneOf('LocalAuth', 'RemoteAuth', 'other'),
  clientId: nullable(string),
  state,
  confidence,
  evidence: strings,
  account: nullable(string),
  lastUsed: nullable(time),
  bornAt: nullable(time),
  idleDays: nullable(integer),
  browser: object({ lastVersion: nullable(string), next: nullable(object({ version: string, from: string })) }),
  schemas: list(object({ store: string, found: integer, known: integer })),
  traces: list(object({ store: string, kind: string, text: string })),
  tornLogs: list(object({ path: string, size: integer, goodLength: integer })),
  gaps: strings,
  owner: object({
    state: oneOf('free', 'live', 'stale-foreign', 'stale-local', 'unknown'),
    host: nullable(string),
    pid: nullable(integer),
    reason: string,
    deletedFiles: integer,
    orphan: boolean,
    lock: boolean,
  }),
  lastExit,
  crashStreak: nullable(integer),
  stores: list(store),
  bytes: nullable(object({ state: integer, cache: integer })),
  permissions: object({
    mode: nullable(string),
    uid: nullable(integer),
    gid: nullable(integer),
    mixedOwners: boolean,
    expectedUid: nullable(integer),
    odd: list(object({ path: string, uid: integer, mode: string })),
    readableBy: oneOf('owner', 'group', 'everyone', 'unknown'),
  }),
});

const brief = nullable(object({ state, confidence, stores: list(object({ name: string, state: storeState })) }));

const action = {
  anyOf: [
    object({
      kind: { const: 'cut-log' },
      path: string,
      size: integer,
      keep: integer,
      what: string,
      recordsLost: integer,
      bytes: object({ from: integer, to: integer }),
      done: boolean,
    }),
    object({ kind: { const: 'remove-lock' }, host: string, paths: strings, done: boolean }),
  ],
};

const browser = nullable(object({ path: string, version: nullable(string) }));

const run = object({
  n: integer,
  stop: oneOf('destroy', 'SIGTERM', 'SIGINT', 'SIGKILL'),
  events: list(object({ name: string, ms: integer })),
  clean: boolean,
  outcome: oneOf('ready', 'qr', 'logged-out', 'failed', 'timeout', 'interrupted'),
  error: nullable(string),
});

const summary = nullable(object({ state, evidence: strings, lastExit, stores: list(store) }));

const answer = oneOf('kept', 'lost', 'unknown');
const canaryPlace = nullable(object({ host: string, bootId: nullable(string), device: integer, inode: integer }));

/** The published schemas by file name. */
export const SESSION_DOCUMENTS: Readonly<Record<string, Schema>> = {
  'profile@1': document('profile@1', 'wa-doctor inspect --json', {
    path: string,
    kind: oneOf('profile', 'data-path', 'project', 'nothing'),
    partial: boolean,
    profiles: list(profile),
    leftovers: list(object({ path: string, kind: string, state: string, text: string })),
    gaps: strings,
  }),
  'repair@1': document('repair@1', 'wa-doctor repair --json', {
    profile: string,
    outcome: oneOf('planned', 'done', 'nothing', 'refused', 'failed'),
    reason: nullable(string),
    before: brief,
    after: brief,
    actions: list(action),
    remains: strings,
    backup: nullable(object({ path: string, files: integer, bytes: integer })),
    undo: strings,
  }),
  'verify@1': document('verify@1', 'wa-doctor verify --json', {
    mode: oneOf('live', 'canary'),
    verdict: oneOf('survived', 'lost', 'not-linked', 'refused', 'inconclusive'),
    reason: string,
    advice: strings,
    session: string,
    browser,
    library: nullable(object({ version: string, from: string })),
    runs: list(run),
    lostAt: nullable(integer),
    profile: object({ before: summary, after: summary }),
    backup: nullable(object({ path: string, bytes: integer, files: integer, kept: boolean })),
    timings: object({ inspect: integer, backup: integer, runs: integer }),
  }),
  'canary@1': document('canary@1', 'wa-doctor canary --json', {
    step: oneOf('cycle', 'plant', 'check'),
    verdict: oneOf('survived', 'lost', 'planted', 'inconclusive'),
    reason: string,
    advice: strings,
    dataPath: string,
    sentinel: answer,
    stores: list(object({ name: oneOf('Local Storage', 'IndexedDB'), answer })),
    browser,
    planted: canaryPlace,
    now: canaryPlace,
    timings: object({ plant: integer, check: integer }),
  }),
};
