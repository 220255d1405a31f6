import { describe, expect, it } from 'vitest';
import type { LifecycleFact } from '../../src/model/facts.ts';
import { doctorJson, scratch, write } from '../support/doctor.ts';

function lifecycleOf(body: string): LifecycleFact {
  const project = write(scratch('lifecycle'), {
    'package.json': '{"name":"bot","dependencies":{"whatsapp-web.js":"1.34.7"}}',
    'index.js': `const { Client, LocalAuth } = require('whatsapp-web.js');
const app = require('express')();
const client = new Client({ authStrategy: new LocalAuth() });
${body}
`,
  });
  return doctorJson<{ lifecycle: LifecycleFact }>(['path', project, '--target', 'repo']).json.lifecycle;
}

describe('ends of the client that are no destroy()', () => {
  it.each([
    [
      'a kill of the browser',
      "const child = client.pupBrowser.process();\nchild.kill('SIGKILL');",
      [['exit-without-destroy', 5]],
    ],
    ['a kill in one line', 'client.pupBrowser.process().kill(9);', [['exit-without-destroy', 4]]],
    ['a kill of something else', "const child = require('node:child_process').spawn('x');\nchild.kill(9);", []],
    [
      'destroy() left to a timer after logout()',
      "app.post('/out', async () => { await client.logout(); setTimeout(async () => { await client.destroy(); }, 1000); });",
      [['not-awaited', 4]],
    ],
    [
      'destroy() awaited after logout()',
      "app.post('/out', async () => { await client.logout(); await client.destroy(); });",
      [],
    ],
  ] as [string, string, [string, number][]][])('%s', (_, body, expected) => {
    expect(lifecycleOf(body).destroyIssues.map(({ kind, line }) => [kind, line])).toEqual(expected);
  });
});

describe('what starts the client', () => {
  it.each([
    ['the program', 'client.initialize();', 'start'],
    ['a function that the program calls', 'function go() { return client.initialize(); }\ngo();', 'start'],
    ['a route', "app.post('/start', () => client.initialize());", 'route'],
    [
      'a function that only a route calls',
      "const go = () => client.initialize();\napp.post('/start', async (q, r) => { await go(); });",
      'route',
    ],
    [
      'a function that is handed to a route',
      "async function go() { await client.initialize(); }\napp.get('/start', go);",
      'route',
    ],
    ['a route and the program', "const go = () => client.initialize();\napp.post('/start', go);\ngo();", 'start'],
    ['nobody here', 'exports.go = () => client.initialize();', 'unknown'],
  ])('%s', (_, body, expected) => {
    expect(lifecycleOf(body).initialize.map(({ trigger }) => trigger)).toEqual([expected]);
  });
});
