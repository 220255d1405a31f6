import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { doctor, scratch, startDoctor, write } from '../support/doctor.ts';

/** So many sources that reading them takes seconds. They are read in one go: the interrupt is seen when that is done. */
function largeProject(): string {
  const source = `require('whatsapp-web.js');\n${'function f(a, b) { return a + b * 2; }\n'.repeat(400)}`;
  const files = Array.from({ length: 250 }, (_, index): [string, string] => [`src/part-${index}.js`, source]);
  return write(scratch('large'), {
    'package.json': '{"dependencies":{"whatsapp-web.js":"1"}}',
    'index.js':
      "const { Client, LocalAuth } = require('whatsapp-web.js');\nnew Client({ authStrategy: new LocalAuth() });",
    ...Object.fromEntries(files),
  });
}

it('Ctrl-C gives a partial report that says so, and 130', async () => {
  const child = startDoctor(['audit', largeProject(), '--json']);
  const told = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    told.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    told.stderr += chunk;
  });
  await sleep(800);
  const interrupted = performance.now();
  child.kill('SIGINT');
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect({ code, stderr: told.stderr }).toEqual({ code: 130, stderr: '' });
  expect(performance.now() - interrupted).toBeLessThan(20_000);
  const report = JSON.parse(told.stdout);
  expect(report.partial).toBe(true);
  expect(JSON.stringify(report.checks)).toMatch(/interrupted/);
});

it('an engine that never answers is cut off, in one line', () => {
  const bin = write(scratch('bin'), { docker: '#!/bin/sh\nexec sleep 60\n' });
  chmodSync(join(bin, 'docker'), 0o755);
  const run = doctor(['audit', '--container', 'bot'], { env: { PATH: `${bin}:/usr/bin:/bin` }, timeout: 40_000 });
  expect(run).toMatchObject({ code: 2, stdout: '' });
  expect(run.stderr).toMatch(/docker did not answer within 15 s/);
  expect(run.stderr.trim().split('\n')).toHaveLength(1);
});
