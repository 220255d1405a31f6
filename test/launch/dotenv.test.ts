import { describe, expect, test } from 'vitest';
import { find, manifest, one, withBot } from './support/project.ts';

const dependencies = { 'whatsapp-web.js': '1', dotenv: '16' };
const reads = manifest({ start: 'SET=script node index.js' }, { dependencies });
const ENV = 'SET=file\nDATA=/data/wa\n';
const IMAGE = 'FROM node:20\nWORKDIR /app\nCOPY . .\nENV SET=image\nCMD ["node","index.js"]';

describe('the .env that the bot reads itself', () => {
  test('variables that are set already win; what reads the file is told', async () => {
    const launch = one(await find(withBot({ 'package.json': reads, '.env': ENV })), 'npm:start');
    expect({ ...launch.env }).toEqual({ SET: 'script', DATA: '/data/wa' });
    expect(launch.notes).toEqual(['dotenv reads .env in the working directory']);
  });

  test.each([
    ['nothing reads it', { 'package.json': manifest({ start: 'node index.js' }) }],
    ['it lies elsewhere', { 'package.json': manifest({ start: 'cd src && node ../index.js' }, { dependencies }) }],
  ])('not where %s', async (_, files) => {
    expect({ ...one(await find(withBot({ '.env': ENV, 'src/a.js': '', ...files })), 'npm:start').env }).toEqual({});
  });

  test('bun reads it by itself', async () => {
    const found = await find(withBot({ 'package.json': manifest({ start: 'bun index.ts' }), '.env': ENV }));
    expect(one(found, 'npm:start').env).toMatchObject({ DATA: '/data/wa' });
  });

  test.each([
    ['copied into the image', {}, { SET: 'image', DATA: '/data/wa' }],
    ['kept out of the image', { '.dockerignore': 'node_modules\n.env*\n' }, { SET: 'image' }],
    ['kept out and taken back', { '.dockerignore': '.*\n!.env\n' }, { SET: 'image', DATA: '/data/wa' }],
  ])('%s', async (_, files, expected) => {
    const found = await find(withBot({ 'package.json': reads, '.env': ENV, Dockerfile: IMAGE, ...files }));
    expect({ ...one(found, 'dockerfile:').env }).toEqual(expected);
  });

  test('a bind of the checkout shows it, whatever the image left out', async () => {
    const found = await find(
      withBot({
        'package.json': reads,
        '.env': ENV,
        '.dockerignore': '.env\n',
        Dockerfile: IMAGE,
        'compose.yml': 'services:\n  bot: {build: ., volumes: [".:/app"]}\n',
      }),
    );
    expect(one(found, 'compose:').env).toMatchObject({ DATA: '/data/wa' });
  });
});
