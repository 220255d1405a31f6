/** railway.json and railway.toml, nixpacks.toml, railpack.json: a start command; volumes are attached in a dashboard. */
import type { Launch } from '../../model/launch.ts';
import type { Project } from '../source.ts';
import { type Fields, fields, scalar, whole } from '../yaml.ts';
import { dockerfileIn, platformLaunches } from './shared.ts';
import { parseToml } from './toml.ts';

const NAMES = /^(railway\.(json|toml)|nixpacks\.(toml|json)|railpack\.json|captain-definition|zbpack\.json)$/;

async function parse(text: string, name: string): Promise<{ ok: true; value: Fields } | { ok: false; reason: string }> {
  if (name.endsWith('.toml')) return parseToml(text);
  try {
    return { ok: true, value: fields(JSON.parse(text)) ?? {} };
  } catch {
    return { ok: false, reason: 'it is not valid JSON' };
  }
}

export async function railwayLaunches(project: Project): Promise<Launch[]> {
  const launches: Launch[] = [];
  for (const file of project.tree.files.filter((candidate) => NAMES.test(candidate.name)).slice(0, 20)) {
    const text = project.text(file.path);
    const parsed = text === null ? null : await parse(text, file.name);
    if (parsed === null) continue;
    if (!parsed.ok) {
      project.problem(`${file.path}: ${parsed.reason}`);
      continue;
    }
    const { value } = parsed;
    const build = fields(value['build']);
    const deploy = fields(value['deploy']);
    const isCaptain = file.name === 'captain-definition';
    const platform = isCaptain
      ? 'caprover'
      : file.name.startsWith('railway')
        ? 'railway'
        : file.name === 'zbpack.json'
          ? 'zeabur'
          : 'nixpacks';
    const builder = (scalar(build?.['builder']) ?? '').toUpperCase();
    const named = scalar(build?.['dockerfilePath']) ?? (isCaptain ? scalar(value['dockerfilePath']) : null);
    const byFile =
      platform === 'nixpacks' || builder === 'NIXPACKS' || builder === 'RAILPACK'
        ? null
        : dockerfileIn(project, file.directory, named);
    const start =
      scalar(deploy?.['startCommand']) ??
      scalar(fields(value['start'])?.['cmd']) ??
      scalar(fields(value['deploy'])?.['startCommand']) ??
      scalar(value['start_command']);
    const notes = [`volumes are attached in the dashboard of the platform and are not in ${file.name}`];
    if (value['volumes'] !== undefined)
      notes.push(`"volumes" is not a setting of ${file.name} and is ignored by the platform`);
    launches.push(
      ...(await platformLaunches(project, {
        id: `platform:${file.path}`,
        platform,
        file: file.path,
        line: 1,
        command: start,
        directory: file.directory,
        dockerfile: byFile,
        context: file.directory,
        sourceAt: '/app',
        env: new Map(
          Object.entries(fields(value['variables']) ?? {}).flatMap(([name, item]) =>
            scalar(item) === null ? [] : [[name, scalar(item) ?? ''] as const],
          ),
        ),
        hidden: [],
        disks: [],
        replicas: whole(deploy?.['numReplicas']),
        overlaps: whole(deploy?.['overlapSeconds']) === null ? 'unknown' : whole(deploy?.['overlapSeconds']) !== 0,
        stopSignal: 'SIGTERM',
        stopSeconds: whole(deploy?.['drainingSeconds']),
        notes,
      })),
    );
  }
  return launches;
}
