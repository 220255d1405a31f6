import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import puppeteer, { type Browser, type Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { htmlReport } from '../../src/report/html/page.ts';
import { doctor, fixture, scratch } from '../support/doctor.ts';
import { lacks } from '../support/needs.ts';
import { SAMPLE, sampleFindings } from './sample.ts';

const HOSTILE = '"><img src=http://127.0.0.1:9/x onerror=alert(1)><script>alert(1)</script>\u001b\u202e&';
const LONG = `/srv/${'very-long-directory-name/'.repeat(12)}session`;
const survives = {
  processRestart: true,
  containerRestart: true,
  recreate: true,
  reboot: true,
  nodeLoss: false,
} as const;

function session(
  launch: string | null,
  path: string,
  change: Partial<typeof survives> | null,
): Report['sessions'][number] {
  const all = change === null ? null : { ...survives, ...change };
  return {
    site: 'index.js:1',
    strategy: 'LocalAuth',
    launch,
    userDataDir: path as Report['sessions'][number]['userDataDir'],
    unknown: null,
    trail: [HOSTILE],
    dependsOnCwd: false,
    exists: false,
    durability: null,
    recommended: null,
    survives: all,
  };
}

const PAGES: Readonly<Record<string, Report>> = {
  sample: SAMPLE,
  hostile: {
    ...SAMPLE,
    project: HOSTILE,
    headline: HOSTILE,
    partial: true,
    findings: sampleFindings(8, { message: HOSTILE, file: LONG }),
    checks: [{ code: 'WA101', outcome: 'unknown', reason: HOSTILE, undeclared: false }],
    sessions: [
      session(HOSTILE, LONG, { reboot: false } as never),
      session('npm:start', `/data/${HOSTILE}`, {}),
      session(null, '/app/x', null),
    ],
    prescription: { dataPath: HOSTILE, steps: [{ title: HOSTILE, lines: [LONG, HOSTILE] }] },
  },
  many: { ...SAMPLE, findings: sampleFindings(10_000) },
};

interface Seen {
  readonly overflow: number;
  readonly heading: string;
  readonly contrasts: readonly number[];
  readonly background: string;
}

/** Runs in the page: how far it is too wide, and the contrast of text by WCAG 2. */
const MEASURE = `(() => {
  const luminance = (color) => {
    const [r = 0, g = 0, b = 0] = (color.match(/[\\d.]+/g) ?? []).map((part) => {
      const value = Number(part) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (selector) => {
    const element = document.querySelector(selector);
    if (element === null) return 21;
    const a = luminance(getComputedStyle(element).color);
    const b = luminance(getComputedStyle(element.closest('.verdict, .card, body')).backgroundColor);
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  };
  return {
    overflow: document.documentElement.scrollWidth - window.innerWidth,
    heading: document.querySelector('h1').textContent,
    contrasts: ['.verdict h1', '.verdict p', '.finding .message', 'dt', '.quiet', 'th'].map(contrast),
    background: getComputedStyle(document.body).backgroundColor,
  };
})()`;

describe('the HTML report', () => {
  it('holds no script, no event handler and nothing from elsewhere', () => {
    for (const report of Object.values(PAGES)) {
      const text = htmlReport(report);
      expect(text).not.toMatch(/<script|<img|<iframe|<object|<base/i);
      expect(text).not.toMatch(/<[a-z](?:[^>"]|"[^"]*")*\son\w+=/);
      expect(text).not.toMatch(/(?:src|xlink:href)="/);
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });

  it('is the same page for the same facts, and a page of 10,000 findings stays small', () => {
    expect(htmlReport(SAMPLE)).toBe(htmlReport(SAMPLE));
    expect(htmlReport(PAGES['many'] ?? SAMPLE).length).toBeLessThan(1_000_000);
  });

  it('marks loss by sign and word, not by colour alone', () => {
    const text = htmlReport(PAGES['hostile'] ?? SAMPLE);
    expect(text).toMatch(/class="node lost".*?✖ lost at a reboot/);
    expect(text).toMatch(/class="edge lost".*?class="sign"[^>]*>✖/);
    expect(text).toMatch(/class="edge kept".*?class="sign"[^>]*>✔/);
    expect(text).toContain('1 lose it, 1 keep it, 1 are not known');
  });
});

describe.skipIf(lacks('chromium'))('in a real browser', () => {
  let browser: Browser;
  const faults: string[] = [];
  const requests: string[] = [];
  const directory = scratch('html');

  beforeAll(async () => {
    const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
      existsSync,
    );
    browser = await puppeteer.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox', '--disable-gpu'] });
    for (const [name, report] of Object.entries(PAGES))
      writeFileSync(join(directory, `${name}.html`), htmlReport(report));
    doctor([
      'audit',
      '/app/whatsapp-service',
      '--root',
      fixture('founding/root'),
      '--format',
      `html=${join(directory, 'founding.html')}`,
    ]);
  });

  afterAll(async () => browser?.close());

  async function open(name: string, width: number, scheme: 'light' | 'dark'): Promise<Page> {
    const page = await browser.newPage();
    faults.length = 0;
    requests.length = 0;
    page.on('console', (message) => faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(String(error)));
    page.on('dialog', (dialog) => faults.push(dialog.message()));
    page.on('request', (request) => requests.push(request.url()));
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    await page.setViewport({ width, height: 900 });
    await page.goto(pathToFileURL(join(directory, `${name}.html`)).href);
    return page;
  }

  it.each(
    ['founding', ...Object.keys(PAGES)].flatMap((name) =>
      [360, 1280].flatMap((width) => (['light', 'dark'] as const).map((scheme) => [name, width, scheme] as const)),
    ),
  )('%s at %i px, %s: no error, no request, nothing beside the page, readable', async (name, width, scheme) => {
    const page = await open(name, width, scheme);
    const seen = (await page.evaluate(MEASURE)) as Seen;
    await page.close();
    expect(faults).toEqual([]);
    expect(requests.filter((url) => !url.startsWith('data:')).length).toBe(1);
    expect(seen.overflow).toBeLessThanOrEqual(0);
    expect(seen.heading).toMatch(/session/);
    for (const contrast of seen.contrasts) expect(contrast).toBeGreaterThanOrEqual(4.5);
    expect(seen.background).toBe(scheme === 'dark' ? 'rgb(18, 22, 27)' : 'rgb(246, 247, 249)');
  });

  it('can be walked by keyboard: the skip link first, details open by Enter', async () => {
    const page = await open('founding', 1280, 'light');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.className')).toBe('skip');
    let opened = false;
    for (let step = 0; step < 80 && !opened; step++) {
      await page.keyboard.press('Tab');
      if ((await page.evaluate('document.activeElement.tagName')) !== 'SUMMARY') continue;
      await page.keyboard.press('Enter');
      opened = (await page.evaluate("document.activeElement.parentElement.hasAttribute('open')")) === true;
    }
    expect(opened).toBe(true);
    await page.close();
  });

  it('prints everything, what is folded on the screen too', async () => {
    const page = await open('founding', 1280, 'dark');
    await page.emulateMediaType('print');
    const hidden = await page.evaluate(
      "[...document.querySelectorAll('details table, details dl')].filter((item) => item.getBoundingClientRect().height === 0).length",
    );
    expect(hidden).toBe(0);
    expect((await page.pdf()).length).toBeGreaterThan(10_000);
    await page.close();
  });
});
