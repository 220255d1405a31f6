/** heroku.yml: dynos made from a Dockerfile. Nothing that a dyno writes outlives it. */
import type { Launch } from '../../model/launch.ts';
import { HEROKU_STOP_SECONDS } from '../procfile.ts';
import type { Project } from '../source.ts';
import { inProject } from '../tree.ts';
import { fields, parseYaml, scalar } from '../yaml.ts';
import { platformLaunches } from './shared.ts';

export async function herokuLaunches(project: Project): Promise<Launch[]> {
  const launches: Launch[] = [];
  for (const file of project.tree.files.filter((candidate) => candidate.name === 'heroku.yml').slice(0, 5)) {
    const text = project.text(file.path);
    const parsed = text === null ? null : await parseYaml(text, 64 * 1024);
    if (parsed === null) continue;
    if (!parsed.ok) {
      project.problem(`${file.path}: ${parsed.reason}`);
      continue;
    }
    const value = fields(parsed.documents[0]?.value);
    const docker = fields(fields(value?.['build'])?.['docker']) ?? {};
    const run = fields(value?.['run']) ?? {};
    const config = fields(fields(value?.['build'])?.['config']) ?? {};
    for (const type of new Set([...Object.keys(docker), ...Object.keys(run)])) {
      if (type === 'release') continue;
      const image = scalar(fields(run[type])?.['image']) ?? type;
      const entry = fields(docker[image]);
      const path = entry === null ? scalar(docker[image]) : scalar(entry['dockerfile']);
      const dockerfile = path === null ? null : inProject(file.directory, path);
      if (dockerfile === null || !project.exists(dockerfile)) continue;
      const command = fields(run[type])?.['command'] ?? run[type];
      launches.push(
        ...(await platformLaunches(project, {
          id: `platform:${file.path}#${type}`,
          platform: 'heroku',
          file: file.path,
          line: parsed.documents[0]?.lineOf(['run', type]) ?? 1,
          command: Array.isArray(command) ? command.map((word) => scalar(word) ?? '').join(' ') : scalar(command),
          directory: file.directory,
          dockerfile,
          // Heroku's context is the directory of the Dockerfile.
          context: dockerfile.includes('/') ? dockerfile.slice(0, dockerfile.lastIndexOf('/')) : '',
          target: scalar(entry?.['target']),
          sourceAt: '/app',
          env: new Map(
            Object.entries(config).flatMap(([name, item]) =>
              scalar(item) === null ? [] : [[name, scalar(item) ?? ''] as const],
            ),
          ),
          hidden: [],
          disks: [],
          replicas: null,
          overlaps: false,
          stopSignal: 'SIGTERM',
          stopSeconds: HEROKU_STOP_SECONDS,
          notes: ["a dyno's disk is emptied at least once a day"],
        })),
      );
    }
  }
  return launches;
}
