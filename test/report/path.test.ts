import { describe, expect, it } from 'vitest';
import { createReader } from '../../src/facts/reader.ts';
import type { Launch } from '../../src/model/launch.ts';
import { absolutePath } from '../../src/model/path.ts';
import { pathReport } from '../../src/report/path.ts';
import { PLAIN } from '../../src/report/text.ts';
import { resolveSessions } from '../../src/session/sessions.ts';
import { findAuthSites } from '../../src/session/sites.ts';
import { launch } from '../session/launches.ts';
import { type Files, withProject } from '../session/project.ts';

const BOT = {
  'index.js': "const { LocalAuth } = require('whatsapp-web.js');\nnew LocalAuth({ dataPath: process.env.P || './x' });",
};

function reportOf(files: Files, launches: readonly Launch[]): Promise<string> {
  return withProject(files, async (root) => {
    const { sites, problems } = await findAuthSites(createReader(), root);
    const sessions = resolveSessions(sites, launches, {
      project: absolutePath('/app'),
      home: null,
      env: {},
      judge: () => null,
    });
    const otherSites = sites.filter(({ role }) => role !== 'bot');
    return pathReport({ sites, otherSites, launches, sessions, problems }, { style: PLAIN, width: 100 });
  });
}

describe('pathReport', () => {
  it('tells a directory once, with everything that leads there, and the trail under it', async () => {
    const text = await reportOf(BOT, [launch({ id: 'npm:start' }), launch({ id: 'npm:dev' })]);
    expect(text.split('\n')).toEqual([
      'index.js:2  LocalAuth',
      '  → /app/x/session  no mount table to judge it by',
      '      started by npm:start, npm:dev',
      '      P is not set (index.js:2)',
      '      default "./x" (index.js:2)',
      '      relative → working directory /app',
      '      LocalAuth appends session',
      '',
    ]);
  });

  it('lets a disagreement stand out', async () => {
    const text = await reportOf(BOT, [
      launch({ id: 'npm:start' }),
      launch({ id: 'systemd:bot', kind: 'systemd', cwd: absolutePath('/root') }),
    ]);
    expect(text).toContain('▲ 2 different directories');
    expect(text).toContain('→ /app/x/session');
    expect(text).toContain('→ /root/x/session');
  });

  it('a container on its own file system is no disagreement', async () => {
    const text = await reportOf(BOT, [
      launch({ id: 'npm:start' }),
      launch({ id: 'compose:f#bot', kind: 'compose', cwd: absolutePath('/srv'), mountTable: 'declared' }),
    ]);
    expect(text).not.toContain('▲');
  });

  it('says that there is no bot, and what could not be told', async () => {
    expect(await reportOf({ 'a.js': '1' }, [])).toContain('No place in the source');
    expect(await reportOf({ ...BOT, 'b.js': "require('whatsapp-web.js'" }, [])).toContain('Could not tell');
  });

  it('lets no file name steer the terminal', async () => {
    expect(await reportOf({ 'a\u001b[2J.js': BOT['index.js'] }, [])).not.toContain('\u001b');
  });
});
