/** pm2's ecosystem files (JavaScript, JSON, YAML), read by parsing. */
import { exportedLiteral, UNKNOWN } from './js-literal.ts';
import type { Pm2App } from './pm2-file.ts';
import { seconds } from './quantities.ts';
import { splitWords } from './words.ts';
import { parseYaml } from './yaml.ts';

const APP_LIMIT = 100;

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;

function textOf(value: unknown): string | null {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : null;
}

function wordsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(textOf).filter((word) => word !== null);
  const text = textOf(value);
  return text === null ? [] : splitWords(text);
}

/** A number of processes; `max`, `0` and `-1` are as many as there are processors. */
function instancesOf(value: unknown): number | null {
  if (value === undefined || value === null) return 1;
  const text = textOf(value);
  return text !== null && /^\d{1,4}$/.test(text) && text !== '0' ? Number(text) : null;
}

function milliseconds(value: unknown): number | null {
  const text = textOf(value);
  if (text === null) return null;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  const duration = seconds(text);
  return duration === null ? null : duration * 1000;
}

function appOf(value: Fields, environment: string | null, file: string, line: number | null): Pm2App {
  const env = new Map<string, string>();
  const hidden: string[] = [];
  const blocks = ['env', ...(environment === null ? [] : [`env_${environment}`])];
  for (const block of blocks) {
    const record = fieldsOf(value[block]);
    if (record === null) {
      if (value[block] === UNKNOWN) hidden.push(`${block} of ${file} cannot be known without running it`);
      continue;
    }
    for (const [name, item] of Object.entries(record)) {
      const text = textOf(item);
      if (text !== null) env.set(name, text);
      else if (item === UNKNOWN) hidden.push(`${name} in ${file} cannot be known without running it`);
    }
  }
  const mode = textOf(value['exec_mode']) ?? textOf(value['execMode']);
  const instances = value['instances'];
  return {
    name: textOf(value['name']),
    script: textOf(value['script']),
    cwd: textOf(value['cwd']),
    args: wordsOf(value['args']),
    interpreter: textOf(value['interpreter']) ?? textOf(value['exec_interpreter']),
    nodeArgs: wordsOf(value['node_args'] ?? value['nodeArgs'] ?? value['interpreter_args']),
    env,
    environments: Object.keys(value)
      .filter((key) => key.startsWith('env_') && fieldsOf(value[key]) !== null)
      .map((key) => key.slice(4)),
    hidden,
    instances: instances === UNKNOWN ? null : instancesOf(instances),
    // pm2 takes cluster mode when there is a number of instances and no mode is named (pm2, lib/Common.js).
    cluster: mode === null ? instances !== undefined && instances !== null : mode.startsWith('cluster'),
    killTimeoutMs: milliseconds(value['kill_timeout'] ?? value['killTimeout']),
    treekill: value['treekill'] !== false,
    user: textOf(value['user']) ?? textOf(value['uid']),
    watch: value['watch'] === true || Array.isArray(value['watch']),
    line,
    file,
  };
}

/**
 * The applications of an ecosystem file.
 *
 * @param environment name given with `--env`, or `null`
 * @param dirname the file's directory where pm2 runs
 */
export async function pm2Apps(
  text: string,
  path: string,
  environment: string | null,
  dirname: string,
): Promise<{ apps: readonly Pm2App[]; problems: readonly string[] }> {
  let value: unknown;
  let lineOf: (item: unknown) => number | null = () => null;
  if (/\.ya?ml$/.test(path)) {
    const parsed = await parseYaml(text, 256 * 1024);
    if (!parsed.ok) return { apps: [], problems: [parsed.reason] };
    value = parsed.documents[0]?.value;
  } else {
    const literal = await exportedLiteral(text, path, dirname);
    if (!literal.ok) return { apps: [], problems: [literal.reason] };
    value = literal.value;
    lineOf = literal.lineOf;
  }
  const list = Array.isArray(value) ? value : (fieldsOf(value)?.['apps'] ?? value);
  const apps = (Array.isArray(list) ? list : [list]).slice(0, APP_LIMIT);
  const problems: string[] = [];
  const found: Pm2App[] = [];
  for (const app of apps) {
    const record = fieldsOf(app);
    if (record !== null && ('script' in record || 'name' in record))
      found.push(appOf(record, environment, path, lineOf(app)));
    else if (app === UNKNOWN) problems.push('its applications cannot be known without running it');
  }
  return { apps: found, problems };
}
