import { describe, expect, it } from 'vitest';
import { createReader } from '../../../src/facts/reader.ts';
import { absolutePath } from '../../../src/model/path.ts';
import { backupOf } from '../../../src/wipers/backup.ts';
import { dockerIgnored } from '../../../src/wipers/docker.ts';
import { examineScripts } from '../../../src/wipers/find-scripts.ts';
import { crontabCommands } from '../../../src/wipers/schedule.ts';
import { targetOf } from '../../../src/wipers/targets.ts';
import { scratchTree } from '../tree.ts';

const SESSION = '.wwebjs_auth/session';

async function examine(files: Readonly<Record<string, string>>) {
  const project = scratchTree(files);
  return examineScripts({
    reader: createReader({ root: '/' }),
    project,
    targets: [targetOf(project, SESSION)],
    launches: [],
    home: null,
    source: null,
  });
}

const workflow = (runsOn: string, steps: string): string =>
  `on: push\njobs:\n  deploy:\n    runs-on: ${runsOn}\n    steps:\n${steps}`;

/** File, its text, and the verdict on the session that is expected (`null`: not listed at all). */
const CASES: readonly (readonly [string, string, string, boolean | 'unknown' | null])[] = [
  [
    "checkout on a runner of one's own",
    '.github/workflows/a.yml',
    workflow('self-hosted', '      - uses: actions/checkout@v4\n'),
    true,
  ],
  [
    'checkout that does not clean',
    '.github/workflows/a.yml',
    workflow('self-hosted', '      - uses: actions/checkout@v4\n        with:\n          clean: false\n'),
    null,
  ],
  [
    'checkout on a hosted runner',
    '.github/workflows/a.yml',
    workflow('ubuntu-latest', '      - uses: actions/checkout@v4\n'),
    null,
  ],
  [
    'git clean on a hosted runner',
    '.github/workflows/a.yml',
    workflow('ubuntu-latest', '      - run: git clean -fdx\n'),
    false,
  ],
  [
    "git clean on one's own",
    '.github/workflows/a.yml',
    workflow('[self-hosted, linux]', '      - run: git clean -fdx\n'),
    true,
  ],
  [
    'git clean with exclusion',
    '.github/workflows/a.yml',
    workflow('[self-hosted, linux]', '      - run: git clean -fdx -e .wwebjs_auth\n'),
    null,
  ],
  [
    'ssh action',
    '.github/workflows/a.yml',
    workflow(
      'ubuntu-latest',
      '      - uses: appleboy/ssh-action@v1\n        with:\n          host: x\n          script: |\n            cd /var/www/bot\n            git pull\n            rm -rf .wwebjs_auth\n',
    ),
    true,
  ],
  [
    'ssh in a step',
    '.github/workflows/a.yml',
    workflow('ubuntu-latest', "      - run: ssh me@host 'cd bot && git clean -fdx && npm ci'\n"),
    true,
  ],
  [
    'ssh with a here-document',
    '.github/workflows/a.yml',
    workflow(
      'ubuntu-latest',
      '      - run: |\n          ssh me@host << EOF\n            cd /srv/bot\n            git clean -fdx\n          EOF\n',
    ),
    true,
  ],
  [
    'harmless build',
    '.github/workflows/a.yml',
    workflow('self-hosted', '      - run: rm -rf dist && npm run build\n'),
    null,
  ],
  ['gitlab, runner not known', '.gitlab-ci.yml', 'deploy:\n  script:\n    - git clean -fdx\n', 'unknown'],
  ['jenkins', 'Jenkinsfile', "pipeline { stages { stage('x') { steps { sh 'rm -rf .wwebjs_auth' } } } }", true],
  ['jenkins cleanWs', 'Jenkinsfile', 'pipeline { post { always { cleanWs() } } }', true],
  [
    'bitbucket step in a new container',
    'bitbucket-pipelines.yml',
    'pipelines:\n  default:\n    - step:\n        script:\n          - git clean -fdx\n',
    false,
  ],
  [
    'image build',
    'Dockerfile',
    'FROM node:20\nWORKDIR /app\nCOPY . .\nRUN rm -rf \\\n  .wwebjs_auth\nCMD ["node", "x.js"]\n',
    false,
  ],
  ['entrypoint', 'docker-entrypoint.sh', '#!/bin/sh\nrm -rf .wwebjs_auth\nexec node index.js\n', true],
  ['locks only', 'start.sh', '#!/bin/sh\nrm -f .wwebjs_auth/session/Singleton*\nexec node index.js\n', false],
  [
    'unit',
    'deploy/bot.service',
    '[Service]\nExecStartPre=/bin/rm -rf .wwebjs_auth\nExecStart=/usr/bin/node index.js\n',
    true,
  ],
  ['make', 'Makefile', 'clean:\n\trm -rf dist\n', null],
];

describe('what runs beside package scripts', () => {
  it.each(CASES)('%s', async (_, file, text, expected) => {
    const { scripts, problems } = await examine({ [file]: text, 'package.json': '{"name":"x"}' });
    expect(problems).toEqual([]);
    const found = scripts.filter((script) => script.file === file);
    const verdicts = found.map(({ sessions }) => sessions[0]?.deleted);
    if (expected === null) expect(verdicts).toEqual([]);
    else expect(verdicts).toContain(expected);
  });

  it('says when hooks run and by what line', async () => {
    const { scripts } = await examine({
      'package.json': '{\n "scripts": {\n  "prepare": "rimraf .wwebjs_auth",\n  "clean": "rm -rf dist"\n }\n}',
    });
    expect(scripts.map(({ name, line, automatic, sessions }) => [name, line, automatic, sessions[0]?.deleted])).toEqual(
      [
        ['prepare', 3, 'install', true],
        ['clean', 4, 'manual', false],
      ],
    );
  });

  it('survives files that are no YAML and no JSON', async () => {
    const { scripts, problems } = await examine({
      'package.json': '{',
      '.github/workflows/a.yml': '\u0000[',
      '.gitlab-ci.yml': '&a [*a, *a]',
    });
    expect(scripts).toEqual([]);
    expect(problems.length).toBeGreaterThan(0);
  });

  it('reads crontabs', () => {
    const text =
      'SHELL=/bin/sh\n# no\n0 3 * * * rm -rf /srv/bot/.wwebjs_auth\n@reboot cd /srv && ./x.sh\n*/5 * * * * date +\\%F % input\n';
    expect(crontabCommands('crontab', text, false).map(({ line, command }) => [line, command])).toEqual([
      [3, 'rm -rf /srv/bot/.wwebjs_auth'],
      [4, 'cd /srv && ./x.sh'],
      [5, 'date +%F '],
    ]);
    expect(crontabCommands('cron.d/bot', '0 3 * * * root rm -rf x\n', true)[0]?.command).toBe('rm -rf x');
  });
});

describe('.dockerignore', () => {
  it.each([
    ['.wwebjs_auth', '.wwebjs_auth/session', true],
    ['**/.wwebjs_auth', 'a/b/.wwebjs_auth/session', true],
    ['.wwebjs_auth', 'a/.wwebjs_auth', false],
    ['*\n!src', '.wwebjs_auth/session', true],
    ['.wwebjs_*/', '.wwebjs_auth/session', true],
    ['/data/sessions', 'data/sessions/session-a', true],
    ['data\n!data/sessions', 'data/sessions/session-a', false],
    ['# .wwebjs_auth', '.wwebjs_auth', false],
    ['node_modules\n.env', '.wwebjs_auth/session', false],
    ['**/session-*', 'data/session-a', true],
  ])('%j against %s', (text, path, expected) => {
    expect(dockerIgnored(text, path) !== null).toBe(expected);
  });
});

describe('backups', () => {
  const project = absolutePath('/srv/bot');
  const targets = [targetOf(project, SESSION)];
  const backup = (command: string, name = 'backup') =>
    backupOf(
      {
        file: 'crontab',
        line: 1,
        name,
        command,
        automatic: 'schedule',
        language: 'shell',
        directory: '',
        machine: 'lasting',
      },
      project,
      targets,
    );
  it.each([
    ['tar czf /backup/s.tgz .wwebjs_auth', true, false],
    ['cd /srv/bot && tar -czf /b.tgz .', true, false],
    ['tar -xzf b.tgz', false, null],
    ['pm2 stop bot && tar czf /b.tgz /srv/bot/.wwebjs_auth && pm2 start bot', true, true],
    ['rsync -a /srv/bot/ backup:/srv/', true, false],
    ['rsync -a --exclude .wwebjs_auth /srv/bot/ backup:/srv/', false, null],
    ['restic -r /r backup /srv', true, false],
    ['DIR=/srv/bot/.wwebjs_auth; cp -a $DIR /backup/', true, false],
    ['cp index.js /tmp', false, null],
    ['docker compose stop bot; tar czf x.tgz .wwebjs_auth', true, true],
  ])('%s', (command, found, stops) => {
    const made = backup(command);
    expect(made !== null).toBe(found);
    if (made !== null) expect(made.stopsBot).toBe(stops);
  });
});
