import { describe, expect, it } from 'vitest';
import { createReader } from '../../../src/facts/reader.ts';
import { projectFiles } from '../../../src/wipers/project-files.ts';
import { targetOf } from '../../../src/wipers/targets.ts';
import { findWatchers } from '../../../src/wipers/watch/find.ts';
import { simpleCommands } from '../../../src/wipers/watch/words.ts';
import { scratchTree } from '../tree.ts';

async function watched(session: string, command: string | null, files: Readonly<Record<string, string>> = {}) {
  const project = scratchTree({ 'package.json': '{}', ...files });
  const reader = createReader({ root: '/' });
  const commands = command === null ? [] : [{ file: 'package.json', line: 1, name: 'dev', command, directory: '' }];
  const found = await findWatchers(
    reader,
    project,
    [targetOf(project, session)],
    projectFiles(reader, project).files,
    commands,
  );
  return found.map(({ sessions }) => sessions[0]?.watched);
}

const HIDDEN = '.wwebjs_auth/session';
const PLAIN = 'sessions/session-a';

describe('watchers that restart the bot', () => {
  it.each<[string, string, Record<string, string>, boolean]>([
    // nodemon leaves dotted directories out, unless one is named.
    [HIDDEN, 'nodemon index.js', {}, false],
    [PLAIN, 'nodemon index.js', {}, true],
    [PLAIN, 'npx nodemon --watch src index.js', {}, false],
    [PLAIN, 'nodemon --ignore sessions index.js', {}, false],
    [PLAIN, 'nodemon --ignore "sessions/*" index.js', {}, false],
    [PLAIN, 'nodemon -i ./sessions/ index.js', {}, false],
    [PLAIN, 'nodemon -i dist index.js', {}, true],
    [PLAIN, 'nodemon --ext ts src/index.ts', {}, false],
    [PLAIN, 'nodemon -e js,json index.js', {}, true],
    [PLAIN, 'nodemon', { 'nodemon.json': '{"watch":["src"]}' }, false],
    [PLAIN, 'nodemon', { 'nodemon.json': '{"ignore":["sessions/**"]}' }, false],
    [PLAIN, 'nodemon', { 'package.json': '{"nodemonConfig":{"ignore":["**/sessions/**"]}}' }, false],
    [HIDDEN, 'nodemon --watch .wwebjs_auth index.js', {}, true],
    // node and tsx watch what is imported.
    [PLAIN, 'node --watch index.js', {}, false],
    [PLAIN, 'node --watch-path=./sessions index.js', {}, true],
    [PLAIN, 'node --watch-path=./src index.js', {}, false],
    [PLAIN, 'tsx watch src/index.ts', {}, false],
    [PLAIN, 'tsx watch --include "./sessions/**" src/index.ts', {}, true],
    [PLAIN, 'ts-node-dev --respawn src/index.ts', {}, false],
    [PLAIN, 'cross-env NODE_ENV=dev nodemon index.js', {}, true],
    // pm2 leaves dotted names out only while nothing else is ignored.
    [HIDDEN, 'pm2 start index.js --watch', {}, false],
    [PLAIN, 'pm2 start index.js --watch', {}, true],
    [HIDDEN, 'pm2 start index.js --watch --ignore-watch="node_modules logs"', {}, true],
    [PLAIN, 'pm2 start index.js --watch --ignore-watch="node_modules sessions"', {}, false],
  ])('%s with %s', async (session, command, files, expected) => {
    expect(await watched(session, command, files)).toEqual([expected]);
  });

  it.each<[string, string, boolean | undefined]>([
    [PLAIN, "module.exports={apps:[{name:'a',script:'x.js',watch:true}]}", true],
    [
      PLAIN,
      "module.exports={apps:[{name:'a',script:'x.js',watch:true,ignore_watch:['node_modules','sessions']}]}",
      false,
    ],
    [HIDDEN, "module.exports={apps:[{name:'a',watch:true}]}", false],
    [HIDDEN, "module.exports={apps:[{name:'a',watch:true,ignore_watch:['logs']}]}", true],
    [PLAIN, "module.exports={apps:[{name:'a',watch:['src']}]}", false],
    [PLAIN, "module.exports={apps:[{name:'a',watch:false}]}", undefined],
    [PLAIN, "module.exports={apps:[{name:'a',\n  // watch: true\n}]}", undefined],
  ])('%s with the ecosystem file %s', async (session, text, expected) => {
    expect(await watched(session, null, { 'ecosystem.config.js': text })).toEqual(
      expected === undefined ? [] : [expected],
    );
  });

  it.each<[string, string, boolean | undefined]>([
    ['action: rebuild\n          path: .', '', true],
    ['action: rebuild\n          path: ./src', '', false],
    ['action: sync+restart\n          path: .\n          ignore: [sessions/]', '', false],
    ['action: sync\n          path: .', '', undefined],
    ['action: rebuild\n          path: .', 'sessions\n', false],
  ])('compose %j with .dockerignore %j', async (rule, ignore, expected) => {
    const text = `services:\n  bot:\n    build: .\n    develop:\n      watch:\n        - ${rule}\n`;
    const files = { 'compose.yaml': text, ...(ignore === '' ? {} : { '.dockerignore': ignore }) };
    expect(await watched(PLAIN, null, files)).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe('words of a command line', () => {
  it('keeps quotes together and splits at operators', () => {
    expect(simpleCommands(`a 'b c' && d "e \\" f" | g;h # no\ni`)).toEqual([
      ['a', 'b c'],
      ['d', 'e " f'],
      ['g'],
      ['h'],
      ['i'],
    ]);
  });
});
