// 20,000 scripts, half of which hold a deleting tool; all are parsed and acted out. Figure: CPU beyond start-up.
// `node bench/wipers.bench.mjs` (bundles this file with esbuild and runs it).
import { absolutePath } from '../src/model/path.ts';
import { loadCommandAnalyser, sessionTarget } from '../src/wipers/shell/analyse.ts';
import type { World } from '../src/wipers/world.ts';

const SCRIPTS = Number(process.env['SCRIPTS'] ?? 20_000);

const HARMLESS = [
  'tsc -p tsconfig.build.json && node dist/index.js',
  'NODE_ENV=production webpack --config webpack.prod.js',
  'eslint "src/**/*.{js,ts}" --fix && prettier --write .',
  'jest --coverage --runInBand',
  'concurrently "npm:watch-css" "npm:watch-js"',
  'cross-env NODE_ENV=test mocha --recursive --exit',
  'docker compose up -d --build',
  'node --max-old-space-size=4096 server.js',
];
const DELETING = [
  'rm -rf dist && tsc',
  'rimraf dist build/**/*.js coverage',
  'find . -name "*.tsbuildinfo" -not -path "*/node_modules/*" -delete',
  'git clean -fdX -e "!.env"',
  'del-cli "dist/**" "!dist/.gitkeep"',
  'shx rm -rf public resources && shx mkdir -p public',
  'if [ -d build ]; then rm -rf build; fi; mkdir build',
  'rm -rf .wwebjs_auth/session/Singleton* ; node .',
  'for d in a b c; do rm -rf "packages/$d/dist"; done',
  'rm -rf data && mkdir -p data/sessions',
];

const directories = new Map<string, string[]>([
  ['/', ['app']],
  ['/app', ['package.json', 'src', 'dist', 'packages', 'build', 'node_modules', 'public', '.git']],
  ['/app/src', ['index.js', 'lib.js']],
  ['/app/dist', ['index.js']],
  ['/app/build', ['index.js']],
  ['/app/packages', ['a', 'b', 'c']],
  ['/app/packages/a', ['dist']],
  ['/app/.git', ['HEAD']],
]);
const world: World = {
  kind: (path) => {
    if (directories.has(path)) return 'directory';
    const cut = path.lastIndexOf('/');
    return directories.get(path.slice(0, cut) || '/')?.includes(path.slice(cut + 1)) === true ? 'file' : null;
  },
  names: (path) => directories.get(path) ?? null,
  text: () => null,
  resolve: (path) => (directories.has(path) ? path : null),
};

const analyser = await loadCommandAnalyser();
const root = absolutePath('/app');
const context = {
  world,
  cwd: root,
  sessions: [sessionTarget(root, '.wwebjs_auth'), sessionTarget(root, 'data/sessions')],
  flavour: 'dash' as const,
};
const commands: string[] = [];
for (let n = 0; n < SCRIPTS; n += 1) {
  const list = n % 2 === 0 ? HARMLESS : DELETING;
  // A number in each keeps any memory of parsed texts from helping.
  commands.push(`${list[Math.floor(n / 2) % list.length] ?? ''} # ${n}`);
}
const before = process.cpuUsage();
let deleted = 0;
for (const command of commands)
  if (analyser.judge(command, context).sessions.some((session) => session.deleted === true)) deleted += 1;
const used = process.cpuUsage(before);
const seconds = (used.user + used.system) / 1e6;
console.log(
  `wipers: ${SCRIPTS} scripts, ${deleted} delete a session: ${seconds.toFixed(2)} s CPU beyond start-up (aim <= 1)`,
);
