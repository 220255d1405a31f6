import { describe, expect, test } from 'vitest';
import { PROFILE_CHECKS } from '../../../src/cli/profile-checks.ts';
import type { AccessFact } from '../../../src/model/facts.ts';
import { absolutePath } from '../../../src/model/path.ts';
import type { Profile, Store } from '../../../src/model/profile.ts';

const store = (name: string, over: Partial<Store> = {}): Store => ({
  name,
  engine: 'leveldb',
  path: `/data/session/${name}`,
  state: 'ok',
  bytes: 1,
  problems: [],
  depth: 'quick',
  ...over,
});

/** A linked session that was closed cleanly a day ago. */
const HEALTHY: Profile = {
  path: absolutePath('/data/session'),
  kind: 'LocalAuth',
  clientId: null,
  state: 'linked',
  confidence: 'high',
  evidence: ['both halves of a login are there'],
  account: '•••11',
  lastUsed: Date.UTC(2026, 10, 24),
  bornAt: Date.UTC(2026, 1, 1),
  idleDays: 1,
  browser: { lastVersion: '156.0.8078.79', next: { version: '156.0.8078.79', from: 'the package chromium' } },
  schemas: [
    { store: 'Local Storage', found: 1, known: 1 },
    { store: 'IndexedDB', found: 5, known: 5 },
  ],
  traces: [],
  tornLogs: [],
  gaps: [],
  owner: { state: 'free', host: null, pid: null, reason: 'nobody', deletedFiles: 0, orphan: false, lock: false },
  lastExit: 'clean',
  crashStreak: 0,
  stores: [store('Local Storage'), store('IndexedDB')],
  bytes: null,
  permissions: {
    mode: '0700',
    uid: 1000,
    gid: 1000,
    mixedOwners: false,
    expectedUid: 1000,
    odd: [],
    readableBy: 'owner',
  },
};

const access: AccessFact = { runsAsRoot: 'unknown', evidence: [], sessions: [] };
const owner = (over: Partial<Profile['owner']>) => ({ owner: { ...HEALTHY.owner, ...over } });
const permissions = (over: Partial<Profile['permissions']>) => ({ permissions: { ...HEALTHY.permissions, ...over } });
const torn = store('IndexedDB', {
  state: 'damaged',
  problems: [{ file: '000003.log', kind: 'torn-log', text: 'a record was not written to its end', offset: 99 }],
});

/** Code and severity of every finding, `?` for what could not be judged. */
function say(over: Partial<Profile>): string[] {
  return PROFILE_CHECKS.flatMap((check) => {
    const result = check.run({ profiles: [{ ...HEALTHY, ...over }], access });
    return [
      ...result.findings.map(({ severity }) => `${check.code} ${severity ?? check.severity}`),
      ...(result.unknown ?? []).map(() => `${check.code} ?`),
    ];
  });
}

describe('what the checks say of a profile', () => {
  const table: readonly (readonly [string, Partial<Profile>, readonly string[]])[] = [
    ['healthy and idle', {}, []],
    ['healthy and running', { ...owner({ state: 'live', pid: 7, lock: true }), lastExit: 'running', idleDays: 0 }, []],
    [
      'an old lock of this host',
      { ...owner({ state: 'stale-local', lock: true }), lastExit: 'unclean' },
      ['WA506 warning'],
    ],
    ['missing', { state: 'missing', stores: [], lastUsed: null, idleDays: null }, ['WA501 info']],
    ['emptied', { state: 'missing', stores: [], evidence: ['the directory is empty'] }, ['WA501 warning']],
    ['never linked', { state: 'never-linked' }, ['WA502 info']],
    ['logged out', { state: 'logged-out' }, ['WA502 warning']],
    ['half of it', { state: 'incomplete' }, ['WA502 error']],
    ['perhaps half of it', { state: 'incomplete', confidence: 'low' }, ['WA502 warning']],
    ['unreadable', { state: 'unknown', stores: [store('IndexedDB', { state: 'unknown' })] }, ['WA502 ?', 'WA505 ?']],
    [
      'case 5: the lock of a container that is gone',
      owner({ state: 'stale-foreign', host: 'e77b1ebe9b51', pid: 36, lock: true }),
      ['WA503 error'],
    ],
    ['a lock that cannot be read', owner({ state: 'unknown', lock: true }), ['WA503 ?', 'WA508 ?']],
    ['processes cannot be seen', owner({ state: 'unknown' }), ['WA504 ?', 'WA508 ?']],
    ['an orphan', owner({ state: 'live', pid: 7, orphan: true }), ['WA504 warning']],
    [
      'a torn log',
      {
        stores: [store('Local Storage'), torn],
        tornLogs: [{ path: absolutePath('/data/session/x.log'), size: 9, goodLength: 5 }],
      },
      ['WA505 error'],
    ],
    [
      'case 11: killed 20 s after pairing',
      {
        lastExit: 'unknown',
        bornAt: Date.UTC(2026, 10, 25, 10, 0, 5),
        lastUsed: Date.UTC(2026, 10, 25, 10, 0, 25),
        idleDays: 0,
      },
      ['WA506 warning'],
    ],
    [
      'young, but closed cleanly',
      { bornAt: Date.UTC(2026, 10, 25, 10, 0, 5), lastUsed: Date.UTC(2026, 10, 25, 10, 0, 25) },
      [],
    ],
    [
      'case 20: an older browser',
      { browser: { lastVersion: '149.0.7827.155', next: { version: '146.0.7680.31', from: '/opt/puppeteer' } } },
      ['WA507 error'],
    ],
    [
      'an older build of the same major',
      { browser: { lastVersion: '156.0.8078.79', next: { version: '156.0.8000.1', from: 'x' } } },
      [],
    ],
    [
      'a newer browser',
      { browser: { lastVersion: '146.0.7680.31', next: { version: '156.0.8000.1', from: 'x' } } },
      [],
    ],
    ['no version at all', { browser: { lastVersion: null, next: null } }, []],
    [
      'a format that the browser does not know',
      { schemas: [{ store: 'IndexedDB', found: 6, known: 5 }] },
      ['WA507 error'],
    ],
    [
      'a format that a later browser may know',
      { schemas: [{ store: 'IndexedDB', found: 6, known: 5 }], browser: { lastVersion: '170.0.0.0', next: null } },
      ['WA507 warning'],
    ],
    [
      'a later browser on its own format',
      {
        schemas: [{ store: 'IndexedDB', found: 6, known: 5 }],
        browser: { lastVersion: '170.0.0.0', next: { version: '170.0.0.0', from: 'x' } },
      },
      [],
    ],
    [
      'SQLite',
      { stores: [store('Local Storage', { engine: 'sqlite' }), store('IndexedDB', { engine: 'sqlite' })] },
      ['WA507 warning'],
    ],
    [
      'deleted under a live browser',
      { state: 'missing', stores: [], ...owner({ state: 'live', pid: 7, deletedFiles: 40 }) },
      ['WA501 info', 'WA508 error'],
    ],
    ['idle for 13 days', { idleDays: 13 }, []],
    ['idle for 14 days', { idleDays: 14 }, ['WA509 info']],
    ['idle for 33 days', { idleDays: 33 }, ['WA509 warning']],
    ['idle, never linked', { idleDays: 33, state: 'never-linked' }, ['WA502 info']],
    ['readable by everyone', permissions({ readableBy: 'everyone', mode: '0755' }), ['WA601 warning']],
    ['readable by the group', permissions({ readableBy: 'group' }), ['WA601 info']],
    ['owned by root', permissions({ uid: 0, expectedUid: 0 }), ['WA602 info']],
    [
      'one log of root',
      permissions({ mixedOwners: true, odd: [{ path: 'Default/x.log', uid: 0, mode: '0600' }] }),
      ['WA602 error'],
    ],
    ['mixed, all usable', permissions({ mixedOwners: true }), ['WA602 warning']],
  ];
  test.each(table)('%s', (_what, over, expected) => {
    expect(say(over)).toEqual(expected);
  });

  test('without a session every check has nothing to judge', () => {
    for (const check of PROFILE_CHECKS) {
      const { findings, notApplicable } = check.run({ profiles: [], access });
      expect([check.code, findings.length, typeof notApplicable]).toEqual([check.code, 0, 'string']);
    }
  });

  test('messages say what, why and what to do: no question, no blame, a full stop', () => {
    for (const [, over] of table) {
      for (const check of PROFILE_CHECKS) {
        for (const { message, evidence } of check.run({ profiles: [{ ...HEALTHY, ...over }], access }).findings) {
          expect(message).toMatch(/\.$/);
          expect(message).toContain('/data/session');
          expect(evidence.length).toBeGreaterThan(0);
        }
      }
    }
  });

  test('the way out of a stale lock names the host, the user and the command, and warns of deleting', () => {
    const check = PROFILE_CHECKS.find(({ code }) => code === 'WA503');
    const [finding] =
      check?.run({
        profiles: [{ ...HEALTHY, ...owner({ state: 'stale-foreign', host: 'e77b1ebe9b51', lock: true }) }],
        access,
      }).findings ?? [];
    const steps = finding?.remediation?.steps.join('\n') ?? '';
    expect(steps).toContain('--owner-gone e77b1ebe9b51 --apply as user 1000');
    expect(steps).toContain('Do not delete');
    expect(finding?.evidence.join(' ')).toContain('The login itself is complete');
  });
});
