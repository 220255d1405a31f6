// Installs what the tests need (a browser, if none is found), builds, and runs the tests. Arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';

function run(command, args, options = {}) {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', ...options });
  if (error) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}

const BROWSERS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

function ensureBrowser() {
  if (BROWSERS.some(existsSync)) return;
  const apt = existsSync('/usr/bin/apt-get');
  if (apt && process.getuid?.() === 0) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    run('apt-get', ['update', '-qq'], { env });
    if (run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium'], { env }) === 0) return;
  }
  const command = apt
    ? 'sudo apt-get install -y chromium'
    : existsSync('/sbin/apk')
      ? 'sudo apk add chromium'
      : 'npx puppeteer browsers install chrome';
  console.error(`The tests need a browser and none was found. Install one and run npm test again:\n\n  ${command}\n`);
  process.exit(1);
}

if (!existsSync('node_modules/vitest')) {
  console.error('The packages are not installed. Run this first: npm ci');
  process.exit(1);
}
ensureBrowser();
if (run(process.execPath, ['scripts/build.mjs']) !== 0) process.exit(1);
const extra = process.argv.slice(2);
process.exit(run('npx', ['vitest', 'run', '--project', 'unit', '--project', 'corpus', ...extra]));
