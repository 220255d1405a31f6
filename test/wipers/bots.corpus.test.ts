import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createReader } from '../../src/facts/reader.ts';
import { absolutePath } from '../../src/model/path.ts';
import { findSites } from '../../src/session/sites.ts';
import { openSource } from '../../src/session/source/tree.ts';
import { findScripts } from '../../src/wipers/find-scripts.ts';
import { findDeletions } from '../../src/wipers/javascript/deletions.ts';
import { createWorld } from '../../src/wipers/reader-world.ts';
import { loadCommandAnalyser } from '../../src/wipers/shell/analyse.ts';
import { sessionTargets } from '../../src/wipers/targets.ts';
import { corpus, lacks } from '../support/needs.ts';

interface Label {
  readonly repo: string;
  readonly destructiveSource: readonly {
    readonly file: string;
    readonly line: number;
    readonly hitsSession: boolean;
  }[];
  readonly destructiveScripts: readonly {
    readonly file: string;
    readonly line: number | null;
    readonly hitsSession: boolean;
  }[];
  readonly traps: readonly { readonly file: string; readonly line: number | null; readonly what: string }[];
}

const folder = process.env['WA_BOTS'] ?? '/nonexistent';
const labels: readonly Label[] = existsSync(corpus('bots/bots.json'))
  ? JSON.parse(readFileSync(corpus('bots/bots.json'), 'utf8'))
  : [];

describe.skipIf(lacks('corpus/bots', 'corpus/checkouts'))('real bots', () => {
  it.each(labels.map((label) => [label.repo, label] as const))('%s', { timeout: 120_000 }, async (repo, label) => {
    const project = absolutePath(join(folder, repo.replace('/', '+')));
    const reader = createReader({ root: '/' });
    const opened = await openSource(reader, project);
    if (!opened.ok) throw new Error(opened.reason);
    const targets = sessionTargets(project, findSites(opened.tree).sites, [], []);
    const common = { project, targets, launches: [], home: null };
    const { scripts } = await findScripts({ ...common, reader, source: opened.tree });
    const { deletions } = await findDeletions({
      ...common,
      tree: opened.tree,
      world: createWorld(reader),
      analyser: await loadCommandAnalyser(),
    });
    const lost = (sessions: readonly { readonly deleted: unknown }[]): boolean =>
      sessions.some(({ deleted }) => deleted === true);
    for (const { file, line, hitsSession } of label.destructiveSource) {
      const found = deletions.filter(
        (one) => one.file === file && Math.abs(one.line - line) <= 1 && lost(one.sessions),
      );
      expect([file, line, found.length > 0]).toEqual([file, line, hitsSession]);
    }
    for (const { file, line, hitsSession } of label.destructiveScripts) {
      const found = scripts.filter(
        (one) => one.file === file && (line === null || one.line === line) && lost(one.sessions),
      );
      expect([file, line, found.length > 0]).toEqual([file, line, hitsSession]);
    }
    for (const { file, line, what } of label.traps) {
      const at = deletions.filter(
        (one) => one.file === file && one.line === line && one.kind === 'delete' && lost(one.sessions),
      );
      const run = scripts.filter(
        (one) => one.file === file && line !== null && one.line === line && lost(one.sessions),
      );
      expect([what, at.length + run.length]).toEqual([what, 0]);
    }
    // Nothing beyond the labels is called a certain deletion.
    const known = new Set([...label.destructiveSource, ...label.destructiveScripts].map(({ file }) => file));
    expect(
      scripts.filter((one) => lost(one.sessions) && !known.has(one.file)).map(({ file, name }) => `${file} ${name}`),
    ).toEqual([]);
    expect(
      deletions.filter((one) => lost(one.sessions) && !known.has(one.file)).map(({ file, line }) => `${file}:${line}`),
    ).toEqual([]);
  });
});
