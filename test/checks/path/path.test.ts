import { describe, expect, it } from 'vitest';
import knownBadVersion from '../../../src/checks/lifecycle/known-bad-version.ts';
import multipleOwners from '../../../src/checks/lifecycle/multiple-owners.ts';
import ambiguousSessionPath from '../../../src/checks/path/ambiguous-session-path.ts';
import noPersistentStrategy from '../../../src/checks/path/no-persistent-strategy.ts';
import relativeSessionPath from '../../../src/checks/path/relative-session-path.ts';
import remoteStore from '../../../src/checks/path/remote-store.ts';
import sessionInBuildDir from '../../../src/checks/path/session-in-build-dir.ts';
import unsetSessionEnv from '../../../src/checks/path/unset-session-env.ts';
import unstableClientId from '../../../src/checks/path/unstable-client-id.ts';
import volumeMismatch from '../../../src/checks/path/volume-mismatch.ts';
import { createReader } from '../../../src/facts/reader.ts';
import type { Facts, ProjectFact } from '../../../src/model/facts.ts';
import type { Launch, LaunchVolume } from '../../../src/model/launch.ts';
import { absolutePath } from '../../../src/model/path.ts';
import { resolveSessions } from '../../../src/session/sessions.ts';
import { findAuthSites } from '../../../src/session/sites.ts';
import { launch } from '../../session/launches.ts';
import { type Files, withProject } from '../../session/project.ts';

const CJS = "const path = require('path');\nconst { Client, LocalAuth, RemoteAuth } = require('whatsapp-web.js');\n";
const bot = (options: string, rest = ''): Files => ({
  'index.js': `${CJS}new Client({ authStrategy: new LocalAuth(${options})${rest} });`,
});

const PROJECT: ProjectFact = {
  path: absolutePath('/app'),
  name: 'bot',
  botPackages: [''],
  libraryRange: '^1.34.0',
  libraryVersion: '1.34.7',
  puppeteerVersion: null,
  hasDockerfile: false,
};

type PathFacts = Pick<Facts, 'sites' | 'launches' | 'sessions' | 'project'>;

function factsOf(files: Files, launches: readonly Launch[], project: Partial<ProjectFact> = {}): Promise<PathFacts> {
  return withProject(files, async (root) => {
    const { sites } = await findAuthSites(createReader(), root);
    const sessions = resolveSessions(sites, launches, {
      project: absolutePath('/app'),
      home: null,
      env: {},
      judge: () => null,
    });
    return { sites, launches, sessions, project: { ...PROJECT, ...project } };
  });
}

interface Judge {
  run(facts: PathFacts): { readonly findings: readonly { readonly severity?: string; readonly message: string }[] };
}

async function severities(
  check: Judge,
  files: Files,
  launches: readonly Launch[] = [],
  project: Partial<ProjectFact> = {},
): Promise<string[]> {
  return check.run(await factsOf(files, launches, project)).findings.map(({ severity }) => severity ?? 'default');
}

const npm = launch({ id: 'npm:start' });
const supervisor = (cwd: string | null, fields: Partial<Launch> = {}) =>
  launch({
    id: 'supervisor:bot',
    kind: 'supervisor',
    file: 'bot.conf',
    cwd: cwd === null ? null : absolutePath(cwd),
    ...fields,
  });
const compose = (fields: Partial<Launch> = {}) =>
  launch({
    id: 'compose:docker-compose.yml#bot',
    kind: 'compose',
    file: 'docker-compose.yml',
    cwd: absolutePath('/usr/src/app'),
    packageAt: absolutePath('/usr/src/app'),
    mountTable: 'declared',
    ...fields,
  });
const volume = (at: string, fields: Partial<LaunchVolume> = {}): LaunchVolume => ({
  at: absolutePath(at),
  kind: 'bind',
  name: './data',
  realName: null,
  stable: true,
  reason: null,
  file: 'docker-compose.yml',
  line: 9,
  ...fields,
});

describe('WA201 relative-session-path', () => {
  it.each<[string, Files, Launch[], string[]]>([
    ['relative, started by hand', bot(''), [npm], ['warning']],
    ['relative, no launch at all', bot(''), [], ['warning']],
    ['relative, a supervisor without a working directory', bot(''), [npm, supervisor(null)], ['error']],
    ['relative, a supervisor that starts it elsewhere', bot(''), [npm, supervisor('/')], ['error']],
    ['relative, the working directory is fixed', bot(''), [npm, supervisor('/app')], ['info']],
    ['absolute', bot('{ dataPath: "/data" }'), [supervisor(null)], []],
    ['anchored at the source', bot('{ dataPath: path.join(__dirname, "a") }'), [supervisor(null)], []],
    [
      'RemoteAuth, whose directory is a working copy',
      { 'index.js': `${CJS}new Client({ authStrategy: new RemoteAuth({ store, backupSyncIntervalMs: 300000 }) });` },
      [npm],
      [],
    ],
  ])('%s', async (_, files, launches, expected) => {
    expect(await severities(relativeSessionPath, files, launches)).toEqual(expected);
  });
});

describe('WA202 ambiguous-session-path', () => {
  const pm2 = (id: string, env: Record<string, string>) =>
    launch({ id, kind: 'pm2', file: 'ecosystem.config.js', env });
  it.each<[string, Files, Launch[], string[]]>([
    ['another working directory outside of the package', bot(''), [npm, supervisor('/root')], ['warning']],
    [
      'two deployments',
      bot(''),
      [supervisor('/root'), launch({ id: 'systemd:bot', kind: 'systemd', file: 'bot.service' })],
      ['error'],
    ],
    [
      'the same package deployed elsewhere',
      bot(''),
      [npm, supervisor('/opt/bot', { packageAt: absolutePath('/opt/bot') })],
      [],
    ],
    ['a container has a file system of its own', bot(''), [npm, compose()], []],
    [
      'several accounts of one file',
      bot('{ clientId: process.env.N || "1" }'),
      [npm, pm2('pm2:a', { N: '1' }), pm2('pm2:b', { N: '2' })],
      [],
    ],
    [
      'a variable that only one sets',
      bot('{ dataPath: process.env.P || "./x" }'),
      [npm, supervisor('/app', { env: { P: '/data' } })],
      ['warning'],
    ],
  ])('%s', async (_, files, launches, expected) => {
    expect(await severities(ambiguousSessionPath, files, launches)).toEqual(expected);
  });
});

describe('WA203 no-persistent-strategy', () => {
  it('does not call a package fine that depends on the library and shows no client', async () => {
    const facts = await factsOf({ 'index.js': "require('./nothing');" }, [npm]);
    expect(noPersistentStrategy.run(facts)).toMatchObject({
      findings: [],
      unknown: [expect.stringContaining('no place')],
    });
  });
  it.each<[string, Files, Launch[], string[]]>([
    ['no strategy', { 'index.js': `${CJS}new Client();` }, [], ['error']],
    [
      'no strategy, a profile of its own',
      { 'index.js': `${CJS}new Client({ puppeteer: { userDataDir: './p' } });` },
      [],
      [],
    ],
    ['--incognito (case 13)', bot('', ", puppeteer: { args: ['--incognito', '--no-sandbox'] }"), [], ['error']],
    ['LocalAuth', bot('', ", puppeteer: { args: ['--no-sandbox'] }"), [], []],
    [
      'a remote browser in three ways of starting is said once',
      bot('', ", puppeteer: { browserWSEndpoint: 'ws://chrome:3000' }"),
      [npm, launch({ id: 'npm:dev' }), launch({ id: 'npm:debug' })],
      ['error'],
    ],
    ['a remote browser', bot('', ", puppeteer: { browserWSEndpoint: 'ws://chrome:3000' }"), [npm], ['error']],
    [
      'a remote browser that a variable turns on, unset',
      bot('', ', puppeteer: { browserWSEndpoint: process.env.WS || undefined }'),
      [npm],
      [],
    ],
    [
      'a remote browser in one of two set-ups',
      bot('', ', puppeteer: { browserWSEndpoint: process.env.WS || undefined }'),
      [compose(), compose({ id: 'compose:b#bot', file: 'b', env: { WS: 'ws://c' } })],
      ['info'],
    ],
    ['a script without strategy beside the bot', { ...bot(''), 'send.js': `${CJS}new Client();` }, [], ['warning']],
    ['a test without strategy', { ...bot(''), 'test/a.test.js': `${CJS}new Client();` }, [], []],
  ])('%s', async (_, files, launches, expected) => {
    expect(await severities(noPersistentStrategy, files, launches)).toEqual(expected);
  });
});

describe('WA204 unstable-client-id', () => {
  it.each<[string, Files, Launch[], string[]]>([
    ['a uuid', bot('{ clientId: require("uuid").v4() }'), [npm], ['error']],
    [
      'the time in the data path',
      { 'index.js': `${CJS}new LocalAuth({ dataPath: './s/' + Date.now() });` },
      [npm],
      ['error'],
    ],
    [
      'a uuid unless a variable is set, and it is',
      bot('{ clientId: process.env.ID || require("uuid").v4() }'),
      [launch({ id: 'a', env: { ID: 'x' } })],
      [],
    ],
    ['the host name on a host', bot('{ clientId: require("os").hostname() }'), [npm], []],
    ['the host name in a container', bot('{ clientId: require("os").hostname() }'), [compose()], ['error']],
    ['a constant', bot('{ clientId: "main" }'), [npm], []],
    [
      'an account that a request names',
      { 'index.js': `${CJS}const f = (id) => new LocalAuth({ clientId: id });` },
      [npm],
      [],
    ],
  ])('%s', async (_, files, launches, expected) => {
    expect(await severities(unstableClientId, files, launches)).toEqual(expected);
  });
});

describe('WA205 session-in-build-dir', () => {
  it.each<[string, Files, string[]]>([
    ['node_modules', bot('{ dataPath: "./node_modules/.wa" }'), ['error']],
    ['dist', bot('{ dataPath: path.join(__dirname, "dist", "wa") }'), ['warning']],
    ['a name that only begins like one', bot('{ dataPath: "./distribution" }'), []],
    ['dist outside of the package', bot('{ dataPath: "/srv/dist/wa" }'), []],
    ['a client id that is called dist', bot('{ clientId: "dist" }'), []],
  ])('%s', async (_, files, expected) => {
    expect(await severities(sessionInBuildDir, files, [npm])).toEqual(expected);
  });
});

describe('WA206 unset-session-env', () => {
  const files = bot('{ dataPath: process.env.P || "./x" }');
  it.each<[string, Files, Launch[], string[]]>([
    [
      'one deployment sets it, another does not',
      files,
      [compose({ env: { P: '/d' } }), supervisor('/app')],
      ['warning'],
    ],
    ['only npm does not', files, [npm, compose({ env: { P: '/d' } })], ['info']],
    ['nobody sets it, there is a default', files, [npm, compose()], []],
    ['nobody sets it, there is no default', bot('{ dataPath: process.env.P }'), [npm], ['warning']],
    [
      'it may be set out of sight',
      bot('{ dataPath: process.env.P }'),
      [launch({ id: 'x', envHidden: '.env is not here' })],
      [],
    ],
    [
      'the default is what the first of several sets',
      bot('{ dataPath: "./auth_" + (process.env.N || 1) }'),
      [npm, launch({ id: 'pm2:1', kind: 'pm2', file: 'e.js', env: { N: '1' } })],
      [],
    ],
  ])('%s', async (_, project, launches, expected) => {
    expect(await severities(unsetSessionEnv, project, launches)).toEqual(expected);
  });
});

describe('WA207 remote-store', () => {
  const remote = (interval: string) => ({
    'index.js': `${CJS}new Client({ authStrategy: new RemoteAuth({ store, clientId: 'a', backupSyncIntervalMs: ${interval} }) });`,
  });
  it.each<[string, Files, string[]]>([
    [
      'five minutes, and somebody hears it',
      { ...remote('300000'), 'log.js': "client.on('remote_session_saved', log)" },
      [],
    ],
    ['five minutes, and nobody hears it', remote('300000'), ['info']],
    [
      'no store',
      { 'index.js': `${CJS}new Client({ authStrategy: new RemoteAuth({ backupSyncIntervalMs: 300000 }) });` },
      ['error'],
    ],
    [
      'no interval, which the library refuses too',
      { 'index.js': `${CJS}new Client({ authStrategy: new RemoteAuth({ clientId: 'a', store: new Store() }) });` },
      ['error'],
    ],
    [
      'options from elsewhere, in which a store may be',
      {
        'index.js': `${CJS}module.exports = (options) => new Client({ authStrategy: new RemoteAuth({ ...options }) });\n// remote_session_saved`,
      },
      [],
    ],
    ['ten seconds, which the library refuses', remote('10 * 1000'), ['error']],
    ['a day', remote('24 * 60 * 60 * 1000'), ['warning']],
    ['LocalAuth', bot(''), []],
  ])('%s', async (_, files, expected) => {
    expect(await severities(remoteStore, files)).toEqual(expected);
  });
});

describe('WA407 known-bad-version', () => {
  const remote = {
    'index.js': `${CJS}new Client({ authStrategy: new RemoteAuth({ store, backupSyncIntervalMs: 300000 }) });`,
  };
  it.each<[string, Files, Partial<ProjectFact>, string[]]>([
    ['RemoteAuth on 1.34.5', remote, { libraryVersion: '1.34.5' }, ['error']],
    [
      'RemoteAuth on 1.34.6, pinned and not installed',
      remote,
      { libraryVersion: null, libraryRange: '1.34.6' },
      ['error'],
    ],
    ['RemoteAuth on 1.34.7', remote, {}, []],
    ['RemoteAuth with a range that allows better', remote, { libraryVersion: null, libraryRange: '^1.34.5' }, []],
    ['LocalAuth on 1.34.5', bot(''), { libraryVersion: '1.34.5' }, []],
  ])('%s', async (_, files, project, expected) => {
    expect(await severities(knownBadVersion, files, [], project)).toEqual(expected);
  });
});

describe('WA107 volume-mismatch', () => {
  const files = bot('{ clientId: "id", dataPath: path.join(__dirname + "/" + process.env.WWEBJS_AUTH) }');
  const logs = volume('/var/log/nodejs', { name: './volumes/log/server' });
  const auth = volume('/usr/src/app/.wweb_auth', { name: './volumes/wweb_auth' });
  it.each<[string, Files, Launch[], string[]]>([
    [
      'the host path in the variable (case 1)',
      files,
      [compose({ env: { WWEBJS_AUTH: './volumes/wweb_auth' }, volumes: [logs, auth] })],
      ['error'],
    ],
    [
      'the mount point in the variable',
      files,
      [compose({ env: { WWEBJS_AUTH: '.wweb_auth' }, volumes: [logs, auth] })],
      [],
    ],
    ['only a volume for something else', files, [compose({ env: { WWEBJS_AUTH: 'x' }, volumes: [logs] })], []],
    [
      'a volume over the whole package',
      files,
      [compose({ env: { WWEBJS_AUTH: 'x' }, volumes: [volume('/usr/src/app')] })],
      [],
    ],
    [
      'the cache directory is another one',
      bot(''),
      [compose({ volumes: [volume('/usr/src/app/.wwebjs_cache', { name: 'wwebjs_cache', kind: 'named' })] })],
      [],
    ],
    ['no volume', files, [compose({ env: { WWEBJS_AUTH: 'x' } })], []],
  ])('%s', async (_, project, launches, expected) => {
    expect(await severities(volumeMismatch, project, launches)).toEqual(expected);
  });

  it('names both places', async () => {
    const facts = await factsOf(files, [
      compose({ env: { WWEBJS_AUTH: './volumes/wweb_auth' }, volumes: [logs, auth] }),
    ]);
    expect(volumeMismatch.run(facts).findings[0]?.message).toBe(
      'The session is written to /usr/src/app/volumes/wweb_auth/session-id; the volume is mounted at /usr/src/app/.wweb_auth, which does not cover it.',
    );
  });
});

describe('WA405 multiple-owners', () => {
  const pm2 = (fields: Partial<Launch>) =>
    launch({ id: 'pm2:bot', kind: 'pm2', file: 'ecosystem.config.js', ...fields });
  it.each<[string, Files, Launch[], string[]]>([
    ['two replicas (case 1)', bot('{ dataPath: "/d" }'), [compose({ replicas: 2 })], ['error']],
    ['pm2 cluster mode (case 8)', bot(''), [pm2({ replicas: 8 })], ['error']],
    ['one instance', bot(''), [pm2({ replicas: 1 }), compose()], []],
    [
      'workers that have directories of their own',
      bot('{ dataPath: "./a" + process.env.NODE_APP_INSTANCE }'),
      [pm2({ replicas: 4 })],
      [],
    ],
    [
      'a StatefulSet',
      bot('{ dataPath: "/d" }'),
      [launch({ id: 'kubernetes:k.yml#StatefulSet/bot', kind: 'kubernetes', replicas: 3, file: 'k.yml' })],
      [],
    ],
    [
      'the same script twice in one file',
      bot('{ dataPath: "/d" }'),
      [pm2({ id: 'pm2:a' }), pm2({ id: 'pm2:b' })],
      ['error'],
    ],
    [
      'two accounts in one file',
      bot('{ dataPath: "/d", clientId: process.env.ID }'),
      [pm2({ id: 'pm2:a', env: { ID: 'a' } }), pm2({ id: 'pm2:b', env: { ID: 'b' } })],
      [],
    ],
    [
      'two services on one host directory',
      bot('{ dataPath: "/d" }'),
      [
        compose({ id: 'compose:f#a', volumes: [volume('/d')] }),
        compose({ id: 'compose:f#b', volumes: [volume('/d')] }),
      ],
      ['error'],
    ],
    [
      'two services on volumes of their own',
      bot('{ dataPath: "/d" }'),
      [
        compose({ id: 'compose:f#a', volumes: [volume('/d', { name: 'a' })] }),
        compose({ id: 'compose:f#b', volumes: [volume('/d', { name: 'b' })] }),
      ],
      [],
    ],
    ['two ways of starting one bot', bot('{ dataPath: "/d" }'), [npm, pm2({})], []],
    [
      'a bot for trials and one for good in one file',
      bot('{ dataPath: "/d" }'),
      [pm2({ id: 'pm2:f#bot-dev' }), pm2({ id: 'pm2:f#bot-prod' })],
      ['warning'],
    ],
    [
      'one application with two environments',
      bot('{ dataPath: "/d" }'),
      [pm2({ id: 'pm2:f#bot' }), pm2({ id: 'pm2:f#bot@staging' })],
      [],
    ],
    [
      'two clients of one process',
      {
        'index.js': `${CJS}const sales = new Client({ authStrategy: new LocalAuth() });\nconst help = new Client({ authStrategy: new LocalAuth() });`,
      },
      [npm],
      ['error'],
    ],
    [
      'two clients of one process with ids of their own',
      {
        'index.js': `${CJS}const sales = new Client({ authStrategy: new LocalAuth({ clientId: 'sales' }) });\nconst help = new Client({ authStrategy: new LocalAuth({ clientId: 'help' }) });`,
      },
      [npm],
      [],
    ],
    [
      'a client for each of a list, without an id',
      { 'index.js': `${CJS}for (const name of ['a', 'b']) new Client({ authStrategy: new LocalAuth() });` },
      [npm],
      ['error'],
    ],
    [
      'a client for each of a list, with its id',
      {
        'index.js': `${CJS}['a', 'b', 'c'].forEach((id) => new Client({ authStrategy: new LocalAuth({ clientId: id }) }));`,
      },
      [npm],
      [],
    ],
    [
      'a client that is made again after a disconnect',
      {
        'index.js': `${CJS}let client = new Client({ authStrategy: new LocalAuth() });\nclient.on('disconnected', async () => { await client.destroy(); client = new Client({ authStrategy: new LocalAuth() }); });`,
      },
      [npm],
      [],
    ],
    [
      'two branches of one choice (no two owners)',
      {
        'index.js': `${CJS}const o = process.env.D ? { authStrategy: new LocalAuth() } : { authStrategy: new LocalAuth(), puppeteer: {} };\nnew Client(o);`,
      },
      [pm2({})],
      [],
    ],
  ])('%s', async (_, files, launches, expected) => {
    expect(await severities(multipleOwners, files, launches)).toEqual(expected);
  });
});
