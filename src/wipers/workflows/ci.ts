import type { FoundCommand } from './commands.ts';
import { entriesOf, isRecord, listOf, parseYaml, type YamlFile } from './yaml.ts';

/** Runner labels that GitHub hosts: machines that are new for every job. */
const HOSTED = /^(?:ubuntu|windows|macos)-[\w.-]+$/;
/** Remote commands: what they run, runs on a server that lasts. */
const REMOTE_ACTION = /(?:ssh-action|ssh-deploy|ssh-execute|remote-ssh|ssh-remote)/i;
/** `actions/checkout`, its forks and mirrors: `git clean -ffdx` and `git reset --hard` by default, on whatever machine it runs. */
const CHECKOUT_ACTION = /(?:^|\/)checkout@/;
const REMOTE_SHELL = /^\s*(?:ssh|sshpass\s+\S+\s+\S+\s+ssh)\s/;

/** What `actions/checkout` does on a directory that is there already (its README, `clean: true`). */
const CHECKOUT_COMMAND = 'git clean -ffdx && git reset --hard HEAD';

function text(value: unknown): string | null {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : null;
}

/** `${{ … }}` is not known before the run. */
function withoutExpressions(command: string): string {
  return command.replace(/\$\{\{[^}]{0,500}\}\}/g, '\u{E0FF}');
}

/** On what machine a GitHub job runs. */
function machineOf(runsOn: unknown): FoundCommand['machine'] {
  const labels = (isRecord(runsOn) ? listOf(runsOn['labels'] ?? runsOn['group']) : listOf(runsOn)).map(
    (label) => text(label) ?? '',
  );
  if (labels.includes('self-hosted')) return 'lasting';
  if (labels.length > 0 && labels.every((label) => HOSTED.test(label))) return 'fresh';
  return 'unknown';
}

/** Commands of a GitHub (Gitea, Forgejo) workflow. */
export async function githubCommands(file: string, source: string): Promise<FoundCommand[] | null> {
  const yaml = await parseYaml(source);
  if (yaml === null || !isRecord(yaml.data)) return null;
  const found: FoundCommand[] = [];
  for (const [jobName, job] of entriesOf(yaml.data['jobs']).slice(0, 200)) {
    if (!isRecord(job)) continue;
    const machine = job['container'] !== undefined ? 'fresh' : machineOf(job['runs-on']);
    const steps = listOf(job['steps']);
    for (const [index, step] of steps.slice(0, 300).entries()) {
      if (!isRecord(step)) continue;
      const path = ['jobs', jobName, 'steps', index];
      const name = `${jobName} / ${text(step['name']) ?? text(step['uses']) ?? `step ${index + 1}`}`;
      const directory = text(step['working-directory']) ?? '';
      const run = text(step['run']);
      const base = { file, name, automatic: 'ci', directory } as const;
      if (run !== null) {
        const shell = text(step['shell']) ?? '';
        found.push(
          ...commandOf(run, {
            ...base,
            line: yaml.lineOf([...path, 'run']),
            language: /pwsh|powershell/.test(shell) ? 'powershell' : 'bash',
            machine,
          }),
        );
      }
      const uses = text(step['uses']) ?? '';
      const inputs = isRecord(step['with']) ? step['with'] : {};
      if (
        CHECKOUT_ACTION.test(uses) &&
        text(inputs['clean']) !== 'false' &&
        machine !== 'fresh' &&
        machine !== 'unknown'
      ) {
        found.push({
          ...base,
          line: yaml.lineOf([...path, 'uses']),
          directory: text(inputs['path']) ?? '',
          language: 'bash',
          machine,
          command: CHECKOUT_COMMAND,
          shown: `uses: ${uses}`,
          note: 'actions/checkout runs `git clean -ffdx` in a workspace that is there already, unless `clean: false` is set',
        });
      }
      const script = text(inputs['script']) ?? text(inputs['command']);
      if (script !== null && (REMOTE_ACTION.test(uses) || inputs['host'] !== undefined)) {
        found.push({
          ...base,
          line: yaml.lineOf([...path, 'with', 'script']),
          language: 'bash',
          machine: 'lasting',
          ...remote(script),
        });
      }
    }
  }
  return found;
}

/** A script that runs on a server in the checkout there: a first `cd` into it is taken as the project itself. */
function remote(script: string): { command: string; shown: string } {
  return { command: atHome(withoutExpressions(script)), shown: script };
}

/** The deploy directory on the server is the project: `cd /var/www/bot` leads to it. */
function atHome(script: string): string {
  return script.replace(/^(\s*(?:set\s+-\w+\s*[;\n]\s*)?)cd\s+(?:"[^"\n]*"|'[^'\n]*'|[^\s;&|]+)\s*(?:&&|;|\n|$)/, '$1');
}

type Base = Omit<FoundCommand, 'command'>;

/** A step's script; what it runs through ssh runs on a machine that lasts. */
function commandOf(run: string, base: Base): FoundCommand[] {
  const plain = withoutExpressions(run);
  const found: FoundCommand[] = [{ ...base, command: plain, shown: run }];
  for (const { script, offset } of remoteScripts(plain)) {
    found.push({
      ...base,
      line: base.line + plain.slice(0, offset).split('\n').length - 1,
      machine: 'lasting',
      command: atHome(script),
      shown: script.trim(),
    });
  }
  return found;
}

/** `ssh host 'commands'` and `ssh host << EOF … EOF`. */
function remoteScripts(run: string): { script: string; offset: number }[] {
  const found: { script: string; offset: number }[] = [];
  const heredoc = /(?:^|\n)[^\n]*\bssh\s[^\n]*<<-?\s*["']?(\w{1,40})["']?[^\n]*\n/g;
  for (const match of run.matchAll(heredoc)) {
    const start = match.index + match[0].length;
    const end = new RegExp(`^\\s*${match[1] ?? 'EOF'}\\s*$`, 'm').exec(run.slice(start));
    found.push({ script: run.slice(start, end === null ? undefined : start + end.index), offset: start });
  }
  for (const line of run.split('\n').slice(0, 2_000)) {
    if (!REMOTE_SHELL.test(line) || line.includes('<<')) continue;
    const quoted = /(["'])((?:(?!\1)[^\\]|\\.){1,4000})\1\s*$/.exec(line);
    if (quoted?.[2] !== undefined) found.push({ script: quoted[2], offset: run.indexOf(line) });
  }
  return found;
}

/** Commands of `.gitlab-ci.yml`. Runners may last and reuse their checkout (`GIT_STRATEGY: fetch` with `GIT_CLEAN_FLAGS: -ffdx`). */
export async function gitlabCommands(file: string, source: string): Promise<FoundCommand[] | null> {
  const yaml = await parseYaml(source);
  if (yaml === null || !isRecord(yaml.data)) return null;
  const found: FoundCommand[] = [];
  for (const [job, body] of entriesOf(yaml.data).slice(0, 300)) {
    if (!isRecord(body)) continue;
    for (const key of ['before_script', 'script', 'after_script']) {
      found.push(...scriptList(yaml, [job, key], body[key], { file, name: job, directory: '' }, 'unknown'));
    }
  }
  return found;
}

/** A list of commands runs as one script. */
function scriptList(
  yaml: YamlFile,
  path: readonly (string | number)[],
  value: unknown,
  base: { readonly file: string; readonly name: string; readonly directory: string },
  machine: FoundCommand['machine'],
): FoundCommand[] {
  const lines = listOf(value)
    .flatMap((line) => (Array.isArray(line) ? line : [line]))
    .flatMap((line) => text(line) ?? []);
  if (lines.length === 0) return [];
  return commandOf(lines.join('\n'), { ...base, line: yaml.lineOf(path), automatic: 'ci', language: 'bash', machine });
}

/** Every `script:` list of a Bitbucket pipeline; steps run in containers that are new each time, unless the runner is one's own. */
export async function bitbucketCommands(file: string, source: string): Promise<FoundCommand[] | null> {
  const yaml = await parseYaml(source);
  if (yaml === null) return null;
  return deepScripts(yaml, file, new Set(['script', 'after-script']), 'fresh');
}

/** Every `run:` of a CircleCI configuration. */
export async function circleCommands(file: string, source: string): Promise<FoundCommand[] | null> {
  const yaml = await parseYaml(source);
  if (yaml === null) return null;
  return deepScripts(yaml, file, new Set(['run', 'command']), 'fresh');
}

/** Every `script:` and `bash:` of an Azure pipeline; agents of one's own pool last and clean by request. */
export async function azureCommands(file: string, source: string): Promise<FoundCommand[] | null> {
  const yaml = await parseYaml(source);
  if (yaml === null) return null;
  return deepScripts(yaml, file, new Set(['script', 'bash', 'powershell', 'pwsh', 'inlineScript']), 'unknown');
}

/** Texts under certain keys, wherever they stand. Depth and count are limited. */
function deepScripts(
  yaml: YamlFile,
  file: string,
  keys: ReadonlySet<string>,
  machine: FoundCommand['machine'],
): FoundCommand[] {
  const found: FoundCommand[] = [];
  const visit = (value: unknown, path: readonly (string | number)[]): void => {
    if (path.length > 20 || found.length > 500) return;
    if (Array.isArray(value))
      value.slice(0, 500).forEach((item, index) => {
        visit(item, [...path, index]);
      });
    else {
      for (const [key, inner] of entriesOf(value)) {
        const scripts =
          keys.has(key) &&
          (typeof inner === 'string' || (Array.isArray(inner) && inner.every((item) => typeof item !== 'object')));
        if (scripts) {
          const name = path.filter((part) => typeof part === 'string').join(' / ') || key;
          const made = scriptList(yaml, [...path, key], inner, { file, name, directory: '' }, machine);
          found.push(
            ...made.map(
              (one): FoundCommand => (/powershell|pwsh/.test(key) ? { ...one, language: 'powershell' } : one),
            ),
          );
        } else visit(inner, [...path, key]);
      }
    }
  };
  visit(yaml.data, []);
  return found;
}

/** `sh '…'`, `sh """…"""`, `bat`, `powershell`, and `cleanWs()`/`deleteDir()` of a Jenkinsfile; agents last. */
export function jenkinsCommands(file: string, source: string): FoundCommand[] {
  const found: FoundCommand[] = [];
  const lineAt = (offset: number): number => source.slice(0, offset).split('\n').length;
  const call =
    /\b(sh|bat|powershell|pwsh)\s*\(?\s*(?:script\s*:\s*)?('''[\s\S]{0,20000}?'''|"""[\s\S]{0,20000}?"""|'(?:[^'\\\n]|\\.){0,4000}'|"(?:[^"\\\n]|\\.){0,4000}")/g;
  for (const match of source.slice(0, 500_000).matchAll(call)) {
    const [, tool = 'sh', quoted = ''] = match;
    const script = /^('''|""")/.test(quoted) ? quoted.slice(3, -3) : quoted.slice(1, -1);
    found.push({
      file,
      line: lineAt(match.index),
      name: 'pipeline',
      command: withoutExpressions(script),
      automatic: 'ci',
      language: tool === 'bat' ? 'batch' : tool === 'sh' ? 'bash' : 'powershell',
      directory: '',
      machine: 'lasting',
      shown: script.trim(),
    });
  }
  for (const match of source.slice(0, 500_000).matchAll(/\b(?:cleanWs|deleteDir)\s*\(/g)) {
    found.push({
      file,
      line: lineAt(match.index),
      name: 'pipeline',
      command: 'find . -mindepth 1 -delete',
      shown: match[0].replace(/\s*\($/, '()'),
      automatic: 'ci',
      language: 'bash',
      directory: '',
      machine: 'lasting',
      note: 'the workspace is emptied',
    });
  }
  return found;
}
