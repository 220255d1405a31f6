import { absolutePath, baseName, parentOf } from '../../../model/path.ts';
import { UNKNOWN_TEXT } from '../../effect.ts';
import { type Call, type Ok, Output, type Tool } from '../shell.ts';
import { NO_VALUES, readOptions } from './options.ts';
import { safeRegex } from './regex.ts';

const LINE_LIMIT = 20_000;

function decode(text: string): string {
  return text.replace(/\\(n|t|r|\\|0|c)/g, (_, letter: string) => {
    return { n: '\n', t: '\t', r: '\r', '\\': '\\', '0': '\0', c: '' }[letter] ?? '';
  });
}

const echo: Tool = ({ args, io, shell }) => {
  let at = 0;
  let line = true;
  let escapes = shell.flavour === 'dash';
  while (/^-[neE]+$/.test(args[at] ?? '')) {
    const flag = args[at] ?? '';
    if (shell.flavour === 'dash' && flag !== '-n') break;
    if (flag.includes('n')) line = false;
    if (flag.includes('e')) escapes = true;
    at += 1;
  }
  const text = args.slice(at).join(' ');
  io.output?.write((escapes ? decode(text) : text) + (line ? '\n' : ''));
  return true;
};

const printf: Tool = (call) => {
  const { args, io, shell } = call;
  const [format, ...rest] = args;
  if (format === undefined) return false;
  if (format === '-v' && shell.flavour === 'bash') {
    const output = new Output();
    const ok = printf({ ...call, args: rest.slice(1), io: { input: io.input, output } });
    shell.set(rest[0] ?? '', output.text);
    return ok;
  }
  if (io.output === null) return true;
  if (format === '-v') return 'unknown';
  let left = [...rest];
  for (let round = 0; round < LINE_LIMIT; round += 1) {
    const count = left.length;
    io.output.write(
      decode(format).replace(/%(%|[-0 #+]*\d*(?:\.\d+)?[sdibqxc])/g, (_, spec: string) => {
        if (spec === '%') return '%';
        const value = left.shift() ?? '';
        return spec.endsWith('b') ? decode(value) : value;
      }),
    );
    if (left.length === 0 || left.length === count) break;
    left = [...left];
  }
  return true;
};

/** Text of the files named, or of standard input. `null` where nothing is known. */
function textOf(call: Call, files: readonly string[]): { text: string | null; ok: Ok } {
  if (files.length === 0 || (files.length === 1 && files[0] === '-')) return { text: call.io.input.rest(), ok: true };
  let all = '';
  let ok: Ok = true;
  for (const file of files) {
    if (file.includes(UNKNOWN_TEXT)) {
      all += UNKNOWN_TEXT;
      continue;
    }
    const { entry } = call.shell.find(file, true);
    if (entry === null) {
      ok = false;
      continue;
    }
    const text = call.shell.run.tree.text(call.shell.path(file));
    if (text === null) return { text: null, ok };
    all += text;
  }
  return { text: all, ok };
}

function lines(text: string): string[] {
  if (text === '') return [];
  return (text.endsWith('\n') ? text.slice(0, -1) : text).split('\n', LINE_LIMIT);
}

/** A tool that turns lines into lines. Without known input its output is unknown. */
function filter(call: Call, files: readonly string[], change: (list: string[]) => string[] | null): Ok {
  const { text, ok } = textOf(call, files);
  if (call.io.output === null) return ok;
  const list = text === null ? null : change(lines(text));
  if (list === null) call.io.output.write(`${UNKNOWN_TEXT}\n`);
  else if (list.length > 0) call.io.output.write(`${list.join('\n')}\n`);
  return ok;
}

const cat: Tool = (call) => {
  const { text, ok } = textOf(
    call,
    readOptions(call, NO_VALUES).operands.map((operand) => operand.text),
  );
  call.io.output?.write(text ?? UNKNOWN_TEXT);
  return ok;
};

const grep: Tool = (call) => {
  const { flags, operands } = readOptions(
    call,
    new Set(['e', 'f', 'm', 'A', 'B', 'C', 'include', 'exclude', 'exclude-dir']),
  );
  const given = flags.get('e');
  const pattern = given ?? operands[0]?.text;
  if (pattern === undefined || flags.has('f')) return 'unknown';
  const files = operands.slice(given === undefined ? 1 : 0).map(({ text }) => text);
  if (flags.has('r') || flags.has('R') || files.length > 1) {
    call.io.output?.write(`${UNKNOWN_TEXT}\n`);
    return 'unknown';
  }
  const { text, ok } = textOf(call, files);
  if (ok === false) return false;
  const fixed = flags.has('F') || call.name === 'fgrep';
  const extended = flags.has('E') || flags.has('P') || call.name === 'egrep';
  const test = safeRegex(pattern, {
    fixed,
    extended,
    ignoreCase: flags.has('i'),
    word: flags.has('w'),
    line: flags.has('x'),
  });
  const quiet = flags.has('q');
  if (text === null || test === null || pattern.includes(UNKNOWN_TEXT)) {
    if (!quiet) call.io.output?.write(`${UNKNOWN_TEXT}\n`);
    return 'unknown';
  }
  const inverted = flags.has('v');
  const list = lines(text);
  const hits = list.filter((line) => line.includes(UNKNOWN_TEXT) || test.test(line) !== inverted);
  const unknown = hits.some((line) => line.includes(UNKNOWN_TEXT));
  if (!quiet) {
    if (flags.has('c')) call.io.output?.write(unknown ? UNKNOWN_TEXT : `${hits.length}\n`);
    else if (flags.has('l')) call.io.output?.write(hits.length > 0 ? `${files[0] ?? ''}\n` : '');
    else if (flags.has('o') || flags.has('n')) call.io.output?.write(hits.map(() => `${UNKNOWN_TEXT}\n`).join(''));
    else call.io.output?.write(hits.map((line) => `${line}\n`).join(''));
  }
  return hits.length === 0 ? false : unknown && hits.every((line) => line.includes(UNKNOWN_TEXT)) ? 'unknown' : true;
};

function count(call: Call): { n: number; files: string[]; plus: boolean } {
  const { flags, operands } = readOptions(call, new Set(['n', 'c', 'lines', 'bytes']));
  const digits = call.args.find((arg) => /^-\d+$/.test(arg));
  const text = digits?.slice(1) ?? flags.get('n') ?? flags.get('lines') ?? '10';
  return {
    n: Number(text.replace('+', '')),
    files: operands.map((operand) => operand.text),
    plus: text.startsWith('+'),
  };
}

const head: Tool = (call) => {
  const { n, files } = count(call);
  return filter(call, files, (list) => (n < 0 ? list.slice(0, n) : list.slice(0, n)));
};

const tail: Tool = (call) => {
  const { n, files, plus } = count(call);
  return filter(call, files, (list) => (plus ? list.slice(Math.max(0, n - 1)) : n === 0 ? [] : list.slice(-n)));
};

const sort: Tool = (call) => {
  const { flags, operands } = readOptions(call, new Set(['k', 't', 'o', 'S', 'T']));
  return filter(
    call,
    operands.map(({ text }) => text),
    (list) => {
      const sorted = flags.has('u') ? [...new Set(list)].sort() : [...list].sort();
      if (flags.has('k') || flags.has('n')) return list;
      return flags.has('r') ? sorted.reverse() : sorted;
    },
  );
};

const uniq: Tool = (call) =>
  filter(
    call,
    readOptions(call, NO_VALUES).operands.map(({ text }) => text),
    (list) => list.filter((line, index) => line !== list[index - 1]),
  );

function characters(set: string): string | null {
  if (set.includes('[:')) {
    if (set === '[:upper:]') return 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
    if (set === '[:lower:]') return 'abcdefghijklmnopqrstuvwxyz';
    if (set === '[:space:]') return ' \t\n\r\v\f';
    return null;
  }
  return decode(set).replace(/([A-Za-z0-9])-([A-Za-z0-9])/g, (_, low: string, high: string) => {
    let text = '';
    for (let code = low.charCodeAt(0); code <= high.charCodeAt(0); code += 1) text += String.fromCharCode(code);
    return text;
  });
}

const tr: Tool = (call) => {
  const { flags, operands } = readOptions(call, NO_VALUES);
  const from = characters(operands[0]?.text ?? '');
  const to = characters(operands[1]?.text ?? '');
  const text = call.io.input.rest();
  if (text === null || from === null || to === null || flags.has('c') || flags.has('s')) {
    call.io.output?.write(UNKNOWN_TEXT);
    return true;
  }
  let result = '';
  for (const char of text) {
    const at = from.indexOf(char);
    if (at < 0) result += char;
    else if (!flags.has('d')) result += to.charAt(Math.min(at, to.length - 1));
  }
  call.io.output?.write(result);
  return true;
};

const cut: Tool = (call) => {
  const { flags, operands } = readOptions(call, new Set(['d', 'f', 'c', 'b', 'delimiter', 'fields']));
  const by = flags.get('d') ?? flags.get('delimiter') ?? '\t';
  const wanted = /^(\d+)(-?)(\d*)$/.exec(flags.get('f') ?? flags.get('fields') ?? '');
  return filter(
    call,
    operands.map(({ text }) => text),
    (list) => {
      if (wanted === null) return null;
      const first = Number(wanted[1]);
      const last = wanted[2] === '' ? first : wanted[3] === '' ? Number.POSITIVE_INFINITY : Number(wanted[3]);
      return list.map((line) =>
        line.includes(by)
          ? line
              .split(by)
              .slice(first - 1, last)
              .join(by)
          : line,
      );
    },
  );
};

const awk: Tool = (call) => {
  const { flags, operands } = readOptions(call, new Set(['F', 'v', 'f']));
  const program = (operands[0]?.text ?? '').trim();
  const match = /^\{\s*print(?:\s+\$(\d+|NF))?\s*;?\s*\}$/.exec(program);
  return filter(
    call,
    operands.slice(1).map(({ text }) => text),
    (list) => {
      if (list.length === 0) return [];
      if (match === null || flags.has('f')) return null;
      const field = match[1];
      return list.map((line) => {
        if (line.includes(UNKNOWN_TEXT)) return UNKNOWN_TEXT;
        if (field === undefined || field === '0') return line;
        const by = flags.get('F');
        const parts = by === undefined ? line.trim().split(/\s+/) : line.split(by);
        return (field === 'NF' ? parts.at(-1) : parts[Number(field) - 1]) ?? '';
      });
    },
  );
};

const sed: Tool = (call) => {
  const { flags, operands } = readOptions(call, new Set(['e', 'f', 'expression']));
  if (flags.has('i') || flags.has('in-place')) return 'assumed';
  const given = flags.get('e');
  const program = (given ?? operands[0]?.text ?? '').trim();
  const files = operands.slice(given === undefined ? 1 : 0).map(({ text }) => text);
  return filter(call, files, (list) => sedLines(list, program, flags.has('n'), flags.has('E') || flags.has('r')));
};

function sedLines(list: string[], program: string, silent: boolean, extended: boolean): string[] | null {
  const by = program.charAt(1);
  if (program.startsWith('s') && by !== '') {
    const [, from, to, options] = program.split(new RegExp(`(?<!\\\\)${by.replace(/[^\w]/g, '\\$&')}`), 4);
    if (from === undefined || to === undefined || silent || /[&\\]/.test(to)) return null;
    const test = safeRegex(from.replaceAll(`\\${by}`, by), { extended, global: options?.includes('g') === true });
    return test === null ? null : list.map((line) => line.replace(test, () => to));
  }
  const remove = /^\/(.*)\/d$/.exec(program);
  if (remove !== null && !silent) {
    const test = safeRegex(remove[1] ?? '', { extended });
    return test === null ? null : list.filter((line) => !test.test(line));
  }
  const print = /^\/(.*)\/p$/.exec(program);
  if (print !== null && silent) {
    const test = safeRegex(print[1] ?? '', { extended });
    return test === null ? null : list.filter((line) => test.test(line));
  }
  const range = /^(\d+)(?:,(\d+|\$))?([dp])$/.exec(program);
  if (range !== null && (range[3] === 'p') === silent) {
    const first = Number(range[1]);
    const last = range[2] === undefined ? first : range[2] === '$' ? Number.POSITIVE_INFINITY : Number(range[2]);
    return list.filter((_, index) => (index + 1 >= first && index + 1 <= last) === (range[3] === 'p'));
  }
  return null;
}

const wc: Tool = (call) => {
  const { flags, operands } = readOptions(call, NO_VALUES);
  const { text, ok } = textOf(
    call,
    operands.map((operand) => operand.text),
  );
  if (text === null || text.includes(UNKNOWN_TEXT) || !flags.has('l')) call.io.output?.write(`${UNKNOWN_TEXT}\n`);
  else call.io.output?.write(`${lines(text).length}\n`);
  return ok;
};

const basename: Tool = ({ args, io }) => {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const [path, suffix] = names;
  if (path === undefined) return false;
  let name = path.replace(/\/+$/, '').split('/').at(-1) ?? '';
  if (suffix !== undefined && name.endsWith(suffix) && name !== suffix) name = name.slice(0, -suffix.length);
  io.output?.write(`${name}\n`);
  return true;
};

const dirname: Tool = ({ args, io }) => {
  for (const path of args.filter((arg) => !arg.startsWith('-'))) {
    const clean = path.replace(/(?<=.)\/+$/, '');
    const at = clean.lastIndexOf('/');
    io.output?.write(`${at < 0 ? '.' : at === 0 ? '/' : clean.slice(0, at)}\n`);
  }
  return true;
};

const realpath: Tool = (call) => {
  const { operands } = readOptions(call, NO_VALUES);
  let ok: Ok = true;
  for (const { text } of operands) {
    if (text.includes(UNKNOWN_TEXT) || call.shell.cwd.includes(UNKNOWN_TEXT)) {
      call.io.output?.write(`${UNKNOWN_TEXT}\n`);
      continue;
    }
    const found = call.shell.find(text, true);
    if (found.entry === null && found.parent === null) ok = false;
    else call.io.output?.write(`${found.path}\n`);
  }
  return ok;
};

const readlink: Tool = (call) => (call.args.some((arg) => /^-[fem]/.test(arg)) ? realpath(call) : 'unknown');

const pwd: Tool = ({ io, shell }) => {
  io.output?.write(`${shell.cwd}\n`);
  return true;
};

const ls: Tool = (call) => {
  const { shell, io } = call;
  const { flags, operands } = readOptions(call, new Set(['I', 'w', 'ignore', 'hide']));
  const all = flags.has('a');
  const almost = all || flags.has('A');
  let ok: Ok = true;
  const unknown = flags.has('l') || flags.has('I') || flags.has('R') || flags.has('ignore') || flags.has('hide');
  const list = operands.length === 0 ? ['.'] : operands.map(({ text }) => text);
  const out: string[] = [];
  for (const text of list) {
    if (text.includes(UNKNOWN_TEXT) || shell.cwd.includes(UNKNOWN_TEXT)) {
      ok = 'unknown';
      out.push(UNKNOWN_TEXT);
      continue;
    }
    const { entry } = shell.find(text, true);
    if (entry === null) {
      ok = false;
      continue;
    }
    if (entry.kind !== 'directory' || flags.has('d')) {
      out.push(text);
      continue;
    }
    if (list.length > 1) out.push('', `${text}:`);
    if (all) out.push('.', '..');
    for (const name of shell.run.tree.names(entry)) {
      if (!name.startsWith('.') || almost) out.push(name);
    }
  }
  if (io.output !== null) io.output.write(unknown ? `${UNKNOWN_TEXT}\n` : out.map((line) => `${line}\n`).join(''));
  return ok;
};

const seq: Tool = ({ args, io }) => {
  const numbers = args.map(Number);
  const [first, last] = numbers.length === 1 ? [1, numbers[0]] : [numbers[0], numbers.at(-1)];
  if (first === undefined || last === undefined || numbers.some((n) => !Number.isInteger(n))) return 'unknown';
  for (let n = first; n <= last && n - first < 1000; n += 1) io.output?.write(`${n}\n`);
  return true;
};

const uname: Tool = ({ args, io }) => {
  io.output?.write(args.length === 0 || args[0] === '-s' ? 'Linux\n' : `${UNKNOWN_TEXT}\n`);
  return true;
};

const lookup: Tool = (call) => {
  const names = call.args.filter((arg) => !arg.startsWith('-'));
  if (call.name === 'command' && !call.args.some((arg) => /^-[vV]$/.test(arg))) {
    const at = call.args.findIndex((arg) => !arg.startsWith('-'));
    const head = call.args[at];
    if (head === undefined) return true;
    return call.shell.run.engine.program({
      ...call,
      name: head,
      args: call.args.slice(at + 1),
      raws: call.raws.slice(at + 1),
    });
  }
  call.io.output?.write(`${UNKNOWN_TEXT}\n`);
  const basic = names.every((name) => /^(?:rm|sh|ls|cat|cp|mv|find|cd|echo|test|grep|sed|node|npm|npx)$/.test(name));
  return basic ? true : 'unknown';
};

const yes: Tool = ({ args, io }) => {
  io.output?.write(`${args[0] ?? 'y'}\n`.repeat(20));
  return true;
};

const speak =
  (ok: Ok): Tool =>
  ({ io }) => {
    io.output?.write(`${UNKNOWN_TEXT}\n`);
    return ok;
  };

const mktemp: Tool = ({ io, shell, args }) => {
  const path = `/tmp/wa-doctor-${shell.run.steps}`;
  if (args.some((arg) => arg.includes('XXX') && !arg.startsWith('/tmp')))
    return speak(true)({ io, shell, args, name: 'mktemp', raws: args });
  if (args.includes('-d')) shell.run.tree.makeDirectories(path, null);
  io.output?.write(`${path}\n`);
  return true;
};

const parent: Tool = ({ io, shell }) => {
  io.output?.write(`${baseName(parentOf(absolutePath(shell.cwd)))}\n`);
  return true;
};

/** `mapfile -t NAME`: lines of standard input into an array. */
const mapfile: Tool = (call) => {
  const { operands } = readOptions(call, new Set(['d', 'n', 'O', 's', 'u', 'C', 'c']));
  const text = call.io.input.rest();
  call.shell.arrays.set(operands[0]?.text ?? 'MAPFILE', text === null ? [UNKNOWN_TEXT] : lines(text));
  return true;
};

export const TEXT_TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['echo', echo],
  ['mapfile', mapfile],
  ['readarray', mapfile],
  ['printf', printf],
  ['cat', cat],
  ['grep', grep],
  ['egrep', grep],
  ['fgrep', grep],
  ['head', head],
  ['tail', tail],
  ['sort', sort],
  ['uniq', uniq],
  ['tr', tr],
  ['cut', cut],
  ['awk', awk],
  ['gawk', awk],
  ['sed', sed],
  ['wc', wc],
  ['basename', basename],
  ['dirname', dirname],
  ['realpath', realpath],
  ['readlink', readlink],
  ['pwd', pwd],
  ['ls', ls],
  ['seq', seq],
  ['uname', uname],
  ['which', lookup],
  ['command', lookup],
  ['type', lookup],
  ['yes', yes],
  ['mktemp', mktemp],
  ['hostname', speak(true)],
  ['whoami', speak(true)],
  ['id', speak(true)],
  ['date', speak(true)],
  ['nproc', speak(true)],
  ['jq', speak('assumed')],
  ['curl', speak('assumed')],
  ['wget', speak('assumed')],
  ['diff', speak('unknown')],
  ['cmp', speak('unknown')],
  ['pgrep', speak('unknown')],
  ['pidof', speak('unknown')],
  ['lsof', speak('unknown')],
  ['fuser', speak('unknown')],
  ['nc', speak('unknown')],
  ['ping', speak('unknown')],
  ['ps', speak('assumed')],
  ['dirs', parent],
  ['rev', (call) => filter(call, [], (list) => list.map((line) => [...line].reverse().join('')))],
]);
