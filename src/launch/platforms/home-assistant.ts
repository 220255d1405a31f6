/** Add-ons of Home Assistant: the supervisor mounts `/data` and what `map` names (developers.home-assistant.io, add-on configuration). */
import { type AbsolutePath, absolutePath } from '../../model/path.ts';
import { declaredMount } from '../../mounts/declare.ts';
import type { ContainerMount } from '../container.ts';
import { lineAt, type Project } from '../source.ts';
import { type Fields, fields, items, parseYaml, scalar } from '../yaml.ts';

const NAMES = ['config.yaml', 'config.yml', 'config.json'];
const SIZE_LIMIT = 256 * 1024;
/** Where the supervisor keeps its directories on the host. */
const HOST = '/usr/share/hassio';

/** What can be mapped: the mount point in the add-on, and the directory of the supervisor. */
const MAPS: ReadonlyMap<string, readonly [at: string, host: string]> = new Map([
  ['config', ['/config', 'homeassistant']],
  ['homeassistant_config', ['/homeassistant', 'homeassistant']],
  ['addon_config', ['/config', 'addon_configs']],
  ['all_addon_configs', ['/addon_configs', 'addon_configs']],
  ['share', ['/share', 'share']],
  ['media', ['/media', 'media']],
  ['backup', ['/backup', 'backup']],
  ['ssl', ['/ssl', 'ssl']],
  ['addons', ['/addons', 'addons/local']],
]);

function hostMount(file: string, line: number, at: AbsolutePath, host: string, readOnly: boolean): ContainerMount {
  const source = `${HOST}/${host}`;
  return {
    mount: declaredMount({ kind: 'bind', engine: 'docker', at, source, readOnly }),
    volume: { at, kind: 'platform-disk', name: host, realName: null, stable: true, reason: null, file, line },
    shows: null,
  };
}

/** An entry of `map`: `config:rw`, or `{ type, path, read_only }`. */
function mapped(file: string, line: number, entry: unknown): ContainerMount[] {
  const object = fields(entry);
  const [type = '', mode = 'ro'] = (object === null ? (scalar(entry) ?? '') : (scalar(object['type']) ?? '')).split(
    ':',
  );
  const known = MAPS.get(type);
  if (known === undefined) return [];
  const [usual, host] = known;
  const path = object === null ? null : scalar(object['path']);
  const readOnly = object === null ? mode !== 'rw' : object['read_only'] !== false;
  const at = absolutePath(path?.startsWith('/') === true ? path : usual);
  return [hostMount(file, line, at, host, readOnly)];
}

async function addOnConfig(project: Project, file: string): Promise<{ value: Fields; text: string } | null> {
  const text = project.text(file);
  // The keys that every add-on must have.
  if (text === null || !/\bslug\b/.test(text) || !/\barch\b/.test(text)) return null;
  const parsed = await parseYaml(text, SIZE_LIMIT);
  const value = parsed.ok ? fields(parsed.documents[0]?.value) : null;
  const isAddOn = value !== null && scalar(value['slug']) !== null && items(value['arch']).length > 0;
  return isAddOn ? { value, text } : null;
}

/** What the supervisor mounts into the image of a directory; `null`: it holds no add-on. */
export async function addOnMounts(project: Project, directory: string): Promise<readonly ContainerMount[] | null> {
  for (const name of NAMES) {
    const file = directory === '' ? name : `${directory}/${name}`;
    const config = await addOnConfig(project, file);
    if (config === null) continue;
    const { value, text } = config;
    const slug = scalar(value['slug']) ?? 'addon';
    const line = lineAt(text, Math.max(0, text.search(/["']?map["']?\s*:/)));
    return [
      hostMount(file, line, absolutePath('/data'), `addons/data/${slug}`, false),
      ...items(value['map']).flatMap((entry) => mapped(file, line, entry)),
    ];
  }
  return null;
}
