/** render.yaml (render.com/docs/blueprint-spec): disks are declared, everything else is lost at each deploy and restart. */
import type { Launch } from '../../model/launch.ts';
import type { Project } from '../source.ts';
import { inProject } from '../tree.ts';
import { fields, items, parseYaml, scalar, whole } from '../yaml.ts';
import { dockerfileIn, platformLaunches } from './shared.ts';

/** Render's default for maxShutdownDelaySeconds. */
const STOP_SECONDS = 30;
/** Where Render checks native services out. */
const SOURCE = '/opt/render/project/src';
const KINDS = new Set(['web', 'worker', 'pserv', 'cron', 'background']);

export async function renderLaunches(project: Project): Promise<Launch[]> {
  const launches: Launch[] = [];
  for (const file of project.tree.files.filter((candidate) => /^render\.ya?ml$/.test(candidate.name)).slice(0, 10)) {
    const text = project.text(file.path);
    const parsed = text === null ? null : await parseYaml(text, 256 * 1024);
    if (parsed === null) continue;
    if (!parsed.ok) {
      project.problem(`${file.path}: ${parsed.reason}`);
      continue;
    }
    const [document] = parsed.documents;
    for (const [index, item] of items(fields(document?.value)?.['services']).entries()) {
      const service = fields(item);
      if (service === null || !KINDS.has(scalar(service['type']) ?? 'web')) continue;
      const runtime = scalar(service['runtime']) ?? scalar(service['env']) ?? 'node';
      if (runtime === 'static' || runtime === 'image' || scalar(service['runtime']) === 'static') continue;
      const directory = inProject(file.directory, scalar(service['rootDir']) ?? '') ?? file.directory;
      const docker = runtime === 'docker';
      const context = docker ? (inProject(directory, scalar(service['dockerContext']) ?? '') ?? directory) : directory;
      const dockerfile = docker ? dockerfileIn(project, directory, scalar(service['dockerfilePath'])) : null;
      if (docker && dockerfile === null) continue;
      const env = new Map<string, string>();
      const hidden: string[] = [];
      for (const entry of items(service['envVars'])) {
        const variable = fields(entry);
        const key = scalar(variable?.['key']);
        const value = scalar(variable?.['value']);
        if (key !== null && value !== null) env.set(key, value);
        else if (key !== null) hidden.push(`${key} is set in the dashboard`);
      }
      const disk = fields(service['disk']);
      const mountPath = scalar(disk?.['mountPath']);
      const scaling = fields(service['scaling']);
      const name = scalar(service['name']) ?? String(index);
      const line = document?.lineOf(['services', index]) ?? null;
      launches.push(
        ...(await platformLaunches(project, {
          id: `platform:${file.path}#${name}`,
          platform: 'render',
          file: file.path,
          line,
          command: scalar(service[docker ? 'dockerCommand' : 'startCommand']),
          directory,
          dockerfile,
          context,
          sourceAt: directory === '' ? SOURCE : `${SOURCE}/${directory}`,
          env,
          hidden,
          disks:
            mountPath === null
              ? []
              : [
                  {
                    at: mountPath,
                    name: scalar(disk?.['name']) ?? 'disk',
                    line: document?.lineOf(['services', index, 'disk']) ?? line,
                  },
                ],
          replicas: whole(scaling?.['maxInstances']) ?? whole(service['numInstances']),
          // A service with a disk is stopped before the new one starts; one without runs beside it (render.com/docs/disks).
          overlaps: mountPath === null,
          stopSignal: 'SIGTERM',
          stopSeconds: whole(service['maxShutdownDelaySeconds']) ?? STOP_SECONDS,
          notes: mountPath === null ? ['no disk is declared'] : [],
        })),
      );
    }
  }
  return launches;
}
