/** supervisord configurations of a server (those inside an image are followed from its command). */
import type { Launch } from '../model/launch.ts';
import { type AbsolutePath, absolutePath } from '../model/path.ts';
import { attribute } from './attribute.ts';
import { homeOf } from './base-images.ts';
import { followCommand } from './command.ts';
import { deployedWorld } from './deployment.ts';
import { ownEnvironment } from './dotenv.ts';
import { draftLaunch, recordOf } from './draft.ts';
import { lineAt, type Project } from './source.ts';
import { supervisorPrograms } from './supervisor-file.ts';
import { under } from './tree.ts';

/** supervisord's default for stopwaitsecs (supervisord.org, configuration). */
const STOP_SECONDS = 10;

/**
 * Launches of every program that starts the bot.
 *
 * @param inImages configuration files that an image's command already started
 */
export async function supervisorLaunches(project: Project, inImages: (path: string) => boolean): Promise<Launch[]> {
  const launches: Launch[] = [];
  const files = project.tree.files.filter((file) => /\.(conf|ini)$/.test(file.name) && /supervis/i.test(file.path));
  for (const file of files.slice(0, 50)) {
    const text = project.text(file.path);
    if (text === null || inImages(file.path)) continue;
    for (const program of await supervisorPrograms(text)) {
      const here = under(project.root, file.directory);
      const directory = program.directory?.replace('%(here)s', here) ?? null;
      const workdir: AbsolutePath | null = directory?.startsWith('/') === true ? absolutePath(directory) : null;
      const world = deployedWorld(project, file.directory, workdir, program.words);
      // Without a directory the program starts where supervisord itself was started, which no file says.
      const { started } = await followCommand({ words: program.words }, { cwd: workdir, env: new Map() }, world);
      for (const [index, one] of started.entries()) {
        const attribution = attribute(one, world);
        if (attribution === null) continue;
        const own = await ownEnvironment(
          world,
          attribution.packageRoot,
          one.cwd,
          one.runtime,
          new Map([...program.env, ...one.env]),
        );
        const id = `supervisor:${file.path}#${program.name}`;
        const home = homeOf(program.user, null);
        launches.push(
          draftLaunch(index === 0 ? id : `${id}:${index + 1}`, 'supervisor', attribution.packageRoot, {
            file: file.path,
            line: lineAt(text, Math.max(0, text.indexOf(`[program:${program.name}]`))),
            command: program.words.join(' '),
            entry: attribution.entry,
            cwd: one.cwd,
            packageAt: attribution.packageAt,
            env: recordOf([...own.values, ...program.env, ...one.env]),
            envHidden: one.hidden.length === 0 ? null : one.hidden.join('; '),
            user: program.user,
            home: home === null ? null : absolutePath(home),
            replicas: program.processes,
            overlaps: false,
            stop: {
              signal: program.stopSignal === null ? 'SIGTERM' : `SIG${program.stopSignal.replace(/^SIG/, '')}`,
              timeoutSeconds: program.stopSeconds ?? STOP_SECONDS,
              pid1: one.chain[0] ?? null,
              supervisor: 'supervisor',
              init: false,
            },
            mountTable: 'live',
            notes: [
              ...(program.stopAsGroup ? ['the stop signal goes to the browser too (stopasgroup or killasgroup)'] : []),
              ...own.notes,
            ],
            chain: one.chain,
          }),
        );
      }
    }
  }
  return launches;
}
