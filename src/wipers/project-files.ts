import { type AbsolutePath, absolutePath } from '../model/path.ts';
import type { Reader } from '../model/reader.ts';

/** Directories that hold nothing that the project's people wrote, or session data. */
const NEVER = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.wwebjs_auth',
  '.wwebjs_cache',
  '.cache',
  '.next',
  'dist',
  'build',
  'coverage',
  '.yarn',
  '.venv',
  'venv',
  '__pycache__',
  'vendor',
]);
const DIRECTORY_LIMIT = 5_000;
const FILE_LIMIT = 2_000;
const DEPTH_LIMIT = 12;

/** What a file is to this program, by its name. The first that matches. */
const KINDS: readonly (readonly [FileRole, RegExp])[] = [
  ['github', /^\.(?:github|gitea|forgejo)\/(?:workflows\/[^/]+|actions\/[^/]+\/action)\.ya?ml$/],
  ['gitlab', /(?:^|\/)\.gitlab-ci\.ya?ml$/],
  ['bitbucket', /(?:^|\/)bitbucket-pipelines\.ya?ml$/],
  ['circleci', /^\.circleci\/config\.ya?ml$/],
  ['azure', /(?:^|\/)azure-pipelines[^/]*\.ya?ml$/],
  ['jenkins', /(?:^|\/)Jenkinsfile[^/]*$/],
  ['compose', /(?:^|\/)(?:docker-)?compose[^/]*\.ya?ml$/],
  ['dockerfile', /(?:^|\/)(?:Dockerfile[^/]*|[^/]+\.[Dd]ockerfile|Containerfile)$/],
  ['crontab', /(?:^|\/)(?:crontab[^/]*|[^/]+\.(?:cron|crontab))$|^etc\/cron\.d\/[^/]+$|(?:^|\/)cron\.d\/[^/]+$/],
  ['tmpfiles', /(?:^|\/)tmpfiles\.d\/[^/]+\.conf$/],
  ['systemd', /\.(?:service|timer)$/],
  ['hook', /^\.(?:husky|githooks)\/[^/._][^/]*$/],
  ['shell', /\.(?:sh|bash|zsh|ksh)$/],
  ['batch', /\.(?:bat|cmd)$/i],
  ['powershell', /\.ps1$/i],
  ['make', /(?:^|\/)(?:GNUm|[Mm])akefile$|\.mk$/],
  ['just', /(?:^|\/)\.?[Jj]ustfile$/],
  ['task', /(?:^|\/)[Tt]askfile\.ya?ml$/],
  ['nodemon', /(?:^|\/)\.?nodemon\.json$/],
  ['pm2', /(?:^|\/)(?:ecosystem\.config\.(?:c?js|json)|pm2\.(?:json|config\.c?js)|processes?\.json)$/],
  ['manifest', /(?:^|\/)package\.json$/],
];

export type FileRole =
  | 'github'
  | 'gitlab'
  | 'bitbucket'
  | 'circleci'
  | 'azure'
  | 'jenkins'
  | 'compose'
  | 'dockerfile'
  | 'crontab'
  | 'tmpfiles'
  | 'systemd'
  | 'hook'
  | 'shell'
  | 'batch'
  | 'powershell'
  | 'make'
  | 'just'
  | 'task'
  | 'nodemon'
  | 'pm2'
  | 'manifest';

export interface ProjectFile {
  /** Relative to the project. */
  readonly path: string;
  readonly role: FileRole;
}

export function roleOf(path: string): FileRole | null {
  return KINDS.find(([, pattern]) => pattern.test(path))?.[0] ?? null;
}

/** Files of a project that run commands or say what is run, parents first. Links are not followed. */
export function projectFiles(reader: Reader, project: AbsolutePath): { files: ProjectFile[]; problems: string[] } {
  const files: ProjectFile[] = [];
  const problems: string[] = [];
  const queue: { path: string; depth: number }[] = [{ path: '', depth: 0 }];
  for (let index = 0; index < queue.length && index < DIRECTORY_LIMIT; index += 1) {
    const at = queue[index];
    if (at === undefined) break;
    const listed = reader.list(absolutePath(`${project}/${at.path}`));
    if (!listed.ok) {
      if (at.path === '') problems.push(`the project could not be listed: ${listed.failure.reason}`);
      continue;
    }
    if (listed.value.some(({ name }) => name === 'Local State')) continue;
    for (const { name, kind } of listed.value) {
      const path = at.path === '' ? name : `${at.path}/${name}`;
      if (kind === 'directory') {
        if (!NEVER.has(name) && at.depth < DEPTH_LIMIT) queue.push({ path, depth: at.depth + 1 });
      } else if (kind === 'file') {
        const role = roleOf(path);
        if (role === null) continue;
        if (files.length >= FILE_LIMIT)
          return { files, problems: [...problems, `more than ${FILE_LIMIT} scripts: the rest was not read`] };
        files.push({ path, role });
      }
    }
  }
  return { files, problems };
}
