import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BINARY, doctor, fixture, REPOSITORY, scratch, scrubbed, write } from '../support/doctor.ts';
import { lacks } from '../support/needs.ts';

const BOT =
  "const { Client, LocalAuth } = require('whatsapp-web.js'); new Client({ authStrategy: new LocalAuth() }).initialize();";

/** Name, kind, size, times and bytes of everything below a directory. */
function picture(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .sort()
    .map((name) => {
      const status = lstatSync(join(directory, name));
      const bytes = status.isFile() ? readFileSync(join(directory, name)).toString('base64') : '';
      return [name, status.mode, status.size, status.mtimeMs, status.ctimeMs, bytes].join(' ');
    });
}

const COMMANDS = [
  ['audit', '/app/whatsapp-service'],
  ['path', '/app/whatsapp-service'],
  ['scripts', '/app/whatsapp-service'],
  ['mounts', '/app'],
] as const;

describe('reading commands do no harm', () => {
  it.each(COMMANDS)('%s %s changes nothing of what it looks at', (...args) => {
    const root = fixture('founding/root');
    const before = picture(root);
    doctor([...args, '--root', root]);
    expect(picture(root)).toEqual(before);
  });

  it.skipIf(lacks('strace'))('audit writes nothing anywhere and loads no heavy package', () => {
    const root = fixture('founding/root');
    const log = join(scratch('strace'), 'log');
    spawnSync(
      'strace',
      [
        '-f',
        '-o',
        log,
        '-e',
        'trace=openat,open,creat,mkdir,mkdirat,unlink,unlinkat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,truncate,ftruncate,chmod,fchmod,fchmodat,chown,fchownat,utimensat,mknod,mknodat,execve',
        process.execPath,
        BINARY,
        'audit',
        '/app/whatsapp-service',
        '--root',
        root,
      ],
      { env: scrubbed(), cwd: REPOSITORY, timeout: 120_000 },
    );
    const lines = readFileSync(log, 'utf8').split('\n');
    expect(lines.length).toBeGreaterThan(100);
    const failed = / = -1 E/;
    const changing = lines.filter(
      (line) =>
        !failed.test(line) &&
        /(creat|mkdir(at)?|unlink(at)?|rename(at2?)?|link(at)?|symlink(at)?|f?truncate|f?chmod(at)?|f?chown(at)?|utimensat|mknod(at)?)\(|O_(WRONLY|RDWR|CREAT|TRUNC|APPEND)/.test(
          line,
        ) &&
        !/"\/dev\/(null|tty)"/.test(line),
    );
    expect(changing).toEqual([]);
    expect(lines.filter((line) => line.includes('execve(')).length).toBe(1);
    for (const heavy of ['node_modules/puppeteer', 'node_modules/whatsapp-web.js', 'node_modules/execa']) {
      expect(lines.filter((line) => line.includes(heavy) && !failed.test(line))).toEqual([]);
    }
  });
});

describe('nothing of the project is run', () => {
  it.skipIf(lacks('git'))('not git, not the lifecycle scripts, not the configuration files', () => {
    const directory = scratch('hostile');
    const mark = join(directory, 'it-ran');
    const touch = `touch ${mark}`;
    const script = `require('node:fs').writeFileSync(${JSON.stringify(mark)}, '');`;
    write(directory, {
      'package.json': JSON.stringify({
        name: 'bot',
        scripts: {
          start: 'node index.js',
          preinstall: touch,
          postinstall: touch,
          prepare: touch,
          clean: `${touch}; rm -rf .wwebjs_auth`,
        },
        dependencies: { 'whatsapp-web.js': '^1.34.7' },
      }),
      'index.js': script + BOT,
      'ecosystem.config.js': `${script} module.exports = { apps: [{ name: 'bot', script: 'index.js' }] };`,
      'nodemon.json': JSON.stringify({ exec: touch, events: { start: touch } }),
      'jest.config.js': script,
      '.puppeteerrc.cjs': script,
      'wa-doctor.config.js': script,
      '.npmrc': `script-shell=${mark}\n`,
      Makefile: `clean:\n\t${touch}\nX := $(shell ${touch})\n`,
      'docker-compose.yml': 'services:\n  bot:\n    build: .\n',
      Dockerfile: `FROM node:20\nRUN ${touch}\nCMD ["node","index.js"]\n`,
      'hook.sh': `#!/bin/sh\n${touch}\n`,
    });
    chmodSync(join(directory, 'hook.sh'), 0o755);
    execFileSync('git', ['init', '-q', directory]);
    for (const [key, value] of [
      ['core.fsmonitor', join(directory, 'hook.sh')],
      ['core.hooksPath', directory],
      ['core.sshCommand', touch],
      ['filter.x.clean', touch],
      ['alias.status', `!${touch}`],
    ] as const) {
      execFileSync('git', ['-C', directory, 'config', key, value]);
    }
    write(directory, { '.gitattributes': '* filter=x\n' });
    for (const command of ['audit', 'path', 'scripts']) {
      const { code, stderr } = doctor([command, directory]);
      expect(code, stderr).not.toBe(70);
    }
    expect(existsSync(mark)).toBe(false);
  });
});
