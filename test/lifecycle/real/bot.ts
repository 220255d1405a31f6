import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The bot of one cell of the matrix: what its source says about its end, and what it tells puppeteer. */
export interface BotShape {
  readonly handler: 'none' | 'awaited' | 'not awaited' | 'raced';
  /** Puppeteer's own signal handlers: as they are, or all off. */
  readonly flags: 'default' | 'off';
  readonly pipe: boolean;
  /** Is the guard of this package put into it, after all of its own handlers? */
  readonly guarded?: boolean;
}

export const HANDLERS = ['none', 'awaited', 'not awaited', 'raced'] as const;

const REGISTER = "for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])";

const HANDLER_SOURCE: Readonly<Record<BotShape['handler'], string>> = {
  none: '',
  awaited: `${REGISTER} {
  process.on(signal, async () => {
    await client.destroy();
    process.exit(0);
  });
}`,
  'not awaited': `${REGISTER} {
  process.on(signal, () => {
    client.destroy();
    process.exit(0);
  });
}`,
  raced: `require('./database.js');
${REGISTER} {
  process.on(signal, async () => {
    await client.destroy();
    process.exit(0);
  });
}`,
};

const GUARD_SOURCE = "const { gracefulShutdown } = require('wa-doctor/guard');\ngracefulShutdown(client);\n";

/** Another module that ends the process on its own, as loggers and database layers do. */
const DATABASE = `const close = () => process.exit(0);
process.on('SIGINT', close);
process.on('SIGTERM', close);
process.on('SIGHUP', close);
`;

export interface BotSettings {
  readonly dataPath: string;
  readonly browser: string;
  readonly browserArgs: readonly string[];
}

function sourceOf(shape: BotShape, { dataPath, browser, browserArgs }: BotSettings): string {
  const options = [
    `executablePath: ${JSON.stringify(browser)}`,
    `args: ${JSON.stringify(browserArgs)}`,
    ...(shape.pipe ? ['pipe: true'] : []),
    ...(shape.flags === 'off' ? ['handleSIGINT: false', 'handleSIGTERM: false', 'handleSIGHUP: false'] : []),
  ];
  return `const { Client, LocalAuth } = require('whatsapp-web.js');

const client = new Client({
  authStrategy: new LocalAuth({ dataPath: ${JSON.stringify(dataPath)} }),
  webVersionCache: { type: 'none' },
  puppeteer: {
    ${options.join(',\n    ')},
  },
});
client.on('ready', () => console.log('ready'));
${HANDLER_SOURCE[shape.handler]}
${shape.guarded === true ? GUARD_SOURCE : ''}client.initialize();
`;
}

/**
 * Write a bot with every way of starting it that the matrix knows. Nothing but these files tells the doctor what will happen.
 * @param modules directory whose packages the bot uses
 */
export function writeBot(directory: string, shape: BotShape, settings: BotSettings, modules: string): void {
  mkdirSync(directory, { recursive: true });
  const files: Record<string, string> = {
    'package.json': JSON.stringify({
      name: 'bot',
      version: '1.0.0',
      main: 'index.js',
      scripts: { start: 'node index.js' },
      dependencies: { 'whatsapp-web.js': '^1.26.0' },
    }),
    'index.js': sourceOf(shape, settings),
    'ecosystem.config.js': "module.exports = { apps: [{ name: 'bot', script: 'index.js' }] };\n",
    'supervisor.conf': `[program:bot]\ncommand=node index.js\ndirectory=${directory}\nstopwaitsecs=3\n`,
    'bot.service': `[Service]\nWorkingDirectory=${directory}\nExecStart=/usr/bin/node index.js\nTimeoutStopSec=3\n`,
    Dockerfile: `FROM node:20-bookworm-slim\nWORKDIR ${directory}\nCOPY . .\nCMD ["node", "index.js"]\n`,
    'compose.yml': ['plain', 'init', 'npm']
      .map((name) => {
        const extra = { plain: '', init: '    init: true\n', npm: '    command: ["npm", "start"]\n' }[name] ?? '';
        return `  ${name}:\n    build: .\n    stop_grace_period: 3s\n    volumes: ["./${name}:${settings.dataPath}"]\n${extra}`;
      })
      .join('')
      .replace(/^/, 'services:\n'),
  };
  if (shape.handler === 'raced') files['database.js'] = DATABASE;
  for (const [name, text] of Object.entries(files)) writeFileSync(join(directory, name), text);
  symlinkSync(modules, join(directory, 'node_modules'));
}

/** This package as npm would install it, beside the bots of a directory. */
export function installDoctor(base: string, repository: string): void {
  const at = join(base, 'node_modules/wa-doctor');
  mkdirSync(at, { recursive: true });
  cpSync(join(repository, 'dist'), join(at, 'dist'), { recursive: true });
  cpSync(join(repository, 'package.json'), join(at, 'package.json'));
}
