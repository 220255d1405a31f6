import { describe, expect, test } from 'vitest';
import { find, manifest } from './support/project.ts';

const BOT = {
  'src/bot.ts': "import { start } from './whatsapp/client.js';\nstart();",
  'src/whatsapp/client.ts': "import wweb from 'whatsapp-web.js';\nexport const start = () => wweb;",
};
const scripts = { 'start:bot': 'node dist/bot.js', 'start:api': 'node dist/api.js' };

async function ids(files: Record<string, string>, more: Record<string, unknown> = {}): Promise<string[]> {
  const found = await find({
    'package.json': manifest(scripts, { dependencies: { 'whatsapp-web.js': '1', express: '4' }, ...more }),
    ...BOT,
    ...files,
  });
  return found.launches.map((launch) => launch.id);
}

describe('programs of one package', () => {
  test('one that never reaches the library is not the bot', async () => {
    expect(
      await ids({
        'src/api.ts': "import express from 'express';\nimport fs from 'fs';\nimport { x } from './routes';",
        'src/routes/index.ts': 'export const x = 1;',
      }),
    ).toEqual(['npm:start:bot']);
  });

  test.each([
    [
      'it imports the client two files away',
      "import './routes';",
      { 'src/routes.ts': "export * from './whatsapp/client';" },
    ],
    ['it requires by a name made at run time', 'require(`./${process.argv[2]}`);', {}],
    ['it starts another program', "import { fork } from 'child_process';\nfork('dist/bot.js');", {}],
    ['it imports by an alias that leads there', "import { start } from '@/whatsapp/client';", {}],
    ['it imports by an alias that is not known', "import { start } from '@services/wa';", {}],
  ])('kept where %s', async (_, api, files) => {
    expect(await ids({ 'src/api.ts': api, ...(files as Record<string, string>) })).toEqual([
      'npm:start:bot',
      'npm:start:api',
    ]);
  });

  test('kept where its source is not in the tree, or where nothing surely reaches the library', async () => {
    expect(await ids({})).toEqual(['npm:start:bot', 'npm:start:api']);
    expect(await ids({ 'src/api.ts': 'export {}', 'src/whatsapp/client.ts': 'export const start = () => 1;' })).toEqual(
      ['npm:start:bot', 'npm:start:api'],
    );
  });
});
