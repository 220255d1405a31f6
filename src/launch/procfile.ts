/** Procfile: process types of Heroku, Dokku and their kin. Their disks are as short-lived as the dyno. */
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import { declaredTable } from '../mounts/declare.ts';
import { attribute } from './attribute.ts';
import { startedBy } from './command.ts';
import { ownEnvironment } from './dotenv.ts';
import { draftLaunch, recordOf } from './draft.ts';
import type { Project } from './source.ts';
import type { World } from './world.ts';

/** Where Heroku's slug lies in a dyno (devcenter.heroku.com/articles/dynos). */
const APP = '/app' as AbsolutePath;
/** Heroku's grace period between SIGTERM and SIGKILL. */
export const HEROKU_STOP_SECONDS = 30;

/** Process types that are run once per release and not kept running. */
const ONCE = new Set(['release', 'postdeploy', 'console', 'rake', 'migrate']);

/** A process of a platform that unpacks the project to /app and keeps nothing. */
export async function slugLaunches(
  project: Project,
  parts: {
    id: string;
    file: string;
    line: number | null;
    directory: string;
    command: string;
    kind: 'procfile' | 'platform';
    platform: string;
    origin: string;
    env?: ReadonlyMap<string, string>;
  },
): Promise<Launch[]> {
  const world: World = { project, placements: [{ from: parts.directory, at: APP }] };
  const env = parts.env ?? new Map<string, string>();
  const started = await startedBy({ shell: parts.command, with: ['bash', '-c'] }, { cwd: APP, env }, world);
  const launches: Launch[] = [];
  for (const one of started) {
    const attribution = attribute(one, world);
    if (attribution === null) continue;
    const own = await ownEnvironment(
      world,
      attribution.packageRoot,
      one.cwd,
      one.runtime,
      new Map([...env, ...one.env]),
    );
    launches.push(
      draftLaunch(
        launches.length === 0 ? parts.id : `${parts.id}:${launches.length + 1}`,
        parts.kind,
        attribution.packageRoot,
        {
          file: parts.file,
          line: parts.line,
          command: parts.command,
          entry: attribution.entry,
          cwd: one.cwd,
          packageAt: attribution.packageAt,
          env: recordOf([...own.values, ...env, ...one.env]),
          notes: own.notes,
          envHidden: [`the platform sets variables that no file of the project shows`, ...one.hidden].join('; '),
          home: absolutePath('/app'),
          overlaps: false,
          stop: {
            signal: 'SIGTERM',
            timeoutSeconds: HEROKU_STOP_SECONDS,
            pid1: one.chain[0] ?? null,
            supervisor: parts.platform,
            init: 'unknown',
          },
          mountTable: 'declared',
          mounts: declaredTable(parts.origin, 'docker', []),
          chain: one.chain,
          volumes: [],
          platform: parts.platform,
        },
      ),
    );
  }
  return launches;
}

/** Launches of every Procfile. */
export async function procfileLaunches(project: Project): Promise<Launch[]> {
  const launches: Launch[] = [];
  for (const file of project.tree.files.filter((candidate) => candidate.name === 'Procfile').slice(0, 50)) {
    const text = project.text(file.path);
    if (text === null) continue;
    const lines = text.split(/\r?\n/).slice(0, 500);
    for (const [index, line] of lines.entries()) {
      const match = /^([A-Za-z0-9_-]+):\s*(\S.*)$/.exec(line.slice(0, 8192));
      if (match === null) continue;
      const [, type = '', command = ''] = match;
      if (ONCE.has(type)) continue;
      launches.push(
        ...(await slugLaunches(project, {
          id: `procfile:${file.path}#${type}`,
          file: file.path,
          line: index + 1,
          directory: file.directory,
          command: command.trim(),
          kind: 'procfile',
          platform: 'heroku',
          origin: `${file.path} ${type} (a dyno's disk)`,
        })),
      );
    }
  }
  return launches;
}
