import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { absolutePath } from '../../../src/model/path.ts';
import { javascriptAnalyser } from '../../../src/wipers/javascript/analyse.ts';
import { shellOf } from '../../../src/wipers/javascript/deletions.ts';
import { type CommandAnalyser, loadCommandAnalyser, sessionTarget } from '../../../src/wipers/shell/analyse.ts';
import { plantSessions } from '../../../src/wipers/shell/profile-model.ts';
import { corpus, lacks } from '../../support/needs.ts';
import { memoryWorld } from './memory-world.ts';

interface Labelled {
  readonly id: string;
  readonly name: string;
  readonly command: string;
  readonly context?: Readonly<Record<string, string>>;
  readonly wouldDeleteSessionIf: Readonly<Record<string, boolean>>;
  readonly wouldDeleteNamedVolume: boolean;
}

const PATHS: Readonly<Record<string, string>> = {
  'sessionDir=.wwebjs_auth at root': '.wwebjs_auth',
  'sessionDir=data/sessions': 'data/sessions',
  'sessionDir=session': 'session',
  'sessionDir=sessions': 'sessions',
};

async function judgeOne(analyser: CommandAnalyser, item: Labelled, path: string) {
  const root = absolutePath('/project');
  const world = memoryWorld({
    '/project/package.json': JSON.stringify({ scripts: { ...item.context, [item.name]: item.command } }),
    '/project/.gitignore': '/.wwebjs_auth/\n/data/sessions/\n/session/\n/sessions/\n',
    '/project/.git/HEAD': 'ref: refs/heads/main\n',
    '/project/src/index.js': '',
  });
  const sessions = [sessionTarget(root, path)];
  const planted = plantSessions(world, sessions).world;
  const javascript = await javascriptAnalyser({
    world: planted,
    root,
    home: null,
    source: null,
    shell: shellOf({ analyser, targets: sessions, project: root, home: null }, planted),
  });
  return analyser.judge(item.command, { world, cwd: root, sessions, flavour: 'dash', javascript });
}

describe.skipIf(lacks('corpus/bots'))('labelled scripts', () => {
  it('is never wrong, and unknown in at most 5 %', async () => {
    const items = JSON.parse(readFileSync(corpus('bots/scripts.json'), 'utf8')) as Labelled[];
    const analyser = await loadCommandAnalyser();
    const wrong: string[] = [];
    const unknown: string[] = [];
    let right = 0;
    for (const item of items) {
      for (const [hypothesis, label] of Object.entries(item.wouldDeleteSessionIf)) {
        const path = PATHS[hypothesis] ?? '';
        const { sessions, removesVolumes } = await judgeOne(analyser, item, path);
        const answer = sessions[0]?.deleted;
        const line = `${item.id} ${path}: ${item.command.slice(0, 90)} → ${answer}, label ${label} (${sessions[0]?.reason})`;
        if (answer === 'unknown') unknown.push(line);
        else if (answer === label) right += 1;
        else wrong.push(line);
        if (removesVolumes !== item.wouldDeleteNamedVolume) wrong.push(`${line} volumes ${removesVolumes}`);
      }
    }
    const total = right + wrong.length + unknown.length;
    console.log(
      `scripts.json: ${items.length} commands, right ${right}, unknown ${unknown.length}, wrong ${wrong.length}\n${unknown.join('\n')}`,
    );
    expect(wrong).toEqual([]);
    expect(unknown.length / total).toBeLessThanOrEqual(0.05);
  });
});
