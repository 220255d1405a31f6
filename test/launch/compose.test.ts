import { describe, expect, test } from 'vitest';
import { find, manifest, one, survives, withBot } from './support/project.ts';

const IMAGE =
  'FROM node:20\nWORKDIR /app\nCOPY . .\nENV FROM_IMAGE=1 BOTH=image\nVOLUME /app/.wwebjs_cache\nCMD ["node","index.js"]';
const S = '/app/.wwebjs_auth/session';

/** A service `bot` built here, with more lines (two spaces of indentation are added), and the rest of the file. */
const compose = (service: string, rest = ''): string =>
  `services:\n  bot:\n    build: .\n${service.replace(/^/gm, '    ')}\n${rest}`;

async function bot(service: string, rest = '', files: Record<string, string> = {}) {
  const found = await find(withBot({ Dockerfile: IMAGE, 'docker-compose.yml': compose(service, rest), ...files }));
  return { found, launch: one(found, 'compose:docker-compose.yml#bot') };
}

describe('volumes', () => {
  const rows: readonly {
    name: string;
    service: string;
    rest?: string;
    recreate: unknown;
    volume?: Record<string, unknown>;
    containerRestart?: unknown;
  }[] = [
    { name: 'none', service: 'restart: always', recreate: false },
    {
      name: 'a bind, short',
      service: 'volumes:\n  - ./.wwebjs_auth:/app/.wwebjs_auth',
      recreate: true,
      volume: { kind: 'bind', name: './.wwebjs_auth', stable: true },
    },
    {
      name: 'a source that only starts with a dot is a bind',
      service: 'volumes:\n  - .auth_data:/app/.wwebjs_auth',
      rest: 'volumes:\n  .auth_data:\n',
      recreate: true,
      volume: { kind: 'bind', name: '.auth_data' },
    },
    {
      name: 'named, short: its real name hangs on the directory',
      service: 'volumes:\n  - auth:/app/.wwebjs_auth:rw',
      rest: 'volumes:\n  auth:\n',
      recreate: true,
      volume: { kind: 'named', name: 'auth', realName: 'bot_auth', stable: 'unknown' },
    },
    {
      name: 'named, in a project with a name',
      service: 'volumes: ["auth:/app/.wwebjs_auth"]',
      rest: 'volumes: {auth: {}}\nname: wa\n',
      recreate: true,
      volume: { realName: 'wa_auth', stable: true },
    },
    {
      name: 'named, with a name of its own',
      service: 'volumes: ["auth:/app/.wwebjs_auth"]',
      rest: 'volumes: {auth: {name: kept}}\n',
      recreate: true,
      volume: { realName: 'kept', stable: true },
    },
    {
      name: 'external',
      service: 'volumes: ["auth:/app/.wwebjs_auth"]',
      rest: 'volumes: {auth: {external: true}}\n',
      recreate: true,
      volume: { realName: 'auth', stable: true },
    },
    {
      name: 'named with a part that changes',
      service: 'volumes: ["auth:/app/.wwebjs_auth"]',
      rest: 'volumes: {auth: {name: "auth_${GIT_SHA}"}}\n',
      recreate: true,
      volume: { stable: false, reason: expect.stringContaining('GIT_SHA') },
    },
    {
      name: 'anonymous',
      service: 'volumes:\n  - /app/.wwebjs_auth',
      recreate: 'unknown',
      volume: { kind: 'anonymous', stable: false },
    },
    {
      name: 'tmpfs',
      service: 'tmpfs:\n  - /app/.wwebjs_auth:size=100m',
      recreate: false,
      containerRestart: false,
      volume: { kind: 'tmpfs' },
    },
    {
      name: 'tmpfs, long',
      service: 'volumes:\n  - type: tmpfs\n    target: /app/.wwebjs_auth',
      recreate: false,
      containerRestart: false,
    },
    {
      name: 'long bind',
      service: 'volumes:\n  - type: bind\n    source: ./kept\n    target: /app/.wwebjs_auth',
      recreate: true,
      volume: { kind: 'bind' },
    },
    {
      name: 'long volume',
      service: 'volumes:\n  - {type: volume, source: auth, target: /app/.wwebjs_auth, volume: {subpath: wa}}',
      rest: 'volumes: {auth: }\n',
      recreate: true,
      volume: { kind: 'named' },
    },
    { name: 'an ancestor', service: 'volumes: ["data:/app"]', rest: 'volumes: {data: }\n', recreate: true },
    {
      name: 'beside it',
      service: 'volumes: ["data:/app/auth", "x:/data"]',
      rest: 'volumes: {data: , x: }\n',
      recreate: false,
    },
    { name: 'a host directory in memory', service: 'volumes: ["/dev/shm/wa:/app/.wwebjs_auth"]', recreate: true },
    {
      name: 'a name that is a variable with a default',
      service: 'volumes: ["${WA_DIR:-./wa}:/app/.wwebjs_auth"]',
      recreate: true,
      volume: { kind: 'bind', name: './wa' },
    },
    {
      name: 'a source that is a variable set nowhere',
      service: 'volumes: ["${WA_DIR}:/app/.wwebjs_auth"]',
      recreate: true,
      volume: { kind: 'bind', name: '${WA_DIR}' },
    },
    {
      name: 'driver options: a bind',
      service: 'volumes: ["auth:/app/.wwebjs_auth"]',
      rest: 'volumes:\n  auth:\n    driver: local\n    driver_opts: {type: none, o: bind, device: /srv/auth}\n',
      recreate: true,
      volume: { kind: 'bind', stable: true },
    },
    {
      name: 'driver options: a tmpfs',
      service: 'volumes: ["auth:/app/.wwebjs_auth"]',
      rest: 'volumes:\n  auth:\n    driver_opts: {type: tmpfs, device: tmpfs}\n',
      recreate: false,
    },
    { name: 'anchors and merge keys', service: 'volumes: *v', rest: 'x-a: 1\n', recreate: true },
  ];
  test.each(rows)('$name', async ({ name, service, rest, recreate, volume, containerRestart }) => {
    const anchored = name.startsWith('anchors');
    const text = anchored
      ? `x-v: &v\n  - ./kept:/app/.wwebjs_auth\nx-base: &base\n  build: .\n  volumes: *v\nservices:\n  bot:\n    <<: *base\n    restart: always\n`
      : compose(service, rest);
    const found = await find(withBot({ Dockerfile: IMAGE, 'docker-compose.yml': text }));
    const launch = one(found, 'compose:docker-compose.yml#bot');
    const result = survives(launch, S);
    if (name === 'a host directory in memory') expect(result.reboot).toBe(false);
    else expect(result.recreate).toBe(recreate);
    if (containerRestart !== undefined) expect(result.containerRestart).toBe(containerRestart);
    if (volume !== undefined)
      expect(launch.volumes?.find((one_) => one_.at === '/app/.wwebjs_auth')).toMatchObject(volume);
    // VOLUME of the image that nothing covers.
    if (!launch.volumes?.some((one_) => one_.at === '/app'))
      expect(launch.volumes?.some((one_) => one_.at === '/app/.wwebjs_cache' && one_.kind === 'anonymous')).toBe(true);
  });

  test('a network volume is one', async () => {
    const { launch } = await bot(
      'volumes: ["auth:/app/.wwebjs_auth"]',
      'volumes:\n  auth:\n    driver_opts: {type: nfs, o: "addr=10.0.0.1,rw", device: ":/exports"}\n',
    );
    expect(launch.mounts?.mounts.find((mount) => mount.mountPoint === '/app/.wwebjs_auth')).toMatchObject({
      fstype: 'nfs4',
      source: '10.0.0.1:/exports',
    });
  });
});

describe('everything else that a service says', () => {
  test('environment, files, interpolation', async () => {
    const { launch } = await bot(
      'env_file:\n  - common.env\n  - path: missing.env\n    required: false\nenvironment:\n  - BOTH=compose\n  - FROM_DOTENV=${IN_DOTENV}\n  - DEFAULTED=${NOWHERE:-d}\n  - DEFAULTED_EMPTY=${EMPTY:-e}\n  - KEPT_EMPTY=${EMPTY-e}\n  - ALT=${IN_DOTENV:+alt}\n  - NEEDED=${IN_DOTENV:?must be set}\n  - NESTED=${NOWHERE:-${IN_DOTENV}/x}\n  - DOLLAR=$$HOME\n  - LOST=${NOWHERE}/x\n  - PASSED\n  - NUMBER=1',
      '',
      { '.env': 'IN_DOTENV=dot\nEMPTY=\n', 'common.env': 'COMMON="c d"\nBOTH=file\n' },
    );
    expect({ ...launch.env }).toEqual({
      FROM_IMAGE: '1',
      BOTH: 'compose',
      COMMON: 'c d',
      FROM_DOTENV: 'dot',
      DEFAULTED: 'd',
      DEFAULTED_EMPTY: 'e',
      KEPT_EMPTY: '',
      ALT: 'alt',
      NEEDED: 'dot',
      NESTED: 'dot/x',
      DOLLAR: '$HOME',
      NUMBER: '1',
    });
    expect(launch.envHidden).toMatch(/missing\.env is not in the tree/);
    expect(launch.envHidden).toMatch(/LOST depends on NOWHERE/);
    expect(launch.envHidden).toMatch(/PASSED is taken over from the shell/);
  });

  test('working directory, user, limits, stopping, replicas', async () => {
    const { launch } = await bot(
      'working_dir: /work\nuser: "1000:1000"\ninit: true\nshm_size: 1gb\npids_limit: 200\nmem_limit: 512m\nstop_grace_period: 1m30s\nstop_signal: SIGINT\ncommand: node /app/index.js --x "a b"\ndeploy: {replicas: 2, update_config: {order: start-first}}',
    );
    expect(launch).toMatchObject({
      cwd: '/work',
      packageAt: '/app',
      entry: 'index.js',
      user: '1000:1000',
      replicas: 2,
      overlaps: true,
      stop: { signal: 'SIGINT', timeoutSeconds: 90, pid1: 'init', supervisor: 'docker', init: true },
      limits: { pids: 200, memoryBytes: 512 * 1024 ** 2, shmBytes: 1024 ** 3 },
      command: 'node /app/index.js --x a b',
    });
  });

  test('read_only: the image cannot be written to', async () => {
    const { launch } = await bot('read_only: true\nvolumes: ["./d:/data"]');
    expect(launch.mounts?.mounts[0]).toMatchObject({ mountPoint: '/', options: 'ro,relatime' });
  });

  test('a command of its own is followed; migrations and a web server are not the bot', async () => {
    const found = await find(
      withBot({
        Dockerfile: IMAGE,
        'package.json': manifest({ start: 'node index.js', migrate: 'sequelize db:migrate' }),
        'compose.yaml':
          'services:\n  bot: {build: ., command: ["npm","start"]}\n  migrate: {build: ., command: npm run migrate}\n  shell: {build: ., command: sleep infinity}\n  db: {image: "postgres:16"}\n  web: {image: nginx, volumes: [".:/usr/share/nginx/html"]}\n',
      }),
    );
    expect(found.launches.map((launch) => launch.id)).toEqual(['npm:start', 'compose:compose.yaml#bot']);
  });

  test('target, args, dockerfile, context elsewhere', async () => {
    const found = await find(
      withBot({
        'docker/Bot.Dockerfile':
          'FROM node:20 AS prod\nARG HOME_DIR=/a\nWORKDIR $HOME_DIR\nCOPY . .\nCMD ["node","index.js"]\nFROM prod AS dev\nENV DEV=1\n',
        'docker/docker-compose.yml':
          'services:\n  bot:\n    build: {context: .., dockerfile: docker/Bot.Dockerfile, target: prod, args: {HOME_DIR: /b}}\n    volumes: ["../data:/b/.wwebjs_auth"]\n',
      }),
    );
    const launch = one(found, 'compose:docker/docker-compose.yml#bot');
    expect(launch).toMatchObject({ cwd: '/b', packageAt: '/b' });
    expect(launch.env['DEV']).toBeUndefined();
    expect(survives(launch, '/b/.wwebjs_auth/session').recreate).toBe(true);
    // The Dockerfile has its launch; it is none of its own.
    expect(found.launches).toHaveLength(1);
  });

  test('dockerfile_inline', async () => {
    const found = await find(
      withBot({
        'compose.yml':
          'services:\n  bot:\n    build:\n      context: .\n      dockerfile_inline: |\n        FROM node:20\n        WORKDIR /inline\n        COPY . .\n        CMD ["node","index.js"]\n',
      }),
    );
    expect(one(found, 'compose:').cwd).toBe('/inline');
  });
});

describe('several files', () => {
  test('the override is laid over the base, a variant without images too, a complete one stands alone', async () => {
    const found = await find(
      withBot({
        Dockerfile: IMAGE,
        'docker-compose.yml':
          'services:\n  bot: {build: ., environment: {A: 1, B: 1}, volumes: ["a:/data"]}\nvolumes: {a: }\n',
        'docker-compose.override.yml': 'services:\n  bot: {environment: {B: 2}, volumes: ["./d:/data", "./e:/e"]}\n',
        'docker-compose.remote.yml': 'services:\n  bot: {environment: ["REMOTE=1"]}\n',
        'docker-compose.prod.yml': 'services:\n  bot: {build: ., environment: {PROD: 1}}\n',
        'docker-compose.example.yml': 'services:\n  bot: {build: .}\n',
      }),
    );
    const base = one(found, 'compose:docker-compose.yml+docker-compose.override.yml#bot');
    expect(base.env).toMatchObject({ A: '1', B: '2' });
    expect(base.volumes?.map((volume) => [volume.at, volume.kind])).toEqual([
      ['/data', 'bind'],
      ['/e', 'bind'],
      ['/app/.wwebjs_cache', 'anonymous'],
    ]);
    expect(one(found, 'compose:docker-compose.yml+docker-compose.remote.yml#bot').env).toMatchObject({
      A: '1',
      REMOTE: '1',
    });
    expect(one(found, 'compose:docker-compose.prod.yml#bot').env).toMatchObject({ PROD: '1' });
    expect(found.launches.filter((launch) => launch.id.includes('example'))).toEqual([]);
  });

  test('extends, include, profiles', async () => {
    const found = await find(
      withBot({
        Dockerfile: IMAGE,
        'common/base.yml':
          'services:\n  base:\n    build: ..\n    environment: {A: base, B: base}\n    volumes: ["./kept:/app/.wwebjs_auth"]\n',
        'inc/compose.inc.yml': 'services:\n  other: {build: .., profiles: [x]}\n',
        'docker-compose.yml':
          'include: [inc/compose.inc.yml, {path: not/here.yml}]\nservices:\n  bot:\n    extends: {file: common/base.yml, service: base}\n    environment: {B: own}\n',
      }),
    );
    const launch = one(found, 'compose:docker-compose.yml#bot');
    expect(launch.env).toMatchObject({ A: 'base', B: 'own' });
    expect(survives(launch, S).recreate).toBe(true);
    expect(launch.volumes?.[0]).toMatchObject({ name: './kept', file: 'common/base.yml' });
    expect(launch.notes.join()).toContain('not/here.yml');
    expect(one(found, 'compose:docker-compose.yml#other').notes.join()).toContain('profile x');
  });
});

describe('images that are not built here', () => {
  test('node with the project bound into it', async () => {
    const found = await find(
      withBot({
        'docker-compose.yml':
          'services:\n  bot:\n    image: node:20\n    working_dir: /app\n    command: sh -c "npm ci && node index.js"\n    volumes: [".:/app", "/app/node_modules"]\n',
      }),
    );
    const launch = one(found, 'compose:');
    expect(launch).toMatchObject({ cwd: '/app', packageAt: '/app', entry: 'index.js' });
    expect(survives(launch, S).recreate).toBe(true);
    expect(survives(launch, '/app/node_modules/x').recreate).not.toBe(true);
  });

  test("the bot's published image is taken for its Dockerfile, a database is not", async () => {
    const found = await find(
      withBot({
        Dockerfile: IMAGE,
        'docker-compose.yml':
          'services:\n  db: {image: mongo}\n  app:\n    image: someone/whatever:latest\n    volumes: ["./sessions:/app/.wwebjs_auth"]\n',
      }),
    );
    const launch = one(found, 'compose:');
    expect(launch).toMatchObject({ id: 'compose:docker-compose.yml#app', cwd: '/app', entry: 'index.js' });
    expect(launch.notes.join()).toContain('it is taken for the image of Dockerfile');
    expect(survives(launch, S).recreate).toBe(true);
    // Nobody says how the bare image would be run.
    expect(
      found.launches
        .filter((one_) => one_.kind === 'dockerfile')
        .every((one_) => one_.mountTable === 'none' || one_.mounts === null),
    ).toBe(true);
  });
});

test('a development container deploys nothing', async () => {
  const found = await find(
    withBot({ '.devcontainer/docker-compose.yml': 'services:\n  app: {build: .., volumes: ["..:/workspace"]}\n' }),
  );
  expect(found.launches).toEqual([]);
});

test('case 1: two replicas, a volume beside the session, a variable with a path of the host', async () => {
  const found = await find(
    {
      'server/package.json': manifest({}, { main: 'server.js' }),
      'server/server.js': '',
      'server/Dockerfile': 'FROM node:18\nWORKDIR /usr/src/app\nCOPY . .\nCMD ["node","server.js"]',
      '.env': 'WWEBJS_AUTH=./volumes/wweb_auth\n',
      'docker-compose.yml':
        'services:\n  server:\n    image: server\n    build: ./server\n    env_file: .env\n    volumes:\n      - ./volumes/log/server:/var/log/nodejs\n      - ./volumes/wweb_auth:/usr/src/app/.wweb_auth\n    deploy:\n      replicas: 2\n',
    },
    ['server'],
  );
  const launch = one(found, 'compose:docker-compose.yml#server');
  expect(launch).toMatchObject({
    replicas: 2,
    packageAt: '/usr/src/app',
    env: { WWEBJS_AUTH: './volumes/wweb_auth' },
    line: 2,
  });
  expect(survives(launch, '/usr/src/app/volumes/wweb_auth/session').recreate).toBe(false);
  expect(survives(launch, '/usr/src/app/.wweb_auth/session').recreate).toBe(true);
});

test('a service whose Dockerfile is elsewhere is no gap where another image is the bot', async () => {
  const found = await find(
    withBot({
      Dockerfile: 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node", "index.js"]',
      'deploy/docker-compose.yml':
        'services:\n  bot:\n    build: ../elsewhere\n    volumes: ["./data:/app/.wwebjs_auth"]\n',
      'elsewhere/README.md': '',
    }),
  );
  expect(found.problems).toEqual([]);
  expect(one(found, 'compose:').packageAt).toBe('/app');
});
