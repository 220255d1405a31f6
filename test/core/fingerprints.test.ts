import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKS } from '../../src/checks/index.ts';
import { type FactStates, runChecks } from '../../src/core/run.ts';
import { collectFacts } from '../../src/facts/graph.ts';
import { FACTS } from '../../src/facts/index.ts';
import { openMachine } from '../../src/facts/machine.ts';
import type { Finding, Location } from '../../src/model/finding.ts';
import { REPOSITORY, scratch, write } from '../support/doctor.ts';

/** Lines move: what stands in a baseline must still be known. Tried on the bad example of every check. */

const FOLDER = join(REPOSITORY, 'test/fixtures/checks');
const NOW = Date.parse('2026-11-25T10:00:00Z');

/** Comments at the top, by the language of the file; `null`: it has none, or its first line means something. */
function movedDown(name: string, text: string): string | null {
  if (/\.([cm]?[jt]s)$/.test(name)) return `// one\n\n/* two\n*/\n${text}`;
  if (/\.(ya?ml|toml|service|conf|env)$|Dockerfile|Procfile|crontab|\.(git|docker)ignore$/.test(name))
    return `# one\n\n# two\n${text}`;
  if (/\.sh$/.test(name)) return text.startsWith('#!') ? text.replace('\n', '\n# one\n\n') : `# one\n\n${text}`;
  if (/package\.json$/.test(name)) return `\n\n${JSON.stringify(JSON.parse(text), null, 4).replace(/\n/g, '\n\n')}\n`;
  return null;
}

function moveLines(directory: string): number {
  let moved = 0;
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    const status = statSync(path, { throwIfNoEntry: false });
    if (status?.isDirectory() === true) {
      if (!/node_modules|^proc$|^sys$/.test(name)) moved += moveLines(path);
    } else if (status?.isFile() === true) {
      const text = movedDown(name, readFileSync(path, 'utf8'));
      if (text === null) continue;
      writeFileSync(path, text);
      moved += 1;
    }
  }
  return moved;
}

const lineOf = (location: Location) => ('line' in location ? location.line : undefined);

describe.each(CHECKS.map((check) => [check.code, check] as const))('%s', (code, check) => {
  const folder = join(FOLDER, code, 'bad');

  it.skipIf(!existsSync(join(folder, 'root')))('keeps its fingerprints when lines move', async () => {
    const root = scratch('lines');
    cpSync(join(folder, 'root'), root, { recursive: true, verbatimSymlinks: true });
    const file = join(folder, 'case.json');
    const settings = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
    write(root, settings.files ?? {});
    const given = Object.fromEntries(
      Object.entries(settings.facts ?? {}).map(([name, value]) => [name, { ok: true, value, gaps: [] }]),
    );
    const findings = async (): Promise<readonly Finding[]> => {
      const machine = await openMachine({
        ...{ root, mountinfo: null, pid: null, container: null, target: 'host' as const, project: '/srv/bot' },
        ...{ sessions: [], ownEnv: {}, ownCwd: root, now: NOW, clock: () => 0 },
      });
      const { states } = await collectFacts(FACTS, check.needs, machine);
      const all: FactStates = { ...states, ...given };
      return runChecks([check], check.targets.includes('host') ? 'host' : 'repo', all).findings;
    };
    const before = await findings();
    const moved = moveLines(root);
    const after = await findings();
    expect(after.map(({ fingerprint }) => fingerprint)).toEqual(before.map(({ fingerprint }) => fingerprint));
    // The lines did move, wherever the finding has one.
    const lines = (all: readonly Finding[]) => all.flatMap(({ locations }) => locations.map(lineOf));
    if (moved > 0 && lines(before).some((line) => line !== undefined)) expect(lines(after)).not.toEqual(lines(before));
  });
});
