// Draws docs/images/report.png: the HTML report of the founding case, in a real browser.
// node scripts/screenshot.mjs [FILE.html OUT.png [WIDTH [light|dark]]] draws another report.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer from 'puppeteer';

const [file, out = 'docs/images/report.png', width = '1180', scheme = 'light'] = process.argv.slice(2);
const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const scratch = mkdtempSync(join(tmpdir(), 'wa-doctor-screenshot-'));
let page = file;
if (page === undefined) {
  page = join(scratch, 'report.html');
  const audit = ['audit', '/app/whatsapp-service', '--root', 'test/fixtures/founding/root', '--format', `html=${page}`];
  spawnSync(process.execPath, ['bin/wa-doctor.js', ...audit], { stdio: ['ignore', 'ignore', 'inherit'] });
}
const browser = await puppeteer.launch({ executablePath: browserPath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const tab = await browser.newPage();
  await tab.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  await tab.setViewport({ width: Number(width), height: 980 });
  await tab.goto(pathToFileURL(resolve(page)).href);
  await tab.screenshot({ path: out, fullPage: file !== undefined });
} finally {
  await browser.close();
  rmSync(scratch, { recursive: true, force: true });
}
