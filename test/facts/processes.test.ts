import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { containerLaunch, inspectContainer, readInspect } from '../../src/facts/container.ts';
import { findBotProcesses, type ProcessSearch, processRootReader } from '../../src/facts/processes.ts';
import { createReader } from '../../src/facts/reader.ts';
import { absolutePath } from '../../src/model/path.ts';
import { contextOf } from '../../src/mounts/context.ts';
import { mountIndex } from '../../src/mounts/covering.ts';
import { durabilityOf } from '../../src/mounts/durability.ts';
import { NO_EVIDENCE } from '../../src/mounts/evidence.ts';
import { type OwnEngine, startEngine } from '../launch/support/docker-engine.ts';
import { writeBot } from '../launch/support/live-bot.ts';
import { lacks } from '../support/needs.ts';

const host = createReader();

/** A search on this machine for the bots of one project. */
function search(project: string | null, pid: number | null = null): ProcessSearch {
  return {
    proc: host,
    rootOf: processRootReader,
    project: project === null ? null : absolutePath(project),
    reader: host,
    packages: [''],
    pid,
  };
}

async function until<T>(look: () => T | null | undefined, seconds = 30): Promise<T> {
  for (let tries = 0; tries < seconds * 4; tries += 1) {
    const found = look();
    if (found != null) return found;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error('it did not happen in time');
}

describe.skipIf(lacks('linux', 'root', 'chromium'))('a live bot with a real browser', () => {
  const base = mkdtempSync(join(tmpdir(), 'wa-live-'));
  const bot = join(base, 'bot');
  const odd = join(base, 'odd place');
  let child: ChildProcess;

  beforeAll(() => {
    writeBot(bot);
    mkdirSync(odd);
    child = spawn(process.execPath, [join(bot, 'src/bot.js')], {
      cwd: odd,
      env: { ...process.env, BOT_DATA: './kept', ODD: 'yes=no' },
      stdio: 'ignore',
    });
  });
  afterAll(async () => {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    rmSync(base, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  test('is found, and what it says equals what /proc says', async () => {
    const launch = await until(() =>
      findBotProcesses(search(bot)).launches.find((one) => (one.browsers?.length ?? 0) > 0),
    );
    const pid = launch.pid ?? 0;
    expect(pid).toBe(child.pid);
    expect(launch.cwd).toBe(readlinkSync(`/proc/${pid}/cwd`));
    const environ = readFileSync(`/proc/${pid}/environ`, 'utf8')
      .split('\0')
      .filter((record) => record.includes('='));
    expect(
      Object.entries(launch.env)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    ).toEqual(environ.sort());
    expect(launch).toMatchObject({
      kind: 'process',
      packageAt: bot,
      entry: 'src/bot.js',
      packageRoot: '',
      user: 'root',
      mountTable: 'live',
    });
    expect(launch.env['ODD']).toBe('yes=no');
    // The path that LocalAuth would make of cwd and variable is the one that the browser has.
    expect(launch.browsers?.map((browser) => browser.userDataDir)).toEqual([`${launch.cwd}/kept/session-odd`]);
    expect(launch.mounts?.mounts.length).toBe(readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trim().split('\n').length);
  });

  test('--pid finds the same one, and only it', () => {
    const { launches } = findBotProcesses(search(null, child.pid ?? 0));
    expect(launches.map((launch) => launch.pid)).toEqual([child.pid]);
  });

  test('a bot of another project is not this one', () => {
    const found = findBotProcesses(search(odd));
    expect(found.launches).toEqual([]);
    expect(found.others.map((other) => other.pid)).toContain(child.pid);
  });
});

describe.skipIf(lacks('linux', 'root', 'chromium', 'dockerd'))(
  'a live bot in a real container, seen from the host',
  () => {
    let engine: OwnEngine;
    let project: string;
    const before = process.env['DOCKER_HOST'];

    beforeAll(async () => {
      engine = await startEngine();
      project = join(engine.base, 'project');
      writeBot(project);
      process.env['DOCKER_HOST'] = engine.socket;
      const shared = [
        '-d',
        '--network=none',
        '-v',
        '/usr:/usr:ro',
        '-v',
        '/etc:/etc:ro',
        '-v',
        `${project}:/srv/app:ro`,
        '-w',
        '/app',
        '-e',
        'ODD=inside',
      ];
      engine.docker('run', ...shared, '--name', 'layer', 'base:latest', process.execPath, '/srv/app/src/bot.js');
      engine.docker(
        'run',
        ...shared,
        '--name',
        'volume',
        '--stop-timeout',
        '25',
        '-v',
        'bot-data:/data',
        '-e',
        'BOT_DATA=/data',
        'base:latest',
        process.execPath,
        '/srv/app/src/bot.js',
      );
    }, 120_000);
    afterAll(() => {
      if (before === undefined) delete process.env['DOCKER_HOST'];
      else process.env['DOCKER_HOST'] = before;
      engine.stop();
    }, 60_000);

    test.each([
      { name: 'layer', cwd: '/app', profile: '/app/.wwebjs_auth/session-odd', recreate: false, pid1: 'node' },
      { name: 'volume', cwd: '/app', profile: '/data/session-odd', recreate: true, pid1: 'node' },
    ])(
      'on $name: found with --container and with --pid',
      async ({ name, cwd, profile, recreate, pid1 }) => {
        const inspected = await inspectContainer(name);
        if (!inspected.ok) throw new Error(inspected.reason);
        const { container } = inspected;
        expect(container.pid).toBeGreaterThan(1);
        const found = await until(() =>
          findBotProcesses(search(project, container.pid)).launches.find((one) => (one.browsers?.length ?? 0) > 0),
        );
        const launch = containerLaunch(container, found);
        expect(launch.cwd).toBe(cwd);
        expect(launch.browsers?.map((browser) => browser.userDataDir)).toEqual([profile]);
        expect(launch.packageAt).toBe('/srv/app');
        expect(launch.entry).toBe('src/bot.js');
        expect(launch.env['ODD']).toBe('inside');
        expect(launch.stop.pid1).toBe(pid1);
        expect(launch.stop.timeoutSeconds).toBe(name === 'volume' ? 25 : 10);
        // The engine's table and the kernel's table of the process say the same of the profile.
        for (const table of [container.mounts, launch.mounts]) {
          if (table === null) throw new Error('there is a table');
          const context = contextOf(mountIndex(table), { ...NO_EVIDENCE, files: ['/.dockerenv'] });
          expect(durabilityOf(context, profile).survives).toMatchObject({ containerRestart: true, recreate });
        }
        // By the pid of the bot itself, as the host numbers it.
        const direct = findBotProcesses(search(null, found.pid)).launches;
        expect(direct.map((one) => [one.pid, one.cwd])).toEqual([[found.pid, cwd]]);
        // And without either: a copy of the project's package.json tells that the container runs this project.
        expect(findBotProcesses(search(project)).launches.map((one) => one.pid)).toContain(found.pid);
      },
      60_000,
    );

    test('a container that does not exist is a reason', async () => {
      const inspected = await inspectContainer('nobody');
      expect(inspected.ok).toBe(false);
    });
  },
);

describe('names that are no names', () => {
  test.each(['', '--help', '-v', 'a b', 'a;b', '../x', '$(id)'])(
    '%j is refused before an engine is asked',
    async (name) => {
      expect(await inspectContainer(name)).toMatchObject({
        ok: false,
        reason: expect.stringContaining('is not the name'),
      });
    },
  );
});

describe('a copied /proc', () => {
  const base = mkdtempSync(join(tmpdir(), 'wa-proc-'));
  afterAll(() => rmSync(base, { recursive: true, force: true }));
  const put = (pid: number, files: Record<string, string>, cwd: string, parent = 1): void => {
    const at = join(base, 'proc', String(pid));
    mkdirSync(at, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(at, name), text);
    writeFileSync(
      join(at, 'status'),
      `Name:\t${files['comm'] ?? 'node'}\nPPid:\t${parent}\nUid:\t1000\t1000\t1000\t1000\nNSpid:\t${pid}\n`,
    );
    symlinkSync(cwd, join(at, 'cwd'));
    symlinkSync('/', join(at, 'root'));
  };

  test('wrappers are not the bot, tools beside it are not, relative scripts are resolved from the working directory', () => {
    mkdirSync(join(base, 'srv/bot/src'), { recursive: true });
    mkdirSync(join(base, 'srv/other'), { recursive: true });
    mkdirSync(join(base, 'etc'), { recursive: true });
    writeFileSync(join(base, 'etc/passwd'), 'root:x:0:0::/root:/bin/sh\nbot:x:1000:1000::/home/bot:/bin/sh\n');
    writeFileSync(join(base, 'srv/bot/package.json'), '{"dependencies":{"whatsapp-web.js":"1"}}');
    writeFileSync(
      join(base, 'srv/other/package.json'),
      '{"description":"not whatsapp-web.js","dependencies":{"express":"4"}}',
    );
    put(
      10,
      {
        cmdline: 'node\0/srv/bot/node_modules/.bin/nodemon\0src/bot.js\0',
        environ: 'A=1\0',
        mountinfo: '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n',
      },
      '/srv/bot',
    );
    put(
      11,
      {
        cmdline: '/usr/bin/node\0src/bot.js\0',
        environ: 'A=1\0B=2=3\0',
        mountinfo: '1 0 8:1 / / rw - ext4 /dev/sda1 rw\n',
      },
      '/srv/bot',
      10,
    );
    put(12, { cmdline: 'node\0index.js\0', environ: '' }, '/srv/other');
    put(13, { cmdline: 'node\0-e\0require("whatsapp-web.js")\0', environ: '' }, '/srv/bot');
    put(14, { cmdline: 'npm start\0', environ: '', comm: 'npm start' }, '/srv/bot');
    const reader = createReader({ root: base });
    const found = findBotProcesses({
      proc: reader,
      rootOf: () => reader,
      reader,
      project: absolutePath('/srv/bot'),
      packages: [''],
    });
    expect(
      found.launches.map((launch) => [
        launch.pid,
        launch.entry,
        launch.cwd,
        launch.user,
        launch.home,
        { ...launch.env },
      ]),
    ).toEqual([[11, 'src/bot.js', '/srv/bot', 'bot', '/home/bot', { A: '1', B: '2=3' }]]);
    expect(found.others).toEqual([]);
  });
});

describe.skipIf(lacks('linux', 'root'))('not root', () => {
  test('the processes that cannot be read are counted', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(()=>{},1000)', 'x'], { stdio: 'ignore' });
    const seen = process.geteuid?.();
    try {
      process.seteuid?.(65_534);
      const found = findBotProcesses(search(null));
      expect(found.unreadable.likely).toBeGreaterThan(0);
      expect(found.unreadable.total).toBeGreaterThanOrEqual(found.unreadable.likely);
      expect(found.problems.join()).toMatch(/processes could not be read, \d+ of them look like node/);
    } finally {
      process.seteuid?.(seen ?? 0);
      child.kill('SIGKILL');
    }
  });
});

test('podman and docker answers of odd shape do not throw', () => {
  for (const value of [
    null,
    1,
    'x',
    [],
    {},
    { Mounts: 'a', Config: { Env: [1, 'A=b'], Entrypoint: 'x y' }, HostConfig: { Tmpfs: null } },
  ]) {
    expect(readInspect(value, 'podman').engine).toBe('podman');
  }
});
