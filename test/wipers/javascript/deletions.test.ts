import { describe, expect, it } from 'vitest';
import { createReader } from '../../../src/facts/reader.ts';
import { openSource } from '../../../src/session/source/tree.ts';
import { findDeletions } from '../../../src/wipers/javascript/deletions.ts';
import { createWorld } from '../../../src/wipers/reader-world.ts';
import { loadCommandAnalyser } from '../../../src/wipers/shell/analyse.ts';
import { targetOf } from '../../../src/wipers/targets.ts';
import { scratchTree } from '../tree.ts';

async function find(files: Readonly<Record<string, string>>, session = '.wwebjs_auth/session') {
  const project = scratchTree({ 'package.json': '{"dependencies":{"whatsapp-web.js":"1"}}', ...files });
  const reader = createReader({ root: '/' });
  const opened = await openSource(reader, project);
  if (!opened.ok) throw new Error(opened.reason);
  const { deletions, problems } = await findDeletions({
    tree: opened.tree,
    world: createWorld(reader),
    project,
    targets: [targetOf(project, session)],
    launches: [],
    home: null,
    analyser: await loadCommandAnalyser(),
  });
  expect(problems).toEqual([]);
  return deletions.map(
    ({ file, line, trigger, kind, sessions }) => `${file}:${line} ${kind} ${trigger} ${sessions[0]?.deleted}`,
  );
}

const HEAD = `const { Client, LocalAuth } = require('whatsapp-web.js');\nconst fs = require('fs');\nconst path = require('path');\nconst client = new Client({ authStrategy: new LocalAuth() });\n`;
const RM = `fs.rmSync('.wwebjs_auth', { recursive: true, force: true })`;

/** The fifth line of the bot, and what is found there. */
const LINES: readonly (readonly [string, string | null])[] = [
  [`${RM};`, 'delete start true'],
  [`if (fs.existsSync('.wwebjs_auth')) ${RM};`, 'delete start true'],
  [`client.on('disconnected', () => { ${RM}; });`, 'delete event true'],
  [
    `client.on('auth_failure', async () => { await fs.promises.rm('./.wwebjs_auth/session', { recursive: true }); });`,
    'delete event true',
  ],
  [`process.on('SIGTERM', () => { ${RM}; process.exit(0); });`, 'delete signal true'],
  [`setInterval(() => ${RM}, 1000);`, 'delete timer true'],
  [`require('node-cron').schedule('0 3 * * *', () => { ${RM}; });`, 'delete timer true'],
  [
    `const app = require('express')(); app.post('/reset', (req, res) => { ${RM}; res.send('ok'); });`,
    'delete route true',
  ],
  [
    `const app = require('express')(); let ready = false; app.get('/logout', async (req, res) => { if (ready) await client.logout(); });`,
    'logout route true',
  ],
  [`process.on('SIGINT', async () => { await client.logout(); process.exit(0); });`, 'logout signal true'],
  [`process.on('SIGINT', async () => { await client.destroy(); process.exit(0); });`, null],
  [`client.on('message', (m) => { if (m.body === '!logout') client.logout(); });`, 'logout event true'],
  [`console.log('rm -rf .wwebjs_auth');`, null],
  [
    `for (const f of fs.readdirSync('.wwebjs_auth/session')) if (f.startsWith('Singleton')) fs.unlinkSync(path.join('.wwebjs_auth/session', f));`,
    'delete start false',
  ],
  [
    `['SingletonLock', 'SingletonCookie'].forEach((f) => { const p = path.join('.wwebjs_auth', 'session', f); try { fs.unlinkSync(p); } catch {} });`,
    'delete start false',
  ],
  [`fs.rmSync('.wwebjs_cache', { recursive: true, force: true });`, null],
  [`require('child_process').exec('rm -rf .wwebjs_auth');`, 'delete start true'],
  [`require('rimraf').sync('.wwebjs_auth');`, 'delete start true'],
  [`fs.unlink('/tmp/upload-' + Date.now(), () => {});`, null],
  [`const app = require('express')(); app.post('/u', (req, res) => fs.unlinkSync(req.file.path));`, null],
  [`fs.renameSync('.wwebjs_auth', '.wwebjs_auth.old');`, 'delete start true'],
  [`const app = require('express')(); app.post('/out', (req, res) => { req.logout(); });`, null],
  [
    `function reset(dir) { fs.rmSync(dir, { recursive: true }); } client.on('auth_failure', () => reset(path.resolve('.wwebjs_auth')));`,
    'delete event true',
  ],
  [`function never(dir) { fs.rmSync('.wwebjs_auth', { recursive: true }); }`, 'delete unknown true'],
  [`if (process.env.RESET === 'yes') ${RM};`, 'delete start unknown'],
  [
    `client.on('disconnected', async (reason) => { if (reason === 'LOGOUT') ${RM}; client.initialize(); });`,
    'delete event true',
  ],
];

describe('where the source deletes a session', () => {
  it.each(LINES)('%s', async (line, expected) => {
    expect(await find({ 'index.js': `${HEAD}${line}\n` })).toEqual(expected === null ? [] : [`index.js:5 ${expected}`]);
  });

  it('follows classes, maps and other files', async () => {
    const found = await find(
      {
        'src/manager.ts': `import { Client, LocalAuth } from 'whatsapp-web.js';\nimport { rm } from 'node:fs/promises';\nimport { dataPath } from './config';\nexport class Manager {\n  private clients = new Map<string, Client>();\n  create(id: string) { const c = new Client({ authStrategy: new LocalAuth({ clientId: id, dataPath }) }); this.clients.set(id, c); return c; }\n  async remove(id: string) {\n    await this.clients.get(id)?.logout();\n    await rm(\`\${dataPath}/session-\${id}\`, { recursive: true, force: true });\n  }\n}\n`,
        'src/config.ts': `export const dataPath = process.env.DATA ?? './sessions';\n`,
        'src/index.ts': `import express from 'express';\nimport { Manager } from './manager';\nconst manager = new Manager();\nconst app = express();\napp.post('/s/:id', (req, res) => manager.create(req.params.id));\napp.delete('/s/:id', async (req, res) => { await manager.remove(req.params.id); });\n`,
      },
      'sessions/session-<clientId>',
    );
    expect(found).toEqual(['src/manager.ts:8 logout route true', 'src/manager.ts:9 delete route true']);
  });

  it('knows decorated controllers and overridden logouts', async () => {
    expect(
      await find({
        'a.ts': `import { Client, LocalAuth } from 'whatsapp-web.js';\nimport { Controller, Post } from '@nestjs/common';\n@Controller('wa')\nexport class C {\n  private client = new Client({ authStrategy: new LocalAuth() });\n  @Post('logout')\n  async out() { await this.client.logout(); }\n}\n`,
      }),
    ).toEqual(['a.ts:7 logout route true']);
  });

  it('leaves tests and the scripts of others alone', async () => {
    expect(
      await find({
        'index.js': HEAD,
        'test/a.test.js': `const fs = require('fs');\nafterAll(() => fs.rmSync('./sessions_test', { recursive: true, force: true }));\n`,
      }),
    ).toEqual([]);
    expect(await find({ 'index.js': HEAD, 'reset.js': `const fs = require('fs');\n${RM};\n` })).toEqual([]);
  });
});
