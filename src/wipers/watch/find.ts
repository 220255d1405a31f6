import type { WatcherHandling } from '../../model/facts.ts';
import { type AbsolutePath, absolutePath, relativeTo } from '../../model/path.ts';
import type { Reader } from '../../model/reader.ts';
import type { SessionTarget } from '../effect.ts';
import type { ProjectFile } from '../project-files.ts';
import { entriesOf, isRecord, listOf, parseYaml } from '../workflows/yaml.ts';
import {
  covers,
  judgeWatching,
  NO_SETTINGS,
  type NodemonSettings,
  pm2Watching,
  type Watching,
  watchingOf,
} from './tools.ts';
import { simpleCommands } from './words.ts';

/** A command that may be a watcher. */
export interface WatchedCommand {
  readonly file: string;
  readonly line: number;
  readonly name: string;
  readonly command: string;
  readonly directory: string;
}

const FILE_LIMIT = 512 * 1024;

function json(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return null;
  }
}

const texts = (value: unknown): string[] => listOf(value).filter((one) => typeof one === 'string');

/** Every watcher that package scripts, nodemon, pm2 and compose files start, and whether it watches a session. */
export async function findWatchers(
  reader: Reader,
  project: AbsolutePath,
  targets: readonly SessionTarget[],
  files: readonly ProjectFile[],
  commands: readonly WatchedCommand[],
): Promise<WatcherHandling[]> {
  const found: WatcherHandling[] = [];
  const text = (path: string): string | null => {
    const read = reader.text(absolutePath(`${project}/${path}`), FILE_LIMIT);
    return read.ok ? read.value : null;
  };
  const settings = (directory: string): NodemonSettings => {
    const prefix = directory === '' ? '' : `${directory}/`;
    const own = json(text(`${prefix}nodemon.json`));
    const manifest = json(text(`${prefix}package.json`));
    const config = isRecord(own)
      ? own
      : isRecord(manifest) && isRecord(manifest['nodemonConfig'])
        ? manifest['nodemonConfig']
        : null;
    if (config === null) return NO_SETTINGS;
    return {
      watch: texts(config['watch']),
      ignore: texts(config['ignore']),
      ext: typeof config['ext'] === 'string' ? config['ext'] : null,
      exec: typeof config['exec'] === 'string' ? config['exec'] : null,
    };
  };
  const add = (watching: Watching, at: Omit<WatchedCommand, 'directory'>, directory: string): void => {
    const base = absolutePath(`${project}/${directory}`);
    const sessions = targets.map(({ name, path }) => {
      const { watched, reason } = judgeWatching(watching, relativeTo(path, base));
      return { path: name, watched, reason };
    });
    const first = targets.find((_, index) => sessions[index]?.watched === true) ?? targets[0];
    const left =
      first === undefined
        ? ''
        : (relativeTo(first.path, base) ?? first.path).replace(/\/(?:session|RemoteAuth)(?:-[^/]*)?$/, '');
    found.push({
      file: at.file,
      line: at.line,
      name: at.name,
      command: at.command,
      tool: watching.tool,
      sessions,
      fix: watching.exclude(left),
    });
  };
  for (const { directory, ...at } of commands) {
    if (!/nodemon|watch|ts-node-dev|tsnd|node-dev|--hot|onchange|chokidar/.test(at.command)) continue;
    for (const words of simpleCommands(at.command.slice(0, 20_000))) {
      const watching = watchingOf(words, settings(directory));
      if (watching !== null) add(watching, at, directory);
    }
  }
  for (const { path, role } of files) {
    const directory = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '';
    if (role === 'pm2')
      for (const app of pm2Apps(text(path) ?? ''))
        add(
          pm2Watching(app.roots, app.ignores),
          { file: path, line: app.line, name: app.name, command: 'watch' },
          directory,
        );
    if (role === 'compose')
      found.push(...(await composeWatchers(path, text(path) ?? '', directory, project, targets, text)));
  }
  return found;
}

/** `watch` of pm2 applications, read by text: a JavaScript file is not run. */
function pm2Apps(source: string): { name: string; line: number; roots: string[]; ignores: string[] }[] {
  const found: { name: string; line: number; roots: string[]; ignores: string[] }[] = [];
  const list = (value: string | undefined): string[] =>
    [...(value ?? '').matchAll(/['"`]([^'"`\n]{1,300})['"`]/g)].map(([, one]) => one ?? '');
  const starts = [
    ...source
      .slice(0, FILE_LIMIT)
      .matchAll(/(?:^|[\s{,])['"]?watch['"]?\s*:\s*(true|\[[^\]]{0,2000}\]|['"][^'"\n]{1,200}['"])/g),
  ];
  for (const match of starts) {
    const { index } = match;
    const open = source.lastIndexOf('{', index);
    const block = source.slice(open, blockEnd(source, open));
    const [, value = ''] = match;
    const name = /['"]?name['"]?\s*:\s*['"]([^'"\n]{1,100})['"]/.exec(block)?.[1] ?? 'app';
    const ignores = list(/['"]?ignore_watch['"]?\s*:\s*(\[[^\]]{0,2000}\]|['"][^'"\n]{1,200}['"])/.exec(block)?.[1]);
    if (/^\s*\/\/[^\n]*$/.test(source.slice(source.lastIndexOf('\n', index + 1) + 1, index + match[0].length)))
      continue;
    found.push({
      name,
      line: source.slice(0, index + 1).split('\n').length,
      roots: value === 'true' ? [] : list(value),
      ignores,
    });
  }
  return found;
}

function blockEnd(source: string, open: number): number {
  let depth = 0;
  for (let at = Math.max(0, open); at < source.length && at < open + 20_000; at += 1) {
    if (source[at] === '{') depth += 1;
    else if (source[at] === '}') {
      depth -= 1;
      if (depth === 0) return at;
    }
  }
  return source.length;
}

/** `develop.watch` of compose services: what rebuilds or restarts the service when the session changes. */
async function composeWatchers(
  file: string,
  source: string,
  directory: string,
  project: AbsolutePath,
  targets: readonly SessionTarget[],
  text: (path: string) => string | null,
): Promise<WatcherHandling[]> {
  if (!source.includes('develop')) return [];
  const yaml = await parseYaml(source);
  if (yaml === null || !isRecord(yaml.data)) return [];
  const { dockerIgnored } = await import('../docker.ts');
  const found: WatcherHandling[] = [];
  for (const [service, body] of entriesOf(yaml.data['services'])) {
    const develop = isRecord(body) ? body['develop'] : null;
    if (!isRecord(develop)) continue;
    for (const [index, rule] of listOf(develop['watch']).entries()) {
      if (!isRecord(rule) || typeof rule['path'] !== 'string') continue;
      const action = String(rule['action'] ?? '');
      if (!/rebuild|restart/.test(action)) continue;
      const base = absolutePath(`${project}/${directory}/${rule['path']}`);
      const ignores = texts(rule['ignore']);
      const prefix = directory === '' ? '' : `${directory}/`;
      const shared = text(`${prefix}.dockerignore`);
      const sessions = targets.map(({ name, path }) => {
        const inside = relativeTo(path, base);
        if (inside === null) return { path: name, watched: false, reason: `compose watches ${String(rule['path'])}` };
        const ignored = ignores.find((one) => covers(one, inside));
        const context = relativeTo(path, absolutePath(`${project}/${directory}`));
        const byFile = shared === null || context === null ? null : dockerIgnored(shared, context);
        if (ignored !== undefined || byFile !== null)
          return { path: name, watched: false, reason: `ignored by ${ignored ?? `.dockerignore: ${byFile?.text}`}` };
        return {
          path: name,
          watched: true,
          reason: `compose watches ${String(rule['path'])} and does "${action}" when a file changes`,
        };
      });
      found.push({
        file,
        line: yaml.lineOf(['services', service, 'develop', 'watch', index]),
        name: service,
        command: `develop.watch ${action} ${String(rule['path'])}`,
        tool: 'compose develop.watch',
        sessions,
        fix: `ignore: [${(targets[0] === undefined ? '' : (relativeTo(targets[0].path, base) ?? targets[0].name)).replace(/\/(?:session|RemoteAuth)(?:-[^/]*)?$/, '')}/]`,
      });
    }
  }
  return found;
}
