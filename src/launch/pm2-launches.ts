/** pm2 ecosystem files as launches: `pm2 start FILE` in the directory of the file. */
import type { Launch } from '../model/launch.ts';
import { absolutePath } from '../model/path.ts';
import { attribute } from './attribute.ts';
import { followCommand, type Started } from './command.ts';
import { deployedWorld } from './deployment.ts';
import { ownEnvironment } from './dotenv.ts';
import { draftLaunch, recordOf } from './draft.ts';
import type { Pm2App } from './pm2-file.ts';
import type { Project } from './source.ts';
import { under } from './tree.ts';

/** pm2's default between SIGINT and SIGKILL (pm2, constants.js: KILL_TIMEOUT). */
export const PM2_STOP_SECONDS = 1.6;

const NAMES =
  /^(ecosystem|pm2|process)([._-][\w-]+)*\.([cm]?js|json5?|ya?ml)$|\.pm2\.(json|config\.[cm]?js)$|^pm2\.config\.[cm]?js$/i;

/** What every pm2 application has in common, from a file or from a command line. */
export function pm2Parts(app: Pm2App): Pick<Launch, 'replicas' | 'overlaps' | 'stop' | 'notes'> {
  const notes: string[] = [];
  if (app.cluster && app.instances !== 1)
    notes.push(`pm2 runs it in cluster mode with ${app.instances ?? 'as many as there are processors'} instances`);
  else if (app.instances === null) notes.push('pm2 starts as many instances as there are processors');
  return {
    // As many as there are processors is more than one.
    replicas: app.instances ?? 2,
    overlaps: app.cluster ? 'unknown' : false,
    stop: {
      signal: 'SIGINT',
      timeoutSeconds: app.killTimeoutMs === null ? PM2_STOP_SECONDS : app.killTimeoutMs / 1000,
      pid1: 'node',
      supervisor: 'pm2',
      init: false,
      ...(app.treekill ? { reaches: 'all' as const } : {}),
    },
    notes,
  };
}

/** Launches of every ecosystem file. */
export async function pm2Launches(project: Project): Promise<Launch[]> {
  const launches: Launch[] = [];
  for (const file of project.tree.files.filter((candidate) => NAMES.test(candidate.name)).slice(0, 50)) {
    const text = project.text(file.path);
    if (text === null) continue;
    const directory = under(project.root, file.directory);
    const { pm2Apps } = await import('./pm2.ts');
    const { apps, problems } = await pm2Apps(text, file.path, null, directory);
    for (const problem of problems) project.problem(`${file.path}: ${problem}`);
    for (const [index, app] of apps.entries()) {
      const variants: (string | null)[] = [null, ...app.environments];
      for (const environment of variants.slice(0, 6)) {
        const named = app.name ?? String(index);
        const id = `pm2:${file.path}#${named}${environment === null ? '' : `@${environment}`}`;
        const chosen =
          environment === null ? app : ((await pm2Apps(text, file.path, environment, directory)).apps[index] ?? app);
        launches.push(...(await appLaunches(project, file, chosen, id)));
      }
    }
  }
  return launches;
}

async function appLaunches(
  project: Project,
  file: { path: string; name: string; directory: string },
  app: Pm2App,
  id: string,
): Promise<Launch[]> {
  const directory = under(project.root, file.directory);
  const workdir =
    app.cwd === null ? directory : absolutePath(app.cwd.startsWith('/') ? app.cwd : `${directory}/${app.cwd}`);
  const scripts =
    app.script === null ? [] : [app.script, ...app.args.filter((word) => /[./]/.test(word) && !word.startsWith('-'))];
  const world = deployedWorld(project, file.directory, workdir, scripts);
  const { started } = await followCommand({ app }, { cwd: directory, env: new Map() }, world);
  const launches: Launch[] = [];
  for (const one of started) {
    const attribution = attribute(one, world);
    if (attribution === null) continue;
    const own = await ownEnvironment(world, attribution.packageRoot, one.cwd, one.runtime, one.env);
    launches.push(
      pm2Launch(
        launches.length === 0 ? id : `${id}:${launches.length + 1}`,
        file.path,
        app,
        { ...one, env: new Map([...own.values, ...one.env]) },
        attribution,
        own.note,
      ),
    );
  }
  return launches;
}

function pm2Launch(
  id: string,
  file: string,
  app: Pm2App,
  one: Started,
  attribution: NonNullable<ReturnType<typeof attribute>>,
  note: string | null,
): Launch {
  const parts = pm2Parts(app);
  const hidden = one.hidden;
  return draftLaunch(id, 'pm2', attribution.packageRoot, {
    file,
    line: app.line,
    command: [app.script ?? '', ...app.args].join(' '),
    entry: attribution.entry,
    cwd: one.cwd,
    packageAt: attribution.packageAt,
    env: recordOf(one.env),
    envHidden: hidden.length === 0 ? null : hidden.join('; '),
    user: app.user,
    mountTable: 'live',
    chain: one.chain,
    ...parts,
    notes: [...parts.notes, ...(note === null ? [] : [note])],
  });
}
