import { describe, expect, it } from 'vitest';
import { type Files, sitesOf, summary } from './project.ts';

const CJS = "const { Client, LocalAuth, RemoteAuth } = require('whatsapp-web.js');\n";
const ESM = "import { Client, LocalAuth, RemoteAuth } from 'whatsapp-web.js';\n";

interface Case {
  readonly name: string;
  readonly files: Files;
  readonly sites: readonly string[];
}

const FOUND: readonly Case[] = [
  {
    name: 'nested writes to an options variable',
    files: {
      'index.js': `${CJS}const options = { puppeteer: {} };\noptions.puppeteer.args = ['--no-sandbox'];\noptions['puppeteer'].userDataDir = '/data/profile';\nnew Client(options);`,
    },
    sites: ['index.js:5 NoAuth absolute-literal none /data/profile'],
  },
  {
    name: 'a variable of the environment that the program sets itself',
    files: {
      'index.js': "process.env.WA_DIR = '/srv/wa';\nrequire('./bot');",
      'bot.js': `${CJS}new Client({ authStrategy: new LocalAuth({ dataPath: process.env.WA_DIR }) });`,
    },
    sites: ['bot.js:2 LocalAuth absolute-literal none /srv/wa/session'],
  },
  {
    name: 'a default that the program puts into its environment',
    files: {
      'index.js': `${CJS}if (!process.env.WA_DIR) process.env.WA_DIR = 'sessions';\nprocess.env.WA_ID ??= 'main';\nnew Client({ authStrategy: new LocalAuth({ dataPath: process.env.WA_DIR, clientId: process.env.WA_ID }) });`,
    },
    sites: ['index.js:4 LocalAuth env-with-default env sessions/session-main'],
  },
  {
    name: 'a list of accounts through one function',
    files: {
      'index.js': `${CJS}const open = (id) => new Client({ authStrategy: new LocalAuth({ dataPath: './accounts', clientId: id }) });\nfor (const n of ['sales', 'help', 'info', 'jobs']) open(n);`,
    },
    sites: ['index.js:2 LocalAuth relative-literal dynamic accounts/session-<id>'],
  },
  {
    name: 'a data path above the project',
    files: { 'bot/index.js': `${CJS}new Client({ authStrategy: new LocalAuth({ dataPath: '../' }) });` },
    sites: ['bot/index.js:2 LocalAuth relative-literal none ../session'],
  },
  {
    name: 'a copy that somebody kept beside the bot',
    files: {
      'server.js': `${CJS}new Client({ authStrategy: new LocalAuth() });`,
      'server.bkp.js': `${CJS}new Client({ authStrategy: new LocalAuth({ dataPath: 'old' }) });`,
    },
    sites: [
      'server.bkp.js:2 LocalAuth relative-literal none old/session (example)',
      'server.js:2 LocalAuth default none .wwebjs_auth/session',
    ],
  },
  {
    name: 'a required client without options for the strategy',
    files: { 'index.js': `${CJS}new Client({ authStrategy: new LocalAuth() });` },
    sites: ['index.js:2 LocalAuth default none .wwebjs_auth/session'],
  },
  {
    name: 'a renamed import',
    files: {
      'index.mjs':
        "import { Client as C, LocalAuth as Auth } from 'whatsapp-web.js';\nnew C({ authStrategy: new Auth({ clientId: 'a' }) });",
    },
    sites: ['index.mjs:2 LocalAuth default literal .wwebjs_auth/session-a'],
  },
  {
    name: 'a default import that is destructured',
    files: {
      'index.mjs':
        "import pkg from 'whatsapp-web.js';\nconst { Client, LocalAuth: L } = pkg;\nnew Client({ authStrategy: new L({ dataPath: 'x' }) });",
    },
    sites: ['index.mjs:3 LocalAuth relative-literal none x/session'],
  },
  {
    name: 'a name space',
    files: {
      'a.ts':
        "import * as wa from 'whatsapp-web.js';\nnew wa.Client({ authStrategy: new wa.LocalAuth({ dataPath: '/data/x' }) });",
    },
    sites: ['a.ts:2 LocalAuth absolute-literal none /data/x/session'],
  },
  {
    name: 'a dynamic import',
    files: {
      'a.mjs':
        "const { Client, LocalAuth } = await import('whatsapp-web.js');\nexport const c = new Client({ authStrategy: new LocalAuth() });",
    },
    sites: ['a.mjs:2 LocalAuth default none .wwebjs_auth/session'],
  },
  {
    name: 'an import with require in TypeScript, and createRequire',
    files: {
      'a.ts': "import wa = require('whatsapp-web.js');\nnew wa.Client({ authStrategy: new wa.LocalAuth() });",
      'b.mjs':
        "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nconst { LocalAuth } = require('whatsapp-web.js');\nnew LocalAuth({ clientId: 'b' });",
    },
    sites: [
      'a.ts:2 LocalAuth default none .wwebjs_auth/session',
      'b.mjs:4 LocalAuth default literal .wwebjs_auth/session-b',
    ],
  },
  {
    name: 'an npm alias and a fork under another name',
    files: {
      'package.json':
        '{"dependencies":{"wa":"npm:whatsapp-web.js@1.30.0","wwebjs":"github:someone/whatsapp-web.js#fix"}}',
      'a.js': "const { LocalAuth } = require('wa');\nnew LocalAuth();",
      'b.js': "const { LocalAuth } = require('wwebjs');\nnew LocalAuth();",
    },
    sites: ['a.js:2 LocalAuth default none .wwebjs_auth/session', 'b.js:2 LocalAuth default none .wwebjs_auth/session'],
  },
  {
    name: 'the library handed on by a module of the project',
    files: {
      'wa.ts': "export { Client, LocalAuth } from 'whatsapp-web.js';",
      'bot.ts':
        "import { Client, LocalAuth } from './wa.js';\nnew Client({ authStrategy: new LocalAuth({ clientId: 'x' }) });",
    },
    sites: ['bot.ts:2 LocalAuth default literal .wwebjs_auth/session-x'],
  },
  {
    name: 'a deep import of the strategy',
    files: { 'a.js': "const L = require('whatsapp-web.js/src/authStrategies/LocalAuth');\nnew L({ dataPath: 'd' });" },
    sites: ['a.js:2 LocalAuth relative-literal none d/session'],
  },
  {
    name: 'no strategy at all, and a profile of its own',
    files: {
      'a.js': `${CJS}new Client();`,
      'b.js': `${CJS}new Client({ puppeteer: { userDataDir: './profile' } });`,
    },
    sites: ['a.js:2 NoAuth default none null', 'b.js:2 NoAuth relative-literal none profile'],
  },
  {
    name: 'options in a variable, filled by branches',
    files: {
      'a.js': `${CJS}let o;\nif (process.env.D) { o = { authStrategy: new LocalAuth() }; }\nelse { o = { authStrategy: new LocalAuth({ clientId: 'w' }) }; }\nnew Client(o);`,
    },
    sites: [
      'a.js:3 LocalAuth default none .wwebjs_auth/session',
      'a.js:4 LocalAuth default literal .wwebjs_auth/session-w',
    ],
  },
  {
    name: 'a strategy that is set on the options later',
    files: {
      'a.js': `${CJS}const o = { puppeteer: {} };\no.authStrategy = new LocalAuth({ dataPath: 'p' });\nnew Client(o);`,
    },
    sites: ['a.js:3 LocalAuth relative-literal none p/session'],
  },
  {
    name: 'a subclass with super({…})',
    files: {
      'a.ts': `${ESM}class Bot extends Client {\n constructor() {\n  super({ authStrategy: new LocalAuth() });\n }\n}\nnew Bot();`,
    },
    sites: ['a.ts:4 LocalAuth default none .wwebjs_auth/session'],
  },
  {
    name: 'a default parameter of a subclass, made elsewhere under the same name',
    files: {
      'client.cjs': `${CJS}module.exports = class extends Client {\n constructor(options = { authStrategy: new LocalAuth() }) { super({ ...options }); }\n};`,
      'index.cjs': "const Client = require('./client.cjs');\nnew Client();",
    },
    sites: ['client.cjs:3 LocalAuth default none .wwebjs_auth/session'],
  },
  {
    name: 'a subclass of the strategy',
    files: {
      'a.js': `${CJS}class Mine extends LocalAuth { constructor(o) { super({ ...o, dataPath: '/srv/wa' }); } }\nnew Client({ authStrategy: new Mine({ clientId: 'm' }) });`,
    },
    sites: ['a.js:3 LocalAuth absolute-literal literal /srv/wa/session-m'],
  },
  {
    name: 'RemoteAuth',
    files: {
      'a.js': `${CJS}new Client({ authStrategy: new RemoteAuth({ store, clientId: 'r', backupSyncIntervalMs: 300000 }) });`,
    },
    sites: ['a.js:2 RemoteAuth default literal .wwebjs_auth/RemoteAuth-r'],
  },
  {
    name: 'a path relative to the source, in CommonJS and ESM',
    files: {
      'src/a.js': `${CJS}const path = require('path');\nnew LocalAuth({ dataPath: path.join(__dirname, '..', 'auth') });`,
      'src/b.mjs': `${ESM}import path from 'node:path';\nimport { fileURLToPath } from 'node:url';\nconst here = path.dirname(fileURLToPath(import.meta.url));\nnew LocalAuth({ dataPath: path.resolve(here, 'b') });\nnew LocalAuth({ dataPath: path.join(import.meta.dirname, 'c') });\nnew LocalAuth({ dataPath: fileURLToPath(new URL('../d', import.meta.url)) });`,
    },
    sites: [
      'src/a.js:3 LocalAuth computed none auth/session',
      'src/b.mjs:5 LocalAuth computed none src/b/session',
      'src/b.mjs:6 LocalAuth computed none src/c/session',
      'src/b.mjs:7 LocalAuth computed none d/session',
    ],
  },
  {
    name: 'the working directory, home and temporary directory',
    files: {
      'a.js': `${CJS}const path = require('path');\nconst os = require('os');\nnew LocalAuth({ dataPath: path.join(process.cwd(), 'a') });\nnew LocalAuth({ dataPath: path.join(os.tmpdir(), 'b') });\nnew LocalAuth({ dataPath: \`\${os.homedir()}/c\` });`,
    },
    sites: [
      'a.js:4 LocalAuth computed none a/session',
      'a.js:5 LocalAuth computed none /tmp/b/session',
      'a.js:6 LocalAuth computed none /root/c/session',
    ],
  },
  {
    name: 'a variable with a default, in every form',
    files: {
      'a.js': `${CJS}const { SESSIONS = './s' } = process.env;\nnew LocalAuth({ dataPath: process.env.P || './a' });\nnew LocalAuth({ dataPath: process.env['P'] ?? './b' });\nnew LocalAuth({ dataPath: process.env.P ? process.env.P : './c' });\nnew LocalAuth({ dataPath: SESSIONS });\nnew LocalAuth({ dataPath: process.env.P });`,
    },
    sites: [
      'a.js:3 LocalAuth env-with-default none a/session',
      'a.js:4 LocalAuth env-with-default none b/session',
      'a.js:5 LocalAuth env-with-default none c/session',
      'a.js:6 LocalAuth env-with-default none s/session',
      'a.js:7 LocalAuth env none .wwebjs_auth/session',
    ],
  },
  {
    name: 'configuration through imports, re-exports and a default export',
    files: {
      'config/env.js':
        "const SESSION_PATH = process.env.SESSION_PATH || './sessions';\nmodule.exports = { wa: { SESSION_PATH } };",
      'config/index.js': "module.exports = { ...require('./env'), other: 1 };",
      'src/bot.js': `const config = require('../config');\n${CJS}new LocalAuth({ dataPath: config.wa.SESSION_PATH });`,
    },
    sites: ['src/bot.js:3 LocalAuth env-with-default none sessions/session'],
  },
  {
    name: 'a path alias of TypeScript',
    files: {
      'tsconfig.json':
        '{ // comment\n "compilerOptions": { "baseUrl": ".", "paths": { "@cfg/*": ["./src/config/*",], } } }',
      'src/config/wa.ts': "export const dataPath = './aliased' as const;",
      'src/bot.ts': `import { dataPath } from '@cfg/wa';\n${ESM}new LocalAuth({ dataPath });`,
    },
    sites: ['src/bot.ts:3 LocalAuth relative-literal none aliased/session'],
  },
  {
    name: 'the imports of package.json',
    files: {
      'package.json': '{"type":"module","imports":{"#config/*":"./lib/*.js"},"dependencies":{"whatsapp-web.js":"1"}}',
      'lib/paths.js': "export default { data: './hash' };",
      'bot.js': `import paths from '#config/paths';\n${ESM}new LocalAuth({ dataPath: paths.data });`,
    },
    sites: ['bot.js:3 LocalAuth relative-literal none hash/session'],
  },
  {
    name: 'a JSON file, required and parsed',
    files: {
      'config.json': '{ "auth": { "dir": "./json" } }',
      'a.js': `const c = require('./config.json');\n${CJS}new LocalAuth({ dataPath: c.auth.dir });`,
      'b.js': `const fs = require('fs');\nconst path = require('path');\nconst c = JSON.parse(fs.readFileSync(path.join(__dirname, 'config.json'), 'utf8'));\n${CJS}new LocalAuth({ dataPath: c.auth.dir });`,
    },
    sites: [
      'a.js:3 LocalAuth relative-literal none json/session',
      'b.js:5 LocalAuth relative-literal none json/session',
    ],
  },
  {
    name: 'schemas with defaults: zod, envalid, joi, convict, t3-env, env-var',
    files: {
      'with-zod.ts': `import { z } from 'zod';\nconst S = z.object({ DIR: z.string().min(1).default('./zod') });\nconst r = S.safeParse(process.env);\nif (!r.success) throw r.error;\nconst env = r.data;\n${ESM}new LocalAuth({ dataPath: env.DIR });`,
      'with-envalid.js': `const { cleanEnv, str } = require('envalid');\nconst env = cleanEnv(process.env, { DIR: str({ default: './envalid' }) });\n${CJS}new LocalAuth({ dataPath: env.DIR });`,
      'with-joi.js': `const Joi = require('joi');\nconst { value: env } = Joi.object({ DIR: Joi.string().default('./joi') }).unknown().validate(process.env);\n${CJS}new LocalAuth({ dataPath: env.DIR });`,
      'with-convict.js': `const convict = require('convict');\nconst c = convict({ wa: { dir: { format: String, default: './convict', env: 'DIR' } } });\n${CJS}new LocalAuth({ dataPath: c.get('wa.dir') });`,
      'with-t3.ts': `import { createEnv } from '@t3-oss/env-core';\nimport { z } from 'zod';\nconst env = createEnv({ server: { DIR: z.string().default('./t3') }, runtimeEnv: process.env });\n${ESM}new LocalAuth({ dataPath: env.DIR });`,
      'with-envvar.js': `const env = require('env-var');\n${CJS}new LocalAuth({ dataPath: env.get('DIR').default('./envvar').asString() });`,
    },
    sites: [
      'with-convict.js:4 LocalAuth env-with-default none convict/session',
      'with-envalid.js:4 LocalAuth env-with-default none envalid/session',
      'with-envvar.js:3 LocalAuth env-with-default none envvar/session',
      'with-joi.js:4 LocalAuth env-with-default none joi/session',
      'with-t3.ts:5 LocalAuth env-with-default none t3/session',
      'with-zod.ts:7 LocalAuth env-with-default none zod/session',
    ],
  },
  {
    name: "Nest's configuration service",
    files: {
      'conf.ts':
        "import { registerAs } from '@nestjs/config';\nexport default registerAs('wa', () => ({ dir: process.env.DIR || './nest' }));",
      'bot.ts': `import { ConfigService } from '@nestjs/config';\n${ESM}export class Bot {\n constructor(private readonly config: ConfigService) {}\n start() {\n  new Client({ authStrategy: new LocalAuth({ dataPath: this.config.get<string>('wa.dir'), clientId: this.config.get('CLIENT', 'n') }) });\n }\n}`,
    },
    sites: ['bot.ts:6 LocalAuth env-with-default env nest/session-n'],
  },
  {
    name: 'the command line: yargs, commander, minimist, parseArgs, process.argv',
    files: {
      'a.js': `const argv = require('yargs').option('dir', { default: './yargs' }).argv;\n${CJS}new LocalAuth({ dataPath: argv.dir });`,
      'b.js': `const { program } = require('commander');\nprogram.option('-d, --data-dir <dir>', 'where', './commander');\nprogram.parse();\nconst o = program.opts();\n${CJS}new LocalAuth({ dataPath: o.dataDir });`,
      'c.js': `const argv = require('minimist')(process.argv.slice(2));\n${CJS}new LocalAuth({ dataPath: argv.dir || './minimist' });`,
      'd.js': `const { parseArgs } = require('node:util');\nconst { values } = parseArgs({ options: { dir: { type: 'string', default: './parse' } } });\n${CJS}new LocalAuth({ dataPath: values.dir });`,
      'e.js': `const dir = process.argv[2] ?? './argv';\n${CJS}new LocalAuth({ dataPath: dir });`,
    },
    sites: [
      'a.js:3 LocalAuth computed none yargs/session',
      'b.js:6 LocalAuth computed none commander/session',
      'c.js:3 LocalAuth computed none minimist/session',
      'd.js:4 LocalAuth computed none parse/session',
      'e.js:3 LocalAuth computed none argv/session',
    ],
  },
  {
    name: 'parameters by the calls that give them',
    files: {
      'make.js': `${CJS}exports.make = (dir, id) => new Client({ authStrategy: new LocalAuth({ dataPath: \`./.\${dir}\`, clientId: id }) });`,
      'index.js': "const { make } = require('./make');\nmake('one', 'a');\nmake('two', 'b');",
    },
    sites: [
      'make.js:2 LocalAuth computed literal .one/session-a',
      'make.js:2 LocalAuth computed literal .two/session-b',
    ],
  },
  {
    name: 'constructor parameters, parameter properties and class fields',
    files: {
      'manager.ts': `${ESM}export class Manager {\n private root = './root';\n constructor(private readonly name: string, private base = './base') {}\n make() {\n  return new Client({ authStrategy: new LocalAuth({ dataPath: this.base, clientId: this.name }) });\n }\n other() { return new LocalAuth({ dataPath: this.root }); }\n}`,
      'index.ts': "import { Manager } from './manager';\nnew Manager('main').make();",
    },
    sites: [
      'manager.ts:6 LocalAuth relative-literal literal base/session-main',
      'manager.ts:8 LocalAuth relative-literal none root/session',
    ],
  },
  {
    name: 'a parameter that only the run gives',
    files: {
      'a.js': `${CJS}const sessions = new Map();\nfunction start(sessionId) {\n sessions.set(sessionId, new Client({ authStrategy: new LocalAuth({ clientId: sessionId, dataPath: './s' }) }));\n}\napp.post('/start/:id', (req) => start(req.params.id));`,
    },
    sites: ['a.js:4 LocalAuth relative-literal dynamic s/session-<sessionId>'],
  },
  {
    name: 'a list of ids',
    files: {
      'a.js': `${CJS}['one', 'two'].forEach((id) => { new Client({ authStrategy: new LocalAuth({ clientId: id }) }); });\nfor (const id of ['three']) new LocalAuth({ clientId: id });`,
    },
    sites: [
      'a.js:2 LocalAuth default literal .wwebjs_auth/session-one',
      'a.js:2 LocalAuth default literal .wwebjs_auth/session-two',
      'a.js:3 LocalAuth default literal .wwebjs_auth/session-three',
    ],
  },
  {
    name: 'a function that makes the path, a lookup by environment, Object.assign',
    files: {
      'a.js': `${CJS}const path = require('path');\nfunction dir(name) {\n if (process.env.ROOT) return path.join(process.env.ROOT, name);\n return path.join('./local', name);\n}\nnew LocalAuth({ dataPath: dir('x') });\nconst C = { production: { p: '/data' }, development: { p: './dev' } };\nnew LocalAuth({ dataPath: C[process.env.NODE_ENV || 'development'].p });\nnew LocalAuth(Object.assign({}, { dataPath: './assigned' }));`,
    },
    sites: [
      'a.js:7 LocalAuth env-with-default none local/x/session',
      'a.js:9 LocalAuth computed none dev/session',
      'a.js:10 LocalAuth relative-literal none assigned/session',
    ],
  },
  {
    name: 'client ids that differ at every start',
    files: {
      'a.js': `const { v4: uuid } = require('uuid');\n${CJS}new LocalAuth({ clientId: uuid() });\nnew LocalAuth({ clientId: \`bot-\${Date.now()}\` });\nnew LocalAuth({ clientId: 'b' + Math.floor(Math.random() * 100) });\nnew LocalAuth({ clientId: String(process.pid) });\nnew LocalAuth({ clientId: process.env.ID || require('crypto').randomUUID() });`,
    },
    sites: [
      'a.js:3 LocalAuth default unstable .wwebjs_auth/session-<uuid>',
      'a.js:4 LocalAuth default unstable .wwebjs_auth/session-bot-<now>',
      'a.js:5 LocalAuth default unstable .wwebjs_auth/session-b<floor>',
      'a.js:6 LocalAuth default unstable .wwebjs_auth/session-<pid>',
      'a.js:7 LocalAuth default unstable .wwebjs_auth/session-<randomUUID>',
    ],
  },
  {
    name: 'an id that a request makes is not one that a start makes',
    files: {
      'a.js': `const { v4 } = require('uuid');\n${CJS}app.post('/sessions', (req, res) => { new LocalAuth({ clientId: v4() }); });`,
    },
    sites: ['a.js:3 LocalAuth default dynamic .wwebjs_auth/session-<v4>'],
  },
  {
    name: 'nested packages and roles',
    files: {
      'package.json': '{"private":true,"workspaces":["apps/*"]}',
      'apps/bot/package.json': '{"name":"bot","dependencies":{"whatsapp-web.js":"^1","@x/cfg":"*"}}',
      'apps/bot/src/index.js': `const { dir } = require('@x/cfg');\n${CJS}new LocalAuth({ dataPath: dir });`,
      'packages/cfg/package.json': '{"name":"@x/cfg","main":"index.js"}',
      'packages/cfg/index.js': "exports.dir = './from-workspace';",
      'apps/bot/test/bot.test.js': `${CJS}new LocalAuth({ dataPath: './t' });`,
      'apps/bot/examples/a.js': `${CJS}new LocalAuth({ dataPath: './e' });`,
    },
    sites: [
      'apps/bot/examples/a.js:2 LocalAuth relative-literal none apps/bot/e/session (example)',
      'apps/bot/src/index.js:3 LocalAuth relative-literal none apps/bot/from-workspace/session',
      'apps/bot/test/bot.test.js:2 LocalAuth relative-literal none apps/bot/t/session (test)',
    ],
  },
  {
    name: 'JSX, decorators and types do not matter',
    files: {
      'a.tsx': `${ESM}export const App = () => <div>{'x'}</div>;\nexport const c = new Client({ authStrategy: new LocalAuth(), puppeteer: { headless: true } } satisfies object as never);`,
    },
    sites: ['a.tsx:3 LocalAuth default none .wwebjs_auth/session'],
  },
  {
    name: 'only built output is there',
    files: { 'dist/index.js': `${CJS}new Client({ authStrategy: new LocalAuth() });` },
    sites: ['dist/index.js:2 LocalAuth default none .wwebjs_auth/session'],
  },
];

const NOT_FOUND: readonly Case[] = [
  {
    name: 'a Client of another library',
    files: { 'a.js': "const { Client } = require('discord.js');\n// whatsapp-web.js\nnew Client({ intents: [] });" },
    sites: [],
  },
  {
    name: 'a class of the project that is called Client, and a local that hides the import',
    files: {
      'a.js': `${CJS}class Other {}\nfunction f(Client) { return new Client(); }\nf(Other);`,
      'b.js': '// whatsapp-web.js\nclass Client {}\nnew Client();\nclass LocalAuth {}\nnew LocalAuth();',
    },
    sites: [],
  },
  {
    name: 'comments, strings, types and node_modules',
    files: {
      'a.js':
        "// const c = new Client({ authStrategy: new LocalAuth() }) // whatsapp-web.js\nconst s = 'new LocalAuth() of whatsapp-web.js';",
      'b.ts': "import type { Client } from 'whatsapp-web.js';\nexport const x = (c: Client) => c;",
      'node_modules/x/index.js': `${CJS}new Client();`,
      'c.d.ts': `${ESM}new Client();`,
    },
    sites: [],
  },
  {
    name: 'an instance of a subclass whose strategy comes from its default parameter',
    files: {
      'base.js': `${CJS}class Base extends Client { constructor(o = { authStrategy: new LocalAuth() }) { super(o); } }\nmodule.exports = Base;`,
      'x.js': "const Base = require('./base');\nmodule.exports = new Base();",
    },
    sites: ['base.js:2 LocalAuth default none .wwebjs_auth/session'],
  },
];

describe('findAuthSites', () => {
  it.each(FOUND)('finds $name', async ({ files, sites }) => {
    expect(summary(await sitesOf(files))).toEqual(sites);
  });

  it.each(NOT_FOUND)('does not invent: $name', async ({ files, sites }) => {
    expect(summary(await sitesOf(files))).toEqual(sites);
  });

  it('reads the options of the browser', async () => {
    const { sites } = await sitesOf({
      'a.js': `${CJS}const args = ['--no-sandbox', '--incognito'];\nnew Client({ authStrategy: new LocalAuth(), puppeteer: { args, headless: 'new', pipe: true, executablePath: process.env.CHROME, handleSIGINT: false, browserWSEndpoint: process.env.WS } });`,
    });
    expect(sites[0]?.browser).toMatchObject({
      args: ['--no-sandbox', '--incognito'],
      headless: 'new',
      pipe: true,
      handleSIGINT: false,
      handleSIGTERM: null,
      incomplete: false,
      executablePath: { kind: 'env', name: 'CHROME' },
      remote: { kind: 'env', name: 'WS' },
    });
  });

  it('says which variables matter and which packages hold a bot', async () => {
    const found = await sitesOf({
      'a.js': `${CJS}new LocalAuth({ dataPath: process.env.A || process.env.B || 'c', clientId: process.env.C });`,
    });
    expect(found.env).toEqual(['A', 'B', 'C']);
    expect(found.botPackages).toEqual(['']);
  });
});

describe('browser options', () => {
  const browserOf = async (source: string) =>
    (await sitesOf({ 'index.js': CJS + source })).sites.map(({ browser }) => browser)[0];

  it.each([
    [
      'a list that grows',
      "const args = ['--no-sandbox'];\nargs.push('--incognito');\nnew Client({ puppeteer: { args } });",
    ],
    [
      'a list on the options that grows',
      "const o = { puppeteer: { args: [] } };\no.puppeteer.args.push('--incognito');\nnew Client(o);",
    ],
    ['a list set on the options', "const o = { puppeteer: {} };\no.puppeteer.args = ['--incognito'];\nnew Client(o);"],
    ['Object.assign', "const p = {};\nObject.assign(p, { args: ['--incognito'] });\nnew Client({ puppeteer: p });"],
    [
      'a field of a class',
      "class Bot { constructor() { this.o = { puppeteer: {} }; this.o.puppeteer.args = ['--incognito']; this.client = new Client(this.o); } }\nnew Bot();",
    ],
    [
      'what follows a condition',
      "new Client({ puppeteer: { args: [...(process.env.CI ? ['--no-zygote'] : []), '--incognito'] } });",
    ],
  ])('%s', async (_, source) => {
    expect((await browserOf(source))?.args).toContain('--incognito');
  });

  it('leaves open what only some starts have', async () => {
    const browser = await browserOf(
      "const args = ['--a'];\nif (process.env.X) args.push('--incognito');\nnew Client({ puppeteer: { args } });",
    );
    expect(browser?.args).toEqual(['--a']);
    expect(browser?.incomplete).toBe(true);
  });

  it('does not take what it cannot see for a remote browser', async () => {
    const browser = await browserOf(
      'const options = () => ({ headless: true, ...(process.env.CHROME && { executablePath: process.env.CHROME }), ...load() });\nnew Client({ authStrategy: new LocalAuth(), puppeteer: options() });',
    );
    expect(browser?.remote).toBe(null);
    expect(browser?.executablePath).not.toBe(null);
  });

  it('sees a spread that only a condition brings', async () => {
    const browser = await browserOf(
      'new Client({ puppeteer: { headless: true, ...(process.env.CHROME && { executablePath: process.env.CHROME }) } });',
    );
    expect(browser?.incomplete).toBe(false);
  });
});
