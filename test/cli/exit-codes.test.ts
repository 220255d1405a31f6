import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codesOf, docTable, flagOf } from '../support/doc-table.ts';
import { scratch, startDoctor, write } from '../support/doctor.ts';

/** Every cell of the tables in docs/policy.md, with the real program on facts files that hold just what the cell is about. */

const fact = (value: unknown) => ({ ok: true, value, gaps: [] });
const blind = { ok: false, reason: 'the index of git could not be read' };
const PROJECT = { path: '/srv/bot', name: 'bot', botPackages: [''], libraryRange: '1' };
const NOTHING = { libraryVersion: null, puppeteerVersion: null, hasDockerfile: false };

function facts(more: Record<string, unknown>, botPackages = ['']): string {
  const space = { sessions: [] };
  return JSON.stringify({
    schema: 'wa-doctor/facts@1',
    target: 'host',
    project: '/srv/bot',
    day: '2026-11-25',
    facts: {
      project: fact({ ...PROJECT, ...NOTHING, botPackages }),
      sites: fact([]),
      sessions: fact([]),
      profiles: fact([]),
      space: fact(space),
      git: fact({ repository: '/srv/bot', sessions: [{ path: 'a', ignored: true, ignoredBy: 'x', tracked: false }] }),
      ...more,
    },
    redacted: 0,
  });
}

/** 10 MB free: one finding of WA105. */
const FULL = {
  space: fact({
    sessions: [{ path: '/d', looked: '/d', bytesFree: 1e7, bytesTotal: 1e9, inodesFree: 1e6, inodesTotal: 1e6 }],
  }),
};

async function exitOf(args: readonly string[]): Promise<number> {
  const child = startDoctor(['audit', ...args, '--json']);
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code === null || code === 2 || code > 3) throw new Error(`exit ${code}: ${err}`);
  // Standard output holds the report and nothing else.
  JSON.parse(out);
  return code;
}

async function exitsOf(runs: readonly (readonly string[])[]): Promise<number[]> {
  const codes: number[] = [];
  for (let at = 0; at < runs.length; at += 3) codes.push(...(await Promise.all(runs.slice(at, at + 3).map(exitOf))));
  return codes;
}

const folder = write(scratch('exit'), {
  'clean.json': facts({}),
  'clean-blind.json': facts({ git: blind }),
  'found.json': facts(FULL),
  'found-blind.json': facts({ ...FULL, git: blind }),
  'crash.json': facts({ git: fact({ repository: null, sessions: [null] }) }),
  'nothing-to-judge.json': facts({ git: fact({ repository: null, sessions: [] }) }),
  'no-bot.json': facts({}, []),
  'two-bots.json': facts({}, ['packages/a', 'packages/b']),
  'suppressed.json': JSON.stringify({ suppressions: [{ code: 'WA105', reason: 'the disk grows tomorrow' }] }),
  'over.json': JSON.stringify({ suppressions: [{ code: 'WA105', reason: 'it grew', until: '2026-11-24' }] }),
  'empty.json': JSON.stringify({ schema: 'wa-doctor/baseline@1', entries: [] }),
});
const at = (name: string) => join(folder, name);
const BOTH = ['--only', 'WA105,WA603'];

const STATES: Readonly<Record<string, readonly string[]>> = {
  '–': [],
  open: [],
  suppressed: ['--config', at('suppressed.json')],
  'suppressed until yesterday': ['--config', at('over.json')],
  'in the baseline': ['--baseline', at('known.json')],
  'not in the baseline': ['--baseline', at('empty.json')],
};

describe('findings', async () => {
  await exitOf(['--facts', at('found.json'), ...BOTH, '--baseline-out', at('known.json')]);
  const { head, rows } = docTable('docs/policy.md', 'findings');
  it.each(rows)('%s, %s', async (severity = '', state = '', ...cells) => {
    const name = severity === 'none' ? 'clean' : 'found';
    const flags = STATES[state];
    if (flags === undefined) throw new Error(`the table has a state "${state}" that this test does not know`);
    const change = severity === 'none' ? [] : ['--severity', `WA105=${severity}`];
    const runs = head.slice(2).flatMap((title) => {
      const common = [...BOTH, ...flags, ...change, ...flagOf(title)];
      return [
        ['--facts', at(`${name}.json`), ...common],
        ['--facts', at(`${name}-blind.json`), ...common],
        ['--facts', at(`${name}-blind.json`), ...common, '--allow-unknown'],
      ];
    });
    expect(await exitsOf(runs)).toEqual(cells.flatMap(codesOf));
  });
});

const LOOKS: Readonly<Record<string, readonly string[]>> = {
  'could look': ['--facts', at('clean.json'), ...BOTH],
  'could not look': ['--facts', at('clean-blind.json'), ...BOTH],
  crashed: ['--facts', at('crash.json'), ...BOTH],
  'does not apply here': ['--facts', at('nothing-to-judge.json'), ...BOTH],
  'was not run': ['--facts', at('clean-blind.json'), '--only', 'WA105'],
};

describe('could not look', () => {
  const { head, rows } = docTable('docs/policy.md', 'unknown');
  it.each(rows)('WA603 %s', async (state = '', ...cells) => {
    const flags = head.slice(1).map((title) => title.match(/--allow-unknown(=WA\d+)?/)?.[0]);
    const runs = flags.map((flag) => [...(LOOKS[state] ?? ['--no-such-state']), ...(flag === undefined ? [] : [flag])]);
    expect(await exitsOf(runs)).toEqual(cells.map(Number));
  });
});

const BOTS: Readonly<Record<string, string>> = {
  'a bot': 'clean.json',
  'no bot': 'no-bot.json',
  'one bot each in two packages': 'two-bots.json',
};

describe('no bot', () => {
  const { rows } = docTable('docs/policy.md', 'no-bot');
  it.each(rows)('%s', async (state = '', ...cells) => {
    const run = ['--facts', at(BOTS[state] ?? 'none.json'), ...BOTH];
    expect(await exitsOf([run, [...run, '--allow-no-bot']])).toEqual(cells.map(Number));
  });
});

describe('--show does not change the exit code', () => {
  it.each(['error', 'warning', 'info'])('--show %s', async (show) => {
    const run = ['--facts', at('found.json'), ...BOTH, '--severity', 'WA105=info', '--show', show];
    expect(await exitsOf([run, [...run, '--fail-on', 'info']])).toEqual([0, 1]);
  });
});
