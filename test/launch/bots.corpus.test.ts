import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createReader } from '../../src/facts/reader.ts';
import { findLaunches } from '../../src/launch/find.ts';
import type { Launch } from '../../src/model/launch.ts';
import { absolutePath } from '../../src/model/path.ts';
import { covering, mountIndex } from '../../src/mounts/covering.ts';
import { corpus, lacks } from '../support/needs.ts';

interface Bot {
  readonly repo: string;
  readonly packageRoot: string;
  readonly sites: readonly { readonly strategy: string; readonly userDataDir: string }[];
  readonly container: {
    readonly dockerfile: boolean;
    readonly workdir: string | null;
    readonly user: string | null;
    readonly volumeCoversSession: boolean | 'no-container-config';
    readonly file: string | null;
  };
}

const bots: Bot[] = lacks('corpus/bots', 'corpus/checkouts')
  ? []
  : JSON.parse(readFileSync(join(corpus('bots'), 'bots.json'), 'utf8'));
const CONTAINERS = new Set(['compose', 'dockerfile', 'kubernetes']);

/** The launches that the label speaks of: those of compose where there is one, else the image. */
function labelled(launches: readonly Launch[]): Launch[] {
  const compose = launches.filter((launch) => launch.kind === 'compose' || launch.kind === 'kubernetes');
  return compose.length > 0 ? compose : launches.filter((launch) => launch.kind === 'dockerfile');
}

describe.skipIf(bots.length === 0)('containers of real bots', () => {
  const folder = process.env['WA_BOTS'] ?? '';
  const present = bots.filter((bot) => existsSync(join(folder, bot.repo.replace('/', '+'))));
  console.log(`real bots: ${present.length} here, ${bots.length - present.length} absent`);

  test.each(present.map((bot) => [bot.repo, bot] as const))('%s', async (_, bot) => {
    const root = bot.packageRoot === '.' ? '' : bot.packageRoot;
    const found = await findLaunches(createReader(), absolutePath(join(folder, bot.repo.replace('/', '+'))), [root]);
    const containers = found.launches.filter((launch) => CONTAINERS.has(launch.kind));
    if (bot.container.volumeCoversSession === 'no-container-config') {
      expect(containers.map((launch) => launch.id)).toEqual([]);
      return;
    }
    const launches = labelled(containers);
    expect(launches.length).toBeGreaterThan(0);
    for (const launch of launches) {
      expect(launch.cwd).toBe(bot.container.workdir);
      expect(launch.packageAt).toBe(bot.container.workdir);
      expect(launch.user ?? null).toBe(bot.container.user);
      const [site] = bot.sites;
      if (site === undefined || launch.mounts === null) throw new Error('a site and a table are expected');
      const below = root === '' ? site.userDataDir : site.userDataDir.slice(root.length + 1);
      const mount = covering(mountIndex(launch.mounts), absolutePath(join(launch.packageAt ?? '/', below)));
      expect(mount?.mountPoint !== '/').toBe(bot.container.volumeCoversSession);
    }
  });
});
