import { absolutePath } from '../../../model/path.ts';
import type { CommandEffect, JavaScriptProgram, ShellFlavour } from '../../effect.ts';
import { UNKNOWN_TEXT } from '../../effect.ts';
import { hasGlob } from '../../paths.ts';
import { walkGlob } from '../glob-walk.ts';
import { record } from '../record.ts';
import { drop, dropUnknown } from '../remove.ts';
import type { Call, Ok, Shell } from '../shell.ts';
import { runBatch } from '../windows/batch.ts';
import { runPowerShell } from '../windows/powershell.ts';
import { wordsThatDelete } from './unknown.ts';

const JAVASCRIPT = /\.(?:[cm]?[jt]sx?|coffee)$/;

/** Run a file of the project: shell, batch, PowerShell or JavaScript, by its name or first line. `as` forces a shell. */
export function followFile(
  call: Call,
  file: string,
  args: readonly string[],
  as: { readonly shell: ShellFlavour; readonly options: readonly string[] } | null,
): Ok {
  const { shell } = call;
  const { run } = shell;
  if (file.includes(UNKNOWN_TEXT) || shell.cwd.includes(UNKNOWN_TEXT)) return 'assumed';
  if (JAVASCRIPT.test(file) && as === null) return followJavaScript(call, file, args);
  const found = shell.find(file, true);
  const text = found.entry?.kind === 'file' ? run.tree.text(found.path) : null;
  if (text === null) {
    if (as === null && found.entry?.kind === 'directory') return followJavaScript(call, file, args);
    missing(call, file, args, found.entry === null ? 'does not exist here' : 'could not be read');
    return found.entry === null ? false : 'assumed';
  }
  const via = [...shell.via, shell.shown(file)];
  const key = `file ${found.path} ${args.join(' ')}`;
  if (run.active.includes(key)) return 'assumed';
  run.active.push(key);
  try {
    if (as === null && /\.ps1$/i.test(file)) return runPowerShell(shell.spawn(shell.flavour, via), text, call.io);
    if (as === null && /\.(?:bat|cmd)$/i.test(file))
      return runBatch(shell.spawn(shell.flavour, via), text, call.io, args);
    const first = /^#!\s*(\S+)(?:[ \t]+(.*))?/.exec(text);
    const program = (
      first?.[1]?.endsWith('/env') ? (first[2] ?? '').replace(/^-S\s+/, '') : `${first?.[1] ?? ''} ${first?.[2] ?? ''}`
    ).trim();
    const name = program.split(/\s+/)[0]?.split('/').at(-1) ?? '';
    if (as === null && first !== null && /^(?:node|bun|deno|tsx|ts-node|zx|babel-node)$/.test(name))
      return followJavaScript(call, file, args);
    if (as === null && first !== null && !/^(?:sh|bash|dash|ash|zsh|ksh)$/.test(name)) {
      if (wordsThatDelete([text.slice(0, 20_000)]).length > 0)
        missing(call, file, args, `is written for ${name}, which is not followed`);
      return 'assumed';
    }
    if (text.includes('\0')) {
      missing(call, file, args, 'is a binary file');
      return 'assumed';
    }
    const flavour =
      as?.shell ??
      (name === 'bash' || name === 'zsh' || name === 'ksh'
        ? 'bash'
        : name === 'ash'
          ? 'busybox'
          : (run.context.flavour ?? 'dash'));
    const inner = shell.spawn(flavour === 'unknown' ? 'dash' : flavour, via);
    inner.errexit = as === null && /^#!.*\s-[a-z]*e/.test(first?.[0] ?? '');
    for (const option of as?.options ?? []) inner.option(option, true);
    inner.zero = file;
    inner.args = [...args];
    return run.engine.source(inner, text, call.io);
  } finally {
    run.active.pop();
  }
}

/** A file that cannot be followed matters only when its name or arguments say that it deletes. */
function missing(call: Call, file: string, args: readonly string[], why: string): void {
  const { shell } = call;
  const targets = suspects(shell, [file.split('/').at(-1) ?? file, ...args]);
  if (targets === null) return;
  shell.run.doubtSessions(`${file} ${why}, and its name says that it deletes`, targets, file, shell.via);
}

/** Which sessions words could mean: `null` none, `[]` any. */
export function suspects(shell: Shell, words: readonly string[]): string[] | null {
  const named: string[] = [];
  for (const word of words) {
    if (word.startsWith('-') || !/[\w]/.test(word) || word.includes(UNKNOWN_TEXT)) continue;
    const path = absolutePath(`/${shell.path(word)}`);
    for (const { target } of shell.run.models.sessions) {
      if (path === target.path || path.startsWith(`${target.path}/`)) named.push(target.path);
    }
  }
  const deleting = wordsThatDelete(words);
  if (deleting.length === 0) return null;
  if (named.length > 0) return named;
  const { objects, sessions } = meaning(words);
  if (sessions.length > 0) {
    const meant: string[] = shell.run.models.sessions
      .filter(({ target }) => sessions.some((word) => target.path.toLowerCase().includes(word)))
      .map(({ target }) => target.path);
    return meant.length === 0 ? null : meant;
  }
  return objects ? null : [];
}

function meaning(words: readonly string[]): { objects: boolean; sessions: string[] } {
  const parts = tokens(words);
  return {
    objects: parts.some((part) => HARMLESS_OBJECTS.has(part)),
    sessions: parts.flatMap((part) => (SESSION_WORDS.has(part) ? [part.replace(/s$/, '')] : [])),
  };
}

/** `cleanSessions.js` → clean sessions js */
export function tokens(words: readonly string[]): string[] {
  return words.flatMap((word) =>
    word
      .slice(0, 500)
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .split(/[^a-z]+/)
      .filter((part) => part !== ''),
  );
}

const SESSION_WORDS: ReadonlySet<string> = new Set([
  'session',
  'sessions',
  'auth',
  'wwebjs',
  'whatsapp',
  'login',
  'profile',
  'profiles',
  'qr',
]);

/** Things whose removal is nobody's loss here. */
const HARMLESS_OBJECTS: ReadonlySet<string> = new Set([
  'build',
  'builds',
  'dist',
  'bundle',
  'bundles',
  'cache',
  'caches',
  'coverage',
  'docs',
  'doc',
  'log',
  'logs',
  'db',
  'database',
  'migration',
  'migrations',
  'types',
  'typings',
  'lib',
  'libs',
  'output',
  'outputs',
  'out',
  'assets',
  'public',
  'static',
  'css',
  'styles',
  'deps',
  'dependencies',
  'modules',
  'node',
  'test',
  'tests',
  'e',
  'storybook',
  'locales',
  'i',
  'generated',
  'codegen',
  'package',
  'packages',
  'lint',
  'svg',
  'icons',
  'images',
  'fonts',
  'tmp',
  'temp',
  'release',
  'next',
  'turbo',
  'dts',
  'maps',
  'sourcemaps',
  'comments',
  'redis',
  'docker',
  'branches',
  'tags',
  'webpack',
  'vite',
  'rollup',
  'declarations',
]);

function replay(shell: Shell, effect: CommandEffect): void {
  const { run } = shell;
  const act = (): void => {
    if (effect.kind === 'volumes') {
      run.volumes = true;
      return;
    }
    if (effect.kind === 'unknown') {
      run.doubtSessions(
        effect.reason ?? 'it is not known what it deletes',
        effect.touched ?? effect.patterns,
        effect.tool,
        effect.via,
      );
      return;
    }
    const touched = applyEffect(shell, effect);
    record(Object.assign(Object.create(shell) as Shell, { via: effect.via.length > 0 ? effect.via : shell.via }), {
      kind: effect.kind,
      tool: effect.tool,
      patterns: effect.patterns.map((pattern) => shell.shown(pattern)),
      touched: touched as never,
      to: effect.to,
      recursive: effect.recursive,
      glob: effect.glob,
      reason: effect.reason,
    });
  };
  if (effect.certainty === 'possible')
    run.perhaps(effect.reason ?? 'it depends on something that is not known before it runs', act);
  else act();
}

/** Act an effect out on the model. Returns the touched paths. */
export function applyEffect(shell: Shell, effect: CommandEffect): string[] {
  const { run } = shell;
  const touched: string[] = [];
  const exact = effect.touched;
  if (exact !== undefined && exact.length > 0) {
    for (const path of exact) {
      const found = run.tree.find(path);
      if (found.entry === null) continue;
      if (effect.kind === 'empty') run.tree.spoil(found.entry, run.doubt);
      else if (drop(shell, found)) touched.push(found.path);
      if (effect.kind === 'empty' && run.touch(found.path)) touched.push(found.path);
    }
    return touched;
  }
  for (const pattern of effect.patterns) {
    const full = pattern.startsWith('/') || pattern.startsWith(UNKNOWN_TEXT) ? pattern : `${run.root}/${pattern}`;
    if (full.includes(UNKNOWN_TEXT)) {
      if (effect.kind === 'delete' || effect.kind === 'empty' || effect.kind === 'move') {
        touched.push(...dropUnknown(shell, full, effect.reason ?? undefined));
      }
      continue;
    }
    const paths =
      effect.glob && (hasGlob(full, true) || full.includes('{'))
        ? walkGlob(run.tree, '/', full, {
            dot: false,
            extended: true,
            globstar: true,
            globstarDot: false,
            step: () => run.step(0.2),
          })
        : [full];
    for (const path of paths) touched.push(...applyTo(shell, effect, path));
  }
  return touched;
}

function applyTo(shell: Shell, effect: CommandEffect, path: string): string[] {
  const { run } = shell;
  const found = run.tree.find(path);
  const touched: string[] = [];
  switch (effect.kind) {
    case 'create':
      if (found.entry === null) run.tree.makeDirectories(path, run.doubt);
      return touched;
    case 'delete':
      if (found.entry === null) return touched;
      if (!effect.recursive && found.entry.kind === 'directory' && run.tree.names(found.entry).length > 0)
        return touched;
      if (drop(shell, found)) touched.push(found.path);
      return touched;
    case 'empty': {
      const { entry } = run.tree.find(path, true);
      if (entry === null) return touched;
      if (entry.kind !== 'directory') {
        run.tree.spoil(entry, run.doubt);
        if (run.touch(found.path)) touched.push(found.path);
        return touched;
      }
      for (const name of run.tree.names(entry)) {
        const inner = run.tree.find(`${path}/${name}`);
        if (drop(shell, inner)) touched.push(inner.path);
      }
      return touched;
    }
    default: {
      if (found.entry === null) return touched;
      const to =
        effect.to === null || effect.to.includes(UNKNOWN_TEXT)
          ? null
          : run.tree.find(effect.to.startsWith('/') ? effect.to : `${run.root}/${effect.to}`);
      const copy = run.tree.copy(found.entry);
      if (effect.kind === 'move' && drop(shell, found)) touched.push(found.path);
      if (to !== null && to.parent !== null) {
        run.tree.place(to.parent, to.name, copy, run.doubt);
        if (run.touch(to.path)) touched.push(to.path);
      }
      return touched;
    }
  }
}

/** Hand a program to the JavaScript analysis and act out what it finds. */
export function runJavaScript(call: Call, program: Omit<JavaScriptProgram, 'cwd' | 'env' | 'via'>, shown: string): Ok {
  const { shell } = call;
  const { run } = shell;
  const analyse = run.context.javascript;
  if (analyse === undefined) {
    if ('code' in program.source && !DELETING_CODE.test(program.source.code)) return 'assumed';
    const words = 'code' in program.source ? [program.source.code] : [shown.split('/').at(-1) ?? shown];
    if (wordsThatDelete(words).length > 0)
      run.doubtSessions(`JavaScript (${shown}) was not analysed`, [], 'node', shell.via);
    return 'assumed';
  }
  const result = analyse({
    ...program,
    cwd: absolutePath(shell.cwd),
    env: new Map([...shell.vars].filter(([name]) => shell.exported.has(name))),
    via: 'file' in program.source ? [...shell.via, shown] : shell.via,
  });
  for (const effect of result.effects) {
    if (!run.step()) break;
    replay(shell, effect);
  }
  for (const gap of result.gaps.slice(0, 1)) run.doubtSessions(gap, [], 'node', shell.via);
  return 'assumed';
}

const DELETING_CODE =
  /\b(?:rm|rmSync|rmdir|rmdirSync|unlink|unlinkSync|remove|removeSync|emptyDir|emptyDirSync|rimraf|del|rename|renameSync|exec|execSync|spawn|spawnSync|truncate|truncateSync)\b/;

const EXTENSIONS = ['', '.js', '.ts', '.mjs', '.cjs', '.mts', '.tsx', '/index.js', '/index.ts'];

/** A JavaScript file that a command names, with the endings that node and its relatives try. */
export function followJavaScript(call: Call, file: string, args: readonly string[]): Ok {
  const { shell } = call;
  if (file.includes(UNKNOWN_TEXT) || shell.cwd.includes(UNKNOWN_TEXT)) return 'assumed';
  for (const extension of EXTENSIONS) {
    const found = shell.find(file + extension, true);
    if (found.entry?.kind !== 'file') continue;
    const key = `file ${found.path} ${args.join(' ')}`;
    if (shell.run.active.includes(key)) return 'assumed';
    shell.run.active.push(key);
    try {
      return runJavaScript(call, { source: { file: found.path }, args }, shell.shown(file));
    } finally {
      shell.run.active.pop();
    }
  }
  missing(call, file, args, 'does not exist here');
  return 'assumed';
}
