import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createReader } from '../../src/facts/reader.ts';
import { openSource } from '../../src/session/source/tree.ts';
import { findScripts } from '../../src/wipers/find-scripts.ts';
import { targetOf } from '../../src/wipers/targets.ts';
import { corpus, lacks } from '../support/needs.ts';
import { scratchTree } from './tree.ts';

interface Labelled {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  readonly command: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly wouldDeleteSessionIf: Readonly<Record<string, boolean>>;
  readonly runsAutomatically: string;
}

const PATHS = new Map([
  ['sessionDir=.wwebjs_auth at root', '.wwebjs_auth'],
  ['sessionDir=data/sessions', 'data/sessions'],
  ['sessionDir=session', 'session'],
  ['sessionDir=sessions', 'sessions'],
]);

/** The script as a project holds it: in package.json, or in a file of its own. */
function filesOf({ kind, name, command, context }: Labelled): { files: Record<string, string>; at: string } {
  const scripts = { ...context, ...(kind === 'npm-script' ? { [name]: command } : {}) };
  const files: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'bot', scripts }),
    '.gitignore': '/.wwebjs_auth/\n/data/sessions/\n/session/\n/sessions/\n',
    '.git/HEAD': 'ref: refs/heads/main\n',
    'src/index.js': '',
  };
  if (kind === 'npm-script') return { files, at: 'package.json' };
  if (kind === 'make-target') return { files: { ...files, Makefile: `go:\n\t${command}\n` }, at: 'Makefile' };
  const at = kind.startsWith('powershell') ? 'go.ps1' : 'go.sh';
  return { files: { ...files, [at]: `${command}\n` }, at };
}

describe.skipIf(lacks('corpus/bots'))('labelled scripts through the whole command', () => {
  it('is never wrong, and unknown in at most 5 %', { timeout: 120_000 }, async () => {
    const items = JSON.parse(readFileSync(corpus('bots/scripts.json'), 'utf8')) as Labelled[];
    const wrong: string[] = [];
    const unknown: string[] = [];
    let right = 0;
    for (const item of items) {
      const { files, at } = filesOf(item);
      const project = scratchTree(files);
      const reader = createReader();
      const opened = await openSource(reader, project);
      const targets = [...PATHS.values()].map((path) => targetOf(project, path));
      const source = opened.ok ? opened.tree : null;
      const { scripts } = await findScripts({ reader, project, targets, launches: [], home: null, source });
      const found = scripts.find(({ file, name }) => file === at && (item.kind !== 'npm-script' || name === item.name));
      for (const [hypothesis, label] of Object.entries(item.wouldDeleteSessionIf)) {
        const path = PATHS.get(hypothesis);
        const verdict = found?.sessions.find((session) => session.path === path);
        // What is not listed touches nothing.
        const answer = verdict?.deleted ?? (found === undefined && item.kind === 'npm-script' ? 'missing' : false);
        const line = `${item.id} ${path}: ${item.command.slice(0, 90)} → ${answer}, label ${label} (${verdict?.reason})`;
        if (answer === 'unknown') unknown.push(line);
        else if (answer === label) right += 1;
        else wrong.push(line);
      }
    }
    const total = right + wrong.length + unknown.length;
    console.log(
      `scripts.json, whole command: right ${right}, unknown ${unknown.length}, wrong ${wrong.length}\n${wrong.join('\n')}`,
    );
    expect(wrong).toEqual([]);
    expect(unknown.length / total).toBeLessThanOrEqual(0.05);
  });
});
