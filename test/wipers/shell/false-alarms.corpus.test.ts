import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { createReader } from '../../../src/facts/reader.ts';
import { absolutePath } from '../../../src/model/path.ts';
import { javascriptAnalyser } from '../../../src/wipers/javascript/analyse.ts';
import { shellOf } from '../../../src/wipers/javascript/deletions.ts';
import { createWorld } from '../../../src/wipers/reader-world.ts';
import { readManifest } from '../../../src/wipers/scripts/manifest.ts';
import { loadCommandAnalyser, sessionTarget } from '../../../src/wipers/shell/analyse.ts';
import { plantSessions } from '../../../src/wipers/shell/profile-model.ts';
import { memoryWorld } from './memory-world.ts';

function manifests(directory: string, found: string[], depth = 0): string[] {
  for (const name of readdirSync(directory)) {
    const full = join(directory, name);
    const status = lstatSync(full);
    if (status.isDirectory() && depth < 6) manifests(full, found, depth + 1);
    else if (name === 'package.json' && status.isFile()) found.push(full);
  }
  return found;
}

/** `git clean -x` and `-X` take an ignored session for certain: test/wipers/judge runs them for real. */
const PROVEN = /^git clean -[a-zA-Z]*[xX]/;

it('calls no script of an installed package destructive', async () => {
  const root = absolutePath('/project');
  const analyser = await loadCommandAnalyser();
  let packages = 0;
  let scripts = 0;
  let unknown = 0;
  const alarms: string[] = [];
  for (const file of manifests(resolve(import.meta.dirname, '../../../node_modules'), [])) {
    const manifest = readManifest(readFileSync(file, 'utf8'), root);
    if (manifest === null || manifest.scripts.size === 0) continue;
    packages += 1;
    const world = memoryWorld({ '/project/package.json': readFileSync(file, 'utf8') });
    for (const [name, command] of manifest.scripts) {
      scripts += 1;
      const { sessions, effects } = analyser.judge(command, {
        world,
        cwd: root,
        sessions: [sessionTarget(root, '.wwebjs_auth'), sessionTarget(root, 'data/sessions')],
        flavour: 'dash',
      });
      if (sessions.some(({ deleted }) => deleted === 'unknown')) unknown += 1;
      const guilty = effects.filter(({ touched }) => touched !== undefined && touched.length > 0);
      if (sessions.some(({ deleted }) => deleted === true) && !guilty.every(({ tool }) => PROVEN.test(tool)))
        alarms.push(`${file} ${name}: ${command}`);
    }
  }
  console.log(`false alarms: ${packages} packages, ${scripts} scripts, ${alarms.length} alarms, ${unknown} unknown`);
  expect(packages).toBeGreaterThan(100);
  expect(alarms).toEqual([]);
});

it('nor one whose JavaScript is followed, in the directory where the package lies', { timeout: 120_000 }, async () => {
  const analyser = await loadCommandAnalyser();
  const world = createWorld(createReader());
  let scripts = 0;
  let unknown = 0;
  const alarms: string[] = [];
  for (const file of manifests(resolve(import.meta.dirname, '../../../node_modules'), [])) {
    const root = absolutePath(dirname(file));
    const manifest = readManifest(readFileSync(file, 'utf8'), root);
    if (manifest === null) continue;
    const sessions = [sessionTarget(root, '.wwebjs_auth'), sessionTarget(root, 'data/sessions')];
    const running = [...manifest.scripts].filter(([, command]) => /\b(?:node|tsx|ts-node|bun|zx)\b/.test(command));
    if (running.length === 0) continue;
    const planted = plantSessions(world, sessions).world;
    const shell = shellOf({ analyser, targets: sessions, project: root, home: null }, planted);
    const javascript = await javascriptAnalyser({ world: planted, root, home: null, source: null, shell });
    for (const [name, command] of running) {
      scripts += 1;
      const judged = analyser.judge(command, { world, cwd: root, sessions, flavour: 'dash', javascript });
      if (judged.sessions.some(({ deleted }) => deleted === 'unknown')) unknown += 1;
      const guilty = judged.effects.filter(({ touched }) => touched !== undefined && touched.length > 0);
      if (judged.sessions.some(({ deleted }) => deleted === true) && !guilty.every(({ tool }) => PROVEN.test(tool)))
        alarms.push(`${file} ${name}: ${command}`);
    }
  }
  console.log(`false alarms with JavaScript: ${scripts} scripts, ${alarms.length} alarms, ${unknown} unknown`);
  expect(scripts).toBeGreaterThan(50);
  expect(alarms).toEqual([]);
});
