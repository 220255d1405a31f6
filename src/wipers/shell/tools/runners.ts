import { absolutePath, parentOf } from '../../../model/path.ts';
import type { ShellFlavour } from '../../effect.ts';
import { UNKNOWN_TEXT } from '../../effect.ts';
import { type Call, CONSENT, Input, type Ok, type Tool } from '../shell.ts';
import { followFile } from './follow.ts';
import { NO_VALUES, type Operand, readOptions, reworded } from './options.ts';

/** Rounds of xargs that are acted out. */
const ROUND_LIMIT = 2_000;

/** Run the words that are left as one command; without any the tool itself succeeds. */
function rest(call: Call, words: readonly Operand[], nothing: Ok = true): Ok {
  const inner = reworded(call, words);
  return inner === null ? nothing : call.shell.run.engine.execute(inner);
}

/** sudo, nohup, time, …: options, then a command. */
function prefix(valued: ReadonlySet<string>, skip = 0): Tool {
  return (call) => rest(call, readOptions(call, valued, true).operands.slice(skip));
}

/** `NAME=value … command` */
function withVariables(call: Call, words: readonly Operand[], run: (rest: readonly Operand[]) => Ok): Ok {
  const { shell } = call;
  const vars = new Map(shell.vars);
  const exported = new Set(shell.exported);
  let at = 0;
  for (let word = words[at]?.text; word !== undefined; word = words[at]?.text) {
    const match = /^(\w+)=([\s\S]*)$/.exec(word);
    if (match === null) break;
    shell.vars.set(match[1] ?? '', match[2] ?? '');
    shell.exported.add(match[1] ?? '');
    at += 1;
  }
  const ok = run(words.slice(at));
  shell.vars = vars;
  shell.exported = exported;
  return ok;
}

const env: Tool = (call) => {
  const { flags, operands } = readOptions(call, new Set(['u', 'C', 'S', 'unset', 'chdir', 'split-string']), true);
  const { shell } = call;
  const split = flags.get('S') ?? flags.get('split-string');
  if (split !== undefined) return shell.run.engine.source(shell.fork(), split, call.io);
  const to = flags.get('C') ?? flags.get('chdir');
  const before = shell.cwd;
  if (to !== undefined) {
    const found = shell.find(to, true);
    if (found.entry?.kind !== 'directory') return false;
    shell.cwd = found.path;
  }
  const kept = new Map(shell.vars);
  const unset = flags.get('u') ?? flags.get('unset');
  if (unset !== undefined) shell.vars.delete(unset);
  if (flags.has('i') || flags.has('ignore-environment')) shell.vars = new Map();
  const ok = withVariables(call, operands, (words) => rest(call, words));
  shell.cwd = before;
  shell.vars = kept;
  return ok;
};

/** cross-env: variables, then a program; `$NAME` and `%NAME%` in the words are replaced. cross-env-shell hands them to a shell. */
const crossEnv: Tool = (call) => {
  const words = readOptions(call, NO_VALUES, true).operands;
  return withVariables(call, words, (left) => {
    const value = (text: string): string =>
      text.replace(/\$\{(\w+)\}|\$(\w+)|%(\w+)%/g, (whole, a?: string, b?: string, c?: string) =>
        c !== undefined && call.shell.get(c) === undefined ? whole : (call.shell.get(a ?? b ?? c ?? '') ?? ''),
      );
    if (call.name === 'cross-env-shell') {
      return call.shell.run.engine.source(
        call.shell.spawn(call.shell.flavour),
        left.map(({ text }) => text).join(' '),
        call.io,
      );
    }
    return rest(
      call,
      left.map(({ text, raw }) => ({ text: value(text), raw: value(raw) })),
    );
  });
};

/** Programs that set an environment and run what stands after `--` (or after their options). */
const wrapper: Tool = (call) => {
  const dashes = call.args.indexOf('--');
  const words: Operand[] = call.args.map((text, index) => ({ text, raw: call.raws[index] ?? text }));
  if (dashes >= 0) return rest(call, words.slice(dashes + 1));
  const valued = new Set(['e', 'f', 'v', 'c', 'file', 'env', 'environments', 'p', 'name', 'config', 'project']);
  const { operands } = readOptions(call, valued, true);
  const skip =
    operands[0]?.text === 'run' || operands[0]?.text === 'exec' || /\.env|^\./.test(operands[0]?.text ?? '') ? 1 : 0;
  return rest(call, operands.slice(skip));
};

const SHELL_FLAVOURS: ReadonlyMap<string, ShellFlavour | 'same'> = new Map([
  ['sh', 'same'],
  ['dash', 'dash'],
  ['ash', 'busybox'],
  ['bash', 'bash'],
  ['zsh', 'bash'],
  ['ksh', 'bash'],
]);

const sh: Tool = (call) => {
  const { shell } = call;
  const wanted = SHELL_FLAVOURS.get(call.name.split('/').at(-1) ?? '') ?? 'same';
  const flavour = wanted === 'same' ? (shell.run.context.flavour ?? 'dash') : wanted;
  let command = false;
  const options: string[] = [];
  let at = 0;
  for (let word = call.args[at]; word !== undefined && /^[-+]./.test(word); word = call.args[at]) {
    at += 1;
    if (word === '--') break;
    if (word === '--version' || word === '--help') return true;
    if (word.startsWith('--')) continue;
    for (const letter of word.slice(1)) {
      if (letter === 'c') command = true;
      // Reads, runs nothing.
      if (letter === 'n') return true;
      const name = /[oO]/.test(letter) ? (call.args[at++] ?? '') : letter;
      if (word.startsWith('-')) options.push(name);
    }
  }
  const words = call.args.slice(at);
  const inner = shell.spawn(flavour === 'unknown' ? 'dash' : flavour);
  for (const option of options) inner.option(option, true);
  const run = (text: string, zero: string, args: readonly string[]): Ok => {
    if (text.includes(UNKNOWN_TEXT) && /^[^\w]*$/.test(text.replaceAll(UNKNOWN_TEXT, '').trim()))
      return runUnknown(call);
    inner.zero = zero;
    inner.args = [...args];
    return shell.run.engine.source(inner, text, call.io);
  };
  if (command) {
    const [text, zero, ...args] = words;
    return text === undefined ? false : run(text, zero ?? 'sh', args);
  }
  const [file, ...args] = words;
  if (file === undefined || file === '-') {
    const text = call.io.input.rest();
    if (text === null) return 'assumed';
    return run(text, 'sh', words.slice(1));
  }
  return followFile(call, file, args, { shell: flavour === 'unknown' ? 'dash' : flavour, options });
};

/** `curl … | sh`: a program from elsewhere. It could do anything; that it deletes a session is not to be expected. */
function runUnknown(_call: Call): Ok {
  return 'assumed';
}

const xargs: Tool = (call) => {
  const valued = new Set([
    'I',
    'n',
    'P',
    'L',
    'd',
    'a',
    's',
    'E',
    'i',
    'max-args',
    'max-procs',
    'max-lines',
    'delimiter',
    'arg-file',
    'replace',
    'max-chars',
  ]);
  valued.delete('i');
  const { flags, operands } = readOptions(call, valued, true);
  const { shell } = call;
  const file = flags.get('a') ?? flags.get('arg-file');
  let text: string | null;
  if (file !== undefined) {
    if (shell.find(file, true).entry === null) return false;
    text = shell.run.tree.text(shell.path(file));
  } else text = call.io.input.rest();
  if (text === null) text = UNKNOWN_TEXT;
  const command = operands.length === 0 ? [{ text: 'echo', raw: 'echo' }] : operands;
  const replace = flags.get('I') ?? flags.get('replace') ?? (flags.has('i') ? '{}' : undefined);
  let items: string[];
  const delimiter = flags.get('d') ?? flags.get('delimiter');
  if (flags.has('0') || flags.has('null')) items = text.split('\0').filter((item) => item !== '' && item !== '\n');
  else if (delimiter !== undefined) {
    const by = delimiter === '\\n' ? '\n' : delimiter === '\\0' ? '\0' : delimiter;
    items = text
      .replace(/\n$/, by === '\n' ? '' : '\n')
      .split(by)
      .filter((item) => item !== '');
  } else if (replace !== undefined)
    items = text
      .split('\n')
      .map((line) => line.replace(/^[ \t]+/, ''))
      .filter((line) => line !== '');
  else items = words(text);
  items = items.slice(0, ROUND_LIMIT);
  const inner = shell.fork();
  const io = { input: new Input(''), output: call.io.output };
  const run = (list: readonly Operand[]): Ok => rest({ ...call, shell: inner, io }, list);
  let ok: Ok = true;
  const note = (result: Ok): void => {
    if (result === false) ok = false;
    else if (result === 'unknown' && ok !== false) ok = 'unknown';
  };
  if (replace !== undefined && replace !== '') {
    for (const item of items) {
      note(
        run(
          command.map(({ text: word, raw }) => ({
            text: word.replaceAll(replace, item),
            raw: raw.replaceAll(replace, item),
          })),
        ),
      );
    }
    return ok;
  }
  if (items.length === 0) return flags.has('r') || flags.has('no-run-if-empty') ? true : run(command);
  const size = Number(
    flags.get('n') ?? flags.get('max-args') ?? flags.get('L') ?? flags.get('max-lines') ?? items.length,
  );
  const step = Number.isInteger(size) && size > 0 ? size : items.length;
  for (let at = 0; at < items.length; at += step) {
    note(run([...command, ...items.slice(at, at + step).map((item) => ({ text: item, raw: item }))]));
  }
  return ok;
};

/** Words as xargs reads them: blanks separate, quotes and backslashes protect. */
function words(text: string): string[] {
  const result: string[] = [];
  let current: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length && result.length < ROUND_LIMIT; at += 1) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === quote) quote = '';
      else current = (current ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      current = current ?? '';
    } else if (char === '\\') {
      at += 1;
      current = (current ?? '') + text.charAt(at);
    } else if (/\s/.test(char)) {
      if (current !== null) result.push(current);
      current = null;
    } else current = (current ?? '') + char;
  }
  if (current !== null) result.push(current);
  return result;
}

/** `nodemon --exec "…"`, `onchange … -- …`, `concurrently "a" "b"`: strings that a shell runs. */
const strings =
  (valued: ReadonlySet<string>): Tool =>
  (call) => {
    const { operands } = readOptions(call, valued);
    const inner = call.shell.run;
    for (const { text } of operands) {
      const npm = /^(npm|yarn|pnpm|bun):(.+)$/.exec(text);
      const command = npm === null ? text : `${npm[1]} run ${npm[2]}`;
      inner.engine.source(call.shell.spawn(call.shell.flavour), command, call.io);
    }
    return 'assumed';
  };

const nodemon: Tool = (call) => {
  const valued = new Set([
    'x',
    'exec',
    'w',
    'watch',
    'e',
    'ext',
    'i',
    'ignore',
    'd',
    'delay',
    's',
    'signal',
    'config',
    'cwd',
  ]);
  const { flags, operands } = readOptions(call, valued, true);
  const command = flags.get('exec') ?? flags.get('x');
  if (command !== undefined) {
    call.shell.run.engine.source(
      call.shell.spawn(call.shell.flavour),
      [command, ...operands.map(({ text }) => text)].join(' '),
      call.io,
    );
    return 'assumed';
  }
  const [file, ...args] = operands;
  if (file === undefined) return 'assumed';
  followFile(
    call,
    file.text,
    args.map(({ text }) => text),
    null,
  );
  return 'assumed';
};

const afterDashes: Tool = (call) => {
  const dashes = call.args.indexOf('--');
  const list = call.args.map((text, index) => ({ text, raw: call.raws[index] ?? text }));
  if (dashes >= 0) return rest(call, list.slice(dashes + 1), 'assumed');
  const flag = call.args.findIndex((arg) => arg === '-c' || arg === '--command' || arg === '--onSuccess');
  const command = flag >= 0 ? call.args[flag + 1] : undefined;
  if (command === undefined) return 'assumed';
  return call.shell.run.engine.source(call.shell.spawn(call.shell.flavour), command, call.io);
};

const su: Tool = (call) => {
  const { flags } = readOptions(call, new Set(['c', 'command', 's', 'shell', 'u', 'user', 'g', 'group']));
  const command = flags.get('c') ?? flags.get('command');
  if (command === undefined) return 'assumed';
  return call.shell.run.engine.source(call.shell.spawn(call.shell.flavour), command, call.io);
};

const ssh: Tool = (call) => {
  const valued = new Set(['p', 'i', 'l', 'o', 'F', 'J', 'L', 'R', 'D', 'b', 'c', 'E', 'm', 'S', 'W', 'w']);
  const [, ...command] = readOptions(call, valued, true).operands;
  const text = command.length === 0 ? call.io.input.rest() : command.map((word) => word.text).join(' ');
  if (text === null || text === '') return 'assumed';
  const { run } = call.shell;
  return run.perhaps('it runs on another machine (ssh), where the session may lie elsewhere', () => {
    const inner = call.shell.spawn('bash', [...call.shell.via, 'ssh']);
    run.engine.source(inner, text, call.io);
    return 'assumed';
  });
};

/** `npx tool …` and its likes: the words after the options, as a program of the project. */
export const packageRunner: Tool = (call) => {
  const valued = new Set(['p', 'package', 'c', 'call', 'w', 'workspace']);
  const { flags, operands } = readOptions(call, valued, true);
  const command = flags.get('c') ?? flags.get('call');
  if (command !== undefined)
    return call.shell.run.engine.source(call.shell.spawn(call.shell.flavour), command, call.io);
  const [head, ...others] = operands;
  if (head === undefined) return 'assumed';
  // `npx rimraf@5 dist`, `npx @scope/name`
  const name = head.text.replace(/(?<=.)@[\w.^~*-]+$/, '');
  return rest(call, [{ text: name, raw: name }, ...others]);
};

const busybox: Tool = (call) => {
  const list = call.args.map((text, index) => ({ text, raw: call.raws[index] ?? text }));
  return rest(call, list);
};

/** `start-server-and-test 'a' url 'b'`, `wait-on x && …`. */
const startServer: Tool = (call) => {
  for (const text of call.args) {
    if (/^(?:https?|tcp):|^\d+$|^:\d+/.test(text) || text.startsWith('-')) continue;
    const script = /^[\w:.-]+$/.test(text) ? `npm run ${text}` : text;
    call.shell.run.engine.source(call.shell.spawn(call.shell.flavour), script, call.io);
  }
  return 'assumed';
};

export const RUNNERS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  [
    'sudo',
    (call) =>
      withVariables(
        call,
        readOptions(
          call,
          new Set(['u', 'g', 'h', 'p', 'C', 'D', 'r', 't', 'U', 'T', 'user', 'group', 'host', 'chdir', 'prompt']),
          true,
        ).operands,
        (words_) => rest(call, words_),
      ),
  ],
  ['doas', prefix(new Set(['u', 'C']))],
  ['nice', prefix(new Set(['n', 'adjustment']))],
  ['ionice', prefix(new Set(['c', 'n', 'p']))],
  ['nohup', prefix(NO_VALUES)],
  ['time', prefix(new Set(['f', 'o']))],
  ['timeout', prefix(new Set(['s', 'k', 'signal', 'kill-after']), 1)],
  ['gtimeout', prefix(new Set(['s', 'k']), 1)],
  ['stdbuf', prefix(new Set(['i', 'o', 'e']))],
  ['setsid', prefix(NO_VALUES)],
  ['chronic', prefix(NO_VALUES)],
  ['unbuffer', prefix(NO_VALUES)],
  ['flock', prefix(new Set(['w', 'E', 'timeout']), 1)],
  ['chrt', prefix(NO_VALUES, 1)],
  ['taskset', prefix(NO_VALUES, 1)],
  ['retry', prefix(new Set(['t', 's', 'm', 'x']))],
  ['watch', prefix(new Set(['n', 'interval']))],
  ['env', env],
  ['cross-env', crossEnv],
  ['cross-env-shell', crossEnv],
  ['dotenv', wrapper],
  ['dotenvx', wrapper],
  ['env-cmd', wrapper],
  ['doppler', wrapper],
  ['infisical', wrapper],
  ['op', wrapper],
  ['dotenv-cli', wrapper],
  ['xvfb-run', wrapper],
  ['dbus-run-session', wrapper],
  ['tini', wrapper],
  ['dumb-init', wrapper],
  ['gosu', prefix(NO_VALUES, 1)],
  ['su-exec', prefix(NO_VALUES, 1)],
  ['su', su],
  ['runuser', su],
  ['ssh', ssh],
  ['sshpass', prefix(new Set(['p', 'f', 'd', 'P']))],
  ...[...SHELL_FLAVOURS.keys()].map((name): [string, Tool] => [name, sh]),
  ['busybox', busybox],
  ['toybox', busybox],
  ['xargs', xargs],
  ['gxargs', xargs],
  ['parallel', xargs],
  ['npx', packageRunner],
  ['bunx', packageRunner],
  ['pnpx', packageRunner],
  [
    'concurrently',
    strings(
      new Set([
        'n',
        'c',
        'names',
        'prefix',
        'prefix-colors',
        'success',
        'k-on-fail',
        'restart-tries',
        'm',
        'p',
        'l',
        't',
      ]),
    ),
  ],
  ['conc', strings(new Set(['n', 'c', 'names', 'prefix', 'm', 'p']))],
  ['nodemon', nodemon],
  ['onchange', afterDashes],
  ['chokidar', afterDashes],
  ['watchexec', afterDashes],
  ['entr', prefix(NO_VALUES)],
  ['tsc-watch', afterDashes],
  ['start-server-and-test', startServer],
  ['start-test', startServer],
  ['server-test', startServer],
]);

export { absolutePath, CONSENT, parentOf };
