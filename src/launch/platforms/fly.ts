/** fly.toml (fly.io/docs/reference/configuration): volumes are declared as mounts, the root is made anew at each deploy. */
import type { Launch } from '../../model/launch.ts';
import { seconds } from '../quantities.ts';
import { lineAt, type Project } from '../source.ts';
import { fields, items, scalar, whole } from '../yaml.ts';
import { dockerfileIn, platformLaunches } from './shared.ts';
import { parseToml } from './toml.ts';

/** Fly's default for kill_timeout; its default signal is SIGINT. */
const STOP_SECONDS = 5;

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

export async function flyLaunches(project: Project): Promise<Launch[]> {
  const launches: Launch[] = [];
  for (const file of project.tree.files
    .filter((candidate) => /^fly(\.[\w-]+)?\.toml$/.test(candidate.name))
    .slice(0, 10)) {
    const text = project.text(file.path);
    const parsed = text === null ? null : await parseToml(text);
    if (parsed === null || text === null) continue;
    if (!parsed.ok) {
      project.problem(`${file.path}: ${parsed.reason}`);
      continue;
    }
    const value = parsed.value;
    const build = fields(value['build']);
    const dockerfile = dockerfileIn(project, file.directory, scalar(build?.['dockerfile']));
    const env = new Map<string, string>();
    for (const [name, item] of Object.entries(fields(value['env']) ?? {})) env.set(name, scalar(item) ?? '');
    const processes = Object.entries(fields(value['processes']) ?? {});
    const commands: [string, string | null][] =
      processes.length === 0
        ? [['app', listCommand(fields(value['experimental'])?.['cmd'])]]
        : processes.map(([name, command]) => [name, scalar(command)]);
    for (const [name, command] of commands) {
      const disks = listOf(value['mounts'] ?? value['mount']).flatMap((item) => {
        const mount = fields(item);
        const target = scalar(mount?.['destination']);
        const only = items(mount?.['processes']).map(scalar);
        if (target === null || (only.length > 0 && !only.includes(name))) return [];
        return [
          {
            at: target,
            name: scalar(mount?.['source']) ?? 'volume',
            line: lineAt(text, Math.max(0, text.search(/^\s*\[+mounts?\]+/m)) + 1),
          },
        ];
      });
      launches.push(
        ...(await platformLaunches(project, {
          id: `platform:${file.path}#${name}`,
          platform: 'fly',
          file: file.path,
          line: 1,
          command,
          directory: file.directory,
          dockerfile,
          context: file.directory,
          target: scalar(build?.['build-target']),
          sourceAt: '/app',
          env,
          hidden: [],
          disks,
          replicas: null,
          // A machine with a volume is updated in place; without one, `bluegreen` and `canary` run both.
          overlaps:
            disks.length > 0
              ? false
              : /bluegreen|canary/.test(scalar(fields(value['deploy'])?.['strategy']) ?? '')
                ? true
                : 'unknown',
          stopSignal: scalar(value['kill_signal']) ?? 'SIGINT',
          stopSeconds: seconds(scalar(value['kill_timeout'])) ?? STOP_SECONDS,
          memoryBytes: memoryOf(value['vm']),
          notes:
            disks.length === 0
              ? ['no mount is declared: Fly makes the root file system anew at each deploy and restart']
              : [],
        })),
      );
    }
  }
  return launches;
}

function listCommand(value: unknown): string | null {
  return Array.isArray(value) ? value.map((word) => scalar(word) ?? '').join(' ') : scalar(value);
}

function memoryOf(value: unknown): number | null {
  const vm = fields(listOf(value)[0]);
  const megabytes = whole(vm?.['memory_mb']);
  if (megabytes !== null) return megabytes * 1024 ** 2;
  const text = /^(\d+)\s*(mb|gb)$/i.exec(scalar(vm?.['memory']) ?? '');
  return text === null ? null : Number(text[1]) * 1024 ** (text[2]?.toLowerCase() === 'gb' ? 3 : 2);
}
