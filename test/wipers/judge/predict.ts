import { createReader } from '../../../src/facts/reader.ts';
import { absolutePath } from '../../../src/model/path.ts';
import type { TargetVerdict } from '../../../src/wipers/effect.ts';
import { createWorld } from '../../../src/wipers/reader-world.ts';
import { type CommandAnalyser, sessionTarget } from '../../../src/wipers/shell/analyse.ts';
import type { World } from '../../../src/wipers/world.ts';
import { type JudgedCommand, PROJECT, SANDBOX, SESSIONS } from './sandbox.ts';

/** The template as it will lie in the sandbox, and nothing else of this machine but its programs. */
export function sandboxWorld(template: string): World {
  const real = createWorld(createReader());
  const inside = (path: string): string =>
    path === PROJECT || path.startsWith(`${PROJECT}/`) ? template + path.slice(PROJECT.length) : path;
  const back = (path: string): string =>
    path === template || path.startsWith(`${template}/`) ? PROJECT + path.slice(template.length) : path;
  return {
    kind: (path) =>
      [SANDBOX, `${SANDBOX}/tmp`, `${SANDBOX}/home`, '/mnt'].includes(path)
        ? 'directory'
        : real.kind(absolutePath(inside(path))),
    names: (path) => {
      if (path === '/mnt') return ['wa-judge'];
      if (path === SANDBOX) return ['home', 'project', 'template', 'tmp'];
      if (path === `${SANDBOX}/tmp` || path === `${SANDBOX}/home`) return [];
      return real.names(absolutePath(inside(path)));
    },
    text: (path) => real.text(absolutePath(inside(path))),
    resolve: (path) => {
      if ([SANDBOX, `${SANDBOX}/tmp`, `${SANDBOX}/home`, '/mnt'].includes(path)) return path;
      const found = real.resolve(absolutePath(inside(path)));
      return found === null ? null : absolutePath(back(found));
    },
  };
}

export function predict(
  analyser: CommandAnalyser,
  world: World,
  { command, shell }: JudgedCommand,
): readonly TargetVerdict[] {
  const root = absolutePath(PROJECT);
  return analyser.judge(
    command,
    {
      world,
      cwd: root,
      sessions: SESSIONS.map((session) => sessionTarget(root, session)),
      flavour: 'dash',
      home: absolutePath(`${SANDBOX}/home`),
      env: new Map([
        ['HOME', `${SANDBOX}/home`],
        ['TMPDIR', `${SANDBOX}/tmp`],
      ]),
    },
    shell === 'bash' ? 'bash' : 'shell',
  ).sessions;
}
