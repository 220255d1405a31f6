import { describe, expect, it } from 'vitest';
import { createReader } from '../../src/facts/reader.ts';
import type { Launch } from '../../src/model/launch.ts';
import { absolutePath } from '../../src/model/path.ts';
import type { SessionPath } from '../../src/model/session-path.ts';
import { argumentsOf, resolveSessions } from '../../src/session/sessions.ts';
import { findAuthSites } from '../../src/session/sites.ts';
import { launch } from './launches.ts';
import { type Files, withProject } from './project.ts';

const CJS = "const { Client, LocalAuth, RemoteAuth } = require('whatsapp-web.js');\n";

function sessionsOf(files: Files, launches: readonly Launch[]): Promise<SessionPath[]> {
  return withProject(files, async (root) => {
    const reader = createReader();
    const { sites } = await findAuthSites(reader, root);
    return resolveSessions(sites, launches, {
      project: absolutePath('/app'),
      home: absolutePath('/home/me'),
      env: {},
      judge: () => null,
      reader,
    });
  });
}

const bot = (options: string): Files => ({
  'index.js': `const path = require('path');\nconst os = require('os');\n${CJS}new Client({ authStrategy: new LocalAuth(${options}) });`,
});

describe('resolveSessions', () => {
  it.each<[string, string, Partial<Launch>, string | null]>([
    ['the default below the working directory', '', { cwd: absolutePath('/root') }, '/root/.wwebjs_auth/session'],
    ['a variable that is set', '{ dataPath: process.env.P || "./x" }', { env: { P: '/data/wa' } }, '/data/wa/session'],
    ['a variable that is set to nothing', '{ dataPath: process.env.P || "./x" }', { env: { P: '' } }, '/app/x/session'],
    [
      'an empty variable with ??, which the library turns into its default',
      '{ dataPath: process.env.P ?? "./x" }',
      { env: { P: '' } },
      '/app/.wwebjs_auth/session',
    ],
    [
      'a relative variable',
      '{ dataPath: process.env.P }',
      { env: { P: 'rel' }, cwd: absolutePath('/srv') },
      '/srv/rel/session',
    ],
    [
      '__dirname where the package lies elsewhere',
      '{ dataPath: path.join(__dirname, "auth") }',
      { cwd: absolutePath('/'), packageAt: absolutePath('/usr/src/app') },
      '/usr/src/app/auth/session',
    ],
    [
      'the home directory of the user',
      '{ dataPath: path.join(os.homedir(), "wa") }',
      { home: absolutePath('/home/bot') },
      '/home/bot/wa/session',
    ],
    ['TMPDIR', '{ dataPath: path.join(os.tmpdir(), "wa") }', { env: { TMPDIR: '/var/tmp' } }, '/var/tmp/wa/session'],
    [
      'a client id from a variable',
      '{ clientId: process.env.ID, dataPath: "/d" }',
      { env: { ID: 'a_1-b' } },
      '/d/session-a_1-b',
    ],
    [
      'a client id that the library refuses',
      '{ clientId: process.env.ID, dataPath: "/d" }',
      { env: { ID: 'a b' } },
      null,
    ],
    [
      'an argument on the command line',
      '{ dataPath: process.argv[2] }',
      { command: 'node index.js /mnt/wa' },
      '/mnt/wa/session',
    ],
    ['a working directory that is not fixed', '', { cwd: null }, null],
    ['an absolute path needs no working directory', '{ dataPath: "/d" }', { cwd: null }, '/d/session'],
    [
      'a host path in a container variable (case 1)',
      '{ dataPath: path.join(__dirname + "/" + process.env.P) }',
      { env: { P: './volumes/wweb_auth' } },
      '/app/volumes/wweb_auth/session',
    ],
    ['two dots and slashes', '{ dataPath: "/a//b/../c/" }', {}, '/a/c/session'],
  ])('%s', async (_, options, fields, expected) => {
    const [session] = await sessionsOf(bot(options), [launch({ id: 'x', ...fields })]);
    expect(session?.userDataDir).toBe(expected);
    expect(session?.unknown === null).toBe(expected !== null);
  });

  it('says by what trail, whether the working directory decides, and what is not set', async () => {
    const files = {
      'config.js': "module.exports.dir = process.env.SESSION_PATH || './.wwebjs_auth';",
      'index.js': `const { dir } = require('./config');\n${CJS}new LocalAuth({ dataPath: dir });`,
    };
    const [session] = await sessionsOf(files, [launch({ id: 'npm:start' })]);
    expect(session).toMatchObject({
      dependsOnCwd: true,
      unset: ['SESSION_PATH'],
      uncertain: null,
      launch: 'npm:start',
      site: 'index.js:3',
    });
    expect(session?.trail).toEqual([
      'index.js:3 LocalAuth with data path dir',
      'SESSION_PATH is not set (config.js:1)',
      'default "./.wwebjs_auth" (config.js:1)',
      'relative → working directory /app',
      'LocalAuth appends session',
    ]);
  });

  it('says that a hidden variable may change it', async () => {
    const [session] = await sessionsOf(bot('{ dataPath: process.env.P || "/d" }'), [
      launch({ id: 'x', envHidden: 'env_file .env is not here' }),
    ]);
    expect(session?.userDataDir).toBe('/d/session');
    expect(session?.uncertain).toContain('P may be set');
  });

  it('uses the compiled place of __dirname when the launch runs compiled code', async () => {
    const files = {
      'tsconfig.json': '{"compilerOptions":{"outDir":"./dist","rootDir":"./src"}}',
      'src/index.ts':
        "import path from 'path';\nimport { LocalAuth } from 'whatsapp-web.js';\nnew LocalAuth({ dataPath: path.join(__dirname, 'sessions') });",
    };
    const sessions = await sessionsOf(files, [
      launch({ id: 'start', entry: 'dist/index.js' }),
      launch({ id: 'dev', entry: 'src/index.ts' }),
    ]);
    expect(sessions.map(({ userDataDir }) => userDataDir)).toEqual([
      '/app/dist/sessions/session',
      '/app/src/sessions/session',
    ]);
  });

  it('stands in with the package root when no launch starts the package', async () => {
    const [session] = await sessionsOf(bot(''), [launch({ id: 'other', packageRoot: 'elsewhere' })]);
    expect(session).toMatchObject({ launch: null, userDataDir: '/app/.wwebjs_auth/session', exists: false });
  });

  it('knows a directory that exists, by pattern too', async () => {
    await withProject(
      {
        'index.js': `${CJS}function f(id) { new LocalAuth({ clientId: id }); }`,
        '.wwebjs_auth/session-7/Default/x': '',
      },
      async (root) => {
        const reader = createReader();
        const { sites } = await findAuthSites(reader, root);
        const [session] = resolveSessions(sites, [], { project: root, home: null, env: {}, judge: () => null, reader });
        expect(session?.userDataDir).toBe(`${root}/.wwebjs_auth/session-<id>`);
        expect(session?.exists).toBe(true);
      },
    );
  });

  it('does not run anything of the project', async () => {
    await sessionsOf(
      {
        'index.js': `${CJS}throw new Error('run');\nprocess.exit(3);\nnew LocalAuth();`,
        'config.js': "require('fs').writeFileSync('/tmp/wa-was-run', '')",
      },
      [],
    );
    expect(createReader().status(absolutePath('/tmp/wa-was-run')).ok).toBe(false);
  });
});

describe('argumentsOf', () => {
  it.each([
    ['node index.js -cf /tmp/x', 'index.js', ['-cf', '/tmp/x']],
    ['node --max-old-space-size=512 ./dist/a.js "two words"', 'dist/a.js', ['two words']],
    ['node a.js one && echo two', 'a.js', ['one']],
    ['npm start', 'a.js', null],
  ])('%s', (command, entry, expected) => {
    expect(argumentsOf({ command, entry })).toEqual(expected);
  });
});
