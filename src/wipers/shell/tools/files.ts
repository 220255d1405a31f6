import type { AbsolutePath } from '../../../model/path.ts';
import { isInside } from '../../../model/path.ts';
import { UNKNOWN_TEXT } from '../../effect.ts';
import { record } from '../record.ts';
import { dropUnknown, removeAll } from '../remove.ts';
import type { Call, Ok, Shell, Tool } from '../shell.ts';
import { Entry, type Found } from '../tree.ts';
import { tar as archive } from './archives.ts';
import { NO_VALUES, type Operand, readOptions } from './options.ts';

function unknown(shell: Shell, text: string): boolean {
  return text.includes(UNKNOWN_TEXT) || (shell.cwd.includes(UNKNOWN_TEXT) && !text.startsWith('/'));
}

const RM_OPTIONS: ReadonlySet<string> = new Set(
  'r R recursive f force i I interactive d dir v verbose P W x one-file-system preserve-root no-preserve-root help version'.split(
    ' ',
  ),
);

const rm: Tool = (call) => {
  const { flags, operands } = readOptions(call, NO_VALUES);
  if ([...flags.keys()].some((flag) => !RM_OPTIONS.has(flag))) return false;
  if (flags.has('help') || flags.has('version')) return true;
  if (/^n/.test(flags.get('interactive') ?? '')) return true;
  const asks = flags.has('i') || flags.has('I') || flags.has('interactive');
  // At a prompt a person says yes; text that is piped in may say no.
  if (asks && call.io.input.text !== null && !/^\s*[yY]/.test(call.io.input.text)) return true;
  return removeAll(call.shell, 'rm', operands, {
    recursive: flags.has('r') || flags.has('R') || flags.has('recursive'),
    emptyDirectories: flags.has('d') || flags.has('dir'),
    force: flags.has('f') || flags.has('force'),
    refusesDots: true,
  });
};

const rmdir: Tool = (call) => {
  const { flags, operands } = readOptions(call, NO_VALUES);
  const { shell } = call;
  const rule = { recursive: false, emptyDirectories: true, onlyDirectories: true, force: false };
  let ok = removeAll(shell, 'rmdir', operands, rule);
  if (flags.has('p') || flags.has('parents')) {
    for (const { text } of operands) {
      for (let at = text.replace(/\/+$/, ''); at.includes('/'); ) {
        at = at.slice(0, at.lastIndexOf('/'));
        if (at === '' || removeAll(shell, 'rmdir', [{ text: at, raw: at }], rule) !== true) break;
      }
    }
  }
  if (flags.has('ignore-fail-on-non-empty')) ok = true;
  return ok;
};

const unlink: Tool = (call) => {
  const { operands } = readOptions(call, NO_VALUES);
  if (operands.length !== 1) return false;
  return removeAll(call.shell, call.name, operands, { recursive: false, force: false });
};

const shred: Tool = (call) => {
  const { flags, operands } = readOptions(call, new Set(['n', 's', 'iterations', 'size', 'random-source']));
  if (flags.has('u') || flags.has('remove'))
    return removeAll(call.shell, 'shred', operands, { recursive: false, force: false });
  return spoilAll(call, operands, false);
};

/** `trash`, `gio trash`: away like `rm -rf`. */
const trash: Tool = (call) => {
  const operands = readOptions(call, NO_VALUES).operands.filter(({ text }, index) => index > 0 || text !== 'trash');
  return removeAll(call.shell, call.name, operands, { recursive: true, force: true });
};

/** Empty files in place; with `create`, make what is missing. */
function spoilAll(call: Call, operands: readonly Operand[], create: boolean): Ok {
  const { shell } = call;
  const { run } = shell;
  let ok: Ok = true;
  const touched: AbsolutePath[] = [];
  for (const { text } of operands) {
    if (unknown(shell, text)) {
      touched.push(...dropUnknown(shell, shell.path(text)));
      continue;
    }
    const found = shell.find(text, true);
    if (found.entry === null) {
      if (!create || !make(shell, found, 'file')) ok = create;
    } else if (found.entry.kind === 'directory') ok = false;
    else {
      run.tree.spoil(found.entry, run.doubt);
      if (run.touch(found.path)) touched.push(found.path);
    }
  }
  const patterns = operands.map(({ raw }) => shell.shown(raw));
  if (touched.length > 0) record(shell, { kind: 'empty', tool: call.name, patterns, touched });
  return ok;
}

function make(shell: Shell, found: Found, kind: 'file' | 'directory'): boolean {
  if (found.parent === null) return false;
  shell.run.tree.place(found.parent, found.name, new Entry(kind, null), shell.run.doubt);
  return true;
}

const truncate: Tool = (call) => {
  const { flags, operands } = readOptions(call, new Set(['s', 'size', 'r', 'reference']));
  return spoilAll(call, operands, !flags.has('c') && !flags.has('no-create'));
};

const tee: Tool = (call) => {
  const { flags, operands } = readOptions(call, NO_VALUES);
  const text = call.io.input.rest();
  call.io.output?.write(text ?? UNKNOWN_TEXT);
  if (flags.has('a') || flags.has('append')) return true;
  return spoilAll(
    call,
    operands.filter(({ text: name }) => !name.startsWith('/dev/')),
    true,
  );
};

const dd: Tool = (call) => {
  const out = call.args.find((arg) => arg.startsWith('of='));
  if (out === undefined) return 'assumed';
  if (call.args.some((arg) => arg.startsWith('conv=') && arg.includes('notrunc'))) return 'assumed';
  return spoilAll(call, [{ text: out.slice(3), raw: out.slice(3) }], true);
};

const touchTool: Tool = (call) => {
  const { shell } = call;
  const { flags, operands } = readOptions(call, new Set(['d', 't', 'r', 'date', 'reference']));
  let ok: Ok = true;
  for (const { text } of operands) {
    if (unknown(shell, text)) continue;
    const found = shell.find(text, true);
    if (found.entry === null && !flags.has('c') && !make(shell, found, 'file')) ok = false;
  }
  return ok;
};

const mkdir: Tool = (call) => {
  const { shell } = call;
  const { flags, operands } = readOptions(call, new Set(['m', 'mode']));
  let ok: Ok = true;
  for (const { text } of operands) {
    if (unknown(shell, text)) continue;
    if (flags.has('p') || flags.has('parents')) {
      if (!shell.run.tree.makeDirectories(shell.path(text), shell.run.doubt)) ok = false;
      continue;
    }
    const found = shell.find(text.replace(/(?<=.)\/+$/, ''), true);
    if (found.entry !== null || !make(shell, found, 'directory')) ok = false;
  }
  return ok;
};

const ln: Tool = (call) => {
  const { shell } = call;
  const { run } = shell;
  const { flags, operands } = readOptions(call, new Set(['t', 'S', 'target-directory', 'suffix']));
  const [from, to] = operands;
  if (from === undefined || to === undefined || operands.length > 2 || unknown(shell, to.text)) return 'assumed';
  let found = shell.find(to.text, !(flags.has('n') || flags.has('no-dereference') || flags.has('T')));
  if (found.entry?.kind === 'directory')
    found = shell.find(`${to.text}/${from.text.split('/').filter(Boolean).at(-1)}`);
  if (found.entry !== null && !flags.has('f') && !flags.has('force')) return false;
  if (found.entry?.kind === 'directory' || found.parent === null) return false;
  const made = new Entry('link', null);
  made.link = flags.has('s') || flags.has('symbolic') ? from.text : shell.path(from.text);
  if (found.entry !== null && run.touch(found.path)) {
    record(shell, { kind: 'delete', tool: 'ln -f', patterns: [shell.shown(to.raw)], touched: [found.path] });
  }
  run.tree.place(found.parent, found.name, made, run.doubt);
  return true;
};

/** Where an operand of cp or mv lands. `null`: it cannot. */
function landing(shell: Shell, from: string, to: string, many: boolean, asFile: boolean): Found | null {
  const target = shell.find(to, true);
  if (target.entry?.kind === 'directory' && !asFile) {
    const name = shell.find(from).name;
    return shell.find(`${to.replace(/\/+$/, '')}/${name}`);
  }
  return many || target.parent === null ? null : target;
}

/** Lay a tree over another, as `cp -r` does: files are replaced, directories merged. */
function overlay(shell: Shell, source: Entry, target: Found, depth = 0): void {
  const { run } = shell;
  if (target.parent === null || depth > 64 || !run.step()) return;
  if (target.entry === null || target.entry.kind !== 'directory' || source.kind !== 'directory') {
    run.tree.place(target.parent, target.name, run.tree.copy(source), run.doubt);
    run.touch(target.path);
    return;
  }
  for (const name of run.tree.names(source)) {
    const child = run.tree.child(source, name);
    if (child !== null) overlay(shell, child, run.tree.find(`${target.path}/${name}`), depth + 1);
  }
}

function sourcesAndTarget(call: Call, valued: ReadonlySet<string>) {
  const { flags, operands } = readOptions(call, valued);
  const given = flags.get('t') ?? flags.get('target-directory');
  const sources = given === undefined ? operands.slice(0, -1) : operands;
  const last = operands.at(-1);
  const to = given === undefined ? last : { text: given, raw: given };
  return { flags, sources, to };
}

const CP_VALUES: ReadonlySet<string> = new Set(['t', 'target-directory', 'S', 'suffix']);

const cp: Tool = (call) => {
  const { shell } = call;
  const { flags, sources, to } = sourcesAndTarget(call, CP_VALUES);
  if (to === undefined || sources.length === 0) return false;
  const recursive = ['r', 'R', 'a', 'recursive', 'archive'].some((flag) => flags.has(flag));
  let ok: Ok = true;
  for (const { text } of sources) {
    if (unknown(shell, text) || unknown(shell, to.text)) {
      ok = ok === true ? 'assumed' : ok;
      continue;
    }
    // `cp -r a/. b` copies what is in a.
    const contents = /(?:^|\/)\.$/.test(text);
    const source = shell.find(text, !recursive || contents);
    if (source.entry === null || (source.entry.kind === 'directory' && !recursive)) {
      ok = false;
      continue;
    }
    const target = contents
      ? shell.find(to.text, true)
      : landing(shell, text, to.text, sources.length > 1, flags.has('T') || flags.has('no-target-directory'));
    if (target === null || (target.entry !== null && (flags.has('n') || flags.has('no-clobber')))) {
      ok = target === null ? false : ok;
      continue;
    }
    if (target.path === source.path || isInside(target.path, source.path)) ok = false;
    else overlay(shell, source.entry, target);
  }
  return ok;
};

const mv: Tool = (call) => {
  const { shell } = call;
  const { run } = shell;
  const { flags, sources, to } = sourcesAndTarget(call, CP_VALUES);
  if (to === undefined || sources.length === 0) return false;
  let ok: Ok = true;
  const touched: AbsolutePath[] = [];
  for (const { text } of sources) {
    if (unknown(shell, text)) {
      touched.push(...dropUnknown(shell, shell.path(text)));
      continue;
    }
    // rename(2) refuses a source that ends in a dot component (EBUSY).
    if (/(?:^|\/)\.\.?\/*$/.test(text)) {
      ok = false;
      continue;
    }
    const source = shell.find(text.replace(/(?<=.)\/+$/, ''));
    if (source.entry === null || source.parent === null) {
      ok = false;
      continue;
    }
    if (unknown(shell, to.text)) {
      run.tree.remove(source, run.doubt);
      if (run.touch(source.path)) touched.push(source.path);
      continue;
    }
    const target = landing(
      shell,
      text,
      to.text,
      sources.length > 1,
      flags.has('T') || flags.has('no-target-directory'),
    );
    if (target === null || target.parent === null) {
      ok = false;
      continue;
    }
    if (target.path === source.path || isInside(target.path, source.path)) {
      ok = false;
      continue;
    }
    if (target.entry !== null) {
      if (flags.has('n') || flags.has('no-clobber')) continue;
      const over = target.entry.kind === 'directory';
      const from = source.entry.kind === 'directory';
      // A directory is replaced only by a directory, and only when it is empty.
      if (over !== from || (over && run.tree.names(target.entry).length > 0)) {
        ok = false;
        continue;
      }
      if (run.touch(target.path)) touched.push(target.path);
    }
    const moved = run.doubt === null ? source.entry : run.tree.copy(source.entry);
    run.tree.remove(source, run.doubt);
    run.tree.place(target.parent, target.name, moved, run.doubt);
    if (run.touch(source.path)) touched.push(source.path);
    if (run.touch(target.path)) touched.push(target.path);
  }
  const patterns = sources.map(({ raw }) => shell.shown(raw));
  record(shell, { kind: 'move', tool: 'mv', patterns, touched, to: shell.shown(to.raw) });
  return ok;
};

/** tar and zip take files away only when told to. */
const tar: Tool = (call) => {
  if (!call.args.includes('--remove-files')) return archive(call);
  const operands = readOptions(call, new Set(['f', 'C', 'file', 'directory', 'exclude', 'X', 'T'])).operands;
  const [bundle] = operands;
  const files = bundle !== undefined && /^[a-zA-Z]+f$/.test(bundle.text) ? operands.slice(2) : operands;
  return removeAll(call.shell, 'tar --remove-files', files, { recursive: true, force: false });
};

const zip: Tool = (call) => {
  const { flags, operands } = readOptions(call, new Set(['x', 'i', 'b', 't', 'P']));
  if (!flags.has('m') && !flags.has('move')) return 'assumed';
  return removeAll(call.shell, 'zip -m', operands.slice(1), { recursive: flags.has('r'), force: false });
};

export const FILE_TOOLS: ReadonlyMap<string, Tool> = new Map<string, Tool>([
  ['rm', rm],
  ['grm', rm],
  ['srm', rm],
  ['rmdir', rmdir],
  ['unlink', unlink],
  ['shred', shred],
  ['trash', trash],
  ['trash-put', trash],
  ['rmtrash', trash],
  ['gio', (call) => (call.args[0] === 'trash' ? trash(call) : 'assumed')],
  ['truncate', truncate],
  ['tee', tee],
  ['dd', dd],
  ['touch', touchTool],
  ['mkdir', mkdir],
  ['ln', ln],
  ['cp', cp],
  ['mv', mv],
  ['gmv', mv],
  ['tar', tar],
  ['zip', zip],
]);
