import { describe, expect, test } from 'vitest';
import { find, manifest, one, PROJECT, withBot } from './support/project.ts';

/** A start script and what it starts: entry, directory below the project, variables, chain. */
const STARTS: readonly [
  string,
  { entry: string | null; at?: string; env?: Record<string, string>; chain?: string; hidden?: RegExp },
][] = [
  ['node index.js', { entry: 'index.js', chain: 'npm>sh>node' }],
  ['node .', { entry: 'index.js' }],
  ['node ./src/index.js --port=3000', { entry: 'src/index.js' }],
  ['node -r dotenv/config --max-old-space-size=512 src/a.js', { entry: 'src/a.js' }],
  [
    'cross-env NODE_ENV=production DATA=./x node index.js',
    { entry: 'index.js', env: { NODE_ENV: 'production', DATA: './x' }, chain: 'npm>sh>cross-env>node' },
  ],
  [
    'NODE_ENV=production DATA="a b" node index.js',
    { entry: 'index.js', env: { NODE_ENV: 'production', DATA: 'a b' }, chain: 'npm>sh>node' },
  ],
  ['env DATA=1 node index.js', { entry: 'index.js', env: { DATA: '1' } }],
  ['cd dist && node index.js', { entry: 'dist/index.js', at: '/dist', chain: 'npm>sh>node' }],
  ['export DATA=./y; node index.js', { entry: 'index.js', env: { DATA: './y' } }],
  ['npm run build && node dist/index.js', { entry: 'dist/index.js' }],
  ['npm run go', { entry: 'go.js', env: { GO: '1' } }],
  ['pnpm env:load tsx src/index.ts', { entry: 'src/index.ts', env: { FROM_FILE: 'yes', QUOTED: 'a b' } }],
  ['npm run env:load --silent -- node src/a.js', { entry: 'src/a.js', env: { FROM_FILE: 'yes', QUOTED: 'a b' } }],
  ['yarn go', { entry: 'go.js', env: { GO: '1' } }],
  ['pnpm run go', { entry: 'go.js', env: { GO: '1' } }],
  ['nodemon', { entry: 'index.js', chain: 'npm>sh>nodemon>node' }],
  ['nodemon -w src --exec ts-node src/index.ts', { entry: 'src/index.ts', chain: 'npm>sh>nodemon>sh>ts-node' }],
  ['nodemon --exec "npm run go"', { entry: 'go.js', env: { GO: '1' } }],
  ['ts-node -r tsconfig-paths/register src/index.ts', { entry: 'src/index.ts' }],
  ['tsx watch --clear-screen=false src/index.ts', { entry: 'src/index.ts' }],
  [
    'ts-node-dev --respawn --ignore node_modules src/index.ts',
    { entry: 'src/index.ts', chain: 'npm>sh>ts-node-dev>node' },
  ],
  ['bun run --watch src/index.ts', { entry: 'src/index.ts', chain: 'npm>sh>bun' }],
  ['bun src/index.ts', { entry: 'src/index.ts' }],
  ['node --env-file=.env.bot index.js', { entry: 'index.js', env: { FROM_FILE: 'yes', QUOTED: 'a b' } }],
  ['node --env-file=.env.none index.js', { entry: 'index.js', hidden: /\.env\.none is not in the tree/ }],
  ['dotenv -e .env.bot -- node index.js', { entry: 'index.js', env: { FROM_FILE: 'yes', QUOTED: 'a b' } }],
  ['env-cmd -f .env.bot node index.js', { entry: 'index.js', env: { FROM_FILE: 'yes', QUOTED: 'a b' } }],
  ['DATA=$SOMEWHERE node index.js', { entry: 'index.js', hidden: /DATA is set to a value/ }],
  ['DATA=${SOMEWHERE:-./z} node index.js', { entry: 'index.js', env: { DATA: './z' } }],
  ['nohup node index.js > out.log 2>&1 &', { entry: 'index.js' }],
  [
    'xvfb-run -a --server-args="-screen 0 1024x768x24" node index.js',
    { entry: 'index.js', chain: 'npm>sh>xvfb-run>node' },
  ],
  ['sh ./run.sh', { entry: 'dist/bot.js', env: { IN_SCRIPT: '1' }, chain: 'npm>sh>node' }],
  ['./run.sh', { entry: 'dist/bot.js', env: { IN_SCRIPT: '1' } }],
  ['nest start --watch', { entry: 'dist/main.js' }],
  ['next start -p 3000', { entry: null }],
  ['concurrently "npm:go" "tsc -w"', { entry: 'go.js', env: { GO: '1' } }],
  ['run-p go', { entry: 'go.js', env: { GO: '1' } }],
  ['node node_modules/.bin/tsx src/index.ts', { entry: 'src/index.ts', chain: 'npm>sh>node>tsx' }],
  ['node --watch --watch-path ./src index.js', { entry: 'index.js' }],
  ['if [ "$MODE" = prod ]; then node dist/a.js; fi', { entry: 'dist/a.js' }],
  ['(cd sub; node x.js)', { entry: 'sub/x.js', at: '/sub' }],
  ['exec node index.js', { entry: 'index.js', chain: 'npm>node' }],
  ['bash -c -l "node index.js"', { entry: 'index.js', chain: 'npm>sh>node' }],
  ['doppler run -- node index.js', { entry: 'index.js', chain: 'npm>sh>doppler>node' }],
];

const FILES = {
  '.env.bot': 'FROM_FILE=yes\nQUOTED="a b"\n# COMMENT=1\n',
  'run.sh': '#!/bin/sh\ncd "$(dirname "$0")"\nexport IN_SCRIPT=1\nnode scripts/prepare.js\nexec node dist/bot.js\n',
};

describe('what a start script starts', () => {
  test.each(STARTS)('%s', async (start, expected) => {
    const found = await find(
      withBot({
        ...FILES,
        'package.json': manifest({ start, go: 'GO=1 node go.js', build: 'tsc', 'env:load': 'dotenv -e .env.bot --' }),
      }),
    );
    const launch = one(found, 'npm:start');
    expect(launch.entry).toBe(expected.entry);
    expect(launch.cwd).toBe(PROJECT + (expected.at ?? ''));
    expect(launch.packageAt).toBe(PROJECT);
    expect({ ...launch.env }).toEqual(expected.env ?? {});
    if (expected.chain !== undefined) expect(launch.chain?.join('>')).toBe(expected.chain);
    if (expected.hidden === undefined) expect(launch.envHidden).toBeNull();
    else expect(launch.envHidden).toMatch(expected.hidden);
  });
});

describe('which scripts are launches', () => {
  test('starters are, builders and tools are not', async () => {
    const found = await find(
      withBot({
        'package.json': manifest({
          start: 'node index.js',
          'dev:local': 'nodemon index.js',
          'prod:lib': 'node lib/index.cjs',
          'pm2:start': 'pm2 start index.js --name bot -i 4',
          'pm2:restart': 'pm2 restart bot',
          build: 'node build.js',
          test: 'node test.js',
          'generate-token': 'node scripts/token.js',
          'reset-session': 'node scripts/reset-session.js',
          predev: 'node clean.js',
          lint: 'eslint .',
          again: 'node index.js',
        }),
      }),
    );
    expect(found.launches.map((launch) => [launch.id, launch.kind])).toEqual([
      ['npm:start', 'npm'],
      ['npm:dev:local', 'npm'],
      ['npm:prod:lib', 'npm'],
      ['npm:pm2:start', 'pm2'],
      ['npm:again', 'npm'],
    ]);
    expect(one(found, 'npm:pm2:start')).toMatchObject({
      replicas: 4,
      stop: { signal: 'SIGINT', timeoutSeconds: 1.6, supervisor: 'pm2' },
    });
    expect(one(found, 'npm:start').line).toBe(1);
  });

  test('without a start script npm runs server.js, when there is one', async () => {
    const found = await find({ 'package.json': '{"dependencies":{"whatsapp-web.js":"1"}}', 'server.js': '' });
    expect(one(found, 'npm:start')).toMatchObject({ entry: 'server.js', cwd: PROJECT });
    expect((await find({ 'package.json': '{"dependencies":{"whatsapp-web.js":"1"}}', 'bot.js': '' })).launches).toEqual(
      [],
    );
  });

  test('a script of a directory above starts the package below; one of another package is not the bot', async () => {
    const found = await find(
      {
        'package.json': JSON.stringify({
          scripts: {
            start: 'npm --prefix apps/bot start',
            dev: 'yarn workspace @x/bot dev',
            serve: 'node apps/web/server.js',
          },
          workspaces: ['apps/*'],
        }),
        'apps/bot/package.json': manifest({ start: 'node index.js', dev: 'tsx src/index.ts' }, { name: '@x/bot' }),
        'apps/bot/index.js': '',
        'apps/web/package.json': '{"name":"web","dependencies":{"express":"4"}}',
        'apps/web/server.js': '',
      },
      ['apps/bot'],
    );
    expect(found.launches.map((launch) => [launch.id, launch.packageRoot, launch.entry, launch.cwd])).toEqual([
      ['npm:start', 'apps/bot', 'index.js', `${PROJECT}/apps/bot`],
      ['npm:dev', 'apps/bot', 'src/index.ts', `${PROJECT}/apps/bot`],
      ['npm:apps/bot:start', 'apps/bot', 'index.js', `${PROJECT}/apps/bot`],
      ['npm:apps/bot:dev', 'apps/bot', 'src/index.ts', `${PROJECT}/apps/bot`],
    ]);
  });

  test('scripts that call each other in a circle end', async () => {
    const found = await find(
      withBot({ 'package.json': manifest({ start: 'npm run a', a: 'npm run b', b: 'npm run a && node index.js' }) }),
    );
    expect(one(found, 'npm:start').entry).toBe('index.js');
  });
});
