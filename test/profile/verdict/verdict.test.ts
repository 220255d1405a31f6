import { describe, expect, test } from 'vitest';
import type { Store } from '../../../src/model/profile.ts';
import type { RunMarks } from '../../../src/profile/marks.ts';
import type { StoreReading } from '../../../src/profile/stores.ts';
import { judgeLogin } from '../../../src/profile/verdict.ts';

type State = Store['state'];

interface Spec {
  /** Keys in Local Storage: w = last-wid-md, n = WANoiseInfo, o = some other. `-`: no store; `!`: damaged and nothing read; `?`: denied. */
  readonly ls: string;
  /** Records in signal-meta-store; a = data that only a linked page writes. Marks as above. */
  readonly idb: string;
  readonly damaged?: readonly string[];
  readonly removed?: boolean;
  readonly recreated?: string;
  readonly inUse?: boolean;
  readonly lastVersion?: string | null;
  readonly starts?: number;
}

const marks = (spec: Spec): RunMarks => ({
  variations: null,
  exitType: null,
  lastEvent: null,
  starts: spec.starts ?? 1,
  lastVersion: spec.lastVersion === undefined ? '156.0.1.1' : spec.lastVersion,
  localState: true,
  devToolsActivePort: true,
  directories: { default: true, localStorage: true, indexedDb: true },
  gaps: [],
});

function half(code: string): { state: State; readability: 'whole' | 'none' } {
  if (code.startsWith('-')) return { state: 'missing', readability: 'none' };
  if (code.startsWith('!')) return { state: 'damaged', readability: 'none' };
  if (code.startsWith('?')) return { state: 'unknown', readability: 'none' };
  return { state: 'ok', readability: 'whole' };
}

function reading(spec: Spec): StoreReading {
  const store = (name: string, code: string): Store => ({
    name,
    engine: 'leveldb',
    path: `/p/${name}`,
    state: spec.damaged?.includes(name) === true ? 'damaged' : half(code).state,
    bytes: 1,
    problems: [],
    depth: 'full',
  });
  const records = (count: number) => ({ count, exact: true });
  const count = Number(/\d+/.exec(spec.idb)?.[0] ?? -1);
  return {
    stores: [store('Local Storage', spec.ls), store('IndexedDB', spec.idb)],
    localStorage: {
      engine: 'leveldb',
      readability: half(spec.ls).readability,
      reason: null,
      schemaVersion: 1,
      knownSchemaVersion: 1,
      origins: [],
      whatsapp: {
        keys: spec.ls.length,
        lastWid: spec.ls.includes('w'),
        noiseInfo: spec.ls.includes('n'),
        noiseInfoIv: false,
        salts: [],
        account: null,
      },
    },
    indexedDb: {
      engine: 'leveldb',
      readability: half(spec.idb).readability,
      reason: null,
      schemaVersion: 5,
      knownSchemaVersion: 5,
      databases:
        count < 0
          ? []
          : [
              { name: 'signal-storage', stores: [{ name: 'signal-meta-store', records: records(count) }] },
              { name: 'wawc', stores: [{ name: 'user', records: records(1) }] },
              ...(spec.idb.includes('a')
                ? [{ name: 'model-storage', stores: [{ name: 'chat', records: records(3) }] }]
                : []),
            ],
      otherOrigins: [],
    },
    traces:
      spec.recreated === undefined
        ? []
        : [{ store: spec.recreated, kind: 'recreated', text: 'made anew', file: 'LOG' }],
    tornLogs: [],
    inUse: spec.inUse ?? false,
  };
}

const judge = (spec: Spec) =>
  judgeLogin({ reading: reading(spec), marks: marks(spec), widRemoved: spec.removed ?? false });

describe('the verdict (profile.md, section E)', () => {
  const table: readonly (readonly [string, Spec, string, string])[] = [
    ['both halves', { ls: 'wno', idb: '2a' }, 'linked', 'high'],
    ['both halves, a torn log', { ls: 'wn', idb: '2a', damaged: ['IndexedDB'] }, 'linked', 'medium'],
    ['IndexedDB removed', { ls: 'wn', idb: '-' }, 'incomplete', 'high'],
    ['IndexedDB empty', { ls: 'wn', idb: '0' }, 'incomplete', 'high'],
    ['IndexedDB without signal-storage', { ls: 'wn', idb: '' }, 'incomplete', 'high'],
    ['IndexedDB damaged', { ls: 'wn', idb: '!' }, 'incomplete', 'high'],
    ['IndexedDB denied', { ls: 'wn', idb: '?' }, 'unknown', 'low'],
    ['Local Storage removed', { ls: '-', idb: '2a' }, 'incomplete', 'high'],
    ['Local Storage empty', { ls: '', idb: '2a' }, 'incomplete', 'high'],
    ['Local Storage empty, only keys of a device', { ls: '', idb: '1' }, 'incomplete', 'medium'],
    ['Local Storage damaged', { ls: '!', idb: '2a' }, 'incomplete', 'high'],
    ['Local Storage denied', { ls: '?', idb: '2a' }, 'unknown', 'low'],
    ['both damaged', { ls: '!', idb: '!' }, 'incomplete', 'medium'],
    ['account without key', { ls: 'w', idb: '2a' }, 'incomplete', 'high'],
    ['a QR code was shown', { ls: 'no', idb: '1' }, 'never-linked', 'medium'],
    [
      'a QR code is shown after Local Storage was made anew',
      { ls: 'no', idb: '1', recreated: 'Local Storage' },
      'incomplete',
      'high',
    ],
    ['IndexedDB was first opened late', { ls: 'no', idb: '1', recreated: 'IndexedDB' }, 'never-linked', 'medium'],
    ['killed right after the scan: the account never reached the disk', { ls: 'no', idb: '2a' }, 'incomplete', 'high'],
    ['nothing was ever there', { ls: '', idb: '-' }, 'never-linked', 'medium'],
    ['started several times, never a link', { ls: '', idb: '-', starts: 5 }, 'never-linked', 'low'],
    ['logged out', { ls: 'o', idb: '', removed: true }, 'logged-out', 'high'],
    ['logged out, a new QR code is shown', { ls: 'no', idb: '1', removed: true }, 'logged-out', 'medium'],
    ['half deleted under a live browser', { ls: '-', idb: '-', lastVersion: null }, 'incomplete', 'high'],
    ['a browser that never showed the page', { ls: '-', idb: '-' }, 'never-linked', 'medium'],
    ['a browser is writing', { ls: 'n', idb: '', inUse: true }, 'unknown', 'low'],
    ['a browser is writing, both halves seen', { ls: 'wn', idb: '2', inUse: true }, 'linked', 'high'],
    ['data of a linked page without its keys', { ls: '', idb: '0a' }, 'incomplete', 'high'],
  ];
  test.each(table)('%s', (_what, spec, state, confidence) => {
    expect(judge(spec)).toMatchObject({ state, confidence });
  });

  test('every verdict stands on a sentence for each half', () => {
    for (const [, spec] of table) {
      const { evidence } = judge(spec);
      expect(evidence.length).toBeGreaterThanOrEqual(3);
      expect(evidence.join('\n')).toMatch(/Local Storage/);
      expect(evidence.join('\n')).toMatch(/IndexedDB/);
    }
  });

  test('linked is never said without both halves', () => {
    for (const ls of ['', 'w', 'n', 'wn', '-', '!', '?', 'o']) {
      for (const idb of ['', '0', '1', '2a', '0a', '-', '!', '?']) {
        for (const removed of [true, false]) {
          const { state } = judge({ ls, idb, removed });
          const whole = ls === 'wn' && /[12]/.test(idb);
          expect([ls, idb, state === 'linked']).toEqual([ls, idb, whole]);
        }
      }
    }
  });
});
