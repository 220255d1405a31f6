import { describe, expect, test } from 'vitest';
import { find, manifest, one, survives, withBot } from './support/project.ts';

interface Row {
  readonly name: string;
  readonly dockerfile: string;
  readonly files?: Record<string, string>;
  readonly expected: Record<string, unknown>;
  readonly env?: Record<string, string>;
  readonly chain?: string;
}

const ROWS: readonly Row[] = [
  {
    name: 'exec form',
    dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node", "index.js"]',
    expected: { cwd: '/app', packageAt: '/app', entry: 'index.js', user: null, home: '/root', line: 4 },
    chain: 'node',
  },
  {
    name: 'shell form, relative WORKDIRs, USER, STOPSIGNAL',
    dockerfile:
      'FROM node:20\nWORKDIR /usr/src\nWORKDIR app\nCOPY . .\nUSER node\nSTOPSIGNAL SIGINT\nCMD node index.js',
    expected: {
      cwd: '/usr/src/app',
      packageAt: '/usr/src/app',
      user: 'node',
      home: '/home/node',
      stop: expect.objectContaining({ signal: 'SIGINT', timeoutSeconds: 10, supervisor: 'docker' }),
    },
    chain: 'sh>node',
  },
  {
    name: 'ENTRYPOINT and CMD together, npm start inside',
    dockerfile:
      'FROM node:20\nWORKDIR /app\nCOPY package*.json ./\nCOPY index.js ./\nENTRYPOINT ["dumb-init", "--"]\nCMD ["npm", "start"]',
    expected: {
      cwd: '/app',
      packageAt: '/app',
      entry: 'index.js',
      stop: expect.objectContaining({ pid1: 'dumb-init', init: true }),
    },
    chain: 'dumb-init>npm>sh>node',
  },
  {
    name: 'ENV in both forms, ARG with default, ARG into ENV',
    dockerfile:
      'ARG TAG=20\nFROM node:${TAG}-slim\nARG BASE=/data\nARG EMPTY\nENV DATA_PATH=${BASE}/wa MODE="a b"\nENV OLD value with spaces\nENV UP=${NOPE:-fallback} PATH=/x:$PATH\nWORKDIR $BASE/app\nCOPY . .\nCMD ["node","index.js"]',
    expected: { cwd: '/data/app', packageAt: '/data/app' },
    env: { DATA_PATH: '/data/wa', MODE: 'a b', OLD: 'value with spaces', UP: 'fallback', PATH: '/x:' },
  },
  {
    name: 'multi-stage: the last stage counts, COPY --from brings the build',
    dockerfile:
      'FROM node:20 AS build\nWORKDIR /src\nENV ONLY_BUILD=1\nCOPY . .\nRUN npm run build\nFROM node:20-slim\nWORKDIR /opt/bot\nCOPY --from=build /src/package.json ./\nCOPY --from=build /src/dist ./dist\nCMD ["node", "dist/main.js"]',
    expected: { cwd: '/opt/bot', packageAt: '/opt/bot', entry: 'dist/main.js' },
    env: {},
  },
  {
    name: 'a pattern of COPY --from',
    dockerfile:
      'FROM node:20 AS base\nWORKDIR /usr/src/app\nFROM base AS deps\nCOPY package*.json ./\nRUN npm ci\nFROM base\nCOPY --from=deps /usr/src/app/node_modules ./node_modules\nCOPY --from=deps /usr/src/app/package*.json ./\nCOPY index.js ./\nCMD ["npm", "start"]',
    expected: { cwd: '/usr/src/app', packageAt: '/usr/src/app', entry: 'index.js' },
  },
  {
    name: 'the project cloned by the build',
    dockerfile:
      'FROM node:20\nWORKDIR /app\nRUN git clone --depth 1 https://github.com/someone/bot.git\nWORKDIR /app/bot\nRUN npm install\nCMD ["node", "index.js"]',
    expected: { cwd: '/app/bot', packageAt: '/app/bot', entry: 'index.js' },
  },
  {
    name: 'FROM an alias inherits everything',
    dockerfile:
      'FROM node:20 AS base\nWORKDIR /srv/x\nENV A=1\nUSER node\nFROM base AS dev\nENV B=1\nFROM base AS prod\nCOPY . .\nENV C=$A\nCMD ["node","index.js"]',
    expected: { cwd: '/srv/x', user: 'node' },
    env: { A: '1', C: '1' },
  },
  {
    name: 'one directory of the package only',
    dockerfile:
      'FROM node:20\nWORKDIR /app\nCOPY package.json tsconfig.json ./\nCOPY src/ ./src/\nRUN npm run build\nCMD ["node", "dist/index.js"]',
    expected: { cwd: '/app', packageAt: '/app', entry: 'dist/index.js' },
  },
  {
    name: 'an entrypoint script that drops to a user and hands over to the command',
    dockerfile:
      'FROM node:20\nWORKDIR /app\nCOPY . .\nENTRYPOINT ["/app/docker-entrypoint-bot.sh"]\nCMD ["node", "index.js"]',
    files: { 'docker-entrypoint-bot.sh': '#!/bin/sh\nset -e\nmkdir -p /data\nexec "$@"\n' },
    expected: { cwd: '/app', entry: 'index.js' },
    chain: 'node',
  },
  {
    name: 'pm2-runtime with an ecosystem file',
    dockerfile:
      'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["pm2-runtime", "start", "ecosystem.config.js", "--env", "production"]',
    files: {
      'ecosystem.config.js':
        'module.exports={apps:[{name:"b",script:"./index.js",instances:3,exec_mode:"cluster",env:{A:"1"},env_production:{A:"2",B:"3"}}]}',
    },
    expected: { cwd: '/app', entry: 'index.js', replicas: 3 },
    env: { A: '2', B: '3' },
    chain: 'pm2>node',
  },
  {
    name: 'supervisord inside the image',
    dockerfile:
      'FROM node:20\nWORKDIR /app\nCOPY . .\nCOPY deploy/sup.conf /etc/supervisor/sup.conf\nCMD ["supervisord", "-n", "-c", "/etc/supervisor/sup.conf"]',
    files: {
      'deploy/sup.conf':
        '[supervisord]\nnodaemon=true\n[program:bot]\ncommand=node index.js\ndirectory=/app/\nenvironment=DATA="/data",X=\'1\'\n[program:nginx]\ncommand=nginx\n',
    },
    expected: { cwd: '/app', entry: 'index.js' },
    env: { DATA: '/data', X: '1' },
    chain: 'supervisord>node',
  },
  {
    name: 'a base image with a directory and a user of its own',
    dockerfile: 'FROM ghcr.io/puppeteer/puppeteer:24\nCOPY . .\nCMD ["node","index.js"]',
    expected: { cwd: '/home/pptruser', packageAt: '/home/pptruser', user: 'pptruser', home: '/home/pptruser' },
  },
  {
    name: 'a script that is not in the tree: held by its package',
    dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["bash", "generated.sh"]',
    expected: {
      cwd: '/app',
      packageAt: '/app',
      entry: null,
      notes: [expect.stringContaining('generated.sh could not be followed')],
    },
  },
  {
    name: 'escape directive, comments, continuation, heredoc',
    dockerfile:
      '# escape=`\nFROM node:20\nRUN echo a `\n  # in between\n  && echo b\nCOPY <<EOF /x.txt\nFROM nowhere\nEOF\nWORKDIR /a`\npp\nCOPY . .\nCMD ["node","index.js"]',
    expected: { cwd: '/app' },
  },
];

describe('what an image starts', () => {
  test.each(ROWS)('$name', async ({ dockerfile, files, expected, env, chain }) => {
    const found = await find(
      withBot({
        'package.json': manifest({ start: 'node index.js', build: 'tsc' }),
        'src/a.ts': '',
        'tsconfig.json': '{}',
        ...files,
        Dockerfile: dockerfile,
      }),
    );
    const launch = one(found, 'dockerfile:Dockerfile');
    expect(launch).toMatchObject(expected);
    if (env !== undefined) expect({ ...launch.env }).toEqual(env);
    if (chain !== undefined) expect(launch.chain?.join('>')).toBe(chain);
  });
});

describe('where data go without a volume, and with VOLUME', () => {
  test('the writable layer dies with the container; VOLUME without a mount belongs to one container', async () => {
    const found = await find(
      withBot({
        Dockerfile:
          'FROM node:20\nWORKDIR /app\nCOPY . .\nVOLUME ["/data", "/app/kept"]\nVOLUME /more /other\nCMD ["node","index.js"]',
      }),
    );
    const launch = one(found, 'dockerfile:');
    expect(launch.mountTable).toBe('declared');
    expect(survives(launch, '/app/.wwebjs_auth/session')).toMatchObject({ containerRestart: true, recreate: false });
    expect(survives(launch, '/data/session').recreate).not.toBe(true);
    expect(launch.volumes?.map((volume) => [volume.at, volume.kind, volume.stable, volume.line])).toEqual([
      ['/data', 'anonymous', false, 4],
      ['/app/kept', 'anonymous', false, 4],
      ['/more', 'anonymous', false, 5],
      ['/other', 'anonymous', false, 5],
    ]);
  });

  test('what is copied where is kept for the checks of images', async () => {
    const found = await find(
      withBot({
        'docker/Dockerfile': 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node","index.js"]',
        '.dockerignore': 'node_modules\n',
      }),
    );
    expect(one(found, 'dockerfile:').image).toEqual({
      dockerfile: 'docker/Dockerfile',
      context: '',
      name: null,
      copies: [{ from: '', at: '/app' }],
      ignoreFile: '.dockerignore',
    });
  });
});

describe('Dockerfiles that are not the bot', () => {
  test.each([
    [
      'of another service',
      {
        Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY server.js ./\nCOPY package.json ./\nCMD ["node","server.js"]',
        'server.js': '',
        'package.json': '{"dependencies":{"express":"4"},"scripts":{}}',
      },
    ],
    [
      'of a web server',
      {
        'bot/Dockerfile':
          'FROM node:20 AS b\nWORKDIR /app\nCOPY . .\nFROM nginx:alpine\nCOPY --from=b /app/dist /usr/share/nginx/html',
      },
    ],
    [
      'of a development container',
      { '.devcontainer/Dockerfile': 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node","index.js"]' },
    ],
    [
      'of the migrations',
      { 'bot/Dockerfile': 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["npx","prisma","migrate","deploy"]' },
    ],
    ['documentation', { 'bot/Dockerfile.md': 'FROM node:20\nCOPY . .\nCMD ["node","index.js"]' }],
  ])('%s', async (_, files) => {
    const found = await find(
      { 'bot/package.json': manifest(), 'bot/index.js': '', ...files } as Record<string, string>,
      ['bot'],
    );
    expect(found.launches).toEqual([]);
  });
});

test('a package below the build context lies below the copied tree', async () => {
  const found = await find(
    {
      'package.json': '{"workspaces":["apps/*"],"scripts":{}}',
      'apps/bot/package.json': manifest({ start: 'node dist/index.js' }),
      Dockerfile: 'FROM node:20\nWORKDIR /repo\nCOPY . .\nCMD ["npm", "start", "--workspace", "apps/bot"]',
    },
    ['apps/bot'],
  );
  expect(one(found, 'dockerfile:')).toMatchObject({
    packageRoot: 'apps/bot',
    packageAt: '/repo/apps/bot',
    cwd: '/repo/apps/bot',
    entry: 'dist/index.js',
  });
});

describe('an add-on of Home Assistant', () => {
  const addOn = (config: string, name = 'config.yaml') =>
    find(withBot({ Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node", "index.js"]', [name]: config }));

  test('/data and what map names are directories of the host', async () => {
    const launch = one(
      await addOn(
        'name: Bot\nslug: wa_bot\narch: [amd64, aarch64]\nmap:\n  - config:rw\n  - type: share\n    path: /shared\n    read_only: false\n',
      ),
      'dockerfile:',
    );
    expect(survives(launch, '/data/session').recreate).toBe(true);
    expect(survives(launch, '/config/wa/session').recreate).toBe(true);
    expect(survives(launch, '/shared/session').recreate).toBe(true);
    expect(survives(launch, '/share/session').recreate).toBe(false);
    expect(survives(launch, '/app/.wwebjs_auth/session').recreate).toBe(false);
  });

  test('config.json is read too; a config of something else mounts nothing', async () => {
    const json = one(
      await addOn('{"slug": "wa", "arch": ["amd64"], "map": ["addon_config:rw"]}', 'config.json'),
      'dockerfile:',
    );
    expect(survives(json, '/config/session').recreate).toBe(true);
    const other = one(await addOn('port: 3000\nmap: [config]\n'), 'dockerfile:');
    expect(survives(other, '/data/session').recreate).toBe(false);
  });
});
