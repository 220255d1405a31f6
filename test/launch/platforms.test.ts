import { describe, expect, test } from 'vitest';
import { find, manifest, one, survives, withBot } from './support/project.ts';

const IMAGE = 'FROM node:20\nWORKDIR /usr/src/app\nCOPY . .\nCMD ["node","index.js"]';
const bot = (files: Record<string, string>): Record<string, string> =>
  withBot({ 'package.json': manifest({ start: 'node index.js' }), ...files });

const rows: readonly {
  name: string;
  files: Record<string, string>;
  id: string;
  expected: Record<string, unknown>;
  lost?: string;
  kept?: string;
}[] = [
  {
    name: 'Procfile',
    files: { Procfile: 'release: npm run migrate\nweb: node index.js --port $PORT\n' },
    id: 'procfile:Procfile#web',
    expected: {
      cwd: '/app',
      entry: 'index.js',
      line: 2,
      platform: 'heroku',
      stop: expect.objectContaining({ timeoutSeconds: 30, signal: 'SIGTERM' }),
    },
    lost: '/app/.wwebjs_auth/session',
  },
  {
    name: 'heroku.yml',
    files: {
      Dockerfile: IMAGE,
      'heroku.yml': 'build:\n  docker:\n    worker: Dockerfile\nrun:\n  worker: npm start\n',
    },
    id: 'platform:heroku.yml#worker',
    expected: { cwd: '/usr/src/app', entry: 'index.js', platform: 'heroku' },
    lost: '/usr/src/app/x',
  },
  {
    name: 'render.yaml with a disk',
    files: {
      'render.yaml':
        'services:\n  - type: web\n    name: wa\n    runtime: node\n    startCommand: node index.js\n    envVars:\n      - {key: DATA, value: /var/data}\n      - {key: S, sync: false}\n    disk: {name: d, mountPath: /var/data, sizeGB: 1}\n',
    },
    id: 'platform:render.yaml#wa',
    expected: {
      cwd: '/opt/render/project/src',
      env: expect.objectContaining({ DATA: '/var/data' }),
      overlaps: false,
      line: 2,
    },
    kept: '/var/data/session',
    lost: '/opt/render/project/src/.wwebjs_auth/session',
  },
  {
    name: 'render.yaml without a disk',
    files: {
      'render.yaml': 'services:\n  - {type: worker, name: wa, env: node, startCommand: npm start, numInstances: 2}\n',
    },
    id: 'platform:render.yaml#wa',
    expected: { replicas: 2, overlaps: true },
    lost: '/opt/render/project/src/.wwebjs_auth',
  },
  {
    name: 'render.yaml with Docker',
    files: {
      'd/Dockerfile': IMAGE,
      'render.yaml':
        'services:\n  - {type: web, name: wa, runtime: docker, dockerfilePath: ./d/Dockerfile, dockerContext: ., disk: {name: a, mountPath: /usr/src/app/.wwebjs_auth}}\n',
    },
    id: 'platform:render.yaml#wa',
    expected: { cwd: '/usr/src/app' },
    kept: '/usr/src/app/.wwebjs_auth/session',
  },
  {
    name: 'fly.toml with a mount',
    files: {
      Dockerfile: IMAGE,
      'fly.toml':
        'app = "wa"\nkill_timeout = "20s"\n[env]\n  DATA = "/data"\n[mounts]\n  source = "wa_data"\n  destination = "/data"\n',
    },
    id: 'platform:fly.toml#app',
    expected: {
      cwd: '/usr/src/app',
      env: { DATA: '/data' },
      stop: expect.objectContaining({ signal: 'SIGINT', timeoutSeconds: 20 }),
    },
    kept: '/data/session',
    lost: '/usr/src/app/.wwebjs_auth',
  },
  {
    name: 'fly.toml with several mounts and processes',
    files: {
      Dockerfile: IMAGE,
      'fly.toml':
        '[processes]\nbot = "node index.js"\n[[mounts]]\nsource = "a"\ndestination = "/a"\nprocesses = ["bot"]\n[[mounts]]\nsource="b"\ndestination="/b"\nprocesses=["other"]\n',
    },
    id: 'platform:fly.toml#bot',
    expected: { entry: 'index.js' },
    kept: '/a/x',
    lost: '/b/x',
  },
  {
    name: 'railway.json',
    files: {
      'railway.json': '{"build":{"builder":"NIXPACKS"},"deploy":{"startCommand":"node index.js","numReplicas":2}}',
    },
    id: 'platform:railway.json',
    expected: { cwd: '/app', entry: 'index.js', replicas: 2, notes: [expect.stringContaining('dashboard')] },
    lost: '/app/.wwebjs_auth',
  },
  {
    name: 'nixpacks.toml',
    files: { 'nixpacks.toml': '[start]\ncmd = "npm start"\n' },
    id: 'platform:nixpacks.toml',
    expected: { cwd: '/app', entry: 'index.js' },
    lost: '/app/x',
  },
  {
    name: 'captain-definition',
    files: { 'captain-definition': '{"schemaVersion":2,"dockerfilePath":"./Dockerfile"}', Dockerfile: IMAGE },
    id: 'platform:captain-definition',
    expected: { cwd: '/usr/src/app', platform: 'caprover' },
    lost: '/usr/src/app/x',
  },
  {
    name: 'App Engine, standard',
    files: { 'app.yaml': 'runtime: nodejs20\nenv_variables: {DATA: /tmp/wa}\nmanual_scaling: {instances: 1}\n' },
    id: 'platform:app.yaml',
    expected: { cwd: '/workspace', env: { DATA: '/tmp/wa' }, replicas: 1 },
    lost: '/tmp/wa/session',
  },
  {
    name: 'App Platform',
    files: {
      '.do/app.yaml':
        'name: wa\nservices:\n  - {name: bot, run_command: node index.js, source_dir: /, instance_count: 2, envs: [{key: A, value: b}]}\n',
    },
    id: 'platform:.do/app.yaml#bot',
    expected: { cwd: '/workspace', env: { A: 'b' }, replicas: 2 },
    lost: '/workspace/x',
  },
];

describe('platform files', () => {
  test.each(rows)('$name', async ({ files, id, expected, lost, kept }) => {
    const launch = one(await find(bot(files)), id);
    expect(launch).toMatchObject({ ...expected, mountTable: 'declared' });
    if (lost !== undefined) expect(survives(launch, lost).recreate).toBe(false);
    if (kept !== undefined) expect(survives(launch, kept).recreate).toBe(true);
  });

  test('an app.yaml of Kubernetes or Python is none of them', async () => {
    for (const text of ['apiVersion: v1\nkind: Service\n', 'runtime: python311\n', 'just: text\n'])
      expect((await find(bot({ 'app.yaml': text }))).launches.filter((launch) => launch.kind === 'platform')).toEqual(
        [],
      );
  });
});
