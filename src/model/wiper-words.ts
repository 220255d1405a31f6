import type { CheckResult } from './check.ts';
import type { FindingDraft, Severity } from './finding.ts';
import type { Script, SessionVerdict } from './wiper.ts';

/** Words that the checks about deletions share. */

const BY_VCS = new Set(['git', 'git clean', 'git checkout', 'git reset', 'git stash', 'git restore', 'git switch']);
const BY_DEPLOY = /^(?:rsync|docker|podman|docker-compose|compose|kubectl|helm|terraform|ansible)/;
/** Files whose commands a machine runs, not a person by name. */
const MACHINE_FILES =
  /(?:^|\/)(?:\.github|\.gitea|\.forgejo|\.circleci)\/|(?:^|\/)(?:\.gitlab-ci|bitbucket-pipelines|azure-pipelines)[^/]*$|(?:^|\/)Jenkinsfile|[Dd]ockerfile|Containerfile|crontab|cron\.d\/|\.cron$|tmpfiles\.d\/|\.(?:service|timer)$/;

export type WiperFamily = 'script' | 'lifecycle' | 'vcs' | 'deploy';

function isManifest(file: string): boolean {
  return file === 'package.json' || file.endsWith('/package.json');
}

/** The deletions of a script that reach a session (all of them where that cannot be told). */
export function reaching(script: Script, session: SessionVerdict): Script['deletes'] {
  const found = script.deletes.filter(({ pattern }) => {
    const plain = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
    return (
      plain === '.' ||
      session.path === plain ||
      session.path.startsWith(`${plain}/`) ||
      plain.startsWith(`${session.path}/`) ||
      /[*?…[{]/.test(plain)
    );
  });
  return found.length > 0 ? found : script.deletes;
}

/** The session that a script does most harm to, or `null`. */
export function worstSession(script: Script): SessionVerdict | null {
  const { sessions } = script;
  return (
    sessions.find(({ deleted }) => deleted === true) ??
    sessions.find(({ partial }) => partial) ??
    sessions.find(({ deleted }) => deleted === 'unknown') ??
    null
  );
}

/** Which check a script belongs to. Each belongs to exactly one. */
export function familyOf(script: Script): WiperFamily {
  const session = worstSession(script);
  const tools = session === null ? [] : reaching(script, session).map(({ tool }) => tool);
  const byGit = tools.some((tool) => BY_VCS.has(tool) || tool.startsWith('git '));
  if (MACHINE_FILES.test(script.file)) return byGit ? 'vcs' : 'deploy';
  if (script.automatic !== 'manual' && script.automatic !== 'publish') return 'lifecycle';
  if (byGit) return 'vcs';
  return tools.some((tool) => BY_DEPLOY.test(tool)) || script.automatic === 'publish' ? 'deploy' : 'script';
}

/** How a person starts it, or what starts it. */
export function commandOf({ file, name, command, automatic }: Script): string {
  if (isManifest(file)) {
    const directory = file.slice(0, -'package.json'.length).replace(/\/$/, '');
    const prefix = directory === '' ? 'npm' : `npm --prefix ${directory}`;
    return automatic === 'install' ? `${prefix} install (${name})` : `${prefix} run ${name}`;
  }
  if (MACHINE_FILES.test(file)) return `${file}: ${name}`;
  return command.includes('\n') ? file : command;
}

const WHO: Readonly<Record<Script['automatic'], string>> = {
  manual: 'a person runs it',
  install: 'every install runs it',
  build: 'every build runs it',
  start: 'every start runs it',
  test: 'every test run runs it',
  stop: 'every stop runs it',
  publish: 'publishing or deploying runs it',
  ci: 'the pipeline runs it',
  schedule: 'it runs by the clock',
};

export function whoRuns({ automatic }: Script): string {
  return WHO[automatic];
}

/** `npm run clean → clean.js:5 → fs.rm .wwebjs_auth`. */
export function chainOf(script: Script, session: SessionVerdict): string {
  const [first] = reaching(script, session);
  if (first === undefined) return script.command.split('\n')[0] ?? '';
  const steps = first.via.filter((step) => step !== script.name && step !== script.file);
  return [...steps, `${first.tool} ${first.pattern}`.trim()].join(' → ');
}

/** The data path above a session: what a deletion must leave out. */
export function keepPath({ path }: SessionVerdict): string {
  return path.replace(/\/(?:session|RemoteAuth)(?:-[^/]*)?$/, '');
}

/** The same command with the session left out, by the tool that deletes it. */
export function excluding(script: Script, session: SessionVerdict): string[] {
  const [first] = reaching(script, session);
  const keep = keepPath(session);
  const tool = first?.tool ?? '';
  if (tool.startsWith('git clean') || (tool === 'git' && /\bclean\b/.test(script.command))) {
    const found = /git\s+clean\b[^\n;&|]*/.exec(script.command)?.[0];
    const capital = /\s-[a-zA-Z]*X/.test(found ?? '');
    if (capital)
      return [`Use -x with an exclusion instead of -X (with -X, -e adds a target): git clean -fdx -e '/${keep}/'.`];
    return [`Run ${found?.trim() ?? 'git clean -fdx'} -e '/${keep}/' instead.`];
  }
  if (/actions\/checkout|checkout@/.test(script.command)) {
    return [
      'Set `clean: false` in the `with:` of the checkout step, and delete build output by name.',
      `Better: keep the session outside of the runner's workspace (an absolute dataPath).`,
    ];
  }
  if (tool === 'git stash' || (tool === 'git' && /\bstash\b/.test(script.command)))
    return ['Stash without -a (--all): ignored files then stay.'];
  if (tool.startsWith('rsync'))
    return [`Add --exclude='/${keep}/' to the rsync command: excluded files are not deleted on the other side.`];
  if (/compose|docker|podman/.test(tool) || script.removesVolumes)
    return ['Run the command without -v (--volumes): containers go, volumes stay.'];
  if (tool.startsWith('find')) return [`Add -not -path '*/${keep}/*' before the action of find.`];
  const pattern = first?.pattern ?? '';
  const plain = pattern.replace(/^\.\//, '').replace(/\/+$/, '');
  if (plain === keep || plain === session.path || plain.startsWith(`${session.path}/`)) {
    return [
      `Take ${pattern} out of the command; delete the caches only (.wwebjs_cache).`,
      'Keep a script of its own, named for what it does (unlink:session), for the day on which the login shall go.',
    ];
  }
  if (/[*?[{]/.test(pattern))
    return [`Name what shall go instead of ${pattern}, or exclude ${keep}: the glob reaches into it.`];
  return [`Name what shall go below ${pattern === '' ? 'it' : pattern}, so that ${keep} stays.`];
}

/** RemoteAuth's directory: it empties it itself at every start, and unpacks what the store keeps. */
function isUnpacked({ path }: SessionVerdict): boolean {
  return /(?:^|\/)RemoteAuth(?:-[^/]*)?$/.test(path);
}

interface Wording {
  readonly severity: (script: Script) => Severity;
  readonly event: (script: Script) => string;
}

/** Findings for all scripts of one family. */
export function scriptFindings(scripts: readonly Script[], family: WiperFamily, words: Wording): CheckResult {
  const findings: FindingDraft[] = [];
  const unknown: string[] = [];
  let judged = 0;
  for (const script of scripts) {
    const session = worstSession(script);
    if (session === null || familyOf(script) !== family) continue;
    judged += 1;
    const { file, line, name } = script;
    const where = commandOf(script);
    const unpacked = isUnpacked(session);
    if (session.deleted === 'unknown') {
      const reason = `${where}: ${session.reason ?? 'what it deletes is not known before it runs'}`;
      // What a person starts by hand is no gap in the judgement of the deploy.
      if (unpacked || script.automatic === 'manual' || script.automatic === 'publish' || script.automatic === 'test') {
        findings.push({
          severity: 'info',
          confidence: 'low',
          message: `${where} may delete the session ${session.path}: ${session.reason ?? 'what it deletes is not known before it runs'}.`,
          event: where,
          locations: [{ file, line }],
          evidence: [chainOf(script, session)],
          remediation: {
            summary: 'Look at what it deletes',
            steps: [`Make sure that ${keepPath(session)} is not among the paths that it deletes.`],
          },
          identity: [family, file, name, 'unknown'],
        });
      } else unknown.push(reason);
      continue;
    }
    const whole = session.deleted === true;
    const hit = script.sessions.filter(({ deleted, partial }) => (whole ? deleted === true : partial));
    findings.push({
      severity: unpacked ? 'info' : whole ? words.severity(script) : 'warning',
      confidence: 'high',
      message: whole
        ? `${where} deletes the session ${hit
            .map(({ path }) => path)
            .slice(0, 3)
            .join(', ')}.`
        : `${where} removes files out of the profile ${session.path}; the login may be damaged.`,
      event: words.event(script),
      locations: [{ file, line }],
      evidence: [
        `${chainOf(script, session)} (${whoRuns(script)})`,
        ...(session.reason === null ? [] : [session.reason]),
        ...(unpacked ? ['RemoteAuth unpacks this directory from its store again at the next start'] : []),
      ],
      remediation: { summary: `Leave ${keepPath(session)} out`, steps: excluding(script, session) },
      identity: [family, file, name],
    });
  }
  if (judged === 0 && scripts.length === 0) return { findings: [], notApplicable: 'no scripts were found' };
  return { findings, unknown };
}
