import { absolutePath, isInside } from '../../../model/path.ts';
import { UNKNOWN_TEXT } from '../../effect.ts';
import { nearestManifest } from '../../scripts/manifest.ts';
import type { Call, Ok, Tool } from '../shell.ts';
import { runBatch } from '../windows/batch.ts';
import { runPowerShell } from '../windows/powershell.ts';
import { BUILTINS } from './builtins.ts';
import { CONTAINER_TOOLS } from './containers.ts';
import { FILE_TOOLS } from './files.ts';
import { FIND_TOOLS } from './find.ts';
import { followFile, followJavaScript, runJavaScript, suspects } from './follow.ts';
import { GIT_TOOLS } from './git.ts';
import { NODE_TOOLS } from './node-tools.ts';
import { readOptions } from './options.ts';
import { PACKAGE_TOOLS, runScript } from './packages.ts';
import { JAVASCRIPT_RUNNERS, KNOWN_PROGRAMS } from './programs.ts';
import { RSYNC_TOOLS } from './rsync.ts';
import { RUNNERS } from './runners.ts';
import { TASK_TOOLS } from './tasks.ts';
import { TEXT_TOOLS } from './text.ts';

/** node and its relatives: a file, `-e` code, or `--run script`. */
function javascript(call: Call): Ok {
  const runner = JAVASCRIPT_RUNNERS.get(call.name);
  if (runner === undefined) return 'assumed';
  const { args } = call;
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (/^-(?:e|p|pe|-eval|-print)$/.test(arg) || arg.startsWith('--eval=')) {
      const inline = arg.startsWith('--eval=');
      const code = inline ? arg.slice(7) : (args[at + 1] ?? '');
      const rest = args.slice(inline ? at + 1 : at + 2).filter((word, index) => !(index === 0 && word === '--'));
      const module = args.some((word) => word.startsWith('--input-type=module')) ? 'module' : 'commonjs';
      return runJavaScript(call, { source: { code, module }, args: rest }, `${call.name} -e`);
    }
    if (arg === '--run' && call.name === 'node') {
      const manifest = nearestManifest(call.shell.run, absolutePath(call.shell.cwd));
      return manifest === null
        ? false
        : (runScript(
            call,
            {
              ...manifest,
              scripts: new Map(
                [...manifest.scripts].filter(([name]) => !/^(?:pre|post)/.test(name) || name === args[at + 1]),
              ),
            },
            args[at + 1] ?? '',
            [],
          ) ?? false);
    }
    if (arg === '-c' || arg === '--check' || arg === '--version' || arg === '-v') return 'assumed';
    if (arg === '--test' || arg === '--watch' || arg === '-') continue;
    if (arg.startsWith('-')) {
      const name = arg.replace(/^-+/, '');
      if (runner.valued.has(name) && !arg.includes('=')) at += 1;
      continue;
    }
    if (runner.words.has(arg)) continue;
    return followJavaScript(call, arg, args.slice(at + 1));
  }
  const piped = call.io.input.rest();
  if (piped === null || piped === '') return 'assumed';
  return runJavaScript(call, { source: { code: piped, module: 'commonjs' }, args: [] }, call.name);
}

const powershell: Tool = (call) => {
  const { shell, args } = call;
  for (let at = 0; at < args.length; at += 1) {
    const arg = (args[at] ?? '').toLowerCase();
    if (/^-(?:c|command)$/.test(arg))
      return runPowerShell(shell.spawn(shell.flavour), args.slice(at + 1).join(' '), call.io);
    if (/^-(?:f|file)$/.test(arg))
      return followFile(call, (args[at + 1] ?? '').replaceAll('\\', '/'), args.slice(at + 2), null);
    if (/^-(?:executionpolicy|ep|ex|w|windowstyle|version|configurationname)$/.test(arg)) at += 1;
    else if (!arg.startsWith('-')) {
      if (/\.ps1$/.test(arg)) return followFile(call, (args[at] ?? '').replaceAll('\\', '/'), args.slice(at + 1), null);
      return runPowerShell(shell.spawn(shell.flavour), args.slice(at).join(' '), call.io);
    }
  }
  return 'assumed';
};

const cmd: Tool = (call) => {
  const at = call.args.findIndex((arg) => /^\/[ck]$/i.test(arg));
  if (at < 0) return 'assumed';
  return runBatch(call.shell.spawn(call.shell.flavour), call.args.slice(at + 1).join(' '), call.io);
};

const pm2: Tool = (call) => {
  const { operands } = readOptions(
    call,
    new Set(['n', 'name', 'i', 'instances', 'l', 'log', 'o', 'e', 'max-memory-restart', 'interpreter', 'cwd']),
  );
  const [verb, file] = operands;
  if (!['start', 'restart', 'reload'].includes(verb?.text ?? '') && call.name !== 'pm2-runtime') return 'assumed';
  const name = call.name === 'pm2-runtime' ? verb?.text : file?.text;
  if (name === undefined || !/\.[cm]?[jt]s$/.test(name) || /ecosystem|config/.test(name)) return 'assumed';
  return followJavaScript(call, name, []);
};

const OTHERS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ...[...JAVASCRIPT_RUNNERS.keys()].map((name): [string, Tool] => [name, javascript]),
  ['powershell', powershell],
  ['pwsh', powershell],
  ['cmd', cmd],
  ['pm2', pm2],
  ['pm2-runtime', pm2],
  ['forever', pm2],
]);

const TOOLS: ReadonlyMap<string, Tool> = new Map([
  ...TEXT_TOOLS,
  ...FILE_TOOLS,
  ...FIND_TOOLS,
  ...GIT_TOOLS,
  ...RSYNC_TOOLS,
  ...NODE_TOOLS,
  ...CONTAINER_TOOLS,
  ...PACKAGE_TOOLS,
  ...TASK_TOOLS,
  ...RUNNERS,
  ...OTHERS,
  ...BUILTINS,
]);

/** Programs that only exist on Windows or that a shell of Linux does not know under this name. */
const WINDOWS: ReadonlySet<string> = new Set(['rd', 'erase', 'remove-item', 'ri']);

/** Run words that are not a function of the script: a tool that is acted out, a file of the project, or a program that is not known. */
export function dispatch(call: Call): Ok {
  const { shell } = call;
  let { name } = call;
  const plain = TOOLS.get(name);
  if (plain !== undefined) return plain(call);
  if (KNOWN_PROGRAMS.has(name)) return harmless(call);
  if (name.includes(UNKNOWN_TEXT)) return 'assumed';
  const bin =
    /(?:^|\/)node_modules\/\.bin\/([^/]+)$/.exec(name) ?? /^\/(?:usr\/)?(?:local\/)?s?bin\/([^/]+)$/.exec(name);
  if (bin !== null) name = bin[1] ?? name;
  name = name.replace(/\.(?:exe|cmd)$/i, (ending) =>
    TOOLS.has(name.slice(0, -ending.length).toLowerCase()) ? '' : ending,
  );
  const tool = TOOLS.get(name) ?? TOOLS.get(/^(?:powershell|cmd|pwsh)/i.test(name) ? name.toLowerCase() : '');
  if (tool !== undefined) return tool(name === call.name ? call : { ...call, name });
  if (WINDOWS.has(name.toLowerCase()))
    return runBatch(shell.spawn(shell.flavour), [name, ...call.args].join(' '), call.io);
  const file = name.replaceAll('\\', '/');
  if (file.includes('/') && !file.startsWith('@')) return followFile(call, file, call.args, null);
  if (/\.(?:sh|bat|cmd|ps1|[cm]?[jt]sx?)$/.test(file)) return followFile(call, file, call.args, null);
  return unknownProgram(call, name);
}

/** A known tool that deletes nothing of a session; what it prints is not known. */
function harmless(call: Call): Ok {
  call.io.output?.write(`${UNKNOWN_TEXT}\n`);
  return 'assumed';
}

/**
 * A program that is not acted out. It is harmless when it is a known tool; it makes the sessions doubtful when it is handed one of them,
 * or when its words say that it deletes and do not say what.
 */
function unknownProgram(call: Call, name: string): Ok {
  const { shell } = call;
  const { run } = shell;
  if (KNOWN_PROGRAMS.has(name)) return harmless(call);
  call.io.output?.write(`${UNKNOWN_TEXT}\n`);
  // A whole command in quotes is the name of no program.
  if (/\s/.test(name)) return false;
  const handed = run.models.sessions
    .map(({ target }) => target.path)
    .filter((session) =>
      call.args.some((arg) => {
        if (arg.startsWith('-') || arg === '' || arg.includes(UNKNOWN_TEXT) || shell.cwd.includes(UNKNOWN_TEXT))
          return false;
        return isInside(absolutePath(`/${shell.path(arg)}`), session);
      }),
    );
  if (handed.length > 0)
    run.doubtSessions(`${name} is given the session and is not known here`, handed, name, shell.via);
  else {
    const meant = suspects(shell, [name, ...call.args]);
    if (meant !== null)
      run.doubtSessions(`${name} is not known here, and its words say that it deletes`, meant, name, shell.via);
  }
  return 'assumed';
}
