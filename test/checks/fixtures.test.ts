import { chmodSync, chownSync, cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import { type FactStates, runChecks } from '../../src/core/run.ts';
import { collectFacts } from '../../src/facts/graph.ts';
import { FACTS } from '../../src/facts/index.ts';
import { openMachine } from '../../src/facts/machine.ts';
import type { Check } from '../../src/model/check.ts';
import type { Facts } from '../../src/model/facts.ts';
import { REPOSITORY, scratch, write } from '../support/doctor.ts';
import { lacks } from '../support/needs.ts';

/** What a fixture needs beside its files: what git cannot store, and facts that no files can make. */
interface Case {
  readonly chmod?: Readonly<Record<string, string>>;
  readonly chown?: Readonly<Record<string, string>>;
  /** Files that git would not store: `.git` itself. */
  readonly files?: Readonly<Record<string, string>>;
  readonly facts?: Partial<Facts>;
}

const FOLDER = join(REPOSITORY, 'test/fixtures/checks');
const NOW = Date.parse('2026-11-25T10:00:00Z');

function prepare(folder: string): { root: string; settings: Case } {
  const root = scratch('check');
  cpSync(join(folder, 'root'), root, { recursive: true, verbatimSymlinks: true });
  const file = join(folder, 'case.json');
  const settings: Case = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  write(root, settings.files ?? {});
  for (const [path, mode] of Object.entries(settings.chmod ?? {}))
    chmodSync(join(root, path), Number.parseInt(mode, 8));
  for (const [path, owner] of Object.entries(settings.chown ?? {})) {
    const [uid = 0, gid = 0] = owner.split(':').map(Number);
    chownSync(join(root, path), uid, gid);
  }
  return { root, settings };
}

async function outcome(check: Check, folder: string) {
  const { root, settings } = prepare(folder);
  const machine = await openMachine({
    root,
    mountinfo: null,
    pid: null,
    container: null,
    target: 'host',
    project: '/srv/bot',
    sessions: [],
    ownEnv: {},
    ownCwd: root,
    now: NOW,
    clock: () => 0,
  });
  const { states } = await collectFacts(FACTS, check.needs, machine);
  const given = Object.fromEntries(
    Object.entries(settings.facts ?? {}).map(([name, value]) => [name, { ok: true, value, gaps: [] }]),
  );
  const all: FactStates = { ...states, ...given };
  const { findings, outcomes } = runChecks([check], 'host', all);
  return { findings, outcome: outcomes[0] };
}

describe.each(CHECKS.map((check) => [check.code, check] as const))('%s', (code, check) => {
  const bad = join(FOLDER, code, 'bad');
  const good = join(FOLDER, code, 'good');

  it('has a bad and a good example', () => {
    expect([existsSync(bad), existsSync(good)]).toEqual([true, true]);
  });

  it.skipIf(lacks('root'))('reports the bad one', async () => {
    const { findings, outcome: result } = await outcome(check, bad);
    expect(
      findings.map((finding) => finding.code),
      JSON.stringify(result),
    ).toContain(code);
    for (const finding of findings) {
      expect(finding.message).not.toBe('');
      expect(finding.remediation.steps.length).toBeGreaterThan(0);
    }
  });

  it.skipIf(lacks('root'))('does not report the good one', async () => {
    const { findings, outcome: result } = await outcome(check, good);
    // What is only worth knowing ("outlives restarts, not the loss of the host") may be said of a healthy bot too.
    const told = findings.filter(({ severity }) => severity !== 'info' || check.severity === 'info');
    expect(told).toEqual([]);
    expect(['fail', 'pass', 'not-applicable', 'unknown']).toContain(result?.outcome);
  });
});

describe('a check reads exactly the facts that it declares', () => {
  it.each(CHECKS.map((check) => [check.code, check] as const))('%s', async (code, check) => {
    const touched = new Set<string>();
    for (const kind of ['bad', 'good']) {
      const folder = join(FOLDER, code, kind);
      if (!existsSync(folder)) continue;
      const spy: Check = {
        ...check,
        run: (facts) =>
          check.run(
            new Proxy(facts, {
              get(target, name, receiver) {
                touched.add(String(name));
                return Reflect.get(target, name, receiver);
              },
            }),
          ),
      };
      await outcome(spy, folder);
    }
    expect([...touched].sort()).toEqual([...check.needs].sort());
  });
});

describe('metadata', () => {
  it('has unique codes and names, and says what, why and how', () => {
    expect(new Set(CHECKS.map(({ code }) => code)).size).toBe(CHECKS.length);
    expect(new Set(CHECKS.map(({ name }) => name)).size).toBe(CHECKS.length);
    for (const { code, what, why, fix } of CHECKS) {
      expect([code, what.endsWith('.'), why.length > 60, fix.length > 0]).toEqual([code, true, true, true]);
    }
  });

  it('is in the order of the codes', () => {
    const codes = CHECKS.map(({ code }) => code);
    expect(codes).toEqual([...codes].sort());
  });
});
