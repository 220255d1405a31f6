import { describe, expect, test } from 'vitest';
import { find, manifest, one, PROJECT, survives, withBot } from './support/project.ts';

describe('pm2 files', () => {
  const rows: readonly {
    name: string;
    path?: string;
    text: string;
    expected: Record<string, unknown>;
    env?: Record<string, string>;
    id?: string;
  }[] = [
    {
      name: 'plain',
      text: 'module.exports = {\n  apps: [{\n    name: "wa", script: "index.js", env: { A: 1, B: true } }] }',
      expected: {
        cwd: PROJECT,
        entry: 'index.js',
        replicas: 1,
        overlaps: false,
        line: 2,
        stop: { signal: 'SIGINT', timeoutSeconds: 1.6, pid1: 'node', supervisor: 'pm2', init: false },
      },
      env: { A: '1', B: 'true' },
    },
    {
      name: 'cluster of eight',
      text: 'module.exports={apps:[{name:"wa",script:"./index.js",exec_mode:"cluster",instances:8,kill_timeout:10000}]}',
      expected: { replicas: 8, overlaps: 'unknown', stop: expect.objectContaining({ timeoutSeconds: 10 }) },
    },
    {
      name: 'max',
      text: 'module.exports={apps:[{name:"wa",script:"index.js",instances:"max"}]}',
      expected: { replicas: 2 },
    },
    {
      name: 'four processes in fork mode',
      text: 'module.exports={apps:[{name:"wa",script:"index.js",instances:4,exec_mode:"fork"}]}',
      expected: { replicas: 4 },
    },
    {
      name: 'a directory on the server',
      text: 'module.exports={apps:[{name:"wa",script:"index.js",cwd:"/var/www/bot"}]}',
      expected: { cwd: '/var/www/bot', packageAt: '/var/www/bot', entry: 'index.js' },
    },
    {
      name: '__dirname, constants, spread, path.join, default of a variable',
      text: 'const path=require("path");const common={A:"1"};const root=process.env.ROOT||"/srv/x";module.exports={apps:[{name:"wa",script:path.join(__dirname,"index.js"),cwd:__dirname,env:{...common,DATA:`${root}/d`,SECRET:process.env.SECRET}}]}',
      expected: {
        cwd: PROJECT,
        entry: 'index.js',
        envHidden: 'SECRET in ecosystem.config.js cannot be known without running it',
      },
      env: { A: '1', DATA: '/srv/x/d' },
    },
    {
      name: 'npm as script',
      text: 'module.exports={apps:[{name:"wa",script:"npm",args:"run go"}]}',
      expected: { cwd: PROJECT, entry: 'go.js' },
    },
    {
      name: 'an interpreter',
      text: 'module.exports={apps:[{name:"wa",script:"src/index.ts",interpreter:"tsx",node_args:"--env-file=.env"}]}',
      expected: { entry: 'src/index.ts' },
    },
    {
      name: 'ESM',
      path: 'ecosystem.config.mjs',
      text: 'export default { apps: [{ name: "wa", script: "index.js" }] };',
      expected: { entry: 'index.js' },
    },
    {
      name: 'JSON',
      path: 'pm2.json',
      text: '{"apps":[{"name":"wa","script":"index.js","env":{"A":"1"}}]}',
      expected: { entry: 'index.js' },
      env: { A: '1' },
    },
    {
      name: 'YAML',
      path: 'ecosystem.config.yml',
      text: 'apps:\n  - name: wa\n    script: ./index.js\n    instances: 2\n    env: {A: 1}\n',
      expected: { replicas: 2 },
      env: { A: '1' },
    },
  ];
  test.each(rows)('$name', async ({ path = 'ecosystem.config.js', text, expected, env }) => {
    const found = await find(withBot({ 'package.json': manifest({ go: 'node go.js' }), '.env': '', [path]: text }));
    const launch = one(found, `pm2:${path}#wa`);
    expect(launch).toMatchObject(expected);
    expect(launch.mountTable).toBe('live');
    if (env !== undefined) expect({ ...launch.env }).toEqual(env);
  });

  test('each environment is a launch of its own', async () => {
    const found = await find(
      withBot({
        'ecosystem.config.js':
          'module.exports={apps:[{name:"wa",script:"index.js",env:{M:"d",K:"k"},env_production:{M:"p"}}]}',
      }),
    );
    expect(found.launches.map((launch) => [launch.id, { ...launch.env }])).toEqual([
      ['pm2:ecosystem.config.js#wa', { M: 'd', K: 'k' }],
      ['pm2:ecosystem.config.js#wa@production', { M: 'p', K: 'k' }],
    ]);
  });

  test('nothing of it is run', async () => {
    const marker = '/tmp/wa-doctor-was-run';
    const evil = `require("fs").writeFileSync(${JSON.stringify(marker)},"x");process.exit(7);`;
    const found = await find(
      withBot({
        'ecosystem.config.js': `${evil}module.exports={apps:[{name:"wa",script:"index.js"}]}`,
        'package.json': manifest({ start: `node -e '${evil}' && node index.js` }),
        'run.sh': `touch ${marker}\n`,
        '.npmrc': `script-shell=/bin/touch ${marker}\n`,
      }),
    );
    expect(one(found, 'pm2:').entry).toBe('index.js');
    const { existsSync } = await import('node:fs');
    expect(existsSync(marker)).toBe(false);
  });
});

describe('systemd units', () => {
  test('what a unit says', async () => {
    const unit = `[Unit]\nDescription=bot\n[Service]\nType=simple\nUser=wa\nWorkingDirectory=/opt/bot\nEnvironment=A=1 "B=two words"\nEnvironment=C=3\nEnvironmentFile=/etc/bot.env\nEnvironmentFile=-/etc/optional.env\nExecStart=/usr/bin/node \\\n  index.js\nRestart=always\nTimeoutStopSec=2min\nKillSignal=SIGINT\nKillMode=mixed\nPrivateTmp=yes\nProtectSystem=strict\nProtectHome=true\nReadWritePaths=/opt/bot/data -/srv/x\nStateDirectory=wa-bot\nTasksMax=50\nMemoryMax=1G\n[Install]\nWantedBy=multi-user.target\n`;
    const found = await find(
      withBot({
        'deploy/bot.service': unit,
        'deploy/bot.env': 'FROM_FILE=1\n',
        'deploy/bot.service.d/override.conf':
          '[Service]\nEnvironment=C=override\nExecStart=\nExecStart=/usr/bin/node /opt/bot/index.js --x\n',
      }),
    );
    const launch = one(found, 'systemd:deploy/bot.service');
    expect(launch).toMatchObject({
      cwd: '/opt/bot',
      packageAt: '/opt/bot',
      entry: 'index.js',
      user: 'wa',
      home: '/home/wa',
      stop: { signal: 'SIGINT', timeoutSeconds: 120, supervisor: 'systemd', pid1: 'node', init: false },
      limits: { pids: 50, memoryBytes: 1024 ** 3 },
      sandbox: {
        privateTmp: true,
        readOnly: ['/'],
        writable: ['/opt/bot/data', '/srv/x', '/var/lib/wa-bot'],
        hidden: ['/home', '/root', '/run/user'],
      },
      command: '/usr/bin/node /opt/bot/index.js --x',
    });
    expect({ ...launch.env }).toEqual({
      A: '1',
      B: 'two words',
      C: 'override',
      FROM_FILE: '1',
      STATE_DIRECTORY: '/var/lib/wa-bot',
    });
    expect(launch.notes).toContain('KillMode=mixed');
  });

  test('no WorkingDirectory is the root directory; a template and npm are followed; another service is none', async () => {
    const found = await find(
      withBot({
        'package.json': manifest({ start: 'node index.js' }),
        'a.service': '[Service]\nExecStart=/usr/bin/node /opt/app/index.js\n',
        'b@.service': '[Service]\nWorkingDirectory=/srv/wa\nExecStart=/usr/bin/npm start\nUser=%i\n',
        'c.service': '[Service]\nExecStart=/usr/sbin/nginx\n',
        'd.service':
          '[Service]\nDynamicUser=yes\nStateDirectory=d\nWorkingDirectory=%S/d\nExecStart=/usr/bin/node /opt/app/index.js\n',
      }),
    );
    expect(one(found, 'systemd:a.service')).toMatchObject({
      cwd: '/',
      packageAt: '/opt/app',
      user: 'root',
      stop: expect.objectContaining({ timeoutSeconds: 90 }),
    });
    expect(one(found, 'systemd:b@.service')).toMatchObject({ cwd: '/srv/wa', entry: 'index.js' });
    expect(one(found, 'systemd:d.service')).toMatchObject({
      cwd: '/var/lib/d',
      packageAt: '/opt/app',
      sandbox: expect.objectContaining({ privateTmp: true, readOnly: ['/', '/home', '/root', '/run/user'] }),
    });
    expect(found.launches.filter((launch) => launch.kind === 'systemd')).toHaveLength(3);
  });
});

test('supervisor', async () => {
  const found = await find(
    withBot({
      'deploy/supervisor.conf':
        '[program:wa]\ncommand=node index.js\ndirectory=/srv/wa\nuser=wa\nenvironment=A="1,2",B=x\nstopwaitsecs=25\nstopsignal=INT\nnumprocs=2\n[program:other]\ncommand=/usr/bin/redis-server\n',
    }),
  );
  expect(one(found, 'supervisor:')).toMatchObject({
    id: 'supervisor:deploy/supervisor.conf#wa',
    cwd: '/srv/wa',
    packageAt: '/srv/wa',
    user: 'wa',
    replicas: 2,
    env: { A: '1,2', B: 'x' },
    line: 1,
    stop: { signal: 'SIGINT', timeoutSeconds: 25, supervisor: 'supervisor', pid1: 'node', init: false },
  });
});

describe('docker run', () => {
  const IMAGE = 'FROM node:20\nWORKDIR /app\nCOPY . .\nCMD ["node","index.js"]';
  test('a script that builds and runs', async () => {
    const found = await find(
      withBot({
        Dockerfile: IMAGE,
        'bot.env': 'F=1 # not a comment\n',
        'scripts/run.sh':
          '#!/bin/sh\nNAME=wa\ndocker build -t wa-bot:latest .\ndocker run -d --name "$NAME" --rm --init \\\n  --stop-timeout 30 -m 512m --shm-size=1g -u 1000 \\\n  -e A=1 -e PASSED --env-file bot.env \\\n  -v "$(pwd)/auth:/app/.wwebjs_auth" -v named:/named -v /anon --mount type=tmpfs,target=/mem --tmpfs /t:size=1m \\\n  -w /work wa-bot:latest node /app/index.js\n',
      }),
    );
    const launch = one(found, 'docker-run:scripts/run.sh:4');
    expect(launch).toMatchObject({
      cwd: '/work',
      packageAt: '/app',
      entry: 'index.js',
      user: '1000',
      stop: expect.objectContaining({ timeoutSeconds: 30, init: true }),
      limits: { pids: null, memoryBytes: 512 * 1024 ** 2, shmBytes: 1024 ** 3 },
    });
    expect({ ...launch.env }).toEqual({ A: '1', F: '1 # not a comment' });
    expect(launch.envHidden).toContain('PASSED');
    expect(launch.notes.join()).toContain('--rm');
    expect(launch.volumes?.map((volume) => [volume.at, volume.kind, volume.name])).toEqual([
      ['/app/.wwebjs_auth', 'bind', 'auth'],
      ['/named', 'named', 'named'],
      ['/anon', 'anonymous', null],
      ['/mem', 'tmpfs', null],
      ['/t', 'tmpfs', null],
    ]);
    expect(survives(launch, '/app/.wwebjs_auth/session').recreate).toBe(true);
    expect(survives(launch, '/work/.wwebjs_auth/session').recreate).toBe(false);
    // The Dockerfile is described by it.
    expect(found.launches.filter((each) => each.id.startsWith('dockerfile:'))).toEqual([]);
  });

  test('Makefile and package script', async () => {
    const found = await find(
      withBot({
        Dockerfile: IMAGE,
        'package.json': manifest({
          start: 'node index.js',
          'docker:run': 'docker run -it -v wa:/app/.wwebjs_auth wa-bot',
        }),
        Makefile: 'IMAGE ?= wa-bot\nrun:\n\t@docker run -d -v $(CURDIR)/kept:/app/.wwebjs_auth $(IMAGE)\n',
      }),
    );
    for (const id of ['docker-run:Makefile', 'docker-run:package.json'])
      expect(survives(one(found, id), '/app/.wwebjs_auth/session').recreate).toBe(true);
  });
});
