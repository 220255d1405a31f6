import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A package that depends on whatsapp-web.js and starts a real Chromium on the directory in the variable `BOT_DATA`, the way LocalAuth
 * does: resolved from the working directory, `session-<id>`.
 */
export function writeBot(directory: string): void {
  mkdirSync(join(directory, 'src'), { recursive: true });
  writeFileSync(
    join(directory, 'package.json'),
    JSON.stringify({ name: 'odd-bot', main: 'src/bot.js', dependencies: { 'whatsapp-web.js': '1.34.7' } }),
  );
  writeFileSync(
    join(directory, 'src/bot.js'),
    `const { spawn } = require('node:child_process');
const path = require('node:path');
const profile = path.join(path.resolve(process.env.BOT_DATA || './.wwebjs_auth'), 'session-odd');
const browser = spawn('/usr/bin/chromium', ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run', '--user-data-dir=' + profile, 'about:blank'], { stdio: 'ignore' });
browser.on('exit', () => process.exit(1));
process.on('SIGTERM', () => { browser.kill('SIGKILL'); process.exit(0); });
setInterval(() => {}, 1000);
`,
  );
}
