import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createReader } from '../../../src/facts/reader.ts';
import { type Found, findLaunches } from '../../../src/launch/find.ts';
import type { Launch } from '../../../src/model/launch.ts';
import type { Survival } from '../../../src/model/mount.ts';
import { absolutePath } from '../../../src/model/path.ts';
import { contextOf } from '../../../src/mounts/context.ts';
import { mountIndex } from '../../../src/mounts/covering.ts';
import { durabilityOf } from '../../../src/mounts/durability.ts';
import { NO_EVIDENCE } from '../../../src/mounts/evidence.ts';

/** Where every project of these tests lies on its machine. */
export const PROJECT = '/srv/bot';

/** A package.json of a bot. */
export const manifest = (scripts: Record<string, string> = {}, more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    name: 'wa-bot',
    main: 'index.js',
    scripts,
    dependencies: { 'whatsapp-web.js': '^1.34.0' },
    ...more,
  });

/** A bot that lies at the top with an `index.js`, plus files. */
export const withBot = (files: Record<string, string>): Record<string, string> => ({
  'package.json': manifest(),
  'index.js': 'require("whatsapp-web.js")',
  ...files,
});

/** Write a project below a machine of its own and find its launches. The directory is removed when the test ends. */
export async function find(files: Record<string, string>, packages: readonly string[] = ['']): Promise<Found> {
  const machine = mkdtempSync(join(tmpdir(), 'wa-launch-'));
  onTestFinished(() => rmSync(machine, { recursive: true, force: true }));
  for (const [path, text] of Object.entries(files)) {
    const at = join(machine, PROJECT, path);
    mkdirSync(dirname(at), { recursive: true });
    writeFileSync(at, text);
  }
  return findLaunches(createReader({ root: machine }), absolutePath(PROJECT), packages);
}

/** The one launch whose id begins so. Throws when there is none, or more than one. */
export function one(found: Found, id: string): Launch {
  const matching = found.launches.filter((launch) => launch.id.startsWith(id));
  const [launch] = matching;
  if (launch === undefined || matching.length > 1)
    throw new Error(
      `${matching.length} launches begin with ${id}; all: ${found.launches.map((each) => each.id).join(', ') || 'none'}`,
    );
  return launch;
}

/** What the launch's own mount table says of a path. */
export function survives(launch: Launch, path: string): Survival {
  if (launch.mounts === null) throw new Error(`${launch.id} has no mount table`);
  return durabilityOf(contextOf(mountIndex(launch.mounts), NO_EVIDENCE), path).survives;
}
