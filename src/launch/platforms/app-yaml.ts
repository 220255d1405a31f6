/** app.yaml: Google App Engine, or DigitalOcean's App Platform. Neither keeps what an instance writes. */
import type { Launch } from '../../model/launch.ts';
import { absolutePath } from '../../model/path.ts';
import { declaredMount } from '../../mounts/declare.ts';
import type { ContainerMount } from '../container.ts';
import type { Project } from '../source.ts';
import { inProject, type TreeFile } from '../tree.ts';
import { type Fields, fields, items, parseYaml, scalar, whole } from '../yaml.ts';
import { dockerfileIn, platformLaunches } from './shared.ts';

export async function appYamlLaunches(project: Project): Promise<Launch[]> {
  const launches: Launch[] = [];
  const files = project.tree.files.filter(
    (file) =>
      /^app([._-][\w-]+)?\.ya?ml$/.test(file.name) || (file.directory.endsWith('.do') && /\.ya?ml$/.test(file.name)),
  );
  for (const file of files.slice(0, 20)) {
    const text = project.text(file.path);
    const parsed = text === null ? null : await parseYaml(text, 256 * 1024);
    if (parsed === null) continue;
    if (!parsed.ok) {
      project.problem(`${file.path}: ${parsed.reason}`);
      continue;
    }
    const value = fields(parsed.documents[0]?.value);
    if (value === null || 'apiVersion' in value) continue;
    if (scalar(value['runtime']) !== null && 'runtime' in value && !('services' in value))
      launches.push(...(await appEngine(project, file, value)));
    else if ('services' in value || 'workers' in value || fields(value['spec']) !== null)
      launches.push(...(await appPlatform(project, file, fields(value['spec']) ?? value)));
  }
  return launches;
}

async function appEngine(project: Project, file: TreeFile, value: Fields): Promise<Launch[]> {
  const runtime = scalar(value['runtime']) ?? '';
  const flexible = scalar(value['env']) === 'flex' || scalar(value['env']) === 'flexible' || value['vm'] === true;
  if (!/^nodejs/.test(runtime) && runtime !== 'custom') return [];
  const env = new Map<string, string>();
  for (const [name, item] of Object.entries(fields(value['env_variables']) ?? {})) env.set(name, scalar(item) ?? '');
  const scaling = fields(value['manual_scaling']);
  const most =
    whole(scaling?.['instances']) ??
    whole(fields(value['automatic_scaling'])?.['max_instances']) ??
    whole(fields(value['basic_scaling'])?.['max_instances']);
  const memory: ContainerMount = {
    mount: declaredMount({ kind: 'tmpfs', engine: 'docker', at: absolutePath('/tmp') }),
    volume: {
      at: absolutePath('/tmp'),
      kind: 'tmpfs',
      name: null,
      realName: null,
      stable: false,
      reason: 'memory of the instance',
      file: file.path,
      line: null,
    },
    shows: null,
  };
  return platformLaunches(project, {
    id: `platform:${file.path}`,
    platform: 'app-engine',
    file: file.path,
    line: 1,
    command: scalar(value['entrypoint']),
    directory: file.directory,
    dockerfile: runtime === 'custom' ? dockerfileIn(project, file.directory, null) : null,
    context: file.directory,
    sourceAt: flexible ? '/app' : '/workspace',
    env,
    hidden: [],
    disks: [],
    replicas: most,
    overlaps: true,
    stopSignal: 'SIGTERM',
    stopSeconds: null,
    notes: most === null ? ['App Engine starts as many instances as the traffic needs'] : [],
    rootReadOnly: !flexible,
    extraMounts: flexible ? [] : [memory],
  });
}

async function appPlatform(project: Project, file: TreeFile, value: Fields): Promise<Launch[]> {
  const launches: Launch[] = [];
  const base = file.directory.endsWith('.do') ? file.directory.slice(0, -3).replace(/\/$/, '') : file.directory;
  for (const group of ['services', 'workers', 'jobs']) {
    for (const item of items(value[group])) {
      const service = fields(item);
      if (service === null) continue;
      const directory = inProject(base, scalar(service['source_dir']) ?? '') ?? base;
      const named = scalar(service['dockerfile_path']);
      const env = new Map<string, string>();
      const hidden: string[] = [];
      for (const entry of [...items(value['envs']), ...items(service['envs'])]) {
        const variable = fields(entry);
        const key = scalar(variable?.['key']);
        const text = scalar(variable?.['value']);
        if (key !== null && text !== null && scalar(variable?.['type']) !== 'SECRET' && !text.startsWith('${'))
          env.set(key, text);
        else if (key !== null) hidden.push(`${key} is set in the dashboard`);
      }
      launches.push(
        ...(await platformLaunches(project, {
          id: `platform:${file.path}#${scalar(service['name']) ?? group}`,
          platform: 'digitalocean',
          file: file.path,
          line: 1,
          command: scalar(service['run_command']),
          directory,
          dockerfile: named === null ? null : dockerfileIn(project, '', named.replace(/^\/+/, '')),
          context: directory,
          sourceAt: '/workspace',
          env,
          hidden,
          disks: [],
          replicas: whole(service['instance_count']),
          overlaps: true,
          stopSignal: 'SIGTERM',
          stopSeconds: whole(fields(service['termination'])?.['grace_period_seconds']),
          notes: ['App Platform has no disks: files are lost at each deploy and restart'],
        })),
      );
    }
  }
  return launches;
}
